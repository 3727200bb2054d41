//! The database port over SQLite: the same statements and migrations that D1 gets.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ipswich_shop::ports::{Db, DbError, Param, PortFuture, Rows, Statement};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql, params};

/// The migrations by file name and in order, as they are in `edge/migrations/`.
pub const MIGRATIONS: [(&str, &str); 6] = [
    ("0001_shop.sql", include_str!("../../migrations/0001_shop.sql")),
    ("0002_sign_in.sql", include_str!("../../migrations/0002_sign_in.sql")),
    ("0003_language.sql", include_str!("../../migrations/0003_language.sql")),
    ("0004_promotions.sql", include_str!("../../migrations/0004_promotions.sql")),
    ("0007_coupons.sql", include_str!("../../migrations/0007_coupons.sql")),
    ("0010_inspection.sql", include_str!("../../migrations/0010_inspection.sql")),
];

/// Integers beyond ±2^53 are refused in both directions, because D1 would round them without a word.
const INTEGER_MAX: i64 = 1 << 53;

/// Prepared statements that are kept; the shop has about a hundred.
const STATEMENTS_KEPT: usize = 256;

/// How long a statement waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The table wrangler keeps its list of applied migrations in.
const CREATE_LIST: &str = "create table if not exists d1_migrations(
    id integer primary key autoincrement,
    name text unique,
    applied_at timestamp default current_timestamp not null
)";

/// One SQLite database. Cheap to clone; statements run one batch after the other, on tokio's threads for blocking
/// work.
#[derive(Clone)]
pub struct Sqlite(Arc<Mutex<Connection>>);

impl Sqlite {
    /// Opens or creates the file.
    pub fn open(path: &Path) -> rusqlite::Result<Sqlite> {
        Sqlite::prepare(Connection::open(path)?)
    }

    /// Opens a database that is gone when it is dropped.
    pub fn in_memory() -> rusqlite::Result<Sqlite> {
        Sqlite::prepare(Connection::open_in_memory()?)
    }

    fn prepare(connection: Connection) -> rusqlite::Result<Sqlite> {
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        // With a write-ahead log this loses no committed order when the process dies.
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        Ok(Sqlite(Arc::new(Mutex::new(connection))))
    }

    /// Runs a text of several statements. For tools and tests; the shop only sends batches.
    pub fn script(&self, sql: &str) -> rusqlite::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).execute_batch(sql)
    }

    /// Runs a batch on this thread, as the port does on another. For tools and tests.
    pub fn run(&self, statements: &[Statement]) -> Result<Vec<Rows>, DbError> {
        run(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), statements)
    }

    /// Runs one statement outside of a transaction of its own, so that it sees what a script has begun.
    pub fn read(&self, statement: &Statement) -> Result<Rows, DbError> {
        rows(&self.0.lock().unwrap_or_else(PoisonError::into_inner), statement)
    }

    /// Applies the migrations that are missing, each in a transaction of its own, and returns their names.
    pub fn migrate(&self) -> rusqlite::Result<Vec<&'static str>> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute(CREATE_LIST, [])?;
        let mut applied = Vec::new();
        for (name, sql) in MIGRATIONS {
            let transaction =
                connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let known = transaction.query_row(
                "select count(*) from d1_migrations where name = ?1",
                [name],
                |row| row.get::<_, i64>(0),
            )?;
            if known == 0 {
                transaction.execute_batch(sql)?;
                transaction.execute("insert into d1_migrations(name) values(?1)", params![name])?;
                applied.push(name);
            }
            transaction.commit()?;
        }
        Ok(applied)
    }
}

impl Db for Sqlite {
    fn batch(&self, statements: Vec<Statement>) -> PortFuture<'_, Result<Vec<Rows>, DbError>> {
        let database = Arc::clone(&self.0);
        Box::pin(async move {
            let work = tokio::task::spawn_blocking(move || {
                let mut connection = database.lock().unwrap_or_else(PoisonError::into_inner);
                run(&mut connection, &statements)
            });
            work.await.unwrap_or_else(|error| Err(DbError::Other(error.to_string())))
        })
    }
}

/// Runs a batch in one transaction. A transaction that is dropped is rolled back.
fn run(connection: &mut Connection, statements: &[Statement]) -> Result<Vec<Rows>, DbError> {
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(classify)?;
    let mut results = Vec::with_capacity(statements.len());
    for statement in statements {
        results.push(rows(&transaction, statement)?);
    }
    transaction.commit().map_err(classify)?;
    Ok(results)
}

fn rows(connection: &Connection, statement: &Statement) -> Result<Rows, DbError> {
    let mut prepared = connection.prepare_cached(statement.sql).map_err(classify)?;
    let names: Vec<String> = prepared.column_names().map(str::to_owned).collect();
    let values = statement.params.iter().map(bind).collect::<Result<Vec<Bound<'_>>, DbError>>()?;
    let mut found = prepared.query(rusqlite::params_from_iter(values)).map_err(classify)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(classify)? {
        let mut object = serde_json::Map::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            object.insert(name.clone(), json(row.get_ref(index).map_err(classify)?)?);
        }
        rows.push(serde_json::Value::Object(object));
    }
    Ok(Rows(rows))
}

/// A value on its way to SQLite.
struct Bound<'a>(&'a Param);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Param::Null => ToSqlOutput::Owned(Value::Null),
            Param::Int(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Param::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

fn bind(param: &Param) -> Result<Bound<'_>, DbError> {
    match param {
        Param::Int(number) => in_range(*number).map(|_| Bound(param)),
        Param::Null | Param::Text(_) => Ok(Bound(param)),
    }
}

fn json(value: ValueRef<'_>) -> Result<serde_json::Value, DbError> {
    match value {
        ValueRef::Null => Ok(serde_json::Value::Null),
        ValueRef::Integer(number) => in_range(number).map(serde_json::Value::from),
        ValueRef::Real(number) => Ok(serde_json::Value::from(number)),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes).map_err(|error| DbError::Row(error.to_string()))?;
            Ok(serde_json::Value::from(text))
        }
        ValueRef::Blob(_) => Err(DbError::Row("a blob, which no statement of the shop returns".to_owned())),
    }
}

fn in_range(number: i64) -> Result<i64, DbError> {
    if (-INTEGER_MAX..=INTEGER_MAX).contains(&number) {
        Ok(number)
    } else {
        Err(DbError::Row(format!("the integer {number} is beyond 2^53")))
    }
}

fn classify(error: rusqlite::Error) -> DbError {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => DbError::Constraint(text),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => DbError::Overloaded(text),
        _ => DbError::from_message(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(sql: &'static str, params: Vec<Param>) -> Statement {
        Statement { sql, params }
    }

    #[test]
    fn embeds_every_migration_of_the_folder_and_the_shop_asks_for_them() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        assert_eq!(files, MIGRATIONS.map(|(name, _)| name));
        assert_eq!(files, ipswich_shop::required_migrations());
    }

    #[test]
    fn migrates_once() {
        let database = Sqlite::in_memory().unwrap();
        assert_eq!(database.migrate().unwrap(), ipswich_shop::required_migrations());
        assert!(database.migrate().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_batch_is_all_or_nothing_and_returns_the_rows_of_each_statement() {
        let database = Sqlite::in_memory().unwrap();
        database.migrate().unwrap();
        let put = "insert into stock(sku, on_hand) values(?1, ?2)";
        let sku = || Param::Text("MUG".to_owned());
        let failed = database
            .batch(vec![
                statement(put, vec![sku(), Param::Int(3)]),
                statement("update stock set reserved = 4", vec![]),
            ])
            .await;
        assert!(matches!(&failed, Err(DbError::Constraint(text)) if text.contains("oversell")), "{failed:?}");
        let rows = database
            .batch(vec![
                statement(put, vec![sku(), Param::Int(2)]),
                statement("select sku, on_hand from stock", vec![]),
            ])
            .await
            .unwrap();
        assert!(rows[0].0.is_empty());
        assert_eq!(rows[1].0, [serde_json::json!({"sku": "MUG", "on_hand": 2})]);
    }

    #[tokio::test]
    async fn integers_that_d1_would_round_are_refused_and_foreign_keys_are_on() {
        let database = Sqlite::in_memory().unwrap();
        database.migrate().unwrap();
        let echo = "select ?1 as number";
        assert!(database.batch(vec![statement(echo, vec![Param::Int(3_000_000_000)])]).await.is_ok());
        assert!(database.batch(vec![statement(echo, vec![Param::Int(INTEGER_MAX + 1)])]).await.is_err());
        let dangling = "insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, at) values('NONE', 'receive', 'x', 1, 0, 0)";
        let refused = database.batch(vec![statement(dangling, vec![])]).await;
        assert!(matches!(refused, Err(DbError::Constraint(_))), "{refused:?}");
    }
}

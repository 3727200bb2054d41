//! The database port over D1. The only place that reads D1's error text.

use ipswich_shop::ports::{Db, DbError, Param, PortFuture, Rows, Statement};
use worker::send::SendFuture;
use worker::wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement};

/// The largest whole number that JavaScript, and so D1, keeps exactly: 2^53 − 1.
const MAX_SAFE: i64 = 9_007_199_254_740_991;

/// D1 as [`Db`].
pub(crate) struct D1 {
    database: D1Database,
}

impl D1 {
    /// The port over a binding.
    pub(crate) fn new(database: D1Database) -> D1 {
        D1 { database }
    }

    /// Binds the values of one statement.
    fn prepare(&self, statement: &Statement) -> Result<D1PreparedStatement, DbError> {
        let values = statement.params.iter().map(js_value).collect::<Result<Vec<JsValue>, DbError>>()?;
        let prepared = self.database.prepare(statement.sql);
        if values.is_empty() {
            return Ok(prepared);
        }
        prepared.bind(&values).map_err(|error| db_error(&error))
    }

    /// Runs the statements in one round trip, which D1 makes one transaction.
    async fn run(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DbError> {
        let prepared =
            statements.iter().map(|statement| self.prepare(statement)).collect::<Result<Vec<_>, _>>()?;
        let results = self.database.batch(prepared).await.map_err(|error| db_error(&error))?;
        results
            .iter()
            .map(|result| result.results().map(Rows).map_err(|error| DbError::Row(error.to_string())))
            .collect()
    }
}

impl Db for D1 {
    fn batch(&self, statements: Vec<Statement>) -> PortFuture<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(SendFuture::new(self.run(statements)))
    }
}

/// A value as D1 takes it: numbers are doubles there, so whole numbers beyond 2^53 are refused, not rounded.
fn js_value(param: &Param) -> Result<JsValue, DbError> {
    match param {
        Param::Null => Ok(JsValue::NULL),
        Param::Text(text) => Ok(JsValue::from_str(text)),
        Param::Int(number) if (-MAX_SAFE..=MAX_SAFE).contains(number) =>
        {
            #[expect(clippy::cast_precision_loss, reason = "the range was checked above")]
            Ok(JsValue::from_f64(*number as f64))
        }
        Param::Int(_) => Err(DbError::Other("a number left the range that D1 keeps exactly".to_owned())),
    }
}

/// The kind of a D1 failure, from all the text the binding gives: the message of the error and that of its cause.
fn db_error(error: &worker::Error) -> DbError {
    let text = match error {
        worker::Error::D1(inner) => {
            let outer: &worker::js_sys::Error = inner.as_ref();
            format!("{}: {}", String::from(outer.message()), inner.cause())
        }
        other => other.to_string(),
    };
    DbError::from_message(&text)
}

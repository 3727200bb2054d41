//! `ipswich staff`

use std::io::{IsTerminal, Read};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use ipswich_server::shop::ports::{Db, DbError, Param, PortFuture, Rows, Statement};
use ipswich_server::shop::{App, Ports, StaffRole, create_staff};
use ipswich_server::{MailFolder, Outbound, SiteFolder, Sqlite, StderrLog, SystemClock, SystemEntropy};

use super::local;

/// Arguments of `ipswich staff`.
#[derive(clap::Args)]
#[command(after_help = "\
The password is read from standard input; on a terminal one is made up and printed.

Examples:
  ipswich staff anna@shop.example --name Anna
  ipswich staff anna@shop.example --sql < password.txt > staff.sql

Exit codes: 0 created, 2 wrong use, 3 the account or the database will not do.")]
pub(crate) struct Args {
    /// E-mail address of the person
    email: String,
    /// Name of the person
    #[arg(long, default_value = "Staff")]
    name: String,
    /// The data folder of a native host
    #[arg(long, default_value = ".data/shop", conflicts_with = "sql")]
    data: PathBuf,
    /// Print the SQL for `wrangler d1 execute` instead
    #[arg(long)]
    sql: bool,
    /// Say nothing but the password that was made up
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command. The password is read from standard input, or made up and printed if that is a terminal.
pub(crate) fn run(args: &Args) -> ExitCode {
    super::exit(execute(args))
}

fn execute(args: &Args) -> Result<ExitCode> {
    let mut password = String::new();
    if std::io::stdin().is_terminal() {
        password = local::random_password()?;
        eprintln!("password: {password}");
    } else {
        std::io::stdin().read_to_string(&mut password).context("the password cannot be read")?;
    }
    let account =
        Account { email: &args.email, name: &args.name, password: password.trim_end_matches(['\r', '\n']) };
    if args.sql {
        print!("{}", account.as_sql()?);
    } else {
        let file = args.data.join("shop.sqlite");
        let database = Sqlite::open(&file).with_context(|| format!("cannot open {}", file.display()))?;
        database.migrate().with_context(|| format!("cannot migrate {}", file.display()))?;
        account.create(Arc::new(database))?;
        if !args.quiet {
            eprintln!("{} may sign in", args.email);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A staff account to be.
pub(crate) struct Account<'a> {
    /// Address to sign in with.
    pub(crate) email: &'a str,
    /// Name of the person.
    pub(crate) name: &'a str,
    /// Password, not yet hashed.
    pub(crate) password: &'a str,
}

impl Account<'_> {
    /// The statements that create the account, with their values, for a database that only wrangler reaches.
    pub(crate) fn as_sql(&self) -> Result<String> {
        let script = Arc::new(Script::default());
        self.create(Arc::clone(&script) as Arc<dyn Db>)?;
        let statements = script.0.lock().unwrap_or_else(PoisonError::into_inner);
        let writes = statements.iter().filter(|statement| !is_select(statement.sql));
        Ok(writes.map(|statement| format!("{};\n", literal_sql(statement))).collect())
    }

    fn create(&self, db: Arc<dyn Db>) -> Result<()> {
        let nowhere = std::env::temp_dir();
        let ports = Ports {
            db,
            published: Arc::new(SiteFolder::new(&nowhere)),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            mailer: Arc::new(MailFolder::new(&nowhere, "nobody@localhost")),
            http: Arc::new(Outbound::default()),
            log: Arc::new(StderrLog),
        };
        let app = App::new(ports, local::config(80, &local::random_secret()?)?);
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(create_staff(&app, self.email, self.name, self.password, StaffRole::Admin))?;
        Ok(())
    }
}

/// A database that is empty and writes down what is asked of it.
#[derive(Default)]
struct Script(Mutex<Vec<Statement>>);

impl Db for Script {
    fn batch(&self, statements: Vec<Statement>) -> PortFuture<'_, Result<Vec<Rows>, DbError>> {
        let rows = vec![Rows::default(); statements.len()];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(statements);
        Box::pin(std::future::ready(Ok(rows)))
    }
}

fn is_select(sql: &str) -> bool {
    sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"))
}

/// The statement with its values in place of `?1`, `?2`, …
fn literal_sql(statement: &Statement) -> String {
    let mut text = String::new();
    let mut rest = statement.sql;
    while let Some((before, after)) = rest.split_once('?') {
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = after.split_at(digits);
        let param =
            number.parse::<usize>().ok().and_then(|number| statement.params.get(number.checked_sub(1)?));
        text.push_str(before);
        text.push_str(&param.map_or_else(|| format!("?{number}"), literal));
        rest = after;
    }
    text.push_str(rest);
    text
}

fn literal(param: &Param) -> String {
    match param {
        Param::Null => "null".to_owned(),
        Param::Int(number) => number.to_string(),
        Param::Text(text) => format!("'{}'", text.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_the_places_of_their_numbers() {
        let params = vec![Param::Text("O'Hara".to_owned()), Param::Int(-3), Param::Null];
        let statement = Statement { sql: "insert into t(a, b, c, d) values(?1, ?2, ?3, ?1)", params };
        assert_eq!(
            literal_sql(&statement),
            "insert into t(a, b, c, d) values('O''Hara', -3, null, 'O''Hara')"
        );
    }
}

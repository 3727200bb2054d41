//! What a host supplies: database, published files, clock, randomness, mail, calls to other services.

use std::future::Future;
use std::pin::Pin;

/// A future that can be held by a router on any host. The Worker wraps its own, which never leave their thread.
pub type PortFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One SQL statement with its values. The text is static: values never become text.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The SQL, with `?1`, `?2`, … for the values.
    pub sql: &'static str,
    /// The values.
    pub params: Vec<Param>,
}

/// A value for a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    /// `NULL`.
    Null,
    /// A whole number. Hosts refuse what leaves ±2^53, because D1 would round it.
    Int(i64),
    /// A text.
    Text(String),
}

impl Statement {
    /// A statement with the values for `?1`, `?2`, …
    pub fn new<const N: usize>(sql: &'static str, params: [Param; N]) -> Statement {
        Statement { sql, params: params.into() }
    }
}

impl From<i64> for Param {
    fn from(number: i64) -> Param {
        Param::Int(number)
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Param {
        Param::Text(text.to_owned())
    }
}

impl From<String> for Param {
    fn from(text: String) -> Param {
        Param::Text(text)
    }
}

impl From<Option<i64>> for Param {
    fn from(number: Option<i64>) -> Param {
        number.map_or(Param::Null, Param::Int)
    }
}

impl From<Option<&str>> for Param {
    fn from(text: Option<&str>) -> Param {
        text.map_or(Param::Null, Param::from)
    }
}

/// The rows a statement returned, each an object by column name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows(pub Vec<serde_json::Value>);

impl Rows {
    /// All rows, to be read column by column.
    pub(crate) fn columns(self) -> impl Iterator<Item = Columns> {
        self.0.into_iter().map(Columns)
    }

    /// All rows as `T`.
    pub(crate) fn all<T: FromRow>(self) -> Result<Vec<T>, DbError> {
        self.columns().map(T::from_row).collect()
    }

    /// The first row as `T`, if there is one.
    pub(crate) fn first<T: FromRow>(self) -> Result<Option<T>, DbError> {
        self.columns().next().map(T::from_row).transpose()
    }
}

/// What can be read from a row. It is much less code than what `serde` derives, and the Worker is measured in bytes.
pub(crate) trait FromRow: Sized {
    /// Reads the columns.
    fn from_row(row: Columns) -> Result<Self, DbError>;
}

/// Reads a struct from the columns of the same names: texts first, then numbers.
macro_rules! from_row {
    ($row:ident { $($text:ident),*; $($number:ident),* }) => {
        impl $crate::ports::FromRow for $row {
            fn from_row(row: $crate::ports::Columns) -> Result<$row, $crate::ports::DbError> {
                Ok($row {
                    $($text: row.text(stringify!($text))?,)*
                    $($number: row.number(stringify!($number))?,)*
                })
            }
        }
    };
}
pub(crate) use from_row;

/// One row, read by the names of its columns.
pub(crate) struct Columns(serde_json::Value);

impl Columns {
    /// A text.
    pub(crate) fn text(&self, column: &str) -> Result<String, DbError> {
        let found = self.0.get(column).and_then(serde_json::Value::as_str);
        found.map(str::to_owned).ok_or_else(|| DbError::Row(column.to_owned()))
    }

    /// A text; empty if it is `NULL`.
    pub(crate) fn text_or_empty(&self, column: &str) -> String {
        self.text(column).unwrap_or_default()
    }

    /// A whole number.
    pub(crate) fn number(&self, column: &str) -> Result<i64, DbError> {
        let found = self.0.get(column).and_then(serde_json::Value::as_i64);
        found.ok_or_else(|| DbError::Row(column.to_owned()))
    }
}

/// Why a batch failed. Nothing of a failed batch is kept, except that [`DbError::Transient`] leaves it open
/// whether the batch was committed: send the same batch again.
#[derive(Clone, Debug, PartialEq)]
pub enum DbError {
    /// A constraint or trigger refused a row. The text is SQLite's, such as `CHECK constraint failed: oversell`.
    Constraint(String),
    /// The connection was lost or the database restarted; the same statements may be sent again.
    Transient(String),
    /// The database has too much to do; answer 503.
    Overloaded(String),
    /// A row did not have the expected shape.
    Row(String),
    /// Anything else: a mistake in SQL, a full disk.
    Other(String),
}

impl DbError {
    /// Sorts an error by the text that SQLite or D1 gives it. Both hosts use this, so that both answer alike.
    pub fn from_message(message: &str) -> DbError {
        let has = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
        let text = message.to_owned();
        if has(&CONSTRAINT) {
            DbError::Constraint(text)
        } else if has(&OVERLOADED) {
            DbError::Overloaded(text)
        } else if has(&TRANSIENT) {
            DbError::Transient(text)
        } else {
            DbError::Other(text)
        }
    }
}

/// Texts of refused rows. `RAISE(ABORT, …)` of our triggers comes out as `SQLITE_CONSTRAINT` on D1 and with its bare
/// text from SQLite.
const CONSTRAINT: [&str; 5] =
    ["constraint failed", "SQLITE_CONSTRAINT", "append_only", "bad_transition", "frozen"];

/// Texts after which D1 must be left alone for a while.
const OVERLOADED: [&str; 7] = [
    "overloaded",
    "exceeded timeout which caused object to be reset",
    "exceeded its memory limit",
    "exceeded its CPU time limit",
    "Too many requests queued",
    "Requests queued for too long",
    "database is locked",
];

/// Texts after which the same statements may be sent again. Each leaves it open whether the batch was committed.
const TRANSIENT: [&str; 6] = [
    "Network connection lost",
    "storage caused object to be reset",
    "reset because its code was updated",
    "Cannot resolve D1 DB due to transient issue",
    "Can't read from request stream",
    "Internal error while starting up D1 DB",
];

/// The database: D1 on Workers, SQLite natively.
pub trait Db: Send + Sync {
    /// Runs the statements in one transaction and in order: all of them or, if one fails, none.
    ///
    /// Returns the rows of each statement.
    fn batch(&self, statements: Vec<Statement>) -> PortFuture<'_, Result<Vec<Rows>, DbError>>;
}

/// The published files of the same release: assets on Workers, a folder natively.
pub trait Published: Send + Sync {
    /// The bytes of a file below `_shop/`, or `None` if the release has no such file.
    fn read(&self, path: String) -> PortFuture<'_, Result<Option<Vec<u8>>, PublishedError>>;
}

/// The published files could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedError(pub String);

/// The time.
pub trait Clock: Send + Sync {
    /// Seconds since 1970.
    fn now(&self) -> i64;
}

/// Randomness that nobody can guess.
pub trait Entropy: Send + Sync {
    /// 32 fresh random bytes.
    fn bytes(&self) -> Result<[u8; 32], EntropyError>;
}

/// The host has no randomness to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntropyError;

/// A mail to one person.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mail {
    /// The address it goes to.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
    /// Names the mail once and for all; a provider that has seen it does not send again.
    pub dedupe: String,
}

/// Sends mails: a binding on Workers, files or SMTP natively.
pub trait Mailer: Send + Sync {
    /// Hands the mail over. An error means that it is tried again later.
    fn send(&self, mail: Mail) -> PortFuture<'_, Result<(), MailError>>;
}

/// A mail could not be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailError(pub String);

/// A call to a service outside. Only services of the configuration are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// Whether something is sent or only read.
    pub method: HttpMethod,
    /// The full address, `https://` but for this machine.
    pub url: String,
    /// Names in small letters, and values.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent; empty for [`HttpMethod::Get`].
    pub body: String,
}

/// How a service is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpMethod {
    /// Reads.
    Get,
    /// Sends.
    Post,
}

/// What a service answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The HTTP status. Redirects are answers like others; nobody follows them.
    pub status: u16,
    /// The body, at most [`HTTP_BYTES_MAX`].
    pub body: Vec<u8>,
}

/// There is no answer: it is unknown whether the service did what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpError(pub String);

/// The most bytes of an answer that a host reads; more is an error.
pub const HTTP_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The most seconds a host waits for an answer.
pub const HTTP_SECONDS_MAX: u32 = 15;

/// Calls services outside.
pub trait Http: Send + Sync {
    /// Sends the request once. Hosts follow no redirect, and stop at [`HTTP_SECONDS_MAX`] and [`HTTP_BYTES_MAX`].
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<HttpAnswer, HttpError>>;
}

/// Writes one line to the host's log.
pub trait Log: Send + Sync {
    /// A line of JSON, without personal data.
    fn line(&self, line: String);
}

//! The app: ports and settings in, a router and the work of the clock out.

use std::fmt;
use std::sync::Arc;

use crate::config::Config;
use crate::ports::{Clock, Db, Entropy, Log, Mailer, Published};

/// Everything a host supplies.
#[derive(Clone)]
pub struct Ports {
    /// The database.
    pub db: Arc<dyn Db>,
    /// The published files.
    pub published: Arc<dyn Published>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Sends mails.
    pub mailer: Arc<dyn Mailer>,
    /// Takes log lines.
    pub log: Arc<dyn Log>,
}

/// The shop. Cheap to clone; a host makes one and keeps it, because it caches the release.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    ports: Ports,
    config: Config,
}

/// An extension of a response: what the host does after it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterResponse {
    /// Call [`App::flush_outbox`], because a mail is due. The clock would do it as well, but later.
    FlushOutbox,
}

/// What a round of background work did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct TickReport {
    /// Orders that were not paid in time; their goods are for sale again.
    pub expired: u32,
    /// Mails handed over.
    pub sent: u32,
    /// Mails that could not be handed over and are tried again.
    pub deferred: u32,
    /// Mails given up.
    pub dead: u32,
    /// Steps that failed altogether; the log has the causes.
    pub failed: u32,
}

/// What a staff member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffRole {
    /// Orders and stock.
    Staff,
    /// Everything.
    Admin,
}

/// Why a staff account was not created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreateStaffError {
    /// Not an e-mail address.
    Email,
    /// The name is empty or too long.
    Name,
    /// The password is too short, too long or too common.
    Password,
    /// There is an account with this address already.
    Exists,
    /// The database or the randomness failed; the text is for the operator.
    Failed(String),
}

impl fmt::Display for CreateStaffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CreateStaffError::Email => f.write_str("this is not an e-mail address"),
            CreateStaffError::Name => f.write_str("the name must have 1 to 100 characters"),
            CreateStaffError::Password => {
                f.write_str("the password must have 8 to 200 characters and not be a common one")
            }
            CreateStaffError::Exists => f.write_str("there is a staff account with this address already"),
            CreateStaffError::Failed(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for CreateStaffError {}

impl App {
    /// Puts the shop together. Nothing is read before the first request.
    pub fn new(ports: Ports, config: Config) -> App {
        App(Arc::new(Inner { ports, config }))
    }

    /// All routes below [`crate::routes::PREFIXES`], with limits, headers, error pages and the log line.
    pub fn router(&self) -> axum::Router {
        axum::Router::new()
    }

    /// The work of the clock, once a minute: orders whose term has ended, mails that are due. It may run twice at
    /// once, or late.
    pub async fn tick(&self) -> TickReport {
        TickReport::default()
    }

    /// Hands over the mails that are due.
    pub async fn flush_outbox(&self) -> TickReport {
        TickReport::default()
    }

    /// Forgets the release, so that the next request reads it anew. For hosts whose files change while they run.
    pub fn forget_release(&self) {}

    /// The ports.
    pub fn ports(&self) -> &Ports {
        &self.0.ports
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.0.config
    }
}

/// Creates a staff account. Only a host's command line calls this; no page does.
pub async fn create_staff(
    _app: &App,
    _email: &str,
    _name: &str,
    _password: &str,
    _role: StaffRole,
) -> Result<(), CreateStaffError> {
    Err(CreateStaffError::Failed("accounts are not built yet".to_owned()))
}

/// The migrations this code needs, by file name and in order, as the table `d1_migrations` lists them.
pub const MIGRATIONS: [&str; 1] = ["0001_shop.sql"];

/// The migrations this code needs; see [`MIGRATIONS`].
pub fn required_migrations() -> &'static [&'static str] {
    &MIGRATIONS
}

//! The app: ports and settings in, a router and the work of the clock out.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use http::{Method, StatusCode, Uri};

use crate::config::Config;
use crate::error::Error;
use crate::fields::{Email, Line, Password};
use crate::form::FORM_BYTES_MAX;
use crate::handlers::{accounts, admin, cart, checkout, coupons, health, orders, search};
use crate::observe::observe;
use crate::ports::{Clock, Db, DbError, Entropy, Log, Mailer, Published};
use crate::release::Release;
use crate::routes::is_dynamic;
use crate::store::accounts::{NewPerson, insert_staff};
use crate::token::Id;

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
    /// By language; the shop's own has no key.
    releases: Mutex<BTreeMap<Option<String>, Arc<Release>>>,
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
        App(Arc::new(Inner { ports, config, releases: Mutex::default() }))
    }

    /// All routes below [`crate::routes::PREFIXES`], with limits, headers, error pages and the log line.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/cart/", get(cart::show))
            .route("/cart/add/", post(cart::add))
            .route("/cart/change/", post(cart::change))
            .route("/cart/remove/", post(cart::remove))
            .route("/cart/coupon/", post(coupons::add))
            .route("/cart/coupon/remove/", post(coupons::remove))
            .route("/checkout/", get(checkout::show).post(checkout::place))
            .route("/order/{id}/", get(orders::show))
            .route("/orders/", get(orders::history))
            .route("/accounts/", get(orders::history))
            .route("/accounts/register/", get(accounts::register_form).post(accounts::register))
            .route("/accounts/login/", get(accounts::login_form).post(accounts::login))
            .route("/accounts/logout/", post(accounts::logout))
            .route("/admin/", get(admin::orders::list))
            .route("/admin/login/", get(admin::login::form).post(admin::login::login))
            .route("/admin/logout/", post(admin::login::logout))
            .route("/admin/orders/", get(admin::orders::list))
            .route("/admin/orders/{id}/", get(admin::order::show))
            .route("/admin/orders/{id}/paid/", post(admin::order::paid))
            .route("/admin/orders/{id}/shipped/", post(admin::order::shipped))
            .route("/admin/orders/{id}/cancel/", post(admin::order::cancel))
            .route("/admin/coupons/", get(admin::coupons::list).post(admin::coupons::create))
            .route("/admin/coupons/end/", post(admin::coupons::end))
            .route("/admin/stock/", get(admin::stock::list).post(admin::stock::correct))
            .route("/search/", get(search::show))
            .route("/health/", get(health::health))
            .route("/ready/", get(health::ready))
            .fallback(elsewhere)
            .method_not_allowed_fallback(async || Error::MethodNotAllowed)
            .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
            .layer(from_fn_with_state(self.clone(), observe))
    }

    /// The work of the clock, once a minute: orders whose term has ended, mails that are due. It may run twice at
    /// once, or late.
    pub async fn tick(&self) -> TickReport {
        self.run_tick().await
    }

    /// Hands over the mails that are due.
    pub async fn flush_outbox(&self) -> TickReport {
        self.run_outbox().await
    }

    /// Forgets the release, so that the next request reads it anew. For hosts whose files change while they run.
    pub fn forget_release(&self) {
        self.0.releases.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The release in the shop's own language, read when it is first needed and kept from then on.
    pub(crate) async fn release(&self) -> Result<Arc<Release>, Error> {
        if let Some(known) = self.known_release(None) {
            return Ok(known);
        }
        let release = Arc::new(Release::load(Arc::clone(&self.0.ports.published)).await?);
        Ok(self.keep_release(None, release))
    }

    /// The release in the language with this key; in the shop's own if there is no such language.
    pub(crate) async fn release_in(&self, key: &str) -> Result<Arc<Release>, Error> {
        let own = self.release().await?;
        if !own.has_other_language(key) {
            return Ok(own);
        }
        let key = Some(key.to_owned());
        if let Some(known) = self.known_release(key.as_ref()) {
            return Ok(known);
        }
        let release = Arc::new(own.in_language(key.as_deref().unwrap_or_default()).await?);
        Ok(self.keep_release(key, release))
    }

    fn known_release(&self, key: Option<&String>) -> Option<Arc<Release>> {
        let releases = self.0.releases.lock().unwrap_or_else(PoisonError::into_inner);
        releases.get(&key.cloned()).cloned()
    }

    fn keep_release(&self, key: Option<String>, release: Arc<Release>) -> Arc<Release> {
        let mut releases = self.0.releases.lock().unwrap_or_else(PoisonError::into_inner);
        releases.insert(key, Arc::clone(&release));
        release
    }

    /// The ports.
    pub fn ports(&self) -> &Ports {
        &self.0.ports
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.0.config
    }
}

/// What no route answers: an address without its slash at the end is sent on, everything else is not there.
async fn elsewhere(method: Method, uri: Uri) -> Result<Response, Error> {
    let path = uri.path();
    let last = path.rsplit('/').next().unwrap_or("");
    let reads = matches!(method, Method::GET | Method::HEAD);
    let ours = is_dynamic(path) && !path.starts_with("/_shop") && !last.is_empty() && !last.contains('.');
    if !reads || !ours {
        return Err(Error::NotFound);
    }
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    crate::respond::redirect(StatusCode::PERMANENT_REDIRECT, &format!("{path}/{query}"))
}

/// Creates a staff account. Only a host's command line calls this; no page does.
pub async fn create_staff(
    app: &App,
    email: &str,
    name: &str,
    password: &str,
    role: StaffRole,
) -> Result<(), CreateStaffError> {
    let failed = |cause: &str| CreateStaffError::Failed(cause.to_owned());
    let email = Email::parse(email).map_err(|_| CreateStaffError::Email)?;
    let name = Line::required(name, 100).map_err(|_| CreateStaffError::Name)?;
    let password = Password::choose(password).map_err(|_| CreateStaffError::Password)?;
    let random = || app.ports().entropy.bytes().map_err(|_| failed("no randomness"));
    let hash = password.hash(random()?).ok_or_else(|| failed("the password could not be hashed"))?;
    let (id, key) = (Id::new(random()?), email.key());
    let person = NewPerson {
        id: id.as_str(),
        email: email.as_str(),
        email_key: &key,
        name: name.as_str(),
        password: &hash,
    };
    let role = match role {
        StaffRole::Staff => "staff",
        StaffRole::Admin => "admin",
    };
    match app.ports().db.batch(vec![insert_staff(&person, role, app.ports().clock.now())]).await {
        Ok(_) => Ok(()),
        Err(DbError::Constraint(_)) => Err(CreateStaffError::Exists),
        Err(error) => Err(failed(&format!("{error:?}"))),
    }
}

/// The migrations this code needs, by file name and in order, as the table `d1_migrations` lists them.
pub const MIGRATIONS: [&str; 6] =
    ["0001_shop.sql", "0002_sign_in.sql", "0003_language.sql", "0004_promotions.sql", "0007_coupons.sql", "0010_inspection.sql"];

/// The migrations this code needs; see [`MIGRATIONS`].
pub fn required_migrations() -> &'static [&'static str] {
    &MIGRATIONS
}

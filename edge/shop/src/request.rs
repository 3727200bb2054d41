//! One request on its way: what handlers need of the outside, and the count of trips to the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Uri};

use crate::app::App;
use crate::config::Config;
use crate::cookies::{Cookie, KEPT_SECONDS};
use crate::error::Error;
use crate::ports::{Db, DbError, Rows, Statement};
use crate::release::Release;
use crate::token::Id;

/// How often a batch is sent when the connection breaks. Every batch of ours may be sent again.
const TRIES_MAX: u32 = 3;

/// One request. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Visit(Arc<Inner>);

struct Inner {
    app: App,
    id: String,
    now: i64,
    headers: HeaderMap,
    trips: AtomicU32,
    /// The language that the address asks for.
    asked: Option<String>,
    /// Whether the page is one of the staff, which are in the shop's own language.
    for_staff: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visit, Error> {
        Visit::of(parts)
    }
}

impl Visit {
    /// A request that arrives now.
    pub(crate) fn new(app: App, uri: &Uri, headers: HeaderMap) -> Visit {
        let id = app
            .ports()
            .entropy
            .bytes()
            .map_or_else(|_| "0".repeat(26), |random| Id::new(random).as_str().to_owned());
        let now = app.ports().clock.now();
        let pairs = uri.query().unwrap_or("").split('&').filter_map(|pair| pair.split_once('='));
        let mut asked = pairs.filter(|(name, _)| *name == "lang").map(|(_, value)| value.to_owned());
        let asked = asked.next_back();
        let for_staff = uri.path().starts_with("/admin");
        Visit(Arc::new(Inner { app, id, now, headers, trips: AtomicU32::new(0), asked, for_staff }))
    }

    /// The visit that the outermost layer attached to a request.
    pub(crate) fn of(parts: &Parts) -> Result<Visit, Error> {
        parts
            .extensions
            .get::<Visit>()
            .cloned()
            .ok_or_else(|| Error::Broken("a request without its visit".to_owned()))
    }

    pub(crate) fn config(&self) -> &Config {
        self.0.app.config()
    }

    /// The id that the answer, the log and an error page share.
    pub(crate) fn id(&self) -> &str {
        &self.0.id
    }

    /// When the request arrived, in Unix seconds; the same for everything it does.
    pub(crate) fn now(&self) -> i64 {
        self.0.now
    }

    /// How often the database was asked.
    pub(crate) fn trips(&self) -> u32 {
        self.0.trips.load(Ordering::Relaxed)
    }

    /// Card payments, if the shop takes cards.
    pub(crate) fn card(&self) -> Option<crate::card::Card<'_>> {
        crate::card::Card::of(&self.0.app, &self.0.trips, self.now())
    }

    /// Writes the cause of a failure to the log, for answers that are no pages.
    pub(crate) fn note(&self, error: &Error) {
        let cause = error.cause().unwrap_or("refused");
        let line = serde_json::json!({ "level": "error", "id": self.id(), "cause": cause });
        self.0.app.ports().log.line(line.to_string());
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, cookie: Cookie) -> Option<String> {
        cookie.read(&self.0.headers, self.config())
    }

    /// Fresh randomness.
    pub(crate) fn random(&self) -> Result<[u8; 32], Error> {
        Ok(self.0.app.ports().entropy.bytes()?)
    }

    /// A fresh id.
    pub(crate) fn new_id(&self) -> Result<Id, Error> {
        Ok(Id::new(self.random()?))
    }

    /// The release all pages of this request come from, in the visitor's language.
    pub(crate) async fn release(&self) -> Result<Arc<Release>, Error> {
        self.release_or(None).await
    }

    /// The same, in this language if the visitor has chosen none.
    pub(crate) async fn release_or(&self, other: Option<&str>) -> Result<Arc<Release>, Error> {
        let own = self.0.app.release().await?;
        let chosen = self.0.asked.clone().filter(|key| own.has_language(key));
        let chosen = chosen.or_else(|| self.cookie(Cookie::Language)).or_else(|| other.map(str::to_owned));
        match chosen.filter(|_| !self.0.for_staff) {
            Some(key) => self.0.app.release_in(&key).await,
            None => Ok(own),
        }
    }

    /// The cookie that remembers the language the address asks for, if the browser does not know it yet.
    pub(crate) async fn language_cookie(&self) -> Option<HeaderValue> {
        let asked = self.0.asked.as_deref().filter(|_| !self.0.for_staff)?;
        let own = self.0.app.release().await.ok()?;
        let known = self.cookie(Cookie::Language);
        // Who never left the shop's own language needs no cookie for it.
        let is_new = known.map_or(own.has_other_language(asked), |known| known != asked);
        let new = is_new && own.has_language(asked);
        new.then(|| Cookie::Language.set(asked, KEPT_SECONDS, self.config()).ok()).flatten()
    }

    /// Sends a batch; see [`send`].
    pub(crate) async fn batch(&self, statements: Vec<Statement>) -> Result<Answers, DbError> {
        send(&*self.0.app.ports().db, statements, &self.0.trips).await
    }
}

/// Sends a batch and, if the connection breaks, the very same batch again. Counts each time in `trips`.
pub(crate) async fn send(
    db: &dyn Db,
    statements: Vec<Statement>,
    trips: &AtomicU32,
) -> Result<Answers, DbError> {
    let mut tries: u32 = 1;
    loop {
        trips.fetch_add(1, Ordering::Relaxed);
        match db.batch(statements.clone()).await {
            Ok(rows) => return Ok(Answers(rows.into_iter())),
            Err(DbError::Transient(_)) if tries < TRIES_MAX => tries = tries.saturating_add(1),
            Err(error) => return Err(error),
        }
    }
}

/// The answers to the statements of a batch, taken in order.
pub(crate) struct Answers(std::vec::IntoIter<Rows>);

impl Answers {
    /// The rows of the next statement.
    pub(crate) fn rows(&mut self) -> Result<Rows, DbError> {
        self.0.next().ok_or_else(|| DbError::Row("fewer answers than statements".to_owned()))
    }

    /// All rows of the next statement.
    pub(crate) fn all<T: crate::ports::FromRow>(&mut self) -> Result<Vec<T>, DbError> {
        self.rows()?.all()
    }

    /// The first row of the next statement.
    pub(crate) fn first<T: crate::ports::FromRow>(&mut self) -> Result<Option<T>, DbError> {
        self.rows()?.first()
    }
}

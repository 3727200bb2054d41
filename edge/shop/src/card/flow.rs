//! The conversation with Stripe about one order. Nothing is written while Stripe is asked, and nothing is asked inside a
//! batch.

use std::sync::atomic::AtomicU32;

use super::attempt::{ATTEMPTS_MAX, Attempt};
use super::{Verdict, decide};
use crate::app::App;
use crate::order::{Order, OrderId, State};
use crate::ports::{DbError, Statement};
use crate::request::{Answers, send};
use crate::store::card::{self as store, Ender};
use crate::store::orders;
use crate::stripe::{CHECKOUT, CallError, Client, Message, News, Session, Status};

/// How often facts are read anew when somebody else books at the same moment.
const RACES_MAX: u32 = 3;

/// Seconds around an attempt in which its session was made, if it was.
const SLACK_SECONDS: i64 = 600;

/// Card payments with all that they need.
pub(crate) struct Card<'a> {
    pub(super) app: &'a App,
    pub(super) client: Client<'a>,
    pub(super) trips: &'a AtomicU32,
    pub(super) now: i64,
}

/// Where a shopper who wants to pay goes.
pub(crate) enum Pay {
    /// To Stripe's page.
    Go(String),
    /// To the page of the order, whose state has changed.
    Look,
    /// To the page of the order; Stripe gives no answer, or not one that can be used.
    Later,
}

/// How giving an order up ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    /// It was paid, or had ended, in the meantime.
    TooLate,
    /// Stripe gives no answer, so the goods stay held.
    Later,
}

impl<'a> Card<'a> {
    /// Card payments, if the shop takes cards.
    pub(crate) fn of(app: &'a App, trips: &'a AtomicU32, now: i64) -> Option<Card<'a>> {
        let settings = app.config().stripe()?;
        Some(Card { app, client: Client::new(&*app.ports().http, settings), trips, now })
    }

    pub(super) async fn ask(&self, statements: Vec<Statement>) -> Result<Answers, DbError> {
        send(&*self.app.ports().db, statements, self.trips).await
    }

    pub(super) fn log(&self, level: &str, what: &str, subject: &str) {
        // Ids at Stripe open nothing, those of orders do.
        self.app
            .ports()
            .log
            .line(serde_json::json!({ "level": level, "what": what, "stripe": subject }).to_string());
    }

    pub(super) fn log_call(&self, step: &str, error: &CallError) {
        let line = serde_json::json!({ "level": "error", "step": step, "cause": error.cause() });
        self.app.ports().log.line(line.to_string());
    }

    /// Books a message, with what follows from it; once, however often it comes.
    pub(crate) async fn hear(&self, message: &Message) -> Result<(), DbError> {
        if let Some(news) = &message.news {
            self.book(news, Some(message)).await?;
        }
        Ok(())
    }

    /// Books what was read at Stripe.
    pub(crate) async fn apply(&self, news: &News) -> Result<Verdict, DbError> {
        self.book(news, None).await
    }

    async fn book(&self, news: &News, message: Option<&Message>) -> Result<Verdict, DbError> {
        let event = message.map_or("", |message| message.id.as_str());
        let mut refused = String::new();
        for _ in 0..RACES_MAX {
            let mut answers = self.ask(store::facts(&news.subject(event))).await?;
            let facts = store::take_facts(&mut answers)?;
            if facts.seen {
                return Ok(Verdict::Ignored);
            }
            let step = decide(news, &facts, event, self.now);
            let inbox = message.map(|message| {
                store::inbox(event, &message.kind, message.object_id(), step.verdict.as_str(), self.now)
            });
            let batch: Vec<Statement> = inbox.into_iter().chain(step.statements).collect();
            let written = if batch.is_empty() { Ok(()) } else { self.ask(batch).await.map(|_| ()) };
            match written {
                Ok(()) => {
                    if let Some(alert) = step.alert {
                        let subject =
                            message.map_or_else(|| news.subject("").payment.to_owned(), |m| m.id.clone());
                        self.log("alert", alert, &subject);
                    }
                    return Ok(step.verdict);
                }
                // Somebody else booked the same, or changed the order: what is true now decides.
                Err(DbError::Constraint(text)) => refused = text,
                Err(error) => return Err(error),
            }
        }
        Err(DbError::Overloaded(format!("booked by others again and again: {refused}")))
    }

    /// The order as it is now.
    pub(super) async fn order(&self, id: &OrderId) -> Result<Option<Order>, DbError> {
        let mut answers = self.ask(orders::order(id)).await?;
        orders::take_order(&mut answers)
    }

    /// Where the shopper can pay. Asked again, the same place.
    pub(crate) async fn pay(&self, order: &Order) -> Result<Pay, DbError> {
        if order.state != State::Pending || !order.is_by_card() {
            return Ok(Pay::Look);
        }
        let live = order.attempts.iter().find(|attempt| attempt.is_live);
        let last = order.attempts.last().map_or(0, |attempt| attempt.n);
        match live {
            Some(Attempt { session: Some(id), .. }) => self.judge(order, self.client.session(id).await).await,
            Some(attempt) => self.start(order, attempt).await,
            None => match self.try_again(order, last).await? {
                Some(attempt) => self.start(order, &attempt).await,
                None => Ok(Pay::Later),
            },
        }
    }

    /// Asks Stripe for the session of an attempt that has no answer yet.
    async fn start(&self, order: &Order, attempt: &Attempt) -> Result<Pay, DbError> {
        let made = self.client.create_session(order, attempt, self.app.config().base_url()).await;
        let stale = attempt.is_stale(self.now);
        match made {
            Ok(session) => {
                self.ask(store::made(order.id.as_str(), attempt.n, &session.id)).await?;
                // An answer to a key may be an old one.
                let session = if stale { self.client.session(&session.id).await } else { Ok(session) };
                self.judge(order, session).await
            }
            Err(error) => {
                self.log_call("session", &error);
                if !stale {
                    return Ok(Pay::Later);
                }
                match self.recover(order, attempt).await {
                    Ok(Some(session)) => self.judge(order, Ok(session)).await,
                    Ok(None) => match self.try_again(order, attempt.n).await? {
                        Some(attempt) => self.start_fresh(order, &attempt).await,
                        None => Ok(Pay::Later),
                    },
                    Err(Lost::Stripe) => Ok(Pay::Later),
                    Err(Lost::Database(error)) => Err(error),
                }
            }
        }
    }

    /// The same for an attempt that was made a moment ago.
    async fn start_fresh(&self, order: &Order, attempt: &Attempt) -> Result<Pay, DbError> {
        match self.client.create_session(order, attempt, self.app.config().base_url()).await {
            Ok(session) => {
                self.ask(store::made(order.id.as_str(), attempt.n, &session.id)).await?;
                self.judge(order, Ok(session)).await
            }
            Err(error) => {
                self.log_call("session", &error);
                Ok(Pay::Later)
            }
        }
    }

    /// Another attempt, if there may be one; the goods are held on for it.
    async fn try_again(&self, order: &Order, last: i64) -> Result<Option<Attempt>, DbError> {
        let n = last.saturating_add(1);
        let expires_at = self.now.saturating_add(self.client.settings().term_seconds());
        if n > ATTEMPTS_MAX {
            return Ok(None);
        }
        match self.ask(store::ask_again(order.id.as_str(), n, self.now, expires_at)).await {
            Ok(_) => Ok(Some(Attempt { n, session: None, is_live: true, asked_at: self.now, expires_at })),
            // Another window was quicker, or the order has ended.
            Err(DbError::Constraint(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends the shopper to a session that can be paid and is for the right amount; books what it says otherwise.
    async fn judge(&self, order: &Order, session: Result<Session, CallError>) -> Result<Pay, DbError> {
        let session = match session {
            Ok(session) => session,
            Err(error) => {
                self.log_call("session", &error);
                return Ok(Pay::Later);
            }
        };
        if session.status != Status::Open {
            self.apply(&News::Session(session)).await?;
            return Ok(Pay::Look);
        }
        if session.fits(order, self.client.settings().is_live()) && session.url.starts_with(CHECKOUT) {
            return Ok(Pay::Go(session.url));
        }
        self.log("alert", "a session that does not fit its order", &session.id);
        // Nobody must pay it; the order ends when Stripe has ended it.
        match self.client.expire(&session.id).await {
            Ok(ended) if ended.order == order.id.as_str() => {
                self.apply(&News::Session(ended)).await?;
            }
            Ok(_) => {}
            Err(error) => self.log_call("expire", &error),
        }
        Ok(Pay::Look)
    }

    /// Reads the session of an order that waits for its payment, and books what it says. Whether Stripe answered.
    pub(crate) async fn look(&self, order: &Order) -> Result<bool, DbError> {
        let live = order.attempts.iter().filter(|attempt| attempt.is_live);
        let Some(session) = live.filter_map(|attempt| attempt.session.as_deref()).next() else {
            return Ok(order.state != State::Pending);
        };
        match self.client.session(session).await {
            Ok(session) => self.apply(&News::Session(session)).await.map(|_| true),
            Err(error) => {
                self.log_call("session", &error);
                Ok(false)
            }
        }
    }

    /// Ends an order that was not paid: first at Stripe, then here. If it turns out to be paid, it is paid.
    pub(crate) async fn end(&self, order: &Order, ender: Ender<'_>) -> Result<End, DbError> {
        if order.state != State::Pending {
            return Ok(End::TooLate);
        }
        let mut batch = Vec::new();
        if let Some(attempt) = order.attempts.iter().find(|attempt| attempt.is_live) {
            let session = match &attempt.session {
                Some(id) => Some(id.clone()),
                None => match self.recover(order, attempt).await {
                    Ok(session) => session.map(|session| session.id),
                    Err(Lost::Stripe) => return Ok(End::Later),
                    Err(Lost::Database(error)) => return Err(error),
                },
            };
            let Some(id) = session else {
                batch.push(store::void(order.id.as_str(), attempt.n));
                return self.end_now(order, ender, batch).await;
            };
            let Some(session) = self.close(&id).await else { return Ok(End::Later) };
            if session.status != Status::Expired {
                self.apply(&News::Session(session)).await?;
                return Ok(End::TooLate);
            }
            batch.push(store::session_over(order.id.as_str(), attempt.n, &id));
        }
        self.end_now(order, ender, batch).await
    }

    async fn end_now(
        &self,
        order: &Order,
        ender: Ender<'_>,
        mut batch: Vec<Statement>,
    ) -> Result<End, DbError> {
        batch.extend(store::ended(order.id.as_str(), &ender, self.now));
        match self.ask(batch).await {
            Ok(_) => Ok(End::Done),
            // The message that Stripe has ended the session may have been quicker.
            Err(DbError::Constraint(_)) => Ok(End::TooLate),
            Err(error) => Err(error),
        }
    }

    /// Ends a session at Stripe, and says how it is then; nothing if nobody knows.
    async fn close(&self, id: &str) -> Option<Session> {
        let ended = match self.client.expire(id).await {
            Ok(session) => return Some(session),
            Err(error) => error,
        };
        if !matches!(ended, CallError::Refused(_)) {
            self.log_call("expire", &ended);
        }
        // It was not open any more, or the answer was lost: what it is now counts.
        match self.client.session(id).await {
            Ok(session) if session.status != Status::Open => Some(session),
            Ok(_) => None,
            Err(error) => {
                self.log_call("session", &error);
                None
            }
        }
    }

    /// Finds the session of an attempt whose answer was lost, and notes it; `None` if there is none and will be none.
    pub(super) async fn recover(&self, order: &Order, attempt: &Attempt) -> Result<Option<Session>, Lost> {
        let found = self.find(order, attempt).await.map_err(|error| {
            self.log_call("recover", &error);
            Lost::Stripe
        })?;
        let Some(session) = found else { return Ok(None) };
        self.ask(store::made(order.id.as_str(), attempt.n, &session.id)).await.map_err(Lost::Database)?;
        Ok(Some(session))
    }

    async fn find(&self, order: &Order, attempt: &Attempt) -> Result<Option<Session>, CallError> {
        if attempt.has_its_key(self.now) {
            match self.client.create_session(order, attempt, self.app.config().base_url()).await {
                // The answer to the key may be an old one.
                Ok(session) => return self.client.session(&session.id).await.map(Some),
                // It was never carried out: then Stripe would repeat its answer instead of judging anew.
                Err(CallError::Refused(_)) => return Ok(None),
                Err(CallError::Unknown(_) | CallError::KeyReused | CallError::Missing) => {}
            }
        }
        let (from, to) =
            (attempt.asked_at.saturating_sub(SLACK_SECONDS), attempt.asked_at.saturating_add(SLACK_SECONDS));
        let sessions = self.client.sessions_between(from, to).await?;
        let mine = |session: &Session| session.order == order.id.as_str() && session.attempt == attempt.n;
        match sessions.into_iter().find(mine) {
            Some(session) => Ok(Some(session)),
            None if attempt.is_stale(self.now) => Ok(None),
            None => Err(CallError::Unknown("too early to say that there is no session".to_owned())),
        }
    }
}

/// Why nobody knows whether there is a session.
pub(super) enum Lost {
    Stripe,
    Database(DbError),
}

//! The work of the clock: orders whose term has ended, mails that are due. Every step may run twice, at once or late.

use std::sync::atomic::AtomicU32;

use crate::app::{App, TickReport};
use crate::error::Error;
use crate::order::OrderId;
use crate::order_view::order_view;
use crate::ports::{DbError, Mail, Statement};
use crate::release::Release;
use crate::request::{Answers, send};
use crate::store::accounts::purge_sessions;
use crate::store::attempts;
use crate::store::outbox::{self, MailKind, MessageRow, Payload};
use crate::store::{orders, settling};
use crate::texts;
use crate::views::OrderMail;

/// Orders that one round expires at most; the next round takes the rest.
const EXPIRED_MAX: i64 = 50;

/// Seconds until the second try of a mail; doubled each time, at most [`DELAY_SECONDS_MAX`].
const DELAY_SECONDS: i64 = 60;
const DELAY_SECONDS_MAX: i64 = 4 * 3_600;

struct IdRow {
    id: String,
}
crate::ports::from_row!(IdRow { id;  });

/// What became of a message.
enum Sent {
    Done,
    Deferred,
    Dead,
}

impl App {
    /// Ends orders whose term is over and sends mails.
    pub(crate) async fn run_tick(&self) -> TickReport {
        let now = self.ports().clock.now();
        let mut report = self.expire_orders(now).await;
        if let Err(error) = self.ask(vec![purge_sessions(now), attempts::purge(now)]).await {
            self.note_failure("sessions", &error.into(), &mut report);
        }
        self.send_mails(now, &mut report).await;
        self.inspect(now, &mut report).await;
        report
    }

    /// Sends mails only.
    pub(crate) async fn run_outbox(&self) -> TickReport {
        let mut report = TickReport::default();
        self.send_mails(self.ports().clock.now(), &mut report).await;
        report
    }

    async fn expire_orders(&self, now: i64) -> TickReport {
        let mut report = TickReport::default();
        let found = self.ask(vec![settling::overdue(now, EXPIRED_MAX)]).await;
        let rows = match found.and_then(|mut answers| answers.all::<IdRow>()) {
            Ok(rows) => rows,
            Err(error) => {
                self.note_failure("overdue", &error.into(), &mut report);
                return report;
            }
        };
        for IdRow { id } in rows {
            match self.ask(settling::expired(&id, now)).await {
                Ok(_) => report.expired = report.expired.saturating_add(1),
                // It was paid, cancelled or expired in the meantime.
                Err(DbError::Constraint(_)) => {}
                Err(error) => self.note_failure("expire", &error.into(), &mut report),
            }
        }
        report
    }

    async fn send_mails(&self, now: i64, report: &mut TickReport) {
        let leased = self.ask(vec![outbox::lease(now)]).await;
        let messages = match leased.and_then(|mut answers| answers.all::<MessageRow>()) {
            Ok(messages) => messages,
            Err(error) => return self.note_failure("outbox", &error.into(), report),
        };
        for message in messages {
            match self.send_mail(&message, now).await {
                Ok(Sent::Done) => report.sent = report.sent.saturating_add(1),
                Ok(Sent::Deferred) => report.deferred = report.deferred.saturating_add(1),
                Ok(Sent::Dead) => report.dead = report.dead.saturating_add(1),
                // The lease runs out and the mail is tried again.
                Err(error) => self.note_failure("mail", &error.into(), report),
            }
        }
    }

    /// Sends one mail. If the answer of the database to "done" is lost, the mail goes out twice; its name lets the
    /// provider notice.
    async fn send_mail(&self, message: &MessageRow, now: i64) -> Result<Sent, DbError> {
        let handed_over = match self.write_mail(message).await {
            Ok(Some(mail)) => {
                self.ports().mailer.send(mail).await.map_err(|error| Error::Unavailable(error.0))
            }
            // Whoever it was for has been erased.
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        let (statement, outcome) = match handed_over {
            Ok(()) => (outbox::done(message.id), Sent::Done),
            Err(error) => {
                self.log_failure("mail", &error);
                if message.attempts >= outbox::TRIES_MAX {
                    self.log_alert("a mail was given up", message.id);
                    (outbox::dead(message.id), Sent::Dead)
                } else {
                    (outbox::later(message.id, now.saturating_add(delay(message.attempts))), Sent::Deferred)
                }
            }
        };
        self.ask(vec![statement]).await?;
        Ok(outcome)
    }

    /// Writes a mail from the order as it is now; `None` if there is nobody to send it to any more.
    async fn write_mail(&self, message: &MessageRow) -> Result<Option<Mail>, Error> {
        let broken = |error: serde_json::Error| Error::Broken(format!("outbox payload: {error}"));
        let payload: Payload = serde_json::from_str(&message.payload).map_err(broken)?;
        let id = OrderId::parse(&payload.order)
            .ok_or_else(|| Error::Broken("outbox payload: order".to_owned()))?;
        let mut answers = self.ask(orders::order(&id)).await?;
        let Some(order) = orders::take_order(&mut answers)?.filter(|order| !order.email.is_empty()) else {
            return Ok(None);
        };
        let release = self.release_in(order.language.as_deref().unwrap_or_default()).await?;
        let order = order_view(&order, &release).await?;
        let view = OrderMail { order_link: format!("{}{}", self.config().base_url(), order.url), order };
        let render = |end: &str| {
            let template = format!("mail/{}.{end}", payload.mail.as_str());
            release
                .theme()
                .render(&template, &view)
                .map_err(|error| Error::Broken(format!("{template}: {error}")))
        };
        Ok(Some(Mail {
            subject: subject(payload.mail, &view, &release),
            text: render("txt")?,
            html: render("html")?,
            to: view.order.email,
            dedupe: message.dedupe.clone(),
        }))
    }

    async fn ask(&self, statements: Vec<Statement>) -> Result<Answers, DbError> {
        send(&*self.ports().db, statements, &AtomicU32::new(0)).await
    }

    fn note_failure(&self, step: &str, error: &Error, report: &mut TickReport) {
        report.failed = report.failed.saturating_add(1);
        self.log_failure(step, error);
    }

    fn log_failure(&self, step: &str, error: &Error) {
        let cause = error.cause().unwrap_or("refused");
        self.ports()
            .log
            .line(serde_json::json!({ "level": "error", "step": step, "cause": cause }).to_string());
    }

    /// Asks a person to look, at a row of the outbox: its name holds the id of an order, which opens the order.
    fn log_alert(&self, what: &str, row: i64) {
        self.ports()
            .log
            .line(serde_json::json!({ "level": "alert", "what": what, "outbox": row }).to_string());
    }
}

fn subject(kind: MailKind, view: &OrderMail, release: &Release) -> String {
    let text = match (kind, view.order.collection) {
        (MailKind::Received, _) => &texts::MAIL_RECEIVED,
        (MailKind::Paid, _) => &texts::MAIL_PAID,
        (MailKind::Shipped, true) => &texts::MAIL_COLLECTED,
        (MailKind::Shipped, false) => &texts::MAIL_SENT,
        (MailKind::Cancelled, _) if view.order.state == "expired" => &texts::MAIL_EXPIRED,
        (MailKind::Cancelled, _) => &texts::MAIL_CANCELLED,
    };
    let subject = release.say(text, &[("number", &view.order.number), ("shop", &release.settings().name)]);
    // The shop's name comes from a file; a header is one line.
    subject.chars().filter(|c| !c.is_control()).collect()
}

/// Seconds until the next try after this many.
fn delay(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 16)).unwrap_or(16);
    DELAY_SECONDS.saturating_mul(1_i64.checked_shl(doublings).unwrap_or(1)).min(DELAY_SECONDS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_longer_each_time_and_never_forever() {
        assert_eq!([1, 2, 3, 12].map(delay), [60, 120, 240, DELAY_SECONDS_MAX]);
    }
}

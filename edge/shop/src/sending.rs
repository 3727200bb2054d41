//! Sending what is in the outbox: leases, back-off, and giving up.

use ipswich_catalog::Sku;

use crate::app::{App, TickReport};
use crate::error::Error;
use crate::order::{OrderId, State};
use crate::order_view::order_view;
use crate::ports::{DbError, Mail};
use crate::release::Release;
use crate::store::notices::{self, NoticeRow};
use crate::store::orders;
use crate::store::outbox::{self, MailKind, MessageRow, Payload};
use crate::texts;
use crate::views::{NoticeMail, OrderMail};

/// Seconds until the second try of a message; doubled each time, at most [`DELAY_SECONDS_MAX`].
const DELAY_SECONDS: i64 = 60;
const DELAY_SECONDS_MAX: i64 = 4 * 3_600;

/// The kind of a message that says that goods are back.
const NOTICE: &str = "notice";

/// What became of a message.
enum Sent {
    Done,
    Deferred,
    Dead,
}

impl App {
    /// Sends a round of messages that are due; whether there were any.
    pub(crate) async fn send_due(&self, report: &mut TickReport) -> bool {
        let clock = &self.ports().clock;
        let leased_at = clock.now();
        let leased = self.ask(vec![outbox::lease(leased_at)]).await;
        let messages = match leased.and_then(|mut answers| answers.all::<MessageRow>()) {
            Ok(messages) => messages,
            Err(error) => {
                self.note_failure("outbox", &error.into(), report);
                return false;
            }
        };
        let some = !messages.is_empty();
        for message in messages {
            // Behind a slow provider the leases would end while the last ones are still being sent.
            if clock.now().saturating_sub(leased_at) > outbox::SENDING_SECONDS {
                if let Err(error) = self.ask(vec![outbox::untried(&message)]).await {
                    self.note_failure("outbox", &error.into(), report);
                }
                continue;
            }
            match self.send_message(&message).await {
                Ok(Sent::Done) => report.sent = report.sent.saturating_add(1),
                Ok(Sent::Deferred) => report.deferred = report.deferred.saturating_add(1),
                Ok(Sent::Dead) => report.dead = report.dead.saturating_add(1),
                // The lease runs out and the message is tried again.
                Err(error) => self.note_failure("mail", &error.into(), report),
            }
        }
        some
    }

    /// Sends one message. If the answer of the database to "done" is lost, the mail goes out twice; its name lets the
    /// provider notice.
    async fn send_message(&self, message: &MessageRow) -> Result<Sent, DbError> {
        let handed_over = match self.write_message(message).await {
            Ok(Some(mail)) => {
                self.ports().mailer.send(mail).await.map_err(|error| Error::Unavailable(error.0))
            }
            // There is nobody to write to any more, or nothing to say.
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        let (statement, outcome) = match handed_over {
            Ok(()) => (outbox::done(message.id), Sent::Done),
            Err(error) => {
                self.log_failure("mail", &error);
                let cause = error.cause().unwrap_or("refused");
                if message.attempts >= outbox::TRIES_MAX {
                    self.log_alert("a mail was given up", message.id);
                    (outbox::dead(message, cause), Sent::Dead)
                } else {
                    let due_at = self.ports().clock.now().saturating_add(self.delay(message.attempts));
                    (outbox::later(message, due_at, cause), Sent::Deferred)
                }
            }
        };
        let mut batch = vec![statement];
        if message.kind == NOTICE && matches!(outcome, Sent::Done) {
            batch.push(notices::forget_recipient(message.id));
        }
        self.ask(batch).await?;
        Ok(outcome)
    }

    async fn write_message(&self, message: &MessageRow) -> Result<Option<Mail>, Error> {
        if message.kind == NOTICE {
            return self.write_notice(message).await;
        }
        let broken = |error: serde_json::Error| Error::Broken(format!("outbox payload: {error}"));
        let payload: Payload = serde_json::from_str(&message.payload).map_err(broken)?;
        self.write_order_mail(&payload, message).await
    }

    /// Writes a mail from the order as it is now; `None` if there is nobody to send it to any more.
    async fn write_order_mail(&self, payload: &Payload, message: &MessageRow) -> Result<Option<Mail>, Error> {
        let id = OrderId::parse(&payload.order)
            .ok_or_else(|| Error::Broken("outbox payload: order".to_owned()))?;
        let mut answers = self.ask(orders::order(&id)).await?;
        let Some(order) = orders::take_order(&mut answers)?.filter(|order| !order.email.is_empty()) else {
            return Ok(None);
        };
        if payload.mail == MailKind::Reminder && order.state != State::Pending {
            return Ok(None);
        }
        let release = self.release_in(order.language.as_deref().unwrap_or_default()).await?;
        let order = order_view(&order, &release).await?;
        let view = OrderMail { order_link: format!("{}{}", self.config().base_url(), order.url), order };
        let name = payload.mail.as_str();
        Ok(Some(Mail {
            subject: subject(payload.mail, &view, &release),
            text: render(&release, name, "txt", &view)?,
            html: render(&release, name, "html", &view)?,
            to: view.order.email,
            dedupe: message.dedupe.clone(),
        }))
    }

    /// Writes that goods are back; `None` if nobody waits for it any more, or the goods are not sold any more.
    async fn write_notice(&self, message: &MessageRow) -> Result<Option<Mail>, Error> {
        let mut answers = self.ask(vec![notices::of_message(message)]).await?;
        let Some(row) = answers.first::<NoticeRow>()? else { return Ok(None) };
        let release = self.release_in(&row.language).await?;
        let Ok(sku) = Sku::parse(&row.sku) else { return Ok(None) };
        let Some(record) = release.sku(&sku).await? else { return Ok(None) };
        let base = self.config().base_url();
        let view = NoticeMail {
            options: record.options_text(),
            link: format!("{base}{}", record.url),
            stop_link: format!("{base}/notify/stop/{}/{}", row.id, release.query()),
            title: record.title,
        };
        Ok(Some(Mail {
            subject: one_line(&release.say(&texts::MAIL_BACK, &[("title", &view.title)])),
            text: render(&release, "back", "txt", &view)?,
            html: render(&release, "back", "html", &view)?,
            to: row.email,
            dedupe: message.dedupe.clone(),
        }))
    }

    /// Seconds until the next try. Without randomness everything that failed together would come back together.
    fn delay(&self, attempts: i64) -> i64 {
        let random = self.ports().entropy.bytes().map_or(0, |bytes| {
            let [one, two, ..] = bytes;
            u16::from_be_bytes([one, two])
        });
        delay(attempts, random)
    }

    /// Asks a person to look, at a row of the outbox: its name holds the id of an order, which opens the order.
    fn log_alert(&self, what: &str, row: i64) {
        self.ports()
            .log
            .line(serde_json::json!({ "level": "alert", "what": what, "outbox": row }).to_string());
    }
}

/// A part of a mail: `mail/<name>.<end>`.
fn render<V: serde::Serialize>(release: &Release, name: &str, end: &str, view: &V) -> Result<String, Error> {
    let template = format!("mail/{name}.{end}");
    release.theme().render(&template, view).map_err(|error| Error::Broken(format!("{template}: {error}")))
}

fn subject(kind: MailKind, view: &OrderMail, release: &Release) -> String {
    let text = match (kind, view.order.collection) {
        (MailKind::Received, _) => &texts::MAIL_RECEIVED,
        (MailKind::Reminder, _) if view.order.bank.is_empty() => &texts::MAIL_REMINDER_HELD,
        (MailKind::Reminder, _) => &texts::MAIL_REMINDER,
        (MailKind::Paid, _) => &texts::MAIL_PAID,
        (MailKind::Shipped, true) => &texts::MAIL_COLLECTED,
        (MailKind::Shipped, false) => &texts::MAIL_SENT,
        (MailKind::Cancelled, _) if view.order.state == "expired" => &texts::MAIL_EXPIRED,
        (MailKind::Cancelled, _) => &texts::MAIL_CANCELLED,
    };
    one_line(&release.say(text, &[("number", &view.order.number), ("shop", &release.settings().name)]))
}

/// A header is one line, whatever a name in a file holds.
fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// Seconds until the next try after this many, from three to five quarters of a time that doubles.
fn delay(attempts: i64, random: u16) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 16)).unwrap_or(16);
    let middle =
        DELAY_SECONDS.saturating_mul(1_i64.checked_shl(doublings).unwrap_or(1)).min(DELAY_SECONDS_MAX);
    let quarter = middle.div_euclid(4);
    let spread = quarter.saturating_mul(2).saturating_mul(i64::from(random)).div_euclid(i64::from(u16::MAX));
    middle.saturating_sub(quarter).saturating_add(spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_longer_each_time_and_never_forever() {
        let least = [1, 2, 3, 12].map(|tries| delay(tries, 0));
        let most = [1, 2, 3, 12].map(|tries| delay(tries, u16::MAX));
        assert_eq!(least, [45, 90, 180, DELAY_SECONDS_MAX / 4 * 3]);
        assert_eq!(most, [75, 150, 300, DELAY_SECONDS_MAX / 4 * 5]);
    }
}

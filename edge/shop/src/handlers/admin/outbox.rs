//! `/admin/outbox/`: messages that could not be sent, and what is to become of them.

use axum::response::Response;
use http::StatusCode;

use super::staff_view;
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::form::Fields;
use crate::order::OrderId;
use crate::ports::DbError;
use crate::query::Query;
use crate::request::Visit;
use crate::respond::{flushing, link, meta, notice, page, refuse, see_other};
use crate::session;
use crate::store::notices;
use crate::store::outbox::{self, DeadRow, MailKind, Payload, WaitingRow};
use crate::store::settling::must_have_changed;
use crate::store::stock;
use crate::views::{AdminOutboxPage, LetterView, NoticeKind};

/// Messages on the page; the oldest come first, so that the others come up in their turn.
const PAGE: i64 = 50;

/// `GET /admin/outbox/`
pub(crate) async fn list(visit: Visit, query: Query) -> Result<Response, Error> {
    let statements = vec![outbox::waiting(), outbox::dead_letters(PAGE)];
    let (staff, mut answers) = session::staff(&visit, "/admin/outbox/", statements).await?;
    let waiting = answers.first::<WaitingRow>()?;
    let letters = answers.all::<DeadRow>()?;
    let done = match query.get("done") {
        "again" => Some("It is tried again now, and again later if need be."),
        "give-up" => Some("Given up. Nobody gets this message."),
        _ => None,
    };
    let oldest = waiting.as_ref().filter(|row| row.waiting > 0).map(|row| row.oldest);
    let number = |read: fn(&WaitingRow) -> i64| waiting.as_ref().map_or(0, read);
    let view = AdminOutboxPage {
        meta: meta("Outbox"),
        staff: staff_view(&staff),
        notices: done.map(|text| notice(NoticeKind::Success, text)).into_iter().collect(),
        waiting: number(|row| row.waiting),
        failing: number(|row| row.failing),
        oldest: oldest.map_or_else(String::new, |oldest| age(visit.now().saturating_sub(oldest))),
        dead: number(|row| row.dead),
        letters: letters.iter().map(letter).collect(),
    };
    page(&*visit.release().await?, StatusCode::OK, "admin/outbox.html", &view)
}

/// `POST /admin/outbox/`: `id`, and `decision`, which is `again` or `give-up`.
pub(crate) async fn decide(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["id", "decision"], None)?;
    let (staff, _) = session::staff(&visit, "/admin/outbox/", vec![]).await?;
    let strange = || Error::StrangeForm("a decision that the outbox does not offer".to_owned());
    let id: i64 = fields.get("id").parse().map_err(|_| strange())?;
    let (mut batch, action) = match fields.get("decision") {
        "again" => (vec![outbox::again(id, visit.now())], "outbox.again"),
        "give-up" => (vec![outbox::give_up(id, visit.now())], "outbox.give_up"),
        _ => return Err(strange()),
    };
    batch.push(must_have_changed());
    if action == "outbox.give_up" {
        batch.push(notices::forget_recipient(id));
    }
    batch.push(stock::audit(staff.id(), action, &id.to_string(), String::new(), visit.now()));
    match visit.batch(batch).await {
        Ok(_) => Ok(flushing(see_other(&format!("/admin/outbox/?done={}", fields.get("decision")))?)),
        Err(DbError::Constraint(_)) => {
            let ways = vec![link("To the outbox", "/admin/outbox/")];
            let sentence =
                "Somebody decided about this message in the meantime, or there is no such message.";
            Err(refuse(StatusCode::CONFLICT, "This was decided already", sentence, ways))
        }
        Err(error) => Err(error.into()),
    }
}

fn letter(row: &DeadRow) -> LetterView {
    let payload = serde_json::from_str::<Payload>(&row.payload).ok();
    let what = match payload.as_ref().map(|payload| payload.mail) {
        Some(MailKind::Received) => "Mail: order received",
        Some(MailKind::Reminder) => "Mail: payment reminder",
        Some(MailKind::Paid) => "Mail: payment received",
        Some(MailKind::Shipped) => "Mail: goods sent",
        Some(MailKind::Cancelled) => "Mail: order ended",
        None if row.kind == "notice" => "Mail: goods are back",
        None => row.kind.as_str(),
    };
    let order = payload.and_then(|payload| OrderId::parse(&payload.order));
    LetterView {
        id: row.id,
        what: what.to_owned(),
        order_url: order.map_or_else(String::new, |id| format!("/admin/orders/{}/", id.as_str())),
        cause: row.cause.clone(),
        attempts: row.attempts,
        at: row.created_at,
    }
}

/// A time that passed, in words and roughly.
fn age(seconds: i64) -> String {
    let minutes = seconds.max(0).div_euclid(60);
    let (count, unit) = match minutes {
        0 => return "less than a minute".to_owned(),
        1..=119 => (minutes, "minute"),
        120..=2_879 => (minutes.div_euclid(60), "hour"),
        _ => (minutes.div_euclid(1_440), "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

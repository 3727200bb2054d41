//! Messages from Stripe: which ones matter, and what they say.

use serde_json::Value;

use super::session::{Session, Status};

/// A message that concerns us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// `evt_…`
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) live: bool,
    /// What it says; nothing if it is of a kind that we do not need.
    pub(crate) news: Option<News>,
}

/// Something that is so at Stripe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// A session is as it is.
    Session(Session),
    /// A refund is as it is.
    Refund(Refund),
    /// Something was refunded of this payment; the refunds have to be read.
    Refunded(String),
    /// A bank takes a payment back, or has decided whether it does.
    Dispute(Dispute),
}

/// Where a refund is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefundStatus {
    Pending,
    Succeeded,
    Failed,
}

/// What Stripe says of a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refund {
    /// `re_…`
    pub(crate) id: String,
    /// `pi_…`
    pub(crate) payment: String,
    pub(crate) amount: i64,
    pub(crate) status: RefundStatus,
    /// Our id of it; empty if somebody made it without us.
    pub(crate) ours: String,
}

/// What Stripe says of a dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dispute {
    pub(crate) id: String,
    pub(crate) payment: String,
    pub(crate) amount: i64,
    pub(crate) status: String,
    pub(crate) reason: String,
    pub(crate) closed: bool,
}

impl Message {
    /// Reads a message; `None` if it is none.
    pub(crate) fn read(value: &Value) -> Option<Message> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let (id, kind) = (text("id")?, text("type")?);
        let object = value.pointer("/data/object")?;
        Some(Message {
            id: Some(id).filter(|id| plain(id))?.to_owned(),
            kind: Some(kind).filter(|kind| plain(kind))?.to_owned(),
            live: value.get("livemode").and_then(Value::as_bool)?,
            news: news(kind, object),
        })
    }

    /// The id of what it is about, for the books.
    pub(crate) fn object_id(&self) -> &str {
        match &self.news {
            Some(News::Session(session)) => &session.id,
            Some(News::Refund(refund)) => &refund.id,
            Some(News::Refunded(payment)) => payment,
            Some(News::Dispute(dispute)) => &dispute.id,
            None => "",
        }
    }
}

/// Names as Stripe makes them: nothing that could forge a line of a log.
fn plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn news(kind: &str, object: &Value) -> Option<News> {
    match kind {
        "checkout.session.completed"
        | "checkout.session.async_payment_succeeded"
        | "checkout.session.expired" => Session::read(object).map(News::Session),
        "checkout.session.async_payment_failed" => {
            let session = Session::read(object)?;
            // The session itself says no more than that it is not paid.
            let status = if session.status == Status::Waiting { Status::Failed } else { session.status };
            Some(News::Session(Session { status, ..session }))
        }
        "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
            Refund::read(object).map(News::Refund)
        }
        "charge.refunded" => payment(object).map(News::Refunded),
        "charge.dispute.created" | "charge.dispute.updated" | "charge.dispute.closed" => {
            Dispute::read(object, kind.ends_with("closed")).map(News::Dispute)
        }
        _ => None,
    }
}

fn payment(object: &Value) -> Option<String> {
    let text = |path: &str| object.pointer(path).and_then(Value::as_str);
    let id = text("/payment_intent").or_else(|| text("/payment_intent/id"))?;
    Some(id).filter(|id| plain(id)).map(str::to_owned)
}

impl Refund {
    /// Reads a refund; `None` if it is none.
    pub(crate) fn read(value: &Value) -> Option<Refund> {
        let text = |path: &str| value.pointer(path).and_then(Value::as_str).unwrap_or_default();
        Some(Refund {
            id: Some(text("/id")).filter(|id| plain(id))?.to_owned(),
            payment: payment(value)?,
            amount: value.get("amount").and_then(Value::as_i64)?,
            status: match text("/status") {
                "succeeded" => RefundStatus::Succeeded,
                "failed" | "canceled" => RefundStatus::Failed,
                "pending" | "requires_action" => RefundStatus::Pending,
                _ => return None,
            },
            ours: text("/metadata/refund").to_owned(),
        })
    }
}

impl Dispute {
    fn read(value: &Value, closed: bool) -> Option<Dispute> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        Some(Dispute {
            id: Some(text("id")).filter(|id| plain(id))?.to_owned(),
            payment: payment(value)?,
            amount: value.get("amount").and_then(Value::as_i64).filter(|amount| *amount >= 0)?,
            status: Some(text("status")).filter(|status| plain(status))?.to_owned(),
            reason: Some(text("reason")).filter(|reason| plain(reason)).unwrap_or("unknown").to_owned(),
            closed,
        })
    }
}

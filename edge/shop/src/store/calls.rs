//! Calls to Stripe that are due, in the same outbox as mails.

use serde::{Deserialize, Serialize};

use crate::ports::Statement;
use crate::store::outbox::LEASE_SECONDS;

/// The most calls of one round.
const ROUND_MAX: i64 = 20;

/// A call that is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub(crate) enum Call {
    /// Give money back: our id of the refund.
    Refund { refund: String },
    /// Give stray money back: the id of the payment.
    RefundStray { payment: String },
    /// Look at the refunds of a payment.
    Look { payment: String },
    /// Compare the books with Stripe's.
    Compare,
}

fn put(dedupe: String, kind: &'static str, call: &Call, due_at: i64) -> Statement {
    let payload = serde_json::to_string(call).unwrap_or_default();
    Statement::new(
        "insert into outbox(dedupe, kind, payload, due_at) values(?1, ?2, ?3, ?4)",
        [dedupe.into(), kind.into(), payload.into(), due_at.into()],
    )
}

/// Money goes back.
pub(crate) fn refund(refund: &str, now: i64) -> Statement {
    put(format!("refund:{refund}"), "stripe", &Call::Refund { refund: refund.to_owned() }, now)
}

/// Stray money goes back.
pub(crate) fn refund_stray(payment: &str, now: i64) -> Statement {
    put(format!("refund-stray:{payment}"), "stripe", &Call::RefundStray { payment: payment.to_owned() }, now)
}

/// The refunds of a payment are to be read because of this message.
pub(crate) fn look(event: &str, payment: &str, now: i64) -> Statement {
    put(format!("look:{event}"), "stripe", &Call::Look { payment: payment.to_owned() }, now)
}

/// The comparison of a day, unless it is noted already.
pub(crate) fn compare(day: i64, due_at: i64) -> Statement {
    let payload = serde_json::to_string(&Call::Compare).unwrap_or_default();
    Statement::new(
        "insert into outbox(dedupe, kind, payload, due_at) select ?1, 'stripe', ?2, ?3 where not exists (select 1 from outbox where dedupe = ?1)",
        [format!("compare:{day}").into(), payload.into(), due_at.into()],
    )
}

/// Leases what is due. Whoever runs at the same time gets other rows.
pub(crate) fn lease(now: i64) -> Statement {
    Statement::new(
        "update outbox set lease_until = ?2, attempts = attempts + 1 where id in (
           select id from outbox where state = 'new' and kind = 'stripe' and due_at <= ?1 and lease_until <= ?1 order by due_at, id limit ?3)
         returning id, dedupe, payload, attempts",
        [now.into(), now.saturating_add(LEASE_SECONDS).into(), ROUND_MAX.into()],
    )
}

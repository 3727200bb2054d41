//! The outbox: mails that are due. A row names the order; addresses and texts are read when the mail is sent, so
//! erasing a customer leaves nothing here.

use serde::{Deserialize, Serialize};

use crate::ports::Statement;

/// How long a sender may take before another may try, in seconds.
pub(super) const LEASE_SECONDS: i64 = 120;

/// The most mails of one round.
const ROUND_MAX: i64 = 20;

/// Tries before a mail is given up.
pub(crate) const TRIES_MAX: i64 = 12;

/// Why a customer gets a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailKind {
    Received,
    Paid,
    Shipped,
    Cancelled,
    Refunded,
}

impl MailKind {
    /// As templates are called.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            MailKind::Received => "received",
            MailKind::Paid => "paid",
            MailKind::Shipped => "shipped",
            MailKind::Cancelled => "cancelled",
            MailKind::Refunded => "refunded",
        }
    }
}

/// What is sent: a mail of this kind about this order.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub(crate) mail: MailKind,
    pub(crate) order: String,
    /// The refund it is about.
    #[serde(default)]
    pub(crate) refund: String,
}

/// A message that this round has leased.
#[derive(Debug)]
pub(crate) struct MessageRow {
    pub(crate) id: i64,
    pub(crate) dedupe: String,
    pub(crate) payload: String,
    pub(crate) attempts: i64,
}
crate::ports::from_row!(MessageRow { dedupe, payload; id, attempts });

/// Puts a mail into the outbox; the same mail about the same order only once.
pub(crate) fn mail(kind: MailKind, order: &str, now: i64) -> Statement {
    let payload = serde_json::json!({ "mail": kind.as_str(), "order": order }).to_string();
    Statement::new(
        "insert into outbox(dedupe, kind, payload, due_at) values(?1, 'mail', ?2, ?3)",
        [format!("mail:{}:{order}", kind.as_str()).into(), payload.into(), now.into()],
    )
}

/// The mail about a refund.
pub(crate) fn refund_mail(order: &str, refund: &str, now: i64) -> Statement {
    let kind = MailKind::Refunded.as_str();
    let payload = serde_json::json!({ "mail": kind, "order": order, "refund": refund }).to_string();
    Statement::new(
        "insert into outbox(dedupe, kind, payload, due_at) values(?1, 'mail', ?2, ?3)",
        [format!("mail:{kind}:{refund}").into(), payload.into(), now.into()],
    )
}

/// Leases what is due. Whoever runs at the same time gets other rows.
pub(crate) fn lease(now: i64) -> Statement {
    Statement::new(
        "update outbox set lease_until = ?2, attempts = attempts + 1 where id in (
           select id from outbox where state = 'new' and kind = 'mail' and due_at <= ?1 and lease_until <= ?1 order by due_at, id limit ?3)
         returning id, dedupe, payload, attempts",
        [now.into(), now.saturating_add(LEASE_SECONDS).into(), ROUND_MAX.into()],
    )
}

/// The message went out.
pub(crate) fn done(id: i64) -> Statement {
    Statement::new("update outbox set state = 'done' where id = ?1", [id.into()])
}

/// The message did not go out; it is due again later.
pub(crate) fn later(id: i64, due_at: i64) -> Statement {
    Statement::new(
        "update outbox set due_at = ?2, lease_until = 0 where id = ?1 and state = 'new'",
        [id.into(), due_at.into()],
    )
}

/// The message is given up.
pub(crate) fn dead(id: i64) -> Statement {
    Statement::new("update outbox set state = 'dead' where id = ?1 and state = 'new'", [id.into()])
}

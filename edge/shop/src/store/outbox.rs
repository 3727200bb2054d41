//! The outbox: messages that are due. A row names what it is about; addresses and texts are read when it is sent, so
//! erasing a customer leaves nothing here.

use serde::{Deserialize, Serialize};

use crate::ports::Statement;

/// How long a sender may take before another may try, in seconds.
const LEASE_SECONDS: i64 = 300;

/// Seconds after which a sender begins no further message, so that it is done before its leases end.
pub(crate) const SENDING_SECONDS: i64 = 120;

/// The most messages of one round.
const ROUND_MAX: i64 = 20;

/// Tries before a message is given up.
pub(crate) const TRIES_MAX: i64 = 12;

/// The most characters of a cause that are kept.
const CAUSE_CHARS_MAX: usize = 300;

/// Why a customer gets a mail about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailKind {
    Received,
    /// The term of payment ends soon.
    Reminder,
    Paid,
    Shipped,
    Cancelled,
}

impl MailKind {
    /// As templates are called.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            MailKind::Received => "received",
            MailKind::Reminder => "reminder",
            MailKind::Paid => "paid",
            MailKind::Shipped => "shipped",
            MailKind::Cancelled => "cancelled",
        }
    }

    /// The kind of row. Code of a release before takes the kinds that it knows and leaves the others.
    fn row(self) -> &'static str {
        match self {
            MailKind::Reminder => "reminder",
            MailKind::Received | MailKind::Paid | MailKind::Shipped | MailKind::Cancelled => "mail",
        }
    }
}

/// What is sent: a mail of this kind about this order.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub(crate) mail: MailKind,
    pub(crate) order: String,
}

/// A message that this round has leased.
#[derive(Debug)]
pub(crate) struct MessageRow {
    pub(crate) id: i64,
    pub(crate) dedupe: String,
    pub(crate) kind: String,
    pub(crate) payload: String,
    /// Which try this is. It also tells this lease from a later one.
    pub(crate) attempts: i64,
}
crate::ports::from_row!(MessageRow { dedupe, kind, payload; id, attempts });

/// Puts a mail into the outbox; the same mail about the same order only once.
pub(crate) fn mail(kind: MailKind, order: &str, now: i64) -> Statement {
    let payload = serde_json::json!({ "mail": kind.as_str(), "order": order }).to_string();
    Statement::new(
        "insert into outbox(dedupe, kind, payload, due_at, created_at) values(?1, ?4, ?2, ?3, ?3)",
        [format!("mail:{}:{order}", kind.as_str()).into(), payload.into(), now.into(), kind.row().into()],
    )
}

/// Leases what is due. Whoever runs at the same time gets other rows.
pub(crate) fn lease(now: i64) -> Statement {
    Statement::new(
        "update outbox set lease_until = ?2, attempts = attempts + 1 where id in (
           select id from outbox where state = 'new' and kind in ('mail', 'reminder', 'notice') and due_at <= ?1 and lease_until <= ?1
           order by due_at, id limit ?3)
         returning id, dedupe, kind, payload, attempts",
        [now.into(), now.saturating_add(LEASE_SECONDS).into(), ROUND_MAX.into()],
    )
}

/// The message went out. That holds whoever has leased it in the meantime.
pub(crate) fn done(id: i64) -> Statement {
    Statement::new("update outbox set state = 'done', cause = '' where id = ?1", [id.into()])
}

/// The message did not go out; it is due again later. Nothing happens if somebody else has it by now.
pub(crate) fn later(message: &MessageRow, due_at: i64, cause: &str) -> Statement {
    Statement::new(
        "update outbox set due_at = ?3, lease_until = 0, cause = ?4 where id = ?1 and attempts = ?2 and state = 'new'",
        [message.id.into(), message.attempts.into(), due_at.into(), short(cause).into()],
    )
}

/// The message was leased and not tried.
pub(crate) fn untried(message: &MessageRow) -> Statement {
    Statement::new(
        "update outbox set lease_until = 0, attempts = attempts - 1 where id = ?1 and attempts = ?2 and state = 'new'",
        [message.id.into(), message.attempts.into()],
    )
}

/// The message is given up until a person looks at it.
pub(crate) fn dead(message: &MessageRow, cause: &str) -> Statement {
    Statement::new(
        "update outbox set state = 'dead', cause = ?3 where id = ?1 and attempts = ?2 and state = 'new'",
        [message.id.into(), message.attempts.into(), short(cause).into()],
    )
}

fn short(cause: &str) -> String {
    cause.chars().take(CAUSE_CHARS_MAX).collect()
}

/// How much waits, since when, and how much was given up.
#[derive(Debug)]
pub(crate) struct WaitingRow {
    pub(crate) waiting: i64,
    pub(crate) failing: i64,
    pub(crate) dead: i64,
    /// When the oldest was put in; 0 if nothing waits.
    pub(crate) oldest: i64,
}
crate::ports::from_row!(WaitingRow { ; waiting, failing, dead, oldest });

/// What waits. Rows of a release that did not write `created_at` count from when they are due.
pub(crate) fn waiting() -> Statement {
    Statement::new(
        "select count(*) as waiting, ifnull(sum(attempts > 0), 0) as failing,
           (select count(*) from outbox where state = 'dead' and given_up_at is null) as dead,
           ifnull(min(iif(created_at = 0, due_at, created_at)), 0) as oldest
         from outbox where state = 'new'",
        [],
    )
}

/// A message that was given up.
#[derive(Debug)]
pub(crate) struct DeadRow {
    pub(crate) id: i64,
    pub(crate) kind: String,
    pub(crate) payload: String,
    pub(crate) cause: String,
    pub(crate) attempts: i64,
    pub(crate) created_at: i64,
}
crate::ports::from_row!(DeadRow { kind, payload, cause; id, attempts, created_at });

/// Messages that wait for a person, the oldest first.
pub(crate) fn dead_letters(limit: i64) -> Statement {
    Statement::new(
        "select id, kind, payload, cause, attempts, iif(created_at = 0, due_at, created_at) as created_at
         from outbox where state = 'dead' and given_up_at is null order by id limit ?1",
        [limit.into()],
    )
}

/// A person wants the message tried again, with all its tries.
pub(crate) fn again(id: i64, now: i64) -> Statement {
    Statement::new(
        "update outbox set state = 'new', due_at = ?2, lease_until = 0, attempts = 0
         where id = ?1 and state = 'dead' and given_up_at is null",
        [id.into(), now.into()],
    )
}

/// A person decides that the message need not go out.
pub(crate) fn give_up(id: i64, now: i64) -> Statement {
    Statement::new(
        "update outbox set given_up_at = ?2 where id = ?1 and state = 'dead' and given_up_at is null",
        [id.into(), now.into()],
    )
}

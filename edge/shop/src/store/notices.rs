//! Who wants to know when goods are back. A row is all that is kept of somebody, and it goes with the mail.

use ipswich_catalog::Sku;

use crate::ports::Statement;
use crate::store::attempts::TRIES_MAX;
use crate::store::outbox::MessageRow;
use crate::token::Id;

/// Notices of one SKU that one round puts into the outbox.
const ROUND_MAX: i64 = 50;

/// Seconds after which nobody waits any longer: a year.
const KEPT_SECONDS: i64 = 365 * 86_400;

/// A wish to be told.
pub(crate) struct NewNotice<'a> {
    pub(crate) id: &'a Id,
    pub(crate) sku: &'a Sku,
    pub(crate) email: &'a str,
    pub(crate) email_key: &'a str,
    pub(crate) language: &'a str,
    /// What is there if nobody has bought the SKU yet.
    pub(crate) opening: u32,
    /// The counters that must not be above the limit.
    pub(crate) counters: [&'a str; 2],
    pub(crate) now: i64,
}

/// A notice as it is sent.
#[derive(Debug)]
pub(crate) struct NoticeRow {
    pub(crate) id: String,
    pub(crate) sku: String,
    pub(crate) email: String,
    pub(crate) language: String,
}
crate::ports::from_row!(NoticeRow { id, sku, email, language; });

/// Keeps the wish: once for each address and SKU, only while nothing is there, and only within the limit of tries.
pub(crate) fn ask(notice: &NewNotice<'_>) -> Statement {
    let [one, two] = notice.counters;
    Statement::new(
        "insert into stock_notice(id, sku, email, email_key, language, created_at)
         select ?1, ?2, ?3, ?4, ?5, ?6
         where not exists (select 1 from sign_in where account in (?7, ?8) and tries > ?9 and until > ?6)
           and ifnull((select on_hand - reserved from stock where sku = ?2), ?10) <= 0
         on conflict(sku, email_key) do nothing",
        [
            notice.id.as_str().into(),
            notice.sku.as_str().into(),
            notice.email.into(),
            notice.email_key.into(),
            notice.language.into(),
            notice.now.into(),
            one.into(),
            two.into(),
            TRIES_MAX.into(),
            i64::from(notice.opening).into(),
        ],
    )
}

/// Forgets the wish.
pub(crate) fn stop(id: &str) -> Statement {
    Statement::new("delete from stock_notice where id = ?1", [id.into()])
}

/// Forgets whom a message was for, once it went out or was given up.
pub(crate) fn forget_recipient(message: i64) -> Statement {
    Statement::new(
        "delete from stock_notice where id = (select payload->>'$.notice' from outbox where id = ?1 and kind = 'notice')",
        [message.into()],
    )
}

/// The notice a message is about.
pub(crate) fn of_message(message: &MessageRow) -> Statement {
    Statement::new(
        "select id, sku, email, language from stock_notice where id = json_extract(?1, '$.notice')",
        [message.payload.as_str().into()],
    )
}

/// SKUs that became available while somebody waited for them.
pub(crate) fn back(limit: i64) -> Statement {
    Statement::new("select sku as id from stock_back limit ?1", [limit.into()])
}

/// Puts a round of notices of a SKU into the outbox, those first who asked first. The SKU is done when nobody waits
/// any longer, or nothing is left.
pub(crate) fn queue(sku: &str, now: i64) -> Vec<Statement> {
    vec![
        Statement::new(
            "update stock_notice set queued_at = ?2
             where id in (select id from stock_notice where sku = ?1 and queued_at is null order by created_at limit ?3)
               and exists (select 1 from stock where sku = ?1 and on_hand > reserved)",
            [sku.into(), now.into(), ROUND_MAX.into()],
        ),
        Statement::new(
            "insert into outbox(dedupe, kind, payload, due_at, created_at)
             select 'notice:' || n.id, 'notice', json_object('notice', n.id), ?2, ?2 from stock_notice n
             where n.sku = ?1 and n.queued_at = ?2 and not exists (select 1 from outbox o where o.dedupe = 'notice:' || n.id)",
            [sku.into(), now.into()],
        ),
        Statement::new(
            "delete from stock_back where sku = ?1
               and (not exists (select 1 from stock where sku = ?1 and on_hand > reserved)
                 or not exists (select 1 from stock_notice where sku = ?1 and queued_at is null))",
            [sku.into()],
        ),
    ]
}

/// Forgets those who have waited too long.
pub(crate) fn purge(now: i64) -> Statement {
    Statement::new(
        "delete from stock_notice where created_at < ?1",
        [now.saturating_sub(KEPT_SECONDS).into()],
    )
}

//! Money that goes back, and goods that come back.

use serde::Serialize;

use crate::ports::Statement;
use crate::store::settling::{Act, must_have_changed};
use crate::store::{calls, outbox, stock};

/// A refund that staff asks for.
pub(crate) struct NewRefund<'a> {
    /// The key of the form: the same form twice is one refund.
    pub(crate) id: &'a str,
    pub(crate) amount: i64,
    pub(crate) reason: &'a str,
    pub(crate) lines: &'a [NewLine<'a>],
    /// Whether Stripe sends the money; staff has done it otherwise.
    pub(crate) by_card: bool,
}

/// Pieces of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct NewLine<'a> {
    pub(crate) sku: &'a str,
    pub(crate) qty: u32,
    pub(crate) amount: i64,
    /// Whether they are back on the shelf.
    pub(crate) restock: u8,
}

/// The batch. More than was paid breaks a `CHECK`, more pieces than were sold a trigger.
pub(crate) fn request(act: &Act<'_>, refund: &NewRefund<'_>) -> Vec<Statement> {
    let lines = serde_json::to_string(refund.lines).unwrap_or_default();
    let provider = if refund.by_card { "stripe" } else { "offline" };
    let mut batch = vec![
        Statement::new(
            "insert into refund(id, order_id, amount, at, provider, staff, reason) values(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            [
                refund.id.into(),
                act.order.into(),
                refund.amount.into(),
                act.now.into(),
                provider.into(),
                act.staff.into(),
                refund.reason.into(),
            ],
        ),
        // Nothing goes back of an order that was not paid the same way.
        Statement::new(
            "insert into must(state) select null where not exists (select 1 from payment where order_id = ?1 and kind = 'capture' and provider = ?2)",
            [act.order.into(), provider.into()],
        ),
        Statement::new(
            "insert into refund_line(refund_id, order_id, sku, qty, amount, restock)
             select ?1, ?2, value->>'$.sku', value->>'$.qty', value->>'$.amount', value->>'$.restock' from json_each(?3)",
            [refund.id.into(), act.order.into(), lines.into()],
        ),
        Statement::new(
            "insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, reason, at)
             select sku, 'restock', refund_id, qty, 0, ?2, ?3 from refund_line where refund_id = ?1 and restock = 1",
            [refund.id.into(), refund.reason.into(), act.now.into()],
        ),
        stock::audit(
            act.staff,
            "order.refunded",
            act.order,
            format!("{} {} {}", refund.id, refund.amount, refund.reason),
            act.now,
        ),
    ];
    if refund.by_card {
        batch.push(calls::refund(refund.id, act.now));
    } else {
        batch.extend(succeeded(refund.id, act.order, None, act.now));
    }
    batch
}

/// The money went back. An order of which all is back is refunded.
pub(crate) fn succeeded(refund: &str, order: &str, provider_ref: Option<&str>, now: i64) -> Vec<Statement> {
    vec![
        Statement::new(
            "update refund set state = 'succeeded', provider_ref = ifnull(?2, provider_ref), settled_at = ?3 where id = ?1 and state = 'requested'",
            [refund.into(), provider_ref.into(), now.into()],
        ),
        must_have_changed(),
        Statement::new(
            "update orders set state = 'refunded' where id = ?1 and state in ('paid', 'fulfilled')
             and captured = (select sum(amount) from refund where order_id = ?1 and state = 'succeeded')",
            [order.into()],
        ),
        Statement::new(
            "insert into order_event(order_id, kind, actor, detail, at) select ?1, 'refunded', 'shop', ?2, ?3 where changes() = 1",
            [order.into(), refund.into(), now.into()],
        ),
        outbox::refund_mail(order, refund, now),
    ]
}

/// The bank took the money of a refund and waits.
pub(crate) fn underway(refund: &str, provider_ref: &str) -> Statement {
    Statement::new(
        "update refund set provider_ref = ?2 where id = ?1 and state = 'requested'",
        [refund.into(), provider_ref.into()],
    )
}

/// The money did not go back, and may be given back once more. An order that was refunded is as it was before.
pub(crate) fn failed(refund: &str, order: &str, provider_ref: Option<&str>, now: i64) -> Vec<Statement> {
    vec![
        Statement::new(
            "update refund set state = 'failed', provider_ref = ifnull(?2, provider_ref), settled_at = ?3 where id = ?1 and state <> 'failed'",
            [refund.into(), provider_ref.into(), now.into()],
        ),
        must_have_changed(),
        Statement::new(
            "update orders set state = iif(exists(select 1 from shipment where order_id = ?1), 'fulfilled', 'paid') where id = ?1 and state = 'refunded'",
            [order.into()],
        ),
    ]
}

/// A refund that was made at Stripe without us.
pub(crate) fn found(id: &str, order: &str, amount: i64, now: i64) -> Statement {
    Statement::new(
        "insert into refund(id, order_id, amount, at, provider, provider_ref, reason) values(?1, ?2, ?3, ?4, 'stripe', ?1, 'Made at Stripe')",
        [id.into(), order.into(), amount.into(), now.into()],
    )
}

/// Stray money went back.
pub(crate) fn stray_returned(payment: &str, provider_ref: &str, now: i64) -> Statement {
    Statement::new(
        "update payment set returned_at = ?3, return_ref = ?2 where provider = 'stripe' and ref = ?1 and kind = 'stray' and returned_at is null",
        [payment.into(), provider_ref.into(), now.into()],
    )
}

/// Stray money did not go back after all.
pub(crate) fn stray_kept(payment: &str) -> Statement {
    Statement::new(
        "update payment set returned_at = null where provider = 'stripe' and ref = ?1 and kind = 'stray'",
        [payment.into()],
    )
}

/// What a call to Stripe needs to know of a refund.
pub(crate) struct DueRow {
    pub(crate) state: String,
    pub(crate) payment: String,
    pub(crate) amount: i64,
    pub(crate) at: i64,
}
crate::ports::from_row!(DueRow { state, payment; amount, at });

/// A refund and the payment it is of.
pub(crate) fn due(refund: &str) -> Statement {
    Statement::new(
        "select r.state, p.ref as payment, r.amount, r.at from refund r
         join payment p on p.order_id = r.order_id and p.kind = 'capture' and p.provider = 'stripe' where r.id = ?1",
        [refund.into()],
    )
}

/// A refund as the books have it.
pub(crate) struct KnownRow {
    pub(crate) provider_ref: String,
    pub(crate) state: String,
}
crate::ports::from_row!(KnownRow { provider_ref, state;  });

/// Refunds by Stripe's ids, a JSON array; those of stray money too.
pub(crate) fn known(refs: String) -> Statement {
    Statement::new(
        "select provider_ref, state from refund where provider_ref in (select value from json_each(?1))",
        [refs.into()],
    )
}

/// Whether a refund was written: tells a batch that was sent twice from a real conflict.
pub(crate) fn is_written(refund: &str, order: &str, amount: i64) -> Statement {
    Statement::new(
        "select id from refund where id = ?1 and order_id = ?2 and amount = ?3",
        [refund.into(), order.into(), amount.into()],
    )
}

//! What happens to an order after it was placed: paid, shipped, cancelled, expired. Each is one batch that fails as
//! a whole if the order is not in the state it needs.

use crate::ports::Statement;
use crate::store::{outbox, stock};

/// A staff member acting on an order.
pub(crate) struct Act<'a> {
    pub(crate) order: &'a str,
    pub(crate) staff: &'a str,
    pub(crate) now: i64,
}

/// Aborts the batch unless the statement before changed exactly one row.
pub(crate) fn must_have_changed() -> Statement {
    Statement::new("insert into must(state) select null where changes() <> 1", [])
}

/// Takes the held goods out of the stock for good. Amounts are those of the reservation, never passed in.
fn claim(order: &str, now: i64) -> Statement {
    Statement::new(
        "insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, at)
         select sku, 'claim', ref, -d_reserved, -d_reserved, ?2 from stock_ledger where ref = ?1 and slot = 'reserve'",
        [order.into(), now.into()],
    )
}

/// Gives the held goods back.
fn release(order: &str, now: i64) -> Statement {
    Statement::new(
        "insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, at)
         select sku, 'release', ref, 0, -d_reserved, ?2 from stock_ledger where ref = ?1 and slot = 'reserve'",
        [order.into(), now.into()],
    )
}

fn staff_event(act: &Act<'_>, kind: &'static str, detail: &str) -> Statement {
    Statement::new(
        "insert into order_event(order_id, kind, actor, staff, detail, at) values(?1, ?2, 'staff', ?3, ?4, ?5)",
        [act.order.into(), kind.into(), act.staff.into(), detail.into(), act.now.into()],
    )
}

fn shop_event(order: &str, kind: &'static str, now: i64) -> Statement {
    Statement::new(
        "insert into order_event(order_id, kind, actor, at) values(?1, ?2, 'shop', ?3)",
        [order.into(), kind.into(), now.into()],
    )
}

/// Money has arrived at the bank or the till. The receipt number can be booked once.
pub(crate) fn paid(act: &Act<'_>, reference: &str) -> Vec<Statement> {
    vec![
        Statement::new(
            "insert into payment(provider, ref, kind, order_id, amount, currency, at)
             select 'offline', ?2, 'capture', id, total, currency, ?3 from orders where id = ?1",
            [act.order.into(), reference.into(), act.now.into()],
        ),
        Statement::new(
            "update orders set state = 'paid', captured = total where id = ?1 and state = 'pending'",
            [act.order.into()],
        ),
        must_have_changed(),
        claim(act.order, act.now),
        Statement::new("update coupon_use set state = 'used' where order_id = ?1", [act.order.into()]),
        outbox::mail(outbox::MailKind::Paid, act.order, act.now),
        staff_event(act, "paid", reference),
        stock::audit(act.staff, "order.paid", act.order, reference.to_owned(), act.now),
    ]
}

/// The same for an order that costs nothing, as part of placing it.
pub(crate) fn paid_without_money(order: &str, now: i64) -> Vec<Statement> {
    vec![
        Statement::new(
            "update orders set state = 'paid' where id = ?1 and state = 'pending' and total = 0",
            [order.into()],
        ),
        must_have_changed(),
        claim(order, now),
        Statement::new("update coupon_use set state = 'used' where order_id = ?1", [order.into()]),
        outbox::mail(outbox::MailKind::Paid, order, now),
        shop_event(order, "paid", now),
    ]
}

/// Carrier and tracking number as the history keeps them.
pub(crate) fn shipment_detail(carrier: &str, tracking: &str) -> String {
    [carrier, tracking].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The goods have left, or were fetched.
pub(crate) fn shipped(act: &Act<'_>, carrier: &str, tracking: &str) -> Vec<Statement> {
    let detail = shipment_detail(carrier, tracking);
    vec![
        Statement::new(
            "update orders set state = 'fulfilled' where id = ?1 and state = 'paid'",
            [act.order.into()],
        ),
        must_have_changed(),
        Statement::new(
            "insert into shipment(order_id, carrier, tracking, at) values(?1, ?2, ?3, ?4)",
            [act.order.into(), carrier.into(), tracking.into(), act.now.into()],
        ),
        outbox::mail(outbox::MailKind::Shipped, act.order, act.now),
        staff_event(act, "fulfilled", &detail),
        stock::audit(act.staff, "order.shipped", act.order, detail, act.now),
    ]
}

/// Staff gives up an order that was not paid.
pub(crate) fn cancelled(act: &Act<'_>) -> Vec<Statement> {
    vec![
        Statement::new(
            "update orders set state = 'cancelled' where id = ?1 and state = 'pending'",
            [act.order.into()],
        ),
        must_have_changed(),
        release(act.order, act.now),
        stock::fill_after(act.order, act.now),
        Statement::new("update coupon_use set state = 'released' where order_id = ?1", [act.order.into()]),
        outbox::mail(outbox::MailKind::Cancelled, act.order, act.now),
        staff_event(act, "cancelled", ""),
        stock::audit(act.staff, "order.cancelled", act.order, String::new(), act.now),
    ]
}

/// The term of an order has ended without a payment. Only orders without a payment provider end by our clock.
pub(crate) fn expired(order: &str, now: i64) -> Vec<Statement> {
    vec![
        Statement::new(
            "update orders set state = 'expired' where id = ?1 and state = 'pending' and method = 'offline' and expires_at <= ?2",
            [order.into(), now.into()],
        ),
        must_have_changed(),
        release(order, now),
        stock::fill_after(order, now),
        Statement::new("update coupon_use set state = 'released' where order_id = ?1", [order.into()]),
        outbox::mail(outbox::MailKind::Cancelled, order, now),
        shop_event(order, "expired", now),
    ]
}

/// The term of an order ends soon: one mail says so, and only while the order waits for its payment.
pub(crate) fn reminded(order: &str, now: i64) -> Vec<Statement> {
    vec![
        Statement::new(
            "update orders set remind_at = null where id = ?1 and state = 'pending' and remind_at <= ?2",
            [order.into(), now.into()],
        ),
        must_have_changed(),
        outbox::mail(outbox::MailKind::Reminder, order, now),
    ]
}

/// Orders that are to be reminded of, the oldest first. Those whose term is over by now get no reminder.
pub(crate) fn to_remind(now: i64, limit: i64) -> Statement {
    Statement::new(
        "select id from orders where state = 'pending' and remind_at <= ?1 and method = 'offline' and expires_at > ?1 order by remind_at limit ?2",
        [now.into(), limit.into()],
    )
}

/// Orders whose term has ended, the oldest first.
pub(crate) fn overdue(now: i64, limit: i64) -> Statement {
    Statement::new(
        "select id from orders where state = 'pending' and method = 'offline' and expires_at <= ?1 order by expires_at limit ?2",
        [now.into(), limit.into()],
    )
}

/// Whether this very act is in the history: tells a batch that was sent twice from a real conflict.
pub(crate) fn is_done(act: &Act<'_>, kind: &'static str, detail: &str) -> Statement {
    Statement::new(
        "select id from order_event where order_id = ?1 and kind = ?2 and staff = ?3 and detail = ?4 and at = ?5",
        [act.order.into(), kind.into(), act.staff.into(), detail.into(), act.now.into()],
    )
}

/// The order a receipt was booked for.
pub(crate) fn booked_for(reference: &str) -> Statement {
    Statement::new(
        "select o.id, o.number from payment p join orders o on o.id = p.order_id where p.provider = 'offline' and p.ref = ?1",
        [reference.into()],
    )
}

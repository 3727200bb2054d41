//! Card payments: what is known of one, and the batches that book what Stripe says.

use crate::card::attempt::Attempt;
use crate::order::State;
use crate::ports::{DbError, Statement};
use crate::request::Answers;
use crate::store::settling::{self, Act, claim, must_have_changed, release, shop_event};
use crate::store::{orders, outbox, stock};

/// What is asked about a piece of news. Empty is nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Subject<'a> {
    pub(crate) event: &'a str,
    pub(crate) order: &'a str,
    pub(crate) payment: &'a str,
    /// Our id of a refund.
    pub(crate) refund: &'a str,
    /// Stripe's id of a refund.
    pub(crate) refund_ref: &'a str,
}

/// What the books say about it.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Whether the message was booked before.
    pub(crate) seen: bool,
    pub(crate) order: Option<OrderFacts>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) payment: Option<PaymentFacts>,
    pub(crate) refund: Option<RefundFacts>,
}

#[derive(Debug)]
pub(crate) struct OrderFacts {
    pub(crate) id: String,
    pub(crate) state: State,
    pub(crate) by_card: bool,
    pub(crate) total: i64,
    pub(crate) currency: String,
    pub(crate) captured: i64,
    pub(crate) refund_held: i64,
    pub(crate) expires_at: i64,
}

#[derive(Debug)]
pub(crate) struct PaymentFacts {
    pub(crate) is_stray: bool,
    pub(crate) returned: bool,
}

#[derive(Debug)]
pub(crate) struct RefundFacts {
    pub(crate) id: String,
    pub(crate) state: String,
    pub(crate) amount: i64,
    pub(crate) order: String,
}

/// The five statements that read [`Facts`].
pub(crate) fn facts(subject: &Subject<'_>) -> Vec<Statement> {
    let Subject { event, order, payment, refund, refund_ref } = *subject;
    vec![
        Statement::new("select event_id from inbox where provider = 'stripe' and event_id = ?1", [event.into()]),
        Statement::new(
            "select id, state, method, total, currency, captured, refund_held, expires_at from orders
             where id in (?1, (select order_id from payment where provider = 'stripe' and ref = ?2)) order by id = ?1 desc limit 1",
            [order.into(), payment.into()],
        ),
        Statement::new(
            "select n, session_id, state, asked_at, expires_at from stripe_session where order_id = ?1 order by n",
            [order.into()],
        ),
        Statement::new(
            "select kind, returned_at is not null as returned from payment where provider = 'stripe' and ref = ?1",
            [payment.into()],
        ),
        Statement::new(
            "select id, state, amount, order_id from refund where id = ?1 or provider_ref = ?2 order by id = ?1 desc limit 1",
            [refund.into(), refund_ref.into()],
        ),
    ]
}

/// What the statements of [`facts`] found.
pub(crate) fn take_facts(answers: &mut Answers) -> Result<Facts, DbError> {
    let seen = !answers.rows()?.0.is_empty();
    let order = answers.rows()?.columns().next();
    let order = order.map(|row| {
        let state =
            State::parse(&row.text("state")?).ok_or_else(|| DbError::Row("orders.state".to_owned()))?;
        Ok::<_, DbError>(OrderFacts {
            id: row.text("id")?,
            state,
            by_card: row.text("method")? == "stripe",
            total: row.number("total")?,
            currency: row.text("currency")?,
            captured: row.number("captured")?,
            refund_held: row.number("refund_held")?,
            expires_at: row.number("expires_at")?,
        })
    });
    let attempts = answers.rows()?.columns().map(orders::attempt).collect::<Result<_, _>>()?;
    let payment = answers.rows()?.columns().next().map(|row| {
        Ok::<_, DbError>(PaymentFacts {
            is_stray: row.text("kind")? == "stray",
            returned: row.number("returned")? == 1,
        })
    });
    let refund = answers.rows()?.columns().next().map(|row| {
        Ok::<_, DbError>(RefundFacts {
            id: row.text("id")?,
            state: row.text("state")?,
            amount: row.number("amount")?,
            order: row.text("order_id")?,
        })
    });
    Ok(Facts {
        seen,
        order: order.transpose()?,
        attempts,
        payment: payment.transpose()?,
        refund: refund.transpose()?,
    })
}

/// Books a message, once.
pub(crate) fn inbox(event: &str, kind: &str, object: &str, outcome: &'static str, now: i64) -> Statement {
    Statement::new(
        "insert into inbox(provider, event_id, type, object_id, outcome, at) values('stripe', ?1, ?2, ?3, ?4, ?5)",
        [event.into(), kind.into(), object.into(), outcome.into(), now.into()],
    )
}

/// A message that was booked.
pub(crate) struct EventRow {
    pub(crate) event_id: String,
}
crate::ports::from_row!(EventRow { event_id;  });

/// Those of these messages that were booked before; a JSON array of ids.
pub(crate) fn seen(events: String) -> Statement {
    Statement::new(
        "select event_id from inbox where provider = 'stripe' and event_id in (select value from json_each(?1))",
        [events.into()],
    )
}

/// A new attempt to pay, for as long as the goods are held then. Part of placing the order, or of trying once more.
pub(crate) fn ask(order: &str, n: i64, now: i64, expires_at: i64) -> Statement {
    Statement::new(
        "insert into stripe_session(order_id, n, asked_at, expires_at) values(?1, ?2, ?3, ?4)",
        [order.into(), n.into(), now.into(), expires_at.into()],
    )
}

/// The attempt before was never made, so there is a new one.
pub(crate) fn ask_again(order: &str, n: i64, now: i64, expires_at: i64) -> Vec<Statement> {
    vec![
        void(order, n.saturating_sub(1)),
        ask(order, n, now, expires_at),
        Statement::new(
            "update orders set expires_at = max(expires_at, ?2) where id = ?1 and state = 'pending' and method = 'stripe'",
            [order.into(), expires_at.into()],
        ),
        must_have_changed(),
    ]
}

/// Stripe never made the session of an attempt.
pub(crate) fn void(order: &str, n: i64) -> Statement {
    Statement::new(
        "update stripe_session set state = 'void' where order_id = ?1 and n = ?2 and state = 'asked'",
        [order.into(), n.into()],
    )
}

/// Stripe has made the session of an attempt.
pub(crate) fn made(order: &str, n: i64, session: &str) -> Vec<Statement> {
    vec![
        Statement::new(
            "update stripe_session set session_id = ?3, state = 'open' where order_id = ?1 and n = ?2 and state = 'asked'",
            [order.into(), n.into(), session.into()],
        ),
        Statement::new(
            "update orders set session_id = ?2 where id = ?1 and state = 'pending'",
            [order.into(), session.into()],
        ),
    ]
}

/// Stripe says that the session of an attempt is over.
pub(crate) fn session_over(order: &str, n: i64, session: &str) -> Statement {
    Statement::new(
        "update stripe_session set session_id = ?3, state = 'ended' where order_id = ?1 and n = ?2 and state in ('asked', 'open')",
        [order.into(), n.into(), session.into()],
    )
}

/// The order is paid, by this payment and to the penny.
pub(crate) fn paid(order: &str, payment: &str, amount: i64, currency: &str, now: i64) -> Vec<Statement> {
    vec![
        Statement::new(
            "insert into payment(provider, ref, kind, order_id, amount, currency, at) values('stripe', ?2, 'capture', ?1, ?3, ?4, ?5)",
            [order.into(), payment.into(), amount.into(), currency.into(), now.into()],
        ),
        Statement::new(
            "update orders set state = 'paid', captured = total where id = ?1 and state = 'pending' and total = ?2 and currency = ?3",
            [order.into(), amount.into(), currency.into()],
        ),
        must_have_changed(),
        claim(order, now),
        Statement::new("update coupon_use set state = 'used' where order_id = ?1", [order.into()]),
        outbox::mail(outbox::MailKind::Paid, order, now),
        Statement::new(
            "insert into order_event(order_id, kind, actor, detail, at) values(?1, 'paid', 'shop', ?2, ?3)",
            [order.into(), payment.into(), now.into()],
        ),
    ]
}

/// Money that pays for nothing. It goes back, whatever else happens to the order.
pub(crate) fn stray(order: &str, payment: &str, amount: i64, currency: &str, now: i64) -> Vec<Statement> {
    vec![
        Statement::new(
            "insert into payment(provider, ref, kind, order_id, amount, currency, at) values('stripe', ?2, 'stray', ?1, ?3, ?4, ?5)",
            [order.into(), payment.into(), amount.into(), currency.into(), now.into()],
        ),
        super::calls::refund_stray(payment, now),
    ]
}

/// Who ends an order that was not paid, once Stripe has ended its session.
pub(crate) enum Ender<'a> {
    /// Nobody: its time was over.
    Time,
    Customer,
    Staff(Act<'a>),
}

/// The order ends without a payment and its goods are for sale again. The schema refuses it while a session is alive.
pub(crate) fn ended(order: &str, ender: &Ender<'_>, now: i64) -> Vec<Statement> {
    let state = if matches!(ender, Ender::Time) { State::Expired } else { State::Cancelled };
    let mut batch = vec![
        Statement::new(
            "update orders set state = ?2 where id = ?1 and state = 'pending' and method = 'stripe'",
            [order.into(), state.as_str().into()],
        ),
        must_have_changed(),
        release(order, now),
        Statement::new("update coupon_use set state = 'released' where order_id = ?1", [order.into()]),
    ];
    match ender {
        Ender::Time => batch.push(shop_event(order, "expired", now)),
        Ender::Customer => batch.push(Statement::new(
            "insert into order_event(order_id, kind, actor, at) values(?1, 'cancelled', 'customer', ?2)",
            [order.into(), now.into()],
        )),
        Ender::Staff(act) => batch.extend([
            outbox::mail(outbox::MailKind::Cancelled, order, now),
            settling::staff_event(act, "cancelled", ""),
            stock::audit(act.staff, "order.cancelled", order, String::new(), now),
        ]),
    }
    batch
}

/// The money is on its way, and the goods are held until then.
pub(crate) fn wait(order: &str, until: i64) -> Statement {
    Statement::new(
        "update orders set expires_at = ?2 where id = ?1 and state = 'pending' and expires_at < ?2",
        [order.into(), until.into()],
    )
}

/// Card orders whose term has ended, the oldest first.
pub(crate) fn overdue(now: i64, limit: i64) -> Statement {
    Statement::new(
        "select id from orders where state = 'pending' and method = 'stripe' and expires_at <= ?1 order by expires_at limit ?2",
        [now.into(), limit.into()],
    )
}

/// Books a dispute, or how it goes on.
pub(crate) fn dispute(order: &str, news: &crate::stripe::Dispute, now: i64) -> Vec<Statement> {
    vec![
        Statement::new(
            "insert into dispute(id, order_id, payment, amount, status, reason, at)
             select ?1, ?2, ?3, ?4, ?5, ?6, ?7 where not exists (select 1 from dispute where id = ?1)",
            [
                news.id.as_str().into(),
                order.into(),
                news.payment.as_str().into(),
                news.amount.into(),
                news.status.as_str().into(),
                news.reason.as_str().into(),
                now.into(),
            ],
        ),
        Statement::new(
            "update dispute set status = ?2, closed_at = iif(?3 = 1, ?4, null) where id = ?1 and closed_at is null",
            [news.id.as_str().into(), news.status.as_str().into(), i64::from(news.closed).into(), now.into()],
        ),
    ]
}

/// Payments of Stripe by their ids, a JSON array.
pub(crate) fn payments(refs: String) -> Statement {
    Statement::new(
        "select ref from payment where provider = 'stripe' and ref in (select value from json_each(?1))",
        [refs.into()],
    )
}

/// Payments of Stripe booked since then.
pub(crate) fn payments_since(since: i64) -> Statement {
    Statement::new("select ref from payment where at >= ?1 and provider = 'stripe'", [since.into()])
}

/// A payment by its id.
pub(crate) struct RefRow {
    pub(crate) r#ref: String,
}

impl crate::ports::FromRow for RefRow {
    fn from_row(row: crate::ports::Columns) -> Result<RefRow, DbError> {
        Ok(RefRow { r#ref: row.text("ref")? })
    }
}

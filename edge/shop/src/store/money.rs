//! Money that settles no order: it came too late, twice, or in another amount. It never changes an order; it waits in
//! a list until somebody sends it back.

use ipswich_catalog::Amount;

use crate::ports::Statement;
use crate::store::settling::Act;
use crate::store::stock;

/// Money that came to the bank or the till and settles nothing.
#[derive(Debug)]
pub(crate) struct StrayRow {
    /// The receipt number.
    pub(crate) reference: String,
    pub(crate) order_id: String,
    pub(crate) number: String,
    pub(crate) amount: i64,
    pub(crate) at: i64,
    /// The reference of the payment it went back with; empty while it has not.
    pub(crate) returned: String,
}
crate::ports::from_row!(StrayRow { reference, order_id, number, returned; amount, at });

/// Books money that settles no order, beside the order it was meant for. A receipt is booked once, whatever it is for.
pub(crate) fn stray(act: &Act<'_>, reference: &str, amount: Amount) -> Vec<Statement> {
    vec![
        Statement::new(
            "insert into payment(provider, ref, kind, order_id, amount, currency, at)
             select 'offline', ?2, 'stray', id, ?4, currency, ?3 from orders where id = ?1",
            [act.order.into(), reference.into(), act.now.into(), amount.minor().into()],
        ),
        stock::audit(act.staff, "money.stray", act.order, reference.to_owned(), act.now),
    ]
}

/// Stray money of one order, the oldest first.
pub(crate) fn strays_of(order: &str) -> Statement {
    Statement::new(
        "select p.ref as reference, p.order_id, o.number, p.amount, p.at, ifnull(r.reference, '') as returned
         from payment p join orders o on o.id = p.order_id left join stray_return r on r.provider = p.provider and r.ref = p.ref
         where p.order_id = ?1 and p.kind = 'stray' and p.provider = 'offline' order by p.at, p.ref",
        [order.into()],
    )
}

/// Stray money that has not gone back, the oldest first.
pub(crate) fn open_strays(limit: i64) -> Statement {
    Statement::new(
        "select p.ref as reference, p.order_id, o.number, p.amount, p.at, '' as returned
         from payment p join orders o on o.id = p.order_id
         where p.kind = 'stray' and p.provider = 'offline'
           and not exists (select 1 from stray_return r where r.provider = p.provider and r.ref = p.ref)
         order by p.at limit ?1",
        [limit.into()],
    )
}

/// Stray money went back. `reference` is that of the payment to the customer.
pub(crate) fn returned(staff: &str, receipt: &str, reference: &str, now: i64) -> Vec<Statement> {
    vec![
        Statement::new(
            "insert into stray_return(provider, ref, reference, staff, at) values('offline', ?1, ?2, ?3, ?4)",
            [receipt.into(), reference.into(), staff.into(), now.into()],
        ),
        stock::audit(staff, "money.returned", receipt, reference.to_owned(), now),
    ]
}

/// Whether stray money went back with this very payment.
pub(crate) fn is_returned(receipt: &str, reference: &str) -> Statement {
    Statement::new(
        "select ref from stray_return where provider = 'offline' and ref = ?1 and reference = ?2",
        [receipt.into(), reference.into()],
    )
}

//! What must be true of the database at any moment: each query finds the rows that break a rule, so it must return
//! none. Tests run them after every story, operators after a restore.

/// A rule and the query for what breaks it.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// A short name: `I1`.
    pub name: &'static str,
    /// What must be true.
    pub rule: &'static str,
    /// The query. `?1`, where it occurs, is the time in Unix seconds.
    pub sql: &'static str,
}

const fn invariant(name: &'static str, rule: &'static str, sql: &'static str) -> Invariant {
    Invariant { name, rule, sql }
}

/// All rules. There is no I8: a price is checked against the release before an order is written.
pub const INVARIANTS: [Invariant; 22] = [
    invariant("I1", "nothing is sold twice", "select sku from stock where reserved < 0 or reserved > on_hand"),
    invariant(
        "I2",
        "stock is what its ledger adds up to",
        "select s.sku from stock s left join (select sku, sum(d_on_hand) h, sum(d_reserved) r from stock_ledger group by sku) l using(sku)
         where s.on_hand <> ifnull(l.h, 0) or s.reserved <> ifnull(l.r, 0)",
    ),
    invariant(
        "I3",
        "what is reserved is what open orders hold",
        "select s.sku from stock s left join (
           select l.sku, sum(l.qty - ifnull(b.d_promised, 0)) q from order_line l join orders o on o.id = l.order_id
           left join backorder_ledger b on b.ref = o.id and b.sku = l.sku and b.kind = 'promise'
           where o.state = 'pending' and l.policy <> 'made-to-order' group by l.sku) p using(sku)
         where s.reserved <> ifnull(p.q, 0)",
    ),
    invariant(
        "I4",
        "a paid order has claimed its goods to the piece, but for those it was promised",
        "select o.id from orders o join (select order_id, sku, sum(qty) q from order_line where policy <> 'made-to-order' group by 1, 2) l on l.order_id = o.id
         left join backorder_ledger b on b.ref = o.id and b.sku = l.sku and b.kind = 'promise'
         left join stock_ledger g on g.ref = o.id and g.sku = l.sku and g.kind = 'claim'
         where o.state in ('paid', 'fulfilled', 'refunded') and (g.id is null or g.d_on_hand <> ifnull(b.d_promised, 0) - l.q)",
    ),
    invariant(
        "I5",
        "a dead order has released its goods",
        "select o.id from orders o join order_line l on l.order_id = o.id and l.policy <> 'made-to-order'
         left join stock_ledger g on g.ref = o.id and g.sku = l.sku and g.kind = 'release'
         where o.state in ('expired', 'cancelled') and g.id is null",
    ),
    invariant(
        "I6",
        "what is captured is one payment in the order's currency",
        "select o.id from orders o left join payment p on p.order_id = o.id and p.kind = 'capture'
         group by o.id having count(p.ref) > 1 or max(o.captured) <> ifnull(sum(p.amount), 0) or max(p.currency <> o.currency) = 1",
    ),
    invariant(
        "I7",
        "totals add up",
        "select o.id from orders o left join (select order_id, sum(qty * unit) s from order_line group by 1) l on l.order_id = o.id
         where l.s is null or o.subtotal <> l.s or o.total <> o.subtotal - o.discount + o.shipping + o.tax",
    ),
    invariant(
        "I9",
        "refunds never exceed the capture",
        "select o.id from orders o left join (select order_id, sum(amount) a from refund where state <> 'failed' group by 1) r on r.order_id = o.id
         where o.refund_held <> ifnull(r.a, 0) or o.refund_held > o.captured",
    ),
    invariant(
        "I10",
        "a coupon's uses are its rows, and no more than allowed",
        "select c.code from coupon c left join (select code, count(*) n from coupon_use where state <> 'released' group by 1) u using(code)
         where c.uses <> ifnull(u.n, 0) or c.uses > c.max_uses",
    ),
    invariant(
        "I11",
        "a coupon's use follows its order",
        "select o.id from orders o join coupon_use u on u.order_id = o.id
         where (o.state in ('expired', 'cancelled')) <> (u.state = 'released') or (o.state = 'pending') <> (u.state = 'held')",
    ),
    invariant(
        "I12",
        "a paid order has one mail that says so",
        "select o.id from orders o
         where (select count(*) from outbox where dedupe = 'mail:paid:' || o.id) <> (o.state in ('paid', 'fulfilled', 'refunded'))",
    ),
    invariant(
        "I13",
        "stray money of a payment provider is on its way back; what came to the bank or the till waits in a list of the staff",
        "select p.ref from payment p where p.kind = 'stray' and p.provider <> 'offline' and not exists (select 1 from outbox b where b.dedupe = 'refund-stray:' || p.ref)",
    ),
    invariant(
        "I14",
        "nothing is stuck for longer than a quarter of an hour",
        "select id from orders where state = 'pending' and expires_at < ?1 - 900
         union all select dedupe from outbox where state = 'new' and due_at < ?1 - 900
         union all select dedupe from outbox where state = 'dead' and given_up_at is null",
    ),
    invariant("I15", "every reference leads somewhere", "select \"table\" from pragma_foreign_key_check"),
    invariant(
        "I16",
        "a cart is ordered once",
        "select cart_id from orders where state not in ('expired', 'cancelled') group by 1 having count(*) > 1",
    ),
    invariant(
        "I17",
        "tax lines add up to the order",
        "select o.id from orders o left join (select order_id, sum(gross) g, sum(tax) t from order_tax group by 1) x on x.order_id = o.id
         where x.g is null or x.g <> o.total or x.t <> o.tax_included",
    ),
    invariant(
        "I18",
        "the history of an order says how it came into its state",
        "select o.id from orders o where not exists (select 1 from order_event e where e.order_id = o.id and e.kind = 'placed')
         or (o.state <> 'pending' and not exists (select 1 from order_event e where e.order_id = o.id and e.kind = o.state))",
    ),
    invariant(
        "I19",
        "what promotions took off an order is what they took off its lines",
        "select o.id from orders o left join (select order_id, sum(discount) d from order_line group by 1) l on l.order_id = o.id
         left join (select order_id, sum(discount) d from order_promotion group by 1) p on p.order_id = o.id
         where o.discount <> l.d or o.discount <> ifnull(p.d, 0)",
    ),
    invariant(
        "I20",
        "tax is added to all prices of an order or contained in all of them",
        "select id from orders where tax not in (0, tax_included)",
    ),
    invariant(
        "I21",
        "what is promised and set aside is what its ledger adds up to, and within what is allowed",
        "select b.sku from backorder b left join (select sku, sum(d_promised) p, sum(d_aside) a from backorder_ledger group by sku) l using(sku)
         where b.promised <> ifnull(l.p, 0) or b.aside <> ifnull(l.a, 0)
           or b.aside < 0 or b.aside > b.promised or b.promised - b.aside > b.allowed",
    ),
    invariant(
        "I22",
        "what is promised is what orders wait for that have not left",
        "select b.sku from backorder b left join (
           select g.sku, sum(g.d_promised) q from backorder_ledger g join orders o on o.id = g.ref
           where g.kind = 'promise' and o.state in ('pending', 'paid') group by g.sku) p using(sku)
         where b.promised <> ifnull(p.q, 0)",
    ),
    invariant(
        "I23",
        "nothing is promised of goods that are sold from stock",
        "select g.ref from backorder_ledger g join order_line l on l.order_id = g.ref and l.sku = g.sku
         where g.kind = 'promise' and (l.policy <> 'backorder' or g.d_promised > l.qty or g.d_promised < 1)",
    ),
];

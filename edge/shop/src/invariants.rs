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

/// All rules.
pub const INVARIANTS: [Invariant; 23] = [
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
           select l.sku, sum(l.qty) q from order_line l join orders o on o.id = l.order_id where o.state = 'pending' group by l.sku) p using(sku)
         where s.reserved <> ifnull(p.q, 0)",
    ),
    invariant(
        "I4",
        "a paid order has claimed its goods to the piece",
        "select o.id from orders o join (select order_id, sku, sum(qty) q from order_line group by 1, 2) l on l.order_id = o.id
         left join stock_ledger g on g.ref = o.id and g.sku = l.sku and g.kind = 'claim'
         where o.state in ('paid', 'fulfilled', 'refunded') and (g.id is null or g.d_on_hand <> -l.q)",
    ),
    invariant(
        "I5",
        "a dead order has released its goods",
        "select o.id from orders o join order_line l on l.order_id = o.id
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
        "I8",
        "a line has the price of its release",
        "select l.order_id, l.sku from order_line l join orders o on o.id = l.order_id
         left join price_archive p on p.release = o.catalog and p.sku = l.sku and p.currency = o.currency
         where p.unit is null or p.unit <> l.unit",
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
        "stray money is on its way back",
        "select p.ref from payment p where p.kind = 'stray' and not exists (select 1 from outbox b where b.dedupe = 'refund-stray:' || p.ref)",
    ),
    invariant(
        "I14",
        "nothing is stuck for longer than a quarter of an hour",
        "select id from orders where state = 'pending' and expires_at < ?1 - 900
         union all select dedupe from outbox where state = 'new' and due_at < ?1 - 900
         union all select dedupe from outbox where state = 'dead'",
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
        "I31",
        "what a promotion took off an order is what it took off the lines, promotion by promotion and line by line",
        "select p.order_id from order_promotion p join (select distinct order_id from order_promotion_line) k on k.order_id = p.order_id
         where p.discount <> (select ifnull(sum(s.discount), 0) from order_promotion_line s where s.order_id = p.order_id and s.promotion = p.n)
         union select l.order_id from order_line l join (select distinct order_id from order_promotion_line) k on k.order_id = l.order_id
         where l.discount <> (select ifnull(sum(s.discount), 0) from order_promotion_line s where s.order_id = l.order_id and s.line = l.n)",
    ),
    invariant(
        "I32",
        "the coupons of an order are those that it used",
        "select order_id from (select order_id, coupon as code from order_promotion where coupon <> '' except select order_id, code from coupon_use)
         union select order_id from (select order_id, code from coupon_use except select order_id, coupon from order_promotion)",
    ),
    invariant(
        "I33",
        "nobody uses a coupon more often than allowed",
        "select u.code from coupon_use u join coupon c on c.code = u.code where u.state <> 'released'
         group by u.code, u.customer having count(*) > max(c.per_customer)",
    ),
];

//! Every invariant finds what it is there to find.

use ipswich_server::Sqlite;
use ipswich_shop::invariants::INVARIANTS;
use ipswich_shop::ports::{Db, Param, Statement};
use ipswich_tests::shop::{DAY, NOON, ShopTest};

/// For each invariant, a change that breaks it once triggers and checks are out of the way. Only dangling references
/// (I15) cannot be made: foreign keys stay on whatever a batch says.
const BREAKS: [(&str, &str); 21] = [
    ("I1", "update stock set reserved = 9 where sku = 'MUG'"),
    ("I2", "update stock set on_hand = on_hand + 1 where sku = 'MUG'"),
    ("I3", "update orders set state = 'cancelled' where state = 'pending'"),
    ("I4", "delete from stock_ledger where kind = 'claim'"),
    ("I5", "delete from stock_ledger where kind = 'release'"),
    ("I6", "delete from payment"),
    ("I7", "update orders set total = total + 1"),
    ("I9", "update orders set refund_held = 1"),
    ("I10", "insert into coupon values('TIDE', 1, 1)"),
    (
        "I11",
        "insert into coupon values('TIDE', 1, 0); insert into coupon_use select 'TIDE', id, 'c', 'used' from orders where state = 'pending'",
    ),
    ("I12", "delete from outbox where dedupe like 'mail:paid:%'"),
    (
        "I13",
        "insert into payment(provider, ref, kind, amount, currency, at) values('stripe', 'x', 'stray', 5, 'GBP', 0)",
    ),
    ("I14", "update outbox set state = 'dead'"),
    ("I16", "update orders set cart_id = 'same', state = 'paid'"),
    ("I17", "update order_tax set tax = tax + 1"),
    ("I18", "delete from order_event where kind = 'paid'"),
    ("I19", "update order_line set discount = 1"),
    ("I20", "update orders set tax = 1"),
    (
        "I30",
        "insert into stripe_session(order_id, n, asked_at, expires_at) select id, 1, 0, 0 from orders where state = 'cancelled'",
    ),
    (
        "I31",
        "insert into refund(id, order_id, amount, at) select 'r', id, 1, 0 from orders where state = 'paid'; insert into refund_line select 'r', order_id, 'MUG', 9, 0, 0 from refund",
    ),
    ("I32", "update orders set state = 'refunded' where state = 'paid'"),
];

/// What keeps the database from being broken.
const GUARDS: [&str; 13] = [
    "drop trigger stock_apply",
    "drop trigger ledger_no_update",
    "drop trigger ledger_no_delete",
    "drop trigger order_state",
    "drop trigger order_frozen",
    "drop trigger order_line_frozen",
    "drop trigger order_event_no_update",
    "drop trigger order_event_no_delete",
    "drop trigger coupon_take",
    "drop trigger refund_line_over",
    "drop trigger session_first",
    "drop index one_order_per_cart",
    "pragma ignore_check_constraints = on",
];

/// A shop with a pending, a paid and a cancelled order.
async fn busy_shop() -> ShopTest {
    let shop = ShopTest::new().await;
    let mut staff = shop.staff().await;
    let mut orders = Vec::new();
    for _ in 0..3 {
        let mut guest = shop.guest();
        guest.has("MUG", 1).await;
        orders.push(guest.check_out().await);
    }
    assert_eq!(staff.mark_paid(&orders[1], "R-1").await.status, 303);
    assert_eq!(staff.cancel(&orders[2]).await.status, 303);
    shop.tick().await;
    shop
}

async fn broken_by(database: &Sqlite, name: &str) -> bool {
    let invariant = INVARIANTS.iter().find(|invariant| invariant.name == name).unwrap();
    let params = if invariant.sql.contains("?1") { vec![Param::from(NOON + DAY)] } else { vec![] };
    let answers = database.batch(vec![Statement { sql: invariant.sql, params }]).await.unwrap();
    !answers[0].0.is_empty()
}

#[tokio::test]
async fn every_invariant_notices_when_it_is_broken() {
    let names: Vec<&str> = INVARIANTS.iter().map(|invariant| invariant.name).collect();
    let breakable: Vec<&str> = names.iter().copied().filter(|name| *name != "I15").collect();
    assert_eq!(breakable, BREAKS.map(|(name, _)| name));
    for (name, sql) in BREAKS {
        let shop = busy_shop().await;
        let database = shop.db.inner().clone();
        assert!(!broken_by(&database, name).await, "{name} holds at first");
        for guard in GUARDS {
            shop.rows(guard, vec![]).await;
        }
        for statement in sql.split("; ") {
            shop.rows(statement, vec![]).await;
        }
        assert!(broken_by(&database, name).await, "{name} does not see: {sql}");
        shop.finish_except(&names).await;
    }
}

//! Stock: deliveries and corrections, goods that are sold before they are there, and what product pages say of it.

use std::collections::BTreeMap;

use ipswich_catalog::StockPolicy;
use ipswich_shop::Config;
use ipswich_shop::ports::{Db, DbError, Statement};
use ipswich_tests::shop::{Browser, Catalog, DAY, Page, ShopTest, product};

/// A mug that can be owed (2 there, 3 more), a ring that is made to order, and a book from stock.
async fn shop() -> ShopTest {
    let mut mug = product("MUG", "Stoneware Mug", 1200, "standard", 400, 2);
    mug.1.stock_policy = StockPolicy::Backorder { limit: 3, lead_days: 14 };
    let mut ring = product("RING", "Silver Ring", 9000, "standard", 20, 0);
    ring.1.stock_policy = StockPolicy::MadeToOrder { lead_days: 21 };
    let goods = vec![mug, ring, product("BOOK", "Tide Tables", 3000, "zero", 300, 6)];
    ShopTest::with(Catalog::of(goods), Config::for_testing()).await
}

async fn order_of(shop: &ShopTest, sku: &str, quantity: u32) -> String {
    let mut guest = shop.guest();
    guest.has(sku, quantity).await;
    guest.check_out().await
}

/// Promised pieces of the mug, and those of them that are set aside.
async fn backorder(shop: &ShopTest) -> (i64, i64) {
    let rows = shop.rows("select promised, aside from backorder where sku = 'MUG'", vec![]).await;
    (rows[0]["promised"].as_i64().unwrap(), rows[0]["aside"].as_i64().unwrap())
}

async fn live(shop: &ShopTest, query: &str) -> Page {
    shop.guest().get(&format!("/api/v1/stock?{query}")).await
}

#[tokio::test]
async fn pieces_are_promised_up_to_the_limit_and_leave_when_they_came() {
    let shop = shop().await;
    let mut staff = shop.staff().await;
    let mut guest = shop.guest();
    assert_eq!(guest.add("MUG", "6").await.status, 409, "2 are there and 3 may be owed");
    guest.has("MUG", 4).await;
    assert!(guest.get("/cart/").await.says("Ships in about 14 days"));
    let order = guest.check_out().await;
    let page = guest.get(&format!("/order/{order}/")).await;
    assert!(page.says("Ships in about 14 days"), "{}", page.body);
    assert!(shop.sent().await[0].text.contains("Ships in about 14 days"));
    assert_eq!((shop.stock("MUG").await, backorder(&shop).await), (Some((2, 2)), (2, 0)));
    assert_eq!(guest.add("MUG", "2").await.status, 409, "one more may be owed");
    let other = order_of(&shop, "MUG", 1).await;
    assert_eq!(guest.add("MUG", "1").await.status, 409);
    // Paid, and sent only when the pieces have come.
    for (order, receipt) in [(&order, "R-1"), (&other, "R-2")] {
        assert_eq!(staff.mark_paid(order, receipt).await.status, 303);
    }
    assert_eq!((shop.stock("MUG").await, backorder(&shop).await), (Some((0, 0)), (3, 0)));
    let page = staff.mark_shipped(&order).await;
    assert_eq!(page.status, 409);
    assert!(page.says("Not all of these goods have come yet"), "{}", page.body);
    assert_eq!(staff.receive("MUG", "2", "N-1").await.status, 303);
    assert_eq!((shop.stock("MUG").await, backorder(&shop).await), (Some((0, 0)), (3, 2)));
    assert_eq!(staff.mark_shipped(&order).await.status, 303);
    assert_eq!(staff.mark_shipped(&other).await.status, 409);
    assert_eq!(staff.receive("MUG", "5", "N-2").await.status, 303);
    assert_eq!((shop.stock("MUG").await, backorder(&shop).await), (Some((4, 0)), (1, 1)));
    assert_eq!(staff.mark_shipped(&other).await.status, 303);
    assert_eq!(backorder(&shop).await, (0, 0));
    shop.finish().await;
}

#[tokio::test]
async fn what_is_dropped_goes_to_those_who_wait_and_then_on_sale() {
    let shop = shop().await;
    let mut staff = shop.staff().await;
    let (first, second) = (order_of(&shop, "MUG", 3).await, order_of(&shop, "MUG", 2).await);
    assert_eq!(backorder(&shop).await, (3, 0));
    staff.receive("MUG", "1", "N-1").await;
    assert_eq!(backorder(&shop).await, (3, 1));
    // The first held two from stock and was promised one. All three serve the second now.
    assert_eq!(staff.cancel(&first).await.status, 303);
    assert_eq!((shop.stock("MUG").await, backorder(&shop).await), (Some((1, 0)), (2, 2)));
    shop.clock.advance(7 * DAY);
    assert_eq!(shop.tick().await.expired, 1);
    assert_eq!((shop.stock("MUG").await, backorder(&shop).await), (Some((3, 0)), (0, 0)));
    let page = shop.guest().get(&format!("/order/{second}/")).await;
    assert!(page.says("Expired") && !page.says("Ships in about"), "{}", page.body);
    shop.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_buyers_at_once_are_promised_no_more_than_the_limit() {
    let shop = shop().await;
    let mut buyers = Vec::new();
    for _ in 0..20 {
        let mut buyer = shop.guest();
        buyer.has("MUG", 1).await;
        let form = buyer.fill_in().await;
        buyers.push((buyer, form));
    }
    let tasks: Vec<_> = buyers
        .into_iter()
        .map(|(mut buyer, form)| tokio::spawn(async move { buyer.place(&form).await.status }))
        .collect();
    let mut statuses = BTreeMap::<u16, u32>::new();
    for task in tasks {
        *statuses.entry(task.await.unwrap()).or_default() += 1;
    }
    assert_eq!(statuses, BTreeMap::from([(303, 5), (409, 15)]));
    assert_eq!((shop.stock("MUG").await, backorder(&shop).await), (Some((2, 2)), (3, 0)));
    shop.finish().await;
}

#[tokio::test]
async fn what_is_made_to_order_has_no_stock() {
    let shop = shop().await;
    let mut staff = shop.staff().await;
    let order = order_of(&shop, "RING", 40).await;
    assert_eq!(shop.stock("RING").await, None);
    let page = staff.get(&format!("/admin/orders/{order}/")).await;
    assert!(page.says("Ships in about 21 days"), "{}", page.body);
    let cancelled = order_of(&shop, "RING", 1).await;
    assert_eq!(staff.cancel(&cancelled).await.status, 303);
    assert_eq!(staff.mark_paid(&order, "R-1").await.status, 303);
    assert_eq!(staff.mark_shipped(&order).await.status, 303);
    shop.finish().await;
}

#[tokio::test]
async fn a_lower_limit_keeps_old_promises_and_makes_no_new_ones() {
    let shop = shop().await;
    order_of(&shop, "MUG", 5).await;
    let mut mug = product("MUG", "Stoneware Mug", 1200, "standard", 400, 2);
    mug.1.stock_policy = StockPolicy::Backorder { limit: 1, lead_days: 14 };
    shop.published.publish(vec![mug.clone()]);
    shop.app.forget_release();
    assert_eq!(shop.guest().add("MUG", "1").await.status, 409);
    mug.1.stock_policy = StockPolicy::Deny;
    shop.published.publish(vec![mug]);
    shop.app.forget_release();
    assert_eq!(shop.guest().add("MUG", "1").await.status, 409);
    let mut staff = shop.staff().await;
    staff.receive("MUG", "4", "N-1").await;
    assert_eq!((shop.stock("MUG").await, backorder(&shop).await), (Some((3, 2)), (3, 3)));
    order_of(&shop, "MUG", 1).await;
    shop.finish().await;
}

#[tokio::test]
async fn the_schema_refuses_every_way_to_promise_too_much() {
    let shop = shop().await;
    order_of(&shop, "MUG", 5).await;
    for sql in [
        "insert into backorder_ledger(sku, kind, ref, d_promised, d_aside, at) values('MUG', 'promise', 'x', 1, 0, 0)",
        "insert into backorder_ledger(sku, kind, ref, d_promised, d_aside, at) values('MUG', 'fill', 'x', 0, 1, 0)",
        "insert into backorder_ledger(sku, kind, ref, d_promised, d_aside, at) values('MUG', 'ship', 'x', -1, -1, 0)",
        "insert into backorder_ledger(sku, kind, ref, d_promised, d_aside, at) values('BOOK', 'promise', 'x', 1, 0, 0)",
        "update backorder set promised = 4",
        "update backorder set allowed = 2",
        "update backorder_ledger set d_promised = 0",
        "delete from backorder_ledger",
        "update stock set reserved = 3 where sku = 'MUG'",
    ] {
        let answer = shop.db.inner().batch(vec![Statement { sql, params: vec![] }]).await;
        assert!(matches!(answer, Err(DbError::Constraint(_))), "{sql}: {answer:?}");
    }
    shop.finish().await;
}

#[tokio::test]
async fn the_release_before_sells_only_what_is_there() {
    let shop = shop().await;
    order_of(&shop, "MUG", 3).await;
    // Its statements hold whole lines and know nothing of promises.
    let reserve = "insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, at) values('MUG', 'reserve', 'old', 0, 1, 0)";
    let answer = shop.db.inner().batch(vec![Statement { sql: reserve, params: vec![] }]).await;
    assert!(matches!(&answer, Err(DbError::Constraint(text)) if text.contains("oversell")), "{answer:?}");
    // Expiring an order its way gives back what was promised as well.
    for sql in [
        "update orders set state = 'expired' where state = 'pending'",
        "insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, at) select sku, 'release', ref, 0, -d_reserved, 0 from stock_ledger where slot = 'reserve'",
        "insert into order_event(order_id, kind, actor, at) select id, 'expired', 'shop', 0 from orders",
    ] {
        shop.rows(sql, vec![]).await;
    }
    assert_eq!((shop.stock("MUG").await, backorder(&shop).await), (Some((2, 0)), (0, 0)));
    shop.finish().await;
}

#[tokio::test]
async fn a_delivery_note_is_booked_once() {
    let shop = ShopTest::new().await;
    let mut staff = shop.staff().await;
    assert_eq!(staff.receive("MUG", "10", "N-77").await.status, 303);
    shop.clock.advance(60);
    let page = staff.receive("MUG", "10", "N-77").await;
    assert_eq!(page.status, 409);
    assert!(page.says("This delivery note is booked for this SKU already.") && page.says("value=\"N-77\""));
    assert_eq!(staff.receive("BOOK", "1", "N-77").await.status, 303, "a note has many goods");
    for (pieces, note) in
        [("0", "N-1"), ("-1", "N-1"), ("1.5", "N-1"), ("", "N-1"), ("1", ""), ("9999999", "N-1")]
    {
        assert_eq!(staff.receive("MUG", pieces, note).await.status, 422, "{pieces} {note}");
    }
    assert_eq!(shop.stock("MUG").await, Some((15, 0)));
    let page = staff.get("/admin/stock/MUG/").await;
    for text in ["Opening stock", "Received", "Delivery note N-77", "+10"] {
        assert!(page.says(text), "{text}\n{}", page.body);
    }
    assert_eq!(staff.get("/admin/stock/NONE/").await.status, 404);
    shop.finish().await;
}

async fn correct(staff: &mut Browser, pieces: &str, reason: &str, words: &str) -> Page {
    let key = staff.get("/admin/stock/MUG/").await.input("key").unwrap();
    let fields =
        [("kind", "adjust"), ("key", &key), ("pieces", pieces), ("reason", reason), ("words", words)];
    staff.post("/admin/stock/MUG/", &fields).await
}

#[tokio::test]
async fn corrections_have_a_reason_and_leave_what_is_held() {
    let shop = ShopTest::new().await;
    let mut staff = shop.staff().await;
    order_of(&shop, "MUG", 4).await;
    assert_eq!(correct(&mut staff, "-1", "Damaged", "fell off the shelf").await.status, 303);
    let page = correct(&mut staff, "-1", "Lost", "").await;
    assert_eq!(page.status, 409);
    assert!(page.says("4 are held for orders"), "{}", page.body);
    for (pieces, reason) in [("0", "Lost"), ("x", "Lost"), ("1", ""), ("1", "Because"), ("--1", "Lost")] {
        assert_eq!(correct(&mut staff, pieces, reason, "").await.status, 422, "{pieces} {reason}");
    }
    assert_eq!(correct(&mut staff, "+2", "Found", "").await.status, 303);
    // The same form twice is one booking.
    let key = staff.get("/admin/stock/MUG/").await.input("key").unwrap();
    let back = [("kind", "restock"), ("key", &key), ("pieces", "1"), ("order", "7K4M-2QXD")];
    for _ in 0..2 {
        assert_eq!(staff.post("/admin/stock/MUG/", &back).await.status, 303);
    }
    assert_eq!(shop.stock("MUG").await, Some((7, 4)));
    let bad = [("kind", "claim"), ("key", &key), ("pieces", "1")];
    assert_eq!(staff.post("/admin/stock/MUG/", &bad).await.status, 400);
    let audit = shop.rows("select action, detail from audit order by id", vec![]).await;
    let row = |action, detail| serde_json::json!({ "action": action, "detail": detail });
    assert_eq!(
        audit,
        [
            row("stock.adjust", r#"{"pieces":-1,"reason":"Damaged: fell off the shelf"}"#),
            row("stock.adjust", r#"{"pieces":2,"reason":"Found"}"#),
            row("stock.restock", r#"{"pieces":1,"reason":"From order 7K4M-2QXD"}"#),
        ]
    );
    let page = staff.get("/admin/stock/MUG/").await;
    assert!(page.says("Held for an order") && page.says("From order 7K4M-2QXD"), "{}", page.body);
    shop.finish().await;
}

#[tokio::test]
async fn the_ledger_has_pages() {
    let shop = ShopTest::new().await;
    let mut staff = shop.staff().await;
    for note in 0..60 {
        staff.receive("MUG", "1", &format!("N-{note}")).await;
    }
    let page = staff.get("/admin/stock/MUG/").await;
    let older =
        page.body.split("href=\"/admin/stock/MUG/?before=").nth(1).unwrap().split('"').next().unwrap();
    let page = staff.get(&format!("/admin/stock/MUG/?before={older}")).await;
    assert!(
        page.says("Opening stock") && page.says("Delivery note N-0") && !page.says("N-59"),
        "{}",
        page.body
    );
    shop.finish().await;
}

#[tokio::test]
async fn product_pages_learn_what_there_is() {
    let shop = shop().await;
    let before = shop.db.batches();
    let page = live(&shop, "sku=MUG&sku=RING&sku=BOOK&sku=NONE&sku=%00&lang=xx").await;
    assert_eq!(shop.db.batches() - before, 1);
    assert_eq!(
        page.body,
        r#"{"BOOK":{"state":"in_stock"},"MUG":{"state":"low","available":2},"RING":{"state":"made_to_order"}}"#
    );
    assert_eq!(page.header("content-type"), "application/json");
    assert_eq!(page.header("cache-control"), "public, max-age=15, s-maxage=10");
    assert!(page.set_cookies().is_empty());
    let known = [("if-none-match", page.header("etag"))];
    let again = shop.guest().send("GET", "/api/v1/stock?sku=MUG&sku=RING&sku=BOOK", &known, None).await;
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", page.header("etag")));
    order_of(&shop, "MUG", 2).await;
    assert_eq!(live(&shop, "sku=MUG").await.body, r#"{"MUG":{"state":"backorder"}}"#);
    order_of(&shop, "MUG", 3).await;
    assert_eq!(live(&shop, "sku=MUG").await.body, r#"{"MUG":{"state":"out"}}"#);
    let before = shop.db.batches();
    for empty in ["", "sku=", "sku=NONE", "other=MUG"] {
        assert_eq!(live(&shop, empty).await.body, "{}");
    }
    assert_eq!(shop.db.batches(), before, "nothing to ask for");
    shop.finish().await;
}

#[tokio::test]
async fn an_answer_is_bounded_and_an_error_is_not_kept() {
    let goods = (0..80).map(|n| product(&format!("P-{n}"), "Peg", 100, "standard", 10, 9)).collect();
    let shop = ShopTest::with(Catalog::of(goods), Config::for_testing()).await;
    let all: Vec<String> = (0..80).map(|n| format!("sku=P-{n}")).collect();
    assert_eq!(live(&shop, &all.join("&")).await.body.matches("in_stock").count(), 50);
    shop.db.fail(ipswich_tests::shop::Fault::Down);
    let page = live(&shop, "sku=P-1").await;
    assert_eq!((page.status, page.header("cache-control")), (503, "no-store"));
    shop.db.fail(ipswich_tests::shop::Fault::None);
    let page = shop.guest().send("POST", "/api/v1/stock", &[], None).await;
    assert_eq!(page.status, 405);
    shop.finish().await;
}

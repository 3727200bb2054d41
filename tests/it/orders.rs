//! The life of an order after it was placed.

use ipswich_tests::shop::{DAY, ShopTest};

#[tokio::test]
async fn only_the_link_opens_an_order() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let order = guest.check_out().await;
    assert_eq!(order.len(), 26, "128 bits");
    let page = shop.guest().get(&format!("/order/{order}/")).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    let missing = shop.guest().get(&format!("/order/{}/", "0".repeat(26))).await;
    assert_eq!(missing.status, 404);
    for other in ["1", "x' or 1=1", "%00", "..%2f..", &order.to_uppercase(), &"z".repeat(5000)] {
        let page = shop.guest().get(&format!("/order/{}/", other.replace(' ', "%20"))).await;
        assert_eq!((page.status, &page.body), (404, &missing.body), "{other}");
    }
    shop.finish().await;
}

#[tokio::test]
async fn an_order_that_is_not_paid_in_time_gives_its_goods_back() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 5).await;
    let order = guest.check_out().await;
    shop.clock.advance(7 * DAY - 1);
    assert_eq!(shop.tick().await.expired, 0);
    assert_eq!(guest.add("MUG", "1").await.status, 409);
    shop.clock.advance(1);
    assert_eq!(shop.tick().await.expired, 1);
    assert_eq!(shop.tick().await.expired, 0, "once");
    assert_eq!(shop.stock("MUG").await, Some((5, 0)));
    let page = guest.get(&format!("/order/{order}/")).await;
    assert!(
        page.says("Expired") && page.says("No payment arrived in time") && !page.says("12345678"),
        "{}",
        page.body
    );
    let mails = shop.sent().await;
    assert_eq!(mails.len(), 2);
    assert!(mails[1].subject.ends_with("has expired"), "{}", mails[1].subject);
    let mut staff = shop.staff().await;
    let late = staff.mark_paid(&order, "R-1").await;
    assert_eq!(late.status, 409);
    assert!(late.says("could not be marked as paid"), "{}", late.body);
    guest.has("MUG", 5).await;
    shop.finish().await;
}

#[tokio::test]
async fn two_clocks_at_once_expire_an_order_once() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    guest.check_out().await;
    shop.clock.advance(8 * DAY);
    let (one, two) = tokio::join!(shop.tick(), shop.tick());
    assert_eq!((one.expired + two.expired, one.failed + two.failed), (1, 0));
    assert_eq!(shop.mails.all().len(), 2);
    shop.finish().await;
}

#[tokio::test]
async fn a_mail_that_cannot_be_sent_is_tried_twelve_times() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let order = guest.check_out().await;
    shop.mails.refuse(true);
    let mut deferred = 0;
    loop {
        let report = shop.app.flush_outbox().await;
        deferred += report.deferred;
        if report.dead > 0 {
            break;
        }
        shop.clock.advance(60);
    }
    assert_eq!(deferred, 11);
    assert!(shop.log.all().iter().any(|line| line.contains("a mail was given up")));
    assert!(
        shop.log.all().iter().all(|line| !line.contains("grace@example.com") && !line.contains(&order)),
        "no personal data in the log, nor what opens the order"
    );
    shop.mails.refuse(false);
    assert_eq!(shop.app.flush_outbox().await.sent, 0);
    shop.finish_except(&["I14"]).await;
}

#[tokio::test]
async fn the_confirmation_reads_well() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("JUMPER-S", 1).await;
    guest.has("BOOK", 2).await;
    let form = guest.fill_in().await.with("note", "Please leave it\nwith the neighbours.");
    let order = guest.place(&form).await.order_id();
    let mails = shop.sent().await;
    let number =
        shop.rows("select number from orders", vec![]).await[0]["number"].as_str().unwrap().to_owned();
    let text = mails[0].text.replace(&order, "[id]").replace(&number, "[number]");
    insta::assert_snapshot!(format!("{}\n\n{text}", mails[0].subject.replace(&number, "[number]")));
    assert_eq!(mails[0].dedupe, format!("mail:received:{order}"));
    assert!(mails[0].html.contains("Wool Jumper"));
    shop.finish().await;
}

#[tokio::test]
async fn erasing_the_contact_leaves_no_name_behind() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let order = guest.check_out().await;
    let blank = "update order_contact set email = '', name = '', line1 = '', line2 = '', city = '', postcode = '', phone = '', note = ''";
    shop.rows(blank, vec![]).await;
    for table in [
        "select * from orders",
        "select * from outbox",
        "select * from order_line",
        "select * from order_event",
        "select * from order_contact",
    ] {
        let text = serde_json::to_string(&shop.rows(table, vec![]).await).unwrap();
        assert!(
            !text.contains("Grace") && !text.contains("grace@") && !text.contains("Orwell Quay"),
            "{table}: {text}"
        );
    }
    assert_eq!(shop.app.flush_outbox().await.sent, 1, "a mail to nobody is done");
    assert!(shop.mails.all().is_empty());
    assert_eq!(guest.get(&format!("/order/{order}/")).await.status, 200);
    shop.finish().await;
}

#[tokio::test]
async fn history_cannot_be_rewritten() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let order = guest.check_out().await;
    let mut staff = shop.staff().await;
    staff.mark_paid(&order, "R-1").await;
    use ipswich_shop::ports::{Db, DbError, Statement};
    for sql in [
        "update audit set staff = 'x'",
        "delete from audit",
        "update order_event set at = 0",
        "delete from order_event",
        "update stock_ledger set at = 0",
        "delete from stock_ledger",
        "update orders set total = 1, subtotal = 1",
        "update orders set state = 'pending', captured = 0",
        "update orders set state = 'cancelled'",
        "update order_line set unit = 1",
        "update stock set reserved = 9",
        "update orders set captured = 1",
        "insert into payment(provider, ref, kind, order_id, amount, currency, at) select provider, 'R-2', kind, order_id, amount, currency, at from payment",
    ] {
        let answer = shop.db.inner().batch(vec![Statement { sql, params: vec![] }]).await;
        assert!(matches!(answer, Err(DbError::Constraint(_))), "{sql}: {answer:?}");
    }
    shop.finish().await;
}

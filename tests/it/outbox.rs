//! The outbox: sent once by however many clocks, tried again after failures, given up in sight of the staff.

use ipswich_tests::shop::{Fault, ShopTest};

async fn order_of(shop: &ShopTest) -> String {
    let mut guest = shop.guest();
    guest.has("CATALOGUE", 1).await;
    guest.check_out().await
}

/// Lets every try fail until the mail is given up.
async fn give_up(shop: &ShopTest) {
    shop.mails.refuse(true);
    for _ in 0..5_000 {
        if shop.app.flush_outbox().await.dead > 0 {
            shop.mails.refuse(false);
            return;
        }
        shop.clock.advance(60);
    }
    panic!("never given up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clocks_that_run_at_once_send_each_mail_once() {
    let shop = ShopTest::new().await;
    for _ in 0..45 {
        order_of(&shop).await;
    }
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let app = shop.app.clone();
            tokio::spawn(async move { app.tick().await })
        })
        .collect();
    let mut sent = 0;
    for task in tasks {
        sent += task.await.unwrap().sent;
    }
    let mut names: Vec<String> = shop.mails.all().into_iter().map(|mail| mail.dedupe).collect();
    assert_eq!((sent, names.len()), (45, 45));
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 45);
    shop.finish().await;
}

#[tokio::test]
async fn a_round_is_bounded_and_the_next_goes_on() {
    let shop = ShopTest::new().await;
    for _ in 0..70 {
        order_of(&shop).await;
    }
    assert_eq!(shop.app.flush_outbox().await.sent, 20);
    assert_eq!(shop.tick().await.sent, 50);
    assert_eq!(shop.tick().await.sent, 0);
    shop.finish().await;
}

#[tokio::test]
async fn a_crash_between_sending_and_noting_it_sends_the_same_mail_once_more() {
    let shop = ShopTest::new().await;
    let order = order_of(&shop).await;
    // The lease and the order are read, the mail goes out, and then the database is gone.
    shop.db.fail_after(2, Fault::Down);
    assert_eq!(shop.app.flush_outbox().await.failed, 1);
    shop.db.fail(Fault::None);
    assert_eq!(shop.tick().await.sent, 0, "the lease still runs");
    shop.clock.advance(301);
    assert_eq!(shop.tick().await.sent, 1);
    shop.clock.advance(3_600);
    shop.tick().await;
    let names: Vec<String> = shop.mails.all().into_iter().map(|mail| mail.dedupe).collect();
    assert_eq!(names, vec![format!("mail:received:{order}"); 2], "the provider can tell");
    shop.finish().await;
}

#[tokio::test]
async fn an_hour_without_a_clock_is_caught_up_with() {
    let shop = ShopTest::new().await;
    for _ in 0..3 {
        order_of(&shop).await;
    }
    shop.clock.advance(3_600);
    assert_eq!(shop.tick().await.sent, 3);
    shop.finish().await;
}

#[tokio::test]
async fn what_was_given_up_is_shown_with_its_cause_and_tried_again() {
    let shop = ShopTest::new().await;
    let order = order_of(&shop).await;
    let mut staff = shop.staff().await;
    let page = staff.get("/admin/outbox/").await;
    assert!(page.says("1 message waits to be sent, the oldest for less than a minute"), "{}", page.body);
    give_up(&shop).await;
    let mut staff = shop.staff().await;
    let page = staff.get("/admin/outbox/").await;
    for text in [
        "Nothing waits",
        "Mail: order received",
        "the mail server is not there",
        &format!("/admin/orders/{order}/"),
    ] {
        assert!(page.says(text), "{text}\n{}", page.body);
    }
    let id = page.input("id").unwrap();
    let form = |decision| [("id", id.as_str()), ("decision", decision)];
    for bad in [[("id", "x"), ("decision", "again")], [("id", id.as_str()), ("decision", "burn")]] {
        assert_eq!(staff.post("/admin/outbox/", &bad).await.status, 400);
    }
    let page = staff.post("/admin/outbox/", &form("again")).await;
    assert_eq!((page.status, page.flushes), (303, true), "{}", page.body);
    assert_eq!(staff.post("/admin/outbox/", &form("again")).await.status, 409, "it is not given up any more");
    assert_eq!(shop.sent().await.len(), 1);
    assert!(staff.get("/admin/outbox/").await.says("Nothing was given up."));
    let audit = shop.rows("select action, subject from audit", vec![]).await;
    assert_eq!(audit, [serde_json::json!({ "action": "outbox.again", "subject": id })]);
    shop.finish().await;
}

#[tokio::test]
async fn giving_up_is_final_and_written_down() {
    let shop = ShopTest::new().await;
    order_of(&shop).await;
    give_up(&shop).await;
    let mut staff = shop.staff().await;
    let id = staff.get("/admin/outbox/").await.input("id").unwrap();
    let form = |decision| [("id", id.as_str()), ("decision", decision)];
    assert_eq!(staff.post("/admin/outbox/", &form("give-up")).await.status, 303);
    for decision in ["give-up", "again"] {
        assert_eq!(staff.post("/admin/outbox/", &form(decision)).await.status, 409);
    }
    assert_eq!(shop.sent().await.len(), 0);
    assert_eq!(shop.number("select count(*) from audit where action = 'outbox.give_up'").await, 1);
    shop.finish().await;
}

#[tokio::test]
async fn mails_that_fail_together_do_not_come_back_together() {
    let shop = ShopTest::new().await;
    for _ in 0..10 {
        order_of(&shop).await;
    }
    shop.mails.refuse(true);
    assert_eq!(shop.app.flush_outbox().await.deferred, 10);
    assert!(shop.number("select count(distinct due_at) from outbox").await > 3);
    shop.mails.refuse(false);
    shop.clock.advance(120);
    shop.finish().await;
}

//! Money at the bank and the till: terms, reminders, receipts, and what comes late.

use ipswich_shop::Config;
use ipswich_shop::ports::{Db, DbError, Statement};
use ipswich_tests::shop::{Catalog, DAY, Fault, ShopTest};

async fn order_of(shop: &ShopTest) -> String {
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    guest.check_out().await
}

#[tokio::test]
async fn a_reminder_goes_out_once_and_before_the_end() {
    let shop = ShopTest::new().await;
    let order = order_of(&shop).await;
    shop.clock.advance(5 * DAY - 1);
    assert_eq!(shop.tick().await.reminded, 0);
    shop.clock.advance(1);
    let (one, two) = tokio::join!(shop.tick(), shop.tick());
    assert_eq!((one.reminded + two.reminded, one.failed + two.failed), (1, 0));
    assert_eq!(shop.tick().await.reminded, 0, "once");
    let mails = shop.sent().await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].dedupe, format!("mail:reminder:{order}"));
    assert!(mails[1].subject.ends_with("is waiting for your payment"), "{}", mails[1].subject);
    let number =
        shop.rows("select number from orders", vec![]).await[0]["number"].as_str().unwrap().to_owned();
    insta::assert_snapshot!(mails[1].text.replace(&order, "[id]").replace(&number, "[number]"));
    shop.clock.advance(2 * DAY);
    assert_eq!(shop.tick().await.expired, 1);
    shop.finish().await;
}

#[tokio::test]
async fn who_pays_on_collection_is_reminded_of_the_goods() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await.with("delivery", "collection").with("payment", "on_collection");
    let page = guest.place(&form).await;
    assert_eq!(page.status, 303, "{}", page.body);
    shop.clock.advance(5 * DAY);
    shop.tick().await;
    let mails = shop.sent().await;
    assert!(mails[1].subject.ends_with("is waiting for you"), "{}", mails[1].subject);
    assert!(mails[1].text.contains("Pay when you collect") && !mails[1].text.contains("12345678"));
    shop.finish().await;
}

#[tokio::test]
async fn nobody_who_paid_or_was_cancelled_is_reminded() {
    let shop = ShopTest::new().await;
    let (paid, cancelled, late) = (order_of(&shop).await, order_of(&shop).await, order_of(&shop).await);
    let mut staff = shop.staff().await;
    staff.mark_paid(&paid, "R-1").await;
    staff.cancel(&cancelled).await;
    shop.clock.advance(5 * DAY);
    shop.mails.refuse(true);
    assert_eq!(shop.tick().await.reminded, 1);
    // The mail could not be sent, and before its next try the money comes.
    let mut staff = shop.staff().await;
    staff.mark_paid(&late, "R-2").await;
    shop.mails.refuse(false);
    shop.clock.advance(120);
    shop.tick().await;
    let reminders = shop.mails.all().iter().filter(|mail| mail.dedupe.contains("reminder")).count();
    assert_eq!(reminders, 0);
    shop.finish().await;
}

#[tokio::test]
async fn a_shop_may_do_without_reminders_and_a_late_clock_leaves_them_out() {
    let catalog = Catalog::with_settings(|settings| settings.offline.remind_days = 0);
    let shop = ShopTest::with(catalog, Config::for_testing()).await;
    order_of(&shop).await;
    shop.clock.advance(6 * DAY);
    assert_eq!(shop.tick().await.reminded, 0);
    shop.finish().await;
    let shop = ShopTest::new().await;
    order_of(&shop).await;
    shop.clock.advance(8 * DAY);
    let report = shop.tick().await;
    assert_eq!((report.reminded, report.expired), (0, 1));
    assert!(shop.mails.all().iter().all(|mail| !mail.dedupe.contains("reminder")));
    shop.finish().await;
}

#[tokio::test]
async fn late_money_is_kept_in_a_list_and_goes_back_once() {
    let shop = ShopTest::new().await;
    let (order, other) = (order_of(&shop).await, order_of(&shop).await);
    shop.clock.advance(7 * DAY);
    shop.tick().await;
    let mut staff = shop.staff().await;
    let page = staff.mark_paid(&order, "BANK-7").await;
    assert_eq!((page.status, page.location), (303, format!("/admin/orders/{order}/?done=late")));
    assert_eq!(staff.mark_paid(&order, "BANK-7").await.status, 409, "a receipt is booked once");
    assert_eq!(staff.mark_paid(&other, "BANK-7").await.status, 409, "for whichever order");
    let page = staff.get(&format!("/admin/orders/{order}/?done=late")).await;
    assert!(
        page.says("Receipt BANK-7") && page.says("£15.95, booked") && page.says("Expired"),
        "{}",
        page.body
    );
    assert_eq!(shop.number("select captured from orders limit 1").await, 0);
    let list = staff.get("/admin/money/").await;
    assert!(list.says("BANK-7") && list.says("£15.95"), "{}", list.body);
    let back = |reference| [("receipt", "BANK-7"), ("reference", reference)];
    assert_eq!(staff.post("/admin/money/", &back(" ")).await.status, 422);
    assert_eq!(staff.post("/admin/money/", &back("OUT-1")).await.status, 303);
    assert!(staff.get("/admin/money/?done=returned").await.says("There is none."));
    assert_eq!(staff.post("/admin/money/", &back("OUT-2")).await.status, 409, "money goes back once");
    assert_eq!(staff.post("/admin/money/", &[("receipt", "NONE"), ("reference", "OUT-3")]).await.status, 409);
    let page = staff.get(&format!("/admin/orders/{order}/")).await;
    assert!(page.says("Went back with OUT-1."), "{}", page.body);
    let audit = shop.rows("select action from audit order by id", vec![]).await;
    assert_eq!(
        audit,
        ["money.stray", "money.returned"].map(|action| serde_json::json!({ "action": action }))
    );
    shop.finish().await;
}

#[tokio::test]
async fn an_order_is_found_by_the_reference_on_a_bank_statement() {
    let shop = ShopTest::new().await;
    let order = order_of(&shop).await;
    let number =
        shop.rows("select number from orders", vec![]).await[0]["number"].as_str().unwrap().to_owned();
    let mut staff = shop.staff().await;
    for typed in
        [number.clone(), number.to_lowercase().replace('-', ""), number.replace('0', "o").replace('1', "l")]
    {
        let page = staff.get(&format!("/admin/?number={typed}")).await;
        assert_eq!((page.status, page.location), (303, format!("/admin/orders/{order}/")), "{typed}");
    }
    for typed in ["ZZZZ-ZZZZ", "x", "%27or%201=1"] {
        let page = staff.get(&format!("/admin/?number={typed}")).await;
        assert!(staff.get(&page.location).await.says("There is no order with this number."), "{typed}");
    }
    shop.finish().await;
}

#[tokio::test]
async fn another_amount_settles_nothing_and_is_kept() {
    let shop = ShopTest::new().await;
    let order = order_of(&shop).await;
    let mut staff = shop.staff().await;
    let path = format!("/admin/orders/{order}/stray/");
    for (receipt, amount) in
        [("", "5.00"), ("R-1", ""), ("R-1", "-1"), ("R-1", "0"), ("R-1", "5.001"), ("R-1", "x")]
    {
        let page = staff.post(&path, &[("receipt", receipt), ("amount", amount)]).await;
        assert_eq!(page.status, 422, "{receipt} {amount}");
    }
    let page = staff.post(&path, &[("receipt", "R-1"), ("amount", "5.00")]).await;
    assert_eq!((page.status, page.location.ends_with("?done=stray")), (303, true), "{}", page.body);
    assert_eq!(staff.mark_paid(&order, "R-1").await.status, 409, "it is booked already");
    assert_eq!(staff.mark_paid(&order, "R-2").await.status, 303, "the rest of the story goes on");
    assert_eq!(shop.number("select sum(amount) from payment where kind = 'stray'").await, 500);
    shop.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn money_is_booked_once_however_many_click() {
    let shop = ShopTest::new().await;
    let mut orders = Vec::new();
    for _ in 0..5 {
        orders.push(order_of(&shop).await);
    }
    // One receipt for five orders.
    let staff = shop.staff().await;
    let post = |order: &String, reference: String| {
        let (mut staff, order) = (staff.clone(), order.clone());
        tokio::spawn(async move { staff.mark_paid(&order, &reference).await.status })
    };
    let tasks: Vec<_> = orders.iter().map(|order| post(order, "SAME".to_owned())).collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409]);
    // Ten receipts for one order.
    let open = shop.rows("select id from orders where state = 'pending' limit 1", vec![]).await;
    let open = open[0]["id"].as_str().unwrap().to_owned();
    let tasks: Vec<_> = (0..10).map(|n| post(&open, format!("R-{n}"))).collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [&[303][..], &[409; 9]].concat());
    assert_eq!(shop.number("select count(*) from payment").await, 2);
    assert_eq!(shop.stock("MUG").await, Some((3, 3)));
    shop.finish().await;
}

#[tokio::test]
async fn a_payment_and_the_end_of_the_term_exclude_each_other() {
    for fault in [Fault::LoseRequest, Fault::LoseAnswer] {
        let shop = ShopTest::new().await;
        let order = order_of(&shop).await;
        shop.clock.advance(7 * DAY);
        let mut staff = shop.staff().await;
        shop.db.fail_after(2, fault);
        let (page, report) = tokio::join!(staff.mark_paid(&order, "R-1"), shop.tick());
        assert_eq!(page.status, 303, "paid, or booked as late");
        let paid = shop.number("select count(*) from orders where state = 'paid'").await;
        assert!(report.expired <= 1, "an answer that was lost may leave it uncounted");
        assert_eq!(shop.number("select count(*) from orders where state in ('paid', 'expired')").await, 1);
        let kind = if paid == 1 { "capture" } else { "stray" };
        let kinds = shop.rows("select kind from payment", vec![]).await;
        assert_eq!(kinds, [serde_json::json!({ "kind": kind })]);
        shop.clock.advance(600);
        shop.finish().await;
    }
}

#[tokio::test]
async fn the_schema_keeps_stray_money_apart() {
    let shop = ShopTest::new().await;
    let order = order_of(&shop).await;
    let mut staff = shop.staff().await;
    staff.mark_paid(&order, "R-1").await;
    staff.post(&format!("/admin/orders/{order}/stray/"), &[("receipt", "R-2"), ("amount", "1.00")]).await;
    staff.post("/admin/money/", &[("receipt", "R-2"), ("reference", "OUT-1")]).await;
    for sql in [
        "insert into stray_return select provider, 'R-1', 'OUT-2', staff, at from stray_return",
        "insert into stray_return select provider, 'R-9', 'OUT-2', staff, at from stray_return",
        "insert into stray_return select provider, ref, 'OUT-2', staff, at from stray_return",
        "update stray_return set reference = 'OUT-3'",
        "delete from stray_return",
    ] {
        let answer = shop.db.inner().batch(vec![Statement { sql, params: vec![] }]).await;
        assert!(matches!(answer, Err(DbError::Constraint(_))), "{sql}: {answer:?}");
    }
    shop.finish().await;
}

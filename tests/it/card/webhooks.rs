//! Messages from Stripe.

use ipswich_shop::ports::Param;
use ipswich_tests::ShopTest;
use ipswich_tests::shop::{Browser, Fault};
use ipswich_tests::stripe::{Delivery, WEBHOOK_SECRET, signature};

/// A shop with an order that a shopper has paid at Stripe, and nobody has heard of it.
async fn paid_at_stripe() -> (ShopTest, Browser, String, String) {
    let shop = ShopTest::with_cards().await;
    let mut guest = shop.guest();
    guest.has("MUG", 2).await;
    let order = guest.order_by_card().await;
    let session = guest.go_to_stripe(&order).await;
    let payment = shop.stripe.pay(&session).unwrap();
    (shop, guest, order, payment)
}

async fn post(browser: &mut Browser, body: &str, signature: &str) -> u16 {
    let headers = [("stripe-signature", signature)];
    browser.send("POST", "/webhooks/stripe", &headers, Some(body.to_owned())).await.status
}

/// Everything the books hold that a message could change.
async fn books(shop: &ShopTest) -> Vec<i64> {
    let mut books = Vec::new();
    for sql in [
        "select count(*) from inbox",
        "select count(*) from payment",
        "select count(*) from outbox",
        "select count(*) from orders where state = 'paid'",
        "select count(*) from order_event",
        "select count(*) from stock_ledger",
    ] {
        books.push(shop.number(sql).await);
    }
    books
}

#[tokio::test]
async fn message_and_way_back_in_any_order_and_twice() {
    for story in ["mm", "rm", "mr", "rr", "mrmr", "rmrm"] {
        let (shop, mut guest, order, payment) = paid_at_stripe().await;
        for step in story.chars() {
            if step == 'm' {
                for message in shop.stripe.all_events() {
                    let before = shop.db.batches();
                    assert_eq!(shop.stripe.deliver(&mut guest, &message).await, 200, "{story}");
                    assert!(shop.db.batches() - before <= 2, "{story}");
                }
            } else {
                guest.come_back(&order).await;
            }
        }
        assert_eq!(shop.state(&order).await, "paid", "{story}");
        let sql = "select count(*) from payment where kind = 'capture' and ref = ?1 and amount = 2795";
        assert_eq!(shop.rows(sql, vec![Param::from(payment.as_str())]).await[0]["count(*)"], 1);
        assert_eq!(shop.stock("MUG").await, Some((3, 0)));
        assert_eq!(shop.sent().await.len(), 1, "{story}");
        assert_eq!(shop.stripe.refunded(&order), 0);
        shop.finish().await;
    }
}

#[tokio::test]
async fn what_is_forged_old_or_of_another_mode_changes_nothing() {
    let (shop, mut guest, order, _) = paid_at_stripe().await;
    let message = shop.stripe.undelivered().remove(0);
    let now = shop.clock.get();
    let before = books(&shop).await;
    let good = message.signature.as_str();
    let cases = [
        (message.body.clone(), String::new()),
        (message.body.clone(), "t=1,v1=00".to_owned()),
        (message.body.clone(), signature("whsec_guessed", &message.body, now)),
        (message.body.clone(), signature(WEBHOOK_SECRET, &message.body, now - 301)),
        (message.body.clone(), signature(WEBHOOK_SECRET, &message.body, now + 301)),
        (message.body.clone(), good.replace("v1=", "v0=")),
        (message.body.replace("2795", "2796"), good.to_owned()),
        (format!("{} ", message.body), good.to_owned()),
    ];
    for (body, header) in cases {
        assert_eq!(post(&mut guest, &body, &header).await, 400, "{header}");
    }
    // Signed well, and still nothing for us.
    for (body, status) in [
        (message.body.replace("\"livemode\":false", "\"livemode\":true"), 400),
        ("no JSON".to_owned(), 400),
        ("{}".to_owned(), 400),
        (message.body.replace("checkout.session.completed", "customer.created"), 200),
        (message.body.replace("checkout.session.completed", "payment_intent.succeeded"), 200),
        ("x".repeat(300_000), 413),
    ] {
        assert_eq!(post(&mut guest, &body, &signature(WEBHOOK_SECRET, &body, now)).await, status, "{status}");
    }
    assert_eq!(guest.get("/webhooks/stripe").await.status, 405);
    assert_eq!(books(&shop).await, before);
    assert_eq!(shop.state(&order).await, "pending");
    // The secret of before still counts while it is rolled.
    let old = signature("whsec_the_one_before", &message.body, now);
    assert_eq!(post(&mut guest, &message.body, &old).await, 200);
    assert_eq!(shop.state(&order).await, "paid");
    let after = books(&shop).await;
    assert_eq!(post(&mut guest, &message.body, good).await, 200);
    assert_eq!(books(&shop).await, after, "a replay changes nothing");
    shop.finish().await;
}

#[tokio::test]
async fn a_message_of_an_order_that_is_not_ours_is_noted_and_no_more() {
    let (shop, mut guest, order, _) = paid_at_stripe().await;
    let message = shop.stripe.undelivered().remove(0);
    let body = message.body.replace(&order, &"0".repeat(26));
    let header = signature(WEBHOOK_SECRET, &body, shop.clock.get());
    assert_eq!(post(&mut guest, &body, &header).await, 200);
    assert_eq!(shop.number("select count(*) from payment").await, 0);
    assert_eq!(shop.number("select count(*) from inbox where outcome = 'ignored'").await, 1);
    assert!(shop.log.all().iter().any(|line| line.contains("not in the books")));
    shop.stripe.lose_events();
    guest.come_back(&order).await;
    shop.finish().await;
}

#[tokio::test]
async fn only_a_dead_database_makes_stripe_try_again() {
    let (shop, mut guest, order, _) = paid_at_stripe().await;
    for fault in [Fault::Down, Fault::Overloaded] {
        shop.db.fail(fault);
        assert_eq!(shop.stripe.deliver_events(&mut guest, 1).await, [503]);
        shop.db.fail(Fault::None);
    }
    for fault in [Fault::LoseRequest, Fault::LoseAnswer] {
        let (shop, mut guest, order, _) = paid_at_stripe().await;
        shop.db.fail_after(1, fault);
        assert_eq!(shop.stripe.deliver_events(&mut guest, 1).await, [200], "{fault:?}");
        assert_eq!(shop.state(&order).await, "paid");
        shop.finish().await;
    }
    assert_eq!(shop.stripe.deliver_events(&mut guest, 1).await, [200]);
    assert_eq!(shop.state(&order).await, "paid");
    shop.finish().await;
}

#[tokio::test]
async fn another_amount_or_currency_is_stray_and_goes_back() {
    for (from, to) in [("2795", "2794"), ("2795", "2796"), ("\"gbp\"", "\"usd\"")] {
        let (shop, mut guest, order, payment) = paid_at_stripe().await;
        let message = shop.stripe.undelivered().remove(0);
        let body = message.body.replace(from, to);
        let header = signature(WEBHOOK_SECRET, &body, shop.clock.get());
        assert_eq!(post(&mut guest, &body, &header).await, 200);
        assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), ("expired", Some((5, 0))));
        assert_eq!(shop.number("select count(*) from payment where kind = 'stray'").await, 1);
        shop.sent().await;
        assert_eq!(shop.stripe.refunded(&order), shop.stripe.captured(&order), "{payment}");
        // The true message comes too late to change anything.
        assert_eq!(shop.stripe.deliver(&mut guest, &Delivery { id: "x".to_owned(), ..message }).await, 200);
        assert_eq!(shop.number("select count(*) from payment").await, 1);
        shop.stripe.lose_events();
        shop.finish().await;
    }
}

#[tokio::test]
async fn a_payment_after_the_end_goes_back() {
    let shop = ShopTest::with_cards().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let order = guest.order_by_card().await;
    let session = guest.go_to_stripe(&order).await;
    shop.stripe.expire(&session);
    assert_eq!(shop.stripe.deliver_events(&mut guest, 1).await, [200]);
    assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), ("expired", Some((5, 0))));
    shop.stripe.pay_regardless(&session).unwrap();
    assert_eq!(shop.stripe.deliver_events(&mut guest, 2).await, [200, 200]);
    assert_eq!(shop.state(&order).await, "expired");
    shop.sent().await;
    assert_eq!((shop.stripe.captured(&order), shop.stripe.refunded(&order)), (1595, 1595));
    assert_eq!(shop.number("select count(*) from payment where returned_at is not null").await, 1);
    let desk = shop.staff().await.get(&format!("/admin/orders/{order}/")).await;
    assert!(desk.says("£15.95 came in that this order does not need. It has gone back."), "{}", desk.body);
    shop.stripe.deliver_events(&mut guest, 2).await;
    assert_eq!(shop.stripe.refunds().len(), 1);
    shop.finish().await;
}

#[tokio::test]
async fn a_second_payment_goes_back_and_the_first_stays() {
    let (shop, mut guest, order, _) = paid_at_stripe().await;
    let session = shop.session(&order).id;
    guest.come_back(&order).await;
    shop.stripe.pay_regardless(&session).unwrap();
    shop.stripe.deliver_events(&mut guest, 1).await;
    shop.sent().await;
    assert_eq!(shop.state(&order).await, "paid");
    assert_eq!((shop.stripe.captured(&order), shop.stripe.refunded(&order)), (2 * 2795, 2795));
    shop.stripe.deliver_events(&mut guest, 1).await;
    shop.finish().await;
}

#[tokio::test]
async fn slow_money_is_waited_for() {
    for succeeds in [true, false] {
        let shop = ShopTest::with_cards().await;
        let mut guest = shop.guest();
        guest.has("MUG", 1).await;
        let order = guest.order_by_card().await;
        let session = guest.go_to_stripe(&order).await;
        shop.stripe.pay_slowly(&session).unwrap();
        shop.stripe.deliver_events(&mut guest, 1).await;
        // Hours pass, and nobody gives the goods to others.
        for _ in 0..5 {
            shop.clock.advance(3_600);
            shop.tick().await;
        }
        assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), ("pending", Some((5, 1))));
        shop.stripe.settle(&session, succeeds);
        shop.stripe.deliver_events(&mut guest, 2).await;
        let (state, stock) = if succeeds { ("paid", (4, 0)) } else { ("expired", (5, 0)) };
        assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), (state, Some(stock)));
        shop.finish().await;
    }
}

#[tokio::test]
async fn disputes_are_shown_to_staff() {
    let (shop, mut guest, order, payment) = paid_at_stripe().await;
    shop.stripe.deliver_events(&mut guest, 1).await;
    let dispute = shop.stripe.dispute(&payment).unwrap();
    shop.stripe.deliver_events(&mut guest, 2).await;
    let mut staff = shop.staff().await;
    let path = format!("/admin/orders/{order}/");
    assert!(staff.get(&path).await.says("bank disputes £27.95"));
    shop.stripe.close_dispute(&dispute, false);
    shop.stripe.deliver_events(&mut guest, 2).await;
    assert!(staff.get(&path).await.says("A dispute about £27.95 has ended: lost."));
    assert_eq!(shop.number("select count(*) from dispute").await, 1);
    shop.finish().await;
}

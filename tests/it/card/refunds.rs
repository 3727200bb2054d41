//! Money that goes back.

use ipswich_tests::ShopTest;
use ipswich_tests::shop::{Browser, DAY};
use ipswich_tests::stripe::Behaviour;

/// A shop with an order of three mugs and a book, paid by card: 3600 and 3000, delivered free.
async fn paid() -> (ShopTest, Browser, String) {
    let shop = ShopTest::with_cards().await;
    let mut guest = shop.guest();
    guest.has("MUG", 3).await;
    guest.has("BOOK", 1).await;
    let order = guest.order_by_card().await;
    let session = guest.go_to_stripe(&order).await;
    shop.stripe.pay(&session).unwrap();
    shop.stripe.deliver_events(&mut guest, 1).await;
    shop.sent().await;
    let staff = shop.staff().await;
    (shop, staff, order)
}

async fn held(shop: &ShopTest) -> i64 {
    shop.number("select refund_held from orders").await
}

#[tokio::test]
async fn pieces_go_back_on_the_shelf_or_not() {
    let (shop, mut staff, order) = paid().await;
    let page =
        staff.refund(&order, &[("line_qty_0", "1"), ("line_restock_0", "1"), ("line_qty_1", "1")]).await;
    assert_eq!((page.status, page.flushes), (303, true), "{}", page.body);
    assert_eq!((shop.stock("MUG").await, shop.stock("BOOK").await), (Some((3, 0)), Some((49, 0))));
    assert_eq!(shop.stripe.refunded(&order), 0, "the call comes after the commit");
    let mails = shop.sent().await;
    assert_eq!((shop.stripe.refunded(&order), held(&shop).await), (4200, 4200));
    assert_eq!(shop.state(&order).await, "paid");
    let mail = mails.last().unwrap();
    assert!(mail.subject.contains("A refund for order") && mail.text.contains("£42.00"), "{}", mail.text);
    assert!(mail.html.contains("£42.00"));
    assert_eq!(shop.number("select count(*) from audit where action = 'order.refunded'").await, 1);
    // The messages about it count nothing twice.
    let mut stripe = shop.guest();
    shop.stripe.deliver_events(&mut stripe, 2).await;
    shop.tick().await;
    assert_eq!((held(&shop).await, shop.sent().await.len()), (4200, 2));
    let desk = staff.get(&format!("/admin/orders/{order}/")).await;
    assert!(desk.says("£42.00 paid back: Came back.") && desk.says("Pieces, of 2"), "{}", desk.body);
    assert!(stripe.get(&format!("/order/{order}/")).await.says("£42.00"));
    // The rest: a mug, and the price of the other.
    let page = staff.refund(&order, &[("line_qty_0", "1"), ("other", "12.00")]).await;
    assert_eq!(page.status, 303, "{}", page.body);
    shop.sent().await;
    assert_eq!((shop.stripe.refunded(&order), shop.state(&order).await.as_str()), (6600, "refunded"));
    assert!(!staff.get(&format!("/admin/orders/{order}/")).await.says("Pay money back"));
    shop.stripe.deliver_events(&mut stripe, 1).await;
    shop.finish().await;
}

#[tokio::test]
async fn more_than_was_paid_never_goes_back() {
    let (shop, mut staff, order) = paid().await;
    for (fields, sentence) in [
        (vec![("other", "66.01")], "more than is left"),
        (vec![("line_qty_0", "4")], "only 3 can"),
        (vec![("line_qty_0", "3"), ("line_qty_1", "1"), ("other", "0.01")], "more than is left"),
        (vec![("other", "-1")], "no amount of money"),
        (vec![("other", "1.005")], "no amount of money"),
        (vec![("line_qty_0", "x")], "must be a number"),
        (vec![], "Choose pieces"),
        (vec![("line_qty_0", "0"), ("other", "0")], "Choose pieces"),
    ] {
        let page = staff.refund(&order, &fields).await;
        assert!(page.status == 422 && page.says(sentence), "{fields:?} {}", page.body);
    }
    assert_eq!(staff.refund(&order, &[("amount", "5")]).await.status, 400);
    assert_eq!(held(&shop).await, 0);
    // Two at once that together are too much: the schema lets one through.
    let key = |n: char| n.to_string().repeat(26);
    let (mut one, mut two) = (staff.clone(), staff.clone());
    let path = format!("/admin/orders/{order}/refund/");
    let (a, b) = (key('a'), key('b'));
    let form = |key| [("key", key), ("reason", "x"), ("other", "40")];
    let (form_a, form_b) = (form(a.as_str()), form(b.as_str()));
    let (first, second) = tokio::join!(one.post(&path, &form_a), two.post(&path, &form_b));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert!(matches!(statuses, [303, 409 | 422]), "{statuses:?}");
    shop.sent().await;
    assert_eq!((held(&shop).await, shop.stripe.refunded(&order)), (4000, 4000));
    shop.finish().await;
}

#[tokio::test]
async fn the_schema_holds_what_the_form_checks() {
    use ipswich_shop::ports::{Db, Statement};
    let (shop, mut staff, order) = paid().await;
    let page = staff.refund(&order, &[("line_qty_0", "2"), ("line_restock_0", "1")]).await;
    assert_eq!(page.status, 303);
    shop.sent().await;
    let refund = "insert into refund(id, order_id, amount, at) select 'x', id, 4596, 0 from orders";
    let line = "insert into refund_line(refund_id, order_id, sku, qty, amount, restock) select r.id, r.order_id, 'BOOK', 2, 0, 0 from refund r";
    for (sql, guard) in [(refund, "overrefund"), (line, "over_return")] {
        let refused = shop.db.inner().batch(vec![Statement { sql, params: vec![] }]).await;
        assert!(format!("{refused:?}").contains(guard), "{refused:?}");
    }
    shop.finish().await;
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_refund() {
    for behaviour in [
        Behaviour::LostAfter,
        Behaviour::LostBefore,
        Behaviour::Twice,
        Behaviour::Garbage,
        Behaviour::Refused(429),
        Behaviour::Late,
    ] {
        let (shop, mut staff, order) = paid().await;
        staff.refund(&order, &[("line_qty_0", "1")]).await;
        shop.stripe.next_call(behaviour);
        shop.sent().await;
        shop.stripe.catch_up();
        shop.clock.advance(120);
        shop.tick().await;
        assert_eq!(shop.stripe.refunds().len(), 1, "{behaviour:?}");
        assert_eq!((shop.stripe.refunded(&order), held(&shop).await), (1200, 1200));
        let settled = "select count(*) from refund where state = 'succeeded' and provider_ref like 're_%'";
        assert_eq!(shop.number(settled).await, 1, "{behaviour:?}");
        shop.finish().await;
    }
}

#[tokio::test]
async fn after_a_day_it_looks_before_it_sends_again() {
    let (shop, mut staff, order) = paid().await;
    staff.refund(&order, &[("line_qty_0", "1")]).await;
    shop.stripe.next_call(Behaviour::LostAfter);
    shop.sent().await;
    shop.stripe.lose_events();
    shop.clock.advance(DAY);
    shop.tick().await;
    assert_eq!((shop.stripe.refunds().len(), held(&shop).await), (1, 1200));
    assert_eq!(shop.number("select count(*) from refund where state = 'succeeded'").await, 1);
    shop.finish().await;
}

#[tokio::test]
async fn a_refund_that_fails_can_be_made_again() {
    let (shop, mut staff, order) = paid().await;
    let mut stripe = shop.guest();
    staff.refund(&order, &[("line_qty_0", "3"), ("line_qty_1", "1")]).await;
    shop.sent().await;
    assert_eq!(shop.state(&order).await, "refunded");
    let id = shop.stripe.refunds()[0].id.clone();
    shop.stripe.fail_refund(&id);
    shop.stripe.deliver_events(&mut stripe, 2).await;
    assert_eq!((shop.state(&order).await.as_str(), held(&shop).await), ("paid", 0));
    let desk = staff.get(&format!("/admin/orders/{order}/")).await;
    assert!(desk.says("£66.00 could not be paid back. Try again"), "{}", desk.body);
    let page = staff.refund(&order, &[("line_qty_0", "3")]).await;
    assert_eq!(page.status, 303, "{}", page.body);
    shop.sent().await;
    assert_eq!((shop.stripe.refunded(&order), held(&shop).await), (3600, 3600));
    shop.stripe.deliver_events(&mut stripe, 1).await;
    shop.finish().await;
}

#[tokio::test]
async fn a_pending_refund_is_settled_by_its_message_or_by_the_night() {
    for message in [true, false] {
        let (shop, mut staff, order) = paid().await;
        let mut stripe = shop.guest();
        shop.stripe.hold_refunds(true);
        staff.refund(&order, &[("line_qty_0", "1")]).await;
        shop.sent().await;
        assert_eq!(shop.number("select count(*) from refund where state = 'requested'").await, 1);
        shop.stripe.finish_refunds();
        if message {
            shop.stripe.deliver_events(&mut stripe, 1).await;
        } else {
            shop.stripe.lose_events();
            shop.clock.advance(DAY);
            shop.tick().await;
        }
        assert_eq!(
            shop.number("select count(*) from refund where state = 'succeeded'").await,
            1,
            "{message}"
        );
        shop.finish().await;
    }
}

#[tokio::test]
async fn a_refund_made_at_stripe_is_booked() {
    let (shop, mut staff, order) = paid().await;
    let mut stripe = shop.guest();
    let payment = shop.stripe.payments()[0].id.clone();
    shop.stripe.refund_on_dashboard(&payment, 500).unwrap();
    shop.stripe.deliver_events(&mut stripe, 2).await;
    shop.tick().await;
    assert_eq!((held(&shop).await, shop.stripe.refunded(&order)), (500, 500));
    assert!(staff.get(&format!("/admin/orders/{order}/")).await.says("£5.00 paid back: Made at Stripe."));
    shop.finish().await;
}

#[tokio::test]
async fn a_refusal_by_stripe_is_final_and_shown() {
    let (shop, mut staff, order) = paid().await;
    let payment = shop.stripe.payments()[0].id.clone();
    shop.stripe.refund_on_dashboard(&payment, 6000).unwrap();
    shop.stripe.lose_events();
    staff.refund(&order, &[("line_qty_0", "1")]).await;
    shop.sent().await;
    assert_eq!((held(&shop).await, shop.stripe.refunded(&order)), (0, 6000));
    assert!(staff.get(&format!("/admin/orders/{order}/")).await.says("could not be paid back"));
    shop.clock.advance(DAY);
    shop.tick().await;
    assert_eq!(held(&shop).await, 6000, "the night finds what was made at Stripe");
    shop.finish().await;
}

#[tokio::test]
async fn an_offline_order_is_paid_back_by_hand() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 2).await;
    let order = guest.check_out().await;
    let mut staff = shop.staff().await;
    assert!(!staff.get(&format!("/admin/orders/{order}/")).await.says("Pay money back"));
    assert_eq!(staff.refund(&order, &[("line_qty_0", "1")]).await.status, 422);
    staff.mark_paid(&order, "R-1").await;
    let page = staff.refund(&order, &[("line_qty_0", "1"), ("line_restock_0", "1")]).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert_eq!((held(&shop).await, shop.stock("MUG").await), (1200, Some((4, 0))));
    assert!(shop.sent().await.last().unwrap().text.contains("£12.00"));
    staff.refund(&order, &[("line_qty_0", "1"), ("other", "3.95")]).await;
    assert_eq!(shop.state(&order).await, "refunded");
    assert!(shop.stripe.calls().is_empty());
    shop.finish().await;
}

#[tokio::test]
async fn the_same_form_twice_is_one_refund() {
    let (shop, mut staff, order) = paid().await;
    let path = format!("/admin/orders/{order}/");
    let key = staff.get(&path).await.input("key").unwrap();
    let fields = [("key", key.as_str()), ("reason", "x"), ("line_qty_0", "1"), ("line_restock_0", "1")];
    for _ in 0..2 {
        assert_eq!(staff.post(&format!("{path}refund/"), &fields).await.status, 303);
    }
    shop.sent().await;
    assert_eq!((held(&shop).await, shop.stripe.refunds().len()), (1200, 1));
    assert_eq!(shop.stock("MUG").await, Some((3, 0)));
    shop.finish().await;
}

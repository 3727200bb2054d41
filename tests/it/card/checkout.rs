//! From the checkout to Stripe and back.

use ipswich_shop::Config;
use ipswich_tests::ShopTest;
use ipswich_tests::shop::{Catalog, DAY};
use ipswich_tests::stripe::{Behaviour, SessionState};

#[tokio::test]
async fn a_card_pays_an_order() {
    let shop = ShopTest::with_cards().await;
    let mut guest = shop.guest();
    guest.has("MUG", 2).await;
    guest.has("BOOK", 1).await;
    assert!(guest.get("/checkout/").await.says("We never see the number of your card"));
    let before = shop.db.batches();
    let order = guest.order_by_card().await;
    // The checkout page that was filled in took one; placing two, and going to Stripe two more.
    assert_eq!(shop.db.batches() - before, 3);
    assert!(shop.stripe.calls().is_empty(), "nothing outside is asked while an order is written");
    assert_eq!((shop.stock("MUG").await, shop.stock("BOOK").await), (Some((5, 2)), Some((50, 1))));
    let before = shop.db.batches();
    let id = guest.go_to_stripe(&order).await;
    assert_eq!(shop.db.batches() - before, 2);
    assert_eq!(shop.sent().await.len(), 0, "no mail before the money");
    let session = shop.session(&order);
    assert_eq!((session.id.as_str(), session.amount, session.currency.as_str()), (id.as_str(), 5795, "gbp"));
    assert_eq!(session.expires_at - shop.clock.get(), 31 * 60);
    let sent = format!("{:?}", session.params);
    for personal in ["grace", "Hopper", "Orwell", "Ipswich"] {
        assert!(!sent.contains(personal), "{sent}");
    }
    let pending = guest.get(&format!("/order/{order}/")).await;
    assert!(pending.says("Continue to payment") && pending.says("Awaiting payment"), "{}", pending.body);
    shop.stripe.pay(&id).unwrap();
    let page = guest.come_back(&order).await;
    assert!(
        page.says("Thank you") && page.says("Paid") && !page.says("Continue to payment"),
        "{}",
        page.body
    );
    assert_eq!(shop.state(&order).await, "paid");
    assert_eq!((shop.stock("MUG").await, shop.stock("BOOK").await), (Some((3, 0)), Some((49, 0))));
    assert_eq!(shop.stripe.captured(&order), 5795);
    let mails = shop.sent().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].subject.contains("has arrived"), "{}", mails[0].subject);
    // Nothing changes however often anybody comes back.
    guest.come_back(&order).await;
    assert_eq!(guest.get(&format!("/order/{order}/pay/")).await.location, format!("/order/{order}/"));
    assert_eq!(shop.sent().await.len(), 1);
    shop.finish().await;
}

#[tokio::test]
async fn promotions_and_added_tax_are_in_the_amount() {
    use ipswich_catalog::tax::Prices;
    let catalog = Catalog::with_settings(|settings| settings.prices = Prices::Net);
    let shop = ShopTest::with(catalog, Config::for_testing_with_stripe()).await;
    let mut guest = shop.guest();
    guest.has("MUG", 3).await;
    let order = guest.order_by_card().await;
    let session = guest.go_to_stripe(&order).await;
    let total = shop.number("select total from orders").await;
    assert!(total > shop.number("select subtotal + shipping from orders").await, "tax is added");
    assert_eq!(shop.session(&order).amount, total);
    shop.stripe.pay(&session).unwrap();
    guest.come_back(&order).await;
    assert_eq!(shop.state(&order).await, "paid");
    shop.finish().await;
}

#[tokio::test]
async fn the_same_form_twice_leads_to_the_same_session() {
    let shop = ShopTest::with_cards().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await.with("payment", "card");
    let mut window = guest.clone();
    let (one, two) = (guest.place(&form).await, window.place(&form).await);
    assert_eq!((one.status, one.location.as_str()), (303, two.location.as_str()));
    let order = one.order_id();
    let session = guest.go_to_stripe(&order).await;
    assert_eq!(window.go_to_stripe(&order).await, session);
    assert_eq!(guest.place(&form).await.location, one.location);
    assert_eq!(shop.stripe.sessions().len(), 1);
    shop.stripe.expire(&session);
    guest.come_back(&order).await;
    assert_eq!(shop.state(&order).await, "expired");
    shop.finish().await;
}

#[tokio::test]
async fn however_stripe_answers_there_is_one_session_that_can_be_paid() {
    for behaviour in [
        Behaviour::Refused(429),
        Behaviour::Refused(503),
        Behaviour::Failed,
        Behaviour::LostBefore,
        Behaviour::LostAfter,
        Behaviour::Late,
        Behaviour::Garbage,
        Behaviour::Redirect,
        Behaviour::Twice,
    ] {
        let shop = ShopTest::with_cards().await;
        let mut guest = shop.guest();
        guest.has("MUG", 1).await;
        let order = guest.order_by_card().await;
        shop.stripe.next_call(behaviour);
        let first = guest.get(&format!("/order/{order}/pay/")).await;
        if behaviour != Behaviour::Twice {
            assert_eq!(first.location, format!("/order/{order}/?payment=later"), "{behaviour:?}");
            let page = guest.get(&first.location).await;
            assert!(page.says("Nothing was charged") && page.says("Continue to payment"), "{}", page.body);
        }
        shop.stripe.catch_up();
        assert_eq!(shop.stock("MUG").await, Some((5, 1)), "{behaviour:?}: the goods are held");
        // Once more after two minutes: the first request can no longer be carried out.
        shop.clock.advance(120);
        let session = guest.go_to_stripe(&order).await;
        let open = shop.stripe.sessions().into_iter().filter(|one| one.state == SessionState::Open);
        assert_eq!(open.map(|one| one.id).collect::<Vec<_>>(), [session.as_str()], "{behaviour:?}");
        shop.stripe.pay(&session).unwrap();
        guest.come_back(&order).await;
        assert_eq!(shop.state(&order).await, "paid", "{behaviour:?}");
        assert_eq!(shop.stripe.captured(&order), 1595);
        shop.finish().await;
    }
}

#[tokio::test]
async fn a_session_of_another_amount_is_never_shown() {
    let shop = ShopTest::with_cards().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let order = guest.order_by_card().await;
    shop.stripe.next_call(Behaviour::WrongAmount);
    let page = guest.get(&format!("/order/{order}/pay/")).await;
    assert_eq!(page.location, format!("/order/{order}/"));
    assert_eq!(shop.session(&order).state, SessionState::Expired);
    assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), ("expired", Some((5, 0))));
    assert!(shop.log.all().iter().any(|line| line.contains("does not fit its order")));
    shop.finish().await;
}

#[tokio::test]
async fn the_way_back_believes_no_address() {
    let shop = ShopTest::with_cards().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let order = guest.order_by_card().await;
    let session = guest.go_to_stripe(&order).await;
    for query in ["", "?session_id=cs_test_other", "?paid=1&payment_status=paid"] {
        guest.get(&format!("/order/{order}/return/{query}")).await;
        assert_eq!(shop.state(&order).await, "pending");
    }
    let page = guest.get(&format!("/order/{order}/?placed=1")).await;
    assert!(!page.says("Thank you"), "{}", page.body);
    shop.stripe.always(Behaviour::LostBefore);
    shop.stripe.pay(&session).unwrap();
    let page = guest.come_back(&order).await;
    assert!(page.says("please do not pay again"), "{}", page.body);
    shop.stripe.always(Behaviour::Fine);
    guest.come_back(&order).await;
    assert_eq!(shop.state(&order).await, "paid");
    assert_eq!(guest.get(&format!("/order/{}/return/", "0".repeat(26))).await.status, 404);
    shop.finish().await;
}

#[tokio::test]
async fn giving_up_ends_the_session_first() {
    let shop = ShopTest::with_cards().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let order = guest.order_by_card().await;
    let session = guest.go_to_stripe(&order).await;
    // As long as Stripe does not answer, the goods are held.
    shop.stripe.always(Behaviour::LostBefore);
    let page = guest.give_up(&order).await;
    assert_eq!(page.location, format!("/order/{order}/?payment=kept"));
    assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), ("pending", Some((5, 1))));
    shop.stripe.always(Behaviour::Fine);
    assert_eq!(
        guest.send("POST", &format!("/order/{order}/cancel/"), &[], Some(String::new())).await.status,
        403
    );
    assert_eq!(guest.give_up(&order).await.status, 303);
    assert_eq!(shop.session(&order).state, SessionState::Expired);
    assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), ("cancelled", Some((5, 0))));
    assert!(shop.stripe.pay(&session).is_none());
    // The message about it comes later and changes nothing.
    assert_eq!(shop.stripe.deliver_events(&mut guest, 2).await, [200, 200]);
    assert_eq!(shop.state(&order).await, "cancelled");
    shop.finish().await;
}

#[tokio::test]
async fn giving_up_what_was_just_paid_leaves_it_paid() {
    for answer_lost in [false, true] {
        let shop = ShopTest::with_cards().await;
        let mut guest = shop.guest();
        guest.has("MUG", 1).await;
        let order = guest.order_by_card().await;
        let session = guest.go_to_stripe(&order).await;
        shop.stripe.pay(&session).unwrap();
        if answer_lost {
            shop.stripe.next_call(Behaviour::LostAfter);
        }
        guest.give_up(&order).await;
        assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), ("paid", Some((4, 0))));
        shop.finish().await;
    }
}

#[tokio::test]
async fn staff_cancels_at_stripe_first_and_cannot_mark_cards_paid() {
    let shop = ShopTest::with_cards().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let order = guest.order_by_card().await;
    guest.go_to_stripe(&order).await;
    let mut staff = shop.staff().await;
    let desk = staff.get(&format!("/admin/orders/{order}/")).await;
    assert!(!desk.says("Mark as paid") && desk.says("Cancel this order"), "{}", desk.body);
    assert_eq!(staff.mark_paid(&order, "R-1").await.status, 409);
    shop.stripe.always(Behaviour::Refused(503));
    let page = staff.cancel(&order).await;
    assert!(page.status == 409 && page.says("Stripe does not answer"), "{}", page.body);
    shop.stripe.always(Behaviour::Fine);
    assert_eq!(staff.cancel(&order).await.status, 303);
    assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), ("cancelled", Some((5, 0))));
    assert_eq!(shop.session(&order).state, SessionState::Expired);
    assert_eq!(shop.number("select count(*) from audit where action = 'order.cancelled'").await, 1);
    shop.finish().await;
}

#[tokio::test]
async fn the_schema_releases_nothing_while_a_session_is_alive() {
    use ipswich_shop::ports::{Db, Statement};
    let shop = ShopTest::with_cards().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    guest.order_by_card().await;
    for sql in ["update orders set state = 'expired'", "update orders set state = 'cancelled'"] {
        let refused = shop.db.inner().batch(vec![Statement { sql, params: vec![] }]).await;
        assert!(format!("{refused:?}").contains("session_live"), "{refused:?}");
    }
    let second =
        "insert into stripe_session(order_id, n, asked_at, expires_at) select id, 2, 0, 0 from orders";
    assert!(shop.db.inner().batch(vec![Statement { sql: second, params: vec![] }]).await.is_err());
    shop.clock.advance(DAY);
    shop.finish().await;
}

#[tokio::test]
async fn a_shop_without_cards_knows_nothing_of_them() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    assert!(!guest.get("/checkout/").await.says("Stripe"));
    let form = guest.fill_in().await.with("payment", "card");
    assert_eq!(guest.place(&form).await.status, 422);
    assert_eq!(guest.send("POST", "/webhooks/stripe", &[], Some("{}".to_owned())).await.status, 404);
    let order = guest.check_out().await;
    assert_eq!(guest.get(&format!("/order/{order}/pay/")).await.location, format!("/order/{order}/"));
    assert_eq!(guest.give_up(&order).await.status, 404);
    shop.tick().await;
    assert!(shop.stripe.calls().is_empty());
    shop.finish().await;
}

//! What the clock finds out when nobody says anything.

use ipswich_tests::ShopTest;
use ipswich_tests::shop::{Browser, DAY};
use ipswich_tests::stripe::Behaviour;

async fn ordered(shop: &ShopTest) -> (Browser, String) {
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let order = guest.order_by_card().await;
    (guest, order)
}

#[tokio::test]
async fn with_every_message_lost_paid_orders_are_paid() {
    // Stripe could not deliver; Stripe has given up; nobody ever comes back.
    for given_up in [false, true] {
        let shop = ShopTest::with_cards().await;
        let (mut guest, order) = ordered(&shop).await;
        let session = guest.go_to_stripe(&order).await;
        shop.stripe.pay(&session).unwrap();
        if given_up {
            shop.stripe.lose_events();
            shop.clock.advance(32 * 60);
        }
        shop.tick().await;
        assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), ("paid", Some((4, 0))));
        shop.tick().await;
        assert_eq!(shop.sent().await.len(), 1);
        shop.finish().await;
    }
}

#[tokio::test]
async fn goods_are_for_sale_again_only_after_stripe_says_so() {
    let shop = ShopTest::with_cards().await;
    let (mut guest, order) = ordered(&shop).await;
    guest.go_to_stripe(&order).await;
    shop.stripe.lose_events();
    shop.stripe.always(Behaviour::LostBefore);
    for _ in 0..3 {
        shop.clock.advance(3_600);
        shop.tick().await;
        assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), ("pending", Some((5, 1))));
    }
    shop.stripe.always(Behaviour::Fine);
    shop.stripe.lose_events();
    assert_eq!(shop.tick().await.expired, 1);
    assert_eq!((shop.state(&order).await.as_str(), shop.stock("MUG").await), ("expired", Some((5, 0))));
    assert_eq!(shop.sent().await.len(), 0, "who leaves the payment page hears nothing more");
    shop.finish().await;
}

#[tokio::test]
async fn sessions_that_were_never_answered_are_found() {
    // The shopper left after placing the order, or the call was lost on its way there or back, or came late.
    for behaviour in [
        None,
        Some(Behaviour::LostBefore),
        Some(Behaviour::LostAfter),
        Some(Behaviour::Failed),
        Some(Behaviour::Late),
    ] {
        for paid in [false, true] {
            let shop = ShopTest::with_cards().await;
            let (mut guest, order) = ordered(&shop).await;
            if let Some(behaviour) = behaviour {
                shop.stripe.next_call(behaviour);
                guest.get(&format!("/order/{order}/pay/")).await;
                shop.stripe.catch_up();
            }
            // Nobody was sent to that session, but if anybody pays it, it counts.
            let session = shop.stripe.session_of(&order);
            let paid = paid && session.as_ref().is_some_and(|session| shop.stripe.pay(&session.id).is_some());
            shop.stripe.lose_events();
            shop.clock.advance(32 * 60);
            shop.stripe.lose_events();
            shop.tick().await;
            let (state, stock) = if paid { ("paid", (4, 0)) } else { ("expired", (5, 0)) };
            assert_eq!(
                (shop.state(&order).await.as_str(), shop.stock("MUG").await),
                (state, Some(stock)),
                "{behaviour:?}"
            );
            assert_eq!(shop.stripe.captured(&order), if paid { 1595 } else { 0 });
            shop.finish().await;
        }
    }
}

#[tokio::test]
async fn after_days_it_still_finds_what_became_of_a_session() {
    let shop = ShopTest::with_cards().await;
    let (mut guest, order) = ordered(&shop).await;
    shop.stripe.next_call(Behaviour::LostAfter);
    guest.get(&format!("/order/{order}/pay/")).await;
    let session = shop.session(&order);
    shop.stripe.pay(&session.id).unwrap();
    shop.stripe.lose_events();
    shop.clock.advance(2 * DAY);
    shop.tick().await;
    assert_eq!(shop.state(&order).await, "paid");
    shop.finish().await;
}

#[tokio::test]
async fn messages_in_reverse_and_the_clock_between_agree() {
    let shop = ShopTest::with_cards().await;
    let (mut guest, order) = ordered(&shop).await;
    let session = guest.go_to_stripe(&order).await;
    shop.stripe.pay(&session).unwrap();
    let payment = shop.stripe.payments()[0].id.clone();
    shop.stripe.refund_on_dashboard(&payment, 1595).unwrap();
    let mut messages = shop.stripe.undelivered();
    messages.reverse();
    for message in &messages {
        assert_eq!(shop.stripe.deliver(&mut guest, message).await, 200);
        shop.tick().await;
    }
    assert_eq!((shop.state(&order).await.as_str(), shop.stripe.refunded(&order)), ("refunded", 1595));
    shop.finish().await;
}

#[tokio::test]
async fn the_night_names_what_stripe_does_not_have() {
    let shop = ShopTest::with_cards().await;
    let (mut guest, order) = ordered(&shop).await;
    let session = guest.go_to_stripe(&order).await;
    shop.stripe.pay(&session).unwrap();
    guest.come_back(&order).await;
    shop.rows("insert into payment(provider, ref, kind, order_id, amount, currency, at) select 'stripe', 'pi_invented', 'stray', id, 5, 'GBP', 1795450000 from orders", vec![]).await;
    shop.rows("insert into outbox(dedupe, kind, payload, due_at, state) values('refund-stray:pi_invented', 'stripe', '{}', 0, 'done')", vec![]).await;
    shop.clock.advance(DAY / 2);
    shop.tick().await;
    shop.clock.advance(3 * 3_600);
    shop.tick().await;
    assert!(
        shop.log
            .all()
            .iter()
            .any(|line| line.contains("Stripe does not have") && line.contains("pi_invented"))
    );
    shop.finish().await;
}

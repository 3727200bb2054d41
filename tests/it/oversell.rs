//! Many buyers, few pieces.

use std::collections::BTreeMap;

use ipswich_tests::shop::{Fault, ShopTest};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_buyers_of_five_pieces_make_five_orders() {
    let shop = ShopTest::new().await;
    let mut buyers = Vec::new();
    for _ in 0..50 {
        let mut buyer = shop.guest();
        buyer.has("MUG", 1).await;
        let form = buyer.fill_in().await;
        buyers.push((buyer, form));
    }
    let tasks: Vec<_> = buyers
        .into_iter()
        .map(|(mut buyer, form)| tokio::spawn(async move { buyer.place(&form).await }))
        .collect();
    let mut statuses = BTreeMap::<u16, u32>::new();
    for task in tasks {
        let page = task.await.unwrap();
        *statuses.entry(page.status).or_default() += 1;
        if page.status == 409 {
            assert!(page.says("has just been sold") && page.says("Sold out. Remove it"), "{}", page.body);
        }
    }
    assert_eq!(statuses, BTreeMap::from([(303, 5), (409, 45)]));
    assert_eq!(shop.number("select count(*) from orders").await, 5);
    assert_eq!(shop.stock("MUG").await, Some((5, 5)));
    shop.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_form_sent_twenty_times_at_once_is_one_order() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (mut window, form) = (guest.clone(), form.clone());
            tokio::spawn(async move { window.place(&form).await })
        })
        .collect();
    let mut locations = Vec::new();
    for task in tasks {
        let page = task.await.unwrap();
        assert_eq!(page.status, 303, "{}", page.body);
        locations.push(page.location);
    }
    locations.dedup();
    assert_eq!(locations.len(), 1);
    assert_eq!(shop.stock("MUG").await, Some((5, 1)));
    shop.finish().await;
}

#[tokio::test]
async fn whichever_call_fails_nothing_is_half_done() {
    // Fails the first, second, … call in each way, until the whole story runs through untouched.
    for fault in [Fault::LoseRequest, Fault::LoseAnswer, Fault::Down] {
        for call in 0.. {
            let shop = ShopTest::new().await;
            let mut staff = shop.staff().await;
            let mut guest = shop.guest();
            guest.has("MUG", 2).await;
            let form = guest.fill_in().await;
            let before = shop.db.batches();
            shop.db.fail_after(call, fault);
            let page = guest.place(&form).await;
            let placed = page.status == 303;
            if placed {
                let order = page.order_id();
                staff.mark_paid(&order, "R-1").await;
                staff.mark_shipped(&order).await;
            }
            shop.tick().await;
            let untouched = shop.db.batches() - before <= call;
            shop.db.fail(Fault::None);
            assert!(placed || fault == Fault::Down, "{fault:?} at call {call}: {}", page.body);
            // What was not sent is sent by a later round.
            shop.clock.advance(300);
            shop.finish().await;
            if untouched {
                break;
            }
        }
    }
}

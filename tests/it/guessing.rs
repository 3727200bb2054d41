//! Guessing passwords: tries are counted for each account and end soon, whoever asks and however many at once.

use std::collections::BTreeMap;

use ipswich_tests::shop::{Browser, Page, STAFF, ShopTest};

const PASSWORD: &str = "nanoseconds of wire";
const WINDOW: i64 = 15 * 60;

async fn wrong(browser: &mut Browser, email: &str, times: u32) {
    for _ in 0..times {
        assert_eq!(browser.sign_in(email, "not this one").await.status, 422);
    }
}

async fn staff_sign_in(browser: &mut Browser, password: &str) -> Page {
    browser.post("/admin/login/", &[("email", STAFF.0), ("password", password)]).await
}

#[tokio::test]
async fn after_ten_wrong_passwords_an_account_is_left_alone_for_a_while() {
    let shop = ShopTest::new().await;
    shop.customer("grace@example.com").await;
    shop.customer("other@example.com").await;
    let mut guest = shop.guest();
    wrong(&mut guest, "grace@example.com", 10).await;
    shop.clock.advance(60);
    // The right password is not looked at either: the answer must not tell that it was right.
    let refused = guest.sign_in("Grace@example.com", PASSWORD).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "840"));
    assert!(refused.says("too many tries with this e-mail. Try again in 14 minutes."), "{}", refused.body);
    assert!(guest.cookies.is_empty());
    assert_eq!(guest.sign_in("other@example.com", PASSWORD).await.status, 303, "others are not held up");
    shop.clock.advance(WINDOW - 60);
    assert_eq!(guest.sign_in("grace@example.com", PASSWORD).await.status, 303);
    shop.finish().await;
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answers() {
    let shop = ShopTest::new().await;
    shop.customer("grace@example.com").await;
    let mut guest = shop.guest();
    wrong(&mut guest, "grace@example.com", 10).await;
    wrong(&mut guest, "nobody@example.com", 10).await;
    let known = guest.sign_in("grace@example.com", "not this one").await;
    let unknown = guest.sign_in("nobody@example.com", "not this one").await;
    assert_eq!((known.status, unknown.status), (429, 429));
    assert_eq!(known.body.replace("grace@", "nobody@"), unknown.body);
    assert_eq!(known.header("retry-after"), unknown.header("retry-after"));
    shop.finish().await;
}

#[tokio::test]
async fn the_right_password_starts_the_count_anew() {
    let shop = ShopTest::new().await;
    shop.customer("grace@example.com").await;
    let mut guest = shop.guest();
    for _ in 0..2 {
        wrong(&mut guest, "grace@example.com", 9).await;
        assert_eq!(guest.sign_in("grace@example.com", PASSWORD).await.status, 303);
    }
    assert_eq!(shop.number("select count(*) from sign_in").await, 0);
    shop.finish().await;
}

#[tokio::test]
async fn staff_is_counted_apart_from_customers() {
    let shop = ShopTest::new().await;
    shop.customer(STAFF.0).await;
    let mut guest = shop.guest();
    wrong(&mut guest, STAFF.0, 10).await;
    assert_eq!(guest.sign_in(STAFF.0, PASSWORD).await.status, 429);
    for _ in 0..10 {
        assert_eq!(staff_sign_in(&mut guest, "not this one").await.status, 422);
    }
    let page = staff_sign_in(&mut guest, STAFF.1).await;
    assert_eq!((page.status, page.header("retry-after")), (429, "900"));
    shop.clock.advance(WINDOW);
    assert_eq!(staff_sign_in(&mut guest, STAFF.1).await.status, 303);
    shop.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_tries_at_once_are_still_ten() {
    let shop = ShopTest::new().await;
    shop.customer("grace@example.com").await;
    let tasks: Vec<_> = (0..30)
        .map(|_| {
            let mut guest = shop.guest();
            tokio::spawn(async move { guest.sign_in("grace@example.com", "not this one").await.status })
        })
        .collect();
    let mut statuses = BTreeMap::<u16, u32>::new();
    for task in tasks {
        *statuses.entry(task.await.unwrap()).or_default() += 1;
    }
    assert_eq!(statuses, BTreeMap::from([(422, 10), (429, 20)]));
    shop.finish().await;
}

#[tokio::test]
async fn what_cannot_be_right_costs_nothing_and_counts_nothing() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    let before = shop.db.batches();
    for (email, password) in [("nonsense", PASSWORD), ("", ""), ("a@example.com", "")] {
        assert_eq!(guest.sign_in(email, password).await.status, 422);
        let fields = [("email", email), ("password", password)];
        assert_eq!(guest.post("/admin/login/", &fields).await.status, 422);
    }
    assert_eq!(shop.db.batches(), before);
    shop.finish().await;
}

#[tokio::test]
async fn counting_takes_no_trip_of_its_own_and_keeps_no_address() {
    let shop = ShopTest::new().await;
    shop.customer("grace@example.com").await;
    let mut guest = shop.guest();
    let before = shop.db.batches();
    wrong(&mut guest, "grace@example.com", 1).await;
    assert_eq!(shop.db.batches() - before, 1);
    let rows = serde_json::to_string(&shop.rows("select * from sign_in", vec![]).await).unwrap();
    assert!(!rows.contains("grace") && rows.contains("tries"), "{rows}");
    let before = shop.db.batches();
    assert_eq!(guest.sign_in("grace@example.com", PASSWORD).await.status, 303);
    assert_eq!(shop.db.batches() - before, 2);
    wrong(&mut guest, "nobody@example.com", 1).await;
    shop.clock.advance(WINDOW);
    shop.tick().await;
    assert_eq!(shop.number("select count(*) from sign_in").await, 0, "old windows are removed");
    shop.finish().await;
}

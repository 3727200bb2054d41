//! How often each request may ask the database. A trip to D1 costs more than all else that a request does.

use std::collections::BTreeMap;
use std::path::Path;

use ipswich_tests::shop::{Browser, ShopTest};

/// Method and route, the most trips when nothing fails, and why if it is more than two. A route that is not here fails
/// the test, and so does one that no test asks.
const MOST: &[(&str, &str, u64)] = &[
    ("GET", "/cart/", 1),
    ("POST", "/cart/add/", 2),
    ("POST", "/cart/change/", 2),
    ("POST", "/cart/remove/", 2),
    ("POST", "/cart/coupon/", 2),
    ("POST", "/cart/coupon/remove/", 2),
    ("GET", "/checkout/", 2),
    ("POST", "/checkout/", 2),
    ("GET", "/order/{id}/", 1),
    ("GET", "/orders/", 1),
    ("GET", "/accounts/", 1),
    ("GET", "/accounts/register/", 0),
    ("POST", "/accounts/register/", 2),
    ("GET", "/accounts/login/", 0),
    ("POST", "/accounts/login/", 2),
    ("POST", "/accounts/logout/", 1),
    ("GET", "/admin/", 1),
    ("GET", "/admin/login/", 0),
    ("POST", "/admin/login/", 2),
    ("POST", "/admin/logout/", 1),
    ("GET", "/admin/orders/", 1),
    ("GET", "/admin/orders/{id}/", 1),
    ("POST", "/admin/orders/{id}/paid/", 2),
    ("POST", "/admin/orders/{id}/shipped/", 2),
    ("POST", "/admin/orders/{id}/cancel/", 2),
    ("GET", "/admin/stock/", 2),
    ("POST", "/admin/stock/", 2),
    ("GET", "/admin/coupons/", 2),
    ("POST", "/admin/coupons/", 2),
    ("POST", "/admin/coupons/end/", 2),
    ("GET", "/search/", 0),
    // Three questions of an operator, answered one by one so that each says what is wrong.
    ("GET", "/health/", 1),
    ("GET", "/ready/", 2),
];

/// The routes that the router has, read out of its source.
fn routes() -> Vec<(String, String)> {
    let source = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../edge/shop/src/app.rs")).unwrap();
    let mut found = Vec::new();
    for line in source.split(".route(").skip(1) {
        let route = line.split('"').nth(1).unwrap();
        let rest = line.split("))").next().unwrap();
        for (word, method) in [("get(", "GET"), ("post(", "POST")] {
            if rest.contains(word) {
                found.push((method.to_owned(), route.to_owned()));
            }
        }
    }
    found
}

async fn shopping(shop: &ShopTest, staff: &mut Browser) {
    let mut guest = shop.guest();
    guest.get("/cart/").await;
    guest.has("MUG", 1).await;
    guest.has("BOOK", 1).await;
    guest.change("MUG", "2").await;
    guest.remove("BOOK").await;
    guest.get("/cart/").await;
    guest.post("/cart/coupon/", &[("code", "TIDE")]).await;
    guest.post("/cart/coupon/remove/", &[("code", "TIDE")]).await;
    guest.get("/search/?q=mug").await;
    let order = guest.check_out().await;
    guest.get(&format!("/order/{order}/")).await;
    guest.get("/accounts/register/").await;
    guest.get("/accounts/login/").await;
    guest.has("MUG", 1).await;
    let mut customer = shop.customer("grace@example.com").await;
    customer.has("MUG", 1).await;
    customer.post("/accounts/logout/", &[]).await;
    customer.has("BOOK", 1).await;
    customer.sign_in("grace@example.com", "nanoseconds of wire").await;
    customer.change("MUG", "2").await;
    customer.post("/cart/coupon/", &[("code", "TIDE")]).await;
    customer.get("/cart/").await;
    let second = customer.check_out().await;
    customer.get("/accounts/").await;
    customer.get("/orders/").await;
    staff.mark_paid(&order, "R-1").await;
    staff.mark_shipped(&order).await;
    staff.cancel(&second).await;
    staff.get(&format!("/admin/orders/{order}/")).await;
}

#[tokio::test]
async fn each_route_asks_the_database_as_often_as_it_may() {
    let shop = ShopTest::new().await;
    let before = shop.db.batches();
    let mut staff = shop.guest();
    staff.get("/admin/login/").await;
    let mut staff = shop.staff().await;
    let coupon = [("code", "TIDE"), ("title", "Tide"), ("kind", "percent"), ("value", "10"), ("per_customer", "3"), ("uses_max", "9")];
    assert_eq!(staff.post("/admin/coupons/", &coupon).await.status, 303);
    shopping(&shop, &mut staff).await;
    for path in ["/admin/", "/admin/orders/?state=paid", "/admin/stock/", "/admin/stock/?q=mug", "/admin/coupons/"] {
        assert_eq!(staff.get(path).await.status, 200, "{path}");
    }
    assert_eq!(staff.count("BOOK", "50", "51").await.status, 303);
    staff.post("/admin/coupons/end/", &[("code", "TIDE")]).await;
    staff.get("/health/").await;
    staff.get("/ready/").await;
    staff.post("/admin/logout/", &[]).await;

    let mut most: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut all = 0;
    for line in shop.log.all() {
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        let Some(trips) = line["trips"].as_u64() else { continue };
        let key = (line["method"].as_str().unwrap().to_owned(), line["route"].as_str().unwrap().to_owned());
        let known = most.entry(key).or_default();
        *known = trips.max(*known);
        all += trips;
    }
    // What requests say of themselves is what arrived at the port.
    assert_eq!(all, u64::from(shop.db.batches() - before));
    let allowed: BTreeMap<(String, String), u64> =
        MOST.iter().map(|(method, route, trips)| (((*method).to_owned(), (*route).to_owned()), *trips)).collect();
    for route in routes() {
        assert!(allowed.contains_key(&route), "{route:?} has no number of trips");
        assert!(most.contains_key(&route), "{route:?} is not asked here");
    }
    for (route, trips) in &most {
        assert!(allowed.get(route).is_some_and(|most| trips <= most), "{route:?} takes {trips}");
    }
    shop.finish().await;
}

//! Health, readiness, and what every answer has in common.

use ipswich_shop::ports::Statement;
use ipswich_tests::shop::{Browser, Fault, ShopTest};
use serde_json::json;

async fn body(browser: &mut Browser, path: &str) -> (u16, serde_json::Value) {
    let page = browser.get(path).await;
    assert_eq!(page.header("content-type"), "application/json");
    assert!(!page.says("D1_ERROR") && !page.says("secret") && !page.says("no such"), "{}", page.body);
    (page.status, serde_json::from_str(&page.body).unwrap())
}

#[tokio::test]
async fn health_tells_the_truth() {
    let shop = ShopTest::new().await;
    let mut monitor = shop.guest();
    let services =
        |database, files, media| json!({"database": database, "static_files": files, "media_files": media});
    let (status, good) = body(&mut monitor, "/health/").await;
    assert_eq!(status, 200);
    assert_eq!(
        good,
        json!({
            "status": "healthy", "version": env!("CARGO_PKG_VERSION"), "timestamp": "2026-11-23T12:00:00Z",
            "services": services("healthy", "healthy", "healthy"),
        })
    );
    shop.db.fail(Fault::Down);
    let (status, bad) = body(&mut monitor, "/health/").await;
    assert_eq!((status, &bad["status"]), (503, &json!("unhealthy")));
    assert_eq!(bad["services"], services("unhealthy", "healthy", "healthy"));
    shop.db.fail(Fault::None);
    shop.published.replace("_shop/shop.json", None);
    shop.app.forget_release();
    let (status, bad) = body(&mut monitor, "/health/").await;
    assert_eq!((status, &bad["services"]), (503, &services("healthy", "unhealthy", "unhealthy")));
    shop.finish().await;
}

#[tokio::test]
async fn ready_means_that_every_migration_was_applied() {
    let shop = ShopTest::new().await;
    let mut monitor = shop.guest();
    let checks = |query, migrations| json!({"database_query": query, "migrations": migrations});
    let (status, good) = body(&mut monitor, "/ready/").await;
    assert_eq!((status, good), (200, json!({"status": "ready", "checks": checks("ready", "ready")})));
    shop.rows("delete from d1_migrations", vec![]).await;
    let (status, bad) = body(&mut monitor, "/ready/").await;
    assert_eq!((status, bad), (503, json!({"status": "not_ready", "checks": checks("ready", "not_ready")})));
    shop.db.fail(Fault::Down);
    let (status, bad) = body(&mut monitor, "/ready/").await;
    assert_eq!((status, &bad["checks"]), (503, &checks("not_ready", "not_ready")));
    shop.finish().await;
}

#[tokio::test]
async fn every_answer_has_the_headers_and_an_id() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    let large = format!("sku={}", "A".repeat(70_000));
    let own = ("sec-fetch-site", "same-origin");
    let pages = [
        (200, guest.get("/cart/").await),
        (303, guest.get("/checkout/").await),
        (308, guest.get("/cart?x=1").await),
        (404, guest.get("/cart/nothing/").await),
        (404, guest.get("/order/%FF/").await),
        (404, guest.get("/_shop/shop.json").await),
        (404, guest.get("/accounts/x.css").await),
        (405, guest.send("DELETE", "/cart/", &[own], None).await),
        (405, guest.send("GET", "/cart/add/", &[], None).await),
        (403, guest.send("POST", "/cart/add/", &[], Some(String::new())).await),
        (413, guest.send("POST", "/cart/add/", &[own], Some(large)).await),
        (
            415,
            guest
                .send("POST", "/cart/add/", &[own, ("content-type", "application/json")], Some("{}".into()))
                .await,
        ),
        (400, guest.send("POST", "/cart/add/", &[own], Some("sku=MUG&sku=BOOK".into())).await),
        (422, guest.add("MUG", "0").await),
        (200, guest.get("/health/").await),
    ];
    for (status, page) in pages {
        assert_eq!(page.status, status, "{}", page.body);
        for (name, value) in ipswich_shop::headers::SECURITY_HEADERS {
            assert_eq!(page.header(name), value, "{status}");
        }
        assert_eq!(page.header("cache-control"), "no-store", "{status}");
        assert_eq!(page.header("x-request-id").len(), 26, "{status}");
        assert!(status < 400 || page.says("<h1>"), "{status}: {}", page.body);
    }
    assert_eq!(guest.get("/cart?x=1").await.location, "/cart/?x=1");
    shop.finish().await;
}

#[tokio::test]
async fn forms_of_other_sites_change_nothing() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    let body = || Some("sku=MUG&quantity=1".to_owned());
    for headers in [
        vec![],
        vec![("origin", "https://evil.example")],
        vec![("origin", "null")],
        vec![("origin", "https://sub.shop.example")],
        vec![("sec-fetch-site", "cross-site"), ("origin", "https://shop.example")],
        vec![("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "none")],
    ] {
        let page = guest.send("POST", "/cart/add/", &headers, body()).await;
        assert_eq!(page.status, 403, "{headers:?}");
        assert!(page.set_cookies().is_empty());
    }
    let page = guest.send("POST", "/cart/add/", &[("origin", "https://shop.example")], body()).await;
    assert_eq!(page.status, 303);
    for path in [
        "/cart/change/",
        "/cart/remove/",
        "/checkout/",
        "/accounts/register/",
        "/accounts/login/",
        "/accounts/logout/",
        "/admin/login/",
        "/admin/logout/",
        "/admin/stock/",
        "/admin/orders/x/paid/",
        "/admin/orders/x/shipped/",
        "/admin/orders/x/cancel/",
    ] {
        let page = guest.send("POST", path, &[("sec-fetch-site", "cross-site")], Some(String::new())).await;
        assert_eq!(page.status, 403, "{path}");
    }
    shop.finish().await;
}

#[tokio::test]
async fn the_log_has_one_line_for_a_request_and_nothing_personal() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await.with("note", "ring the bell");
    let id = guest.place(&form).await.order_id();
    let page = guest.get(&format!("/order/{id}/")).await;
    let lines = shop.log.all();
    assert_eq!(lines.len(), 4);
    let last: serde_json::Value = serde_json::from_str(&lines[3]).unwrap();
    assert_eq!(
        last,
        json!({
            "level": "info", "id": page.header("x-request-id"), "environment": "test", "at": 1_795_435_200,
            "method": "GET", "route": "/order/{id}/", "status": 200, "trips": 1,
        })
    );
    for line in lines {
        for secret in ["grace", "Hopper", "Orwell", "ring the bell", &id, &form.0["key"]] {
            assert!(!line.contains(secret), "{line}");
        }
    }
    shop.finish().await;
}

#[tokio::test]
async fn hostile_texts_come_back_escaped() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let hostile = "\"><script>alert(1)</script>";
    let form = guest.fill_in().await.with("name", hostile).with("note", hostile).with("line1", hostile);
    let mistakes = guest.place(&form.clone().with("email", hostile)).await;
    let page = guest.place(&form).await;
    let order = guest.get(&page.location).await;
    let mut staff = shop.staff().await;
    let desk = staff.get(&format!("/admin/orders/{}/", page.order_id())).await;
    for page in [mistakes, order, desk, staff.get("/admin/").await] {
        assert!(!page.says("<script>alert"), "{}", page.body);
        assert!(page.says("&lt;script&gt;"), "{}", page.body);
    }
    assert!(!shop.sent().await[0].html.contains("<script>"));
    let search = staff.get("/admin/stock/?q=%22%3E%3Cscript%3E").await;
    assert!(search.status == 200 && !search.says("\"><script>"), "{}", search.body);
    shop.finish().await;
}

#[tokio::test]
async fn a_lost_connection_is_tried_again_with_the_same_statements() {
    let shop = ShopTest::new().await;
    shop.db.fail(Fault::LoseRequest);
    let before = shop.db.batches();
    assert_eq!(shop.guest().get(&format!("/order/{}/", "0".repeat(26))).await.status, 404);
    assert_eq!(shop.db.batches() - before, 2);
    let database = shop.db.inner().clone();
    use ipswich_shop::ports::Db;
    assert!(database.batch(vec![Statement { sql: "select 1 as one", params: vec![] }]).await.is_ok());
    shop.finish().await;
}

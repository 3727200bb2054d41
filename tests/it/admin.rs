//! What staff does.

use ipswich_tests::shop::{STAFF, ShopTest};

/// Every page and form of the staff's part, but its sign-in.
const ROUTES: [(&str, &str); 16] = [
    ("GET", "/admin/"),
    ("GET", "/admin/orders/"),
    ("GET", "/admin/orders/{id}/"),
    ("GET", "/admin/stock/"),
    ("POST", "/admin/orders/{id}/paid/"),
    ("POST", "/admin/orders/{id}/shipped/"),
    ("POST", "/admin/orders/{id}/cancel/"),
    ("POST", "/admin/stock/"),
    ("GET", "/admin/stock/?q=mug"),
    ("GET", "/admin/money/"),
    ("GET", "/admin/outbox/"),
    ("POST", "/admin/orders/{id}/stray/"),
    ("POST", "/admin/money/"),
    ("POST", "/admin/outbox/"),
    ("GET", "/admin/stock/MUG/"),
    ("POST", "/admin/stock/MUG/"),
];

async fn order_of(shop: &ShopTest, quantity: u32) -> String {
    let mut guest = shop.guest();
    guest.has("MUG", quantity).await;
    guest.check_out().await
}

#[tokio::test]
async fn only_staff_gets_in() {
    let shop = ShopTest::new().await;
    let order = order_of(&shop, 1).await;
    let mut customer = shop.customer("grace@example.com").await;
    // A customer's token in the staff's cookie opens nothing either.
    let token = customer.cookies["__Host-sid"].clone();
    customer.cookies.insert("__Host-staff".to_owned(), token);
    for (method, path) in ROUTES {
        let path = path.replace("{id}", &order);
        for mut browser in [shop.guest(), customer.clone()] {
            let body = match path.rsplit('/').nth(1) {
                Some("paid") => "reference=R-1",
                Some("stock") => "sku=MUG&counted=1&expected=5&reason=x",
                _ => "",
            };
            let body = (method == "POST").then(|| body.to_owned());
            let page = browser.send(method, &path, &[("sec-fetch-site", "same-origin")], body).await;
            assert_eq!(page.status, 303, "{method} {path}");
            assert!(page.location.starts_with("/admin/login/"), "{}", page.location);
        }
    }
    let staff = shop.staff().await;
    let mut as_customer = shop.guest();
    as_customer.cookies.insert("__Host-sid".to_owned(), staff.cookies["__Host-staff"].clone());
    assert_eq!(as_customer.get("/orders/").await.status, 303, "nor a staff member's as a customer's");
    assert_eq!(shop.number("select count(*) from audit").await, 0);
    shop.finish().await;
}

#[tokio::test]
async fn an_order_is_paid_and_sent() {
    let shop = ShopTest::new().await;
    let order = order_of(&shop, 2).await;
    let mut staff = shop.staff().await;
    let list = staff.get("/admin/").await;
    assert!(list.says(&format!("/admin/orders/{order}/")) && list.says("Grace Hopper"), "{}", list.body);
    let page = staff.get(&format!("/admin/orders/{order}/")).await;
    assert!(
        page.says("Mark as paid") && page.says("Cancel this order") && !page.says("Mark as sent"),
        "{}",
        page.body
    );
    let page = staff.mark_paid(&order, "BANK-1").await;
    assert_eq!((page.status, page.flushes), (303, true), "{}", page.body);
    assert_eq!(page.location, format!("/admin/orders/{order}/?done=paid"));
    assert_eq!(shop.stock("MUG").await, Some((3, 0)));
    let page = staff.get(&page.location).await;
    for text in
        ["Marked as paid. The customer", "Marked as paid, receipt BANK-1.", "Ada Lovelace", "Mark as sent"]
    {
        assert!(page.says(text), "{text}\n{}", page.body);
    }
    let page = staff.mark_shipped(&order).await;
    assert_eq!((page.status, page.flushes), (303, true), "{}", page.body);
    let page = shop.guest().get(&format!("/order/{order}/")).await;
    assert!(page.says("Royal Mail") && page.says("AB123") && page.says("Sent"), "{}", page.body);
    let mails = shop.sent().await;
    let subjects: Vec<&str> = mails.iter().map(|mail| mail.subject.split(' ').next_back().unwrap()).collect();
    assert_eq!(mails.len(), 3, "{subjects:?}");
    let audit = shop.rows("select action, detail from audit order by id", vec![]).await;
    assert_eq!(
        audit,
        [
            serde_json::json!({"action": "order.paid", "detail": "BANK-1"}),
            serde_json::json!({"action": "order.shipped", "detail": "Royal Mail AB123"}),
        ]
    );
    shop.finish().await;
}

#[tokio::test]
async fn money_is_booked_once() {
    let shop = ShopTest::new().await;
    let (one, two) = (order_of(&shop, 1).await, order_of(&shop, 1).await);
    let mut staff = shop.staff().await;
    for bad in ["", "  ", "a\r\nb", &"x".repeat(65)] {
        assert_eq!(staff.mark_paid(&one, bad).await.status, 422, "{bad:?}");
    }
    assert_eq!(staff.mark_paid(&one, "BANK-1").await.status, 303);
    let page = staff.mark_paid(&two, "BANK-1").await;
    assert_eq!(page.status, 409);
    assert!(page.says("This receipt number is booked for order"), "{}", page.body);
    shop.clock.advance(60);
    for reference in ["BANK-1", "BANK-2"] {
        let page = staff.mark_paid(&one, reference).await;
        assert_eq!(page.status, 409, "{reference}");
        assert!(page.says("Paid") && !page.says("Mark as paid</button>"), "{}", page.body);
    }
    assert_eq!(shop.number("select count(*) from payment").await, 1);
    assert_eq!(shop.stock("MUG").await, Some((4, 1)));
    shop.finish().await;
}

#[tokio::test]
async fn orders_go_one_way_only() {
    let shop = ShopTest::new().await;
    let order = order_of(&shop, 1).await;
    let mut staff = shop.staff().await;
    let page = staff.mark_shipped(&order).await;
    assert_eq!(page.status, 409, "not before it is paid");
    assert!(page.says("could not be marked as sent"), "{}", page.body);
    assert_eq!(staff.cancel(&order).await.status, 303);
    assert_eq!(shop.stock("MUG").await, Some((5, 0)));
    shop.clock.advance(60);
    assert_eq!(staff.cancel(&order).await.status, 409);
    let page = staff.mark_paid(&order, "BANK-1").await;
    assert_eq!(page.location, format!("/admin/orders/{order}/?done=late"));
    let page = shop.guest().get(&format!("/order/{order}/")).await;
    assert!(page.says("This order was cancelled"), "{}", page.body);
    assert!(shop.sent().await[1].subject.ends_with("is cancelled"));
    let missing = "0".repeat(26);
    for page in
        [staff.mark_paid(&missing, "R").await, staff.cancel("x").await, staff.get("/admin/orders/x/").await]
    {
        assert_eq!(page.status, 404);
    }
    assert_eq!(shop.number("select count(*) from payment where kind = 'capture'").await, 0);
    shop.finish().await;
}

#[tokio::test]
async fn stock_is_corrected_and_never_below_what_is_held() {
    let shop = ShopTest::new().await;
    let mut staff = shop.staff().await;
    let page = staff.get("/admin/stock/?q=stoneware").await;
    assert!(page.says("Stoneware Mug") && !page.says("Tide Tables"), "{}", page.body);
    assert!(staff.get("/admin/stock/").await.says("Tide Tables"));
    let page = staff.count("MUG", "5", "12").await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert!(staff.get(&page.location).await.says("The stock of MUG is corrected."));
    assert_eq!(shop.stock("MUG").await, Some((12, 0)));
    order_of(&shop, 10).await;
    let page = staff.count("MUG", "12", "9").await;
    assert_eq!(page.status, 409);
    assert!(page.says("10 pieces are held for orders") && page.says("value=\"9\""), "{}", page.body);
    let page = staff.count("MUG", "5", "20").await;
    assert_eq!(page.status, 409, "somebody booked since the page was opened");
    assert!(page.says("The stock changed from 5 to 12"), "{}", page.body);
    assert_eq!(staff.count("MUG", "12", "10").await.status, 303);
    assert_eq!(shop.stock("MUG").await, Some((10, 10)));
    for (counted, status) in [("-1", 422), ("1.5", 422), ("abc", 422), ("", 422), ("99999999", 422)] {
        assert_eq!(staff.count("MUG", "10", counted).await.status, status, "{counted}");
    }
    assert_eq!(staff.count("NO-SUCH-SKU", "0", "1").await.status, 404);
    let fields = [("sku", "MUG"), ("expected", "10"), ("counted", "11"), ("reason", "")];
    assert_eq!(staff.post("/admin/stock/", &fields).await.status, 422, "a reason is needed");
    let audit = shop.rows("select detail from audit order by id", vec![]).await;
    assert_eq!(audit.len(), 2);
    assert_eq!(audit[0]["detail"], r#"{"expected":5,"counted":12,"reason":"Stocktaking"}"#);
    let reasons = shop
        .number("select count(*) from stock_ledger where kind = 'adjust' and reason = 'Stocktaking'")
        .await;
    assert_eq!(reasons, 2);
    shop.finish().await;
}

#[tokio::test]
async fn staff_sessions_are_short() {
    let shop = ShopTest::new().await;
    let mut staff = shop.staff().await;
    let cookie = |page: &ipswich_tests::shop::Page| page.set_cookies().join("\n");
    let page = shop.guest().post("/admin/login/", &[("email", STAFF.0), ("password", STAFF.1)]).await;
    assert!(
        cookie(&page).ends_with("; Path=/; Max-Age=43200; SameSite=Lax; Secure; HttpOnly"),
        "{}",
        cookie(&page)
    );
    for _ in 0..23 {
        shop.clock.advance(29 * 60);
        assert_eq!(staff.get("/admin/").await.status, 200);
    }
    let mut idle = shop.staff().await;
    shop.clock.advance(31 * 60);
    assert_eq!(idle.get("/admin/").await.status, 303, "30 minutes without a click");
    shop.clock.advance(29 * 60);
    assert_eq!(staff.get("/admin/").await.status, 303, "12 hours in any case");
    shop.finish().await;
}

#[tokio::test]
async fn a_staff_account_that_is_switched_off_is_out_at_once() {
    let shop = ShopTest::new().await;
    let mut staff = shop.staff().await;
    shop.rows("update staff set active = 0", vec![]).await;
    assert_eq!(staff.get("/admin/").await.status, 303);
    let page = staff.post("/admin/login/", &[("email", STAFF.0), ("password", STAFF.1)]).await;
    assert_eq!(page.status, 422);
    shop.finish().await;
}

#[tokio::test]
async fn the_list_filters_by_state_and_has_pages() {
    let shop = ShopTest::new().await;
    let mut staff = shop.staff().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let cancelled = guest.check_out().await;
    staff.cancel(&cancelled).await;
    let mut book = shop.guest();
    for _ in 0..51 {
        book.has("CATALOGUE", 1).await;
        let form = book.fill_in().await.with("delivery", "collection");
        assert_eq!(book.place(&form).await.status, 303);
    }
    let list = staff.get("/admin/?state=cancelled").await;
    assert!(list.says(&cancelled) && !list.says("Paid</span></td>"), "{}", list.body);
    let paid = staff.get("/admin/?state=paid").await;
    assert!(!paid.says(&cancelled));
    let older =
        paid.body.split("href=\"/admin/?before=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let second = staff.get(&format!("/admin/?before={}", older.replace("&amp;", "&"))).await;
    assert_eq!(second.body.matches("/admin/orders/").count(), 1, "{}", second.body);
    assert_eq!(staff.get("/admin/?state=nonsense").await.status, 200);
    shop.finish().await;
}

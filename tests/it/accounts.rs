//! Customers: registering, signing in, carts and orders of their own.

use ipswich_shop::ports::Param;
use ipswich_tests::shop::{DAY, Fault, ShopTest};

const PASSWORD: &str = "nanoseconds of wire";

#[tokio::test]
async fn a_customer_registers_orders_and_sees_the_order() {
    let shop = ShopTest::new().await;
    let mut grace = shop.guest();
    assert_eq!(grace.get("/accounts/").await.location, "/accounts/login/?next=/accounts/");
    let page = grace.register("Grace Hopper", "Grace@Example.com", PASSWORD).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/accounts/"), "{}", page.body);
    let session = page.set_cookies().into_iter().find(|cookie| cookie.starts_with("__Host-sid=")).unwrap();
    assert!(session.ends_with("; Path=/; Max-Age=7776000; SameSite=Lax; Secure; HttpOnly"), "{session}");
    assert_eq!(grace.cookies["shop_state"], "c0.s1");
    assert!(grace.get("/accounts/").await.says("No orders yet"));
    grace.has("MUG", 1).await;
    assert!(!grace.cookies.contains_key("__Host-cart"), "a customer's cart is a row");
    assert_eq!(grace.cookies["shop_state"], "c1.s1");
    let checkout = grace.get("/checkout/").await;
    assert_eq!(checkout.input("email").as_deref(), Some("Grace@Example.com"));
    let order = grace.check_out().await;
    assert_eq!(grace.cookies["shop_state"], "c0.s1");
    for path in ["/accounts/", "/orders/"] {
        let page = grace.get(path).await;
        assert!(page.says(&format!("/order/{order}/")) && page.says("Awaiting payment"), "{}", page.body);
    }
    let mut other = shop.customer("other@example.com").await;
    assert!(!other.get("/orders/").await.says(&order));
    shop.finish().await;
}

#[tokio::test]
async fn the_database_keeps_hashes_only() {
    let shop = ShopTest::new().await;
    let grace = shop.customer("grace@example.com").await;
    shop.customer("same-password@example.com").await;
    let rows = shop.rows("select password from customer", vec![]).await;
    assert!(rows[0]["password"].as_str().unwrap().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_ne!(rows[0], rows[1], "equal passwords differ");
    let token = &grace.cookies["__Host-sid"];
    let sessions = serde_json::to_string(&shop.rows("select * from session", vec![]).await).unwrap();
    assert!(!sessions.contains(token.as_str()) && !sessions.contains(PASSWORD));
    shop.finish().await;
}

#[tokio::test]
async fn a_wrong_address_and_a_wrong_password_look_the_same() {
    let shop = ShopTest::new().await;
    shop.customer("grace@example.com").await;
    let mut guest = shop.guest();
    let wrong = guest.sign_in("grace@example.com", "not this one").await;
    let unknown = guest.sign_in("nobody@example.com", "not this one").await;
    assert_eq!((wrong.status, unknown.status), (422, 422));
    assert!(wrong.says("E-mail and password do not fit together."), "{}", wrong.body);
    assert_eq!(wrong.body.replace("grace@", "nobody@"), unknown.body);
    for (email, password) in
        [("", ""), ("grace@example.com", ""), ("x", "y"), ("grace@example.com", &"x".repeat(5000))]
    {
        assert_eq!(guest.sign_in(email, password).await.status, 422);
    }
    assert!(guest.cookies.is_empty());
    assert_eq!(guest.sign_in(" GRACE@example.com ", PASSWORD).await.status, 303);
    shop.finish().await;
}

#[tokio::test]
async fn mistakes_at_registration_are_named_and_the_password_is_never_shown_again() {
    let shop = ShopTest::new().await;
    shop.customer("grace@example.com").await;
    let mut guest = shop.guest();
    for (name, email, password, sentence) in [
        ("", "a@example.com", PASSWORD, "Enter your name."),
        ("A", "nonsense", PASSWORD, "Enter an e-mail address"),
        ("A", "a@example.com", "short", "at least 8 characters"),
        ("A", "a@example.com", "Password123", "lists that attackers try first"),
        ("A", "a@example.com", &"x".repeat(201), "at most 200"),
        ("A", "GRACE@example.com", PASSWORD, "cannot be made with this e-mail address"),
    ] {
        let page = guest.register(name, email, password).await;
        assert_eq!(page.status, 422, "{sentence}");
        assert!(page.says(sentence), "{sentence}\n{}", page.body);
        assert!(!page.says(&format!("value=\"{password}\"")));
    }
    assert_eq!(shop.number("select count(*) from customer").await, 1);
    assert!(guest.cookies.is_empty());
    shop.finish().await;
}

#[tokio::test]
async fn signing_in_gives_a_new_token_and_signing_out_ends_it() {
    let shop = ShopTest::new().await;
    let mut grace = shop.customer("grace@example.com").await;
    let first = grace.clone();
    assert_eq!(grace.sign_in("grace@example.com", PASSWORD).await.status, 303);
    assert_ne!(first.cookies["__Host-sid"], grace.cookies["__Host-sid"]);
    assert_eq!(first.clone().get("/orders/").await.status, 303, "the old token is dead");
    let thief = grace.clone();
    let page = grace.post("/accounts/logout/", &[]).await;
    assert_eq!(page.location, "/accounts/login/?notice=bye");
    assert!(grace.cookies.is_empty(), "{:?}", grace.cookies);
    assert_eq!(thief.clone().get("/orders/").await.status, 303);
    shop.finish().await;
}

#[tokio::test]
async fn sessions_end() {
    let shop = ShopTest::new().await;
    let mut idle = shop.customer("idle@example.com").await;
    let mut busy = shop.customer("busy@example.com").await;
    for _ in 0..7 {
        shop.clock.advance(13 * DAY);
        if shop.clock.get() < ipswich_tests::shop::NOON + 90 * DAY {
            assert_eq!(busy.get("/orders/").await.status, 200);
        }
    }
    assert_eq!(busy.get("/orders/").await.status, 303, "after 90 days in any case");
    assert_eq!(idle.get("/orders/").await.status, 303, "after 14 days without a visit");
    assert_eq!(idle.get("/cart/").await.status, 200);
    shop.tick().await;
    assert_eq!(shop.number("select count(*) from session").await, 0);
    shop.finish().await;
}

#[tokio::test]
async fn two_carts_become_one_at_sign_in_and_never_more_than_there_is() {
    let shop = ShopTest::new().await;
    let mut home = shop.customer("grace@example.com").await;
    home.has("MUG", 3).await;
    let mut office = shop.guest();
    office.has("BOOK", 2).await;
    let page = office.sign_in("grace@example.com", PASSWORD).await;
    assert_eq!(page.location, "/cart/?notice=merged");
    assert_eq!(office.cookies["shop_state"], "c5.s1");
    assert!(!office.cookies.contains_key("__Host-cart"));
    let cart = office.get(&page.location).await;
    assert!(
        cart.says("We put your saved cart and this one together.") && cart.says("Tide Tables"),
        "{}",
        cart.body
    );
    let mut phone = shop.guest();
    phone.has("MUG", 4).await;
    let page = phone.sign_in("grace@example.com", PASSWORD).await;
    assert_eq!(page.location, "/cart/?notice=shortened");
    assert_eq!(phone.cookies["shop_state"], "c7.s1", "5 mugs and 2 books");
    assert!(phone.get(&page.location).await.says("the cart holds what is left"));
    assert!(home.get("/cart/").await.says("7 pieces"), "the same cart everywhere");
    shop.finish().await;
}

#[tokio::test]
async fn a_guests_cart_comes_along_to_a_new_account() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 2).await;
    let fields = [("name", "G"), ("email", "g@example.com"), ("password", PASSWORD), ("next", "/checkout/")];
    let page = guest.post("/accounts/register/", &fields).await;
    assert_eq!(page.location, "/checkout/");
    assert!(guest.get("/cart/").await.says("Stoneware Mug"));
    let order = guest.check_out().await;
    let sql = "select customer from orders where id = ?1";
    assert!(shop.rows(sql, vec![Param::from(order.as_str())]).await[0]["customer"].is_string());
    shop.finish().await;
}

#[tokio::test]
async fn a_customer_can_fill_a_cart_while_the_database_is_down() {
    let shop = ShopTest::new().await;
    let mut grace = shop.customer("grace@example.com").await;
    grace.has("MUG", 1).await;
    shop.db.fail(Fault::Down);
    assert_eq!(grace.add("BOOK", "1").await.status, 303);
    let page = grace.get("/cart/").await;
    assert!(page.status == 200 && page.says("Tide Tables") && page.says("We cannot check"), "{}", page.body);
    for page in [grace.get("/orders/").await, grace.sign_in("grace@example.com", PASSWORD).await] {
        assert_eq!(page.status, 503);
    }
    shop.db.fail(Fault::None);
    let page = grace.get("/cart/").await;
    assert!(page.says("Tide Tables") && page.says("Stoneware Mug") && page.says("2 pieces"), "{}", page.body);
    grace.change("MUG", "2").await;
    assert!(!grace.cookies.contains_key("__Host-cart"), "both are saved now");
    grace.check_out().await;
    shop.finish().await;
}

#[tokio::test]
async fn registering_over_a_bad_connection_makes_one_account() {
    let shop = ShopTest::new().await;
    shop.db.fail(Fault::LoseAnswer);
    let mut grace = shop.customer("grace@example.com").await;
    assert_eq!(grace.get("/orders/").await.status, 200);
    assert_eq!(shop.number("select count(*) from customer").await, 1);
    shop.finish().await;
}

#[tokio::test]
async fn next_leads_to_own_pages_only() {
    let shop = ShopTest::new().await;
    shop.customer("grace@example.com").await;
    for (next, location) in [
        ("/checkout/", "/checkout/"),
        ("//evil.example", "/accounts/"),
        ("https://evil.example", "/accounts/"),
    ] {
        let fields = [("email", "grace@example.com"), ("password", PASSWORD), ("next", next)];
        assert_eq!(shop.guest().post("/accounts/login/", &fields).await.location, location);
    }
    let form = shop.guest().get("/accounts/login/?next=//evil.example").await;
    assert!(!form.says("evil.example"));
    shop.finish().await;
}

#[tokio::test]
async fn a_long_history_has_pages() {
    let shop = ShopTest::new().await;
    let mut grace = shop.customer("grace@example.com").await;
    let mut orders = Vec::new();
    for _ in 0..23 {
        grace.has("BOOK", 1).await;
        orders.push(grace.check_out().await);
    }
    let first = grace.get("/orders/").await;
    let older =
        first.body.split("href=\"/orders/?before=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let second = grace.get(&format!("/orders/?before={older}")).await;
    for order in &orders {
        let url = format!("/order/{order}/");
        assert!(first.says(&url) != second.says(&url), "each order is on exactly one page");
    }
    assert_eq!(grace.get("/orders/?before=nonsense").await.status, 200);
    shop.finish().await;
}

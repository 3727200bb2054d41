//! Filling a cart.

use ipswich_shop::Config;
use ipswich_tests::shop::{Catalog, Fault, ShopTest, product};

const BAD_QUANTITIES: [&str; 9] = ["-5", "0", "1.5", "1e9", "abc", "", "1000", "99999999999999999999", "1 2"];

#[tokio::test]
async fn a_cart_is_kept_in_cookies_of_the_right_kind() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    let empty = guest.get("/cart/").await;
    assert_eq!((empty.status, empty.set_cookies()), (200, vec![]), "no cookie before the first add");
    let page = guest.add("MUG", "2").await;
    let cookies = page.set_cookies();
    assert_eq!(cookies.len(), 2);
    let id = guest.cookies["__Host-cart"].split('.').nth(1).unwrap().to_owned();
    assert_eq!(
        cookies[0],
        format!("__Host-cart=1.{id}.MUG:2; Path=/; Max-Age=7776000; SameSite=Lax; Secure; HttpOnly")
    );
    assert_eq!(cookies[1], "shop_state=c2.s0; Path=/; Max-Age=7776000; SameSite=Lax; Secure");
    guest.has("BOOK", 1).await;
    let cart = guest.get("/cart/").await;
    for text in ["Stoneware Mug", "Tide Tables", "3 pieces", "£24.00", "£54.00", "£57.95", "£6.00 more"] {
        assert!(cart.says(text), "{text}\n{}", cart.body);
    }
    assert!(cart.set_cookies().is_empty(), "nothing new to say");
    guest.remove("BOOK").await;
    assert_eq!(guest.cookies["shop_state"], "c2.s0");
    guest.remove("MUG").await;
    assert!(guest.cookies.is_empty());
    shop.finish().await;
}

#[tokio::test]
async fn without_https_cookies_have_plain_names() {
    let config = Config::from_vars(|name| match name {
        "IPSWICH_BASE_URL" => Some("http://localhost:8787".to_owned()),
        "IPSWICH_SECRET" => Some("0123456789abcdef0123456789abcdef".to_owned()),
        _ => None,
    });
    let shop = ShopTest::with(Catalog::usual(), config.unwrap()).await;
    let page = shop.guest().add("MUG", "1").await;
    for cookie in page.set_cookies() {
        assert!(!cookie.contains("Secure") && !cookie.contains("__Host-"), "{cookie}");
    }
    shop.finish().await;
}

#[tokio::test]
async fn bad_quantities_change_nothing() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    for bad in BAD_QUANTITIES {
        let page = guest.add("MUG", bad).await;
        assert_eq!(page.status, 422, "{bad}");
        assert!(page.says("Nothing was added") && page.says("/product/mug/"), "{}", page.body);
        assert!(guest.cookies.is_empty(), "{bad}");
    }
    guest.has("MUG", 2).await;
    for bad in BAD_QUANTITIES {
        let page = guest.change("MUG", bad).await;
        assert_eq!(page.status, 422, "{bad}");
        assert!(page.says("Nothing was changed") && page.says("Stoneware Mug"), "{}", page.body);
        assert_eq!(guest.cookies["shop_state"], "c2.s0", "{bad}");
    }
    shop.finish().await;
}

#[tokio::test]
async fn goods_that_are_not_there_cannot_be_added() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    for unknown in ["NO-SUCH-SKU", "mug", "", "'; drop table stock; --", "../../etc/passwd"] {
        let page = guest.add(unknown, "1").await;
        assert_eq!(page.status, 404, "{unknown}");
        assert!(page.says("We do not sell this") && page.says("href=\"/\""), "{}", page.body);
    }
    let page = guest.add("SOLD-OUT", "1").await;
    assert_eq!(page.status, 409);
    assert!(page.says("Brass Compass is sold out."), "{}", page.body);
    let page = guest.add("MUG", "6").await;
    assert_eq!(page.status, 409);
    assert!(page.says("Only 5 pieces of Stoneware Mug are left."), "{}", page.body);
    guest.has("MUG", 4).await;
    let page = guest.add("MUG", "2").await;
    assert_eq!(page.status, 409);
    assert!(page.says("You have 4 in your cart already."), "{}", page.body);
    let page = guest.change("MUG", "6").await;
    assert_eq!(page.status, 409);
    assert!(page.says("Only 5 pieces of Stoneware Mug are left."), "{}", page.body);
    assert_eq!(guest.cookies["shop_state"], "c4.s0");
    for page in [guest.change("BOOK", "1").await, guest.remove("BOOK").await, guest.remove("?").await] {
        assert_eq!(page.status, 404);
        assert!(page.says("This is not in your cart"));
    }
    shop.finish().await;
}

#[tokio::test]
async fn garbage_in_the_cookie_is_an_empty_cart() {
    let shop = ShopTest::new().await;
    for garbage in ["x", "1.2.3", "%00", "1.00000000000000000000000000.mug:1", &"a".repeat(5000), "1..MUG:1"]
    {
        let mut guest = shop.guest();
        guest.cookies.insert("__Host-cart".to_owned(), garbage.to_owned());
        let page = guest.get("/cart/").await;
        assert_eq!(page.status, 200, "{garbage}");
        assert!(page.says("There is nothing in it yet"), "{garbage}");
        guest.has("MUG", 1).await;
        assert_eq!(guest.cookies["shop_state"], "c1.s0");
    }
    shop.finish().await;
}

#[tokio::test]
async fn a_cart_has_limits() {
    let many = (0..51).map(|n| product(&format!("THING-{n:02}"), "Thing", 100, "standard", 10, 9)).collect();
    let shop = ShopTest::with(Catalog::of(many), Config::for_testing()).await;
    let mut guest = shop.guest();
    for n in 0..50 {
        guest.has(&format!("THING-{n:02}"), 1).await;
    }
    assert!(guest.cookies["__Host-cart"].len() < 3500);
    let page = guest.add("THING-50", "1").await;
    assert_eq!(page.status, 409);
    assert!(page.says("Your cart is full"), "{}", page.body);
    assert_eq!(guest.add("THING-00", "1").await.status, 303, "more of the same still fits");
    shop.finish().await;

    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("GOLD", 1).await;
    let page = guest.add("GOLD", "1").await;
    assert_eq!(page.status, 422);
    assert!(page.says("more than our till can count"), "{}", page.body);
    // Even a cookie that says otherwise shows a page.
    guest.cookies.insert("__Host-cart".to_owned(), "1.00000000000000000000000000.GOLD:2".to_owned());
    let page = guest.get("/cart/").await;
    assert!(page.status == 200 && page.says("more than our till can count"), "{}", page.body);
    assert_eq!(guest.get("/checkout/").await.location, "/cart/");
    shop.finish().await;
}

#[tokio::test]
async fn goods_that_left_the_catalog_can_only_be_removed() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    shop.published.publish(vec![]);
    shop.app.forget_release();
    let page = guest.get("/cart/").await;
    assert!(page.status == 200 && page.says("We no longer sell this"), "{}", page.body);
    assert_eq!(guest.get("/checkout/").await.location, "/cart/");
    assert_eq!(guest.remove("MUG").await.status, 303);
    shop.finish().await;
}

#[tokio::test]
async fn a_cart_can_be_filled_while_the_database_is_down() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    shop.db.fail(Fault::Down);
    assert_eq!(guest.add("MUG", "9").await.status, 303, "nobody can tell that this is too much");
    assert_eq!(guest.change("MUG", "8").await.status, 303);
    let page = guest.get("/cart/").await;
    assert!(page.status == 200 && page.says("We cannot check at the moment"), "{}", page.body);
    assert_eq!(guest.cookies["shop_state"], "c8.s0");
    shop.db.fail(Fault::None);
    let page = guest.get("/cart/").await;
    assert!(page.says("Only 5 left"), "{}", page.body);
    shop.finish().await;
}

#[tokio::test]
async fn next_leads_to_own_pages_only() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    for (next, location) in [
        ("/product/mug/", "/product/mug/"),
        ("https://evil.example/", "/cart/"),
        ("//evil.example", "/cart/"),
        ("/\\evil.example", "/cart/"),
        ("/\t/evil.example", "/cart/"),
        ("javascript:alert(1)", "/cart/"),
    ] {
        let page = guest.post("/cart/add/", &[("sku", "BOOK"), ("quantity", "1"), ("next", next)]).await;
        assert_eq!((page.status, page.location.as_str()), (303, location), "{next}");
    }
    let page = guest.post("/cart/add/", &[("sku", "BOOK"), ("quantity", "1"), ("price", "1")]).await;
    assert_eq!(page.status, 400, "a price is never read from a form");
    shop.finish().await;
}

#[tokio::test]
async fn goods_that_no_delivery_could_be_added_to_are_refused_before_checkout() {
    let dear = |sku: &str, pence| product(sku, "Gilded Boat", pence, "standard", 900, 3);
    let catalog = Catalog::of(vec![dear("JUST", 99_999_999 - 1495), dear("BEYOND", 99_999_999 - 1494)]);
    let shop = ShopTest::with(catalog, Config::for_testing()).await;
    let mut guest = shop.guest();
    let page = guest.add("BEYOND", "1").await;
    assert_eq!(page.status, 422);
    assert!(page.says("more than our till can count"), "{}", page.body);
    guest.has("JUST", 1).await;
    let form = guest.fill_in().await.with("delivery", "next-day");
    assert_eq!(guest.place(&form).await.status, 303);
    assert_eq!(shop.number("select total from orders").await, 99_999_999 - 1495 + 795);
    shop.finish().await;
}

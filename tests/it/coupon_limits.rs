//! What keeps coupons from being guessed, changed or made wrongly, and what they cost in trips to the database.

use ipswich_catalog::currency::Currency;
use ipswich_shop::Config;
use ipswich_tests::shop::{Browser, Catalog, Fault, NOON, ShopTest};

use crate::coupons::{enter, error, guest_with, has_code, make, shop, try_to_make};

#[tokio::test]
async fn codes_cannot_be_guessed_in_bulk() {
    let shop = shop().await;
    make(&shop, "SECRET", &[]).await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let mut answers = Vec::new();
    for n in 0..21 {
        // A fresh cart for each try does not help: the address counts. Half of an IPv6 address is one household.
        let address = format!("2001:db8:1:2::{n:x}");
        let headers = [("sec-fetch-site", "same-origin"), ("cf-connecting-ip", address.as_str())];
        let mut one = guest.clone();
        answers.push(one.send("POST", "/cart/coupon/", &headers, Some(format!("code=GUESS-{n}"))).await);
    }
    assert!(answers[..20].iter().all(|page| page.status == 422));
    let unknown = "There is no such code. Please check it for a slip.";
    assert!(answers[..20].iter().all(|page| error(page) == unknown), "one answer for all of them");
    let last = &answers[20];
    assert_eq!((last.status, last.header("retry-after")), (429, "900"));
    assert_eq!(error(last), "There were too many tries. Try again in 15 minutes.");
    // Not even a right one is looked at now, from there; others are not held up.
    let from = |address: &'static str| [("sec-fetch-site", "same-origin"), ("cf-connecting-ip", address)];
    let right = || Some("code=SECRET".to_owned());
    assert_eq!(guest.send("POST", "/cart/coupon/", &from("2001:db8:1:2::9"), right()).await.status, 429);
    assert_eq!(guest.send("POST", "/cart/coupon/", &from("192.0.2.7"), right()).await.status, 303);
    // What cannot be a code gets the same answer as what is none.
    for strange in ["A", "%27%3B+drop+table+coupon", "%F0%9F%8C%8A%F0%9F%8C%8A%F0%9F%8C%8A"] {
        let page =
            guest.send("POST", "/cart/coupon/", &from("192.0.2.8"), Some(format!("code={strange}"))).await;
        assert_eq!((page.status, error(&page).as_str()), (422, unknown));
    }
    let empty = enter(&mut guest, " ").await;
    assert_eq!((empty.status, error(&empty).as_str()), (422, "Enter a code."));
    shop.finish().await;
}

#[tokio::test]
async fn a_code_cannot_be_tried_out_in_the_cookie() {
    let shop = shop().await;
    make(&shop, "SECRET", &[]).await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let plain = guest.cookies["__Host-cart"].clone();
    has_code(&mut guest, "SECRET").await;
    let signed = guest.cookies["__Host-cart"].clone();
    let signature = signed.rsplit('.').next().unwrap();
    for forged in [format!("{plain}.SECRET.x"), format!("{plain}.SECRET_OTHER.{signature}")] {
        guest.cookies.insert("__Host-cart".to_owned(), forged);
        let cart = guest.get("/cart/").await;
        assert!(cart.says("Stoneware Mug") && !cart.says("SECRET"), "{}", cart.body);
    }
    let other = shop.guest().add("MUG", "1").await;
    let other = other.set_cookies().remove(0);
    let other = other.split(['=', ';']).nth(1).unwrap();
    guest.cookies.insert("__Host-cart".to_owned(), format!("{other}.SECRET.{signature}"));
    assert!(!guest.get("/cart/").await.says("SECRET"), "a signature is for one cart");
    shop.finish().await;
}

#[tokio::test]
async fn staff_hears_what_is_wrong_with_a_coupon() {
    let shop = shop().await;
    let mut staff = shop.staff().await;
    for (terms, text) in [
        (&[("code", "A_B")][..], "A code has 3 to 24 letters"),
        (&[("title", "")], "Enter a name for shoppers."),
        (&[("kind", "gift")], "Choose what the coupon takes off."),
        (&[("value", "0")], "Enter a percentage above 0"),
        (&[("value", "100.01")], "Enter a percentage above 0"),
        (&[("value", "-5")], "Enter a percentage above 0"),
        (&[("kind", "free_delivery")], "Free delivery has no value."),
        (&[("kind", "amount"), ("value", "0.00")], "Enter an amount above 0"),
        (&[("kind", "amount"), ("value", "1000000")], "Enter an amount above 0"),
        (&[("minimum", "much")], "Enter an amount such as 25"),
        (&[("from", "2026-02-30")], "Enter a day such as"),
        (&[("from", "2026-12-02"), ("until", "2026-12-01")], "The last day comes before the first."),
        (&[("uses_max", "0")], "Enter a whole number from 1"),
        (&[("per_customer", "1.5")], "Enter a whole number from 1"),
        (&[("products", "mug, cup")], "There is no product “cup” in the shop."),
        (&[("categories", "home/mug")], "There is no category “home/mug” in the shop."),
        (&[("brands", "deben")], "There is no brand “deben” in the shop."),
    ] {
        let page = try_to_make(&mut staff, "TRY", terms).await;
        assert_eq!(page.status, 422, "{terms:?}");
        assert!(page.says(text), "{terms:?} {text}\n{}", page.body);
    }
    assert_eq!(shop.number("select count(*) from coupon").await, 0);
    assert_eq!(try_to_make(&mut staff, "TRY", &[("uses", "5")]).await.status, 400, "no field of ours");
    assert_eq!(try_to_make(&mut staff, "TRY", &[("brands", "Deben")]).await.status, 303);
    assert_eq!(try_to_make(&mut staff, "try", &[]).await.status, 409);
    // Without a code we make one up that nobody can guess.
    let page = try_to_make(&mut staff, "", &[]).await;
    assert_eq!((page.status, page.location.rsplit('=').next().unwrap().len()), (303, 9), "{}", page.location);
    // Only staff gets here, and only with a form of the shop.
    assert_eq!(try_to_make(&mut shop.guest(), "MINE", &[]).await.status, 303);
    let mut customer = shop.customer("grace@example.com").await;
    assert!(try_to_make(&mut customer, "MINE", &[]).await.location.starts_with("/admin/login/"));
    assert_eq!(staff.send("POST", "/admin/coupons/end/", &[], Some("code=TRY".to_owned())).await.status, 403);
    assert_eq!(shop.number("select count(*) from coupon").await, 2);
    assert_eq!(shop.number("select count(*) from audit").await, 2);
    shop.finish().await;
}

#[tokio::test]
async fn the_list_of_coupons_goes_on_with_older_ones() {
    let shop = shop().await;
    let mut staff = shop.staff().await;
    for n in 0..51 {
        shop.clock.advance(1);
        assert_eq!(try_to_make(&mut staff, &format!("CODE-{n}"), &[]).await.status, 303);
    }
    let newest = staff.get("/admin/coupons/").await;
    assert!(newest.says(">CODE-50<") && newest.says(">CODE-1<") && !newest.says(">CODE-0<"));
    let older = format!("/admin/coupons/?before={}.CODE-1", NOON + 2);
    assert!(newest.says(&older), "{}", newest.body);
    let last = staff.get(&older).await;
    assert!(last.says(">CODE-0<") && !last.says(">CODE-1<"));
    shop.finish().await;
}

#[tokio::test]
async fn the_terms_of_a_coupon_are_written_once() {
    let shop = shop().await;
    make(&shop, "FIXED", &[("until", "2026-12-01")]).await;
    guest_with(&shop, 1, "FIXED").await.check_out().await;
    for sql in [
        "update coupon set value = 5000",
        "update coupon set max_uses = 1",
        "update coupon set per_customer = 9",
        "update coupon set ends_at = null",
        "update coupon set ends_at = ends_at + 1",
        "delete from coupon",
        "delete from coupon_use",
        "update coupon_use set customer = 'nobody'",
        "update order_promotion_line set discount = 1",
        "insert into coupon(code, max_uses, kind, value) values('MORE', 1, 'percent', 10001)",
        "insert into coupon(code, max_uses, scope) values('MORE', 1, 'mugs')",
    ] {
        use ipswich_shop::ports::{Db, DbError, Statement};
        let refused = shop.db.inner().batch(vec![Statement { sql, params: vec![] }]).await;
        assert!(matches!(refused, Err(DbError::Constraint(_))), "{sql}: {refused:?}");
    }
    shop.finish().await;
}

#[tokio::test]
async fn a_cart_with_codes_needs_one_trip_and_says_so_when_there_is_none() {
    let shop = shop().await;
    make(&shop, "TIDE", &[]).await;
    let mut customer = shop.customer("grace@example.com").await;
    customer.has("MUG", 1).await;
    has_code(&mut customer, "TIDE").await;
    let mut guest = guest_with(&shop, 1, "TIDE").await;
    for browser in [&mut customer, &mut guest] {
        let trips = async |path: &str, browser: &mut Browser| {
            browser.get(path).await;
            last_trips(&shop)
        };
        assert_eq!(trips("/cart/", browser).await, 1);
        assert_eq!(trips("/checkout/", browser).await, 1);
        let form = browser.fill_in().await;
        assert_eq!(browser.place(&form).await.status, 303);
        assert_eq!(last_trips(&shop), 2);
    }
    let mut guest = guest_with(&shop, 1, "TIDE").await;
    shop.db.fail(Fault::Down);
    let cart = guest.get("/cart/").await;
    assert!(cart.status == 200 && cart.says("We cannot check this code at the moment."), "{}", cart.body);
    assert_eq!(enter(&mut guest, "TIDE").await.status, 503);
    shop.db.fail(Fault::None);
    assert!(guest.get("/cart/").await.says("Harvest thanks (TIDE)"));
    shop.finish().await;
}

/// The trips to the database of the request that was answered last.
fn last_trips(shop: &ShopTest) -> u64 {
    let lines = shop.log.all();
    let line: serde_json::Value = serde_json::from_str(lines.last().unwrap()).unwrap();
    line["trips"].as_u64().unwrap()
}

#[tokio::test]
async fn amounts_have_the_decimals_of_the_currency() {
    for (currency, value, bad, written) in [
        (Currency::Jpy, "500", "500.5", "JP¥500"),
        (Currency::Gbp, "5.50", "5.505", "£5.50"),
        (Currency::Kwd, "0.505", "0.5055", "KWD\u{a0}0.505"),
    ] {
        let catalog = Catalog::with_settings(|settings| settings.currency = currency);
        let shop = ShopTest::with(catalog, Config::for_testing()).await;
        let mut staff = shop.staff().await;
        let refused = try_to_make(&mut staff, "OFF", &[("kind", "amount"), ("value", bad)]).await;
        assert_eq!(refused.status, 422);
        assert_eq!(try_to_make(&mut staff, "OFF", &[("kind", "amount"), ("value", value)]).await.status, 303);
        let mut guest = guest_with(&shop, 1, "OFF").await;
        let cart = guest.get("/cart/").await;
        assert!(cart.says(&format!("−{written}")), "{written}\n{}", cart.body);
        guest.check_out().await;
        shop.finish().await;
    }
}

//! Coupons through the public door: staff makes them, shoppers enter them, the database counts them.

use ipswich_catalog::Amount;
use ipswich_catalog::currency::Currency;
use ipswich_catalog::promotion::{Effect, Promotion};
use ipswich_catalog::tax::BasisPoints;
use ipswich_shop::Config;
use ipswich_tests::shop::{Browser, Catalog, DAY, Fault, Form, NOON, Page, ShopTest, product};
use serde_json::json;

/// A mug of Deben in `home/mugs`, and a book in `books`.
fn catalog() -> Catalog {
    let mut mug = product("MUG", "Stoneware Mug", 1200, "standard", 400, 500);
    mug.1.brand = "Deben".to_owned();
    mug.1.categories = vec!["home/mugs".to_owned()];
    let mut book = product("BOOK", "Tide Tables", 3000, "zero", 300, 500);
    book.1.categories = vec!["books".to_owned()];
    Catalog::of(vec![mug, book])
}

async fn shop() -> ShopTest {
    ShopTest::with(catalog(), Config::for_testing()).await
}

/// As staff: makes a coupon with a percentage and these other terms.
async fn make(shop: &ShopTest, code: &str, terms: &[(&str, &str)]) {
    let page = try_to_make(&mut shop.staff().await, code, terms).await;
    assert_eq!(page.status, 303, "{}", page.body);
}

async fn try_to_make(staff: &mut Browser, code: &str, terms: &[(&str, &str)]) -> Page {
    let mut fields = vec![("code", code), ("title", "Harvest thanks"), ("kind", "percent"), ("value", "10")];
    fields.retain(|(name, _)| terms.iter().all(|(known, _)| known != name));
    fields.extend_from_slice(terms);
    staff.post("/admin/coupons/", &fields).await
}

async fn enter(browser: &mut Browser, code: &str) -> Page {
    browser.post("/cart/coupon/", &[("code", code)]).await
}

/// Enters a code, which must be taken.
async fn has_code(browser: &mut Browser, code: &str) {
    let page = enter(browser, code).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/cart/#codes"), "{}", page.body);
}

/// A guest with so many mugs and a code.
async fn guest_with(shop: &ShopTest, mugs: u32, code: &str) -> Browser {
    let mut guest = shop.guest();
    guest.has("MUG", mugs).await;
    has_code(&mut guest, code).await;
    guest
}

/// The sentence at the field for a code.
fn error(page: &Page) -> String {
    let at = page
        .body
        .split("id=\"code-error\" role=\"alert\">")
        .nth(1)
        .unwrap_or_else(|| panic!("{}", page.body));
    at.split('<').next().unwrap().to_owned()
}

fn from(email: &str, form: Form) -> Form {
    form.with("email", email)
}

#[tokio::test]
async fn a_coupon_goes_from_the_staff_to_the_mail() {
    let shop = shop().await;
    make(&shop, "harvest-10", &[("per_customer", "1"), ("uses_max", "100"), ("categories", "home")]).await;
    let mut guest = shop.guest();
    guest.has("MUG", 2).await;
    guest.has("BOOK", 1).await;
    has_code(&mut guest, " harvest-10 ").await;
    let cart = guest.get("/cart/").await;
    for text in ["HARVEST-10", "Harvest thanks (HARVEST-10)", "−£2.40", "£55.55", "Estimated total"] {
        assert!(cart.says(text), "{text}\n{}", cart.body);
    }
    let form = guest.fill_in().await;
    assert_eq!(form.0["total_standard"], "5555");
    let page = guest.place(&form).await;
    let id = page.order_id();
    let order = guest.get(&page.location).await;
    let mut staff = shop.staff().await;
    let seen_by_staff = staff.get(&format!("/admin/orders/{id}/")).await;
    let mail = shop.sent().await.remove(0);
    for body in [&order.body, &seen_by_staff.body, &mail.html, &mail.text] {
        assert!(body.contains("Harvest thanks (HARVEST-10)") && body.contains("£55.55"), "{body}");
    }
    assert!(seen_by_staff.says("reduced by £2.40"));
    let lines = shop.rows("select promotion, line, discount from order_promotion_line", vec![]).await;
    assert_eq!(lines, [json!({ "promotion": 0, "line": 0, "discount": 240 })]);
    let sql = "select u.code, u.state, c.uses, length(u.customer) as hash from coupon_use u join coupon c using(code)";
    let held = |state: &str| json!({ "code": "HARVEST-10", "state": state, "uses": 1, "hash": 43 });
    assert_eq!(shop.rows(sql, vec![]).await, [held("held")]);
    assert_eq!(staff.mark_paid(&id, "R-1").await.status, 303);
    assert_eq!(shop.rows(sql, vec![]).await, [held("used")]);
    let list = staff.get("/admin/coupons/").await;
    assert!(list.says("10% off") && list.says("category: home") && list.says("1 of 100"), "{}", list.body);
    assert!(guest.get("/cart/").await.says("There is nothing in it yet."));
    shop.finish().await;
}

#[tokio::test]
async fn many_at_once_get_it_as_often_as_it_may_be_used() {
    let shop = shop().await;
    make(&shop, "RACE", &[("uses_max", "5")]).await;
    let mut racers = Vec::new();
    for n in 0..40 {
        let mut guest = guest_with(&shop, 1, "RACE").await;
        let form = from(&format!("racer{n}@example.com"), guest.fill_in().await);
        assert_eq!(form.0["total_standard"], "1475");
        racers.push((guest, form));
    }
    let race = racers.into_iter().map(|(mut guest, form)| {
        tokio::spawn(async move {
            let page = guest.place(&form).await;
            (guest, form, page)
        })
    });
    let mut lost = Vec::new();
    for racer in race.collect::<Vec<_>>() {
        let (guest, form, page) = racer.await.unwrap();
        match page.status {
            303 => {}
            409 => lost.push((guest, form, page)),
            other => panic!("{other}: {}", page.body),
        }
    }
    assert_eq!(lost.len(), 35);
    assert_eq!(shop.number("select uses from coupon").await, 5);
    assert_eq!(shop.number("select count(*) from orders").await, 5);
    // Who lost sees why and what it costs now, and can go on from there.
    let (mut guest, form, page) = lost.remove(0);
    assert!(page.says("RACE has been used up.") && page.says("£15.95"), "{}", page.body);
    let form = form.with("total_standard", &page.input("total_standard").unwrap());
    assert_eq!(guest.place(&form).await.status, 303);
    let late = &mut shop.guest();
    late.has("MUG", 1).await;
    let page = enter(late, "RACE").await;
    assert_eq!((page.status, error(&page).as_str()), (422, "RACE has been used up."));
    shop.finish().await;
}

#[tokio::test]
async fn a_customer_gets_it_as_often_as_it_says() {
    let shop = shop().await;
    make(&shop, "TWICE", &[("per_customer", "2")]).await;
    for total in ["1475", "1475"] {
        let mut guest = guest_with(&shop, 1, "TWICE").await;
        let form = guest.fill_in().await;
        assert_eq!(form.0["total_standard"], total);
        assert_eq!(guest.place(&form).await.status, 303);
    }
    // A guest is known by the address in the form only, however it is written.
    let mut guest = guest_with(&shop, 1, "TWICE").await;
    let form = from("GRACE@example.com", guest.fill_in().await);
    let page = guest.place(&form).await;
    assert_eq!(page.status, 409);
    assert!(page.says("You have used TWICE already.") && page.says("£15.95"), "{}", page.body);
    assert_eq!(guest.place(&from("ada@example.com", form.clone())).await.status, 303);
    assert_eq!(shop.number("select uses from coupon").await, 3);
    // The same at once: two carts of one person, each with the last use.
    make(&shop, "ONCE", &[("per_customer", "1")]).await;
    let mut race = Vec::new();
    for _ in 0..8 {
        let mut guest = guest_with(&shop, 1, "ONCE").await;
        let form = guest.fill_in().await;
        race.push(tokio::spawn(async move { guest.place(&form).await.status }));
    }
    let mut statuses = Vec::new();
    for racer in race {
        statuses.push(racer.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409, 409, 409, 409]);
    shop.finish().await;
}

#[tokio::test]
async fn a_signed_in_customer_hears_of_it_in_the_cart_and_keeps_the_codes() {
    let shop = shop().await;
    make(&shop, "ONCE", &[("per_customer", "1")]).await;
    make(&shop, "OTHER", &[]).await;
    let mut customer = shop.customer("grace@example.com").await;
    customer.has("MUG", 1).await;
    has_code(&mut customer, "ONCE").await;
    customer.check_out().await;
    customer.has("MUG", 1).await;
    let page = enter(&mut customer, "ONCE").await;
    assert_eq!((page.status, error(&page).as_str()), (422, "You have used ONCE already."));
    has_code(&mut customer, "OTHER").await;
    // The saved cart has it on another device, and a guest's codes come along.
    let mut other_device = guest_with(&shop, 1, "ONCE").await;
    assert_eq!(other_device.sign_in("grace@example.com", "nanoseconds of wire").await.status, 303);
    let cart = other_device.get("/cart/").await;
    assert!(cart.says("OTHER") && cart.says("You have used ONCE already."), "{}", cart.body);
    let removed = other_device.post("/cart/coupon/remove/", &[("code", "OTHER")]).await;
    assert_eq!(removed.status, 303);
    assert!(!customer.get("/cart/").await.says("OTHER"));
    shop.finish().await;
}

#[tokio::test]
async fn an_order_that_is_given_up_gives_its_use_back() {
    let shop = shop().await;
    make(&shop, "LAST", &[("uses_max", "1"), ("per_customer", "1")]).await;
    let first = guest_with(&shop, 1, "LAST").await.check_out().await;
    let mut next = shop.guest();
    next.has("MUG", 1).await;
    assert_eq!(error(&enter(&mut next, "LAST").await), "LAST has been used up.");
    assert_eq!(shop.staff().await.cancel(&first).await.status, 303);
    assert_eq!(shop.number("select uses from coupon").await, 0);
    let second = guest_with(&shop, 1, "LAST").await.check_out().await;
    shop.clock.advance(8 * DAY);
    shop.tick().await;
    assert_eq!(shop.number("select uses from coupon").await, 0, "{second} has expired");
    let third = guest_with(&shop, 1, "LAST").await.check_out().await;
    let mut staff = shop.staff().await;
    assert_eq!(staff.mark_paid(&third, "R-3").await.status, 303);
    let states = shop.rows("select state from coupon_use order by state", vec![]).await;
    assert_eq!(states, ["released", "released", "used"].map(|state| json!({ "state": state })));
    shop.finish().await;
}

#[tokio::test]
async fn days_are_those_of_the_shops_clock() {
    let shop = shop().await;
    // Tomorrow and the day after, by UTC; it is noon on 23 November.
    make(&shop, "SOON", &[("from", "2026-11-24"), ("until", "2026-11-25")]).await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let early = enter(&mut guest, "SOON").await;
    assert_eq!((early.status, error(&early).as_str()), (422, "SOON is valid from 24 November 2026 on."));
    shop.clock.advance(DAY / 2);
    has_code(&mut guest, "SOON").await;
    let form = guest.fill_in().await;
    assert_eq!(form.0["total_standard"], "1475");
    shop.clock.advance(2 * DAY - 1);
    let mut in_time = guest_with(&shop, 1, "SOON").await;
    in_time.check_out().await;
    shop.clock.advance(1);
    // It ended while the form was open.
    let page = guest.place(&form).await;
    assert_eq!(page.status, 409);
    assert!(page.says("SOON has ended.") && page.says("The total has changed"), "{}", page.body);
    assert!(guest.get("/cart/").await.says("SOON has ended."));
    assert_eq!(error(&enter(&mut in_time_with_mug(&shop).await, "SOON").await), "SOON has ended.");
    shop.finish().await;
}

async fn in_time_with_mug(shop: &ShopTest) -> Browser {
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    guest
}

#[tokio::test]
async fn staff_ends_a_coupon_and_nobody_gets_it_from_then_on() {
    let shop = shop().await;
    make(&shop, "OOPS", &[("value", "100")]).await;
    let mut placed = guest_with(&shop, 1, "OOPS").await;
    let kept = placed.check_out().await;
    let mut late = guest_with(&shop, 1, "OOPS").await;
    let form = late.fill_in().await;
    let mut staff = shop.staff().await;
    let page = staff.post("/admin/coupons/end/", &[("code", "OOPS")]).await;
    assert_eq!(page.location, "/admin/coupons/?done=ended&code=OOPS");
    let again = staff.post("/admin/coupons/end/", &[("code", "OOPS")]).await;
    assert_eq!(again.status, 303, "twice is the same");
    assert_eq!(staff.post("/admin/coupons/end/", &[("code", "NEVER")]).await.status, 404);
    assert_eq!(late.place(&form).await.status, 409);
    assert!(placed.get(&format!("/order/{kept}/")).await.says("OOPS"), "an order keeps it");
    let audit = shop.rows("select action, subject, detail from audit order by id", vec![]).await;
    let entry = |action: &str, detail: &str| json!({ "action": action, "subject": "OOPS", "detail": detail });
    assert_eq!(audit, [entry("coupon.create", "100% off"), entry("coupon.end", "")]);
    assert!(staff.get("/admin/coupons/").await.says("Ended"));
    shop.finish().await;
}

#[tokio::test]
async fn a_code_that_does_not_count_says_why_and_waits() {
    let shop = shop().await;
    make(&shop, "BOOKS", &[("categories", "books")]).await;
    make(&shop, "FIFTY", &[("minimum", "50")]).await;
    let mut guest = shop.guest();
    guest.has("MUG", 2).await;
    has_code(&mut guest, "BOOKS").await;
    has_code(&mut guest, "FIFTY").await;
    let cart = guest.get("/cart/").await;
    assert!(cart.says("BOOKS is not for anything in your cart."), "{}", cart.body);
    assert!(cart.says("Add £26.00 more of what FIFTY is for, and it counts."), "{}", cart.body);
    guest.has("BOOK", 1).await;
    let cart = guest.get("/cart/").await;
    assert!(cart.says("Harvest thanks (FIFTY)") && cart.says("−£5.40"), "{}", cart.body);
    let text = "BOOKS cannot be combined with “Harvest thanks”, which is the better of the two.";
    assert!(cart.says(text), "{}", cart.body);
    // Only the one that counts is used.
    guest.check_out().await;
    let uses = shop.rows("select code, uses from coupon order by code", vec![]).await;
    assert_eq!(uses, [json!({ "code": "BOOKS", "uses": 0 }), json!({ "code": "FIFTY", "uses": 1 })]);
    shop.finish().await;
}

#[tokio::test]
async fn promotions_and_coupons_combine_as_they_say() {
    let sale = Promotion {
        id: "autumn".to_owned(),
        title: "Autumn sale".to_owned(),
        effect: Effect::Percent(BasisPoints::new(1000).unwrap()),
        everything: true,
        minimum: Amount::ZERO,
        from: None,
        until: None,
        combinable: true,
    };
    let catalog = Catalog::with_settings(|settings| settings.promotions = vec![sale]);
    let shop = ShopTest::with(catalog, Config::for_testing()).await;
    make(
        &shop,
        "WITH",
        &[("kind", "amount"), ("value", "5.00"), ("with_promotions", "1"), ("with_coupons", "1")],
    )
    .await;
    make(
        &shop,
        "POST",
        &[("kind", "free_delivery"), ("value", ""), ("with_promotions", "1"), ("with_coupons", "1")],
    )
    .await;
    make(&shop, "ALONE", &[("kind", "amount"), ("value", "0.50")]).await;
    let mut guest = shop.guest();
    guest.has("BOOK", 1).await;
    has_code(&mut guest, "ALONE").await;
    let cart = guest.get("/cart/").await;
    assert!(cart.says("ALONE cannot be combined with “Autumn sale”"), "{}", cart.body);
    has_code(&mut guest, "WITH").await;
    has_code(&mut guest, "POST").await;
    let fourth = enter(&mut guest, "WITH").await;
    assert_eq!(fourth.status, 303, "one that is there already");
    make(&shop, "FOURTH", &[]).await;
    let fourth = enter(&mut guest, "FOURTH").await;
    assert_eq!(
        (fourth.status, error(&fourth).as_str()),
        (409, "A cart takes 3 codes. Remove one of them first.")
    );
    // £30 less a tenth, less £5, and the post is free.
    let form = guest.fill_in().await;
    assert_eq!(form.0["total_standard"], "2200");
    assert_eq!(guest.place(&form.with("total_standard", "2200")).await.status, 303);
    let rows = shop.rows("select promotion, discount, coupon from order_promotion order by n", vec![]).await;
    let row =
        |id: &str, discount, coupon: &str| json!({ "promotion": id, "discount": discount, "coupon": coupon });
    assert_eq!(rows, [row("autumn", 300, ""), row("WITH", 500, "WITH"), row("POST", 0, "POST")]);
    assert_eq!(shop.number("select count(*) from coupon_use").await, 2);
    shop.finish().await;
}

#[tokio::test]
async fn free_delivery_shows_and_is_not_used_up_by_who_collects() {
    let shop = shop().await;
    make(&shop, "POST", &[("kind", "free_delivery"), ("value", "")]).await;
    let mut guest = guest_with(&shop, 1, "POST").await;
    assert!(guest.get("/cart/").await.says("Free delivery"));
    let form = guest.fill_in().await;
    assert_eq!(form.0["total_standard"], "1200");
    let collects = form.with("delivery", "collection").with("payment", "on_collection");
    assert_eq!(guest.place(&collects).await.status, 303);
    assert_eq!(shop.number("select uses from coupon").await, 0);
    guest_with(&shop, 1, "POST").await.check_out().await;
    assert_eq!(shop.number("select uses from coupon").await, 1);
    shop.finish().await;
}

#[tokio::test]
async fn everything_off_is_paid_at_once() {
    for currency in [Currency::Jpy, Currency::Gbp, Currency::Kwd] {
        let catalog = Catalog::with_settings(|settings| settings.currency = currency);
        let shop = ShopTest::with(catalog, Config::for_testing()).await;
        make(&shop, "GIFT", &[("value", "100")]).await;
        let mut guest = guest_with(&shop, 2, "GIFT").await;
        let form = guest.fill_in().await.with("delivery", "collection");
        let page = guest.place(&form).await;
        assert_eq!(page.status, 303, "{}", page.body);
        let order = guest.get(&page.location).await;
        assert!(order.says("Nothing to pay"), "{}", order.body);
        let rows = shop.rows("select state, total, captured, currency from orders", vec![]).await;
        assert_eq!(
            rows,
            [json!({ "state": "paid", "total": 0, "captured": 0, "currency": currency.code() })]
        );
        assert_eq!(shop.rows("select state from coupon_use", vec![]).await, [json!({ "state": "used" })]);
        assert_eq!(shop.number("select count(*) from payment").await, 0);
        assert_eq!(shop.stock("MUG").await, Some((3, 0)), "the goods are claimed");
        shop.finish().await;
    }
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

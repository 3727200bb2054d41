//! Coupons through the public door: staff makes them, shoppers enter them, the database counts them.

use ipswich_catalog::Amount;
use ipswich_catalog::currency::Currency;
use ipswich_catalog::promotion::{Effect, Promotion};
use ipswich_catalog::tax::BasisPoints;
use ipswich_shop::Config;
use ipswich_tests::shop::{Browser, Catalog, DAY, Form, Page, ShopTest, product};
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

pub(crate) async fn shop() -> ShopTest {
    ShopTest::with(catalog(), Config::for_testing()).await
}

/// As staff: makes a coupon with a percentage and these other terms.
pub(crate) async fn make(shop: &ShopTest, code: &str, terms: &[(&str, &str)]) {
    let page = try_to_make(&mut shop.staff().await, code, terms).await;
    assert_eq!(page.status, 303, "{}", page.body);
}

pub(crate) async fn try_to_make(staff: &mut Browser, code: &str, terms: &[(&str, &str)]) -> Page {
    let mut fields = vec![("code", code), ("title", "Harvest thanks"), ("kind", "percent"), ("value", "10")];
    fields.retain(|(name, _)| terms.iter().all(|(known, _)| known != name));
    fields.extend_from_slice(terms);
    staff.post("/admin/coupons/", &fields).await
}

pub(crate) async fn enter(browser: &mut Browser, code: &str) -> Page {
    browser.post("/cart/coupon/", &[("code", code)]).await
}

/// Enters a code, which must be taken.
pub(crate) async fn has_code(browser: &mut Browser, code: &str) {
    let page = enter(browser, code).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/cart/#codes"), "{}", page.body);
}

/// A guest with so many mugs and a code.
pub(crate) async fn guest_with(shop: &ShopTest, mugs: u32, code: &str) -> Browser {
    let mut guest = shop.guest();
    guest.has("MUG", mugs).await;
    has_code(&mut guest, code).await;
    guest
}

/// The sentence at the field for a code.
pub(crate) fn error(page: &Page) -> String {
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

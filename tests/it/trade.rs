//! Promotions, tax by country, prices without tax, delivery by zone and price: from the cart to the mail.

use ipswich_catalog::Amount;
use ipswich_catalog::promotion::{Effect, Promotion};
use ipswich_catalog::settings::{Country, ShopSettings};
use ipswich_catalog::shipping::ShippingTier;
use ipswich_catalog::tax::{BasisPoints, CountryRate, Prices};
use ipswich_shop::Config;
use ipswich_tests::SiteTest;
use ipswich_tests::shop::{Catalog, DAY, NOON, ShopTest, product};

fn amount(pence: i64) -> Amount {
    Amount::from_minor(pence).unwrap()
}

fn rate(points: u32) -> BasisPoints {
    BasisPoints::new(points).unwrap()
}

fn promotion(id: &str, title: &str, effect: Effect) -> Promotion {
    Promotion {
        id: id.to_owned(),
        title: title.to_owned(),
        effect,
        everything: true,
        minimum: Amount::ZERO,
        from: None,
        until: None,
        combinable: false,
    }
}

async fn shop_with(change: impl FnOnce(&mut ShopSettings)) -> ShopTest {
    ShopTest::with(Catalog::with_settings(change), Config::for_testing()).await
}

/// Germany as a second country, with its rates, and the usual methods for both.
fn with_germany(settings: &mut ShopSettings) {
    settings.countries.push(Country { code: "DE".to_owned(), name: "Germany".to_owned() });
    for class in &mut settings.tax_classes {
        let german = if class.id == "standard" { ("VAT 19%", 1900) } else { ("VAT 7%", 700) };
        class.rates =
            vec![CountryRate { country: "DE".to_owned(), title: german.0.to_owned(), rate: rate(german.1) }];
    }
    for method in &mut settings.shipping {
        method.countries.push("DE".to_owned());
    }
}

#[tokio::test]
async fn a_promotion_goes_from_the_cart_to_the_mail() {
    let sale = promotion("autumn", "Autumn sale", Effect::Percent(rate(1000)));
    let shop = shop_with(|settings| settings.promotions = vec![sale]).await;
    let mut guest = shop.guest();
    guest.has("MUG", 2).await;
    guest.has("BOOK", 1).await;
    let cart = guest.get("/cart/").await;
    for text in ["Autumn sale", "−£5.40", "£52.55"] {
        assert!(cart.says(text), "{text}\n{}", cart.body);
    }
    let form = guest.fill_in().await;
    assert_eq!(form.0["total_standard"], "5255");
    let page = guest.place(&form).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let order = guest.get(&page.location).await;
    let mut staff = shop.staff().await;
    let seen_by_staff = staff.get(&format!("/admin/orders/{}/", page.order_id())).await;
    for body in [&order.body, &seen_by_staff.body, &shop.sent().await[0].html] {
        for text in ["Autumn sale", "−£5.40", "£52.55"] {
            assert!(body.contains(text), "{text}\n{body}");
        }
    }
    let rows = shop.rows("select subtotal, discount, shipping, tax, total, tax_included from orders", vec![]);
    let expected = serde_json::json!({
        "subtotal": 5400, "discount": 540, "shipping": 395, "tax": 0, "total": 5255, "tax_included": 389,
    });
    assert_eq!(rows.await, [expected]);
    let rows = shop.rows("select sku, discount, tax from order_line order by n", vec![]).await;
    let line = |sku: &str, discount, tax| serde_json::json!({ "sku": sku, "discount": discount, "tax": tax });
    assert_eq!(rows, [line("MUG", 240, 360), line("BOOK", 300, 0)]);
    let rows = shop.rows("select promotion, title, discount from order_promotion", vec![]).await;
    let kept = serde_json::json!({ "promotion": "autumn", "title": "Autumn sale", "discount": 540 });
    assert_eq!(rows, [kept]);
    insta::assert_snapshot!(shop.sent().await[0].text.replace(page.order_id().as_str(), "ORDER"));
    shop.finish().await;
}

#[tokio::test]
async fn a_promotion_applies_to_its_goods_only() {
    let mugs = Promotion { everything: false, ..promotion("mugs", "Mug week", Effect::Amount(amount(500))) };
    let shop = shop_with(|settings| settings.promotions = vec![mugs]).await;
    let mut mug = product("MUG", "Stoneware Mug", 1200, "standard", 400, 5);
    mug.1.promotions = vec!["mugs".to_owned()];
    shop.published.publish(vec![mug, product("BOOK", "Tide Tables", 3000, "zero", 300, 50)]);
    shop.app.forget_release();
    let mut guest = shop.guest();
    guest.has("BOOK", 1).await;
    assert!(!guest.get("/cart/").await.says("Mug week"));
    guest.has("MUG", 1).await;
    guest.check_out().await;
    let rows = shop.rows("select sku, discount from order_line order by n", vec![]).await;
    let line = |sku: &str, discount| serde_json::json!({ "sku": sku, "discount": discount });
    assert_eq!(rows, [line("BOOK", 0), line("MUG", 500)]);
    shop.finish().await;
}

#[tokio::test]
async fn a_promotion_that_ends_while_the_form_is_open_is_not_promised_any_longer() {
    let sale = Promotion {
        until: Some(NOON + DAY / 2),
        ..promotion("autumn", "Autumn sale", Effect::Percent(rate(1000)))
    };
    let shop = shop_with(|settings| settings.promotions = vec![sale]).await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await;
    assert_eq!(form.0["total_standard"], "1475");
    shop.clock.advance(DAY / 2);
    let page = guest.place(&form).await;
    assert_eq!(page.status, 409);
    assert!(
        page.says("The total has changed") && page.says("£15.95") && !page.says("Autumn"),
        "{}",
        page.body
    );
    let agreed = form.with("total_standard", &page.input("total_standard").unwrap());
    assert_eq!(guest.place(&agreed).await.status, 303);
    assert_eq!(shop.number("select total from orders").await, 1595);
    shop.finish().await;
}

#[tokio::test]
async fn free_delivery_is_named_on_the_order() {
    let post = promotion("post", "Post week", Effect::FreeDelivery(vec!["standard".to_owned()]));
    let shop = shop_with(|settings| settings.promotions = vec![post]).await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await;
    assert_eq!((form.0["total_standard"].as_str(), form.0["total_next-day"].as_str()), ("1200", "1995"));
    let page = guest.place(&form).await;
    assert!(guest.get(&page.location).await.says("Post week"));
    assert_eq!(shop.number("select shipping from orders").await, 0);
    assert_eq!(shop.number("select discount from order_promotion").await, 0);
    shop.finish().await;
}

#[tokio::test]
async fn an_order_that_a_promotion_makes_free_is_paid_at_once() {
    let gift = promotion("gift", "A present", Effect::Percent(rate(10_000)));
    let shop = shop_with(|settings| settings.promotions = vec![gift]).await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await.with("delivery", "collection");
    let page = guest.place(&form).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert_eq!(shop.number("select count(*) from orders where state = 'paid' and total = 0").await, 1);
    shop.finish().await;
}

#[tokio::test]
async fn the_tax_in_a_price_follows_the_country_of_delivery() {
    let shop = shop_with(with_germany).await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await.with("country", "DE").with("postcode", "10115");
    let page = guest.place(&form).await;
    assert_eq!(page.status, 303, "the price is the same: {}", page.body);
    let order = guest.get(&page.location).await;
    assert!(order.says("Includes VAT 19%") && order.says("£2.55") && order.says("Germany"), "{}", order.body);
    assert_eq!(shop.number("select tax_bp from order_line").await, 1900);
    assert_eq!(shop.number("select total * 1000 + tax_included from orders").await, 1_595_255);
    // Who fetches the goods buys them in the shop.
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await.with("country", "DE").with("delivery", "collection");
    assert_eq!(guest.place(&form).await.status, 303);
    assert_eq!(shop.number("select tax_bp from order_line where tax_bp <> 1900").await, 2000);
    shop.finish().await;
}

#[tokio::test]
async fn net_prices_get_the_tax_of_the_country_on_top() {
    let shop = shop_with(|settings| {
        with_germany(settings);
        settings.prices = Prices::Net;
    })
    .await;
    let mut guest = shop.guest();
    guest.has("BOOK", 1).await;
    let cart = guest.get("/cart/").await;
    assert!(cart.says("£33.95") && !cart.says("VAT 0%"), "at home books have no tax: {}", cart.body);
    let form = guest.fill_in().await.with("country", "DE").with("postcode", "10115");
    let stale = guest.place(&form).await;
    assert_eq!(stale.status, 409, "the total of the other country was shown");
    assert!(stale.says("VAT 7%") && stale.says("£2.38") && stale.says("£36.33"), "{}", stale.body);
    let shown = guest.place(&form.clone().with("recount", "1")).await;
    assert_eq!((shown.status, shown.input("total_standard").as_deref()), (200, Some("3633")));
    assert_eq!(shop.number("select count(*) from orders").await, 0);
    let page = guest.place(&form.with("total_standard", "3633")).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let order = guest.get(&page.location).await;
    assert!(order.says("<dt>VAT 7%</dt><dd>£2.38</dd>") && !order.says("Includes"), "{}", order.body);
    let rows = shop.rows("select subtotal, shipping, tax, tax_included, total from orders", vec![]).await;
    let expected = serde_json::json!({
        "subtotal": 3000, "shipping": 395, "tax": 238, "tax_included": 238, "total": 3633,
    });
    assert_eq!(rows, [expected]);
    let mut staff = shop.staff().await;
    assert_eq!(staff.mark_paid(&page.order_id(), "R-1").await.status, 303);
    assert_eq!(shop.number("select captured from orders").await, 3633);
    insta::assert_snapshot!(shop.sent().await[0].text.replace(page.order_id().as_str(), "ORDER"));
    shop.finish().await;
}

#[tokio::test]
async fn delivery_depends_on_country_weight_and_price_of_the_goods() {
    let shop = shop_with(|settings| {
        with_germany(settings);
        let [standard, next_day, ..] = settings.shipping.as_mut_slice() else { panic!("methods") };
        standard.tiers = vec![ShippingTier { weight_below: 500, price: amount(195) }];
        standard.subtotal_below = Some(amount(5000));
        next_day.countries = vec!["GB".to_owned()];
    })
    .await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    assert_eq!(guest.fill_in().await.0["total_standard"], "1395", "one mug is light");
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await;
    assert_eq!(form.0["total_standard"], "2795", "two are not");
    let abroad = guest.place(&form.with("country", "DE").with("recount", "1")).await;
    assert!(abroad.input("total_standard").is_some() && abroad.input("total_next-day").is_none());
    guest.has("BOOK", 1).await;
    let dear = guest.get("/checkout/").await;
    assert!(dear.input("total_standard").is_none() && dear.input("total_next-day").is_some());
    shop.finish().await;
}

#[tokio::test]
async fn the_release_before_can_still_write_orders() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    guest.check_out().await;
    // The statements of the release before know neither discounts of lines nor promotions.
    shop.rows(
        "insert into orders(id, number, idem_key, req_hash, cart_id, customer, method, offline, currency,
           subtotal, discount, shipping, tax, total, tax_included, pieces, shipping_id, shipping_title, collection,
           catalog, expires_at, created_at)
         select 'old', 'old', 'old', req_hash, 'old', customer, method, offline, currency, subtotal, 0, shipping, 0,
           total, tax_included, pieces, shipping_id, shipping_title, collection, catalog, expires_at, created_at from orders",
        vec![],
    )
    .await;
    shop.rows(
        "insert into order_line(order_id, n, sku, title, options, qty, unit, tax_class, tax_bp, tax, weight)
         select 'old', n, sku, title, options, qty, unit, tax_class, tax_bp, tax, weight from order_line",
        vec![],
    )
    .await;
    assert_eq!(shop.number("select discount from order_line where order_id = 'old'").await, 0);
    // What else an order has is not written here.
    shop.finish_except(&["I3", "I17", "I18"]).await;
}

#[test]
fn a_net_shop_says_so_wherever_it_names_a_price() {
    let note = "{{ page.tax_note }}{{ page.body }}{{ page.meta.json_ld }}";
    let site = SiteTest::new()
        .replace("content/shop.toml", "theme =", "prices = \"net\"\ntheme =")
        .replace("themes/plain/templates/product.html", "{{ page.body }}", note)
        .append("themes/plain/templates/product.html", "{% if site.net_prices %}excl. VAT{% endif %}")
        .build();
    let page = site.read("product/mug.html");
    for text in [
        "£15.00 with VAT at 20%",
        r#""price":"12.50""#,
        r#"{"@type":"PriceSpecification","price":"12.50","priceCurrency":"GBP","valueAddedTaxIncluded":false}"#,
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }
    let feed = site.read("feeds/google.xml");
    assert!(feed.contains("<g:sale_price>15.00 GBP</g:sale_price>"), "{feed}");
    assert!(feed.contains("<g:price>18.00 GBP</g:price>"), "{feed}");
}

#[test]
fn product_pages_name_promotions_with_their_days() {
    let note = "{% for note in page.promotions %}[{{ note.title }}|{{ note.period }}|{{ note.terms }}]{% endfor %}{{ page.body }}";
    let promotion = |title: &str, more: &str| {
        format!(
            "+++\ntitle = \"{title}\"\nkind = \"amount\"\nvalue = \"1.00\"\n{more}+++\nNot on *Sundays*.\n"
        )
    };
    let site = SiteTest::new()
        .replace("themes/plain/templates/product.html", "{{ page.body }}", note)
        .write("content/promotions/tea.md", promotion("Tea time", "tags = [\"tea\"]\nuntil = 2026-11-30\n"))
        .write(
            "content/promotions/rain.md",
            promotion("Rain", "categories = [\"clothes\"]\nfrom = 2026-12-01\n"),
        )
        .write("content/promotions/over.md", promotion("Over", "until = 2026-11-22\n"))
        .write("content/promotions/house.md", promotion("House", "categories = [\"home\"]\n"))
        .write("content/promotions/shelf.md", promotion("Shelf", "collections = [\"dear\"]\n"))
        .write(
            "content/collections/dear.md",
            "+++\ntitle = \"Dear\"\nsummary = \"Dear things.\"\n[rule]\nprice_min = \"20.00\"\n+++\n",
        )
        .build();
    let notes = |path: &str| {
        let page = site.read(path);
        let found = page.split('[').skip(1).filter_map(|rest| rest.split_once('|'));
        found
            .map(|(title, rest)| (title.to_owned(), rest.split('|').next().unwrap_or("").to_owned()))
            .collect::<Vec<_>>()
    };
    let note = |title: &str, days: &str| (title.to_owned(), days.to_owned());
    assert_eq!(notes("product/mug.html"), [note("House", ""), note("Tea time", "Until 30 November 2026")]);
    assert_eq!(
        notes("product/cap.html"),
        [note("House", ""), note("Rain", "From 1 December 2026"), note("Shelf", "")]
    );
    assert!(site.read("product/mug.html").contains("<em>Sundays</em>"));
}

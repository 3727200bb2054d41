//! Checking out as a guest.

use ipswich_shop::ports::Param;
use ipswich_tests::shop::{Catalog, Fault, ShopTest, product};

#[tokio::test]
async fn a_guest_orders_and_the_goods_are_held() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 2).await;
    guest.has("BOOK", 1).await;
    let form = guest.fill_in().await;
    let page = guest.place(&form).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert!(page.location.ends_with("/?placed=1"), "{}", page.location);
    assert!(page.flushes, "the host is asked to send the mail");
    assert_eq!(shop.stock("MUG").await, Some((5, 2)));
    assert_eq!(shop.stock("BOOK").await, Some((50, 1)));
    let order = guest.get(&page.location).await;
    assert_eq!(order.status, 200);
    for text in [
        "Thank you",
        "Stoneware Mug",
        "Tide Tables",
        "£54.00",
        "£57.95",
        "12345678",
        "IP4 1AB",
        "30 November 2026",
    ] {
        assert!(order.says(text), "{text}\n{}", order.body);
    }
    assert!(!guest.get(page.location.trim_end_matches("?placed=1")).await.says("Thank you"));
    assert!(guest.cookies.is_empty(), "cart and badge are gone: {:?}", guest.cookies);
    let mails = shop.sent().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "grace@example.com");
    assert!(mails[0].text.contains("https://shop.example/order/"), "{}", mails[0].text);
    shop.finish().await;
}

#[tokio::test]
async fn the_same_form_twice_is_one_order() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 2).await;
    let form = guest.fill_in().await;
    let mut impatient = guest.clone();
    let first = guest.place(&form).await;
    let second = impatient.place(&form).await;
    assert_eq!((first.status, second.status), (303, 303), "{}", second.body);
    assert_eq!(first.location, second.location);
    // Back, and the form once more with the cart already emptied.
    assert_eq!(guest.place(&form).await.location, first.location);
    assert_eq!(shop.number("select count(*) from orders").await, 1);
    assert_eq!(shop.stock("MUG").await, Some((5, 2)));
    assert_eq!(shop.sent().await.len(), 1);
    shop.finish().await;
}

#[tokio::test]
async fn a_used_form_with_other_content_is_refused() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await;
    let mut other = guest.clone();
    assert_eq!(guest.place(&form).await.status, 303);
    let page = other.place(&form.with("name", "Somebody Else")).await;
    assert_eq!(page.status, 409, "{}", page.body);
    assert!(page.says("You have sent this form before") && page.says("/checkout/"));
    assert_eq!(shop.number("select count(*) from orders").await, 1);
    shop.finish().await;
}

#[tokio::test]
async fn the_same_cart_from_two_windows_is_one_order() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let mut window = guest.clone();
    let (one, two) = (guest.fill_in().await, window.fill_in().await);
    assert_ne!(one.0["key"], two.0["key"]);
    let mut third = window.clone();
    let first = guest.place(&one).await;
    let second = window.place(&two).await;
    assert_eq!(first.location, second.location, "{}", second.body);
    assert!(window.cookies.is_empty());
    // With other details it takes a second, deliberate step.
    let page = third.place(&two.with("city", "Woodbridge")).await;
    assert_eq!(page.status, 409);
    assert!(page.says("You have ordered this cart already") && page.says(first.order_id().as_str()));
    assert_eq!(shop.number("select count(*) from orders").await, 1);
    third.check_out().await;
    assert_eq!(shop.number("select count(*) from orders").await, 2);
    shop.finish().await;
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_order() {
    for fault in [Fault::LoseRequest, Fault::LoseAnswer] {
        let shop = ShopTest::new().await;
        let mut guest = shop.guest();
        guest.has("MUG", 1).await;
        let form = guest.fill_in().await;
        shop.db.fail_after(1, fault);
        let page = guest.place(&form).await;
        assert_eq!(page.status, 303, "{fault:?} {}", page.body);
        assert_eq!(shop.number("select count(*) from orders").await, 1);
        shop.finish().await;
    }
}

#[tokio::test]
async fn a_price_that_rose_is_shown_before_it_is_charged() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await;
    assert_eq!(form.0["total_standard"], "1595");
    shop.published.publish(vec![product("MUG", "Stoneware Mug", 1300, "standard", 400, 5)]);
    shop.app.forget_release();
    let page = guest.place(&form).await;
    assert_eq!(page.status, 409);
    assert!(
        page.says("The total has changed") && page.says("£16.95") && page.says("1 Orwell Quay"),
        "{}",
        page.body
    );
    assert_eq!(page.input("key").as_deref(), Some(form.0["key"].as_str()));
    assert_eq!(shop.number("select count(*) from orders").await, 0);
    let agreed = form.with("total_standard", &page.input("total_standard").unwrap());
    let page = guest.place(&agreed).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert_eq!(shop.number("select total from orders").await, 1695);
    shop.finish().await;
}

#[tokio::test]
async fn a_price_that_fell_is_simply_charged() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await;
    shop.published.publish(vec![product("MUG", "Stoneware Mug", 1000, "standard", 400, 5)]);
    shop.app.forget_release();
    assert_eq!(guest.place(&form).await.status, 303);
    assert_eq!(shop.number("select total from orders").await, 1395);
    shop.finish().await;
}

#[tokio::test]
async fn a_total_that_was_not_shown_is_asked_for() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    for total in ["", "0", "-1", "1594", "abc", "1e9"] {
        let form = guest.fill_in().await.with("total_standard", total);
        assert_eq!(guest.place(&form).await.status, 409, "{total}");
    }
    assert_eq!(shop.number("select count(*) from orders").await, 0);
    shop.finish().await;
}

#[tokio::test]
async fn mistakes_come_back_with_everything_that_was_typed() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await;
    for (field, value, sentence) in [
        ("email", "grace", "Enter an e-mail address"),
        ("email", "grace@example.com\r\nBcc: all@example.com", "Enter an e-mail address"),
        ("name", "  ", "Enter your name."),
        ("name", "Grace\r\nHopper", "on one line"),
        ("name", "Grace \u{202E}reppoH", "on one line"),
        ("email", "a?bcc=all%40example.org&x=@example.com", "e-mail address such as"),
        ("line1", "", "Enter your house number"),
        ("city", &"x".repeat(61), "to 60 characters"),
        ("postcode", "12345", "UK postcode"),
        ("phone", "ring me", "phone number"),
        ("note", &"x".repeat(501), "to 500 characters"),
        ("delivery", "pallet", "Choose how the goods reach you."),
        ("delivery", "", "Choose how the goods reach you."),
        ("payment", "card", "Choose how you would like to pay."),
        ("payment", "on_collection", "You can pay on collection only if you collect"),
        ("country", "FR", "Choose a country"),
    ] {
        let page = guest.place(&form.clone().with(field, value)).await;
        assert_eq!(page.status, 422, "{field}={value}: {}", page.body);
        assert!(page.says(sentence), "{field}={value}: {sentence}\n{}", page.body);
        if field != "line1" {
            assert!(page.says("1 Orwell Quay"), "{field}={value}");
        }
    }
    assert_eq!(shop.number("select count(*) from orders").await, 0);
    assert_eq!(shop.number("select count(*) from stock").await, 0, "nothing was half written");
    shop.finish().await;
}

#[tokio::test]
async fn fields_that_the_form_does_not_have_are_refused() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await;
    for field in ["state", "total", "unit", "customer", "captured", "role", "tax", "id"] {
        assert_eq!(guest.place(&form.clone().with(field, "1")).await.status, 400, "{field}");
    }
    assert_eq!(guest.place(&form.clone().with("key", "guessed")).await.status, 400);
    assert_eq!(shop.number("select count(*) from orders").await, 0);
    shop.finish().await;
}

#[tokio::test]
async fn goods_that_were_sold_meanwhile_are_named() {
    let shop = ShopTest::new().await;
    let (mut slow, mut quick) = (shop.guest(), shop.guest());
    slow.has("MUG", 3).await;
    let form = slow.fill_in().await;
    quick.has("MUG", 4).await;
    quick.check_out().await;
    let page = slow.place(&form).await;
    assert_eq!(page.status, 409);
    assert!(page.says("has just been sold") && page.says("Only 1 left"), "{}", page.body);
    assert_eq!(slow.get("/checkout/").await.location, "/cart/", "the cart has to be put right first");
    assert_eq!(slow.change("MUG", "1").await.status, 303);
    slow.check_out().await;
    assert_eq!(shop.stock("MUG").await, Some((5, 5)));
    shop.finish().await;
}

#[tokio::test]
async fn collection_needs_no_address_and_can_be_paid_there() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await.with("delivery", "collection").with("payment", "on_collection");
    let form = form.with("line1", "").with("city", "").with("postcode", "");
    let page = guest.place(&form).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let order = guest.get(&page.location).await;
    assert!(order.says("Held for you") && !order.says("12345678"), "{}", order.body);
    assert_eq!(shop.number("select total from orders").await, 1200);
    shop.finish().await;
}

#[tokio::test]
async fn an_order_that_costs_nothing_is_paid_at_once() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("CATALOGUE", 1).await;
    let form = guest.fill_in().await.with("delivery", "collection");
    let page = guest.place(&form).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert!(guest.get(&page.location).await.says("Nothing to pay"));
    assert_eq!(
        shop.rows("select state, captured from orders", vec![]).await,
        [serde_json::json!({"state": "paid", "captured": 0})]
    );
    assert_eq!(shop.stock("CATALOGUE").await, Some((99, 0)));
    assert_eq!(shop.sent().await.len(), 2, "received and paid");
    shop.finish().await;
}

#[tokio::test]
async fn delivery_is_taxed_like_the_goods() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("BOOK", 1).await;
    guest.has("MUG", 1).await;
    guest.check_out().await;
    // £30 book at 0 %, £12 mug at 20 %, £3.95 delivery shared 282 to 113 pence.
    let rows = shop.rows("select bp, gross, tax from order_tax order by n", vec![]).await;
    assert_eq!(
        rows,
        [
            serde_json::json!({"bp": 2000, "gross": 1313, "tax": 219}),
            serde_json::json!({"bp": 0, "gross": 3282, "tax": 0}),
        ]
    );
    assert_eq!(shop.number("select tax_included from orders").await, 219);
    shop.finish().await;
}

#[tokio::test]
async fn an_order_line_keeps_what_was_sold() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("JUMPER-S", 1).await;
    let order = guest.check_out().await;
    let rows = shop
        .rows(
            "select l.title, l.options, l.qty, l.unit, l.tax_class, l.tax_bp, l.tax, l.weight, o.catalog, o.pieces
             from order_line l join orders o on o.id = l.order_id where o.id = ?1",
            vec![Param::from(order.as_str())],
        )
        .await;
    assert_eq!(
        rows,
        [serde_json::json!({
            "title": "Wool Jumper", "options": "Size S", "qty": 1, "unit": 8900, "tax_class": "standard",
            "tax_bp": 2000, "tax": 1483, "weight": 850, "catalog": "test-release", "pieces": 1,
        })]
    );
    shop.published.publish(vec![]);
    shop.app.forget_release();
    let page = guest.get(&format!("/order/{order}/")).await;
    assert!(
        page.status == 200 && page.says("Wool Jumper") && !page.says("/product/jumper-s/"),
        "{}",
        page.body
    );
    shop.finish().await;
}

#[tokio::test]
async fn there_is_no_checkout_without_goods_or_without_the_database() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    assert_eq!(guest.get("/checkout/").await.location, "/cart/");
    guest.has("MUG", 1).await;
    let form = guest.fill_in().await;
    shop.db.fail(Fault::Down);
    for page in [guest.get("/checkout/").await, guest.place(&form).await] {
        assert_eq!(page.status, 503);
        assert!(!page.header("retry-after").is_empty() && page.says("your cart is safe"), "{}", page.body);
        assert!(!page.says("D1_ERROR") && !page.says("secret"), "no cause leaks");
    }
    shop.db.fail(Fault::Overloaded);
    assert_eq!(guest.place(&form).await.status, 503);
    assert!(shop.log.all().iter().any(|line| line.contains("disk is gone")), "the cause is in the log");
    shop.db.fail(Fault::None);
    assert_eq!(guest.place(&form).await.status, 303, "the same form works when the database is back");
    shop.finish().await;
}

#[tokio::test]
async fn a_release_of_another_format_sells_nothing() {
    let catalog = Catalog::usual();
    catalog.replace("_shop/shop.json", Some(br#"{"format": 99}"#.to_vec()));
    let shop = ShopTest::with(catalog, ipswich_shop::Config::for_testing()).await;
    let page = shop.guest().get("/cart/").await;
    assert_eq!(page.status, 503);
    assert!(page.says("We cannot do this at the moment"), "{}", page.body);
    assert!(shop.log.all().iter().any(|line| line.contains("has format 99")), "{:?}", shop.log.all());
    shop.finish().await;
}

#[tokio::test]
async fn no_request_asks_the_database_more_than_twice() {
    let shop = ShopTest::new().await;
    let mut guest = shop.guest();
    guest.has("MUG", 1).await;
    guest.check_out().await;
    let mut customer = shop.customer("grace@example.com").await;
    customer.has("MUG", 1).await;
    customer.change("MUG", "2").await;
    let order = customer.check_out().await;
    customer.get("/accounts/").await;
    let mut staff = shop.staff().await;
    staff.mark_paid(&order, "R-1").await;
    staff.mark_shipped(&order).await;
    staff.get("/admin/stock/").await;
    for line in shop.log.all() {
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert!(line["trips"].as_u64().unwrap() <= 2, "{line}");
    }
    shop.finish().await;
}

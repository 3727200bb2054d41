//! Mistakes in taxes by country, zones, delivery prices and promotions, each beside its good form.

use insta::assert_snapshot;
use ipswich_tests::SiteTest;

/// A shop that sends to two more countries: the good form of everything that the tests below change.
fn abroad() -> SiteTest {
    SiteTest::new()
        .replace(
            "content/shop.toml",
            "title = \"VAT 20%\"",
            "title = \"VAT\"\nrates = { FR = \"20\", DE = \"19\" }",
        )
        .replace("content/shop.toml", "[[delivery]]\nid = \"post\"", COUNTRIES)
        .replace("content/shop.toml", "countries = [\"GB\"]\n\n[offline]", METHODS)
}

const COUNTRIES: &str = r#"[[countries]]
code = "FR"
name = "France"

[[countries]]
code = "DE"
name = "Germany"

[[zones]]
id = "europe"
title = "Europe"
countries = ["FR", "DE"]

[[delivery]]
id = "post""#;

const METHODS: &str = r#"countries = ["GB"]

[[delivery]]
id = "parcel"
title = "Parcel"
note = "a week"
kind = "delivery"
price = "24.95"
weight_below = 20000
subtotal_min = "10.00"
subtotal_below = "500.00"
zones = ["europe"]

[[delivery.tiers]]
weight_below = 1000
price = "9.95"

[[delivery.tiers]]
weight_below = 5000
price = "14.95"

[[delivery]]
id = "fetch"
title = "Collect"
note = "today"
kind = "collection"
price = "0.00"

[offline]"#;

/// A promotion for the mug: the good form.
fn promoted() -> SiteTest {
    SiteTest::new().write("content/promotions/mug-week.md", PROMOTION)
}

const PROMOTION: &str = r#"+++
title = "Mug week"
kind = "percent"
value = "10"
products = ["mug"]
minimum = "20.00"
from = 2026-11-01
until = 2026-11-30
+++
"#;

#[track_caller]
fn changed_abroad(from: &str, to: &str) -> String {
    abroad().replace("content/shop.toml", from, to).problems()
}

#[track_caller]
fn changed_promotion(from: &str, to: &str) -> String {
    promoted().replace("content/promotions/mug-week.md", from, to).problems()
}

#[test]
fn the_shop_that_sends_abroad_has_no_mistakes() {
    let site = abroad().build();
    let shop = site.read("_shop/shop.json");
    for text in [
        r#""rate":2000,"rates":[{"country":"FR","title":"VAT 20%","rate":2000},{"country":"DE","title":"VAT 19%","rate":1900}]"#,
        r#""tiers":[{"weight_below":1000,"price":995},{"weight_below":5000,"price":1495}]"#,
        r#""subtotal_min":1000,"subtotal_below":50000,"countries":["FR","DE"]"#,
        r#""kind":"collection","price":0,"free_from":null,"weight_min":0,"weight_below":null,"subtotal_min":0,"subtotal_below":null,"countries":["GB","FR","DE"]"#,
    ] {
        assert!(shop.contains(text), "{text}\n{shop}");
    }
}

#[test]
fn the_promotion_has_no_mistakes() {
    let site = promoted().build();
    let expected = r#""promotions":[{"id":"mug-week","title":"Mug week","effect":{"percent":1000},"everything":false,"minimum":2000,"from":1793491200,"until":1796083200,"combinable":false}]"#;
    assert!(site.read("_shop/shop.json").contains(expected), "{}", site.read("_shop/shop.json"));
    let skus = site.read("_shop/sku/0.json");
    assert_eq!(skus.matches(r#""promotions":["mug-week"]"#).count(), 1, "{skus}");
}

#[test]
fn prices_are_of_no_known_kind() {
    let site = SiteTest::new().replace("content/shop.toml", "theme =", "prices = \"nett\"\ntheme =");
    assert_snapshot!(site.problems());
}

#[test]
fn a_tax_class_lacks_the_rate_of_a_country() {
    assert_snapshot!(changed_abroad(r#"{ FR = "20", DE = "19" }"#, r#"{ FR = "20" }"#));
}

#[test]
fn only_one_of_two_tax_classes_has_rates() {
    assert_snapshot!(changed_abroad(
        "[[countries]]",
        "[[tax]]\nid = \"zero\"\ntitle = \"VAT 0%\"\nrate = \"0\"\n\n[[countries]]"
    ));
}

#[test]
fn rates_name_the_own_country_another_one_and_too_much() {
    assert_snapshot!(changed_abroad(
        r#"{ FR = "20", DE = "19" }"#,
        r#"{ FR = "120", DE = "19", GB = "20", IT = "22" }"#
    ));
}

#[test]
fn title_of_a_tax_class_with_rates_names_one_of_them() {
    assert_snapshot!(changed_abroad(r#"title = "VAT""#, r#"title = "VAT 20%""#));
}

#[test]
fn a_country_is_given_twice() {
    assert_snapshot!(changed_abroad(
        "[[zones]]",
        "[[countries]]\ncode = \"FR\"\nname = \"France\"\n\n[[zones]]"
    ));
}

#[test]
fn a_country_is_served_by_no_method() {
    let site = SiteTest::new().replace(
        "content/shop.toml",
        "[[delivery]]",
        "[[countries]]\ncode = \"FR\"\nname = \"France\"\n\n[[delivery]]",
    );
    assert_snapshot!(site.problems());
}

#[test]
fn a_zone_is_unknown() {
    assert_snapshot!(changed_abroad(r#"zones = ["europe"]"#, r#"zones = ["evrope"]"#));
}

#[test]
fn a_zone_names_an_unknown_country() {
    assert_snapshot!(changed_abroad(r#"countries = ["FR", "DE"]"#, r#"countries = ["FR", "DE", "IT"]"#));
}

#[test]
fn a_zone_is_named_by_no_method() {
    assert_snapshot!(changed_abroad(r#"zones = ["europe"]"#, r#"countries = ["FR", "DE"]"#));
}

#[test]
fn a_method_names_no_country_at_all() {
    assert_snapshot!(changed_abroad("zones = [\"europe\"]\n", ""));
    assert_snapshot!(changed_abroad("zones = [\"europe\"]\n", "zones = []\n"));
}

#[test]
fn a_method_takes_no_order() {
    assert_snapshot!(changed_abroad(r#"subtotal_below = "500.00""#, r#"subtotal_below = "10.00""#));
}

#[test]
fn tiers_are_out_of_order_or_out_of_reach() {
    assert_snapshot!(changed_abroad("weight_below = 5000", "weight_below = 1000"));
    assert_snapshot!(changed_abroad("weight_below = 5000", "weight_below = 20000"));
}

#[test]
fn a_promotion_is_of_no_known_kind() {
    assert_snapshot!(changed_promotion(r#"kind = "percent""#, r#"kind = "percents""#));
}

#[test]
fn a_promotion_takes_nothing_or_too_much_off() {
    assert_snapshot!(changed_promotion(r#"value = "10""#, r#"value = "0""#));
    assert_snapshot!(changed_promotion(r#"value = "10""#, r#"value = "101""#));
    assert_snapshot!(changed_promotion(
        "kind = \"percent\"\nvalue = \"10\"",
        "kind = \"amount\"\nvalue = \"0.00\""
    ));
}

#[test]
fn free_delivery_has_a_value() {
    assert_snapshot!(changed_promotion(r#"kind = "percent""#, r#"kind = "free_delivery""#));
}

#[test]
fn free_delivery_names_an_unknown_method() {
    assert_snapshot!(changed_promotion(
        "kind = \"percent\"\nvalue = \"10\"",
        "kind = \"free_delivery\"\ndelivery = [\"posts\"]"
    ));
}

#[test]
fn a_percentage_names_delivery_methods() {
    assert_snapshot!(changed_promotion("value = \"10\"", "value = \"10\"\ndelivery = [\"post\"]"));
}

#[test]
fn a_promotion_ends_before_it_begins() {
    assert_snapshot!(changed_promotion("until = 2026-11-30", "until = 2026-10-31"));
}

#[test]
fn a_promotion_names_what_is_not_there() {
    assert_snapshot!(changed_promotion(
        r#"products = ["mug"]"#,
        "products = [\"mugg\"]\ncategories = [\"home/mug\"]\ncollections = [\"winter\"]"
    ));
}

#[test]
fn a_promotion_names_words_that_no_product_has() {
    assert_snapshot!(changed_promotion(r#"products = ["mug"]"#, "brands = [\"Nobody\"]\ntags = [\"wool\"]"));
}

#[test]
fn a_promotion_applies_to_nothing() {
    assert_snapshot!(changed_promotion(r#"products = ["mug"]"#, "products = []"));
    let site = promoted()
        .replace("content/promotions/mug-week.md", r#"products = ["mug"]"#, "categories = [\"garden\"]")
        .write("content/categories/garden.md", "+++\ntitle = \"Garden\"\nsummary = \"Empty.\"\n+++\n");
    assert_snapshot!(site.problems());
}

#[test]
fn the_small_print_of_a_promotion_leads_nowhere() {
    assert_snapshot!(changed_promotion("2026-11-30\n+++\n", "2026-11-30\n+++\nSee [here](/abuot/).\n"));
}

#[test]
fn a_promotion_lies_in_a_folder() {
    let site = SiteTest::new().write("content/promotions/2026/mug-week.md", PROMOTION);
    assert_snapshot!(site.problems());
}

//! What the last release forbids: pages that vanish and prices that jump.

use insta::assert_snapshot;
use ipswich_tests::SiteTest;

const MUG: &str = "content/products/mug.md";
const CAP: &str = "content/products/cap.md";

/// The small shop with a second mug, built.
fn built() -> SiteTest {
    let mug = include_str!("../src/site/mug.md").replace("MUG-BLUE", "MUG-RED");
    SiteTest::new().write("content/products/red-mug.md", mug).build()
}

#[test]
fn a_page_does_not_vanish() {
    let site = built().remove("content/products/red-mug.md");
    assert_snapshot!(site.problems(), @r#"
    content/shop.toml:1:1: the page /product/red-mug/ of the last release is gone
      help: give the page that replaces it aliases = ["/product/red-mug/"], or add [[redirects]] to content/shop.toml; --allow-vanished lets it go
    "#);
    site.check_file("product/red-mug.html", "Blue Mug");
}

#[test]
fn a_hidden_page_has_vanished_too() {
    let site = built().replace("content/products/red-mug.md", "stock = 6\n", "stock = 6\ndraft = true\n");
    assert_snapshot!(site.problems(), @r#"
    content/products/red-mug.md:1:1: the page /product/red-mug/ of the last release is gone
      help: give the page that replaces it aliases = ["/product/red-mug/"], or add [[redirects]] to content/shop.toml; --allow-vanished lets it go
    "#);
}

#[test]
fn a_page_may_go_with_an_alias_a_redirect_or_leave() {
    let gone = || built().remove("content/products/red-mug.md");
    let redirect = "\n[[redirects]]\nfrom = \"/product/red-mug/\"\nto = \"/category/home/mugs/\"\n";
    gone().append("content/shop.toml", redirect).build();
    gone().replace(MUG, "stock = 6\n", "stock = 6\naliases = [\"/product/red-mug/\"]\n").build();
    gone().allow_vanished().build();
    gone().editing().build();
}

#[test]
fn further_pages_of_a_list_come_and_go() {
    let site = built();
    let redirect = "\n[[redirects]]\nfrom = \"/product/red-mug/\"\nto = \"/\"\n";
    site.check_file("category/home/page/2.html", "Page 2")
        .remove("content/products/red-mug.md")
        .append("content/shop.toml", redirect)
        .build()
        .check_no_file("category/home/page/2.html");
}

#[test]
fn a_price_does_not_jump() {
    let site = built().replace(MUG, "price = \"12.50\"", "price = \"1.25\"");
    assert_snapshot!(site.problems(), @r#"
    content/products/mug.md:6:9: the price of MUG-BLUE goes from 12.50 to 1.25, by more than 50%
      6 | price = "1.25"
        |         ^^^^^^
      help: if that is meant, add price_confirmed = "1.25" beside it
    "#);
    let site = built().replace(CAP, "price = \"32.00\"", "price = \"320.00\"");
    assert_snapshot!(site.problems(), @r#"
    content/products/cap.md:35:9: the price of CAP-M goes from 32.00 to 320.00, by more than 50%
      35 | price = "320.00"
         |         ^^^^^^^^
      help: if that is meant, add price_confirmed = "320.00" beside it
    "#);
}

#[test]
fn a_price_may_move_within_the_limit() {
    built().replace(MUG, "compare_at = \"15.00\"\n", "").replace(MUG, "\"12.50\"", "\"18.75\"").build();
    let site =
        built().append(MUG, "").replace("content/shop.toml", "theme =", "price_jump_percent = 10\ntheme =");
    let told = site.replace(MUG, "\"12.50\"", "\"14.00\"").problems();
    assert!(told.contains("from 12.50 to 14.00, by more than 10%"), "{told}");
}

#[test]
fn a_confirmed_price_may_jump() {
    built().replace(MUG, "price = \"12.50\"", "price = \"1.25\"\nprice_confirmed = \"1.25\"").build();
    built().replace(CAP, "price = \"32.00\"", "price = \"320.00\"\nprice_confirmed = \"320.00\"").build();
    let other = built().replace(MUG, "price = \"12.50\"", "price = \"1.25\"\nprice_confirmed = \"1.52\"");
    assert!(other.problems().contains("price_confirmed = \"1.25\""));
    built().replace(MUG, "price = \"12.50\"", "price = \"1.25\"").editing().build();
}

#[test]
fn another_release_can_be_named() {
    let site = built().remove("content/products/red-mug.md").since("other", "dist/release.json");
    assert!(site.problems().contains("/product/red-mug/ of the last release is gone"));
    let missing = SiteTest::new().since("dist", "nowhere.json").problems();
    assert!(missing.starts_with("error: cannot read"), "{missing}");
    let broken = SiteTest::new().write("broken.json", "{").since("dist", "broken.json").problems();
    assert!(broken.contains("broken.json is not the list of files of a release"), "{broken}");
}

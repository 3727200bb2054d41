//! The orders in which lists can be looked at.

use insta::assert_snapshot;
use ipswich_tests::SiteTest;

/// The small shop with this many mugs, two to a page: the later the dearer, but for the last, which is free with tea.
fn with_mugs(count: usize) -> SiteTest {
    let mug = include_str!("../src/site/mug.md").replace("compare_at = \"15.00\"\n", "");
    (1..=count).fold(SiteTest::new(), |site, number| {
        let price = if number == count { "1.00".to_owned() } else { format!("{}.00", 10 + number) };
        let text = mug
            .replace("MUG-BLUE", &format!("MUG-{number}"))
            .replace("Blue Mug", &format!("Mug {number}"))
            .replace("price = \"12.50\"", &format!("price = \"{price}\""))
            .replace("published = 2026-10-02", &format!("published = 2026-10-{:02}", number + 3));
        site.write(&format!("content/products/mug-{number}.md"), text)
    })
}

/// The products of a page of the list, in order.
#[track_caller]
fn shown(site: &SiteTest, file: &str) -> Vec<String> {
    let page = site.read(file);
    let links = page.split("<p><a href=\"/product/").skip(1);
    links.filter_map(|rest| rest.split_once('/')).map(|(slug, _)| slug.to_owned()).collect()
}

#[test]
fn a_list_of_some_pages_has_other_orders() {
    let site = with_mugs(4).build();
    let list = "category/home/mugs";
    assert_eq!(shown(&site, &format!("{list}.html")), ["mug-4", "mug-3"]);
    assert_eq!(shown(&site, &format!("{list}/sort/price-up.html")), ["mug-4", "mug-1"]);
    assert_eq!(shown(&site, &format!("{list}/sort/price-up/page/2.html")), ["mug-2", "mug"]);
    assert_eq!(shown(&site, &format!("{list}/sort/price-down.html")), ["mug-3", "mug"]);
    assert_eq!(shown(&site, &format!("{list}/sort/price-down/page/3.html")), ["mug-4"]);
    assert_snapshot!(site.read(&format!("{list}/sort/price-up/page/2.html")), @r#"
    <!doctype html>
    <html lang="en-GB">
    <title>Mugs, page 2 · Small Shop</title>
    <link rel="canonical" href="https://small.example/category/home/mugs/">
    <meta name="robots" content="noindex">
    <link rel="stylesheet" href="/assets/site.3af6b037.css">
    <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","item":"https://small.example/","name":"Home","position":1},{"@type":"ListItem","item":"https://small.example/category/home/","name":"Home","position":2},{"@type":"ListItem","item":"https://small.example/category/home/mugs/","name":"Mugs","position":3}]}]}</script>
    <nav><a href="/category/home/">Home</a> <a href="/category/home/mugs/">Mugs</a> <a href="/category/clothes/">Clothes</a> </nav>
    <h1>Mugs</h1>
    <p>5 products</p>
    <p><a href="/category/home/mugs/">newest</a></p>
    <p><a href="/category/home/mugs/sort/price-up/">*price-up</a></p>
    <p><a href="/category/home/mugs/sort/price-down/">price-down</a></p>
    <p><a href="/product/mug-2/">Mug 2</a></p>
    <p><a href="/product/mug/">Blue Mug</a></p>
    <p>Page 2 of 3 <a href="/category/home/mugs/sort/price-up/">before</a> <a href="/category/home/mugs/sort/price-up/page/3/">after</a></p>
    <footer><a href="/about/">About</a></footer>
    "#);
    // Search engines are sent to the list itself.
    assert!(!site.read("sitemap.xml").contains("/sort/"));
    assert!(!site.read("category/home/mugs/page/2.html").contains("noindex"));
}

#[test]
fn a_list_made_by_hand_can_be_looked_at_by_age_too() {
    let collection =
        "+++\ntitle = \"Tea\"\nsummary = \"Tea.\"\nproducts = [\"mug-1\", \"mug-2\", \"mug\"]\n+++\n";
    let site = with_mugs(2).write("content/collections/tea.md", collection).build();
    assert_eq!(shown(&site, "collection/tea.html"), ["mug-1", "mug-2"]);
    assert_eq!(shown(&site, "collection/tea/sort/newest.html"), ["mug-2", "mug-1"]);
    assert_eq!(shown(&site, "collection/tea/sort/price-up.html"), ["mug-2", "mug-1"]);
    site.check_file("collection/tea.html", "*own</a>").check_file("tag/tea.html", "*newest</a>");
}

#[test]
fn short_and_long_lists_have_one_order() {
    let short = SiteTest::new().build();
    assert!(!short.output().keys().any(|path| path.to_string_lossy().contains("/sort/")));
    let long = with_mugs(20).build().check_no_file("category/home/mugs/sort/price-up.html");
    long.check_file("category/home/mugs.html", "Page 1 of 11");
}

#[test]
fn the_settings_can_do_without() {
    let site = with_mugs(4).append("content/shop.toml", "\n[generate]\nsort_orders = false\n").build();
    site.check_no_file("category/home/mugs/sort/price-up.html");
}

#[test]
fn other_orders_come_and_go_without_redirects() {
    let site = with_mugs(4).build();
    site.append("content/shop.toml", "\n[generate]\nsort_orders = false\n").build();
    let alias = with_mugs(4).replace(
        "content/products/cap.md",
        "published",
        "aliases = [\"/category/home/mugs/sort/price-up/\"]\npublished",
    );
    assert!(alias.problems().contains("is an address of the shop as it is"));
}

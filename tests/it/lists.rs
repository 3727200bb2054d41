//! Brands, tags and collections.

use insta::assert_snapshot;
use ipswich_tests::SiteTest;

const COLLECTION: &str = "content/collections/tea-time.md";

/// The small shop with a collection that chooses in this way.
fn with_collection(choice: &str) -> SiteTest {
    let text = format!("+++\ntitle = \"Tea time\"\nsummary = \"For the kettle.\"\n{choice}\n+++\nAt four.\n");
    SiteTest::new().write(COLLECTION, text)
}

/// The products of the collection, in order.
#[track_caller]
fn chosen(choice: &str) -> Vec<String> {
    let page = with_collection(choice).build().read("collection/tea-time.html");
    let links = page.split("<p><a href=\"/product/").skip(1);
    links.filter_map(|rest| rest.split_once('/')).map(|(slug, _)| slug.to_owned()).collect()
}

#[test]
fn a_collection_has_a_page() {
    let site = with_collection("products = [\"mug\"]").build();
    assert_snapshot!(site.read("collection/tea-time.html"), @r#"
    <!doctype html>
    <html lang="en-GB">
    <title>Tea time · Small Shop</title>
    <link rel="canonical" href="https://small.example/collection/tea-time/">
    <link rel="stylesheet" href="/assets/site.3af6b037.css">
    <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","item":"https://small.example/","name":"Home","position":1},{"@type":"ListItem","item":"https://small.example/collection/tea-time/","name":"Tea time","position":2}]}]}</script>
    <nav><a href="/category/home/">Home</a> <a href="/category/home/mugs/">Mugs</a> <a href="/category/clothes/">Clothes</a> </nav>
    <h1>Tea time</h1>
    <p>At four.</p>

    <p>1 products</p>
    <p><a href="/product/mug/">Blue Mug</a></p>
    <footer><a href="/about/">About</a></footer>
    "#);
    site.check_file("sitemap.xml", "https://small.example/collection/tea-time/");
}

#[test]
fn products_are_chosen_by_hand_or_by_rule() {
    assert_eq!(chosen("products = [\"cap\", \"mug\"]"), ["cap", "mug"]);
    assert_eq!(chosen("[rule]\ntag = \"tea\""), ["mug"]);
    assert_eq!(chosen("[rule]\nbrand = \"Orwell Pottery\""), ["mug"]);
    assert_eq!(chosen("[rule]\ncategory = \"home\""), ["mug", "cap"]);
    assert_eq!(chosen("[rule]\nprice_min = \"20.00\""), ["cap"]);
    assert_eq!(chosen("[rule]\nprice_max = \"12.50\""), ["mug"]);
    assert_eq!(chosen("[rule]\nattribute = { Material = \"Stoneware\" }"), ["mug"]);
    assert_eq!(chosen("[rule]\nnew_days = 52"), ["mug"]);
    assert_eq!(chosen("[rule]\nnew_days = 51"), Vec::<String>::new());
    assert_eq!(chosen("[rule]\ntag = \"tea\"\nprice_min = \"20.00\""), Vec::<String>::new());
}

#[test]
fn brands_and_tags_have_pages() {
    let red = include_str!("../src/site/mug.md").replace("MUG-BLUE", "MUG-RED");
    let pink = red.replace("MUG-RED", "MUG-PINK");
    let site = SiteTest::new()
        .write("content/products/red-mug.md", red)
        .write("content/products/pink-mug.md", pink)
        .build()
        .check_file("brand/orwell-pottery.html", "3 products")
        .check_file("brand/orwell-pottery/page/2.html", "Page 2 of 2")
        .check_file("tag/tea.html", "<h1>Tea</h1>")
        .check_file("sitemap.xml", "https://small.example/brand/orwell-pottery/page/2/");
    site.replace("content/pages/about.md", "Two people.", "Two people, [potters](/brand/orwell-pottery/).")
        .build();
}

#[test]
fn drafts_are_on_no_list() {
    let red = include_str!("../src/site/mug.md").replace("MUG-BLUE", "MUG-RED");
    let red =
        red.replace("Orwell Pottery", "Red Pottery").replace("stock = 6\n", "stock = 6\ndraft = true\n");
    with_collection("products = [\"mug\", \"cap\"]")
        .write("content/products/a-red-mug.md", red)
        .build()
        .check_file("collection/tea-time.html", "2 products")
        .check_file("tag/tea.html", "1 products")
        .check_no_file("brand/red-pottery.html");
}

#[test]
fn the_rule_names_what_is_there() {
    let rule = "[rule]\ntag = \"tee\"\nbrand = \"Orwell\"\nattribute = { Materiel = \"Clay\" }";
    assert_snapshot!(with_collection(rule).problems(), @r#"
    content/collections/tea-time.md:5:7: no product has the tag "tee"
      5 | tag = "tee"
        |       ^^^^^
      help: did you mean "tea"?
    content/collections/tea-time.md:6:9: no product has the brand "Orwell"
      6 | brand = "Orwell"
        |         ^^^^^^^^
      help: give it to a product, or remove it here
    content/collections/tea-time.md:7:15: no product has the attribute "Materiel"
      7 | attribute = { Materiel = "Clay" }
        |               ^^^^^^^^
      help: did you mean "Material"?
    "#);
}

#[test]
fn the_rule_is_not_empty() {
    assert_snapshot!(with_collection("[rule]").problems(), @r#"
    content/collections/tea-time.md:4:1: the rule fits everything
      4 | [rule]
        | ^^^^^^
      help: say what a product must be, such as tag = "wool"
    "#);
}

#[test]
fn the_rule_lets_some_price_through() {
    let rule = "[rule]\nprice_min = \"20.00\"\nprice_max = \"10.00\"";
    assert_snapshot!(with_collection(rule).problems(), @r#"
    content/collections/tea-time.md:6:13: no price is that low and that high
      6 | price_max = "10.00"
        |             ^^^^^^^
      help: "price_max" is not below "price_min"
    "#);
}

#[test]
fn products_are_chosen_in_one_way() {
    assert_snapshot!(with_collection("products = [\"mug\"]\n[rule]\ntag = \"tea\"").problems(), @r#"
    content/collections/tea-time.md:4:12: the products are chosen by the rule already
      4 | products = ["mug"]
        |            ^^^^^^^
      help: remove "products" or [rule]
    "#);
    assert_snapshot!(with_collection("").problems(), @r#"
    content/collections/tea-time.md:1:1: the key "products" is missing
      1 | +++
        | ^^^
      help: add "products" for a collection
    "#);
}

#[test]
fn collections_show_no_drafts() {
    let site = with_collection("products = [\"mug\"]")
        .replace("content/products/mug.md", "stock = 6\n", "stock = 6\ndraft = true\n")
        .replace("content/products/cap.md", "related = [\"mug\"]\n", "")
        .replace("content/pages/about.md", "the [mug](/product/mug/)", "the mug");
    assert_snapshot!(site.problems(), @r#"
    content/collections/tea-time.md:4:13: the product "mug" is a draft
      4 | products = ["mug"]
        |             ^^^^^
      help: remove it here, or publish it: content/products/mug.md:11:9
    "#);
}

#[test]
fn words_are_written_in_one_way() {
    let red = include_str!("../src/site/mug.md").replace("MUG-BLUE", "MUG-RED");
    let red = red.replace("Orwell Pottery", "Orwell pottery").replace("\"tea\"", "\"***\"");
    let site = SiteTest::new().write("content/products/red-mug.md", red);
    assert_snapshot!(site.problems(), @r#"
    content/products/red-mug.md:4:9: the brand "Orwell pottery" is written "Orwell Pottery" in content/products/mug.md
      4 | brand = "Orwell pottery"
        |         ^^^^^^^^^^^^^^^^
      help: write it in one way
    content/products/red-mug.md:13:9: the tag "***" has no letters for an address
      13 | tags = ["***"]
         |         ^^^^^
      help: write it with letters or digits
    "#);
}

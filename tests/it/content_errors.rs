//! Every mistake that an editor can make, as the editor reads it. The good form of each is the small shop itself,
//! which builds; each test changes one thing of it.

mod product;
mod rules;
mod shop;
mod text;
mod trade;

use insta::assert_snapshot;
use ipswich_tests::SiteTest;

/// What an editor reads when `from` becomes `to` in one file of the small shop.
#[track_caller]
fn changed(path: &str, from: &str, to: &str) -> String {
    SiteTest::new().replace(path, from, to).problems()
}

#[test]
fn the_small_shop_has_no_mistakes() {
    SiteTest::new().build();
}

#[test]
fn front_matter_is_missing() {
    let problems = changed("content/products/mug.md", "+++\ntitle", "title");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:1:1: the file does not begin with front matter
      1 | title = "Blue Mug"
        | ^
      help: put the settings of the file between two lines "+++" (TOML) or "---" (YAML), the first of them at the top
    "#);
}

#[test]
fn front_matter_is_not_closed() {
    let problems = changed("content/products/mug.md", "+++\nThrown", "Thrown");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:1:1: the front matter is not closed
      1 | +++
        | ^^^
      help: put a line "+++" after the settings, before the text
    "#);
}

#[test]
fn toml_is_not_valid() {
    let problems = changed("content/products/mug.md", r#"sku = "MUG-BLUE""#, "sku = MUG-BLUE");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:3:7: this is not valid TOML: string values must be quoted, expected literal string
      3 | sku = MUG-BLUE
        |       ^^^^^^^^
      help: texts stand in double quotes, lists in square brackets, and a key is given once
    "#);
}

#[test]
fn key_is_unknown() {
    let problems = changed("content/products/mug.md", "summary =", "sumary =");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:11:1: unknown key "sumary"
      11 | sumary = "A mug for tea."
         | ^^^^^^
      help: did you mean "summary"?
    "#);
}

#[test]
fn key_is_missing() {
    let problems = changed("content/products/mug.md", "tax = \"standard\"\nweight = 400\n", "");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:1:1: the keys "tax", "weight" are missing
      1 | +++
        | ^^^
      help: add "tax", "weight" for a product
    "#);
}

#[test]
fn type_is_wrong() {
    let problems = changed("content/products/mug.md", r#"title = "Blue Mug""#, "title = 5");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:2:9: "title" must be a text, not a whole number
      2 | title = 5
        |         ^
      help: write title = "…"
    "#);
}

#[test]
fn text_is_empty() {
    let problems = changed("content/products/mug.md", r#"title = "Blue Mug""#, r#"title = " ""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:2:9: "title" is empty
      2 | title = " "
        |         ^^^
      help: write something, or remove the key
    "#);
}

#[test]
fn file_is_not_utf8() {
    let site = SiteTest::new()
        .write("content/pages/about.md", b"+++\ntitle = \"Caf\xe9\"\nsummary = \"x\"\n+++\n## Who\n");
    assert_snapshot!(site.problems(), @r#"
    content/pages/about.md:2:13: this is not UTF-8 text
      2 | title = "Caf�"
        |             ^
      help: save the file with the encoding UTF-8
    "#);
}

#[test]
fn two_files_have_the_same_slug() {
    let site = SiteTest::new().write("content/products/old/mug.md", include_str!("../src/site/mug.md"));
    assert_snapshot!(site.problems(), @r#"
    content/products/old/mug.md:1:1: the product "mug" is also in content/products/mug.md
      help: the file's name is the address of the product; rename one of the two
    content/products/old/mug.md:3:7: the SKU MUG-BLUE is also in content/products/mug.md
      3 | sku = "MUG-BLUE"
        |       ^^^^^^^^^^
      help: a SKU names one thing in the whole shop; give this one another
    "#);
}

#[test]
fn file_name_cannot_be_an_address() {
    let site = SiteTest::new().write("content/pages/Über uns.md", include_str!("../src/site/about.md"));
    assert_snapshot!(site.problems(), @r#"
    content/pages/Über uns.md:1:1: the name "Über uns" cannot be an address: a slug is made of a-z, 0-9 and "-", not 'Ü'
      help: rename the file, for example to "waxed-cotton-cap.md"
    "#);
}

#[test]
fn file_is_in_no_known_place() {
    let site = SiteTest::new().write("content/product/cup.md", "x").write("content/products/cup.txt", "x");
    assert_snapshot!(site.problems(), @r#"
    content/product/cup.md:1:1: this file is not part of any content
      help: did you mean "products"?
    content/products/cup.txt:1:1: products are files that end with ".md"
      help: rename it, or move it out of content/
    "#);
}

#[test]
fn category_has_no_parent() {
    let site = SiteTest::new()
        .write("content/categories/garden/pots.md", include_str!("../src/site/category-mugs.md"));
    assert_snapshot!(site.problems(), @r#"
    content/categories/garden/pots.md:1:1: the category above it, "garden", does not exist
      1 | +++
        | ^^^
      help: add content/categories/garden.md, or move the file
    "#);
}

#[test]
fn picture_is_of_another_kind() {
    let site = SiteTest::new().write("content/images/photo.gif", "x");
    assert_snapshot!(site.problems(), @r#"
    content/images/photo.gif:1:1: pictures of the kind "gif" cannot be published
      help: save the picture as JPEG, PNG or WebP, or as an SVG drawing
    "#);
}

#[test]
fn all_mistakes_are_told_at_once_and_in_order() {
    let site = SiteTest::new()
        .replace("content/shop.toml", "hours =", "hour =")
        .replace("content/products/mug.md", "title =", "titel =")
        .replace("content/products/mug.md", "12.50", "12,50")
        .replace("content/products/cap.md", "tax = \"standard\"", "tax = 20")
        .replace("content/pages/about.md", "/product/mug/", "/product/mugg/")
        .replace("themes/plain/templates/404.html", "{% endblock %}", "");
    assert_snapshot!(site.problems(), @r#"
    content/pages/about.md:8:63: the link "/product/mugg/" leads nowhere
      8 | Two people. Write to <https://friends.example> or look at the [mug](/product/mugg/).
        |                                                               ^^^^^^^^^^^^^^^^^^^^^
      help: did you mean "/product/mug/"?
    content/products/cap.md:7:7: "tax" must be a text, not a whole number
      7 | tax = 20
        |       ^^
      help: write tax = "…"
    content/products/mug.md:2:1: unknown key "titel"
      2 | titel = "Blue Mug"
        | ^^^^^
      help: did you mean "title"?
    content/products/mug.md:6:9: "12,50" will not do: an amount is a decimal number such as "24.99"
      6 | price = "12,50"
        |         ^^^^^^^
      help: write digits with a point, such as "24.99"; the currency is GBP
    content/shop.toml:10:1: unknown key "hour"
      10 | hour = "Monday"
         | ^^^^
      help: did you mean "hours"?
    themes/plain/templates/404.html:3:1: unexpected end of input, expected end of block
      3 | <h1>Not found</h1>
        | ^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_reference_to_a_file_with_a_mistake_is_no_mistake() {
    let problems = changed("content/pages/about.md", "title = \"About\"", "title = About");
    assert_eq!(problems.lines().filter(|line| line.starts_with("content/")).count(), 1, "{problems}");
}

#[test]
fn the_addresses_of_the_shop_are_not_for_pages() {
    for prefix in ipswich_shop::routes::PREFIXES {
        let name = prefix.trim_start_matches('/');
        let site =
            SiteTest::new().write(&format!("content/pages/{name}.md"), include_str!("../src/site/about.md"));
        let problems = site.problems();
        assert!(problems.contains("cannot be"), "{prefix}: {problems}");
    }
}

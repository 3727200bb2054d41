//! Every mistake that an editor can make, as the editor reads it. The good form of each is the small shop itself,
//! which builds; each test changes one thing of it.

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
      help: put the settings of the file between two lines "+++", the first of them at the top
    "#);
}

#[test]
fn front_matter_is_not_closed() {
    let problems = changed("content/products/mug.md", "+++\nThrown", "Thrown");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:1:1: the front matter is not closed
      1 | +++
        | ^^^
      help: put the settings of the file between two lines "+++", the first of them at the top
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
fn price_is_a_number() {
    let problems = changed("content/products/mug.md", r#"price = "12.50""#, "price = 12.50");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:6:9: "price" must be a text, not a decimal number
      6 | price = 12.50
        |         ^^^^^
      help: write price = "12.50"
    "#);
}

#[test]
fn price_is_no_amount() {
    let problems = changed("content/products/mug.md", r#"price = "12.50""#, r#"price = "£12.50""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:6:9: "£12.50" will not do: an amount is a decimal number such as "24.99"
      6 | price = "£12.50"
        |         ^^^^^^^^
      help: write digits with a point, such as "24.99"; the currency is GBP
    "#);
}

#[test]
fn price_has_too_many_places() {
    let problems = changed("content/products/mug.md", r#"price = "12.50""#, r#"price = "12.505""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:6:9: "12.505" will not do: an amount has at most 2 decimal places in this currency
      6 | price = "12.505"
        |         ^^^^^^^^
      help: write digits with a point, such as "24.99"; the currency is GBP
    "#);
}

#[test]
fn price_is_negative() {
    let problems = changed("content/products/mug.md", r#"price = "12.50""#, r#"price = "-1.00""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:6:9: "-1.00" will not do: an amount cannot be negative
      6 | price = "-1.00"
        |         ^^^^^^^
      help: write digits with a point, such as "24.99"; the currency is GBP
    "#);
}

#[test]
fn price_is_zero() {
    let problems = changed("content/products/mug.md", r#"price = "12.50""#, r#"price = "0.00""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:6:9: the price is nothing
      6 | price = "0.00"
        |         ^^^^^^
      help: goods have a price above 0
    "#);
}

#[test]
fn former_price_is_not_higher() {
    let problems = changed("content/products/mug.md", r#"compare_at = "15.00""#, r#"compare_at = "12.50""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:7:14: the former price is not above the price
      7 | compare_at = "12.50"
        |              ^^^^^^^
      help: "compare_at" is the former, higher price; remove it if there is none
    "#);
}

#[test]
fn sku_is_no_sku() {
    let problems = changed("content/products/mug.md", r#"sku = "MUG-BLUE""#, r#"sku = "mug blue""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:3:7: "mug blue" will not do: a SKU is made of A-Z, 0-9 and "-", not 'm'
      3 | sku = "mug blue"
        |       ^^^^^^^^^^
      help: write it like "HG-MUG-BLUE"
    "#);
}

#[test]
fn sku_is_given_twice_in_two_files() {
    let problems = changed("content/products/mug.md", r#"sku = "MUG-BLUE""#, r#"sku = "CAP-S""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:3:7: the SKU CAP-S is also in content/products/cap.md
      3 | sku = "CAP-S"
        |       ^^^^^^^
      help: a SKU names one thing in the whole shop; give this one another
    "#);
}

#[test]
fn sku_is_given_twice_in_one_file() {
    let problems = changed("content/products/cap.md", r#"sku = "CAP-M""#, r#"sku = "CAP""#);
    assert_snapshot!(problems, @r#"
    content/products/cap.md:32:7: the SKU CAP is given above in this file
      32 | sku = "CAP"
         |       ^^^^^
      help: a SKU names one thing in the whole shop; give this one another
    "#);
}

#[test]
fn tax_class_is_unknown() {
    let problems = changed("content/products/mug.md", r#"tax = "standard""#, r#"tax = "standart""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:8:7: there is no tax class "standart"
      8 | tax = "standart"
        |       ^^^^^^^^^^
      help: did you mean "standard"?
    "#);
}

#[test]
fn category_is_unknown() {
    let problems =
        changed("content/products/mug.md", r#"category = "home/mugs""#, r#"category = "home/mug""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:5:12: there is no category "home/mug"
      5 | category = "home/mug"
        |            ^^^^^^^^^^
      help: did you mean "home/mugs"?
    "#);
}

#[test]
fn further_category_is_unknown() {
    let problems =
        changed("content/products/cap.md", r#"categories = ["home"]"#, r#"categories = ["garden"]"#);
    assert_snapshot!(problems, @r#"
    content/products/cap.md:5:15: there is no category "garden"
      5 | categories = ["garden"]
        |               ^^^^^^^^
      help: the path of a file in content/categories/ without ".md", such as "clothing/knitwear"
    "#);
}

#[test]
fn related_product_is_unknown() {
    let problems = changed("content/products/cap.md", r#"related = ["mug"]"#, r#"related = ["mugs"]"#);
    assert_snapshot!(problems, @r#"
    content/products/cap.md:11:12: there is no product "mugs"
      11 | related = ["mugs"]
         |            ^^^^^^
      help: did you mean "mug"?
    "#);
}

#[test]
fn product_is_related_to_itself() {
    let problems = changed("content/products/cap.md", r#"related = ["mug"]"#, r#"related = ["cap"]"#);
    assert_snapshot!(problems, @r#"
    content/products/cap.md:11:12: a product is not related to itself
      11 | related = ["cap"]
         |            ^^^^^
      help: remove it from the list
    "#);
}

#[test]
fn picture_is_unknown() {
    let problems = changed("content/products/mug.md", r#"src = "mug.svg""#, r#"src = "mog.svg""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:17:7: there is no picture "mog.svg"
      17 | src = "mog.svg"
         |       ^^^^^^^^^
      help: did you mean "mug.svg"?
    "#);
}

#[test]
fn picture_has_no_description() {
    let problems = changed("content/products/mug.md", "alt = \"A blue mug\"\n", "");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:16:1: the key "alt" is missing
      16 | [[images]]
         | ^^^^^^^^^^
      help: add "alt" for an image
    "#);
}

#[test]
fn picture_has_an_empty_description() {
    let problems = changed("content/products/mug.md", r#"alt = "A blue mug""#, r#"alt = """#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:18:7: "alt" is empty
      18 | alt = ""
         |       ^^
      help: write something, or remove the key
    "#);
}

#[test]
fn product_has_no_picture() {
    let problems =
        changed("content/products/mug.md", "[[images]]\nsrc = \"mug.svg\"\nalt = \"A blue mug\"\n", "");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:1:1: the key "images" is missing
      1 | +++
        | ^^^
      help: add "images" for a product
    "#);
}

#[test]
fn date_is_a_text() {
    let problems =
        changed("content/products/mug.md", "published = 2026-10-02", r#"published = "2026-10-02""#);
    assert_snapshot!(problems, @r#"
    content/products/mug.md:12:13: "published" must be a date, not a text
      12 | published = "2026-10-02"
         |             ^^^^^^^^^^^^
      help: write published = 2026-09-14, without quotes
    "#);
}

#[test]
fn stock_is_missing() {
    let problems = changed("content/products/mug.md", "stock = 6\n", "");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:1:1: the key "stock" is missing
      1 | +++
        | ^^^
      help: add "stock" for a product
    "#);
}

#[test]
fn stock_is_negative() {
    let problems = changed("content/products/mug.md", "stock = 6", "stock = -6");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:10:9: -6 is out of range
      10 | stock = -6
         |         ^^
      help: "stock" goes from 0 to 1000000
    "#);
}

#[test]
fn stock_is_given_beside_variants() {
    let problems = changed("content/products/cap.md", "weight = 200", "weight = 200\nstock = 3");
    assert_snapshot!(problems, @r#"
    content/products/cap.md:9:1: the stock of a product with variants is that of its variants
      9 | stock = 3
        | ^^^^^
      help: move "stock" to each of the [[variants]]
    "#);
}

#[test]
fn variant_lacks_an_option() {
    let problems = changed("content/products/cap.md", r#"options = { Size = "S" }"#, "options = {}");
    assert_snapshot!(problems, @r#"
    content/products/cap.md:27:11: the variant does not choose "Size"
      27 | options = {}
         |           ^^
      help: add Size = "S"
    "#);
}

#[test]
fn variant_chooses_an_unknown_option() {
    let problems = changed(
        "content/products/cap.md",
        r#"options = { Size = "S" }"#,
        r#"options = { Size = "S", Color = "Red" }"#,
    );
    assert_snapshot!(problems, @r#"
    content/products/cap.md:27:25: there is no option "Color"
      27 | options = { Size = "S", Color = "Red" }
         |                         ^^^^^
      help: the product has Size
    "#);
}

#[test]
fn variant_chooses_an_unknown_value() {
    let problems =
        changed("content/products/cap.md", r#"options = { Size = "S" }"#, r#"options = { Size = "XS" }"#);
    assert_snapshot!(problems, @r#"
    content/products/cap.md:27:20: the option "Size" has no value "XS"
      27 | options = { Size = "XS" }
         |                    ^^^^
      help: did you mean "S"?
    "#);
}

#[test]
fn variant_is_the_same_choice_as_another() {
    let problems =
        changed("content/products/cap.md", r#"options = { Size = "M" }"#, r#"options = { Size = "S" }"#);
    assert_snapshot!(problems, @r#"
    content/products/cap.md:31:1: CAP-M is the same choice as CAP-S
      31 | [[variants]]
         | ^^^^^^^^^^^^
      help: each combination of options is sold under one SKU
    "#);
}

#[test]
fn variant_has_a_picture_of_another_product() {
    let problems =
        changed("content/products/cap.md", "[[images]]\nsrc = \"cap.svg\"\nalt = \"A green cap\"\n\n", "");
    assert_snapshot!(problems, @r#"
    content/products/cap.md:25:9: the picture is not one of the product's images
      25 | image = "cap.svg"
         |         ^^^^^^^^^
      help: add it to [[images]] with a description, or choose one that is there
    "#);
}

#[test]
fn options_have_no_variants() {
    let problems = changed(
        "content/products/mug.md",
        "[attributes]",
        "[[options]]\nname = \"Size\"\nvalues = [\"S\"]\n\n[attributes]",
    );
    assert_snapshot!(problems, @r#"
    content/products/mug.md:1:1: the key "variants" is missing
      1 | +++
        | ^^^
      help: add "variants" for a product
    content/products/mug.md:10:1: the stock of a product with variants is that of its variants
      10 | stock = 6
         | ^^^^^
      help: move "stock" to each of the [[variants]]
    "#);
}

#[test]
fn link_leads_nowhere() {
    let problems = changed("content/products/mug.md", "(/about/#who)", "(/abuot/)");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:24:26: the link "/abuot/" leads nowhere
      24 | Thrown in one piece. See [about us](/abuot/).
         |                          ^^^^^^^^^^^^^^^^^^^
      help: did you mean "/about/"?
    "#);
}

#[test]
fn link_lacks_its_last_slash() {
    let problems = changed("content/products/mug.md", "(/about/#who)", "(/about)");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:24:26: the link "/about" leads nowhere
      24 | Thrown in one piece. See [about us](/about).
         |                          ^^^^^^^^^^^^^^^^^^
      help: did you mean "/about/"?
    "#);
}

#[test]
fn link_is_relative() {
    let problems = changed("content/products/mug.md", "(/about/#who)", "(about.md)");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:24:26: the link "about.md" leads nowhere
      24 | Thrown in one piece. See [about us](about.md).
         |                          ^^^^^^^^^^^^^^^^^^^^
      help: begin links to this site with "/", links to others with "https://", "mailto:" or "tel:"
    "#);
}

#[test]
fn link_is_a_script() {
    let problems = changed("content/products/mug.md", "(/about/#who)", "(javascript:alert)");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:24:26: the link "javascript:alert" leads nowhere
      24 | Thrown in one piece. See [about us](javascript:alert).
         |                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: begin links to this site with "/", links to others with "https://", "mailto:" or "tel:"
    "#);
}

#[test]
fn anchor_is_unknown() {
    let problems = changed("content/products/mug.md", "(/about/#who)", "(/about/#whom)");
    assert_snapshot!(problems, @r##"
    content/products/mug.md:24:26: the page has no heading for "#whom"
      24 | Thrown in one piece. See [about us](/about/#whom).
         |                          ^^^^^^^^^^^^^^^^^^^^^^^^
      help: did you mean "who"?
    "##);
}

#[test]
fn html_is_in_a_text() {
    let problems = changed("content/products/mug.md", "Thrown in", "<b>Thrown</b> in");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:24:1: HTML is not allowed in texts: "<b>"
      24 | <b>Thrown</b> in one piece. See [about us](/about/#who).
         | ^^^
      help: write it in Markdown; put "\" before a "<" that is meant as a character
    content/products/mug.md:24:10: HTML is not allowed in texts: "</b>"
      24 | <b>Thrown</b> in one piece. See [about us](/about/#who).
         |          ^^^^
      help: write it in Markdown; put "\" before a "<" that is meant as a character
    "#);
}

#[test]
fn heading_is_of_the_first_level() {
    let problems = changed("content/products/mug.md", "## Care", "# Care");
    assert_snapshot!(problems, @r###"
    content/products/mug.md:26:1: headings of a text start at the second level
      26 | # Care
         | ^^^^^^
      help: begin the line with "##"; the title of the file is the heading above them
    "###);
}

#[test]
fn picture_in_a_text_has_no_description() {
    let problems = changed("content/pages/about.md", "Two people.", "![](mug.svg)");
    assert_snapshot!(problems, @r#"
    content/pages/about.md:8:1: the picture has no description
      8 | ![](mug.svg) Write to <https://friends.example> or look at the [mug](/product/mug/).
        | ^^^^^^^^^^^^
      help: describe the picture between the square brackets: ![A blue mug on a shelf](mug.svg)
    "#);
}

#[test]
fn picture_in_a_text_is_unknown() {
    let problems = changed("content/pages/about.md", "Two people.", "![A mug](nug.svg)");
    assert_snapshot!(problems, @r#"
    content/pages/about.md:8:1: there is no picture "nug.svg"
      8 | ![A mug](nug.svg) Write to <https://friends.example> or look at the [mug](/product/mug/).
        | ^^^^^^^^^^^^^^^^^
      help: did you mean "mug.svg"?
    "#);
}

#[test]
fn home_page_features_an_unknown_product() {
    let problems = changed("content/home.md", r#"products = ["cap"]"#, r#"products = ["cup"]"#);
    assert_snapshot!(problems, @r#"
    content/home.md:15:13: there is no product "cup"
      15 | products = ["cup"]
         |             ^^^^^
      help: did you mean "cap"?
    "#);
}

#[test]
fn home_page_links_to_nowhere() {
    let problems = changed("content/home.md", r#"link = "/category/home/""#, r#"link = "/category/house/""#);
    assert_snapshot!(problems, @r#"
    content/home.md:8:8: the link "/category/house/" leads nowhere
      8 | link = "/category/house/"
        |        ^^^^^^^^^^^^^^^^^^
      help: did you mean "/category/home/"?
    "#);
}

#[test]
fn home_page_has_a_description_without_picture() {
    let problems = changed("content/home.md", "image = \"mug.svg\"\n", "");
    assert_snapshot!(problems, @r#"
    content/home.md:10:13: "image_alt" describes no picture
      10 | image_alt = "A mug"
         |             ^^^^^^^
      help: add "image", or remove the description
    "#);
}

#[test]
fn drawing_holds_a_script() {
    let problems = changed("content/images/mug.svg", "<title>Mug</title>", "<script>x</script>");
    assert_snapshot!(problems, @r##"
    content/images/mug.svg:1:64: the element "script" is not allowed
      1 | <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 1000"><script>x</script><rect width="800" height="1000" fill="#24364B"/></svg>
        |                                                                ^^^^^^^
      help: a drawing holds shapes, gradients and text only; remove it
    "##);
}

#[test]
fn drawing_is_not_well_formed() {
    let problems = changed("content/images/mug.svg", "</svg>", "");
    assert_snapshot!(problems, @r##"
    content/images/mug.svg:1:130: the element svg is not closed
      1 | <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 1000"><title>Mug</title><rect width="800" height="1000" fill="#24364B"/>
        |                                                                                                                                  ^
      help: open the file in a drawing program and save it again
    "##);
}

#[test]
fn currency_is_unknown() {
    let problems = changed("content/shop.toml", r#"currency = "GBP""#, r#"currency = "GPB""#);
    assert_snapshot!(problems, @r#"
    content/shop.toml:5:12: the currency "GPB" is not known
      5 | currency = "GPB"
        |            ^^^^^
      help: use one of GBP, EUR, USD, JPY, KWD
    "#);
}

#[test]
fn theme_is_unknown() {
    let problems = changed("content/shop.toml", r#"theme = "plain""#, r#"theme = "plane""#);
    assert_snapshot!(problems, @r#"
    content/shop.toml:6:9: there is no theme "plane"
      6 | theme = "plane"
        |         ^^^^^^^
      help: themes/ has plain
    "#);
}

#[test]
fn public_address_ends_with_a_slash() {
    let problems = changed("content/shop.toml", "https://small.example", "https://small.example/");
    assert_snapshot!(problems, @r#"
    content/shop.toml:3:12: the address must end with the name of the host, without "/"
      3 | base_url = "https://small.example/"
        |            ^^^^^^^^^^^^^^^^^^^^^^^^
      help: write it like "https://www.shop.example"
    "#);
}

#[test]
fn delivery_to_an_unknown_country() {
    let problems = changed("content/shop.toml", r#"countries = ["GB"]"#, r#"countries = ["FR"]"#);
    assert_snapshot!(problems, @r#"
    content/shop.toml:31:14: there is no country "FR"
      31 | countries = ["FR"]
         |              ^^^^
      help: add it to [[countries]]
    "#);
}

#[test]
fn tax_rate_is_too_high() {
    let problems = changed("content/shop.toml", r#"rate = "20""#, r#"rate = "120""#);
    assert_snapshot!(problems, @r#"
    content/shop.toml:17:8: "120" will not do: a rate is at most 100 percent
      17 | rate = "120"
         |        ^^^^^
      help: write percent, such as "20" or "5.5"
    "#);
}

#[test]
fn template_does_not_compile() {
    let problems =
        changed("themes/plain/templates/product.html", "{% endfor %}\n{{ page.body }}", "{{ page.body }}");
    assert_snapshot!(problems, @r#"
    themes/plain/templates/product.html:21:1: unknown statement endblock
      21 | {% endblock %}
         | ^^^^^^^^^^^^^^
    "#);
}

#[test]
fn template_uses_an_unknown_name() {
    let problems = changed("themes/plain/templates/product.html", "{{ page.body }}", "{{ page.boddy }}");
    assert_snapshot!(problems, @r#"
    themes/plain/templates/product.html:12:1: undefined value
      12 | {{ page.boddy }}
         | ^^^^^^^^^^^^^^^^
      help: seen when rendering /product/cap/
    "#);
}

#[test]
fn template_asks_for_an_unknown_asset() {
    let problems = changed("themes/plain/templates/base.html", "css/site.css", "css/sight.css");
    assert_snapshot!(problems, @r#"
    themes/plain/templates/base.html:7:1: the theme has no file "css/sight.css"; it has css/site.css
      7 | <link rel="stylesheet" href="{{ asset("css/sight.css") }}">
        | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: seen when rendering /
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
fn settings_are_missing() {
    let site = SiteTest::new().remove("content/shop.toml");
    assert_snapshot!(site.problems(), @r#"
    content/shop.toml:1:1: the file is missing
      help: add it; the settings of the shop are its name, address, currency, taxes and delivery methods
    "#);
}

#[test]
fn home_page_is_missing() {
    let site = SiteTest::new().remove("content/home.md");
    assert_snapshot!(site.problems(), @r#"
    content/home.md:1:1: the file is missing
      help: add it, with title, description, [hero], [featured] and [story]
    "#);
}

#[test]
fn template_is_missing() {
    let site = SiteTest::new().remove("themes/plain/templates/product.html");
    assert_snapshot!(site.problems(), @r#"
    themes/plain/templates/product.html:1:1: the theme lacks this template
      help: add the file
    "#);
}

#[test]
fn style_sheet_loads_what_is_not_there() {
    let site = SiteTest::new().append("themes/plain/static/css/site.css", "b { src: url(../f.woff2) }\n");
    assert_snapshot!(site.problems(), @r#"
    themes/plain/static/css/site.css:2:14: the theme has no file "../f.woff2"
      2 | b { src: url(../f.woff2) }
        |              ^^^^^^^^^^
      help: name a file of static/ by its path from the style sheet, such as "../fonts/serif.woff2"
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

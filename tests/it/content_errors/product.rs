//! Mistakes in product files.

use insta::assert_snapshot;

use super::changed;

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

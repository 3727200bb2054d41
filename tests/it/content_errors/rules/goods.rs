//! Rules of products, and of the files they are in.

use super::{Edit, Pair, product, sku};

pub(super) fn pairs() -> Vec<Pair> {
    [front_matter(), yaml(), keys(), variants(), supply(), files(), last_release()].concat()
}

const ATTRIBUTES: &str = "[attributes]\nMaterial = \"Stoneware\"\nCapacity = \"300 ml\"\n";

fn front_matter() -> Vec<Pair> {
    vec![
        Pair::mug("front_matter_missing", "+++\ntitle", "title"),
        Pair::mug("front_matter_unclosed", "+++\nThrown", "Thrown"),
        Pair::mug("toml_invalid", "title = \"Blue Mug\"", "title = Blue Mug"),
        Pair::mug("toml_key_twice", "tags =", "title = \"Mug\"\ntags ="),
        Pair::mug("key_unknown", "summary =", "sumary ="),
        Pair::mug("key_unknown_to_all", "tags =", "colour = \"blue\"\ntags ="),
        Pair::mug("key_missing", "weight = 400\n", ""),
        Pair::mug("key_unknown_in_a_table", "alt = \"A blue mug\"", "alt = \"A blue mug\"\ntitel = \"Mug\""),
        Pair::mug("type_wrong", "title = \"Blue Mug\"", "title = 5"),
        Pair::mug("type_list_wanted", "tags = [\"tea\"]", "tags = \"tea\""),
        Pair::mug("type_table_wanted", ATTRIBUTES, "[[attributes]]\nMaterial = \"Stoneware\"\n"),
        Pair::mug("type_number_wanted", "weight = 400", "weight = \"400\""),
        Pair::mug("number_out_of_range", "weight = 400", "weight = 4000000"),
        Pair::mug("text_empty", "title = \"Blue Mug\"", "title = \"\""),
        Pair::mug("date_wrong", "published = 2026-10-02", "published = 2026-10-02T10:00:00Z"),
    ]
}

/// Pieces that are not there.
fn supply() -> Vec<Pair> {
    const MADE: &str = "stock_policy = \"made-to-order\"\nlead_days = 10";
    const LATER: &str = "stock = 6\nstock_policy = \"backorder\"\nbackorder_limit = 20\nlead_days = 10";
    let pair = |name, good: &str, bad: &str| {
        let text = super::MUG.replace("MUG-BLUE", &sku(name)).replace("stock = 6", good);
        Pair::file(name, &product(name), &text, good, bad)
    };
    vec![
        pair("stock_policy_unknown", MADE, "stock_policy = \"made_to_order\"\nstock = 6\nlead_days = 10"),
        pair("stock_missing", MADE, "lead_days = 10\nstock_policy = \"backorder\"\nbackorder_limit = 20"),
        pair("lead_days_missing", LATER, "stock = 6\nstock_policy = \"backorder\"\nbackorder_limit = 20"),
        pair("backorder_limit_missing", LATER, "stock = 6\nstock_policy = \"backorder\"\nlead_days = 10"),
        pair("lead_days_without_policy", LATER, "stock = 6\nlead_days = 10"),
        pair("backorder_limit_without_policy", LATER, "stock = 6\nbackorder_limit = 20"),
    ]
}

/// The small mug in YAML.
pub(super) const YAML: &str = r#"---
title: Blue Mug
sku: "MUG-BLUE"
category: home/mugs
price: 12.50
tax: standard
weight: 400
stock: 6
summary: A mug for tea.
published: 2026-10-02
draft: false
tags: [tea]
images:
  - src: mug.svg
    alt: A blue mug
attributes:
  Material: Stoneware
---
Thrown in one piece.
"#;

fn yaml() -> Vec<Pair> {
    let pair = |name, good: &str, bad: &str| {
        let text = YAML.replace("MUG-BLUE", &sku(name));
        Pair::file(name, &product(name), &text, good, bad)
    };
    vec![
        pair("yaml_unclosed", "---\nThrown", "+++\nThrown"),
        pair("yaml_invalid", "title: Blue Mug", "title: Mug: blue"),
        pair("yaml_tab", "  - src", "\t- src"),
        pair("yaml_key_twice", "tags: [tea]", "tags: [tea]\ntitle: Mug"),
        pair("yaml_key_unknown", "summary:", "sumary:"),
        pair("yaml_key_missing", "weight: 400\n", ""),
        pair("yaml_key_missing_in_a_list", "\n    alt: A blue mug", ""),
        pair("yaml_anchor", "title: Blue Mug", "title: &title Blue Mug"),
        pair("yaml_alias", "draft: false\ntags: [tea]", "seo_title: &title Mug\nseo_description: *title"),
        pair("yaml_tag", "title: Blue Mug", "title: !!str Blue Mug"),
        pair("yaml_second_document", "tags: [tea]", "...\ntags: [tea]"),
        pair("yaml_directive", "title: Blue Mug", "%YAML 1.1"),
        pair("yaml_yes", "draft: false", "draft: no"),
        pair("yaml_true_for_a_text", "title: Blue Mug", "title: true"),
        pair("yaml_nothing", "title: Blue Mug", "title:"),
        pair("yaml_price_rounded", "price: 12.50", "price: 12.505"),
        pair("yaml_price_in_words", "price: 12.50", "price: £12.50"),
        pair("yaml_weight_with_unit", "weight: 400", "weight: 400 g"),
        pair("yaml_weight_octal", "weight: 400", "weight: 0400"),
        pair("yaml_date_wrong", "published: 2026-10-02", "published: 02/10/2026"),
        pair("yaml_date_not_in_calendar", "published: 2026-10-02", "published: 2026-02-30"),
        pair("yaml_list_wanted", "tags: [tea]", "tags: tea"),
        pair("yaml_tables_wanted", "images:\n  - src: mug.svg\n    alt: A blue mug", "images: mug.svg"),
        pair("yaml_table_wanted", "attributes:\n  Material: Stoneware", "attributes: Stoneware"),
        pair("yaml_no_table", "title: Blue Mug", "- title"),
        pair("yaml_nested_deep", "tags: [tea]", "tags: [[[[[[[[[[[[[[[[[[[[tea]]]]]]]]]]]]]]]]]]]]"),
    ]
}

fn keys() -> Vec<Pair> {
    vec![
        Pair::mug("price_unquoted", "price = \"12.50\"", "price = 12.50"),
        Pair::mug("price_no_amount", "price = \"12.50\"", "price = \"12,50\""),
        Pair::mug("price_of_nothing", "price = \"12.50\"", "price = \"0.00\""),
        Pair::mug("former_price_lower", "compare_at = \"15.00\"", "compare_at = \"12.00\""),
        Pair::mug("sku_wrong", "sku = \"SKU", "sku = \"sku"),
        // Settings with a mistake may lack the class for that reason.
        Pair::mug("tax_class_unknown", "tax = \"standard\"", "tax = \"standart\"").alone(),
        Pair::mug("category_unknown", "category = \"home/mugs\"", "category = \"home/mug\""),
        Pair::mug("related_unknown", "tags =", "related = [\"capp\"]\ntags ="),
        Pair::mug("picture_unknown", "src = \"mug.svg\"", "src = \"mog.svg\""),
        Pair::mug("alt_missing", "alt = \"A blue mug\"\n", ""),
        Pair::mug("alt_empty", "alt = \"A blue mug\"", "alt = \" \""),
        Pair::mug("picture_missing", "[[images]]\nsrc = \"mug.svg\"\nalt = \"A blue mug\"\n", ""),
        Pair::mug("gtin_wrong", "tags =", "gtin = \"4006381333932\"\ntags ="),
        Pair::mug("tag_without_letters", "tags = [\"tea\"]", "tags = [\"!\"]"),
        // It names the first file with the other way, which depends on what else there is.
        Pair::mug("tag_written_in_two_ways", "tags = [\"tea\"]", "tags = [\"Tea\"]").alone(),
        Pair::mug(
            "days_leave_none",
            "tags =",
            "publish_from = 2026-05-02\npublish_until = 2026-05-01\ntags =",
        ),
        Pair::mug("alias_in_use", "tags =", "aliases = [\"/cart/\"]\ntags ="),
        Pair::mug("alias_no_path", "tags =", "aliases = [\"mug.html\"]\ntags ="),
    ]
}

fn variants() -> Vec<Pair> {
    vec![
        Pair::cap("option_value_unknown", "{ Size = \"S\" }", "{ Size = \"XS\" }"),
        Pair::cap("option_value_unused", "values = [\"S\", \"M\"]", "values = [\"S\", \"M\", \"L\"]"),
        Pair::cap("option_not_chosen", "{ Size = \"S\" }", "{}"),
        Pair::cap("choice_repeated", "{ Size = \"M\" }", "{ Size = \"S\" }"),
        Pair::cap("stock_beside_variants", "weight = 200", "weight = 200\nstock = 3"),
        Pair::cap("variant_picture_not_of_product", "image = \"cap.svg\"", "image = \"hat.svg\""),
    ]
}

/// What files are called, where they lie, and what bytes they hold.
fn files() -> Vec<Pair> {
    let mug = |sku: &str| super::MUG.replace("MUG-BLUE", sku).into_bytes();
    let write = |path: &str, bytes: Vec<u8>| vec![Edit::Write(path.to_owned(), bytes)];
    let latin = |byte: u8| {
        let mut text = mug("NOT-UTF8");
        let at = text.windows(4).position(|part| part == b"Blue").expect("the title");
        text[at] = byte;
        text
    };
    let mut pairs = vec![
        Pair::new(
            "sku_twice",
            write("content/products/sku-twice.md", mug("SKU-TWICE-1")),
            write("content/products/sku-twice-again.md", mug("SKU-TWICE-1")),
        ),
        Pair::new(
            "slug_twice",
            write("content/products/slug-twice.md", mug("SLUG-TWICE-1")),
            write("content/products/folder/slug-twice.md", mug("SLUG-TWICE-2")),
        ),
        Pair::new(
            "slug_twice_but_for_case",
            write("content/products/slug-case.md", mug("SLUG-CASE-1")),
            write("content/products/Slug-Case.md", mug("SLUG-CASE-2")),
        ),
        Pair::new(
            "name_no_address",
            write("content/products/name-no-address.md", mug("NAME-1")),
            write("content/products/name_no_address.md", mug("NAME-2")),
        ),
        Pair::new(
            "file_in_no_place",
            write("content/products/file-in-place.md", mug("PLACE-1")),
            write("content/product/file-in-no-place.md", mug("PLACE-2")),
        ),
        Pair::new(
            "file_of_no_kind",
            write("content/products/file-of-kind.md", mug("KIND-1")),
            write("content/products/file-of-kind.txt", mug("KIND-2")),
        ),
        Pair::new(
            "not_utf8",
            write("content/products/not-utf8.md", latin(b'B')),
            write("content/products/not-utf8.md", latin(b'\xe9')),
        ),
    ];
    #[cfg(unix)]
    pairs.push(Pair::new(
        "unreadable",
        write("content/products/readable.md", mug("READABLE")),
        vec![Edit::Dangle("content/products/unreadable.md".to_owned())],
    ));
    pairs
}

fn last_release() -> Vec<Pair> {
    let gone = |name| {
        let pair = Pair::mug(name, "tags =", "tags =");
        Pair { bad: vec![Edit::Remove(product(name))], ..pair }
    };
    vec![
        gone("page_vanished"),
        Pair::mug("page_hidden", "tags =", "draft = true\ntags ="),
        Pair::mug(
            "price_jumped",
            "price = \"12.50\"\ncompare_at = \"15.00\"",
            "price = \"1.25\"\ncompare_at = \"15.00\"",
        ),
    ]
}

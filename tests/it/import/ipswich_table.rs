//! Our own table: exported, imported again, and with changes.

use insta::assert_snapshot;
use ipswich::import::{ImportOptions, Source, import};
use ipswich_tests::SiteTest;

use super::{content, done, exported, files, options, told, without_folder};

/// A shop without products and categories, but with the drawings of the small one.
fn empty_shop() -> SiteTest {
    let site = ["products/mug.md", "products/cap.md", "categories/home/mugs.md", "categories/home.md"];
    let site = site.iter().fold(SiteTest::new(), |site, path| site.remove(&format!("content/{path}")));
    site.remove("content/categories/clothes.md")
        .replace("content/pages/about.md", " or look at the [mug](/product/mug/)", "")
        .replace("content/home.md", "products = [\"cap\"]", "products = []")
        .replace("content/home.md", "link = \"/category/home/\"", "link = \"/about/\"")
}

#[test]
fn what_is_exported_can_be_imported() {
    let site = SiteTest::new()
        .replace(
            "content/products/mug.md",
            "badges = [\"New\"]",
            "badges = [\"New, and \\\"good\\\"\"]\ngtin = \"4006381333931\"\npublish_from = 2026-12-01\ndraft = true\n\
             aliases = [\"/mug.html\"]\nseo_title = \"=1+1\"",
        )
        .replace("content/products/mug.md", "Capacity = \"300 ml\"", "\"a: b; c\" = \"1; 2, 3: 4 | 5\"")
        .replace("content/products/mug.md", "Thrown in one", "- Thrown \"in\", one\n\n    a | b; c\n\n1. Piece")
        .replace("content/products/cap.md", "related = [\"mug\"]", "")
        .replace("content/pages/about.md", " or look at the [mug](/product/mug/)", "");
    let table = exported(&site);
    let other = empty_shop();
    let report = done(&options(&other, Source::Ipswich, table.as_bytes()));
    assert_eq!((report.rows, report.products, report.variants, report.left.len()), (3, 2, 3, 0), "{report}");
    assert_eq!(exported(&other), table);
    assert_snapshot!("ipswich_product", content(&other, "products/mug.md"));
    other.build();
}

#[test]
fn importing_what_was_exported_changes_nothing() {
    let site = SiteTest::new();
    let before = files(&site.root().join("content"));
    let report = done(&options(&site, Source::Ipswich, exported(&site).as_bytes()));
    assert_eq!((report.written.new, report.written.updated, report.left.len()), (0, 0, 0), "{report}");
    assert_eq!(files(&site.root().join("content")), before);
}

#[test]
fn a_changed_cell_changes_its_value_and_nothing_else() {
    let yaml =
        crate::front_matter::YAML_CAP.replace("price: 30.00\n", "price: 30.00 # for now\n") + "Text.\n";
    let site = SiteTest::new().write("content/products/cap.md", &yaml);
    let (mug, cap) = (content(&site, "products/mug.md"), yaml);
    let table = exported(&site)
        .replace("12.50,15.00", "13.50,")
        .replace("S,,,30.00", "S,,,31.00")
        .replace("M,,,32.00", "M,,,33.00")
        .replace("CAP-M,,clothes", "CAP-M,Hatters,clothes");
    let options = options(&site, Source::Ipswich, table.as_bytes());
    let report = done(&ImportOptions { dry_run: true, ..options.clone() });
    assert_eq!((report.written.updated, content(&site, "products/mug.md")), (2, mug.clone()));
    let report = done(&options);
    assert_eq!((report.written.new, report.written.updated), (0, 2), "{report}");
    assert_eq!(
        content(&site, "products/mug.md"),
        mug.replace("price = \"12.50\"", "price = \"13.50\"").replace("compare_at = \"15.00\"\n", "")
    );
    assert_eq!(
        content(&site, "products/cap.md"),
        cap.replace("  - sku: CAP-S\n", "  - sku: CAP-S\n    price: \"31.00\"\n")
            .replace("price: 32.00", "price: \"33.00\"")
            .replace("title: \"Waxed Cap\"\n", "title: \"Waxed Cap\"\nbrand: \"Hatters\"\n")
    );
    site.build();
}

#[test]
fn what_cannot_be_changed_in_its_place_is_listed() {
    let site = SiteTest::new();
    let before = content(&site, "products/cap.md");
    let table = exported(&site).replace("CAP-S", "CAP-XS").replace("Keeps the rain out.", "Keeps rain out.");
    let report = done(&options(&site, Source::Ipswich, table.as_bytes()));
    assert_snapshot!(report);
    assert_eq!(content(&site, "products/cap.md"), before);
}

#[test]
fn mistakes_in_our_own_table_are_told_with_their_places() {
    let site = SiteTest::new();
    let table = "slug,title,sku,price,weight,tax,published,currency\n\
                 Cup,Cup,CUP,£2,heavy,tax,soon,EUR\ncup,,MUG-BLUE,0,1,standard,,\ncup,Cup,MUG-BLUE,2.00,1,standard,,\n";
    let options = options(&site, Source::Ipswich, table.as_bytes());
    let before = files(&options.into);
    let problems = import(&options).map(|report| report.to_string()).expect_err("mistakes");
    assert_snapshot!(without_folder(&site, &told(&problems)));
    assert_eq!(files(&options.into), before);
}

//! Importing the exports of other shops, exporting, and beginning a product.

mod ipswich_table;

use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use ipswich::import::{ImportOptions, ImportReport, Source, import};
use ipswich::{BuildFailure, Format};
use ipswich_tests::SiteTest;
use proptest::prelude::*;

pub(crate) const SHOPIFY: &str = "\
Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,\
Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,\
Variant Taxable,Image Src,Image Position,Image Alt Text,Variant Image,Status,Cost per item\r
jumper,Fisherman's Jumper,\"<h1>Made to last</h1><p style=\"\"x\"\">Spun in <b>Suffolk</b>; see the \
<a href=\"\"/pages/sizes\"\">size chart</a>.</p><script>track()</script>\",Orwell Knit,Knitwear,\"Wool, Winter\",true,\
Size,S,Colour,Navy,Yarn,Wool,jumper s/navy,850,4,89.00,99.00,true,https://old.example/i/jumper.svg?v=1,1,\
A navy jumper,https://old.example/i/jumper.svg?v=1,active,41.20\r
jumper,,,,,,,,M,,Navy,,Wool,,900,-2,92.00,99.00,true,https://old.example/i/gone.jpg,2,,,,\r
tin,Tin,<p>A tin.</p>,,,,true,Title,Default Title,,,,,TIN-1,0.0,3,4.50,,false,,,,,active,\r
plan,Plan,,,,,true,Title,Default Title,,,,,,0.0,3,4.50,,true,,,,,draft,\r
";

pub(crate) const WOOCOMMERCE: &str = "\u{feff}\
ID;Type;SKU;Name;Published;Short description;Description;Tax status;In stock?;Stock;Weight (lbs);Sale price;\
Regular price;Categories;Upsells;Parent;Attribute 1 name;Attribute 1 value(s);Attribute 2 name;Attribute 2 value(s)
1;variable;tee; Tee ;1;<em>Soft.</em>;\"One\\n\\nTwo\";taxable;1;;;;;\"Clothes, Clothes > Tees\";jug;;Colour;\
\"Red, Blue\";Size;\"S, M\"
2;variation;;Tee - Red;1;;;taxable;1;6;0,5;;20,00;;;tee;Colour;Red;Size;
3;variation;;Tee - Blue;1;;;taxable;0;;0,5;18,00;20,00;;;id:1;Colour;Blue;Size;
4;simple;jug;Jug;1;;;taxable;1;;1;;9,50;Home;tee;;Material;Clay;;
5;grouped;set;Set;1;;;;1;;;;;Home;;;;;;
";

pub(crate) const SPREE: &str = "\
slug,sku,name,price,currency,status,description,tags,tax_category,category1,option1_name,option1_value,image1_src,weight,\
weight_unit,inventory_count,custom_field.custom.wattage
kettle,KETTLE,Kettle,0,USD,active,Boils. Quickly.,kitchen,Default,Kitchen -> Kettles,,,kettle.gif,,lb,,2200W
kettle,KETTLE-BLACK-WITH-A-VERY-LONG-NAME-INDEED,,40,USD,,,,,,Colour,Black,https://old.example/kettle-black.svg,2,lb,7,
kettle,KETTLE-BLACK-WITH-A-VERY-LONG-NAME-INDEED,,36.99,EUR,,,,,,,,,,,,
";

const DRAWING: &str = include_str!("../src/site/mug.svg");

pub(crate) fn options(site: &SiteTest, source: Source, csv: &[u8]) -> ImportOptions {
    let content = site.root().join("content");
    let file = site.root().join("export.csv");
    fs::write(&file, csv).expect("the export");
    ImportOptions {
        source,
        file,
        images: Some(site.root().join("pictures")),
        settings: content.join("shop.toml"),
        into: content,
        tax: None,
        stock: 0,
        published: "2026-11-23".into(),
        overwrite: false,
        dry_run: false,
    }
}

#[track_caller]
fn done(options: &ImportOptions) -> ImportReport {
    import(options).unwrap_or_else(|failure| panic!("the import fails:\n{}", told(&failure)))
}

fn told(failure: &BuildFailure) -> String {
    match failure {
        BuildFailure::Content(problems) => ipswich::report(problems, Format::Human),
        BuildFailure::Io(error) => format!("error: {error:#}"),
    }
}

/// The text with paths as somebody in the folder of the test would see them.
fn without_folder(site: &SiteTest, text: &str) -> String {
    text.replace(&format!("{}/", site.root().display()), "")
}

fn content(site: &SiteTest, path: &str) -> String {
    fs::read_to_string(site.root().join("content").join(path)).expect("a file of the content")
}

/// All files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        match entry.is_dir() {
            true => found.extend(files(&entry)),
            false => found.push((entry.clone(), fs::read(&entry).expect("a file"))),
        }
    }
    found.sort();
    found
}

#[test]
fn shopify() {
    let site = SiteTest::new().write("pictures/jumper.svg", DRAWING);
    let report = done(&options(&site, Source::Shopify, SHOPIFY.as_bytes()));
    assert_eq!((report.rows, report.products, report.variants, report.pictures), (4, 2, 3, 1));
    assert_snapshot!(report);
    assert_snapshot!("shopify_product", content(&site, "products/jumper.md"));
    site.build().check_file("product/jumper.html", "<h2 id=\"made-to-last\">Made to last</h2>");
}

#[test]
fn signs_of_markdown_in_a_text_are_text() {
    let site = SiteTest::new();
    let body = "<p>See [^1], {width=4}, &lt;b&gt;, &lt;sup&gt; and ![x](y){z}</p>";
    let csv = format!("Handle,Title,Variant Price,Body (HTML)\ncup,Cup,2,\"{body}\"\n");
    done(&options(&site, Source::Shopify, csv.as_bytes()));
    site.build().check_file("product/cup.html", "See [^1], {width=4}, &lt;b&gt;, &lt;sup&gt; and ![x](y){z}");
}

#[test]
fn woocommerce() {
    let site = SiteTest::new();
    let report = done(&options(&site, Source::Woocommerce, WOOCOMMERCE.as_bytes()));
    assert_eq!((report.rows, report.products, report.variants), (5, 2, 3));
    assert_snapshot!(report);
    assert_snapshot!("woocommerce_product", content(&site, "products/tee.md"));
    site.build();
}

#[test]
fn spree() {
    let site =
        SiteTest::new().write("pictures/kettle-black.svg", DRAWING).write("pictures/kettle.gif", "GIF");
    let report = done(&options(&site, Source::Spree, SPREE.as_bytes()));
    assert_eq!((report.rows, report.products, report.variants), (3, 1, 1));
    assert_snapshot!(report);
    assert_snapshot!("spree_product", content(&site, "products/kettle.md"));
    site.build();
}

#[test]
fn importing_twice_changes_nothing() {
    for (source, csv) in
        [(Source::Shopify, SHOPIFY), (Source::Woocommerce, WOOCOMMERCE), (Source::Spree, SPREE)]
    {
        let site = SiteTest::new();
        let mut options = options(&site, source, csv.as_bytes());
        done(&options);
        let first = files(&options.into);
        options.published = "2027-01-31".into();
        let again = done(&options).written;
        assert_eq!((again.new, again.updated, again.kept.len()), (0, 0, 0));
        assert_eq!(files(&options.into), first);
    }
}

#[test]
fn edited_files_are_left_alone() {
    let site = SiteTest::new();
    let mut options = options(&site, Source::Shopify, SHOPIFY.as_bytes());
    done(&options);
    let site = site.replace("content/products/tin.md", "A tin.", "A round tin.");
    let csv = SHOPIFY.replace("89.00", "88.00").replace("4.50", "5.50");
    fs::write(&options.file, csv).expect("the export");
    let report = done(&options);
    assert_eq!((report.written.updated, &report.written.kept), (1, &vec!["products/tin.md".to_owned()]));
    assert!(content(&site, "products/tin.md").contains("A round tin."));
    assert!(content(&site, "products/jumper.md").contains("\"88.00\""));
    options.overwrite = true;
    assert_eq!(done(&options).written.kept.len(), 0);
    assert!(!content(&site, "products/tin.md").contains("round"));
}

#[test]
fn products_of_the_shop_keep_their_files_and_skus() {
    let site = SiteTest::new();
    let before = content(&site, "products/mug.md");
    let csv = "Handle,Title,Variant SKU,Variant Price\nmug,Mug,X-1,1\ncup,Cup,MUG-BLUE,2\n";
    let report = done(&options(&site, Source::Shopify, csv.as_bytes()));
    assert_eq!(report.written.kept, ["products/mug.md"]);
    assert_eq!(content(&site, "products/mug.md"), before);
}

#[test]
fn a_sku_of_another_product_is_not_given_twice() {
    let site = SiteTest::new();
    let csv = "Handle,Title,Variant SKU,Variant Price\ncup,Cup,MUG-BLUE,2\n";
    done(&options(&site, Source::Shopify, csv.as_bytes()));
    assert!(content(&site, "products/cup.md").contains("sku = \"MUG-BLUE-2\""));
    site.build();
}

#[test]
fn an_address_of_a_file_in_a_folder_is_not_given_twice() {
    let site = SiteTest::new();
    let mug = content(&site, "products/mug.md");
    let site = site.remove("content/products/mug.md").write("content/products/old/mug.md", mug);
    let csv = "Handle,Title,Variant SKU,Variant Price\nmug,Mug,X-1,1\n";
    done(&options(&site, Source::Shopify, csv.as_bytes()));
    site.build().check_file("product/mug-2.html", "Mug");
}

#[test]
fn a_dry_run_writes_nothing() {
    let site = SiteTest::new();
    let options = ImportOptions { dry_run: true, ..options(&site, Source::Spree, SPREE.as_bytes()) };
    let before = files(&options.into);
    assert_eq!(done(&options).products, 1);
    assert_eq!(files(&options.into), before);
}

#[test]
fn mistakes_are_told_with_their_places_and_nothing_is_written() {
    let site = SiteTest::new();
    let csv = "Handle,Title,Variant Price,Variant Inventory Qty,Variant Grams\n\
               cup,Cup,£2.00,many,100\n,Nameless,3,1,1\npot,,3,1,heavy\n";
    let options = options(&site, Source::Shopify, csv.as_bytes());
    let before = files(&options.into);
    let problems = import(&options).map(|report| report.to_string()).expect_err("mistakes");
    assert_snapshot!(without_folder(&site, &told(&problems)), @r#"
    export.csv:2:9: "£2.00" will not do: an amount is a decimal number such as "24.99"
      2 | cup,Cup,£2.00,many,100
        |         ^^^^^
      help: write digits with a point, such as 24.99, without a currency sign
    export.csv:2:15: "many" is no number of pieces
      2 | cup,Cup,£2.00,many,100
        |               ^^^^
      help: the stock is a whole number up to 1000000
    export.csv:3:1: the row has no handle
      3 | ,Nameless,3,1,1
        | ^
      help: add it
    export.csv:4:5: the first row of "pot" has no title
      4 | pot,,3,1,heavy
        |     ^
      help: add it
    export.csv:4:10: "heavy" is no weight
      4 | pot,,3,1,heavy
        |          ^^^^^
      help: a weight is a number, and at most 1,000 kg
    "#);
    assert_eq!(files(&options.into), before);
    let wrong = ImportOptions { source: Source::Spree, ..options };
    let problems = import(&wrong).expect_err("a mistake");
    assert_snapshot!(without_folder(&site, &told(&problems)), @r#"
    export.csv:1:1: the column "slug" is missing
      help: a product export of Spree has it
    "#);
}

/// Catalogues that other projects wrote, if they are on this machine.
fn real(path: &str) -> Option<(PathBuf, PathBuf)> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("IPSWICH_CATALOGUES").map_or_else(beside, PathBuf::from);
    let file = folder.join(path);
    if !file.is_file() {
        println!("note: {path} is not there; set IPSWICH_CATALOGUES to the folder of the real catalogues");
        return None;
    }
    let images = file.parent().expect("a folder").join("images");
    Some((file, images))
}

#[track_caller]
fn check_real(path: &str, source: Source, expected: (usize, usize, usize)) -> Option<ImportReport> {
    let (file, images) = real(path)?;
    let site = SiteTest::new();
    let options = ImportOptions { file, images: Some(images), ..options(&site, source, b"") };
    let report = done(&options);
    assert_eq!((report.rows, report.products, report.variants), expected);
    let written = files(&options.into);
    assert_eq!(done(&options).written.new, 0);
    assert_eq!(files(&options.into), written);
    site.build();
    Some(report)
}

#[test]
fn the_real_catalogues_have_the_counts_of_their_descriptions() {
    let count = |report: &ImportReport, reason: &str| {
        report.left.iter().filter(|left| left.reason.starts_with(reason)).count()
    };
    if let Some(report) = check_real("shopify-packt/Product-data.csv", Source::Shopify, (21, 20, 21)) {
        assert_eq!(count(&report, "pictures that are not there"), 21);
    }
    // 11 simple and 2 variable products less one that is not published, a group and an external one.
    if let Some(report) = check_real("woocommerce/sample_products.csv", Source::Woocommerce, (24, 12, 19)) {
        assert_eq!(
            count(&report, "a group") + count(&report, "sold on") + count(&report, "not published"),
            3
        );
    }
    check_real("woocommerce/importer-test-sample.csv", Source::Woocommerce, (7, 3, 4));
    if let Some(report) = check_real("spree/products.csv", Source::Spree, (211, 37, 87)) {
        assert_eq!(report.pictures + count(&report, "pictures of the kind"), 124);
        assert_eq!(count(&report, "prices in EUR"), 87);
    }
}

#[test]
fn export_has_a_row_for_each_sku() {
    let site = SiteTest::new().replace("content/products/mug.md", "A mug for tea.", "=1+1");
    assert_snapshot!(exported(&site));
}

/// The table of a project.
#[track_caller]
fn exported(site: &SiteTest) -> String {
    let day = "2026-11-23".parse().unwrap();
    ipswich::export::export(site.root(), day).unwrap_or_else(|failure| panic!("{}", told(&failure)))
}

#[test]
fn a_new_product_passes_the_check() {
    let site = SiteTest::new();
    let content = site.root().join("content");
    let path = ipswich::new::new_product(&content, "Café \"Crème\" Pot", "2026-11-23").expect("a file");
    assert!(path.ends_with("products/cafe-creme-pot.md"));
    assert_snapshot!(fs::read_to_string(&path).expect("the file"));
    let error = ipswich::new::new_product(&content, "Cafe creme pot", "2026-11-23").expect_err("it is there");
    assert!(error.to_string().ends_with("is there already"), "{error}");
    site.build();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a file holds, it is imported or refused with a place, and what is written passes the check.
    #[test]
    fn no_file_is_a_danger(
        which in 0..3_usize,
        cells in prop::collection::vec(
            prop_oneof![
                3 => "[ -~]{0,12}",
                2 => "<[a-z0-9]{1,6}>[ -~£\n]{0,20}",
                2 => "[0-9]{1,4}([.,][0-9]{0,2})?",
                1 => "(variation|variable|simple|true|active|a|b)",
                1 => any::<String>(),
            ],
            0..60,
        ),
    ) {
        let (source, header) = [
            (Source::Shopify, "Handle,Title,Body (HTML),Type,Option1 Name,Option1 Value,Variant SKU,Variant Price"),
            (Source::Woocommerce, "Type,Name,SKU,Parent,Attribute 1 name,Attribute 1 value(s),Description,Regular price"),
            (Source::Spree, "slug,sku,name,description,category1,option1_name,option1_value,price"),
        ][which];
        let mut csv = format!("{header}\n");
        for row in cells.chunks(8) {
            let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
            let mut row: Vec<String> = row.iter().map(quoted).collect();
            row.resize(8, "7".to_owned());
            row[7] = "7".to_owned();
            csv.push_str(&row.join(","));
            csv.push('\n');
        }
        let site = SiteTest::new();
        match import(&options(&site, source, csv.as_bytes())) {
            Ok(_) => { site.build(); }
            Err(BuildFailure::Content(problems)) => prop_assert!(problems.iter().all(|one| one.line > 0)),
            Err(BuildFailure::Io(error)) => prop_assert!(false, "{error:#}"),
        }
    }
}

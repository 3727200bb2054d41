//! What a build makes of the small shop, and that it is always the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use ipswich::{BuildOptions, ReleaseRecord};
use ipswich_catalog::Sku;
use ipswich_catalog::published::{ShopRecord, SkuShard, TemplateRecord, shard_of, shard_path};
use ipswich_tests::SiteTest;

fn record(site: &SiteTest) -> ShopRecord {
    serde_json::from_str(&site.read("_shop/shop.json")).expect("a shop record")
}

#[test]
fn home_page() {
    assert_snapshot!(SiteTest::new().build().read("index.html"));
}

#[test]
fn category_page() {
    assert_snapshot!(SiteTest::new().build().read("category/home/mugs.html"));
}

#[test]
fn product_page_without_variants() {
    assert_snapshot!(SiteTest::new().build().read("product/mug.html"));
}

#[test]
fn product_page_with_variants() {
    assert_snapshot!(SiteTest::new().build().read("product/cap.html"));
}

#[test]
fn content_page() {
    assert_snapshot!(SiteTest::new().build().read("about.html"));
}

#[test]
fn plain_files() {
    let site = SiteTest::new().build();
    let text =
        ["sitemap.xml", "robots.txt", "_headers"].map(|path| format!("--- {path}\n{}", site.read(path)));
    assert_snapshot!(text.concat());
}

#[test]
fn shop_record() {
    let site = SiteTest::new().build();
    let mut record = record(&site);
    // It changes with every byte of the theme; that it is the right one is seen elsewhere.
    record.release = "[release]".to_owned();
    assert_snapshot!(serde_json::to_string_pretty(&record).expect("JSON"));
}

#[test]
fn a_category_shows_what_is_below_it_and_has_pages() {
    let third = include_str!("../src/site/mug.md")
        .replace("MUG-BLUE", "MUG-RED")
        .replace("Blue Mug", "Red Mug")
        .replace("2026-10-02", "2026-11-01");
    let site = SiteTest::new().write("content/products/red-mug.md", third).build();
    let first = site.read("category/home.html");
    assert!(first.contains("3 products") && first.contains("Page 1 of 2"), "{first}");
    let (red, blue) = (first.find("/product/red-mug/"), first.find("/product/mug/"));
    assert!(red < blue && !first.contains("/product/cap/"), "the newest come first: {first}");
    site.check_file("category/home/page/2.html", "href=\"/product/cap/\"")
        .check_file(
            "category/home/page/2.html",
            "<link rel=\"canonical\" href=\"https://small.example/category/home/page/2/\">",
        )
        .check_file("sitemap.xml", "https://small.example/category/home/page/2/");
}

#[test]
fn related_products_are_filled_up_from_the_category() {
    let other = |name: &str| include_str!("../src/site/mug.md").replace("MUG-BLUE", name);
    SiteTest::new()
        .write("content/products/red-mug.md", other("MUG-RED"))
        .build()
        .check_file("product/mug.html", "See also <a href=\"/product/red-mug/\">")
        .check_file("product/cap.html", "See also <a href=\"/product/mug/\">");
}

#[test]
fn the_shop_finds_every_sku_in_its_shard() {
    let site = SiteTest::new().build();
    let record = record(&site);
    assert_eq!((record.skus, site.report().skus), (3, 3), "the style number of the cap is not sold");
    for (sku, price) in [("MUG-BLUE", 1250), ("CAP-S", 3000), ("CAP-M", 3200)] {
        let sku = Sku::parse(sku).expect("a SKU");
        let text = site.read(&shard_path(shard_of(&sku, record.shards)));
        let shard: SkuShard = serde_json::from_str(&text).expect("a shard");
        assert_eq!(shard.skus[&sku].unit.minor(), price);
    }
}

#[test]
fn templates_are_published_as_they_are() {
    let site = SiteTest::new().build();
    let record: TemplateRecord = serde_json::from_str(&site.read("_shop/templates.json")).expect("templates");
    assert_eq!(record.templates["404.html"], include_str!("../src/site/templates/404.html"));
}

#[test]
fn no_text_of_the_content_can_end_a_script() {
    let site = SiteTest::new()
        .replace("content/products/mug.md", "title = \"Blue Mug\"", "title = '</script><b>\"&'")
        .build();
    let page = site.read("product/mug.html");
    assert!(!page.contains("</script><b>"), "{page}");
    assert!(page.contains("\\u003c/script\\u003e\\u003cb\\u003e"), "{page}");
    assert!(page.contains("<h1>&lt;/script&gt;&lt;b&gt;&quot;&amp;</h1>"), "{page}");
}

#[test]
fn building_twice_gives_the_same_bytes_and_writes_nothing() {
    let site = SiteTest::new().build();
    let (first, release) = (site.output(), site.report().release.clone());
    assert_eq!(site.report().written, first.len());
    let site = site.build();
    assert_eq!((site.report().written, site.report().removed), (0, 0));
    assert_eq!(site.output(), first);
    let other = SiteTest::new().build();
    assert!(other.output() == first, "another folder gives other bytes");
    assert_eq!(other.report().release, release);
}

#[test]
fn a_change_rewrites_only_what_shows_it() {
    let site = SiteTest::new().build();
    let (release, before) = (site.report().release.clone(), site.output());
    let site = site.replace("content/products/mug.md", "Thrown in one piece", "Thrown in two pieces").build();
    let after = site.output();
    let changed: Vec<_> = after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).collect();
    assert_eq!((site.report().written, site.report().removed), (changed.len(), 0));
    // The page with its twins, the search index, the shop record with the name of the release, the list of files.
    let shows = |path: &Path| {
        path.starts_with("_shop")
            || path.ends_with("release.json")
            || path.to_string_lossy().starts_with("product/mug.")
    };
    assert!(changed.iter().all(|(path, _)| shows(path)), "{:?}", changed.iter().map(|(path, _)| path));
    assert_ne!(site.report().release, release);
    let site = site.replace("content/images/mug.svg", "#24364B", "#24364C").build();
    assert_eq!(site.report().removed, 1, "the picture has a new address");
}

#[test]
fn what_is_removed_from_the_content_goes_from_the_output() {
    let other = include_str!("../src/site/mug.md").replace("MUG-BLUE", "MUG-RED");
    SiteTest::new()
        .write("content/products/red-mug.md", other)
        .build()
        .check_file("product/red-mug.html", "Blue Mug")
        .remove("content/products/red-mug.md")
        .allow_vanished()
        .build()
        .check_no_file("product/red-mug.html");
}

#[test]
fn a_failed_build_leaves_the_output_as_it_was() {
    let site = SiteTest::new().build();
    let good = site.output();
    let site = site.replace("content/products/mug.md", "12.50", "12.5.0");
    site.problems();
    assert!(site.output() == good);
    let site = site.replace("content/products/mug.md", "12.5.0", "12.50").replace(
        "themes/plain/templates/product.html",
        "{{ page.title }}",
        "{{ page.titel }}",
    );
    site.problems();
    assert!(site.output() == good);
}

#[test]
fn a_folder_of_somebody_else_is_not_touched() {
    let site = SiteTest::new().write("dist/letter.txt", "Dear");
    let told = site.problems();
    assert!(told.contains("no earlier output"), "{told}");
    assert_eq!(site.output().len(), 1);
}

#[test]
fn the_release_lists_every_file_with_its_hash() {
    let site = SiteTest::new().build();
    let release: ReleaseRecord = serde_json::from_str(&site.read("release.json")).expect("a release");
    let mut listed: BTreeMap<_, _> = site.output();
    listed.remove(Path::new("release.json"));
    assert_eq!(release.files.len(), listed.len());
    assert!(listed.keys().all(|path| release.files.contains_key(path.to_str().expect("UTF-8"))));
    assert_eq!((release.release.as_str(), release.release.len()), (record(&site).release.as_str(), 16));
}

#[test]
fn another_public_address_is_used_everywhere() {
    let site = SiteTest::new().base_url("http://localhost:8787").build();
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("small.example/"), "{}: {text}", path.display());
    }
    site.check_file("sitemap.xml", "<loc>http://localhost:8787/</loc>");
}

#[test]
fn the_real_content_builds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let out = tempfile::tempdir().expect("a folder");
    let today = "2026-11-23".parse().expect("a day");
    let options = BuildOptions { out: out.path().join("dist"), ..BuildOptions::new(root, today) };
    let report = match ipswich::build(&options) {
        Ok(report) => report,
        Err(failure) => panic!("{failure:#?}"),
    };
    assert!(report.products >= 60, "{report:?}");
    let record: ShopRecord =
        serde_json::from_slice(&fs::read(options.out.join("_shop/shop.json")).expect("the record"))
            .expect("JSON");
    for shard in 0..record.shards {
        let length = fs::metadata(options.out.join(shard_path(shard))).expect("a shard").len();
        assert!(length <= 64 * 1024, "shard {shard} has {length} bytes");
    }
}

//! A shop in two languages: pages, records, and what is wrong with translations.

use insta::assert_snapshot;
use ipswich_catalog::published::{ShopRecord, SkuShard};
use ipswich_shop::Config;
use ipswich_tests::SiteTest;
use ipswich_tests::shop::{Catalog, ShopTest};

/// Without the hashes of files, which change with every byte.
fn without_hashes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("/assets/") {
        let (before, from) = rest.split_at(at);
        let end = from.find(['"', ' ', '<']).unwrap_or(from.len());
        out.push_str(before);
        out.push_str("[asset]");
        rest = &from[end..];
    }
    out + rest
}

#[test]
fn a_product_in_german() {
    let site = SiteTest::bilingual().build();
    assert_snapshot!(without_hashes(&site.read("de/product/mug.html")));
}

#[test]
fn a_product_with_variants_in_german() {
    let site = SiteTest::bilingual().build();
    assert_snapshot!(without_hashes(&site.read("de/product/cap.html")));
}

#[test]
fn lists_home_and_pages_in_german() {
    let site = SiteTest::bilingual().build();
    let pages = ["de.html", "de/category/home.html", "de/tag/tea.html", "de/about.html", "de/404.html"];
    let text = pages.map(|path| format!("--- {path}\n{}", without_hashes(&site.read(path))));
    assert_snapshot!(text.concat());
}

#[test]
fn the_site_map_and_the_feeds_name_the_languages() {
    let site = SiteTest::bilingual().build();
    let text =
        ["sitemap.xml", "de/feeds/products.xml"].map(|path| format!("--- {path}\n{}", site.read(path)));
    assert_snapshot!(text.concat());
    let site = site.check_file("de/feeds/google.xml", "<g:title>Gewachste Mütze, Klein</g:title>");
    site.check_file("feeds/google.xml", "<g:title>Waxed Cap, S</g:title>");
}

#[test]
fn pages_in_the_shops_own_language_stay_where_they_are() {
    let one = SiteTest::new().build();
    let two = SiteTest::bilingual().build();
    for path in one.output().keys() {
        assert!(two.output().contains_key(path), "{} is gone", path.display());
    }
    two.check_file("product/mug.html", "hreflang=\"de-DE\" href=\"https://small.example/de/product/mug/\"")
        .check_file("product/mug.html", "<p>/ ?lang=en</p>")
        .check_file("product/mug.html", "Thrown in one piece.");
}

#[test]
fn the_shop_gets_a_record_for_each_language() {
    let site = SiteTest::bilingual().build();
    let record: ShopRecord = serde_json::from_str(&site.read("_shop/shop.de.json")).expect("a record");
    let own: ShopRecord = serde_json::from_str(&site.read("_shop/shop.json")).expect("a record");
    assert_eq!((record.home().as_str(), record.query().as_str()), ("/de/", "?lang=de"));
    assert_eq!((&record.release, record.shards), (&own.release, own.shards));
    assert_eq!(record.settings.shipping[1].title, "Palette");
    assert_eq!(record.navigation[0].url, "/de/category/home/");
    let shard: SkuShard = serde_json::from_str(&site.read("_shop/sku/0.json")).expect("a shard");
    let cap = shard.skus.values().find(|record| !record.options.is_empty()).expect("a cap").clone();
    let german = cap.in_language("de");
    assert_eq!((german.title.as_str(), german.url.as_str()), ("Gewachste Mütze", "/de/product/cap/"));
    assert_eq!(german.options_text(), "Größe Mittel");
    site.check_file("_shop/templates.de.json", "404.html");
}

#[test]
fn what_is_not_translated_is_a_mistake() {
    let problems = SiteTest::bilingual()
        .remove("content/products/mug.de.md")
        .remove("content/home.de.md")
        .remove("content/shop.de.toml")
        .remove("content/categories/clothes.de.md")
        .remove("content/pages/about.de.md")
        .problems();
    assert_snapshot!(problems);
}

#[test]
fn or_it_falls_back() {
    SiteTest::bilingual()
        .append("content/shop.toml", "missing = \"fall_back\"\n")
        .remove("content/products/mug.de.md")
        .remove("content/home.de.md")
        .remove("content/shop.de.toml")
        .remove("content/pages/about.de.md")
        .build()
        .check_file("de/product/mug.html", "<h1>Blue Mug</h1>")
        .check_file("de/product/mug.html", "<a href=\"/de/about/#who\">about us</a>")
        .check_file("de/product/mug.html", "Enthält 20\u{a0}% MwSt.")
        .check_file("de.html", "<a href=\"/de/category/home/\">To the house</a>");
}

#[test]
fn a_translation_says_texts_only() {
    let problems = SiteTest::bilingual()
        .replace("content/products/mug.de.md", "badges", "price = \"9.00\"\ntitel = \"x\"\nbadges")
        .replace("content/products/mug.de.md", "alt =", "src = \"mug.svg\"\nalt =")
        .replace("content/products/mug.de.md", "\"Inhalt\" = \"300 ml\"\n", "")
        .replace("content/products/cap.de.md", ", \"Mittel\"", "")
        .replace("content/home.de.md", "text = \"Wir", "link = \"/\"\ntext = \"Wir")
        .problems();
    assert_snapshot!(problems);
}

#[test]
fn the_settings_are_translated_one_by_one() {
    let problems = SiteTest::bilingual()
        .replace("content/shop.de.toml", "id = \"pallet\"", "id = \"palet\"")
        .replace("content/shop.de.toml", "Account =", "Acount =")
        .replace("content/shop.de.toml", "hours =", "price = \"1\"\nhours =")
        .problems();
    assert_snapshot!(problems);
}

#[test]
fn translations_of_nothing() {
    let problems = SiteTest::bilingual()
        .write("content/products/cup.de.md", "+++\n+++\n")
        .write("content/products/mug.fr.md", "+++\n+++\n")
        .write("content/de/products/mug.md", "+++\n+++\n")
        .problems();
    assert_snapshot!(problems);
}

#[test]
fn a_draft_that_editors_look_at_needs_no_translation() {
    let draft = |site: SiteTest| {
        site.replace("content/products/mug.md", "stock = 6\n", "stock = 6\ndraft = true\n").drafts().build()
    };
    // Its mark is no badge that a translation would have to name.
    draft(SiteTest::bilingual()).check_file("de/product/mug.html", "Blauer Becher");
    draft(SiteTest::bilingual().remove("content/products/mug.de.md"))
        .check_file("de/product/mug.html", "Blue Mug");
}

#[test]
fn a_search_has_an_index_for_each_language() {
    let site = SiteTest::bilingual().build();
    let output = site.output();
    for path in ["_shop/search/head.bin", "_shop/search/de/head.bin"] {
        assert!(output.contains_key(std::path::Path::new(path)), "{path} is missing");
    }
}

#[test]
fn a_folder_is_as_good_as_a_file_beside() {
    let text = include_str!("../src/site/de/mug.md");
    SiteTest::bilingual()
        .remove("content/products/mug.de.md")
        .write("content/de/products/mug.md", text)
        .build()
        .check_file("de/product/mug.html", "<h1>Blauer Becher</h1>");
}

#[test]
fn links_lead_to_headings_in_the_same_language() {
    let problems = SiteTest::bilingual().replace("content/products/mug.de.md", "#wer", "#who").problems();
    assert_snapshot!(problems, @r##"
    content/products/mug.de.md:13:31: the page has no heading for "#who"
      13 | In einem Stück gedreht. Siehe [über uns](/about/#who) und den [Warenkorb](/cart/).
         |                               ^^^^^^^^^^^^^^^^^^^^^^^
      help: the page has wer
    "##);
}

#[test]
fn languages_with_mistakes() {
    let more = "missing = \"maybe\"\n[[languages]]\ncode = \"de-DE\"\npath = \"de\"\n\
                [[languages]]\ncode = \"de-AT\"\npath = \"blog\"\n[[languages]]\ncode = \"fr-FR\"\npath = \"FR\"\n";
    let problems = SiteTest::bilingual().append("content/shop.toml", more).problems();
    assert_snapshot!(problems);
}

#[test]
fn a_page_in_another_language_does_not_vanish_unseen() {
    let site = SiteTest::bilingual().build();
    let text = std::fs::read_to_string(site.root().join("content/shop.toml")).expect("the settings");
    let (alone, _) = text.split_once("\n[[languages]]").expect("languages");
    let problems = GERMAN_FILES
        .iter()
        .fold(site, |site, path| site.remove(path))
        .write("content/shop.toml", alone)
        .problems();
    assert!(problems.contains("the page /de/about/ of the last release is gone"), "{problems}");
}

const GERMAN_FILES: [&str; 8] = [
    "content/shop.de.toml",
    "content/home.de.md",
    "content/products/cap.de.md",
    "content/products/mug.de.md",
    "content/categories/home.de.md",
    "content/categories/home/mugs.de.md",
    "content/categories/clothes.de.md",
    "content/pages/about.de.md",
];

#[tokio::test]
async fn a_purchase_in_german() {
    let shop = ShopTest::with(Catalog::bilingual(), Config::for_testing()).await;
    let mut guest = shop.guest();
    let fields = [("sku", "MUG"), ("quantity", "2")];
    let added = guest.post("/cart/add/?lang=de", &fields).await;
    assert_eq!((added.status, added.location.as_str()), (303, "/cart/"), "{}", added.body);
    assert_eq!(guest.cookies.get("shop_lang").map(String::as_str), Some("de"));
    let cart = guest.get("/cart/").await;
    for text in
        ["<html lang=\"de-DE\">", "Ihr Warenkorb", "Steinzeugbecher", "24,00\u{a0}£", "/de/product/mug/"]
    {
        assert!(cart.says(text), "{text}: {}", cart.body);
    }
    let form = guest.fill_in().await;
    let wrong = guest.place(&form.clone().with("email", "nobody")).await;
    assert!(wrong.says("Geben Sie eine E-Mail-Adresse an wie name@example.com."), "{}", wrong.body);
    let order = guest.place(&form).await.order_id();
    let page = guest.get(&format!("/order/{order}/?placed=1")).await;
    for text in
        ["Vielen Dank. Wir haben Ihre Bestellung.", "Zahlung erwartet", "Überweisung", "Standardversand"]
    {
        assert!(page.says(text), "{text}: {}", page.body);
    }
    // Whoever opens the link elsewhere reads the language of the order.
    assert!(shop.guest().get(&format!("/order/{order}/")).await.says("Zahlung erwartet"));
    assert!(shop.guest().get(&format!("/order/{order}/?lang=en")).await.says("Awaiting payment"));
    let number = shop.rows("select number from orders", vec![]).await[0]["number"]
        .as_str()
        .expect("a number")
        .to_owned();
    let mails = shop.sent().await;
    let text = mails[0].text.replace(&order, "[id]").replace(&number, "[number]");
    assert_snapshot!(format!("{}\n\n{text}", mails[0].subject.replace(&number, "[number]")));
    let mut staff = shop.staff().await;
    staff.cookies.insert("shop_lang".to_owned(), "de".to_owned());
    let staff_page = staff.get(&format!("/admin/orders/{order}/")).await;
    assert!(
        staff_page.says("<html lang=\"en-GB\">") && staff_page.says("Awaiting payment"),
        "{}",
        staff_page.body
    );
    staff.mark_paid(&order, "R-1").await;
    assert!(shop.sent().await[1].subject.contains("Ihre Zahlung für die Bestellung"));
    shop.finish().await;
}

#[tokio::test]
async fn the_shop_remembers_a_language_and_only_one_it_speaks() {
    let shop = ShopTest::with(Catalog::bilingual(), Config::for_testing()).await;
    let mut guest = shop.guest();
    for path in ["/cart/", "/cart/?lang=en", "/cart/?lang=fr", "/cart/?lang=../x"] {
        let page = guest.get(path).await;
        assert!(page.says("Your cart") && page.set_cookies().is_empty(), "{path}: {:?}", page.set_cookies());
    }
    let german = guest.get("/cart/?lang=de").await;
    assert_eq!(german.set_cookies(), ["shop_lang=de; Path=/; Max-Age=7776000; SameSite=Lax; Secure"]);
    assert!(german.says("Ihr Warenkorb") && german.says("href=\"/de/\""), "{}", german.body);
    let again = guest.get("/cart/").await;
    assert!(again.says("Ihr Warenkorb") && again.set_cookies().is_empty());
    let missing = guest.get("/order/nothing/").await;
    assert!(missing.says("Unter dieser Adresse ist nichts."), "{}", missing.body);
    let english = guest.get("/cart/?lang=en").await;
    assert!(english.says("Your cart"));
    assert_eq!(guest.cookies.get("shop_lang").map(String::as_str), Some("en"));
    guest.cookies.insert("shop_lang".to_owned(), "xx".to_owned());
    assert!(guest.get("/cart/").await.says("Your cart"));
    shop.finish().await;
}

#[tokio::test]
async fn a_release_that_lacks_a_language_answers_in_no_other() {
    let shop = ShopTest::with(Catalog::bilingual(), Config::for_testing()).await;
    shop.published.replace("_shop/templates.de.json", None);
    let mut guest = shop.guest();
    assert_eq!(guest.get("/cart/?lang=de").await.status, 503);
    assert_eq!(shop.guest().get("/cart/").await.status, 200);
    shop.finish().await;
}

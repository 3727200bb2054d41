//! What programs read: the twins of products, `llms.txt`, the site map, structured data, link previews.

use insta::assert_snapshot;
use ipswich_tests::SiteTest;
use serde_json::Value;

const RETURNS: &str = "\n[returns]\ndays = 30\npaid_by = \"customer\"\npage = \"/about/\"\n";

/// The small shop with twins.
fn with_twins() -> SiteTest {
    SiteTest::new().append("content/shop.toml", "\n[generate]\ntwins = true\n")
}

/// The structured data of a page, the part with this type.
#[track_caller]
fn part(site: &SiteTest, page: &str, kind: &str) -> Value {
    let html = site.read(page);
    let (_, rest) = html.split_once("<script type=\"application/ld+json\">").expect("structured data");
    let (script, _) = rest.split_once("</script>").expect("its end");
    let graph: Value = serde_json::from_str(script).expect("JSON");
    let parts = graph["@graph"].as_array().expect("a graph").clone();
    parts.into_iter().find(|part| part["@type"] == kind).unwrap_or_else(|| panic!("no {kind}: {script}"))
}

#[test]
fn a_product_has_twins() {
    let site = with_twins().build();
    assert_snapshot!(site.read("product/cap.json"), @r#"
    {
      "attributes": [],
      "badges": [],
      "brand": null,
      "categories": [
        {
          "title": "Clothes",
          "url": "https://small.example/category/clothes/"
        },
        {
          "title": "Home",
          "url": "https://small.example/category/home/"
        }
      ],
      "compare_at": null,
      "delivery": [
        {
          "free_from": {
            "currency": "GBP",
            "decimal": "60.00",
            "minor": 6000
          },
          "note": "3 days",
          "price": {
            "currency": "GBP",
            "decimal": "3.95",
            "minor": 395
          },
          "title": "Post"
        }
      ],
      "description": "Keeps the rain out.",
      "format": 1,
      "images": [
        {
          "alt": "A green cap",
          "height": 1000,
          "url": "https://small.example/assets/img/cap.b6535749.svg",
          "width": 800
        },
        {
          "alt": "A mug beside it",
          "height": 1000,
          "url": "https://small.example/assets/img/mug.37f33fe3.svg",
          "width": 800
        }
      ],
      "options": [
        {
          "name": "Size",
          "values": [
            "S",
            "M"
          ]
        }
      ],
      "price": {
        "currency": "GBP",
        "decimal": "30.00",
        "minor": 3000
      },
      "price_varies": true,
      "published": "2026-09-01",
      "related": [
        {
          "title": "Blue Mug",
          "url": "https://small.example/product/mug/"
        }
      ],
      "sku": "CAP",
      "slug": "cap",
      "summary": "A cap for rain.",
      "tags": [],
      "tax_note": "Includes VAT at 20%",
      "title": "Waxed Cap",
      "updated": null,
      "url": "https://small.example/product/cap/",
      "variants": [
        {
          "gtin": null,
          "image": 0,
          "options": [
            {
              "name": "Size",
              "value": "S"
            }
          ],
          "price": {
            "currency": "GBP",
            "decimal": "30.00",
            "minor": 3000
          },
          "sku": "CAP-S",
          "weight_grams": 200
        },
        {
          "gtin": null,
          "image": null,
          "options": [
            {
              "name": "Size",
              "value": "M"
            }
          ],
          "price": {
            "currency": "GBP",
            "decimal": "32.00",
            "minor": 3200
          },
          "sku": "CAP-M",
          "weight_grams": 200
        }
      ]
    }
    "#);
    assert_snapshot!(site.read("product/cap.md"), @r#"
    # Waxed Cap

    > A cap for rain.

    - Price: from £30.00 (Includes VAT at 20%)
    - Category: [Clothes](https://small.example/category/clothes/)
    - Category: [Home](https://small.example/category/home/)
    - Page: https://small.example/product/cap/

    Keeps the rain out.

    ## Variants

    | SKU | Size | Price |
    | --- | --- | --- |
    | CAP-S | S | £30.00 |
    | CAP-M | M | £32.00 |

    ## Delivery

    - Post: £3.95, free from £60.00. 3 days
    "#);
    let twin: Value = serde_json::from_str(&site.read("product/mug.json")).unwrap();
    assert_eq!(twin["price"], serde_json::json!({ "minor": 1250, "currency": "GBP", "decimal": "12.50" }));
    site.check_file("_headers", "/product/*.md\n  content-type: text/markdown; charset=utf-8\n");
}

#[test]
fn twins_are_there_if_the_settings_say_so() {
    SiteTest::new().build().check_no_file("product/mug.json").check_no_file("product/mug.md");
    let in_use = with_twins().replace(
        "content/products/mug.md",
        "stock = 6\n",
        "stock = 6\naliases = [\"/product/cap.json\"]\n",
    );
    assert!(in_use.problems().contains("is an address of the shop as it is"));
}

#[test]
fn a_file_says_what_the_shop_is() {
    assert_snapshot!(with_twins().build().read("llms.txt"), @r#"
    # Small Shop

    > Two things

    - Address: 1 High Street, Ipswich
    - Open: Monday
    - Contact: hello@small.example, 01632 960 001
    - Prices: GBP, 2 products
    - All addresses: https://small.example/sitemap.xml

    ## Departments

    - [Home](https://small.example/category/home/): For the house.
    - [Mugs](https://small.example/category/home/mugs/): For tea.
    - [Clothes](https://small.example/category/clothes/): To wear.

    ## Products

    Each product is also there as JSON: the address with `.json` at its end instead of `.md`.

    - [Blue Mug](https://small.example/product/mug.md): £12.50. A mug for tea.
    - [Waxed Cap](https://small.example/product/cap.md): £30.00. A cap for rain.

    ## Good to know

    - [About](https://small.example/about/): Who we are.
    "#);
}

#[test]
fn the_site_map_names_days_that_are_known() {
    let site = SiteTest::new()
        .replace(
            "content/products/mug.md",
            "published = 2026-10-02",
            "published = 2026-10-02\nupdated = 2026-11-05",
        )
        .build();
    assert_snapshot!(site.read("sitemap.xml"), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>https://small.example/</loc></url>
    <url><loc>https://small.example/category/clothes/</loc></url>
    <url><loc>https://small.example/category/home/</loc></url>
    <url><loc>https://small.example/category/home/mugs/</loc></url>
    <url><loc>https://small.example/product/cap/</loc><lastmod>2026-09-01</lastmod></url>
    <url><loc>https://small.example/product/mug/</loc><lastmod>2026-11-05</lastmod></url>
    <url><loc>https://small.example/brand/orwell-pottery/</loc></url>
    <url><loc>https://small.example/tag/tea/</loc></url>
    <url><loc>https://small.example/about/</loc></url>
    </urlset>
    "#);
    let early = SiteTest::new().replace(
        "content/products/mug.md",
        "published = 2026-10-02",
        "published = 2026-10-02\nupdated = 2026-10-01",
    );
    assert_snapshot!(early.problems(), @r#"
    content/products/mug.md:13:11: this is before the day on which it was published
      13 | updated = 2026-10-01
         |           ^^^^^^^^^^
      help: "updated" is the day of the last change
    "#);
}

#[test]
fn offers_say_what_the_page_says() {
    let site = SiteTest::new().append("content/shop.toml", RETURNS).build();
    let product = part(&site, "product/mug.html", "Product");
    assert_eq!(product["name"], "Blue Mug");
    let offer = &product["offers"];
    assert_eq!((&offer["price"], &offer["priceCurrency"]), (&"12.50".into(), &"GBP".into()));
    // Stock is in no page, so nothing is claimed about it.
    assert!(!site.read("product/mug.html").contains("availability"));
    let id = offer["shippingDetails"][0]["@id"].as_str().expect("a reference").to_owned();
    let delivery = part(&site, "product/mug.html", "OfferShippingDetails");
    assert_eq!(delivery["@id"], id.as_str());
    assert_snapshot!(delivery, @r##"{"@id":"#delivery-post-395","@type":"OfferShippingDetails","shippingDestination":{"@type":"DefinedRegion","addressCountry":["GB"]},"shippingLabel":"Post","shippingRate":{"@type":"MonetaryAmount","currency":"GBP","value":"3.95"}}"##);
    let returns = part(&site, "product/mug.html", "MerchantReturnPolicy");
    assert_eq!(offer["hasMerchantReturnPolicy"]["@id"], returns["@id"]);
    assert_snapshot!(returns, @r##"{"@id":"#returns","@type":"MerchantReturnPolicy","applicableCountry":["GB"],"merchantReturnDays":30,"merchantReturnLink":"https://small.example/about/","returnFees":"https://schema.org/ReturnFeesCustomerResponsibility","returnMethod":"https://schema.org/ReturnByMail","returnPolicyCategory":"https://schema.org/MerchantReturnFiniteReturnWindow"}"##);
}

#[test]
fn variants_have_offers_of_their_own() {
    let site = SiteTest::new().build();
    let group = part(&site, "product/cap.html", "ProductGroup");
    let variants = group["hasVariant"].as_array().expect("variants");
    let prices: Vec<&Value> = variants.iter().map(|variant| &variant["offers"]["price"]).collect();
    assert_snapshot!(serde_json::to_string(&prices).unwrap(), @r#"["30.00","32.00"]"#);
}

#[test]
fn the_home_page_says_who_the_shop_is() {
    let site = SiteTest::new()
        .append("content/shop.toml", RETURNS)
        .write("themes/plain/static/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .build();
    let shop = part(&site, "index.html", "OnlineStore");
    assert_eq!(shop["contactPoint"]["contactType"], "customer service");
    let logo = shop["logo"].as_str().expect("a logo").rsplit_once("/assets/").expect("an asset").1.to_owned();
    site.check_file(&format!("assets/{logo}"), "<svg");
}

#[test]
fn returns_have_a_page() {
    let site = |table: &str| SiteTest::new().append("content/shop.toml", &format!("\n[returns]\n{table}\n"));
    assert_snapshot!(site("days = 30\npaid_by = \"customer\"\npage = \"/retunrs/\"").problems(), @r#"
    content/shop.toml:52:8: the link "/retunrs/" leads nowhere
      52 | page = "/retunrs/"
         |        ^^^^^^^^^^^
      help: link to /product/<slug>/, /category/<path>/ or /<page>/
    "#);
    assert_snapshot!(site("days = 0\npaid_by = \"nobody\"\npage = \"about\"").problems(), @r#"
    content/shop.toml:50:8: 0 is out of range
      50 | days = 0
         |        ^
      help: "days" goes from 1 to 730
    content/shop.toml:51:11: "nobody" cannot pay
      51 | paid_by = "nobody"
         |           ^^^^^^^^
      help: write who pays for sending goods back: "customer" or "shop"
    content/shop.toml:52:8: no page can be at "about"
      52 | page = "about"
         |        ^^^^^^^
      help: write the path of a page of this site, such as "/returns/"
    "#);
}

//! Feeds: Atom for readers of the blog and of new products, and the product feed of Google Merchant.

use std::fmt::Write;
use std::sync::Arc;

use blake3::Hasher;
use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::content::product::Product;
use crate::content::variants::Variant;
use crate::day::Day;
use crate::markdown::escape;
use crate::memory::{Key, NO_KEY, key_of};
use crate::messages::texts;
use crate::output::{Keys, Output, OutputFile};

/// How many entries an Atom feed has.
const ENTRIES: usize = 20;

/// How many items a file for Google Merchant has at most, which keeps it below what the host takes.
const ITEMS: usize = 15_000;

/// How the paths of all files for Google Merchant begin.
pub(crate) const MERCHANT_PREFIX: &str = "feeds/google";

/// The Atom feeds.
pub(crate) fn files(catalog: &Catalog) -> Vec<OutputFile> {
    let mut files = vec![products(catalog)];
    if !catalog.posts.is_empty() {
        files.push(posts(catalog));
    }
    files
}

/// The file of an address in the language of the catalog.
fn file(catalog: &Catalog, url: &str) -> String {
    catalog.edition.page(url).trim_start_matches('/').to_owned()
}

/// An entry of an Atom feed.
struct Entry<'e> {
    title: &'e str,
    url: String,
    day: Day,
    summary: &'e str,
    author: &'e str,
    /// HTML, if the feed carries the whole text.
    content: Option<&'e str>,
}

fn posts(catalog: &Catalog) -> OutputFile {
    let entries = catalog.posts.iter().take(ENTRIES).map(|post| Entry {
        title: &post.title,
        url: post.url(),
        day: post.published,
        summary: &post.summary,
        author: &post.author,
        content: Some(post.body.html.as_str()),
    });
    let title = catalog.edition.say(&texts::BLOG_FEED, &[("shop", &catalog.settings.shop.name)]);
    atom(catalog, "/blog/feed.xml", "/blog/", &title, entries.collect())
}

fn products(catalog: &Catalog) -> OutputFile {
    let newest = catalog.newest.iter().take(ENTRIES).map(|id| catalog.product(*id));
    let entries = newest.map(|product| Entry {
        title: &product.title,
        url: product.url(),
        day: product.published,
        summary: &product.summary,
        author: "",
        content: None,
    });
    let title = catalog.edition.say(&texts::PRODUCTS_FEED, &[("shop", &catalog.settings.shop.name)]);
    atom(catalog, "/feeds/products.xml", "/", &title, entries.collect())
}

fn atom(catalog: &Catalog, path: &str, page: &str, title: &str, entries: Vec<Entry<'_>>) -> OutputFile {
    let shop = &catalog.settings.shop;
    let updated = entries.iter().map(|entry| entry.day).max();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(text, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">", shop.language);
    let own = escape(&catalog.absolute(&catalog.edition.page(path)));
    let page = escape(&catalog.absolute(&catalog.edition.page(page)));
    let _ = writeln!(text, "<title>{}</title>\n<id>{own}</id>", escape(title));
    let _ = writeln!(text, "<link rel=\"self\" href=\"{own}\"/>\n<link href=\"{page}\"/>");
    let _ = writeln!(text, "<author><name>{}</name></author>", escape(&shop.name));
    let day = updated.map_or_else(|| "1970-01-01".to_owned(), |day| day.to_string());
    let _ = writeln!(text, "<updated>{day}T00:00:00Z</updated>");
    for entry in entries {
        let url = escape(&catalog.absolute(&entry.url));
        let _ = writeln!(text, "<entry>\n<title>{}</title>\n<id>{url}</id>", escape(entry.title));
        let _ = writeln!(text, "<link href=\"{url}\"/>\n<updated>{}T00:00:00Z</updated>", entry.day);
        if !entry.author.is_empty() {
            let _ = writeln!(text, "<author><name>{}</name></author>", escape(entry.author));
        }
        let _ = writeln!(text, "<summary>{}</summary>", escape(entry.summary));
        if let Some(html) = entry.content {
            let base = escape(&shop.base_url);
            let _ = writeln!(text, "<content type=\"html\" xml:base=\"{base}/\">{}</content>", escape(html));
        }
        text.push_str("</entry>\n");
    }
    text.push_str("</feed>\n");
    OutputFile { path: file(catalog, path), bytes: text.into_bytes() }
}

/// The feed for Google Merchant: `feeds/google.xml`, and `feeds/google-2.xml` and so on for many products.
pub(crate) fn put_merchant(catalog: &Catalog, output: &Output<'_>) -> anyhow::Result<()> {
    let mut parts: Vec<&[Arc<Product>]> = Vec::new();
    let (mut rest, mut at, mut items) = (catalog.products(), 0, 0);
    while let Some(product) = rest.get(at) {
        if at > 0 && items + product.variants.len() > ITEMS {
            let (part, others) = rest.split_at(at);
            parts.push(part);
            (rest, at, items) = (others, 0, 0);
        } else {
            (at, items) = (at + 1, items + product.variants.len());
        }
    }
    parts.push(rest);
    // One at a time, because they are large; each is made on all cores.
    parts.into_iter().enumerate().try_for_each(|(index, products)| {
        let path = match index {
            0 => file(catalog, "/feeds/google.xml"),
            index => file(catalog, &format!("/feeds/google-{}.xml", index + 1)),
        };
        let quick = merchant_quick_key(catalog, products);
        if output.keep_quick(&path, quick) {
            return Ok(());
        }
        let file = OutputFile { path, bytes: merchant(catalog, products).into_bytes() };
        output.put_keyed(file, Keys { quick, ..Keys::default() })
    })
}

fn merchant_quick_key(catalog: &Catalog, products: &[Arc<Product>]) -> Key {
    let Some(world) = catalog.world else { return NO_KEY };
    let mut hasher = Hasher::new();
    hasher.update(b"merchant").update(&world);
    products.iter().for_each(|product| {
        hasher.update(&product.digest.front);
    });
    key_of(&hasher)
}

/// One item for each SKU, as <https://support.google.com/merchants/answer/7052112> describes them. Stock changes
/// without the feed, so everything is in stock here, and the page says what is not.
fn merchant(catalog: &Catalog, products: &[Arc<Product>]) -> String {
    let shop = &catalog.settings.shop;
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str("<rss version=\"2.0\" xmlns:g=\"http://base.google.com/ns/1.0\">\n<channel>\n");
    let _ = writeln!(
        text,
        "<title>{}</title>\n<link>{}</link>",
        escape(&shop.name),
        escape(&catalog.absolute(&catalog.edition.page("/")))
    );
    let _ = writeln!(text, "<description>{}</description>", escape(&shop.tagline));
    let items = |products: &[Arc<Product>]| {
        let mut text = String::new();
        for product in products {
            for variant in &product.variants {
                text.push_str("<item>\n");
                item(&mut text, catalog, product, variant);
                text.push_str("</item>\n");
            }
        }
        text
    };
    let parts: Vec<String> = products.par_chunks(256).map(items).collect();
    parts.iter().for_each(|part| text.push_str(part));
    text.push_str("</channel>\n</rss>\n");
    text
}

fn item(text: &mut String, catalog: &Catalog, product: &Product, variant: &Variant) {
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "<g:{name}>{}</g:{name}>", escape(value));
    };
    let currency = catalog.settings.shop.currency.code();
    // Google wants the price with tax; the page of a shop with net prices says it too.
    let money = |amount| format!("{} {currency}", catalog.decimal(catalog.gross(amount, &product.tax)));
    line("id", variant.sku.as_str());
    let title = std::iter::once(&product.title).chain(&variant.values).map(String::as_str);
    line("title", &title.collect::<Vec<_>>().join(", "));
    line("description", &product.summary);
    line("link", &catalog.absolute(&product.url()));
    let shown = variant.image.and_then(|index| product.images.get(index)).or(product.images.first());
    if let Some(shown) = shown {
        line("image_link", &catalog.absolute(&catalog.picture(shown.picture).src));
    }
    line("availability", "in_stock");
    line("condition", "new");
    match product.compare_at {
        Some(former) => {
            line("price", &money(former));
            line("sale_price", &money(variant.price));
        }
        None => line("price", &money(variant.price)),
    }
    if !product.brand_name().is_empty() {
        line("brand", product.brand_name());
    }
    match &variant.gtin {
        Some(gtin) => line("gtin", gtin),
        None => line("identifier_exists", "no"),
    }
    if !product.options.is_empty() {
        line("item_group_id", product.sku.as_str());
    }
    for (option, value) in product.options.iter().zip(&variant.values) {
        match option.name.to_lowercase().as_str() {
            "colour" | "color" | "farbe" => line("color", value),
            "size" | "größe" => line("size", value),
            "material" => line("material", value),
            "pattern" => line("pattern", value),
            _ => {}
        }
    }
    line("shipping_weight", &format!("{} g", variant.weight));
    let way: Vec<&str> = catalog
        .ancestry(product.category)
        .into_iter()
        .map(|id| catalog.category(id).title.as_str())
        .collect();
    line("product_type", &way.join(" > "));
}

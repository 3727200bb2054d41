//! The forms of the catalog for programs: a JSON and a Markdown twin of each product, and `llms.txt`, which says what
//! the shop is and where to read on.
//!
//! The fields of the JSON twin are documented in the README and stay as they are; new ones may come. Stock is in
//! neither twin, because it changes without a release.

use std::fmt::Write;

use anyhow::Result;
use ipswich_catalog::Amount;
use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::content::product::Product;
use crate::lists::Term;
use crate::names::{CategoryId, ProductId};
use crate::output::OutputFile;
use crate::pages::category_url;
use crate::views::{delivery, tax_note};

/// Raised when a field of the JSON twin goes or means something else.
const FORMAT: u32 = 1;

/// How many products `llms.txt` names: so many lines can be read at once.
const PRODUCTS_MAX: usize = 200;

/// The media type of the Markdown twin in links.
const MARKDOWN: &str = "text/markdown";

/// The address of the JSON twin.
fn json_url(product: &Product) -> String {
    format!("/product/{}.json", product.slug)
}

/// The address of the Markdown twin.
fn markdown_url(product: &Product) -> String {
    format!("/product/{}.md", product.slug)
}

/// The twins of a product for its page: media type and address.
pub(crate) fn alternates(catalog: &Catalog, product: &Product) -> Vec<(&'static str, String)> {
    match catalog.settings.generated.twins {
        true => vec![("application/json", json_url(product)), (MARKDOWN, markdown_url(product))],
        false => Vec::new(),
    }
}

/// Where the twins of a product lie in the output.
pub(crate) fn paths(product: &Product) -> [String; 2] {
    [json_url(product), markdown_url(product)].map(|url| url.trim_start_matches('/').to_owned())
}

/// The twins of a product.
pub(crate) fn files(catalog: &Catalog, id: ProductId) -> Result<[OutputFile; 2]> {
    let product = catalog.product(id);
    let file = |url: String, bytes| OutputFile { path: url.trim_start_matches('/').to_owned(), bytes };
    let mut data = serde_json::to_vec_pretty(&data(catalog, id, product))?;
    data.push(b'\n');
    let text = markdown(catalog, product).into_bytes();
    Ok([file(json_url(product), data), file(markdown_url(product), text)])
}

fn money(catalog: &Catalog, amount: Amount) -> Value {
    let currency = catalog.settings.shop.currency.code();
    json!({ "minor": amount.minor(), "currency": currency, "decimal": catalog.decimal(amount) })
}

fn data(catalog: &Catalog, id: ProductId, product: &Product) -> Value {
    let link = |title: &str, url: String| json!({ "title": title, "url": catalog.absolute(&url) });
    let category = |id: &CategoryId| link(&catalog.category(*id).title, category_url(catalog, *id, 1));
    let word = |term: Term, word: &str| link(word, term.url(word));
    let related = catalog.related(id, catalog.settings.related_products);
    let related = related.iter().map(|id| catalog.product(*id));
    json!({
        "format": FORMAT,
        "url": catalog.absolute(&product.url()),
        "slug": product.slug.as_str(),
        "sku": product.sku,
        "title": product.title,
        "brand": product.brand.as_ref().map(|brand| word(Term::Brand, &brand.value)),
        "summary": product.summary,
        "description": product.text,
        "published": product.published.to_string(),
        "updated": product.updated.map(|day| day.to_string()),
        "categories": product.categories.iter().map(category).collect::<Vec<_>>(),
        "tags": product.tags.iter().map(|tag| word(Term::Tag, &tag.value)).collect::<Vec<_>>(),
        "badges": product.badges,
        "price": money(catalog, product.price()),
        "price_varies": product.price_varies(),
        "compare_at": product.compare_at.map(|amount| money(catalog, amount)),
        "tax_note": tax_note(catalog, product),
        "images": images(catalog, product),
        "attributes": pairs(product.attributes.iter()),
        "options": product.options.iter().map(|option| json!({ "name": option.name, "values": option.values })).collect::<Vec<_>>(),
        "variants": variants(catalog, product),
        "delivery": delivery(catalog, product).iter().map(|method| json!({
            "title": method.title,
            "note": method.note,
            "price": money_of(catalog, method.price),
            "free_from": method.free_from.map(|minor| money_of(catalog, minor)),
        })).collect::<Vec<_>>(),
        "related": related.map(|other| link(&other.title, other.url())).collect::<Vec<_>>(),
    })
}

fn money_of(catalog: &Catalog, minor: i64) -> Value {
    money(catalog, Amount::from_minor(minor).unwrap_or_default())
}

fn pairs<'p>(pairs: impl Iterator<Item = &'p (String, String)>) -> Vec<Value> {
    pairs.map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn images(catalog: &Catalog, product: &Product) -> Vec<Value> {
    let image = |shown: &crate::content::Shown| {
        let picture = catalog.picture(shown.picture);
        json!({
            "url": catalog.absolute(&picture.src),
            "width": picture.width,
            "height": picture.height,
            "alt": shown.alt,
        })
    };
    product.images.iter().map(image).collect()
}

fn variants(catalog: &Catalog, product: &Product) -> Vec<Value> {
    let variant = |variant: &crate::content::variants::Variant| {
        let names = product.options.iter().map(|option| option.name.clone());
        let options: Vec<(String, String)> = names.zip(variant.values.iter().cloned()).collect();
        json!({
            "sku": variant.sku,
            "options": pairs(options.iter()),
            "price": money(catalog, variant.price),
            "gtin": variant.gtin,
            "weight_grams": variant.weight,
            "image": variant.image,
        })
    };
    product.variants.iter().map(variant).collect()
}

fn markdown(catalog: &Catalog, product: &Product) -> String {
    let format = catalog.settings.shop.money_format();
    let mut text = format!("# {}\n\n> {}\n\n", plain(&product.title), plain(&product.summary));
    let from = if product.price_varies() { "from " } else { "" };
    let note = tax_note(catalog, product);
    let _ = writeln!(text, "- Price: {from}{} ({note})", format.format(product.price()));
    if let Some(former) = product.compare_at {
        let _ = writeln!(text, "- Former price: {}", format.format(former));
    }
    if let Some(brand) = &product.brand {
        let url = catalog.absolute(&Term::Brand.url(&brand.value));
        let _ = writeln!(text, "- Brand: [{}]({url})", plain(&brand.value));
    }
    for id in &product.categories {
        let url = catalog.absolute(&category_url(catalog, *id, 1));
        let _ = writeln!(text, "- Category: [{}]({url})", plain(&catalog.category(*id).title));
    }
    let _ = writeln!(text, "- Page: {}", catalog.absolute(&product.url()));
    for (name, value) in &product.attributes {
        let _ = writeln!(text, "- {}: {}", plain(name), plain(value));
    }
    if !product.text.is_empty() {
        let _ = write!(text, "\n{}\n", product.text);
    }
    if !product.options.is_empty() {
        table(&mut text, catalog, product);
    }
    text.push_str("\n## Delivery\n\n");
    for method in delivery(catalog, product) {
        let price = |minor| format.format(Amount::from_minor(minor).unwrap_or_default());
        let free = method.free_from.map_or(String::new(), |minor| format!(", free from {}", price(minor)));
        let _ = writeln!(
            text,
            "- {}: {}{free}. {}",
            plain(&method.title),
            price(method.price),
            plain(&method.note)
        );
    }
    text
}

/// The variants, a row each.
fn table(text: &mut String, catalog: &Catalog, product: &Product) {
    let format = catalog.settings.shop.money_format();
    let cells = |words: Vec<String>| format!("| {} |\n", words.join(" | "));
    let mut head = vec!["SKU".to_owned()];
    head.extend(product.options.iter().map(|option| cell(&option.name)));
    head.push("Price".to_owned());
    let rule = cells(vec!["---".to_owned(); head.len()]);
    let _ = write!(text, "\n## Variants\n\n{}{rule}", cells(head));
    for variant in &product.variants {
        let mut row = vec![variant.sku.to_string()];
        row.extend(variant.values.iter().map(|value| cell(value)));
        row.push(format.format(variant.price));
        text.push_str(&cells(row));
    }
}

/// A text without meaning in Markdown.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn cell(text: &str) -> String {
    plain(text).replace('|', "\\|")
}

/// `llms.txt`: what the shop is, its departments, and where to read on. It does not grow with the catalog.
pub(crate) fn llms(catalog: &Catalog) -> OutputFile {
    let shop = &catalog.settings.shop;
    let mut text = format!("# {}\n\n> {}\n\n", plain(&shop.name), plain(&shop.tagline));
    let _ = writeln!(text, "- Address: {}", plain(&shop.address.join(", ")));
    let _ = writeln!(text, "- Open: {}", plain(&shop.hours));
    let _ = writeln!(text, "- Contact: {}, {}", shop.email, shop.phone);
    let _ = writeln!(text, "- Prices: {}, {} products", shop.currency.code(), catalog.products().len());
    let _ = writeln!(text, "- All addresses: {}", catalog.absolute("/sitemap.xml"));
    let item = |text: &mut String, title: &str, url: &str, note: &str| {
        let _ = writeln!(text, "- [{}]({}): {}", plain(title), catalog.absolute(url), plain(note));
    };
    text.push_str("\n## Departments\n\n");
    for id in catalog.roots.iter().flat_map(|root| std::iter::once(root).chain(catalog.children(*root))) {
        let category = catalog.category(*id);
        item(&mut text, &category.title, &category_url(catalog, *id, 1), &category.summary);
    }
    let twins = catalog.settings.generated.twins;
    let shown = catalog.newest.iter().take(PRODUCTS_MAX);
    let all = catalog.newest.len() <= PRODUCTS_MAX;
    let _ = writeln!(text, "\n## {}\n", if all { "Products" } else { "New products" });
    if twins {
        text.push_str(
            "Each product is also there as JSON: the address with `.json` at its end instead of `.md`.\n\n",
        );
    }
    for product in shown.map(|id| catalog.product(*id)) {
        let url = if twins { markdown_url(product) } else { product.url() };
        let price = shop.money_format().format(product.price());
        item(&mut text, &product.title, &url, &format!("{price}. {}", product.summary));
    }
    if !catalog.pages.is_empty() {
        text.push_str("\n## Good to know\n\n");
    }
    for page in &catalog.pages {
        item(&mut text, &page.title, &format!("/{}/", page.slug), &page.summary);
    }
    OutputFile { path: "llms.txt".to_owned(), bytes: text.into_bytes() }
}

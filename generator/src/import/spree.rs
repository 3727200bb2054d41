//! Spree's product CSV: the first row of a slug is the product, later ones are variants or prices in further
//! currencies.

use std::path::Path;

use ipswich_catalog::Currency;

use crate::import::csv::{Row, Table};
use crate::import::goods::{Catalog, Goods, ImageRef, Left, Reader, Sold, Tax, grams_of, group};
use crate::problem::Problem;

/// How columns of custom fields begin.
const CUSTOM: &str = "custom_field.";

/// Files that Spree exports beside its products.
const BESIDE: [(&str, &str); 2] = [
    ("product_translations.csv", "translations of products, which are in a file of their own: not imported"),
    ("customers.csv", "customers, who are no content: not imported"),
];

/// What lies beside the file and is not carried.
pub(crate) fn beside(file: &Path) -> Vec<Left> {
    let left = BESIDE.iter().filter_map(|(name, reason)| {
        let bytes = std::fs::read(file.with_file_name(name)).ok()?;
        let rows = Table::read(name, bytes).ok()?.rows.len();
        Some(Left {
            reason: (*reason).to_owned(),
            product: String::new(),
            detail: format!("{rows} rows in {name}"),
        })
    });
    left.collect()
}

/// Reads the table.
pub(crate) fn read(mut reader: Reader<'_>) -> Result<Catalog, Vec<Problem>> {
    let table: &Table = reader.table;
    table.require("Spree", &["slug", "sku", "name", "price"])?;
    let currency = currency(&reader);
    if !currency.is_empty() && currency != reader.currency.code() {
        let own: Currency = reader.currency;
        reader.leave(format!("prices in {currency} are taken as {own}, without conversion"), "", "");
    }
    let mut goods = Vec::new();
    for (slug, rows) in group(table, |row| table.cell(row, "slug")) {
        let Some(first) = rows.first() else { continue };
        if slug.is_empty() || table.cell(first, "name").is_empty() {
            let column = if slug.is_empty() { "slug" } else { "name" };
            let message = format!("the first row of a product has no {column}");
            let _: Option<()> = reader.reject(first, column, message, "add it, or remove the row");
            continue;
        }
        let product = product(&mut reader, slug, &rows, &currency);
        let status = reader.text(first, "status");
        if matches!(status.as_str(), "" | "active") {
            goods.push(product);
        } else {
            reader.leave("not published there: left out", slug, status);
        }
    }
    reader.finish(goods)
}

/// The shop's currency if the file has prices in it, and the first one of the file otherwise.
fn currency(reader: &Reader<'_>) -> String {
    let mut codes = reader.table.rows.iter().map(|row| reader.table.cell(row, "currency"));
    let own = reader.currency.code();
    let first = codes.clone().find(|code| !code.is_empty()).unwrap_or_default();
    if codes.any(|code| code == own) { own.to_owned() } else { first.to_owned() }
}

fn product(reader: &mut Reader<'_>, slug: &str, rows: &[&Row], currency: &str) -> Goods {
    let first = rows[0];
    let mut variants: Vec<(Sold, Vec<(String, String)>)> = Vec::new();
    let mut prices = Vec::new();
    for row in &rows[1..] {
        let sku = reader.text(row, "sku");
        let is_price = reader.table.cell(row, "option1_name").is_empty();
        let price = reader.amount(row, "price");
        let code = reader.text(row, "currency");
        if is_price && code == currency {
            prices.push((sku, price));
        } else if is_price {
            reader.leave(format!("prices in {code}: the shop has one currency"), slug, sku);
        } else {
            let mut sold = sold(reader, slug, row);
            if code != currency && !code.is_empty() {
                sold.price = None;
            }
            variants.push((sold, choices(reader, row)));
        }
    }
    for (sku, price) in prices {
        match variants.iter_mut().find(|(sold, _)| sold.sku == sku) {
            Some((sold, _)) => sold.price = price,
            None => reader.leave("price of a SKU that the file does not describe", slug, sku),
        }
    }
    let mut options: Vec<String> = Vec::new();
    for (name, _) in variants.iter().flat_map(|(_, choices)| choices) {
        if !options.contains(name) {
            options.push(name.clone());
        }
    }
    let mut images = image(reader, first).into_iter().collect::<Vec<_>>();
    let mut sold: Vec<Sold> = Vec::new();
    for (mut one, choices) in variants {
        let value = |name| choices.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        one.values = options.iter().map(|name| value(name).unwrap_or_default()).collect();
        images.push(ImageRef { url: one.image.clone(), alt: String::new() });
        sold.push(one);
    }
    if sold.is_empty() {
        sold.push(self::sold(reader, slug, first));
    }
    images.retain(|image| !image.url.is_empty());
    let mut attributes = custom_fields(reader, first);
    attributes.extend(dimensions(reader, rows));
    Goods {
        slug: slug.to_owned(),
        title: reader.text(first, "name"),
        sku: reader.text(first, "sku"),
        categories: categories(reader, first),
        tax: match reader.text(first, "tax_category") {
            class if class.is_empty() || class.eq_ignore_ascii_case("default") => Tax::Usual,
            class => Tax::Class(class),
        },
        body: reader.text(first, "description"),
        tags: reader.list(first, "tags"),
        seo_title: reader.text(first, "meta_title"),
        seo_description: reader.text(first, "meta_description"),
        images,
        attributes,
        options,
        variants: sold,
        ..Goods::default()
    }
}

fn sold(reader: &mut Reader<'_>, slug: &str, row: &Row) -> Sold {
    let unit = reader.text(row, "weight_unit");
    let factor = grams_of(&unit).or(unit.is_empty().then_some(1000.0));
    let weight = match factor {
        Some(factor) => reader.grams(row, "weight", factor),
        None => {
            reader.reject(row, "weight_unit", format!("{unit:?} is no unit of weight"), "use g, kg, lb or oz")
        }
    };
    if reader.flag(row, "inventory_backorderable", false) {
        reader.leave("sold there without stock; here only what is counted is sold", slug, "");
    }
    let counted = reader.flag(row, "track_inventory", true);
    Sold {
        sku: reader.text(row, "sku"),
        values: Vec::new(),
        price: reader.amount(row, "price"),
        former: reader.amount(row, "compare_at_price"),
        weight,
        stock: reader.pieces(row, "inventory_count", slug).filter(|_| counted),
        image: image(reader, row).map(|image| image.url).unwrap_or_default(),
    }
}

fn choices(reader: &Reader<'_>, row: &Row) -> Vec<(String, String)> {
    let choice = |number: usize| {
        let cell = |part| reader.text(row, &format!("option{number}_{part}"));
        (cell("name"), cell("value"))
    };
    (1..=3).map(choice).filter(|(name, _)| !name.is_empty()).collect()
}

fn image(reader: &Reader<'_>, row: &Row) -> Option<ImageRef> {
    let url = reader.text(row, "image1_src");
    (!url.is_empty()).then(|| ImageRef { url, alt: reader.text(row, "image1_alt") })
}

fn categories(reader: &Reader<'_>, row: &Row) -> Vec<Vec<String>> {
    let path = |text: String| text.split("->").map(|part| part.trim().to_owned()).collect();
    let cell = |number: usize| reader.text(row, &format!("category{number}"));
    (1..=3).map(cell).filter(|text| !text.is_empty()).map(path).collect()
}

/// `custom_field.custom.room_coverage` is the fact "Room coverage".
fn custom_fields(reader: &Reader<'_>, row: &Row) -> Vec<(String, String)> {
    let fields = reader.table.headers().iter().filter(|column| column.starts_with(CUSTOM));
    let fact = |column: &String| {
        let name = column.rsplit('.').next().unwrap_or(column).replace('_', " ");
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        (first + letters.as_str(), reader.text(row, column))
    };
    fields.map(fact).filter(|(_, value)| !value.is_empty()).collect()
}

/// The dimensions, if all variants that have them have the same.
fn dimensions(reader: &mut Reader<'_>, rows: &[&Row]) -> Option<(String, String)> {
    let mut found: Vec<String> = Vec::new();
    for row in rows {
        let sides = ["width", "height", "depth"].map(|side| reader.text(row, side));
        let text = format!("{} {}", sides.join(" × "), reader.text(row, "dimensions_unit"));
        if sides.iter().all(|side| !side.is_empty()) && !found.contains(&text) {
            found.push(text);
        }
    }
    if found.len() > 1 {
        let slug = reader.text(rows[0], "slug");
        reader.leave("dimensions differ between variants", &slug, found.join("; "));
        return None;
    }
    Some(("Dimensions".to_owned(), found.pop()?))
}

//! Shopify's product export: one row per variant, further rows of a handle for pictures.

use crate::import::csv::{Row, Table};
use crate::import::goods::{Catalog, Goods, ImageRef, Reader, Sold, Tax, group};
use crate::problem::Problem;

/// What Shopify calls the only variant of a product without options.
const NO_OPTION: (&str, &str) = ("Title", "Default Title");

/// Reads the table.
pub(crate) fn read(mut reader: Reader<'_>) -> Result<Catalog, Vec<Problem>> {
    let table: &Table = reader.table;
    table.require("Shopify", &["Handle", "Title", "Variant Price"])?;
    let mut goods = Vec::new();
    for (handle, rows) in group(table, |row| table.cell(row, "Handle")) {
        let Some(first) = rows.first() else { continue };
        if handle.is_empty() {
            for row in &rows {
                let _: Option<()> = reader.reject(row, "Handle", "the row has no handle".into(), "add it");
            }
            continue;
        }
        let product = product(&mut reader, handle, first, &rows);
        let status = reader.text(first, "Status").to_ascii_lowercase();
        if status == "draft" || status == "archived" || !reader.flag(first, "Published", true) {
            reader.leave("not published there: left out", handle, status);
        } else if reader.flag(first, "Gift Card", false) {
            reader.leave("gift cards are not sold here: left out", handle, "");
        } else {
            goods.push(product);
        }
    }
    reader.finish(goods)
}

fn product(reader: &mut Reader<'_>, handle: &str, first: &Row, rows: &[&Row]) -> Goods {
    let title = reader.text(first, "Title");
    if title.is_empty() {
        let _: Option<()> =
            reader.reject(first, "Title", format!("the first row of {handle:?} has no title"), "add it");
    }
    let mut names: Vec<String> = (1..=3)
        .map(|number| reader.text(first, &format!("Option{number} Name")))
        .take_while(|name| !name.is_empty())
        .collect();
    if names.len() == 1 && names[0] == NO_OPTION.0 && reader.text(first, "Option1 Value") == NO_OPTION.1 {
        names.clear();
    }
    let mut variants = Vec::new();
    let mut images: Vec<(u32, ImageRef)> = Vec::new();
    for row in rows {
        let is_variant = !reader.table.cell(row, "Option1 Value").is_empty()
            || !reader.table.cell(row, "Variant Price").is_empty();
        if is_variant {
            variants.push(variant(reader, handle, row, names.len()));
        }
        let url = reader.text(row, "Image Src");
        if !url.is_empty() {
            let position = reader.table.cell(row, "Image Position").parse().unwrap_or(u32::MAX);
            images.push((position, ImageRef { url, alt: reader.text(row, "Image Alt Text") }));
        }
    }
    images.sort_by_key(|(position, _)| *position);
    let category = reader.text(first, "Type");
    Goods {
        slug: handle.to_owned(),
        title,
        brand: reader.text(first, "Vendor"),
        categories: if category.is_empty() { Vec::new() } else { vec![vec![category]] },
        tax: if reader.flag(first, "Variant Taxable", true) { Tax::Usual } else { Tax::Free },
        body: reader.text(first, "Body (HTML)"),
        tags: reader.list(first, "Tags"),
        seo_title: reader.text(first, "SEO Title"),
        seo_description: reader.text(first, "SEO Description"),
        images: images.into_iter().map(|(_, image)| image).collect(),
        options: names,
        variants,
        ..Goods::default()
    }
}

fn variant(reader: &mut Reader<'_>, handle: &str, row: &Row, options: usize) -> Sold {
    let value = |number: usize| reader.text(row, &format!("Option{number} Value"));
    let values = (1..=options).map(value).collect();
    let price = reader.amount(row, "Variant Price");
    let former = reader.amount(row, "Variant Compare At Price");
    // They are usual, say nothing about the goods, or follow from others.
    for known in ["Variant Fulfillment Service", "Variant Weight Unit", "Variant Inventory Tracker"] {
        reader.table.cell(row, known);
    }
    if reader.table.cell(row, "Variant Inventory Policy") == "continue" {
        reader.leave("sold there without stock; here only what is counted is sold", handle, "");
    }
    if !reader.flag(row, "Variant Requires Shipping", true) {
        reader.leave("not shipped there; here it is sold as goods", handle, "");
    }
    Sold {
        sku: reader.text(row, "Variant SKU").trim_start_matches('\'').to_owned(),
        values,
        price,
        former,
        // Shopify writes 0 where no weight was given.
        weight: reader.grams(row, "Variant Grams", 1.0).filter(|grams| *grams > 0),
        stock: reader.pieces(row, "Variant Inventory Qty", handle),
        image: reader.text(row, "Variant Image"),
    }
}

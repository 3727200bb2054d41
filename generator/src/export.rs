//! Exports all products as CSV: one row per SKU, for spreadsheets and other programs.
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe before it.

use std::path::Path;

use anyhow::Context;
use ipswich_catalog::Amount;

use crate::build::{BuildFailure, BuildOptions, catalog_of};
use crate::catalog::Catalog;
use crate::content::product::Product;
use crate::content::variants::Variant;
use crate::day::Day;

/// The columns, in their order. Weights are grams; amounts include tax and are decimals in `currency`.
pub const COLUMNS: [&str; 23] = [
    "slug",
    "title",
    "style",
    "sku",
    "brand",
    "category",
    "categories",
    "option1_name",
    "option1_value",
    "option2_name",
    "option2_value",
    "price",
    "compare_at",
    "currency",
    "tax",
    "weight",
    "stock",
    "image",
    "summary",
    "badges",
    "attributes",
    "seo_title",
    "seo_description",
];

/// What begins a formula in a spreadsheet.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The CSV of the project at `root` on the day `today`, with a line of column names and with drafts. Mistakes in the
/// content are told first.
pub fn export(root: &Path, today: Day) -> Result<String, BuildFailure> {
    let catalog = catalog_of(&BuildOptions { drafts: true, ..BuildOptions::new(root, today) })?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS).context("cannot write the column names")?;
    for product in catalog.products() {
        for variant in &product.variants {
            let cells = row(&catalog, product, variant).map(|cell| safe(&cell));
            writer.write_record(cells).context("cannot write a row")?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("cannot write the rows: {error}"))?;
    Ok(String::from_utf8(bytes).context("the rows are not UTF-8")?)
}

fn row(catalog: &Catalog, product: &Product, variant: &Variant) -> [String; COLUMNS.len()] {
    let settings = &catalog.settings.shop;
    let currency = settings.currency;
    let amount = |amount: Amount| currency.decimal(amount);
    let option =
        |index: usize| product.options.get(index).map(|option| option.name.clone()).unwrap_or_default();
    let value = |index: usize| variant.values.get(index).cloned().unwrap_or_default();
    let path = |id| catalog.category(id).path.clone();
    let others: Vec<String> = product.categories.iter().skip(1).map(|id| path(*id)).collect();
    let shown = product.images.get(variant.image.unwrap_or(0));
    let image = shown.map(|shown| catalog.picture(shown.picture).src.clone());
    let facts: Vec<String> =
        product.attributes.iter().map(|(name, text)| format!("{name}: {text}")).collect();
    [
        product.slug.to_string(),
        product.title.clone(),
        product.sku.to_string(),
        variant.sku.to_string(),
        product.brand_name().to_owned(),
        path(product.category),
        others.join(", "),
        option(0),
        value(0),
        option(1),
        value(1),
        amount(variant.price),
        product.compare_at.map(amount).unwrap_or_default(),
        settings.currency.to_string(),
        product.tax.clone(),
        variant.weight.to_string(),
        variant.stock.to_string(),
        image.map(|src| format!("{}{src}", settings.base_url)).unwrap_or_default(),
        product.summary.clone(),
        product.badges.join(", "),
        facts.join("; "),
        product.seo_title.clone().unwrap_or_default(),
        product.seo_description.clone().unwrap_or_default(),
    ]
}

/// The text, with an apostrophe before what would be a formula.
fn safe(text: &str) -> String {
    if text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_texts() {
        assert_eq!(safe("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(safe("+44"), "'+44");
        assert_eq!(safe("-1"), "'-1");
        assert_eq!(safe("@x"), "'@x");
        assert_eq!(safe("\tx"), "'\tx");
        assert_eq!(safe("A=1"), "A=1");
    }
}

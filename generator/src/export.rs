//! Exports all products as CSV: one row per SKU, for spreadsheets and other programs, and for [`crate::import`].
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe before it. Lists stand in one cell, with a
//! backslash before what is no separator.

pub(crate) mod cells;
pub(crate) mod written;

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;
use ipswich_catalog::Amount;

use self::cells::{join, safe};
use self::written::Written;
use crate::build::{BuildFailure, BuildOptions, catalog_of};
use crate::catalog::Catalog;
use crate::content::product::Product;
use crate::content::variants::Variant;
use crate::day::Day;
use crate::names::last_segment;
use crate::since::Since;
use crate::source::{self, TextFile, Texts};

/// The columns, in their order. Weights are grams; amounts include tax and are decimals in `currency`.
pub const COLUMNS: [&str; 34] = [
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
    "tags",
    "gtin",
    "published",
    "draft",
    "publish_from",
    "publish_until",
    "aliases",
    "related",
    "image_file",
    "images",
    "body",
];

/// The CSV of the project at `root` on the day `today`, with a line of column names and with drafts. Mistakes in the
/// content are told first.
pub fn export(root: &Path, today: Day) -> Result<String, BuildFailure> {
    let rows = rows(&BuildOptions::new(root, today))?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS).context("cannot write the column names")?;
    for row in rows {
        writer.write_record(row.cells).context("cannot write a row")?;
    }
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("cannot write the rows: {error}"))?;
    Ok(String::from_utf8(bytes).context("the rows are not UTF-8")?)
}

/// What is exported of a SKU.
pub(crate) struct Row {
    /// In the order of [`COLUMNS`].
    pub(crate) cells: [String; COLUMNS.len()],
    /// The product file.
    pub(crate) file: TextFile,
}

/// All rows of a project, with drafts; mistakes in the content are told first.
pub(crate) fn rows(options: &BuildOptions) -> Result<Vec<Row>, BuildFailure> {
    // Pages and prices of a release do not matter here, and drafts are goods too.
    let options = BuildOptions { drafts: true, since: Since::Nothing, ..options.clone() };
    let catalog = catalog_of(&options)?;
    let files = source::read_content(&options.content_folder(), &mut Texts::default(), &mut Vec::new())?;
    let by_slug: HashMap<&str, &TextFile> =
        files.products.iter().map(|file| (last_segment(file.stem()), file)).collect();
    let mut rows = Vec::new();
    for product in catalog.products() {
        let Some(file) = by_slug.get(product.slug.as_str()) else { continue };
        let written = Written::of(file);
        for variant in &product.variants {
            let cells = row(&catalog, product, variant, &written).map(|cell| safe(&cell));
            rows.push(Row { cells, file: (*file).clone() });
        }
    }
    Ok(rows)
}

fn row(
    catalog: &Catalog,
    product: &Product,
    variant: &Variant,
    written: &Written,
) -> [String; COLUMNS.len()] {
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
    let facts = product.attributes.iter().map(|(name, text)| join([name, text], ':'));
    let related = product.related.iter().map(|place| catalog.product(place.value).slug.as_str());
    let images = written.images.iter().map(|(name, alt)| join([name, alt], '|'));
    [
        product.slug.to_string(),
        product.title.clone(),
        product.sku.to_string(),
        variant.sku.to_string(),
        product.brand_name().to_owned(),
        path(product.category),
        join(&others, ','),
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
        join(written.list("badges"), ','),
        join(facts, ';'),
        product.seo_title.clone().unwrap_or_default(),
        product.seo_description.clone().unwrap_or_default(),
        join(product.tags.iter().map(|tag| &tag.value), ','),
        variant.gtin.clone().unwrap_or_default(),
        product.published.to_string(),
        written.value("draft").to_owned(),
        written.value("publish_from").to_owned(),
        written.value("publish_until").to_owned(),
        join(written.list("aliases"), ','),
        join(related, ','),
        written.variant_images.get(variant.sku.as_str()).cloned().unwrap_or_default(),
        join(images, '\n'),
        written.body.clone(),
    ]
}

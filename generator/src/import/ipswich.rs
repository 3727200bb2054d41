//! Our own table, as [`crate::export`] writes it: new products become files, and known ones get what changed.
//!
//! The table is compared with what would be exported now. Of a product that is there, only the values that differ
//! are touched; the rest of its file stays as the editor wrote it.

mod edit;
mod make;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use ipswich_catalog::{Amount, Sku, Slug};

use self::edit::Change;
use crate::build::{BuildFailure, BuildOptions};
use crate::day::Day;
use crate::export::cells::{plain, split};
use crate::export::{self, COLUMNS};
use crate::import::csv::{Row, Table};
use crate::import::goods::{Goods, Left, Reader, group};
use crate::import::pictures::{Found, Pictures};
use crate::import::{ImportOptions, ImportReport, categories, unused, write};
use crate::source::TextFile;

/// Columns that say the same as others in another way.
const DERIVED: [&str; 2] = ["image", "currency"];

/// What is left to do when the table was read.
#[derive(Default)]
struct Work {
    /// Files that are new, by their paths below the content.
    new: BTreeMap<String, Vec<u8>>,
    /// Product files that change, by their paths below the content, as they are to be.
    changed: BTreeMap<String, String>,
    left: Vec<Left>,
}

/// Imports a table. A mistake in it means that nothing is written.
pub(super) fn import(
    options: &ImportOptions,
    table: &Table,
    shop: &ipswich_catalog::settings::ShopSettings,
) -> Result<ImportReport, BuildFailure> {
    let known = known(options)?;
    let mut reader = Reader::new(table, shop.currency);
    table.require("Ipswich", &["slug", "title", "sku", "price"]).map_err(BuildFailure::Content)?;
    let mut pictures = Pictures::new(options.images.clone(), options.into.join("images"));
    let mut report = ImportReport { rows: table.rows.len(), ..ImportReport::default() };
    let mut work = Work::default();
    let mut goods = Vec::new();
    let mut seen: HashMap<&str, &str> = HashMap::new();
    let files: HashMap<&str, &TextFile> =
        known.values().map(|known| (known.slug.as_str(), &known.file)).collect();
    for (slug, rows) in group(table, |row| table.cell(row, "slug")) {
        for row in &rows {
            check(&mut reader, row, shop, &known, &mut seen);
        }
        report.products += 1;
        report.variants += rows.len();
        if reader.problems.is_empty() {
            match files.get(slug) {
                Some(file) => update(table, slug, &rows, &known, file, &mut work),
                None => {
                    let made = make::product(table, &rows, options, &mut pictures, &mut work.left)?;
                    work.new.insert(format!("products/{slug}.md"), made.into_bytes());
                    goods.push(filed(table, &rows));
                }
            }
        }
    }
    // All columns of ours count as read, whether a product needs them or not.
    if let Some(row) = table.rows.first() {
        COLUMNS.iter().for_each(|column| {
            table.cell(row, column);
        });
    }
    report.left = reader.left;
    report.left.extend(unused(table));
    if !reader.problems.is_empty() {
        reader.problems.sort();
        return Err(BuildFailure::Content(reader.problems));
    }
    for (path, text) in categories::missing(&options.into, &goods.iter().collect::<Vec<_>>()) {
        work.new.insert(path, text.into_bytes());
        report.categories += 1;
    }
    report.pictures = pictures.used.len();
    work.new.extend(pictures.used.into_iter().map(|(name, bytes)| (format!("images/{name}"), bytes)));
    report.written = write::write(&options.into, &work.new, options.overwrite, options.dry_run)?;
    for (path, text) in &work.changed {
        report.written.updated += 1;
        if !options.dry_run {
            write::replace(&options.into.join(path), text.as_bytes())?;
        }
    }
    report.left.append(&mut work.left);
    report.left.sort();
    report.left.dedup();
    Ok(report)
}

/// A SKU that is there already.
struct Known {
    slug: String,
    cells: [String; COLUMNS.len()],
    file: TextFile,
}

/// What is there, by SKU. A shop without products needs nothing else.
fn known(options: &ImportOptions) -> Result<HashMap<String, Known>, BuildFailure> {
    let mut known = HashMap::new();
    if !options.into.join("products").is_dir() {
        return Ok(known);
    }
    let root: PathBuf = options.into.parent().unwrap_or(&options.into).to_owned();
    let today: Day = options.published.parse().unwrap_or_else(|_| Day::from_unix(0));
    let build = BuildOptions { content: Some(options.into.clone()), ..BuildOptions::new(root, today) };
    for row in export::rows(&build)? {
        let cell = |column| row.cells.get(column).cloned().unwrap_or_default();
        known.insert(cell(3), Known { slug: cell(0), cells: row.cells, file: row.file });
    }
    Ok(known)
}

/// Reports cells that cannot be right, with their places.
fn check<'t>(
    reader: &mut Reader<'t>,
    row: &'t Row,
    shop: &ipswich_catalog::settings::ShopSettings,
    known: &HashMap<String, Known>,
    seen: &mut HashMap<&'t str, &'t str>,
) {
    let table = reader.table;
    let slug = table.cell(row, "slug");
    let mut reject = |column: &str, message: String, help: &str| {
        let _: Option<()> = reader.reject(row, column, message, help);
    };
    if let Err(error) = Slug::parse(slug) {
        reject("slug", format!("{slug:?} will not do: {error}"), "write it like waxed-cotton-cap");
    }
    let sku = table.cell(row, "sku");
    if let Err(error) = Sku::parse(sku) {
        reject("sku", format!("{sku:?} will not do: {error}"), "write it like HG-MUG-BLUE");
    } else if let Some(other) = seen.insert(sku, slug) {
        reject(
            "sku",
            format!("the SKU {sku} is also in a row of {other:?}"),
            "give each row a SKU of its own",
        );
    } else if let Some(other) = known.get(sku).filter(|known| known.slug != slug) {
        let message = format!("the SKU {sku} is that of the product {:?}", other.slug);
        reject("sku", message, "give this one another, or correct the slug");
    }
    let style = table.cell(row, "style");
    if let Some(error) = Sku::parse(style).err().filter(|_| !style.is_empty()) {
        reject("style", format!("{style:?} will not do: {error}"), "write it like HG-MUG");
    }
    if plain(table.cell(row, "title")).is_empty() {
        reject("title", "the row has no title".to_owned(), "add it");
    }
    let currency = table.cell(row, "currency");
    if !currency.is_empty() && currency != shop.currency.code() {
        let message = format!("the amounts are in {currency}, and the shop's currency is {}", shop.currency);
        reject("currency", message, "write the amounts in the shop's currency");
    }
    let tax = table.cell(row, "tax");
    if !tax.is_empty() && shop.tax_rate(tax).is_none() {
        reject("tax", format!("there is no tax class {tax:?}"), "use the id of a class of shop.toml");
    }
    for column in ["published", "publish_from", "publish_until"] {
        let text = table.cell(row, column);
        if !text.is_empty() && text.parse::<Day>().is_err() {
            reject(column, format!("{text:?} is no day"), "write it like 2026-09-14");
        }
    }
    for column in ["price", "compare_at"] {
        let text = table.cell(row, column);
        match Amount::parse_decimal(text, shop.currency.decimals()) {
            Ok(amount) if !amount.is_zero() => {}
            _ if text.is_empty() && column == "compare_at" => {}
            Ok(_) => reject(column, "the price is nothing".to_owned(), "goods have a price above 0"),
            Err(error) => {
                let help = "write digits with a point, such as 24.99, without a currency sign";
                reject(column, format!("{text:?} will not do: {error}"), help);
            }
        }
    }
    for column in ["weight", "stock"] {
        let text = table.cell(row, column);
        if !text.is_empty() && !text.parse::<u32>().is_ok_and(|number| number <= 1_000_000) {
            let help = "write a whole number up to 1000000; a weight is in grams";
            reject(column, format!("{text:?} will not do"), help);
        }
    }
}

/// Notes what differs from the file, and changes it where a value stands for itself.
fn update(
    table: &Table,
    slug: &str,
    rows: &[&Row],
    known: &HashMap<String, Known>,
    file: &TextFile,
    work: &mut Work,
) {
    let mut changes = Vec::new();
    let mut leave = |reason: &str, detail: String| {
        work.left.push(Left { reason: reason.to_owned(), product: slug.to_owned(), detail });
    };
    for row in rows {
        let sku = table.cell(row, "sku");
        let Some(known) = known.get(sku) else {
            leave("variants that the file does not have: add them there", sku.to_owned());
            continue;
        };
        for (column, before) in COLUMNS.iter().zip(&known.cells) {
            let now = table.cell(row, column);
            if !table.has(column) || DERIVED.contains(column) || now == before.replace("\r\n", "\n") {
                continue;
            }
            if edit::KEYS.contains(column) {
                changes.push(Change { sku: sku.to_owned(), key: column, value: plain(now).to_owned() });
            } else {
                leave("cells that differ from the file: change them there", format!("{column} of {sku}"));
            }
        }
    }
    if changes.is_empty() {
        return;
    }
    match edit::apply(file, &changes) {
        Ok(text) if text != *file.text => {
            let path = file.path.strip_prefix("content/").unwrap_or(&file.path);
            work.changed.insert(path.to_owned(), text);
        }
        Ok(_) => {}
        Err(keys) => leave("cells that differ from the file: change them there", keys.join(", ")),
    }
}

/// The categories of a product, for those that are missing.
fn filed(table: &Table, rows: &[&Row]) -> Goods {
    let cell = |column| rows.first().map_or("", |row| table.cell(row, column));
    let paths = std::iter::once(cell("category").to_owned()).chain(split(plain(cell("categories")), ','));
    let titles = |path: String| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    Goods { categories: paths.filter(|path| !path.is_empty()).map(titles).collect(), ..Goods::default() }
}

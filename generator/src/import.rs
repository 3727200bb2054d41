//! Imports the products of another shop: a CSV file in, content files and a report out.
//!
//! 1. [`csv`] splits the file; [`shopify`], [`woocommerce`] or [`spree`] reads its rows into [`goods`]. Every cell
//!    that cannot be read is a problem with its place, and then nothing is written.
//! 2. [`product`] and [`categories`] make content files of the goods; [`html`] cleans texts, [`pictures`] finds
//!    pictures. What cannot be carried is noted.
//! 3. [`mod@write`] writes what is new, and leaves what editors changed alone.

mod categories;
mod csv;
mod goods;
mod html;
mod ipswich;
pub(crate) mod names;
pub(crate) mod pictures;
mod product;
mod shopify;
mod spree;
pub(crate) mod toml_text;
mod woocommerce;
pub(crate) mod write;

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Write as _};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use walkdir::WalkDir;

use crate::build::BuildFailure;
use crate::content::{Parsed, settings};
use crate::fields::Notes;
use crate::front_matter;
use crate::front_matter::node::Shape;
use crate::import::csv::Table;
use crate::import::goods::{Catalog, Goods, Reader};
use crate::import::names::Taken;
use crate::import::pictures::Pictures;
use crate::import::product::{Maker, Product};
use crate::problem::{Problem, WrongUse};
use crate::source::TextFile;

pub use crate::import::goods::Left;
pub use crate::import::write::Written;

/// Whose export a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Source {
    /// Shopify's product export
    Shopify,
    /// WooCommerce's product export
    Woocommerce,
    /// Spree's product CSV
    Spree,
    /// The table that `ipswich export` writes
    Ipswich,
}

/// What to import, and where to.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Whose export it is.
    pub source: Source,
    /// The CSV file.
    pub file: PathBuf,
    /// A folder with the pictures of the other shop.
    pub images: Option<PathBuf>,
    /// The content folder to write to.
    pub into: PathBuf,
    /// The settings of the shop, which say its currency and tax classes.
    pub settings: PathBuf,
    /// The id of the usual tax class; the first of the settings if not given.
    pub tax: Option<String>,
    /// Pieces on hand of what the other shop does not count.
    pub stock: u32,
    /// The day that new products are published, `2026-11-23`.
    pub published: String,
    /// Whether to write over files that editors changed.
    pub overwrite: bool,
    /// Whether to write nothing.
    pub dry_run: bool,
}

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows of the file, without its column names and blank lines.
    pub rows: usize,
    /// Products that became files.
    pub products: usize,
    /// What is sold of them: variants, and products without any.
    pub variants: usize,
    /// Categories that were missing.
    pub categories: usize,
    /// Pictures that are used.
    pub pictures: usize,
    /// What became of the files.
    pub written: Written,
    /// What could not be carried, sorted by reason.
    pub left: Vec<Left>,
}

/// Imports a file. A mistake in it means that nothing is written.
pub fn import(options: &ImportOptions) -> Result<ImportReport, BuildFailure> {
    let name = options.file.to_string_lossy().replace('\\', "/");
    let shop = read_settings(&options.settings)?;
    let tax = match &options.tax {
        Some(tax) if shop.tax_rate(tax).is_none() => {
            return Err(BuildFailure::Io(WrongUse(format!("--tax: there is no tax class {tax:?}")).into()));
        }
        Some(tax) => tax.clone(),
        None => shop.tax_classes.first().map(|class| class.id.clone()).unwrap_or_default(),
    };
    let bytes = fs::read(&options.file).with_context(|| format!("cannot read {name}"))?;
    let table = Table::read(&name, bytes).map_err(BuildFailure::Content)?;
    if options.source == Source::Ipswich {
        return ipswich::import(options, &table, &shop);
    }
    let catalog = read(&table, options.source, shop.currency).map_err(BuildFailure::Content)?;
    let mut maker = Maker {
        settings: &shop,
        tax,
        stock: options.stock,
        skus: Taken::default(),
        slugs: Taken::default(),
        pictures: Pictures::new(options.images.clone(), options.into.join("images")),
        left: Vec::new(),
    };
    let mut report = ImportReport { rows: catalog.rows, left: catalog.left, ..ImportReport::default() };
    let known = Known::read(&options.into)?;
    let files = make(&mut maker, catalog.goods, &known, options, &mut report)?;
    report.pictures = maker.pictures.used.keys().filter(|name| *name != pictures::STAND_IN).count();
    report.left.append(&mut maker.left);
    if options.source == Source::Spree {
        report.left.extend(spree::beside(&options.file));
    }
    report.left.extend(unused(&table));
    report.left.sort();
    report.left.dedup();
    report.written = write::write(&options.into, &files, options.overwrite, options.dry_run)?;
    Ok(report)
}

fn read(table: &Table, source: Source, currency: ipswich_catalog::Currency) -> Result<Catalog, Vec<Problem>> {
    let reader = Reader::new(table, currency);
    match source {
        Source::Shopify => shopify::read(reader),
        Source::Woocommerce => woocommerce::read(reader),
        Source::Spree => spree::read(reader),
        // Its rows are our products already; [`ipswich`] has read them.
        Source::Ipswich => reader.finish(Vec::new()),
    }
}

/// Columns with cells that nobody asked for.
fn unused(table: &Table) -> Vec<Left> {
    let left = |(column, count): (&str, usize)| {
        let reason = "columns that nothing here is made of".to_owned();
        let detail = format!("{column:?} in {count} {}", if count == 1 { "row" } else { "rows" });
        Left { reason, product: String::new(), detail }
    };
    table.unused().into_iter().map(left).collect()
}

fn read_settings(path: &Path) -> Result<ipswich_catalog::settings::ShopSettings, BuildFailure> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file = TextFile {
        path: path.to_string_lossy().into_owned(),
        name: "shop.toml".into(),
        text: text.into(),
        is_read: true,
    };
    let Parsed { value, problems } = settings::parse(&file);
    match value {
        Some(settings) if problems.is_empty() => Ok(settings.shop),
        _ => Err(BuildFailure::Content(problems)),
    }
}

/// The files of all goods, by their paths below the content.
fn make(
    maker: &mut Maker<'_>,
    goods: Vec<Goods>,
    known: &Known,
    options: &ImportOptions,
    report: &mut ImportReport,
) -> Result<BTreeMap<String, Vec<u8>>, BuildFailure> {
    // Goods that are imported again take their own SKUs; those of all other products are taken.
    let again: Vec<String> = goods
        .iter()
        .map(|goods| names::slug(if goods.slug.is_empty() { &goods.title } else { &goods.slug }))
        .collect();
    let record = write::read_record(&options.into)?;
    let is_ours = |slug: &String| options.overwrite || record.contains_key(&format!("products/{slug}.md"));
    for (_, sku) in known.skus.iter().filter(|(slug, _)| !(again.contains(slug) && is_ours(slug))) {
        maker.skus.add(sku);
    }
    for slug in &known.in_folders {
        maker.slugs.add(slug);
    }
    let mut related = HashMap::new();
    let mut products: Vec<Product> = Vec::new();
    for goods in goods {
        let sku = goods.sku.clone();
        if let Some(product) = maker.settle(goods) {
            related.insert(sku, product.slug.clone());
            products.push(product);
        }
    }
    let mut files = BTreeMap::new();
    for product in &products {
        let path = format!("products/{}.md", product.slug);
        // The day of the first import stays.
        let published = known.published.get(&product.slug).unwrap_or(&options.published);
        let text = maker.file(product, published, &related)?;
        files.insert(path, text.into_bytes());
        report.products += 1;
        report.variants += product.goods.variants.len();
    }
    let goods: Vec<&Goods> = products.iter().map(|product| &product.goods).collect();
    for (path, text) in categories::missing(&options.into, &goods) {
        files.insert(path, text.into_bytes());
        report.categories += 1;
    }
    for (name, bytes) in &maker.pictures.used {
        files.insert(format!("images/{name}"), bytes.clone());
    }
    Ok(files)
}

/// What is there already.
#[derive(Debug, Default)]
struct Known {
    /// Slugs with their SKUs.
    skus: Vec<(String, String)>,
    /// The days of publication by slug.
    published: HashMap<String, String>,
    /// Slugs of files in folders of their own, which an import never writes to.
    in_folders: Vec<String>,
}

impl Known {
    fn read(content: &Path) -> Result<Known, BuildFailure> {
        let mut known = Known::default();
        let folder = content.join("products");
        if !folder.is_dir() {
            return Ok(known);
        }
        for entry in WalkDir::new(&folder).sort_by_file_name() {
            let entry = entry.with_context(|| format!("cannot read the folder {}", folder.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(slug) = name.strip_suffix(".md") else { continue };
            if entry.depth() > 1 {
                known.in_folders.push(slug.to_owned());
            }
            let text = fs::read_to_string(entry.path())
                .with_context(|| format!("cannot read {}", entry.path().display()))?;
            known.add(
                slug,
                &TextFile { path: name.clone(), name: name.clone(), text: text.into(), is_read: true },
            );
        }
        Ok(known)
    }

    /// Files with mistakes are not the import's to report; what can be read of them counts.
    fn add(&mut self, slug: &str, file: &TextFile) {
        let Ok(parts) = front_matter::split(file) else { return };
        let notes = Notes::of(file, &parts);
        let Some(head) = front_matter::read(&notes, &parts) else { return };
        let table = head.table();
        let mut tables = vec![table];
        if let Some((_, node)) = table.get("variants")
            && let Shape::List(variants) = node.shape()
        {
            tables.extend((0..variants.len()).filter_map(|index| match variants.get(index)?.shape() {
                Shape::Table(variant) => Some(variant),
                _ => None,
            }));
        }
        for table in tables {
            if let Some((_, node)) = table.get("sku")
                && let Shape::Text(sku) | Shape::Bare(sku) = node.shape()
            {
                self.skus.push((slug.to_owned(), sku.to_owned()));
            }
        }
        let published = match table.get("published").map(|(_, node)| node.shape()) {
            Some(Shape::Moment(day)) => day.to_string(),
            Some(Shape::Bare(day)) => day.to_owned(),
            _ => return,
        };
        self.published.insert(slug.to_owned(), published);
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Written { new, updated, unchanged, kept } = &self.written;
        writeln!(f, "rows: {}; products: {}, variants: {}", self.rows, self.products, self.variants)?;
        writeln!(f, "categories added: {}; pictures used: {}", self.categories, self.pictures)?;
        writeln!(f, "files: {new} new, {updated} updated, {unchanged} unchanged, {} kept", kept.len())?;
        for path in kept {
            writeln!(f, "  {path} was edited here, or is not from an import; --overwrite replaces it")?;
        }
        let mut reasons: BTreeMap<&str, Vec<&Left>> = BTreeMap::new();
        for left in &self.left {
            reasons.entry(&left.reason).or_default().push(left);
        }
        if !reasons.is_empty() {
            f.write_str("not carried as it was:\n")?;
        }
        for (reason, all) in reasons {
            writeln!(f, "  {reason} ({})", all.len())?;
            let mut line = String::new();
            for left in all {
                line.clear();
                let parts = [left.product.as_str(), left.detail.as_str()];
                let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                let _ = write!(line, "{}", parts.join(": "));
                if !line.is_empty() {
                    writeln!(f, "    {line}")?;
                }
            }
        }
        Ok(())
    }
}

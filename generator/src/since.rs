//! Compares the catalog with the last release: pages that would vanish, and prices that jump.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context, Result};
use ipswich_catalog::{Amount, Sku};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::build::BuildOptions;
use crate::catalog::Catalog;
use crate::content::product::Product;
use crate::content::variants::Variant;
use crate::names::last_segment;
use crate::pages::PagePlan;
use crate::plain::RELEASE_PATH;
use crate::problem::Problem;
use crate::source::{ContentFiles, TextFile};

/// What a build is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Since {
    /// Nothing: pages may go and prices may jump, as they do while somebody writes.
    Nothing,
    /// The release in the output folder, if there is one.
    #[default]
    Output,
    /// The list of files of a release, `release.json`.
    File(PathBuf),
}

/// What matters of the last release.
#[derive(Debug, Deserialize)]
struct LastRelease<'r> {
    #[serde(borrow)]
    files: BTreeMap<Cow<'r, str>, IgnoredAny>,
    #[serde(default)]
    prices: BTreeMap<Sku, Amount>,
}

/// All problems that only the last release shows.
pub(crate) fn check(
    options: &BuildOptions,
    files: &ContentFiles,
    catalog: &Catalog,
    plans: &[PagePlan],
) -> Result<Vec<Problem>> {
    let path = match &options.since {
        Since::Nothing => return Ok(Vec::new()),
        Since::Output => options.out.join(RELEASE_PATH),
        Since::File(path) => path.clone(),
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound && options.since == Since::Output => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let last: LastRelease<'_> = serde_json::from_str(&text)
        .with_context(|| format!("{} is not the list of files of a release", path.display()))?;
    let mut problems = jumps(files, catalog, &last.prices);
    if !options.allow_vanished {
        problems.extend(vanished(files, catalog, plans, &last));
    }
    Ok(problems)
}

/// Pages of the last release that are neither there nor lead anywhere.
fn vanished(
    files: &ContentFiles,
    catalog: &Catalog,
    plans: &[PagePlan],
    last: &LastRelease<'_>,
) -> Vec<Problem> {
    let mut there: HashSet<String> = plans.iter().map(|plan| plan.url.clone()).collect();
    there.extend(catalog.redirects.iter().map(|redirect| redirect.from.clone()));
    let gone = last.files.keys().filter_map(|path| address(path)).filter(|url| !there.contains(url));
    gone.map(|url| {
        let hidden =
            url.strip_prefix("/product/").and_then(|slug| product_file(files, slug.trim_end_matches('/')));
        let place = hidden.map_or("content/shop.toml", |file| &file.path);
        let message = format!("the page {url} of the last release is gone");
        let help = format!(
            "give the page that replaces it aliases = [{url:?}], or add [[redirects]] to content/shop.toml; \
             --allow-vanished lets it go"
        );
        Problem::of_file(place, message, help)
    })
    .collect()
}

/// The address of a page. Further pages of a list come and go with its products, and nobody links to the 404.
fn address(path: &str) -> Option<String> {
    let page = path.strip_suffix(".html")?;
    let is_further = page
        .rsplit_once("/page/")
        .is_some_and(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
    match page {
        _ if page == "404" || page.ends_with("/404") => None,
        "index" => Some("/".to_owned()),
        _ if is_further => None,
        _ => Some(format!("/{page}/")),
    }
}

fn product_file<'f>(files: &'f ContentFiles, slug: &str) -> Option<&'f TextFile> {
    files.products.iter().find(|file| last_segment(file.stem()) == slug)
}

/// Prices that changed beyond the limit and that nobody confirmed; one problem for each place in a file.
fn jumps(files: &ContentFiles, catalog: &Catalog, prices: &BTreeMap<Sku, Amount>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for product in catalog.products() {
        let mut told = BTreeSet::new();
        for variant in &product.variants {
            let Some(before) = prices.get(&variant.sku) else { continue };
            let is_new = !told.contains(&variant.price_place.start);
            if is_new && jumped(catalog, *before, variant) {
                told.insert(variant.price_place.start);
                problems.extend(jump(files, catalog, product, variant, *before));
            }
        }
    }
    problems
}

fn jumped(catalog: &Catalog, before: Amount, variant: &Variant) -> bool {
    let (before, now) = (i128::from(before.minor()), i128::from(variant.price.minor()));
    let limit = i128::from(catalog.settings.price_jump_percent);
    (now - before).abs() * 100 > before * limit && variant.confirmed != Some(variant.price)
}

fn jump(
    files: &ContentFiles,
    catalog: &Catalog,
    product: &Product,
    variant: &Variant,
    before: Amount,
) -> Option<Problem> {
    let file = product_file(files, product.slug.as_str())?;
    let now = catalog.decimal(variant.price);
    let message = format!(
        "the price of {} goes from {} to {now}, by more than {}%",
        variant.sku,
        catalog.decimal(before),
        catalog.settings.price_jump_percent
    );
    let help = format!("if that is meant, add price_confirmed = \"{now}\" beside it");
    Some(file.problem(variant.price_place.clone(), message, help))
}

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
use crate::catalog::{Catalog, Drafts};
use crate::content::product::Product;
use crate::content::settings::Settings;
use crate::content::variants::Variant;
use crate::front_matter::Syntax;
use crate::names::{LinkTarget, Names, RESERVED, last_segment};
use crate::pages::PagePlan;
use crate::plain::RELEASE_PATH;
use crate::problem::Problem;
use crate::redirects::Redirect;
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
    let mut there: HashSet<String> = plans.iter().map(|plan| plan.url.clone()).collect();
    there.extend(catalog.redirects.iter().map(|redirect| redirect.from.clone()));
    compare(options, files, catalog.products().iter().map(|product| &**product), &catalog.settings, |url| {
        !there.contains(url)
    })
}

/// The same while some files have mistakes, so that an editor reads of everything at once. What such a file may have
/// said is not known, so a page counts as gone only if no file can stand for it.
pub(crate) fn check_drafts(
    options: &BuildOptions,
    files: &ContentFiles,
    names: &Names<'_>,
    drafts: &Drafts,
    redirects: &[Redirect],
    settings: &Settings,
) -> Result<Vec<Problem>> {
    let broken = drafts.broken(files);
    let leads_away = |url: &str| {
        redirects.iter().any(|redirect| redirect.from == url)
            || broken.iter().any(|file| file.text.contains(url))
    };
    let is_gone = |url: &str| {
        let inner = url.trim_matches('/');
        let is_page = !inner.contains('/') && !RESERVED.contains(&inner);
        let has_file = is_page
            || ["product/", "category/", "collection/", "blog/"].iter().any(|kind| inner.starts_with(kind));
        let there = match names.page_at(url) {
            Some(LinkTarget::Product(id)) => drafts
                .products
                .get(id.0)
                .and_then(Option::as_ref)
                .is_none_or(|product| product.hidden.is_none()),
            Some(LinkTarget::Post(index)) => {
                drafts.posts.get(index).and_then(Option::as_ref).is_none_or(|post| post.hidden.is_none())
            }
            target => target.is_some(),
        };
        has_file && !there && !leads_away(url)
    };
    compare(options, files, drafts.products.iter().flatten().map(|product| &**product), settings, is_gone)
}

fn compare<'p>(
    options: &BuildOptions,
    files: &ContentFiles,
    products: impl Iterator<Item = &'p Product>,
    settings: &Settings,
    is_gone: impl Fn(&str) -> bool,
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
    let mut problems = jumps(files, products, settings, &last.prices);
    if !options.allow_vanished {
        problems.extend(vanished(files, &last, is_gone));
    }
    Ok(problems)
}

/// Pages of the last release that are neither there nor lead anywhere.
fn vanished(files: &ContentFiles, last: &LastRelease<'_>, is_gone: impl Fn(&str) -> bool) -> Vec<Problem> {
    let gone = last.files.keys().filter_map(|path| address(path)).filter(|url| is_gone(url));
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

/// The address of a page. Further pages of a list and its other orders come and go with its products, and nobody links to the 404.
fn address(path: &str) -> Option<String> {
    let page = path.strip_suffix(".html")?;
    let is_further = page
        .rsplit_once("/page/")
        .is_some_and(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()))
        || page.contains("/sort/");
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
fn jumps<'p>(
    files: &ContentFiles,
    products: impl Iterator<Item = &'p Product>,
    settings: &Settings,
    prices: &BTreeMap<Sku, Amount>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for product in products.filter(|product| product.hidden.is_none()) {
        let mut told = BTreeSet::new();
        for variant in &product.variants {
            let Some(before) = prices.get(&variant.sku) else { continue };
            let is_new = !told.contains(&variant.price_place.start);
            if is_new && jumped(settings, *before, variant) {
                told.insert(variant.price_place.start);
                problems.extend(jump(files, settings, product, variant, *before));
            }
        }
    }
    problems
}

fn jumped(settings: &Settings, before: Amount, variant: &Variant) -> bool {
    let (before, now) = (i128::from(before.minor()), i128::from(variant.price.minor()));
    let limit = i128::from(settings.price_jump_percent);
    (now - before).abs() * 100 > before * limit && variant.confirmed != Some(variant.price)
}

fn jump(
    files: &ContentFiles,
    settings: &Settings,
    product: &Product,
    variant: &Variant,
    before: Amount,
) -> Option<Problem> {
    let file = product_file(files, product.slug.as_str())?;
    let decimal = |amount| settings.shop.money_format().decimal(amount);
    let now = decimal(variant.price);
    let message = format!(
        "the price of {} goes from {} to {now}, by more than {}%",
        variant.sku,
        decimal(before),
        settings.price_jump_percent
    );
    let confirm = Syntax::of(file).set("price_confirmed", &format!("\"{now}\""));
    let help = format!("if that is meant, add {confirm} beside it");
    Some(file.problem(variant.price_place.clone(), message, help))
}

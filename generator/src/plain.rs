//! The files that are neither pages nor records: site map, robots, response headers, and the list of all files.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Result;
use ipswich_catalog::headers::{CACHE_HASHED, SECURITY_HEADERS};
use ipswich_catalog::{Amount, Sku};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::hash::full_hash;
use crate::markdown::escape;
use crate::memory::Entry;
use crate::output::OutputFile;
use crate::pages::PagePlan;

/// Where the list of all files is.
pub(crate) const RELEASE_PATH: &str = "release.json";

/// All addresses that search engines may list: the pages in each language, in the same order.
pub(crate) fn sitemap(catalog: &Catalog, plans: &[Vec<PagePlan>]) -> OutputFile {
    let several = plans.len() > 1;
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"");
    text.push_str(if several { " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n" } else { ">\n" });
    for index in 0..plans.first().map_or(0, Vec::len) {
        let all: Vec<&PagePlan> = plans.iter().filter_map(|plans| plans.get(index)).collect();
        if !all.iter().all(|plan| plan.is_listed()) {
            continue;
        }
        let mut links = String::new();
        for (plan, language) in all.iter().zip(catalog.edition.languages.iter()) {
            let url = escape(&catalog.absolute(&plan.url));
            let mut link = |name: &str| {
                let _ = write!(links, "<xhtml:link rel=\"alternate\" hreflang=\"{name}\" href=\"{url}\"/>");
            };
            link(language.locale.tag());
            if language.prefix.is_empty() {
                link("x-default");
            }
        }
        for plan in all {
            let _ = writeln!(text, "<url><loc>{}</loc>{links}</url>", escape(&catalog.absolute(&plan.url)));
        }
    }
    text.push_str("</urlset>\n");
    OutputFile { path: "sitemap.xml".to_owned(), bytes: text.into_bytes() }
}

/// What robots should leave alone: everything that is personal.
pub(crate) fn robots(catalog: &Catalog) -> OutputFile {
    let mut text = String::from("User-agent: *\n");
    for folder in ["accounts", "admin", "cart", "checkout", "order", "orders"] {
        let _ = writeln!(text, "Disallow: /{folder}/");
    }
    let _ = writeln!(text, "\nSitemap: {}", catalog.absolute("/sitemap.xml"));
    OutputFile { path: "robots.txt".to_owned(), bytes: text.into_bytes() }
}

/// The response headers of static files, from the table that the shop uses for its answers.
pub(crate) fn headers() -> OutputFile {
    let mut text = String::from("/*\n");
    for (name, value) in SECURITY_HEADERS {
        let _ = writeln!(text, "  {name}: {value}");
    }
    let _ = writeln!(text, "/assets/*\n  cache-control: {CACHE_HASHED}");
    OutputFile { path: "_headers".to_owned(), bytes: text.into_bytes() }
}

/// Every file of a release with the BLAKE3 hash of its bytes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseRecord {
    /// The release: a hash over the list of files.
    pub release: String,
    /// Hash by path. The list does not hold itself.
    pub files: BTreeMap<String, String>,
    /// Price by SKU, in minor units, which the next build compares its own with.
    #[serde(default)]
    pub prices: BTreeMap<Sku, Amount>,
}

/// The name of a release: a hash over all its files and over the shop record without that name.
pub(crate) fn release_name(entries: &[Entry], nameless_record: &OutputFile) -> String {
    let line = |path: &str, hash: &str| format!("{path} {hash}\n");
    let mut lines: Vec<String> =
        entries.par_iter().map(|entry| line(&entry.path, &entry.hash_text())).collect();
    lines.push(line(&nameless_record.path, &full_hash(&nameless_record.bytes)));
    lines.par_sort_unstable();
    let mut hasher = blake3::Hasher::new();
    lines.iter().for_each(|line| {
        hasher.update(line.as_bytes());
    });
    hasher.finalize().to_hex().chars().take(16).collect()
}

/// The file that lists all others.
pub(crate) fn release_file(release: &str, catalog: &Catalog, entries: &[Entry]) -> Result<OutputFile> {
    let files = entries.iter().map(|entry| (entry.path.clone(), entry.hash_text())).collect();
    let variants = catalog.products().iter().flat_map(|product| &product.variants);
    let prices = variants.map(|variant| (variant.sku.clone(), variant.price)).collect();
    let record = ReleaseRecord { release: release.to_owned(), files, prices };
    let mut bytes = serde_json::to_vec_pretty(&record)?;
    bytes.push(b'\n');
    Ok(OutputFile { path: RELEASE_PATH.to_owned(), bytes })
}

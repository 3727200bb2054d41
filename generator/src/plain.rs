//! The files that are neither pages nor records: robots, response headers, and the list of all files.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Result;
use ipswich_catalog::headers::{CACHE_HASHED, FILE_HEADERS, SECURITY_HEADERS};
use ipswich_catalog::{Amount, Sku};
use rayon::prelude::*;
use serde::{Deserialize, Serialize, Serializer};

use crate::catalog::Catalog;
use crate::hash::full_hash;
use crate::memory::Entry;
use crate::output::OutputFile;

/// Where the list of all files is.
pub(crate) const RELEASE_PATH: &str = "release.json";

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
    let mut group = "";
    for (path, name, value) in FILE_HEADERS {
        // A path that comes again would replace the first.
        if path != group {
            let _ = writeln!(text, "{path}");
            group = path;
        }
        let _ = writeln!(text, "  {name}: {value}");
    }
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

/// The name of a release: a hash over all its files and over the shop records without that name.
pub(crate) fn release_name(entries: &[Entry], nameless_records: &[OutputFile]) -> String {
    let line = |path: &str, hash: &str| format!("{path} {hash}\n");
    let mut lines: Vec<String> =
        entries.par_iter().map(|entry| line(&entry.path, &entry.hash_text())).collect();
    lines.extend(nameless_records.iter().map(|record| line(&record.path, &full_hash(&record.bytes))));
    lines.par_sort_unstable();
    let mut hasher = blake3::Hasher::new();
    lines.iter().for_each(|line| {
        hasher.update(line.as_bytes());
    });
    hasher.finalize().to_hex().chars().take(16).collect()
}

/// The file that lists all others: a [`ReleaseRecord`], written from what is there already.
pub(crate) fn release_file(release: &str, catalog: &Catalog, entries: &[Entry]) -> Result<OutputFile> {
    let variants = catalog.products().iter().flat_map(|product| &product.variants);
    let mut prices: Vec<(&Sku, Amount)> = variants.map(|variant| (&variant.sku, variant.price)).collect();
    prices.par_sort_unstable();
    let record = Record { release, files: Files(entries), prices: Prices(&prices) };
    let mut bytes = serde_json::to_vec_pretty(&record)?;
    bytes.push(b'\n');
    Ok(OutputFile { path: RELEASE_PATH.to_owned(), bytes })
}

#[derive(Serialize)]
struct Record<'r> {
    release: &'r str,
    files: Files<'r>,
    prices: Prices<'r>,
}

struct Files<'r>(&'r [Entry]);

impl Serialize for Files<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|entry| (&entry.path, entry.hash_text())))
    }
}

struct Prices<'r>(&'r [(&'r Sku, Amount)]);

impl Serialize for Prices<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

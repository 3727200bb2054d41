//! Which package may depend on which. The README and the design have the same table.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{Dependency, MetadataCommand, Package};

/// Every package of the workspace with the packages it depends on.
const ARROWS: [(&str, &[&str]); 8] = [
    ("ipswich-catalog", &[]),
    ("ipswich-search", &[]),
    ("ipswich-theme", &["ipswich-catalog"]),
    ("ipswich", &["ipswich-catalog", "ipswich-search", "ipswich-server", "ipswich-theme"]),
    ("ipswich-shop", &["ipswich-catalog", "ipswich-search", "ipswich-theme"]),
    ("ipswich-edge", &["ipswich-shop"]),
    ("ipswich-server", &["ipswich-shop"]),
    (
        "ipswich-tests",
        &["ipswich", "ipswich-catalog", "ipswich-search", "ipswich-server", "ipswich-shop", "ipswich-theme"],
    ),
];

/// Crates that only some packages may name: the platform, and whatever has a clock, randomness or files.
const CONFINED: [(&str, &[&str]); 6] = [
    ("worker", &["ipswich-edge"]),
    ("wasm-bindgen", &["ipswich-edge"]),
    ("rusqlite", &["ipswich-server", "ipswich-tests"]),
    ("tokio", &["ipswich", "ipswich-server", "ipswich-tests"]),
    ("getrandom", &["ipswich-edge", "ipswich-server"]),
    ("chrono", &["ipswich"]),
];

fn packages() -> Vec<Package> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap().packages
}

/// Names of the dependencies that `keep` keeps. Those for tests only are left out: they are in no product.
fn names(package: &Package, keep: impl Fn(&Dependency) -> bool) -> BTreeSet<String> {
    let shipped =
        package.dependencies.iter().filter(|one| one.kind != cargo_metadata::DependencyKind::Development);
    shipped.filter(|one| keep(one)).map(|one| one.name.clone()).collect()
}

#[test]
fn packages_depend_on_each_other_as_designed() {
    let found: BTreeMap<String, BTreeSet<String>> = packages()
        .iter()
        .map(|one| (one.name.to_string(), names(one, |other| other.path.is_some())))
        .collect();
    let designed: BTreeMap<String, BTreeSet<String>> = ARROWS
        .iter()
        .map(|(name, others)| ((*name).to_owned(), others.iter().map(|other| (*other).to_owned()).collect()))
        .collect();
    assert_eq!(found, designed);
}

#[test]
fn platform_and_system_stay_where_they_belong() {
    for package in packages() {
        let named = names(&package, |_| true);
        for (krate, may) in CONFINED {
            assert!(
                !named.contains(krate) || may.contains(&package.name.as_str()),
                "{} must not depend on {krate}",
                package.name
            );
        }
    }
}

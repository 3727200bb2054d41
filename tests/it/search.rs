//! The search index: what shoppers find in the demo shop, and how the engine bears bad input.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use insta::assert_snapshot;
use ipswich::{BuildOptions, Day};
use ipswich_search::{Card, Checked, File, Files, Found, Index, Loaded, Query};
use ipswich_tests::SiteTest;

/// The index of the demo shop.
static DEMO: LazyLock<Loaded> = LazyLock::new(|| {
    let folder = tempfile::TempDir::new().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let options = BuildOptions::new(root, "2026-11-23".parse::<Day>().unwrap());
    let options = BuildOptions { out: folder.path().to_owned(), ..options };
    ipswich::build(&options).unwrap_or_else(|failure| panic!("{failure:?}"));
    load(folder.path())
});

fn files(folder: &Path) -> Vec<(File, PathBuf)> {
    let shards = (0..8).flat_map(|number| [File::Words(number), File::Skus(number), File::Cards(number)]);
    let files = [File::Head, File::Phrases].into_iter().chain(shards);
    files.map(|file| (file, folder.join(file.path()))).filter(|(_, path)| path.exists()).collect()
}

fn load(folder: &Path) -> Loaded {
    let mut loaded = Loaded::default();
    for (file, path) in files(folder) {
        loaded.insert(file, Checked::new(std::fs::read(path).unwrap()).unwrap());
    }
    loaded
}

fn ask(loaded: &Loaded, query: &Query) -> (Found, Vec<Card>) {
    let index = Index::open(loaded.get(File::Head).unwrap()).unwrap();
    let plan = index.plan(query).unwrap();
    let found = index.find(query, &plan, loaded).unwrap();
    let cards = index.cards(&found.documents, loaded).unwrap();
    (found, cards)
}

fn titles(query: &Query) -> Vec<String> {
    ask(&DEMO, query).1.into_iter().map(|card| card.title).collect()
}

#[test]
fn shoppers_find_what_they_mean() {
    let table = include_str!("search/relevance.txt");
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut missed = Vec::new();
    let mut count = 0;
    for line in lines {
        let (words, slug) = line.split_once(" = ").unwrap();
        let (_, cards) = ask(&DEMO, &Query::of(words));
        let url = format!("/product/{slug}/");
        if !cards.iter().take(3).any(|card| card.url == url) {
            let place = cards.iter().position(|card| card.url == url);
            let first: Vec<&str> = cards.iter().take(3).map(|card| card.title.as_str()).collect();
            missed.push(format!("{words}: {slug} is at {place:?}, first are {first:?}"));
        }
        count += 1;
    }
    assert!(count >= 100, "{count} queries");
    assert!(missed.is_empty(), "{} of {count} queries:\n{}", missed.len(), missed.join("\n"));
}

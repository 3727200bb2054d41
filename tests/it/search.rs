//! The search index: what shoppers find in the demo shop, and how the engine bears bad input.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use insta::assert_snapshot;
use ipswich::{BuildOptions, Day};
use ipswich_search::{Card, Checked, Facet, File, Files, Found, Index, Loaded, Query};
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

#[test]
fn facets_of_the_demo_shop() {
    let (found, _) = ask(&DEMO, &Query::of("wool"));
    let facet = |facet: &Facet| {
        let values = facet.values.iter().take(4).map(|value| format!("{} {}", value.name, value.count));
        format!("{} ({}): {}", facet.name, facet.key, values.collect::<Vec<_>>().join(", "))
    };
    let told: Vec<String> = found.facets.iter().map(facet).collect();
    assert_snapshot!(told.join("\n"), @r#"
    category (category): Clothing 4, Sports & Outdoors 3, Walking 3, Accessories 2
    brand (brand): Orwell Knit Co. 4, Fold & Fell 1, Marram Linen 1
    Colour (colour): Moss 4, Navy 2, Oatmeal 2, Rust 2
    Made in (made-in): Suffolk 3, Leicester 1, Norfolk 1, Yorkshire 1
    Size (size): S 2, M 2, L 2, XL 2
    "#);
}

#[test]
fn a_rebuilt_index_is_the_same() {
    let site = SiteTest::new().build();
    let search = |site: &SiteTest| -> Vec<(PathBuf, Vec<u8>)> {
        site.output().into_iter().filter(|(path, _)| path.starts_with("_shop/search")).collect()
    };
    let first = search(&site);
    assert_eq!(first.len(), 5, "head, phrases, and one shard of each kind");
    assert_eq!(search(&SiteTest::new().build()), first);
}

const SYNONYMS: &str = "content/synonyms.toml";

#[test]
fn synonyms_come_from_the_content() {
    let site = SiteTest::new().write(SYNONYMS, "groups = [[\"mug\", \"drinking vessel\"]]\n").build();
    let loaded = load(&site.root().join("dist"));
    let (found, cards) = ask(&loaded, &Query::of("drinking vessels"));
    assert_eq!((found.total, cards[0].url.as_str()), (1, "/product/mug/"));
}

#[test]
fn mistakes_in_synonyms_are_told_with_their_place() {
    let wrong = "groups = [[\"mug\"], [\"cap\", \"hat\", \"cap\"], \"tea\"]\ngroup = 1\n\n[[one_way]]\nfrom = \"hat\"\nto = []\n\n[[one_way]]\nto = [\"cap\", 3]\n";
    assert_snapshot!(SiteTest::new().write(SYNONYMS, wrong).problems(), @r#"
    content/synonyms.toml:1:11: a group of one word
      1 | groups = [["mug"], ["cap", "hat", "cap"], "tea"]
        |           ^^^^^^^
      help: write at least two words that mean the same
    content/synonyms.toml:1:35: "cap" is in the list already
      1 | groups = [["mug"], ["cap", "hat", "cap"], "tea"]
        |                                   ^^^^^
      help: remove one of the two
    content/synonyms.toml:1:43: "groups" must be a list, not a text
      1 | groups = [["mug"], ["cap", "hat", "cap"], "tea"]
        |                                           ^^^^^
      help: write groups = ["…"]
    content/synonyms.toml:2:1: unknown key "group"
      2 | group = 1
        | ^^^^^
      help: the list of synonyms has groups, one_way
    content/synonyms.toml:6:6: the list is empty
      6 | to = []
        |      ^^
      help: write the words it finds
    content/synonyms.toml:8:1: the key "from" is missing
      8 | [[one_way]]
        | ^^^^^^^^^^^
      help: add "from" for a one-way synonym
    content/synonyms.toml:9:14: "to" must be a text, not a whole number
      9 | to = ["cap", 3]
        |              ^
      help: write to = "…"
    "#);
    let broken = SiteTest::new().write(SYNONYMS, "groups = [\n").problems();
    assert!(broken.contains("content/synonyms.toml:1:11: this is not valid TOML"), "{broken}");
}

//! Every rule of the catalog compiler as a pair, the good beside the bad, and all of the bad in one run.
//!
//! A pair changes the small shop twice: what `good` writes builds, and what `bad` then changes is refused. The names
//! of files are those of the rules, so that the mistakes of all pairs can stand side by side in one shop.

use std::collections::BTreeSet;

use ipswich_tests::SiteTest;

mod goods;
mod shop;
mod texts;

/// One change of the shop.
#[derive(Clone)]
enum Edit {
    /// A file with these bytes.
    Write(String, Vec<u8>),
    /// Another text in a file.
    Replace(String, &'static str, &'static str),
    /// No file.
    Remove(String),
    /// A link to a file that is not there.
    #[cfg(unix)]
    Dangle(String),
}

/// A rule: what an editor may write, and the mistake that is nearest to it.
#[derive(Clone)]
struct Pair {
    name: &'static str,
    good: Vec<Edit>,
    bad: Vec<Edit>,
    /// Whether the mistake leaves the rest of the shop to be checked.
    together: bool,
}

const SHOP: &str = "content/shop.toml";
const MUG: &str = include_str!("../../src/site/mug.md");
const CAP: &str = include_str!("../../src/site/cap.md");
const PAGE: &str = include_str!("../../src/site/about.md");

impl Pair {
    fn new(name: &'static str, good: Vec<Edit>, bad: Vec<Edit>) -> Pair {
        Pair { name, good, bad, together: true }
    }

    /// A file of its own, with one text or another in it.
    fn file(name: &'static str, path: &str, text: &str, good: &str, bad: &str) -> Pair {
        assert!(text.contains(good), "{name}: there is no {good:?}");
        let write = |text: String| vec![Edit::Write(path.to_owned(), text.into_bytes())];
        Pair::new(name, write(text.to_owned()), write(text.replacen(good, bad, 1)))
    }

    /// A product that is sold as one SKU.
    fn mug(name: &'static str, good: &str, bad: &str) -> Pair {
        let text = MUG.replace("MUG-BLUE", &sku(name));
        Pair::file(name, &product(name), &text, good, bad)
    }

    /// A product with options.
    fn cap(name: &'static str, good: &str, bad: &str) -> Pair {
        let text = CAP.replace("\"CAP", &format!("\"{}", sku(name)));
        Pair::file(name, &product(name), &text, good, bad)
    }

    /// The settings.
    fn settings(name: &'static str, good: &'static str, bad: &'static str) -> Pair {
        Pair::new(name, Vec::new(), vec![Edit::Replace(SHOP.to_owned(), good, bad)])
    }

    /// The mistake hides others, so it is told alone.
    fn alone(self) -> Pair {
        Pair { together: false, ..self }
    }
}

fn product(name: &str) -> String {
    format!("content/products/{}.md", name.replace('_', "-"))
}

/// A SKU of a rule's own.
fn sku(name: &str) -> String {
    let text: String = name.to_uppercase().replace('_', "-").chars().take(24).collect();
    text.trim_end_matches('-').to_owned()
}

fn pairs() -> Vec<Pair> {
    [goods::pairs(), texts::pairs(), shop::pairs()].concat()
}

fn apply(site: SiteTest, edits: &[Edit]) -> SiteTest {
    edits.iter().fold(site, |site, edit| match edit {
        Edit::Write(path, bytes) => site.write(path, bytes),
        Edit::Replace(path, from, to) => site.replace(path, from, to),
        Edit::Remove(path) => site.remove(path),
        #[cfg(unix)]
        Edit::Dangle(path) => {
            std::os::unix::fs::symlink("nowhere", site.root().join(path)).expect("a link");
            site
        }
    })
}

/// What is said, without the place within the file: another mistake above may move it.
fn told(report: &str) -> BTreeSet<String> {
    let heads = report.lines().filter(|line| !line.starts_with(' '));
    heads
        .map(|line| {
            let (place, message) = line.split_once(": ").unwrap_or((line, ""));
            format!("{}: {message}", place.split(':').next().unwrap_or(place))
        })
        .collect()
}

#[test]
fn every_rule_takes_the_good_and_refuses_the_bad() {
    let mut all = String::new();
    for pair in pairs() {
        let site = apply(apply(SiteTest::new(), &pair.good).build(), &pair.bad);
        // How many files the small shop has is no matter of this test.
        let count = format!("the site has {} files", site.report().files);
        all += &format!("{}\n{}\n", pair.name, site.problems().replace(&count, "the site has … files"));
    }
    insta::assert_snapshot!("rules", all);
}

#[test]
fn all_mistakes_are_told_in_one_run() {
    let pairs: Vec<Pair> = pairs().into_iter().filter(|pair| pair.together).collect();
    let alone: Vec<(&str, BTreeSet<String>)> = pairs
        .iter()
        .map(|pair| {
            let site = apply(apply(SiteTest::new(), &pair.good).build(), &pair.bad);
            (pair.name, told(&site.problems()))
        })
        .collect();
    let good = pairs.iter().fold(SiteTest::new(), |site, pair| apply(site, &pair.good)).build();
    let together = told(&pairs.iter().fold(good, |site, pair| apply(site, &pair.bad)).problems());
    let lost: Vec<(&str, &String)> = alone
        .iter()
        .flat_map(|(name, expected)| expected.difference(&together).map(|line| (*name, line)))
        .collect();
    assert!(lost.is_empty(), "not told beside the others: {lost:#?}");
}

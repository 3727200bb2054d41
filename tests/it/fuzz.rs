//! Fuzz targets: whatever a file holds, the generator says what is wrong with it and where, or takes it.
//!
//! They run on stable Rust and shrink what fails. A test run tries a few inputs and `cargo verify fuzz` more;
//! `IPSWICH_FUZZ_CASES=200000 cargo test -p ipswich-tests --test it fuzz::` tries for an hour or so.

use std::fs;
use std::path::Path;

use ipswich::import::{Source, import};
use ipswich::{BuildFailure, Problem};
use ipswich_tests::SiteTest;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::import::{SHOPIFY, SPREE, WOOCOMMERCE, files, options};

/// How many inputs an ordinary test run tries.
const CASES: u32 = 48;

fn config() -> ProptestConfig {
    let asked = std::env::var("IPSWICH_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(CASES), failure_persistence: None, ..ProptestConfig::default() }
}

/// Pieces that mean something in content, and so get further than random bytes.
const PIECES: [&str; 44] = [
    "+++\n",
    "---\n",
    "+++",
    "title = ",
    "title: ",
    "[[images]]\n",
    "[a.b]\n",
    "- ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\"",
    "'",
    "\"\"\"",
    "|\n",
    ">-\n",
    "&a ",
    "*a",
    "<<: *a\n",
    "!!str ",
    "{",
    "}",
    "[",
    "]",
    "true",
    "null",
    "16.00",
    "1e999",
    "2026-13-45",
    "9223372036854775808",
    "# ",
    "## A\n",
    "![a](mug.svg)",
    "![](x)",
    "[x](/about/#who)",
    "[^1]",
    "[^1]: x\n",
    "| a |\n|---|\n",
    "<details>",
    "</details>",
    "<script>",
    "\u{feff}",
    "\u{0}",
];

/// Pieces that mean something in a table.
const CELLS: [&str; 24] = [
    ",",
    ";",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    "\t",
    "-1",
    "16.00",
    "1e9",
    "99999999999999999999",
    "true",
    "draft",
    "<p>",
    "<b>x",
    "<table><tr><td>",
    "</p>",
    "&amp;",
    "<!--",
    "https://x.example/a.jpg",
    "a > b > c",
    "variable",
    "é",
    "\u{0}",
];

/// A change of a text: where, how much goes, and what comes there.
type Change = (u16, u8, Vec<u8>);

/// Changes that put pieces, random bytes or random text somewhere.
fn changes(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<Change>> {
    let new = prop_oneof![
        4 => proptest::sample::select(pieces).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..12),
        1 => ".{0,8}".prop_map(String::into_bytes),
    ];
    vec((any::<u16>(), 0..24_u8, new), 0..12)
}

/// The seed with the changes.
fn changed(seed: &str, changes: &[Change]) -> Vec<u8> {
    let mut bytes = seed.as_bytes().to_vec();
    for (at, length, new) in changes {
        let start = usize::from(*at) % (bytes.len() + 1);
        let end = (start + usize::from(*length)).min(bytes.len());
        bytes.splice(start..end, new.iter().copied());
    }
    bytes
}

/// Every problem with the file has a place that is in it.
#[track_caller]
fn check_places(problems: &[Problem], path: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.split('\n').collect();
    for problem in problems.iter().filter(|problem| problem.file == path) {
        let line = lines.get(problem.line - 1).unwrap_or_else(|| panic!("{problem:?} is below the file"));
        assert!(problem.column <= line.chars().count() + 1, "{problem:?} is beside the line");
        assert!(!problem.message.is_empty(), "{problem:?} says nothing");
    }
}

/// Files of the small shop that are changed.
const FILES: [(&str, &str); 6] = [
    ("content/products/mug.md", include_str!("../src/site/mug.md")),
    ("content/products/mug.md", crate::front_matter::YAML_MUG),
    ("content/products/cap.md", crate::front_matter::YAML_CAP),
    ("content/pages/about.md", include_str!("../src/site/about.md")),
    ("content/home.md", include_str!("../src/site/home.md")),
    // Nothing but what the changes bring.
    ("content/pages/more.md", ""),
];

/// The shop with the file is good, or every mistake in the file has a place there.
#[track_caller]
fn check_file(path: &str, bytes: &[u8]) {
    match SiteTest::new().write(path, bytes).check() {
        Ok(_) => {}
        Err(BuildFailure::Content(problems)) => check_places(&problems, path, bytes),
        Err(BuildFailure::Io(error)) => panic!("{error:#}"),
    }
}

/// An import takes the file and what it writes passes the check, or it refuses and writes nothing.
#[track_caller]
fn check_import(source: Source, bytes: &[u8]) {
    let site = SiteTest::new();
    let options = options(&site, source, bytes);
    let before = files(&options.into);
    match import(&options) {
        Ok(_) => {
            assert!(!has_temporary(&options.into), "something is half written");
            // Our own table is taken at its word; what it says of a product that is there may be a mistake.
            if source != Source::Ipswich {
                site.build();
            }
        }
        Err(BuildFailure::Content(problems)) => {
            let name = options.file.to_string_lossy().into_owned();
            check_places(&problems, &name, bytes);
            assert!(files(&options.into) == before, "something is written");
        }
        Err(BuildFailure::Io(error)) => panic!("{error:#}"),
    }
}

fn has_temporary(folder: &Path) -> bool {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).any(|path| {
        path.is_dir() && has_temporary(&path) || path.extension().is_some_and(|ending| ending == "new")
    })
}

/// A part of what the small shop exports, with a product more.
const IPSWICH: &str = "slug,title,style,sku,category,option1_name,option1_value,price,compare_at,tax,weight,stock,summary,images,body\n\
    mug,Blue Mug,MUG-BLUE,MUG-BLUE,home/mugs,,,13.50,15.00,standard,400,6,A mug for tea.,mug.svg|A blue mug,\n\
    cap,Waxed Cap,CAP,CAP-S,clothes,Size,S,31.00,,standard,200,1,A cap for rain.,cap.svg|A green cap,Text\n\
    cap,Waxed Cap,CAP,CAP-M,clothes,Size,M,32.00,,standard,200,2,A cap for rain.,cap.svg|A green cap,Text\n\
    cup,Cup,CUP,CUP,home/cups,,,5.00,,standard,100,3,A cup.,\"mug.svg|A cup\ncap.svg|Its lid\",\"Two\n\nlines\"\n";

proptest! {
    #![proptest_config(config())]

    #[test]
    fn front_matter_and_markdown(which in 0..FILES.len(), changes in changes(&PIECES)) {
        let (path, seed) = FILES[which];
        check_file(path, &changed(seed, &changes));
    }

    #[test]
    fn shopify_export(changes in changes(&CELLS)) {
        check_import(Source::Shopify, &changed(SHOPIFY, &changes));
    }

    #[test]
    fn woocommerce_export(changes in changes(&CELLS)) {
        check_import(Source::Woocommerce, &changed(WOOCOMMERCE, &changes));
    }

    #[test]
    fn spree_export(changes in changes(&CELLS)) {
        check_import(Source::Spree, &changed(SPREE, &changes));
    }

    #[test]
    fn ipswich_export(changes in changes(&CELLS)) {
        check_import(Source::Ipswich, &changed(IPSWICH, &changes));
    }

    #[test]
    fn bytes_that_are_no_export(bytes in vec(any::<u8>(), 0..400), which in 0..4_usize) {
        check_import([Source::Shopify, Source::Woocommerce, Source::Spree, Source::Ipswich][which], &bytes);
    }
}

//! However a project got to where it is, its output is what a build into an empty folder makes of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use ipswich::{BuildFailure, BuildOptions, BuildReport, Day, Format, Since, Workspace};
use ipswich_tests::SiteTest;
use proptest::prelude::*;

/// What an editor can turn: a file, a text in it, and what may stand there instead. The first is as it was.
const TEXTS: [(&str, &str, &[&str]); 30] = [
    (MUG, "title = \"Blue Mug\"", &["title = \"Azure Mug\"", "title = \"Navy Mug\""]),
    (MUG, "price = \"12.50\"", &["price = \"13.50\""]),
    (MUG, "summary = \"A mug for tea.\"", &["summary = \"A mug for cocoa.\""]),
    (MUG, "Thrown in one piece.", &["Thrown in two pieces.", "![A cap](cap.svg)"]),
    (MUG, "brand = \"Orwell Pottery\"", &["", "brand = \"Deben Pottery\""]),
    (MUG, "tags = [\"tea\"]", &["tags = [\"tea\", \"gift\"]", ""]),
    (
        MUG,
        "weight = 400",
        &["weight = 400\ndraft = true", "weight = 400\npublish_until = 2026-11-24", "weight = 4000"],
    ),
    (MUG, "published = 2026-10-02", &["published = 2026-08-02", "published = 2026-11-20"]),
    (MUG, "src = \"mug.svg\"", &["src = \"cap.svg\""]),
    (MUG, "stock = 6", &["stock = 6\naliases = [\"/old/mug/\"]", "stock = 7"]),
    (RED, "title = \"Red Mug\"", &["title = \"Scarlet Mug\"", "GONE"]),
    (RED, "category = \"home/mugs\"", &["category = \"home\"", "category = \"clothes\""]),
    (RED, "badges = [\"New\"]", &["badges = [\"Rare\"]", ""]),
    ("content/products/cap.md", "+++\n", &["+++\nrelated = [\"mug\"]\n"]),
    ("content/categories/home.md", "order = 10", &["order = 30", "ordre = 10"]),
    ("content/categories/home/mugs.md", "title = \"Mugs\"", &["title = \"Cups\""]),
    ("content/pages/about.md", "order = 10", &["order = 5"]),
    ("content/home.md", "Look around.", &["Look about.", "Look out."]),
    ("content/shop.toml", "name = \"Small Shop\"", &["name = \"Little Shop\""]),
    ("content/shop.toml", "products_per_page = 2", &["products_per_page = 1", "products_per_page = 3"]),
    ("content/shop.toml", "theme = \"plain\"", &["theme = \"plain\"\nrelated_products = 1"]),
    (
        "content/shop.toml",
        "hours = \"Monday\"",
        &["hours = \"Monday\"\nannouncement = \"Closed on Tuesday.\""],
    ),
    ("content/shop.toml", "price = \"3.95\"", &["price = \"4.95\""]),
    ("content/collections/gifts.md", "tag = \"gift\"", &["tag = \"tea\"", "price_max = \"13.00\"", "GONE"]),
    ("content/blog/kiln.md", "title = \"The kiln\"", &["title = \"The oven\"", "GONE"]),
    ("content/images/mug.svg", "#24364B", &["#24364C", "#000000"]),
    ("themes/plain/templates/card.html", "<b>", &["<i>", "{{ nothing }}"]),
    ("themes/plain/templates/product.html", "<h1>", &["<h1 id=\"top\">"]),
    ("themes/plain/templates/footer.html", "Bye", &["Cheers"]),
    ("themes/plain/static/css/site.css", "#222", &["#333"]),
];

const MUG: &str = "content/products/mug.md";
const RED: &str = "content/products/red-mug.md";

/// A project that is edited, and builds of it in three ways.
struct Project {
    site: SiteTest,
    /// The files without any edit.
    originals: BTreeMap<String, String>,
    /// Which variant of each text there is; 0 is the original.
    chosen: [usize; TEXTS.len()],
    options: BuildOptions,
    workspace: Workspace,
    /// Counts seconds for the times of files, which lie in the past so that they tell versions apart.
    clock: u64,
    colds: usize,
}

impl Project {
    fn new() -> Project {
        let red =
            include_str!("../src/site/mug.md").replace("MUG-BLUE", "MUG-RED").replace("Blue Mug", "Red Mug");
        let site = SiteTest::new()
            .write(RED, red)
            .write("content/collections/gifts.md", GIFTS)
            .write("content/blog/kiln.md", KILN)
            .write(
                "themes/plain/templates/card.html",
                "<b>{{ page.title }}</b> {{ page.price|money }} {{ page.badges|join }}\n",
            )
            .write("themes/plain/templates/footer.html", "Bye from {{ here }} {{ site.hours }}\n")
            .replace("themes/plain/templates/category.html", "{{ card.title }}", "{{ card.html }}")
            .replace(
                "themes/plain/templates/product.html",
                "<h1>",
                "{{ fragment(\"footer.html\", page.meta.canonical) }}<h1>",
            );
        let options = BuildOptions {
            since: Since::Nothing,
            ..BuildOptions::new(site.root(), "2026-11-23".parse::<Day>().expect("a day"))
        };
        let read = |path: &str| fs::read_to_string(site.root().join(path)).expect("a file of the small shop");
        let originals = TEXTS.iter().map(|(path, ..)| ((*path).to_owned(), read(path))).collect();
        let (chosen, workspace) = ([0; TEXTS.len()], Workspace::new());
        Project { site, originals, chosen, options, workspace, clock: 0, colds: 0 }
    }

    /// Writes the file of a text as it is to be now.
    fn choose(&mut self, text: usize, variant: usize) {
        self.chosen[text] = variant;
        let path = TEXTS[text].0;
        let mut content = self.originals[path].clone();
        let mut is_gone = false;
        for ((_, from, variants), chosen) in TEXTS.iter().zip(self.chosen).filter(|(text, _)| text.0 == path)
        {
            if let Some(to) = chosen.checked_sub(1).map(|index| variants[index]) {
                assert!(content.contains(from), "{path} says {from}");
                content = content.replacen(from, to, 1);
                is_gone |= to == "GONE";
            }
        }
        let path = self.site.root().join(path);
        if is_gone {
            let _ = fs::remove_file(&path);
            return;
        }
        fs::write(&path, content).expect("a file");
        self.clock += 1;
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_500 + self.clock * 1_000);
        fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(time)).expect("a time");
    }

    /// Builds with what the last build remembers, with what this process knows, and with nothing.
    fn check(&mut self) {
        let into =
            |folder: String| BuildOptions { out: self.site.root().join(folder), ..self.options.clone() };
        self.colds += 1;
        let (remembering, knowing, cold) =
            (into("a".into()), into("b".into()), into(format!("cold{}", self.colds)));
        let expected = told(ipswich::build(&cold));
        let remembered = told(ipswich::build(&remembering));
        // As while somebody writes: pages first, then the rest.
        let _ = self.workspace.build_pages(&knowing);
        let known = told(self.workspace.build(&knowing));
        assert_eq!((&remembered, &known), (&expected, &expected), "{:?}", self.chosen);
        if expected.is_ok() {
            let wanted = files(&cold.out);
            same(&files(&remembering.out), &wanted, "with what the last build remembers");
            same(&files(&knowing.out), &wanted, "with what this process knows");
        }
        let _ = fs::remove_dir_all(&cold.out);
    }
}

const GIFTS: &str =
    "+++\ntitle = \"Gifts\"\nsummary = \"To give.\"\n\n[rule]\ntag = \"gift\"\n+++\nThings to give.\n";
const KILN: &str =
    "+++\ntitle = \"The kiln\"\nsummary = \"It is hot.\"\npublished = 2026-10-01\n+++\nVery hot.\n";

fn told(outcome: Result<BuildReport, BuildFailure>) -> Result<String, String> {
    match outcome {
        Ok(report) => {
            Ok(format!("{} {} {} {:?}", report.release, report.files, report.bytes, report.warnings))
        }
        Err(BuildFailure::Content(problems)) => Err(ipswich::report(&problems, Format::Human)),
        Err(BuildFailure::Io(error)) => panic!("{error:#}"),
    }
}

fn files(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(out).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            let inner = self::files(&entry.path());
            files.extend(inner.into_iter().map(|(path, bytes)| (format!("{name}/{path}"), bytes)));
        } else {
            files.insert(name, fs::read(entry.path()).expect("a file"));
        }
    }
    files
}

#[track_caller]
fn same(found: &BTreeMap<String, Vec<u8>>, wanted: &BTreeMap<String, Vec<u8>>, how: &str) {
    assert_eq!(found.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>(), "{how}");
    let stale: Vec<&String> = found.keys().filter(|path| found[*path] != wanted[*path]).collect();
    assert!(stale.is_empty(), "{how}, these are not what they ought to be: {stale:?}");
}

/// Each input by itself, there and back.
#[test]
fn a_change_of_any_input_gives_what_a_first_build_gives() {
    let mut project = Project::new();
    // So that the collection has a product, and the drawing of the cap is used twice.
    project.choose(5, 1);
    project.check();
    for (text, (_, _, variants)) in TEXTS.iter().enumerate() {
        let before = project.chosen[text];
        for variant in 1..=variants.len() {
            project.choose(text, variant);
            project.check();
        }
        project.choose(text, before);
        project.check();
    }
    for change in OPTIONS {
        let before = project.options.clone();
        change(&mut project.options);
        project.check();
        project.options = before;
        project.check();
    }
}

/// What can be asked of a build.
const OPTIONS: [fn(&mut BuildOptions); 3] = [
    |options| options.today = "2026-12-24".parse().expect("a day"),
    |options| options.drafts = !options.drafts,
    |options| options.base_url = Some("http://localhost:8787".to_owned()),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any inputs, one after the other, mistakes among them.
    #[test]
    fn any_sequence_of_changes_gives_what_a_first_build_gives(
        edits in prop::collection::vec((0..TEXTS.len() + OPTIONS.len(), 0..4_usize), 4..16),
    ) {
        let mut project = Project::new();
        project.choose(5, 1);
        project.check();
        for (which, variant) in edits {
            match OPTIONS.get(which.wrapping_sub(TEXTS.len())) {
                Some(change) => change(&mut project.options),
                None => project.choose(which, variant % (TEXTS[which].2.len() + 1)),
            }
            project.check();
        }
    }
}

/// A folder that somebody else changed is put right by a build that remembers it.
#[test]
fn an_output_that_was_changed_is_put_right() {
    let mut project = Project::new();
    project.choose(5, 1);
    project.check();
    let out = project.site.root().join("a");
    fs::write(out.join("product/mug.html"), "something else").expect("a file");
    fs::remove_file(out.join("about.html")).expect("a file");
    fs::write(out.join("more.html"), "more").expect("a file");
    project.check();
}

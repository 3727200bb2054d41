//! A small shop on disk that a test changes, builds and looks at.
//!
//! ```no_run
//! # use ipswich_tests::SiteTest;
//! SiteTest::new()
//!     .replace("content/products/mug.md", "Blue Mug", "Red Mug")
//!     .build()
//!     .check_file("product/mug.html", "<h1>Red Mug</h1>");
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ipswich::{BuildFailure, BuildOptions, BuildReport, Day, Format, Since};
use tempfile::TempDir;

/// The files of the small shop: everything that a shop must have, and one of each kind of content.
const FILES: [(&str, &str); 20] = [
    ("content/shop.toml", include_str!("site/shop.toml")),
    ("content/home.md", include_str!("site/home.md")),
    ("content/products/cap.md", include_str!("site/cap.md")),
    ("content/products/mug.md", include_str!("site/mug.md")),
    ("content/categories/home.md", include_str!("site/category-home.md")),
    ("content/categories/home/mugs.md", include_str!("site/category-mugs.md")),
    ("content/categories/clothes.md", include_str!("site/category-clothes.md")),
    ("content/pages/about.md", include_str!("site/about.md")),
    ("content/images/mug.svg", include_str!("site/mug.svg")),
    ("content/images/cap.svg", include_str!("site/cap.svg")),
    ("themes/plain/static/css/site.css", "body { color: #222 }\n"),
    ("themes/plain/templates/base.html", include_str!("site/templates/base.html")),
    ("themes/plain/templates/home.html", include_str!("site/templates/home.html")),
    ("themes/plain/templates/category.html", include_str!("site/templates/category.html")),
    ("themes/plain/templates/product.html", include_str!("site/templates/product.html")),
    ("themes/plain/templates/page.html", include_str!("site/templates/page.html")),
    ("themes/plain/templates/blog.html", include_str!("site/templates/blog.html")),
    ("themes/plain/templates/post.html", include_str!("site/templates/post.html")),
    ("themes/plain/templates/404.html", include_str!("site/templates/404.html")),
    ("themes/plain/templates/shop/cart.html", "{% extends \"base.html\" %}\n"),
];

/// How the plain theme links the languages of a page.
const LANGUAGES: &str = r#"{% for other in page.meta.languages %}
<link rel="alternate" hreflang="{{ other.language }}" href="{{ site.base_url }}{{ other.url }}">{{ other.name }}{% if other.current %} (here){% endif %}{% if other.default %} (default){% endif %}

{% endfor %}
<p>{{ site.home }} {{ site.query }}</p>
{% if page.meta.json_ld"#;

/// The texts of the small shop in German.
const GERMAN: [(&str, &str); 9] = [
    ("content/shop.de.toml", include_str!("site/de/shop.toml")),
    ("content/home.de.md", include_str!("site/de/home.md")),
    ("content/products/cap.de.md", include_str!("site/de/cap.md")),
    ("content/products/mug.de.md", include_str!("site/de/mug.md")),
    ("content/categories/home.de.md", include_str!("site/de/category-home.md")),
    ("content/categories/home/mugs.de.md", include_str!("site/de/category-mugs.md")),
    ("content/categories/clothes.de.md", include_str!("site/de/category-clothes.md")),
    ("content/pages/about.de.md", include_str!("site/de/about.md")),
    ("themes/plain/messages/de.toml", include_str!("site/de/messages.toml")),
];

/// A project folder that goes away with the test.
pub struct SiteTest {
    folder: TempDir,
    options: BuildOptions,
    report: Option<BuildReport>,
}

impl Default for SiteTest {
    fn default() -> SiteTest {
        SiteTest::new()
    }
}

impl SiteTest {
    /// The small shop, without mistakes.
    pub fn new() -> SiteTest {
        let site = SiteTest::empty();
        FILES.iter().fold(site, |site, (path, text)| site.write(path, text))
    }

    /// The small shop in English and German, without mistakes.
    pub fn bilingual() -> SiteTest {
        let site = SiteTest::new()
            .append("content/shop.toml", "\n[[languages]]\ncode = \"de-DE\"\npath = \"de\"\n")
            .replace("themes/plain/templates/base.html", "{% if page.meta.json_ld", LANGUAGES);
        GERMAN.iter().fold(site, |site, (path, text)| site.write(path, text))
    }

    /// A project without any file.
    pub fn empty() -> SiteTest {
        let folder = TempDir::new().expect("a temporary folder");
        let options = BuildOptions::new(folder.path(), day("2026-11-23"));
        SiteTest { folder, options, report: None }
    }

    /// Where the project is.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file.
    #[track_caller]
    pub fn write(self, path: &str, bytes: impl AsRef<[u8]>) -> SiteTest {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder for the file");
        fs::write(&path, bytes).expect("a file");
        self
    }

    /// Replaces a text in a file; it must be there.
    #[track_caller]
    pub fn replace(self, path: &str, from: &str, to: &str) -> SiteTest {
        let text = fs::read_to_string(self.root().join(path)).expect("the file");
        assert!(text.contains(from), "{path} does not say {from:?}");
        self.write(path, text.replacen(from, to, 1))
    }

    /// Puts a text at the end of a file.
    #[track_caller]
    pub fn append(self, path: &str, more: &str) -> SiteTest {
        let text = fs::read_to_string(self.root().join(path)).expect("the file");
        self.write(path, text + more)
    }

    /// Removes a file.
    #[track_caller]
    pub fn remove(self, path: &str) -> SiteTest {
        fs::remove_file(self.root().join(path)).expect("the file");
        self
    }

    /// Builds from another public address.
    pub fn base_url(mut self, url: &str) -> SiteTest {
        self.options.base_url = Some(url.to_owned());
        self
    }

    /// Builds on another day than 2026-11-23.
    pub fn date(mut self, today: &str) -> SiteTest {
        self.options.today = day(today);
        self
    }

    /// Builds drafts too.
    pub fn drafts(mut self) -> SiteTest {
        self.options.drafts = true;
        self
    }

    /// Compares with nothing, as while somebody writes.
    pub fn editing(mut self) -> SiteTest {
        self.options.since = Since::Nothing;
        self
    }

    /// Lets pages of the last release vanish.
    pub fn allow_vanished(mut self) -> SiteTest {
        self.options.allow_vanished = true;
        self
    }

    /// Builds into another folder of the project and compares with a release there.
    pub fn since(mut self, out: &str, release: &str) -> SiteTest {
        self.options.out = self.root().join(out);
        self.options.since = Since::File(self.root().join(release));
        self
    }

    /// Builds; there must be no mistakes.
    #[track_caller]
    pub fn build(mut self) -> SiteTest {
        match ipswich::build(&self.options) {
            Ok(report) => self.report = Some(report),
            Err(failure) => panic!("the site does not build:\n{}", told(&failure)),
        }
        self
    }

    /// Tries to build and returns what an editor would read; there must be mistakes.
    #[track_caller]
    pub fn problems(&self) -> String {
        match ipswich::build(&self.options) {
            Ok(_) => panic!("the site builds, although it should not"),
            Err(failure) => told(&failure),
        }
    }

    /// Builds without writing.
    pub fn check(&self) -> Result<BuildReport, BuildFailure> {
        ipswich::check(&self.options)
    }

    /// What the last build reported.
    #[track_caller]
    pub fn report(&self) -> &BuildReport {
        self.report.as_ref().expect("a build")
    }

    /// A file of the output as text.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        let path = self.options.out.join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Checks that a file of the output contains a text.
    #[track_caller]
    pub fn check_file(self, path: &str, text: &str) -> SiteTest {
        let found = self.read(path);
        assert!(found.contains(text), "{path} does not contain {text:?}:\n{found}");
        self
    }

    /// Checks that the output has no such file.
    #[track_caller]
    pub fn check_no_file(self, path: &str) -> SiteTest {
        assert!(!self.options.out.join(path).exists(), "{path} is there");
        self
    }

    /// All files of the output with their bytes.
    pub fn output(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.options.out.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    let name = entry.path().strip_prefix(&self.options.out).expect("a part").to_owned();
                    files.insert(name, fs::read(entry.path()).expect("a file"));
                }
            }
        }
        files
    }
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn told(failure: &BuildFailure) -> String {
    match failure {
        BuildFailure::Content(problems) => ipswich::report(problems, Format::Human),
        BuildFailure::Io(error) => format!("error: {error:#}"),
    }
}

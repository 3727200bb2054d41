//! The only reader: every file of the project comes in here, and every failure names its path.
//!
//! 1. `content/` is walked in the order of names and sorted into kinds of files.
//! 2. The files are read in parallel; texts must be UTF-8. Pictures are read later, one at a time on each core.
//! 3. The theme that the settings name is read in the same way.

mod theme;
mod translations;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::memory;
use crate::problem::{Problem, did_you_mean};

pub(crate) use theme::{ThemeFiles, ThemeSearch, read_theme};
pub(crate) use translations::{TranslationFile, TranslationKind};

/// A text of the project.
#[derive(Clone, Debug)]
pub(crate) struct TextFile {
    /// Relative to the project, with forward slashes.
    pub(crate) path: String,
    /// Relative to the folder of its kind: `mug.md`, `clothing/knitwear.md`, `partials/card.html`.
    pub(crate) name: String,
    /// What it says. Bytes that are not UTF-8 are replaced, and reported.
    pub(crate) text: Arc<String>,
    /// Whether it could be read. If not, that was reported, and nothing else about the file is.
    pub(crate) is_read: bool,
}

impl TextFile {
    /// A problem at a range of bytes of this file.
    pub(crate) fn problem(
        &self,
        span: std::ops::Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        Problem::in_text(&self.path, &self.text, span, message, help)
    }

    /// The name without its ending.
    pub(crate) fn stem(&self) -> &str {
        without_ending(&self.name)
    }
}

fn without_ending(name: &str) -> &str {
    name.strip_suffix(".md").unwrap_or(name)
}

/// Bytes of the project.
#[derive(Debug)]
pub(crate) struct BinaryFile {
    /// Relative to the project, with forward slashes.
    pub(crate) path: String,
    /// Relative to the folder of its kind.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) bytes: Vec<u8>,
}

/// A picture of the project. It is read when it is looked at, and not kept: pictures are many and large.
#[derive(Debug)]
pub(crate) struct PictureFile {
    /// Relative to the project, with forward slashes.
    pub(crate) path: String,
    /// Relative to the folder of pictures.
    pub(crate) name: String,
    disk: PathBuf,
}

impl PictureFile {
    /// What it holds.
    pub(crate) fn read(&self) -> std::io::Result<Vec<u8>> {
        std::fs::read(&self.disk)
    }
}

/// Everything below `content/`, each list in the order of names without their endings.
#[derive(Debug, Default)]
pub(crate) struct ContentFiles {
    pub(crate) settings: Option<TextFile>,
    pub(crate) home: Option<TextFile>,
    pub(crate) synonyms: Option<TextFile>,
    pub(crate) products: Vec<TextFile>,
    pub(crate) categories: Vec<TextFile>,
    pub(crate) pages: Vec<TextFile>,
    pub(crate) collections: Vec<TextFile>,
    pub(crate) posts: Vec<TextFile>,
    pub(crate) promotions: Vec<TextFile>,
    pub(crate) images: Vec<PictureFile>,
    /// Texts of these files in other languages.
    pub(crate) translations: Vec<TranslationFile>,
}

/// A file that was found, not yet read.
struct Found {
    disk: PathBuf,
    path: String,
    name: String,
}

/// What may be in the folder with the content, in the order of names: files, and folders of files of one kind.
const KNOWN: [&str; 10] = [
    "blog",
    "categories",
    "collections",
    "home.md",
    "images",
    "pages",
    "products",
    "promotions",
    "shop.toml",
    "synonyms.toml",
];

/// Reads the folder with the content.
pub(crate) fn read_content(
    folder: &Path,
    texts: &mut Texts,
    problems: &mut Vec<Problem>,
) -> Result<ContentFiles> {
    if !folder.is_dir() {
        anyhow::bail!("there is no folder {}; give the project with --root", folder.display());
    }
    let mut files = ContentFiles::default();
    let mut translations = Vec::new();
    let folders = KNOWN.into_iter().filter(|name| !name.contains('.'));
    let mut lists: BTreeMap<&str, Vec<Found>> = folders.map(|folder| (folder, Vec::new())).collect();
    for found in walk(folder, "content", problems)? {
        if let Some(named) = translations::name(&found.name) {
            translations.push((named, found));
            continue;
        }
        let (kind, rest) = found.name.split_once('/').unwrap_or((&found.name, ""));
        let rest = rest.to_owned();
        let single = match kind {
            "shop.toml" => Some(&mut files.settings),
            "synonyms.toml" => Some(&mut files.synonyms),
            "home.md" => Some(&mut files.home),
            _ => None,
        };
        if let Some(place) = single.filter(|_| rest.is_empty()) {
            *place = Some(read_text(found, problems));
        } else if let Some(list) = lists.get_mut(kind).filter(|_| !rest.is_empty()) {
            if kind == "images" || rest.ends_with(".md") {
                list.push(Found { name: rest, ..found });
            } else {
                let message = format!("{kind} are files that end with \".md\"");
                problems.push(Problem::of_file(found.path, message, "rename it, or move it out of content/"));
            }
        } else {
            let help = did_you_mean(kind, KNOWN, || format!("content/ holds {} only", KNOWN.join(", ")));
            problems.push(Problem::of_file(&found.path, "this file is not part of any content", help));
        }
    }
    let mut take = |folder| lists.remove(folder).unwrap_or_default();
    let picture = |Found { disk, path, name }| PictureFile { path, name, disk };
    files.images = take("images").into_iter().map(picture).collect();
    // A folder comes right after the file of the same name, and paths are in the order of their text.
    let mut sorted = |folder| {
        let mut list = take(folder);
        list.sort_by(|a, b| without_ending(&a.name).cmp(without_ending(&b.name)));
        list
    };
    files.products = texts.read(sorted("products"), problems);
    files.categories = read_texts(sorted("categories"), problems);
    files.pages = read_texts(sorted("pages"), problems);
    files.collections = read_texts(sorted("collections"), problems);
    files.posts = read_texts(sorted("blog"), problems);
    files.translations = translations::read(translations, problems);
    files.promotions = read_texts(sorted("promotions"), problems);
    Ok(files)
}

impl ContentFiles {
    /// Puts the settings and the home page of an unnamed shop where there are none.
    pub(crate) fn fill_up(&mut self) {
        let file = |name: &str, text: &str| TextFile {
            path: format!("content/{name}"),
            name: name.to_owned(),
            text: Arc::new(text.to_owned()),
            is_read: true,
        };
        self.settings.get_or_insert_with(|| file("shop.toml", include_str!("defaults/shop.toml")));
        self.home.get_or_insert_with(|| file("home.md", include_str!("defaults/home.md")));
    }
}

/// All files below a folder, but hidden files and the back-up copies of text editors. Problems call it `folder`. What
/// cannot be read is reported, and the rest is found all the same.
fn walk(start: &Path, folder: &str, problems: &mut Vec<Problem>) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    let shown = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || name.ends_with('~'))
    };
    let name_of = |path: &Path| {
        let relative = path.strip_prefix(start).unwrap_or(path);
        relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    for entry in WalkDir::new(start).follow_links(true).sort_by_file_name().into_iter().filter_entry(shown) {
        match entry {
            Err(error) => match error.path() {
                Some(path) if error.depth() > 0 => {
                    let cause = error.io_error().map_or("the link leads back to itself".to_owned(), cause);
                    problems.push(unreadable(format!("{folder}/{}", name_of(path)), &cause));
                }
                _ => {
                    return Err(error).with_context(|| format!("cannot read the folder {}", start.display()));
                }
            },
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                let name = name_of(entry.path());
                let path = format!("{folder}/{name}");
                match entry.file_type().is_file() {
                    true => found.push(Found { path, name, disk: entry.into_path() }),
                    false => problems.push(unreadable(path, "it is a device, a pipe or a socket")),
                }
            }
        }
    }
    Ok(found)
}

/// Why the system refuses, without the number that it gives the reason.
fn cause(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error").map_or(text.as_str(), |(cause, _)| cause).to_owned()
}

fn unreadable(path: String, cause: &str) -> Problem {
    Problem::of_file(path, format!("this cannot be read: {cause}"), "mend or remove it")
}

/// The bytes of a file, or the problem with reading it.
fn read_bytes(found: &Found) -> Result<Vec<u8>, Problem> {
    std::fs::read(&found.disk).map_err(|error| unreadable(found.path.clone(), &cause(&error)))
}

fn read_text(found: Found, problems: &mut Vec<Problem>) -> TextFile {
    let (file, problem) = text_of(found);
    problems.extend(problem);
    file
}

fn read_texts(found: Vec<Found>, problems: &mut Vec<Problem>) -> Vec<TextFile> {
    let (files, reported): (Vec<_>, Vec<_>) = found.into_par_iter().map(text_of).unzip();
    problems.extend(reported.into_iter().flatten());
    files
}

/// The texts of products that were read before, by path. A file with the size and time that it had is not read again.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    keeps: bool,
    known: HashMap<String, (Stamp, Arc<String>)>,
}

/// Size in bytes, and time in nanoseconds since 1970.
type Stamp = (u64, u64);

impl Texts {
    /// For more than one build.
    pub(crate) fn kept() -> Texts {
        Texts { keeps: true, known: HashMap::new() }
    }

    fn read(&mut self, found: Vec<Found>, problems: &mut Vec<Problem>) -> Vec<TextFile> {
        if !self.keeps {
            return read_texts(found, problems);
        }
        let read: Vec<(TextFile, Option<Problem>, Option<Stamp>)> = found
            .into_par_iter()
            .map(|found| {
                let stamp = stamp(&found.disk);
                if let Some((known, text)) = self.known.get(&found.path)
                    && Some(*known) == stamp
                {
                    let Found { path, name, .. } = found;
                    return (TextFile { path, name, text: text.clone(), is_read: true }, None, stamp);
                }
                let (file, problem) = text_of(found);
                (file, problem, stamp)
            })
            .collect();
        let mut files = Vec::with_capacity(read.len());
        for (file, problem, stamp) in read {
            match stamp.filter(|_| problem.is_none()) {
                Some(stamp) => {
                    self.known.insert(file.path.clone(), (stamp, file.text.clone()));
                }
                None => {
                    self.known.remove(&file.path);
                }
            }
            problems.extend(problem);
            files.push(file);
        }
        files
    }
}

/// Size and time of a file; none if its time does not tell its versions apart.
fn stamp(path: &Path) -> Option<Stamp> {
    let about = std::fs::metadata(path).ok()?;
    memory::settled(&about).then(|| (about.len(), memory::modified(&about)))
}

/// A text, and what is wrong with its bytes. A file that cannot be read keeps its place, because others name it.
fn text_of(found: Found) -> (TextFile, Option<Problem>) {
    match read_bytes(&found) {
        Ok(bytes) => decode(bytes, found),
        Err(problem) => {
            let Found { path, name, .. } = found;
            (TextFile { path, name, text: Arc::default(), is_read: false }, Some(problem))
        }
    }
}

fn read_binaries(found: Vec<Found>, problems: &mut Vec<Problem>) -> Vec<BinaryFile> {
    let read: Vec<Result<BinaryFile, Problem>> = found
        .into_par_iter()
        .map(|found| {
            let bytes = read_bytes(&found)?;
            Ok(BinaryFile { path: found.path, name: found.name, bytes })
        })
        .collect();
    let mut files = Vec::with_capacity(read.len());
    for one in read {
        match one {
            Ok(file) => files.push(file),
            Err(problem) => problems.push(problem),
        }
    }
    files
}

/// The text of the bytes, and a problem at the first byte that is not UTF-8.
fn decode(bytes: Vec<u8>, found: Found) -> (TextFile, Option<Problem>) {
    let Found { path, name, .. } = found;
    match String::from_utf8(bytes) {
        Ok(text) => (TextFile { path, name, text: Arc::new(text), is_read: true }, None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let file = TextFile { path, name, text: Arc::new(text), is_read: true };
            let message = "this is not UTF-8 text";
            let help = "save the file with the encoding UTF-8";
            let problem = file.problem(at..at + 1, message, help);
            (file, Some(problem))
        }
    }
}

//! Files of translations among the others: `products/mug.de.md`, or `de/products/mug.md`.

use rayon::prelude::*;

use super::{Found, TextFile, text_of};
use crate::names::last_segment;
use crate::problem::Problem;

/// A text in another language.
#[derive(Debug)]
pub(crate) struct TranslationFile {
    pub(crate) kind: TranslationKind,
    /// The name of what is translated: `mug`, `clothing/knitwear`; empty for home page and settings.
    pub(crate) name: String,
    /// What the file calls its language: `de`.
    pub(crate) language: String,
    pub(crate) file: TextFile,
}

/// What is translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TranslationKind {
    Product,
    Category,
    Page,
    Collection,
    Post,
    Home,
    Settings,
}

impl TranslationKind {
    fn of_folder(folder: &str) -> Option<TranslationKind> {
        match folder {
            "products" => Some(TranslationKind::Product),
            "categories" => Some(TranslationKind::Category),
            "pages" => Some(TranslationKind::Page),
            "collections" => Some(TranslationKind::Collection),
            "blog" => Some(TranslationKind::Post),
            _ => None,
        }
    }

    /// What it is, in a word.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            TranslationKind::Product => "product",
            TranslationKind::Category => "category",
            TranslationKind::Page => "page",
            TranslationKind::Collection => "collection",
            TranslationKind::Post => "post",
            TranslationKind::Home => "home page",
            TranslationKind::Settings => "settings",
        }
    }

    /// The name of something by the path of its file: products may lie in folders, which mean nothing.
    pub(crate) fn name_of(self, stem: &str) -> &str {
        if self == TranslationKind::Product { last_segment(stem) } else { stem }
    }
}

/// What a file translates, its name, and into which language.
pub(super) type Named = (TranslationKind, String, String);

/// What a file translates, by its path below `content/`; none if it is no translation.
pub(super) fn name(path: &str) -> Option<Named> {
    let is_language = |text: &str| {
        (2..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    // In a folder of its own.
    if let Some((language, rest)) = path.split_once('/').filter(|(first, _)| is_language(first)) {
        let named = |kind, name: &str| Some((kind, name.to_owned(), language.to_owned()));
        match rest {
            "home.md" => return named(TranslationKind::Home, ""),
            "shop.toml" => return named(TranslationKind::Settings, ""),
            _ => {}
        }
        if let Some((folder, file)) = rest.split_once('/')
            && let (Some(kind), Some(stem)) = (TranslationKind::of_folder(folder), file.strip_suffix(".md"))
        {
            return named(kind, kind.name_of(stem));
        }
    }
    // Beside what it translates.
    let stem = path.strip_suffix(".md").or_else(|| path.strip_suffix(".toml"))?;
    let (stem, language) = stem.rsplit_once('.')?;
    let named = |kind, name: &str| Some((kind, name.to_owned(), language.to_owned()));
    match (stem, path.ends_with(".md")) {
        ("home", true) => named(TranslationKind::Home, ""),
        ("shop", false) => named(TranslationKind::Settings, ""),
        (_, true) => {
            let (folder, name) = stem.split_once('/')?;
            let kind = TranslationKind::of_folder(folder)?;
            named(kind, kind.name_of(name))
        }
        _ => None,
    }
}

/// Reads them.
pub(super) fn read(found: Vec<(Named, Found)>, problems: &mut Vec<Problem>) -> Vec<TranslationFile> {
    let read: Vec<(TranslationFile, Option<Problem>)> = found
        .into_par_iter()
        .map(|((kind, name, language), found)| {
            let (file, problem) = text_of(found);
            (TranslationFile { kind, name, language, file }, problem)
        })
        .collect();
    let (files, reported): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    problems.extend(reported.into_iter().flatten());
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translations_are_known_by_their_names() {
        let named = |path| name(path).map(|(kind, name, language)| format!("{kind:?} {name} {language}"));
        assert_eq!(named("products/mug.de.md").as_deref(), Some("Product mug de"));
        assert_eq!(named("products/kitchen/mug.de.md").as_deref(), Some("Product mug de"));
        assert_eq!(named("de/products/mug.md").as_deref(), Some("Product mug de"));
        assert_eq!(named("categories/home/mugs.de-at.md").as_deref(), Some("Category home/mugs de-at"));
        assert_eq!(named("home.de.md").as_deref(), Some("Home  de"));
        assert_eq!(named("de/shop.toml").as_deref(), Some("Settings  de"));
        for other in ["products/mug.md", "shop.toml", "images/a.de.svg", "products/de/mug.md", "x.de.md"] {
            assert_eq!(named(other), None, "{other}");
        }
    }
}

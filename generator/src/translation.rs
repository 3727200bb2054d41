//! Translations: `mug.de.md` beside `mug.md`, or `de/products/mug.md`, with the texts of the file and nothing else.
//!
//! 1. [`mod@file`] parses a translation against what it translates.
//! 2. [`settings`] does so for `shop.de.toml`, which translates the settings.
//! 3. [`apply`] puts the texts into the catalog: one catalog for each language.

pub(crate) mod apply;
mod file;
mod settings;

use rayon::prelude::*;

use crate::catalog::Drafts;
use crate::content::languages::{Missing, OtherLanguage};
use crate::content::settings::Settings;
use crate::content::{Context, Parsed};
use crate::edition::Addresses;
use crate::markdown::{Document, InternalLink};
use crate::names::{LinkTarget, Names};
use crate::problem::{Problem, did_you_mean};
use crate::source::{ContentFiles, TextFile, TranslationKind};

pub(crate) use file::Texts;
use file::{HomeTexts, Shape};
use settings::ShopTexts;

/// Everything that is translated into one language; each list beside the files of its kind.
pub(crate) struct Translations<'f> {
    pub(crate) language: &'f OtherLanguage,
    products: Vec<Option<Translated<'f>>>,
    categories: Vec<Option<Translated<'f>>>,
    pages: Vec<Option<Translated<'f>>>,
    collections: Vec<Option<Translated<'f>>>,
    posts: Vec<Option<Translated<'f>>>,
    home: Option<(&'f TextFile, HomeTexts)>,
    shop: ShopTexts,
}

/// A text with the file it comes from: the translation, or what stands in for it.
pub(crate) struct Translated<'f> {
    pub(crate) file: &'f TextFile,
    pub(crate) texts: Texts,
}

/// Parses all translations, and reports those that are missing or translate nothing.
pub(crate) fn parse<'f>(
    files: &'f ContentFiles,
    drafts: &Drafts,
    settings: &'f Settings,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Translations<'f>> {
    check_names(files, settings, context.names, problems);
    settings
        .languages
        .iter()
        .map(|language| Parser { files, language, context }.parse(drafts, settings, problems))
        .collect()
}

/// Translations into languages that the shop does not speak, of files that are not there, and given twice.
fn check_names(files: &ContentFiles, settings: &Settings, names: &Names<'_>, problems: &mut Vec<Problem>) {
    let known = || settings.languages.iter().map(|other| other.language.key.as_str());
    for (index, translation) in files.translations.iter().enumerate() {
        let path = &translation.file.path;
        if !known().any(|key| key == translation.language) {
            let help = did_you_mean(&translation.language, known(), || {
                "add it to [[languages]] in content/shop.toml, or rename the file".to_owned()
            });
            let message = format!("the shop has no language {:?}", translation.language);
            problems.push(Problem::of_file(path, message, help));
            continue;
        }
        let name = translation.name.as_str();
        let there = match translation.kind {
            TranslationKind::Product => names.product(name).is_some(),
            TranslationKind::Category => names.category(name).is_some(),
            TranslationKind::Page => names.page(name).is_some(),
            TranslationKind::Collection => names.collection(name).is_some(),
            TranslationKind::Post => names.post(name).is_some(),
            TranslationKind::Home | TranslationKind::Settings => true,
        };
        if !there {
            let message = format!("there is no {} {name:?} to translate", translation.kind.noun());
            problems.push(Problem::of_file(path, message, "rename the file as what it translates"));
        }
        let same = |other: &&crate::source::TranslationFile| {
            (other.kind, &other.name, &other.language)
                == (translation.kind, &translation.name, &translation.language)
        };
        if let Some(first) = files.translations.iter().take(index).find(same) {
            let message = format!("this is translated in {} already", first.file.path);
            problems.push(Problem::of_file(path, message, "remove one of the two"));
        }
    }
    for other in &settings.languages {
        if let (Some(file), Some(_)) = (&files.settings, names.page(&other.language.key)) {
            let message = format!("there is a page {:?}", other.language.prefix);
            problems.push(file.problem(
                other.place.clone(),
                message,
                "choose another path, or rename the page",
            ));
        }
    }
}

struct Parser<'p, 'f> {
    files: &'f ContentFiles,
    language: &'f OtherLanguage,
    context: &'p Context<'p>,
}

impl<'f> Parser<'_, 'f> {
    fn parse(&self, drafts: &Drafts, settings: &Settings, problems: &mut Vec<Problem>) -> Translations<'f> {
        let (kinds, files) = (TranslationKind::Product, self.files);
        let shop = match self.find(TranslationKind::Settings, "") {
            Some(file) => {
                let parsed = settings::parse(file, settings, self.must());
                problems.extend(parsed.problems);
                parsed.value.unwrap_or_default()
            }
            None => {
                self.report_missing("content/shop.toml", ".toml", problems);
                ShopTexts::default()
            }
        };
        Translations {
            language: self.language,
            products: self.all(
                kinds,
                &files.products,
                &drafts.products,
                |product| Shape::of_product(product),
                problems,
            ),
            categories: self.all(
                TranslationKind::Category,
                &files.categories,
                &drafts.categories,
                |category| Some(Shape::with_image(category.image.is_some())),
                problems,
            ),
            pages: self.all(
                TranslationKind::Page,
                &files.pages,
                &drafts.pages,
                |_| Some(Shape::with_image(false)),
                problems,
            ),
            collections: self.all(
                TranslationKind::Collection,
                &files.collections,
                &drafts.collections,
                |collection| Some(Shape::with_image(collection.image.is_some())),
                problems,
            ),
            posts: self.all(
                TranslationKind::Post,
                &files.posts,
                &drafts.posts,
                |post| post.hidden.is_none().then(|| Shape::with_image(post.image.is_some())),
                problems,
            ),
            home: self.home(drafts, problems),
            shop,
        }
    }

    /// Whether what is not translated is a mistake.
    fn must(&self) -> bool {
        self.language.missing == Missing::Refuse
    }

    fn find(&self, kind: TranslationKind, name: &str) -> Option<&'f TextFile> {
        let key = &self.language.language.key;
        let fits = |one: &&crate::source::TranslationFile| {
            one.kind == kind && one.name == name && one.language == *key
        };
        self.files.translations.iter().find(fits).map(|one| &one.file)
    }

    /// The translations of all files of one kind. `shape` says what a translation has to say; none for what visitors
    /// do not see.
    fn all<T: Sync>(
        &self,
        kind: TranslationKind,
        files: &'f [TextFile],
        drafts: &[Option<T>],
        shape: impl Fn(&T) -> Option<Shape> + Sync,
        problems: &mut Vec<Problem>,
    ) -> Vec<Option<Translated<'f>>> {
        let parsed: Vec<(Option<Translated<'f>>, Vec<Problem>)> = files
            .par_iter()
            .zip(drafts)
            .map(|(base, draft)| match draft.as_ref().and_then(&shape) {
                Some(shape) => self.one(kind, base, &shape),
                None => (None, Vec::new()),
            })
            .collect();
        let (texts, found): (Vec<_>, Vec<_>) = parsed.into_iter().unzip();
        problems.extend(found.into_iter().flatten());
        texts
    }

    fn one(
        &self,
        kind: TranslationKind,
        base: &'f TextFile,
        shape: &Shape,
    ) -> (Option<Translated<'f>>, Vec<Problem>) {
        let mut problems = Vec::new();
        let context = Context { addresses: &self.addresses(), ..*self.context };
        let (file, parsed) = match self.find(kind, kind.name_of(base.stem())) {
            Some(file) => {
                (file, file::parse(file, base, kind, shape, self.must() && !shape.is_draft, &context))
            }
            None => {
                if !shape.is_draft {
                    self.report_missing(&base.path, ".md", &mut problems);
                }
                (base, file::stand_in(base, &context))
            }
        };
        let Parsed { value, problems: found } = parsed;
        problems.extend(found);
        (value.map(|texts| Translated { file, texts }), problems)
    }

    fn home(&self, drafts: &Drafts, problems: &mut Vec<Problem>) -> Option<(&'f TextFile, HomeTexts)> {
        let (base, home) = (self.files.home.as_ref()?, drafts.home.as_ref()?);
        let Some(file) = self.find(TranslationKind::Home, "") else {
            self.report_missing(&base.path, ".md", problems);
            return None;
        };
        let parsed = file::parse_home(file, base, home, self.must());
        problems.extend(parsed.problems);
        Some((file, parsed.value?))
    }

    fn addresses(&self) -> Addresses {
        let language = &self.language.language;
        Addresses::new(&language.prefix, &language.key)
    }

    fn report_missing(&self, base: &str, ending: &str, problems: &mut Vec<Problem>) {
        if !self.must() {
            return;
        }
        let language = &self.language.language;
        let path = format!("{}.{}{ending}", base.strip_suffix(ending).unwrap_or(base), language.key);
        let message = format!("{base} is not translated into {}", language.locale);
        let help = "add the file with the texts; or let the language fall back, missing = \"fall_back\" in [[languages]]";
        problems.push(Problem::of_file(path, message, help));
    }
}

impl Translations<'_> {
    /// The text of a page in this language.
    pub(crate) fn document(&self, target: LinkTarget) -> Option<&Document> {
        let translated = match target {
            LinkTarget::Product(id) => self.products.get(id.0),
            LinkTarget::Category(id) => self.categories.get(id.0),
            LinkTarget::Page(index) => self.pages.get(index),
            LinkTarget::Collection(index) => self.collections.get(index),
            LinkTarget::Post(index) => self.posts.get(index),
            LinkTarget::Other => None,
        };
        translated?.as_ref().map(|translated| &translated.texts.body)
    }

    /// The links of all translated texts, with the file and the headings of each. What stands in for a translation
    /// was checked in the shop's own language.
    pub(crate) fn links(&self) -> impl Iterator<Item = (&TextFile, &[String], &[InternalLink])> {
        let lists = [&self.products, &self.categories, &self.pages, &self.collections, &self.posts];
        lists.into_iter().flatten().flatten().filter(|translated| translated.texts.is_translation).map(
            |translated| {
                let body = &translated.texts.body;
                (translated.file, body.anchors.as_slice(), body.links.as_slice())
            },
        )
    }
}

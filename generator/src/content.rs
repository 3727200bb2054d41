//! Parses content files into typed values, one file at a time and in parallel.
//!
//! Each parser returns what it could make of its file, or nothing, and all problems. What several files must
//! agree on is checked afterwards, in [`crate::catalog`].

pub(crate) mod address;
pub(crate) mod category;
pub(crate) mod collection;
pub(crate) mod generated;
pub(crate) mod gtin;
pub(crate) mod home;
pub(crate) mod languages;
pub(crate) mod navigation;
pub(crate) mod page;
pub(crate) mod post;
pub(crate) mod product;
pub(crate) mod promotion;
pub(crate) mod returns;
pub(crate) mod settings;
pub(crate) mod supply;
pub(crate) mod synonyms;
pub(crate) mod variants;
pub(crate) mod visibility;

use ipswich_catalog::settings::ShopSettings;

use crate::day::Day;
use crate::edition::Addresses;
use crate::fields::{Fields, Located, Notes, Value};
use crate::front_matter::{self, Parts};
use crate::markdown::{self, Document};
use crate::names::{CategoryId, Names, PictureId, ProductId};
use crate::pictures::Picture;
use crate::problem::Problem;
use crate::source::TextFile;

/// What every parser may look at.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) settings: &'c ShopSettings,
    /// Whether the settings have no mistakes, so that what they lack is not there.
    pub(crate) settings_are_whole: bool,
    /// The day of the build, for what is published from or until a day.
    pub(crate) today: Day,
    pub(crate) names: &'c Names<'c>,
    pub(crate) pictures: &'c [Picture],
    /// How links are written.
    pub(crate) addresses: &'c Addresses,
    /// Whether products keep their text as it was written.
    pub(crate) keep_texts: bool,
}

/// A picture with its description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) picture: PictureId,
    pub(crate) alt: String,
}

/// What became of a file.
pub(crate) struct Parsed<T> {
    /// What it says, unless a problem prevents it.
    pub(crate) value: Option<T>,
    pub(crate) problems: Vec<Problem>,
}

/// Splits a file, parses its front matter, and lets `read` make a value of both parts.
pub(crate) fn parse_file<T>(
    file: &TextFile,
    what: &'static str,
    read: impl FnOnce(&Notes<'_>, Fields<'_, '_>, Parts) -> Option<T>,
) -> Parsed<T> {
    if !file.is_read {
        return Parsed { value: None, problems: Vec::new() };
    }
    let parts = match front_matter::split(file) {
        Ok(parts) => parts,
        Err(problem) => return Parsed { value: None, problems: vec![problem] },
    };
    let notes = Notes::of(file, &parts);
    let value = front_matter::read(&notes, &parts).and_then(|head| {
        let fields = Fields::new(&notes, head.table(), what, 0..parts.head.start);
        read(&notes, fields, parts)
    });
    let problems = notes.into_problems();
    Parsed { value: value.filter(|_| problems.is_empty()), problems }
}

/// The key `updated`, a day that is not before the one of `published`.
fn updated(notes: &Notes<'_>, fields: &mut Fields<'_, '_>, published: Option<Day>) -> Option<Day> {
    let read = |value: Value<'_, '_>| Some(Located { span: value.span.clone(), value: value.day()? });
    let Located { value: day, span } = fields.optional("updated", read)?;
    if published.is_some_and(|first| day < first) {
        let help = "\"updated\" is the day of the last change";
        notes.add(span, "this is before the day on which it was published", help);
    }
    Some(day)
}

impl Context<'_> {
    pub(crate) fn body(&self, notes: &Notes<'_>, parts: &Parts) -> Document {
        markdown::render(notes, parts.body.clone(), self.names, self.pictures, self.addresses)
    }

    /// The Markdown of a body with the addresses of its pictures, if texts are kept.
    fn text(&self, notes: &Notes<'_>, parts: &Parts) -> String {
        match notes.file().text.get(parts.body.clone()) {
            Some(text) if self.keep_texts => markdown::with_addresses(text, |name| {
                let picture = self.pictures.get(self.names.picture(name)?.0)?;
                Some(format!("{}{}", self.settings.base_url, picture.src))
            }),
            _ => String::new(),
        }
    }

    /// A picture by its file name.
    fn picture(&self, value: &Value<'_, '_>) -> Option<PictureId> {
        let id = self.find(
            value,
            |name| self.names.picture(name),
            "picture",
            |name| self.names.picture_help(name),
        )?;
        match self.pictures.get(id.0).and_then(|picture| picture.broken.as_ref()) {
            Some(wrong) => {
                let name = value.str().unwrap_or_default();
                value.reject(format!("{name:?} cannot be shown: {}", wrong.message), wrong.help)
            }
            None => Some(id),
        }
    }

    /// A product by its slug.
    fn product(&self, value: &Value<'_, '_>) -> Option<ProductId> {
        self.find(value, |slug| self.names.product(slug), "product", |slug| self.names.product_help(slug))
    }

    /// A category by its path.
    fn category(&self, value: &Value<'_, '_>) -> Option<CategoryId> {
        self.find(value, |path| self.names.category(path), "category", |path| self.names.category_help(path))
    }

    /// A collection by its slug, as its place in the list.
    fn collection(&self, value: &Value<'_, '_>) -> Option<usize> {
        self.find(
            value,
            |slug| self.names.collection(slug),
            "collection",
            |slug| self.names.collection_help(slug),
        )
    }

    fn find<T>(
        &self,
        value: &Value<'_, '_>,
        find: impl FnOnce(&str) -> Option<T>,
        what: &str,
        help: impl FnOnce(&str) -> String,
    ) -> Option<T> {
        let name = value.str()?;
        find(name).or_else(|| value.reject(format!("there is no {what} {name:?}"), help(name)))
    }

    /// The keys `image` and `image_alt`, both or none.
    fn optional_image(&self, fields: &mut Fields<'_, '_>) -> Option<Shown> {
        let picture = fields.optional("image", |value| self.picture(&value));
        let alt = match fields.has("image") {
            true => fields.required("image_alt", Value::text),
            false => fields.optional("image_alt", |value| {
                value.reject("\"image_alt\" describes no picture", "add \"image\", or remove the description")
            }),
        };
        Some(Shown { picture: picture?, alt: alt? })
    }
}

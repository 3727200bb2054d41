//! Parses one translation: the texts of a file, and no key that says the same in every language.

use crate::content::home::Home;
use crate::content::product::Product;
use crate::content::{Context, Parsed, parse_file};
use crate::fields::{Fields, Value};
use crate::markdown::Document;
use crate::source::{TextFile, TranslationKind};

/// Texts in another language. What is absent is said in the shop's own.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) title: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) seo_title: Option<String>,
    pub(crate) seo_description: Option<String>,
    pub(crate) badges: Option<Vec<String>>,
    pub(crate) image_alt: Option<String>,
    /// Descriptions of the pictures, in their order.
    pub(crate) alts: Option<Vec<String>>,
    /// Name and value, in the order of the product's.
    pub(crate) attributes: Option<Vec<(String, String)>>,
    /// Name and values, in the order of the product's.
    pub(crate) options: Option<Vec<(String, Vec<String>)>>,
    pub(crate) body: Document,
    /// Whether it comes from a translation, not from what stands in for one.
    pub(crate) is_translation: bool,
}

/// Texts of the home page in another language.
#[derive(Debug)]
pub(crate) struct HomeTexts {
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) hero: Option<FeatureTexts>,
    pub(crate) featured_title: Option<String>,
    pub(crate) story: Option<FeatureTexts>,
}

/// Texts of a part of the home page.
#[derive(Debug)]
pub(crate) struct FeatureTexts {
    pub(crate) title: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) link_title: Option<String>,
    pub(crate) image_alt: Option<String>,
}

/// What there is to translate.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    image: bool,
    images: usize,
    badges: usize,
    /// Whether it is shown to editors alone, and need not be translated yet.
    pub(super) is_draft: bool,
    attributes: usize,
    /// The number of values of each option.
    options: Vec<usize>,
}

impl Shape {
    /// A title, a summary and a text, with the description of a picture or without.
    pub(crate) fn with_image(image: bool) -> Shape {
        Shape { image, ..Shape::default() }
    }

    /// What a product says; none if visitors do not see it.
    pub(crate) fn of_product(product: &Product) -> Option<Shape> {
        product.hidden.is_none().then(|| Shape {
            image: false,
            images: product.images.len(),
            // The mark of a draft is not from its file.
            badges: product.badges.len() - usize::from(product.is_marked),
            is_draft: product.is_marked,
            attributes: product.attributes.len(),
            options: product.options.iter().map(|option| option.values.len()).collect(),
        })
    }
}

/// Keys that are not translated, by kind of file.
fn own_keys(kind: TranslationKind) -> &'static [&'static str] {
    match kind {
        TranslationKind::Product => &[
            "sku",
            "brand",
            "category",
            "categories",
            "price",
            "price_confirmed",
            "compare_at",
            "tax",
            "weight",
            "stock",
            "gtin",
            "published",
            "publish_from",
            "publish_until",
            "draft",
            "aliases",
            "tags",
            "related",
            "variants",
        ],
        TranslationKind::Category | TranslationKind::Page => &["order", "image", "aliases"],
        TranslationKind::Collection => &["order", "image", "aliases", "products", "rule"],
        TranslationKind::Post => {
            &["published", "publish_from", "publish_until", "draft", "aliases", "author", "image"]
        }
        TranslationKind::Home | TranslationKind::Settings => &["link", "image", "products"],
    }
}

/// Refuses keys that belong into the file that is translated.
fn refuse_own_keys(fields: &mut Fields<'_, '_>, keys: &'static [&'static str], base: &TextFile) {
    for key in keys.iter().filter(|key| fields.has(key)).copied().collect::<Vec<_>>() {
        fields.optional(key, |value| -> Option<()> {
            let message = format!("{key:?} is the same in every language");
            value.reject(message, format!("remove it here; it stands in {}", base.path))
        });
    }
}

/// A key that must be there if `must`.
fn text(fields: &mut Fields<'_, '_>, key: &'static str, must: bool) -> Option<String> {
    if must { fields.required(key, Value::text) } else { fields.optional(key, Value::text) }
}

/// Checks that a list is as long as that of the file it translates.
fn as_long<T>(
    value: &Value<'_, '_>,
    list: Vec<T>,
    wanted: usize,
    what: &str,
    base: &TextFile,
) -> Option<Vec<T>> {
    let given = value.list_len();
    if given != wanted {
        let message = format!("there are {given} {what} here and {wanted} in {}", base.path);
        return value.reject(message, "translate each, in the same order");
    }
    // An item with a mistake of its own was reported.
    (list.len() == wanted).then_some(list)
}

/// Parses a translation of `base`.
pub(super) fn parse(
    file: &TextFile,
    base: &TextFile,
    kind: TranslationKind,
    shape: &Shape,
    must: bool,
    context: &Context<'_>,
) -> Parsed<Texts> {
    parse_file(file, "a translation", |notes, mut fields, parts| {
        let fields_ref = &mut fields;
        let title = text(fields_ref, "title", must);
        let summary = text(fields_ref, "summary", must);
        let is_product = kind == TranslationKind::Product;
        let (mut seo_title, mut seo_description) = (None, None);
        let (mut badges, mut alts, mut attributes, mut options) = (None, None, None, None);
        if is_product {
            seo_title = text(fields_ref, "seo_title", false);
            seo_description = text(fields_ref, "seo_description", false);
            badges = list(fields_ref, "badges", must && shape.badges > 0, |value| {
                let badges = value.list(Value::text)?;
                as_long(&value, badges, shape.badges, "badges", base)
            });
            alts = list(fields_ref, "images", must, |value| {
                let alts = value.tables("the description of an image", |fields| {
                    refuse_own_keys(fields, &["src"], base);
                    fields.required("alt", Value::text)
                })?;
                as_long(&value, alts, shape.images, "images", base)
            });
            attributes = list(fields_ref, "attributes", must && shape.attributes > 0, |value| {
                let place = value.span.clone();
                let pairs = value.pairs()?;
                if pairs.len() != shape.attributes {
                    let message = format!(
                        "there are {} attributes here and {} in {}",
                        pairs.len(),
                        shape.attributes,
                        base.path
                    );
                    notes.add(place, message, "translate each, in the same order");
                    return None;
                }
                Some(pairs.into_iter().map(|(name, text)| (name.value, text.value)).collect::<Vec<_>>())
            });
            options = list(fields_ref, "options", must && !shape.options.is_empty(), |value| {
                read_options(&value, shape, base)
            });
        }
        let image_alt = if shape.image { text(fields_ref, "image_alt", must) } else { None };
        refuse_own_keys(fields_ref, own_keys(kind), base);
        fields.finish();
        let body = context.body(notes, &parts);
        Some(Texts {
            title,
            summary,
            seo_title,
            seo_description,
            badges,
            image_alt,
            alts,
            attributes,
            options,
            body,
            is_translation: true,
        })
    })
}

fn list<'n, 'f, T>(
    fields: &mut Fields<'n, 'f>,
    key: &'static str,
    must: bool,
    read: impl FnOnce(Value<'n, 'f>) -> Option<T>,
) -> Option<T> {
    if must { fields.required(key, read) } else { fields.optional(key, read) }
}

fn read_options(value: &Value<'_, '_>, shape: &Shape, base: &TextFile) -> Option<Vec<(String, Vec<String>)>> {
    let mut wanted = shape.options.iter();
    let options = value.tables("an option", |fields| {
        let count = wanted.next().copied();
        let name = fields.required("name", Value::text);
        let values = fields.required("values", |value| {
            let values = value.list(Value::text)?;
            let count = count.unwrap_or(values.len());
            as_long(&value, values, count, "values", base)
        });
        Some((name?, values?))
    })?;
    as_long(value, options, shape.options.len(), "options", base)
}

/// What stands in for a translation: the text of the file itself, with links that stay in the language.
pub(super) fn stand_in(base: &TextFile, context: &Context<'_>) -> Parsed<Texts> {
    let Parsed { value, .. } =
        parse_file(base, "a text", |notes, _, parts| Some(context.body(notes, &parts)));
    let texts = |body| Texts {
        title: None,
        summary: None,
        seo_title: None,
        seo_description: None,
        badges: None,
        image_alt: None,
        alts: None,
        attributes: None,
        options: None,
        body,
        is_translation: false,
    };
    // Its mistakes were reported when it was read for itself.
    Parsed { value: value.map(texts), problems: Vec::new() }
}

/// Parses a translation of the home page.
pub(super) fn parse_home(file: &TextFile, base: &TextFile, home: &Home, must: bool) -> Parsed<HomeTexts> {
    parse_file(file, "a translation of the home page", |notes, mut fields, parts| {
        let title = text(&mut fields, "title", must);
        let description = text(&mut fields, "description", must);
        let mut feature = |key: &'static str, has_image: bool| {
            list(&mut fields, key, must, |value| {
                value.table("a translation", |fields| {
                    let texts = FeatureTexts {
                        title: text(fields, "title", must),
                        text: text(fields, "text", must),
                        link_title: text(fields, "link_title", must),
                        image_alt: if has_image { text(fields, "image_alt", must) } else { None },
                    };
                    refuse_own_keys(fields, own_keys(TranslationKind::Home), base);
                    Some(texts)
                })
            })
        };
        let hero = feature("hero", home.hero.image.is_some());
        let story = feature("story", home.story.image.is_some());
        let featured_title = list(&mut fields, "featured", must, |value| {
            value.table("a translation", |fields| {
                let title = text(fields, "title", must);
                refuse_own_keys(fields, own_keys(TranslationKind::Home), base);
                title
            })
        });
        fields.finish();
        let body = &file.text[parts.body.clone()];
        if !body.trim().is_empty() {
            let start = parts.body.end - body.trim_start().len();
            let help = "the home page is made of its front matter; move the text to [hero] or [story]";
            notes.add(start..start + 1, "the text below the front matter is shown nowhere", help);
        }
        Some(HomeTexts { title, description, hero, featured_title, story })
    })
}

//! Parses `shop.de.toml`: the texts of the settings, in the form of `shop.toml`.

use std::collections::BTreeMap;

use crate::content::Parsed;
use crate::content::settings::Settings;
use crate::fields::{Fields, Notes, Value};
use crate::front_matter;
use crate::problem::did_you_mean;
use crate::source::TextFile;

/// Texts of the settings in another language. What is absent is said in the shop's own.
#[derive(Debug, Default)]
pub(crate) struct ShopTexts {
    pub(crate) tagline: Option<String>,
    pub(crate) hours: Option<String>,
    pub(crate) legal: Option<String>,
    pub(crate) announcement: Option<String>,
    /// Title and note of delivery methods, by id.
    pub(crate) delivery: BTreeMap<String, (String, String)>,
    /// Titles of tax classes, by id.
    pub(crate) tax: BTreeMap<String, String>,
    /// Names of countries, by code.
    pub(crate) countries: BTreeMap<String, String>,
    /// Labels of bank details, by the label they translate.
    pub(crate) bank: BTreeMap<String, String>,
    /// Titles of the navigation, by the title they translate.
    pub(crate) navigation: BTreeMap<String, String>,
    /// What tags are called, by the word in the files.
    pub(crate) tags: BTreeMap<String, String>,
}

/// Parses the file; if `must`, everything that the settings say has to be translated.
pub(super) fn parse(file: &TextFile, base: &Settings, must: bool) -> Parsed<ShopTexts> {
    if !file.is_read {
        return Parsed { value: None, problems: Vec::new() };
    }
    let table = match front_matter::parse(file, 0..file.text.len()) {
        Ok(table) => table,
        Err(problem) => return Parsed { value: None, problems: vec![problem] },
    };
    let notes = Notes::new(file, 0);
    let mut fields = Fields::new(&notes, &table, "a translation of the settings", 0..0);
    let texts = read(&mut fields, base, must);
    fields.finish();
    Parsed { value: Some(texts), problems: notes.into_problems() }
}

fn read(fields: &mut Fields<'_, '_>, base: &Settings, must: bool) -> ShopTexts {
    let shop = &base.shop;
    let text = |fields: &mut Fields<'_, '_>, key, must: bool| {
        if must { fields.required(key, Value::text) } else { fields.optional(key, Value::text) }
    };
    let methods: Vec<&str> = shop.shipping.iter().map(|method| method.id.as_str()).collect();
    let classes: Vec<&str> = shop.tax_classes.iter().map(|class| class.id.as_str()).collect();
    let countries: Vec<&str> = shop.countries.iter().map(|country| country.code.as_str()).collect();
    let labels: Vec<&str> = shop.offline.bank.iter().map(|(label, _)| label.as_str()).collect();
    let links = base.navigation.iter().flat_map(|item| std::iter::once(item).chain(&item.children));
    let links: Vec<&str> = links.map(|item| item.title.as_str()).collect();
    ShopTexts {
        tagline: text(fields, "tagline", must),
        hours: text(fields, "hours", must),
        legal: text(fields, "legal", false),
        announcement: text(fields, "announcement", must && shop.announcement.is_some()),
        delivery: tables(fields, "delivery", "id", &methods, must, |fields| {
            let (title, note) = (fields.required("title", Value::text), fields.required("note", Value::text));
            Some((title?, note?))
        }),
        tax: tables(fields, "tax", "id", &classes, must, |fields| fields.required("title", Value::text)),
        countries: tables(fields, "countries", "code", &countries, must, |fields| {
            fields.required("name", Value::text)
        }),
        bank: words(fields, "bank", Some(&labels), must),
        navigation: words(fields, "navigation", Some(&links), must),
        tags: words(fields, "tags", None, false),
    }
}

/// `[[delivery]]` and the like: each translates one of `known`, and all are translated.
fn tables<T>(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    id_key: &'static str,
    known: &[&str],
    must: bool,
    mut read: impl FnMut(&mut Fields<'_, '_>) -> Option<T>,
) -> BTreeMap<String, T> {
    let place = fields.key_span(key);
    let mut texts = BTreeMap::new();
    let read_all = |value: Value<'_, '_>| {
        value.tables("a translation", |fields| {
            let id = fields.required(id_key, |value| {
                let id = value.str()?;
                if known.contains(&id) {
                    return Some(id.to_owned());
                }
                let help = did_you_mean(id, known.iter().copied(), || {
                    format!("content/shop.toml has {}", known.join(", "))
                });
                value.reject(format!("there is no {id:?} to translate"), help)
            });
            let text = read(fields);
            texts.insert(id?, text?);
            Some(())
        })
    };
    let found = match must {
        true => fields.required(key, read_all).is_some(),
        false => fields.optional(key, read_all).is_some(),
    };
    if must && found {
        report_lacking(fields, place, key, known, |name| texts.contains_key(name));
    }
    texts
}

/// `[bank]` and the like: what a word is called.
fn words(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    known: Option<&[&str]>,
    must: bool,
) -> BTreeMap<String, String> {
    let place = fields.key_span(key);
    let must = must && known.is_some_and(|known| !known.is_empty());
    let pairs = if must { fields.required(key, Value::pairs) } else { fields.optional(key, Value::pairs) };
    let Some(pairs) = pairs else { return BTreeMap::new() };
    for (word, _) in &pairs {
        let Some(known) = known.filter(|known| !known.contains(&word.value.as_str())) else { continue };
        let help = did_you_mean(&word.value, known.iter().copied(), || "remove it".to_owned());
        fields.note(word.span.clone(), format!("there is no {:?} to translate", word.value), help);
    }
    if must {
        let has = |name: &str| pairs.iter().any(|(word, _)| word.value == name);
        report_lacking(fields, place, key, known.unwrap_or_default(), has);
    }
    pairs.into_iter().map(|(word, text)| (word.value, text.value)).collect()
}

fn report_lacking(
    fields: &Fields<'_, '_>,
    place: std::ops::Range<usize>,
    key: &str,
    known: &[&str],
    has: impl Fn(&str) -> bool,
) {
    let lacking: Vec<String> =
        known.iter().filter(|name| !has(name)).map(|name| format!("{name:?}")).collect();
    if !lacking.is_empty() {
        let message = format!("{} in {key:?} is not translated", lacking.join(", "));
        fields.note(place, message, "add it, as content/shop.toml has it");
    }
}

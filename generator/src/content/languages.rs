//! The languages of the shop beside its own: `[[languages]]` of the settings.

use std::ops::Range;

use ipswich_catalog::Locale;
use ipswich_catalog::published::Language;

use crate::content::settings::locale;
use crate::fields::{Fields, Value};
use crate::names::RESERVED;

/// A language that texts are translated into.
#[derive(Clone, Debug)]
pub(crate) struct OtherLanguage {
    pub(crate) language: Language,
    /// What happens with a text that is not translated.
    pub(crate) missing: Missing,
    /// Where its path is given.
    pub(crate) place: Range<usize>,
}

/// What happens with a text that is not translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It is a mistake.
    Refuse,
    /// The text of the shop's own language stands in.
    FallBack,
}

/// The shop's own language, as its pages in other languages name it.
pub(crate) fn own(locale: Locale) -> Language {
    Language {
        key: locale.language().to_owned(),
        locale,
        prefix: String::new(),
        name: locale.name().to_owned(),
    }
}

/// Reads `[[languages]]`.
pub(crate) fn read(fields: &mut Fields<'_, '_>, own: Locale) -> Vec<OtherLanguage> {
    let mut seen = vec![(own, own.language().to_owned())];
    let languages = fields.optional("languages", |value| {
        value.tables("a language", |fields| {
            let locale = fields.required("code", |value| {
                let locale = locale(&value)?;
                if seen.iter().any(|(known, _)| *known == locale) {
                    return value
                        .reject(format!("the shop speaks {locale} already"), "remove one of the two");
                }
                Some(locale)
            });
            let mut place = fields.place();
            let path = fields.required("path", |value| {
                place = value.span.clone();
                path(&value, &seen)
            });
            let name = fields.optional("name", Value::text);
            let missing = fields.optional("missing", |value| match value.str()? {
                "refuse" => Some(Missing::Refuse),
                "fall_back" => Some(Missing::FallBack),
                other => value.reject(
                    format!("there is no way {other:?} to treat what is not translated"),
                    "write \"refuse\" or \"fall_back\"",
                ),
            });
            let (locale, path) = (locale?, path?);
            seen.push((locale, path.clone()));
            let language = Language {
                prefix: format!("/{path}"),
                key: path,
                locale,
                name: name.unwrap_or_else(|| locale.name().to_owned()),
            };
            Some(OtherLanguage { language, missing: missing.unwrap_or(Missing::Refuse), place })
        })
    });
    languages.unwrap_or_default()
}

/// A path of one segment in small letters, such as `de` or `de-at`, that nothing else uses.
fn path(value: &Value<'_, '_>, seen: &[(Locale, String)]) -> Option<String> {
    let path = value.str()?;
    let plain = path.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if !plain || path.starts_with('-') || path.len() > 8 {
        return value
            .reject(format!("the path {path:?} will not do"), "write a few small letters, such as \"de\"");
    }
    if RESERVED.contains(&path) || seen.iter().any(|(_, known)| known == path) {
        return value.reject(format!("the path {path:?} is in use"), "choose another one");
    }
    Some(path.to_owned())
}

//! One language of the site: where its pages are, and what the generator says on them.

use std::sync::Arc;

use ipswich_catalog::published::Language;
use ipswich_catalog::{Locale, Messages, Text};
use ipswich_theme::Alternate;

use crate::names::Names;

/// What precedes the addresses of pages in one language: nothing, or `/de`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefix(Arc<str>);

impl Prefix {
    pub(crate) fn new(text: &str) -> Prefix {
        Prefix(Arc::from(text))
    }
}

impl std::fmt::Display for Prefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How texts in one language link to pages of the site: to those in the same language.
#[derive(Clone, Debug, Default)]
pub(crate) struct Addresses {
    prefix: String,
    /// What addresses of the shop carry.
    query: String,
}

impl Addresses {
    /// The addresses of the language with this prefix and key.
    pub(crate) fn new(prefix: &str, key: &str) -> Addresses {
        Addresses { prefix: prefix.to_owned(), query: format!("?lang={key}") }
    }

    /// What a link to `target` leads to.
    pub(crate) fn of(&self, names: &Names<'_>, target: &str) -> String {
        let end = target.find(['?', '#']).unwrap_or(target.len());
        let (path, rest) = target.split_at(end);
        if names.is_of_shop(path) {
            let more = rest.strip_prefix('?').map_or_else(|| rest.to_owned(), |rest| format!("&{rest}"));
            return match self.query.is_empty() {
                true => target.to_owned(),
                false => format!("{path}{}{more}", self.query),
            };
        }
        let is_word = path.starts_with("/brand/") || path.starts_with("/tag/");
        match !names.has_prefix(path) && (is_word || names.page_at(path).is_some()) {
            true => format!("{}{target}", self.prefix),
            false => target.to_owned(),
        }
    }
}

/// A language of the site.
#[derive(Clone, Debug)]
pub(crate) struct Edition {
    /// What precedes the addresses of its pages.
    pub(crate) prefix: Prefix,
    /// What the generator says.
    pub(crate) messages: Messages,
    /// All languages of the site, the shop's own first; empty if it has one.
    pub(crate) languages: Arc<[Language]>,
}

impl Edition {
    /// The edition in the shop's own language.
    pub(crate) fn own(messages: Messages, languages: Arc<[Language]>) -> Edition {
        Edition { prefix: Prefix::default(), messages, languages }
    }

    /// The same site in another of its languages.
    pub(crate) fn other(&self, language: &Language, messages: Messages) -> Edition {
        Edition { prefix: Prefix::new(&language.prefix), messages, languages: Arc::clone(&self.languages) }
    }

    /// Its language.
    pub(crate) fn locale(&self) -> Locale {
        self.messages.locale
    }

    /// What addresses and files call it; none if it is the shop's own language.
    pub(crate) fn key(&self) -> Option<&str> {
        let own = self.languages.iter().find(|language| language.locale == self.locale())?;
        (!own.prefix.is_empty()).then_some(own.key.as_str())
    }

    /// A page of the site in this language.
    pub(crate) fn page(&self, url: &str) -> String {
        format!("{}{url}", self.prefix)
    }

    /// Says a text.
    pub(crate) fn say(&self, text: &Text, values: &[(&str, &str)]) -> String {
        self.messages.say(text, values)
    }

    /// A page of this edition in all languages.
    pub(crate) fn alternates(&self, url: &str) -> Vec<Alternate> {
        let path = url.strip_prefix(&*self.prefix.0).unwrap_or(url);
        let alternate = |language: &Language| Alternate {
            language: language.locale.tag().to_owned(),
            name: language.name.clone(),
            url: format!("{}{path}", language.prefix),
            current: language.locale == self.locale(),
            default: language.prefix.is_empty(),
        };
        self.languages.iter().map(alternate).collect()
    }
}

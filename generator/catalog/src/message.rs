//! Texts that programs say: in English where they are said, in other languages from the messages of the theme.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::locale::{Locale, Plural};

/// Something a program says. Placeholders are written `{name}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its key in the messages of a theme, such as `site.home`.
    pub key: &'static str,
    /// In English.
    pub english: &'static str,
    /// In English, for one piece; empty if it counts nothing.
    pub english_one: &'static str,
}

impl Text {
    /// A text that counts nothing.
    pub const fn new(key: &'static str, english: &'static str) -> Text {
        Text { key, english, english_one: "" }
    }

    /// A text that goes with a number, which it calls `{count}`.
    pub const fn counting(key: &'static str, english_one: &'static str, english: &'static str) -> Text {
        Text { key, english, english_one }
    }

    /// Whether it goes with a number.
    pub const fn counts(&self) -> bool {
        !self.english_one.is_empty()
    }
}

/// What programs say in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messages {
    /// The language.
    pub locale: Locale,
    /// Texts by key; those that go with a number by key and form, `cart.left#one`. What is not here is said in
    /// English.
    pub texts: BTreeMap<String, String>,
}

impl Default for Messages {
    /// English, as it stands in the programs.
    fn default() -> Messages {
        Messages { locale: Locale::EnGb, texts: BTreeMap::new() }
    }
}

impl Messages {
    /// The key of a form of a text that goes with a number.
    pub fn form_key(key: &str, form: Plural) -> String {
        format!("{key}#{}", form.name())
    }

    /// Says a text; `values` replace its placeholders.
    pub fn say(&self, text: &Text, values: &[(&str, &str)]) -> String {
        fill(self.texts.get(text.key).map_or(text.english, String::as_str), values)
    }

    /// Says a text that goes with a number.
    pub fn count(&self, text: &Text, count: u64, values: &[(&str, &str)]) -> String {
        let known = self.texts.get(&Messages::form_key(text.key, self.locale.plural(count)));
        let english = if count == 1 && text.counts() { text.english_one } else { text.english };
        let count = count.to_string();
        let values: Vec<(&str, &str)> = values.iter().copied().chain([("count", count.as_str())]).collect();
        fill(known.map_or(english, String::as_str), &values)
    }
}

/// Puts values for the placeholders. Values are not looked at again, so a `{` in one means nothing.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The names of the placeholders in a text, in order; `None` if a brace is not part of one.
pub fn placeholders(text: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (_, from) = rest.split_at(at);
        let (name, after) = from.strip_prefix('{')?.split_once('}')?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        if name.is_empty() || !name.bytes().all(plain) {
            return None;
        }
        names.push(name);
        rest = after;
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Text = Text::counting("left", "One {thing} left.", "{count} of {thing} left.");

    fn german() -> Messages {
        let texts = [("left#one", "Noch ein {thing}."), ("left#other", "Noch {count} × {thing}.")];
        Messages {
            locale: Locale::DeDe,
            texts: texts.map(|(key, text)| (key.to_owned(), text.to_owned())).into(),
        }
    }

    #[test]
    fn says_what_is_translated_and_else_english() {
        let none = Messages { locale: Locale::EnGb, texts: BTreeMap::new() };
        assert_eq!(none.count(&LEFT, 1, &[("thing", "mug")]), "One mug left.");
        assert_eq!(none.count(&LEFT, 3, &[("thing", "mug")]), "3 of mug left.");
        assert_eq!(german().count(&LEFT, 1, &[("thing", "Becher")]), "Noch ein Becher.");
        assert_eq!(german().count(&LEFT, 3, &[("thing", "{count}")]), "Noch 3 × {count}.");
        assert_eq!(german().say(&Text::new("home", "Home"), &[]), "Home");
    }

    #[test]
    fn placeholders_are_small_words_in_braces() {
        assert_eq!(placeholders("{count} of {thing_name}"), Some(vec!["count", "thing_name"]));
        for bad in ["{", "}", "{}", "{{x}}", "{a b}", "{Count}"] {
            assert_eq!(placeholders(bad), None, "{bad}");
        }
    }
}

//! Stems: what the forms of a word have in common, by language. Light on purpose: goods are nouns, and a stemmer that
//! takes "organic" to "organ" finds too much.

mod english;
mod german;

/// The language of the texts that an index is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English of any country.
    English,
    /// German of any country.
    German,
    /// Any other: words are found as they are written.
    #[default]
    Other,
}

impl Language {
    /// The language of a tag such as `en-GB`.
    pub fn of_tag(tag: &str) -> Language {
        match tag.split(['-', '_']).next() {
            Some(language) if language.eq_ignore_ascii_case("en") => Language::English,
            Some(language) if language.eq_ignore_ascii_case("de") => Language::German,
            _ => Language::Other,
        }
    }

    pub(crate) fn code(self) -> u8 {
        match self {
            Language::Other => 0,
            Language::English => 1,
            Language::German => 2,
        }
    }

    pub(crate) fn of_code(code: u8) -> Language {
        match code {
            1 => Language::English,
            2 => Language::German,
            _ => Language::Other,
        }
    }

    /// The stem of a folded word. Words with digits in them have no forms.
    pub(crate) fn stem(self, word: &str) -> String {
        if !word.is_ascii() || word.bytes().any(|byte| byte.is_ascii_digit()) {
            return word.to_owned();
        }
        match self {
            Language::English => english::stem(word),
            Language::German => german::stem(word),
            Language::Other => word.to_owned(),
        }
    }

    /// Whether a folded word only joins others, so that a product need not have it.
    pub(crate) fn is_filler(self, word: &str) -> bool {
        match self {
            Language::English => english::FILLERS.contains(&word),
            Language::German => german::FILLERS.contains(&word),
            Language::Other => false,
        }
    }
}

//! The part of an address that names a thing.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest slug, in bytes.
pub const SLUG_BYTES_MAX: usize = 80;

/// One segment of an address: small letters, digits and single hyphens, such as `waxed-cotton-cap`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// Why a text is not a [`Slug`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlugError {
    /// Empty or longer than [`SLUG_BYTES_MAX`].
    Length,
    /// Something else than `a-z`, `0-9` and `-`.
    Character(char),
    /// A hyphen first, last or twice in a row.
    Hyphen,
}

impl fmt::Display for SlugError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SlugError::Length => write!(f, "a slug has 1 to {SLUG_BYTES_MAX} characters"),
            SlugError::Character(c) => write!(f, "a slug is made of a-z, 0-9 and \"-\", not {c:?}"),
            SlugError::Hyphen => f.write_str("a slug has single hyphens between words only"),
        }
    }
}

impl std::error::Error for SlugError {}

impl Slug {
    /// Checks and keeps the text; nothing is corrected.
    pub fn parse(text: &str) -> Result<Slug, SlugError> {
        if let Some(c) = text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
            return Err(SlugError::Character(c));
        }
        if text.is_empty() || text.len() > SLUG_BYTES_MAX {
            return Err(SlugError::Length);
        }
        if text.starts_with('-') || text.ends_with('-') || text.contains("--") {
            return Err(SlugError::Hyphen);
        }
        Ok(Slug(text.to_owned()))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;

    fn try_from(text: String) -> Result<Slug, SlugError> {
        Slug::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> String {
        slug.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_address_segments_and_nothing_else() {
        assert!(Slug::parse("4k-webcam").is_ok());
        assert_eq!(Slug::parse(""), Err(SlugError::Length));
        assert_eq!(Slug::parse("Mug"), Err(SlugError::Character('M')));
        assert_eq!(Slug::parse("a/b"), Err(SlugError::Character('/')));
        assert_eq!(Slug::parse("a--b"), Err(SlugError::Hyphen));
        assert_eq!(Slug::parse("-a"), Err(SlugError::Hyphen));
    }
}

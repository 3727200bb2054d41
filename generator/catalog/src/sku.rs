//! Stock-keeping units.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest SKU, in bytes: 50 of them with quantities fit one cookie.
pub const SKU_BYTES_MAX: usize = 32;

/// The code of one sellable thing: capital letters, digits and hyphens, 3 to [`SKU_BYTES_MAX`] characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sku(String);

/// Why a text is not a [`Sku`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkuError {
    /// Fewer than 3 or more than [`SKU_BYTES_MAX`] characters.
    Length,
    /// Something else than `A-Z`, `0-9` and `-`.
    Character(char),
    /// A hyphen first or last.
    OuterHyphen,
}

impl fmt::Display for SkuError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SkuError::Length => write!(f, "a SKU has 3 to {SKU_BYTES_MAX} characters"),
            SkuError::Character(c) => write!(f, "a SKU is made of A-Z, 0-9 and \"-\", not {c:?}"),
            SkuError::OuterHyphen => f.write_str("a SKU does not begin or end with \"-\""),
        }
    }
}

impl std::error::Error for SkuError {}

impl Sku {
    /// Checks and keeps the text; nothing is corrected.
    pub fn parse(text: &str) -> Result<Sku, SkuError> {
        if let Some(c) = text.chars().find(|c| !matches!(c, 'A'..='Z' | '0'..='9' | '-')) {
            return Err(SkuError::Character(c));
        }
        if !(3..=SKU_BYTES_MAX).contains(&text.len()) {
            return Err(SkuError::Length);
        }
        if text.starts_with('-') || text.ends_with('-') {
            return Err(SkuError::OuterHyphen);
        }
        Ok(Sku(text.to_owned()))
    }

    /// The SKU as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Sku {
    type Error = SkuError;

    fn try_from(text: String) -> Result<Sku, SkuError> {
        Sku::parse(&text)
    }
}

impl From<Sku> for String {
    fn from(sku: Sku) -> String {
        sku.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_codes_and_nothing_else() {
        assert_eq!(
            Sku::parse("CL-GANSEY-NAVY-S").map(|sku| sku.to_string()),
            Ok("CL-GANSEY-NAVY-S".to_owned())
        );
        assert_eq!(Sku::parse("AB"), Err(SkuError::Length));
        assert_eq!(Sku::parse(&"A".repeat(33)), Err(SkuError::Length));
        assert_eq!(Sku::parse("ab-1"), Err(SkuError::Character('a')));
        assert_eq!(Sku::parse("AB 1"), Err(SkuError::Character(' ')));
        assert_eq!(Sku::parse("-AB1"), Err(SkuError::OuterHyphen));
    }
}

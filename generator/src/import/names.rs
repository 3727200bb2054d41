//! Slugs and SKUs out of any text.

use std::collections::HashSet;

use ipswich_catalog::sku::SKU_BYTES_MAX;
use ipswich_catalog::slug::SLUG_BYTES_MAX;
use ipswich_catalog::{Sku, Slug};

use crate::hash::short_hash;

/// Names that are given once.
#[derive(Debug, Default)]
pub(crate) struct Taken(HashSet<String>);

impl Taken {
    /// The name, or the name with the first number that makes it new, at most `limit` bytes long.
    pub(crate) fn take(&mut self, name: &str, limit: usize) -> String {
        let mut number = 1;
        let mut unique = name.to_owned();
        while !self.0.insert(unique.clone()) {
            number += 1;
            let suffix = format!("-{number}");
            let base = name.get(..limit.saturating_sub(suffix.len())).unwrap_or(name);
            unique = format!("{}{suffix}", base.trim_end_matches('-'));
        }
        unique
    }

    /// Notes a name that is used elsewhere.
    pub(crate) fn add(&mut self, name: &str) {
        self.0.insert(name.to_owned());
    }
}

/// The slug of a text: `Café Crème` is `cafe-creme`. Empty if the text has no letter and no digit.
pub(crate) fn slug(text: &str) -> String {
    if Slug::parse(text).is_ok() {
        return text.to_owned();
    }
    let lower = deunicode::deunicode(text).to_ascii_lowercase();
    cut(&words(&lower), SLUG_BYTES_MAX)
}

/// The SKU of a text: `cc tee/blue` is `CC-TEE-BLUE`. A long one is cut and gets four digits of its hash, so that
/// the same text always gives the same SKU. Empty if the text has no letter and no digit.
pub(crate) fn sku(text: &str) -> String {
    if Sku::parse(text).is_ok() {
        return text.to_owned();
    }
    let words = words(&deunicode::deunicode(text).to_ascii_uppercase());
    match words.len() {
        0 => words,
        1 | 2 => format!("SKU-{words}"),
        length if length <= SKU_BYTES_MAX => words,
        _ => {
            let hash = short_hash(text.as_bytes()).to_ascii_uppercase();
            format!("{}-{}", cut(&words, SKU_BYTES_MAX - 5), hash.get(..4).unwrap_or_default())
        }
    }
}

/// Letters and digits, with single hyphens for everything else between them.
fn words(text: &str) -> String {
    let parts: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

fn cut(text: &str, limit: usize) -> String {
    text.get(..limit).unwrap_or(text).trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules() {
        assert_eq!(slug("Café Crème, 2 kg"), "cafe-creme-2-kg");
        assert_eq!(slug("— —"), "");
        assert_eq!(sku("cc tee/blue"), "CC-TEE-BLUE");
        assert_eq!(sku("7"), "SKU-7");
        let long = sku("SEMI-AUTOMATIC-ESPRESSO-MACHINE-STAINLESS-STEEL");
        assert!(Sku::parse(&long).is_ok() && long.starts_with("SEMI-AUTOMATIC-ESPRESSO-MAC-"), "{long}");
        let mut taken = Taken::default();
        let mut take = || taken.take(&"A".repeat(32), 32);
        assert_eq!((take().len(), take().ends_with("A-2")), (32, true));
    }
}

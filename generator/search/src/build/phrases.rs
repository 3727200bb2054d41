//! Phrases to suggest.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::dictionary;
use super::part::{Fast, Part};

/// The most phrases; the common ones stay.
const PHRASES_MAX: usize = 8_000;

/// The dictionary of phrases with the number of products each leads to.
pub(super) fn phrases(parts: &[Part]) -> Vec<u8> {
    let mut counts: HashMap<&str, u32, Fast> = HashMap::default();
    for (phrase, count) in parts.iter().flat_map(|part| &part.phrases) {
        *counts.entry(phrase).or_default() += count;
    }
    let mut phrases: Vec<(Reverse<u32>, usize, &str)> =
        counts.into_iter().map(|(phrase, count)| (Reverse(count), phrase.len(), phrase)).collect();
    if phrases.len() > PHRASES_MAX {
        phrases.select_nth_unstable(PHRASES_MAX);
        phrases.truncate(PHRASES_MAX);
    }
    dictionary(phrases.into_iter().map(|(Reverse(count), _, phrase)| (phrase, u64::from(count))).collect())
}

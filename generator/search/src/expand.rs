//! What a word of a query may stand for in the dictionary.

use std::cell::Cell;
use std::cmp::Reverse;

use fst::{IntoStreamer, Streamer};

use crate::bytes::{Bytes, Corrupt};
use crate::fuzzy::Near;
use crate::index::{Index, beginning, written};

/// What a word as it is written counts; others count less.
pub(crate) const EXACT: u32 = 256;
const SYNONYM: u32 = 200;
const SPLIT: u32 = 220;
const BEGINNING: u32 = 170;
const NEAR: [u32; 3] = [EXACT, 160, 100];
const OTHER_FIRST_LETTER: u32 = 30;

/// How many words one word may stand for.
const ALTERNATIVES_MAX: usize = 24;
const NEAR_MAX: usize = 8;
const SYNONYMS_MAX: usize = 16;

/// How many words of the dictionary are looked at for one beginning.
const BEGINNINGS_MAX: usize = 600;

/// How many nodes of the dictionary one query may visit to find words near others.
const VISITS_MAX: u32 = 60_000;

/// Stems that a product must all have, and how much that counts, in 1/256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alternative {
    pub(crate) stems: Vec<u32>,
    pub(crate) weight: u32,
}

/// What a word stands for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expansion {
    pub(crate) alternatives: Vec<Alternative>,
    /// What was probably meant, if the word was not known.
    pub(crate) corrected: Option<String>,
}

impl Expansion {
    fn add(&mut self, stems: Vec<u32>, weight: u32) {
        let known = self.alternatives.iter().any(|one| one.stems == stems);
        if !known && !stems.is_empty() && self.alternatives.len() < ALTERNATIVES_MAX {
            self.alternatives.push(Alternative { stems, weight });
        }
    }
}

/// Looks words up, within bounds for the whole query.
pub(crate) struct Expander<'i, 'a> {
    index: &'i Index<'a>,
    visits: Cell<u32>,
}

impl<'i, 'a> Expander<'i, 'a> {
    pub(crate) fn new(index: &'i Index<'a>) -> Self {
        Expander { index, visits: Cell::new(VISITS_MAX) }
    }

    /// What a word stands for. `unfinished` takes it for a beginning, too.
    pub(crate) fn word(&self, word: &str, spelled: &str, unfinished: bool) -> Result<Expansion, Corrupt> {
        let mut found = Expansion::default();
        for form in [word, spelled] {
            if let Some(stem) = self.index.word(form) {
                found.add(vec![stem], EXACT);
            }
        }
        for stems in self.synonyms(&[word])? {
            found.add(stems, SYNONYM);
        }
        if unfinished {
            self.add_beginnings(&mut found, word);
        }
        if found.alternatives.is_empty() {
            self.guess(&mut found, word);
        }
        Ok(found)
    }

    /// The synonyms of some words in a row, each as stems.
    pub(crate) fn synonyms(&self, words: &[&str]) -> Result<Vec<Vec<u32>>, Corrupt> {
        let stems: Vec<String> = words.iter().map(|word| self.index.language.stem(word)).collect();
        let Some(at) = self.index.synonyms.get(stems.join(" ")) else {
            return Ok(Vec::new());
        };
        let at = usize::try_from(at).map_err(|_| Corrupt("a synonym is out of place"))?;
        let mut bytes =
            Bytes::new(self.index.synonym_lists.get(at..).ok_or(Corrupt("a synonym is cut off"))?);
        let mut found = Vec::new();
        for _ in 0..bytes.size()?.min(SYNONYMS_MAX) {
            let mut stems = Vec::new();
            for _ in 0..bytes.size()? {
                stems.push(u32::try_from(bytes.varint()?).map_err(|_| Corrupt("no such stem"))?);
            }
            found.push(stems);
        }
        Ok(found)
    }

    /// Guesses what an unknown word was meant to be: a slip, two words written as one, an unfinished word.
    fn guess(&self, found: &mut Expansion, word: &str) {
        let letters = word.chars().count();
        let is_number = word.bytes().any(|byte| byte.is_ascii_digit());
        if !is_number && letters >= 3 {
            let distance = u8::from(letters >= 4);
            self.add_near(found, word, distance, false);
        }
        if found.alternatives.is_empty() {
            self.add_split(found, word);
        }
        if found.alternatives.is_empty() && (letters >= 4 || is_number) {
            self.add_beginnings(found, word);
        }
        if found.alternatives.is_empty() && letters >= 8 && !is_number {
            self.add_near(found, word, 2, false);
        }
        if found.alternatives.is_empty() && letters >= 5 && !is_number {
            self.add_near(found, word, if letters >= 8 { 2 } else { 1 }, true);
        }
    }

    fn add_beginnings(&self, found: &mut Expansion, word: &str) {
        let mut longer: Vec<(u64, u32)> = Vec::new();
        for (form, value) in beginning(&self.index.words, word, BEGINNINGS_MAX) {
            let Some(stem) = written(value) else { continue };
            if form != word && !longer.iter().any(|(_, known)| *known == stem) {
                longer.push((self.index.frequency(stem), stem));
            }
        }
        longer.sort_by_key(|(products, stem)| (Reverse(*products), *stem));
        for (_, stem) in longer {
            found.add(vec![stem], BEGINNING);
        }
    }

    /// Two words of the dictionary written as one; the more common the rarer of the two, the better.
    fn add_split(&self, found: &mut Expansion, word: &str) {
        let known = |part: &str| {
            let stem = self.index.word(part).filter(|_| part.chars().count() >= 2)?;
            Some((self.index.frequency(stem), stem))
        };
        let splits = word.char_indices().skip(2).filter_map(|(at, _)| {
            let (first, second) = word.split_at_checked(at)?;
            let ((a, first_stem), (b, second_stem)) = (known(first)?, known(second)?);
            Some((a.min(b), [first_stem, second_stem], format!("{first} {second}")))
        });
        if let Some((_, stems, text)) = splits.max_by_key(|(products, ..)| *products) {
            found.add(stems.to_vec(), SPLIT);
            found.corrected = Some(text);
        }
    }

    fn add_near(&self, found: &mut Expansion, word: &str, distance: u8, prefix: bool) {
        let visits = self.visits.get();
        let Some(near) = Near::new(word, distance, prefix, visits) else { return };
        let mut candidates: Vec<(u8, bool, Reverse<u64>, String, u32)> = Vec::new();
        let mut stream = self.index.words.search_with_state(&near).into_stream();
        while let Some((form, value, state)) = stream.next() {
            let (Ok(form), Some(stem)) = (std::str::from_utf8(form), written(value)) else { continue };
            let Some(distance) = near.distance_of(&state) else { continue };
            let other_first = form.chars().next() != word.chars().next();
            let products = Reverse(self.index.frequency(stem));
            candidates.push((distance, other_first, products, form.to_owned(), stem));
        }
        self.visits.set(near.left());
        candidates.sort();
        let best = candidates.first().map(|(distance, ..)| *distance);
        for (distance, other_first, _, form, stem) in candidates.into_iter().take(NEAR_MAX) {
            if Some(distance) != best {
                break;
            }
            let weight = NEAR.get(usize::from(distance)).copied().unwrap_or(0);
            let off = if other_first { OTHER_FIRST_LETTER } else { 0 };
            found.add(vec![stem], weight.saturating_sub(off));
            if found.corrected.is_none() && !prefix {
                found.corrected = Some(form);
            }
        }
    }
}

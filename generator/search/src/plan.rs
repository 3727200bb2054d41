//! From a query to words of the dictionary and the files to read.

use std::collections::BTreeSet;

use crate::bytes::Corrupt;
use crate::expand::{Alternative, EXACT, Expander};
use crate::file::File;
use crate::index::{Index, written};
use crate::query::{QUERY_CHARS_MAX, Query, WORDS_MAX};
use crate::text::{groups, slug_of};

/// The most words in a row that may have synonyms together.
const PHRASE_MAX: usize = 3;

/// A SKU has at least so many letters and digits.
const SKU_MIN: usize = 3;

/// What a query means to an index.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub(crate) slots: Vec<Slot>,
    /// Words that nothing is known for.
    pub(crate) unknown: Vec<String>,
    pub(crate) corrected: Option<String>,
    /// The whole query as a SKU.
    pub(crate) sku: Option<String>,
    pub(crate) sku_files: Vec<File>,
    /// Whether there are words at all.
    pub(crate) has_words: bool,
    files: BTreeSet<File>,
}

/// A word of the query, or some that mean something together.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) alternatives: Vec<Alternative>,
    /// Whether a product need not have it.
    pub(crate) is_filler: bool,
    pub(crate) source: String,
}

impl Plan {
    /// The files to read before the index can be asked.
    pub fn files(&self) -> impl Iterator<Item = File> {
        self.files.iter().copied()
    }
}

/// A word of the query.
struct Token {
    plain: String,
    spelled: String,
    source: String,
}

impl Index<'_> {
    /// Finds out what a query means.
    ///
    /// # Errors
    /// When the head is damaged.
    pub fn plan(&self, query: &Query) -> Result<Plan, Corrupt> {
        let end = query.text.char_indices().nth(QUERY_CHARS_MAX).map_or(query.text.len(), |(at, _)| at);
        let text = query.text.get(..end).unwrap_or_default();
        let tokens = tokens(text);
        let unfinished = query.typing && text.ends_with(char::is_alphanumeric);
        let mut plan = Plan { has_words: !tokens.is_empty(), ..Plan::default() };
        plan.add_words(self, &tokens, unfinished)?;
        plan.add_sku(self, text);
        for slot in &plan.slots {
            for stem in slot.alternatives.iter().flat_map(|alternative| &alternative.stems) {
                plan.files.insert(self.file_of(*stem)?);
            }
        }
        plan.files.extend(plan.sku_files.iter().copied());
        Ok(plan)
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    groups(text, |group| {
        let count = group.plain.len();
        let spelled = group.spelled().unwrap_or(&group.plain);
        for (plain, spelled) in group.plain.iter().zip(spelled.iter()) {
            if tokens.len() < WORDS_MAX {
                let whole = text.get(group.source.clone()).filter(|_| count == 1);
                tokens.push(Token {
                    plain: plain.to_owned(),
                    spelled: spelled.to_owned(),
                    source: whole.unwrap_or(plain).to_owned(),
                });
            }
        }
    });
    tokens
}

impl Plan {
    fn add_words(&mut self, index: &Index<'_>, tokens: &[Token], unfinished: bool) -> Result<(), Corrupt> {
        let expander = Expander::new(index);
        let mut rest = tokens;
        let mut corrected = Vec::new();
        let mut is_corrected = false;
        while let Some((token, after)) = rest.split_first() {
            if let Some((slot, after)) = phrase(index, &expander, rest)? {
                corrected.push(slot.source.clone());
                self.slots.push(slot);
                rest = after;
                continue;
            }
            rest = after;
            let last = unfinished && rest.is_empty();
            let is_filler = index.language.is_filler(&token.plain);
            let source = token.source.clone();
            if is_filler && index.word(&token.plain).is_none() {
                corrected.push(source);
                continue;
            }
            let expansion = expander.word(&token.plain, &token.spelled, last)?;
            is_corrected |= expansion.corrected.is_some();
            corrected.push(expansion.corrected.unwrap_or_else(|| source.clone()));
            if expansion.alternatives.is_empty() {
                self.unknown.push(source);
            } else {
                self.slots.push(Slot { alternatives: expansion.alternatives, is_filler, source });
            }
        }
        self.corrected = is_corrected.then(|| corrected.join(" "));
        if self.slots.iter().all(|slot| slot.is_filler) {
            self.slots.iter_mut().for_each(|slot| slot.is_filler = false);
        }
        Ok(())
    }

    /// Looks where the whole query would be as a SKU, if it can be one.
    fn add_sku(&mut self, index: &Index<'_>, text: &str) {
        let Some(sku) = sku_key(text).filter(|sku| sku.len() >= SKU_MIN) else { return };
        let firsts = index.sku_files.iter().enumerate();
        let at = firsts.clone().take_while(|(_, first)| **first <= sku.as_str()).last();
        let next = firsts.clone().find(|(_, first)| first.starts_with(&sku) && **first > sku.as_str());
        let numbers = at.into_iter().chain(next).filter_map(|(number, _)| u32::try_from(number).ok());
        self.sku_files = numbers.map(File::Skus).collect();
        self.sku_files.dedup();
        self.sku = Some(sku);
    }
}

/// A SKU without case, hyphens and spaces; `None` if nothing is left.
pub(crate) fn sku_key(text: &str) -> Option<String> {
    let key: String = slug_of(text).chars().filter(|character| *character != '-').collect();
    (!key.is_empty()).then_some(key)
}

/// Some words at the beginning that mean something together: they have synonyms, or are one word when joined.
fn phrase<'t>(
    index: &Index<'_>,
    expander: &Expander<'_, '_>,
    tokens: &'t [Token],
) -> Result<Option<(Slot, &'t [Token])>, Corrupt> {
    for count in (2..=PHRASE_MAX.min(tokens.len())).rev() {
        let Some((words, after)) = tokens.split_at_checked(count) else { continue };
        let plain: Vec<&str> = words.iter().map(|token| token.plain.as_str()).collect();
        let mut alternatives = Vec::new();
        let mut add = |stems: Option<Vec<u32>>, weight| {
            alternatives.extend(stems.map(|stems| Alternative { stems, weight }));
        };
        let joined = index.words.get(plain.concat()).and_then(written);
        let synonyms = expander.synonyms(&plain)?;
        if joined.is_none() && synonyms.is_empty() {
            continue;
        }
        add(plain.iter().map(|word| index.word(word)).collect(), EXACT);
        add(joined.map(|stem| vec![stem]), EXACT);
        for stems in synonyms {
            add(Some(stems), 200);
        }
        let source: Vec<&str> = words.iter().map(|token| token.source.as_str()).collect();
        return Ok(Some((Slot { alternatives, is_filler: false, source: source.join(" ") }, after)));
    }
    Ok(None)
}

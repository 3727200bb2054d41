//! Ranking: which products match, in which order, and one page of them.

use std::collections::BTreeSet;
use std::fmt;

use fst::{IntoStreamer, Map, Streamer};

use crate::bytes::Corrupt;
use crate::expand::Alternative;
use crate::facets::{Facet, PriceRange, Selection};
use crate::file::{File, Files, payload};
use crate::index::Index;
use crate::plan::{Plan, Slot};
use crate::postings;
use crate::query::{Query, Sort};

/// How many SKUs that begin with the query are looked at.
const SKUS_MAX: usize = 500;

/// Why an index could not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchError {
    /// A file that the plan names was not read.
    Missing(File),
    /// A file is damaged.
    Corrupt(Corrupt),
}

impl From<Corrupt> for SearchError {
    fn from(error: Corrupt) -> SearchError {
        SearchError::Corrupt(error)
    }
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchError::Missing(file) => write!(f, "{} was not read", file.path()),
            SearchError::Corrupt(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SearchError {}

/// The answer to a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// How many products there are on all pages.
    pub total: usize,
    /// The page that is shown, from 1 on: the last if a later one was asked for.
    pub page: usize,
    /// How many pages there are; 1 if nothing was found.
    pub pages: usize,
    /// The products of the page, by number; [`Index::cards`] shows them.
    pub documents: Vec<u32>,
    /// What the result can be narrowed by, with counts.
    pub facets: Vec<Facet>,
    /// Price ranges with counts.
    pub prices: Vec<PriceRange>,
    /// The query as it was probably meant; the result is that of this one.
    pub corrected: Option<String>,
    /// Words of the query that the products shown lack, because no product has all.
    pub dropped: Vec<String>,
    /// Filters that this shop does not have.
    pub ignored: Vec<(String, String)>,
    files: BTreeSet<File>,
}

impl Found {
    /// The files to read before the page can be shown.
    pub fn files(&self) -> impl Iterator<Item = File> {
        self.files.iter().copied()
    }
}

/// Products that match, with their scores.
struct Matches {
    documents: Vec<(u32, u32)>,
    dropped: Vec<String>,
    corrected: Option<String>,
}

impl Index<'_> {
    /// Answers a query.
    ///
    /// # Errors
    /// When a file that [`Plan::files`] names is missing or damaged.
    pub fn find(&self, query: &Query, plan: &Plan, files: &dyn Files) -> Result<Found, SearchError> {
        let matches = self.matches(plan, files)?;
        let selection = Selection::new(self, query)?;
        let (kept, counts) = selection.apply(self, &matches.documents);
        let total = kept.len();
        let per_page = query.per_page();
        let pages = total.div_ceil(per_page).max(1);
        let page = query.page.clamp(1, pages);
        let end = page.saturating_mul(per_page).min(total);
        let start = page.saturating_sub(1).saturating_mul(per_page);
        let mut order: Vec<_> = kept.into_iter().map(|one| self.order(query, one)).collect();
        if end < total && end > 0 {
            order.select_nth_unstable(end);
            order.truncate(end);
        }
        order.sort_unstable();
        let documents: Vec<u32> = order.into_iter().skip(start).map(|(.., document)| document).collect();
        let files = documents.iter().map(|document| self.card_file(*document)).collect::<Result<_, _>>()?;
        Ok(Found {
            total,
            page,
            pages,
            documents,
            facets: selection.facets(self, &counts)?,
            prices: selection.prices(self, &counts),
            corrected: matches.corrected,
            dropped: matches.dropped,
            ignored: selection.ignored,
            files,
        })
    }

    /// What products are ordered by, the smallest first; never the same for two.
    fn order(&self, query: &Query, (document, score): (u32, u32)) -> (u64, u64, u64, u32) {
        let at = document as usize;
        let number = |column: &crate::bytes::Column<'_>| column.get(at).unwrap_or(0);
        let newest = u64::MAX.saturating_sub(number(&self.published));
        let popular = u64::MAX.saturating_sub(number(&self.popularity));
        let score = u64::from(u32::MAX.saturating_sub(score));
        let name = number(&self.name_rank);
        match query.sort {
            Sort::Relevance => (score, popular, newest, document),
            Sort::PriceUp => (number(&self.price), score, name, document),
            Sort::PriceDown => (u64::MAX.saturating_sub(number(&self.price)), score, name, document),
            Sort::Newest => (newest, score, name, document),
            Sort::Name => (name, score, 0, document),
        }
    }

    fn matches(&self, plan: &Plan, files: &dyn Files) -> Result<Matches, SearchError> {
        let mut matches = Matches {
            documents: Vec::new(),
            dropped: plan.unknown.clone(),
            corrected: plan.corrected.clone(),
        };
        if !plan.has_words {
            let all = u32::try_from(self.documents).unwrap_or(u32::MAX);
            matches.documents = (0..all).map(|document| (document, 0)).collect();
            return Ok(matches);
        }
        let exact = self.skus(plan, files, true)?;
        if !exact.is_empty() {
            return Ok(Matches { documents: exact, dropped: Vec::new(), corrected: None });
        }
        let scored = Scored::new(self, plan, files)?;
        matches.documents = scored.having(self, scored.required);
        if matches.documents.is_empty() || !matches.dropped.is_empty() {
            let beginning = self.skus(plan, files, false)?;
            if !beginning.is_empty() {
                return Ok(Matches { documents: beginning, dropped: Vec::new(), corrected: None });
            }
        }
        if matches.documents.is_empty()
            && let Some(best) = scored.best_part()
        {
            let missing = plan.slots.iter().zip(&scored.bits).filter(|(_, bit)| **bit & best == 0);
            let missing = missing.filter(|(slot, _)| !slot.is_filler);
            matches.dropped.extend(missing.map(|(slot, _)| slot.source.clone()));
            matches.documents = scored.having(self, best);
        }
        Ok(matches)
    }

    /// Products with a SKU that is the query, or begins with it.
    fn skus(&self, plan: &Plan, files: &dyn Files, whole: bool) -> Result<Vec<(u32, u32)>, SearchError> {
        let Some(key) = &plan.sku else { return Ok(Vec::new()) };
        let mut found = BTreeSet::new();
        for file in &plan.sku_files {
            let map = Map::new(payload(files, *file)?).map_err(|_| Corrupt("a dictionary is damaged"))?;
            if whole {
                found.extend(map.get(key));
                continue;
            }
            let mut stream = map.range().ge(key).into_stream();
            while let Some((sku, document)) = stream.next() {
                if !sku.starts_with(key.as_bytes()) || found.len() >= SKUS_MAX {
                    break;
                }
                found.insert(document);
            }
        }
        let known = found.into_iter().filter(|document| *document < self.documents as u64);
        Ok(known.filter_map(|document| Some((u32::try_from(document).ok()?, 1))).collect())
    }
}

/// Scores of all products, and which words of the query each has.
struct Scored {
    scores: Vec<u32>,
    masks: Vec<u16>,
    /// The bit of each word; none for words that only join others.
    bits: Vec<u16>,
    /// The words that a product has to have.
    required: u16,
}

impl Scored {
    fn new(index: &Index<'_>, plan: &Plan, files: &dyn Files) -> Result<Scored, SearchError> {
        let mut scored = Scored {
            scores: vec![0; index.documents],
            masks: vec![0; index.documents],
            bits: Vec::new(),
            required: 0,
        };
        let mut best = vec![0_u32; index.documents];
        for (slot, number) in plan.slots.iter().zip(0_u32..) {
            let bit = if slot.is_filler { 0 } else { 1_u16.checked_shl(number).unwrap_or(0) };
            let weight = slot_weight(index, slot);
            let mut touched = Vec::new();
            for alternative in &slot.alternatives {
                each_match(index, files, alternative, |document, quality| {
                    let score = quality.saturating_mul(weight).saturating_mul(alternative.weight) >> 8;
                    if let Some(best) = best.get_mut(document) {
                        if *best == 0 {
                            touched.push(document);
                        }
                        *best = score.max(*best).max(1);
                    }
                })?;
            }
            for document in touched {
                let cells =
                    (best.get_mut(document), scored.scores.get_mut(document), scored.masks.get_mut(document));
                if let (Some(best), Some(score), Some(mask)) = cells {
                    *score = score.saturating_add(*best);
                    *mask |= bit;
                    *best = 0;
                }
            }
            scored.required |= bit;
            scored.bits.push(bit);
        }
        Ok(scored)
    }

    /// Products that have all words of a set, with their scores raised by popularity, an eighth at most.
    fn having(&self, index: &Index<'_>, set: u16) -> Vec<(u32, u32)> {
        if set == 0 {
            return Vec::new();
        }
        let pairs = self.scores.iter().zip(&self.masks).zip(0_u32..);
        let having = pairs.filter(|((_, mask), _)| *mask & set == set);
        having
            .map(|((score, _), document)| {
                let popularity = index.popularity.get(document as usize).unwrap_or(0).min(255);
                let more = u64::from(*score).saturating_mul(popularity) >> 11;
                (document, score.saturating_add(u32::try_from(more).unwrap_or(0)))
            })
            .collect()
    }

    /// The words of the product that has the most of them, and of several such the best match.
    fn best_part(&self) -> Option<u16> {
        let having = self.masks.iter().zip(&self.scores).filter(|(mask, _)| **mask != 0);
        having.max_by_key(|(mask, score)| (mask.count_ones(), **score)).map(|(mask, _)| *mask)
    }
}

/// How much a word tells: by the most common of what it stands for, so that a slip does not make it telling.
fn slot_weight(index: &Index<'_>, slot: &Slot) -> u32 {
    let products = slot
        .alternatives
        .iter()
        .filter_map(|alternative| alternative.stems.iter().map(|stem| index.frequency(*stem)).min());
    index.weight_of(products.max().unwrap_or(0))
}

/// Calls `each` with every product that has all stems of an alternative, and how well it has them, from 1 to 16.
fn each_match(
    index: &Index<'_>,
    files: &dyn Files,
    alternative: &Alternative,
    mut each: impl FnMut(usize, u32),
) -> Result<(), SearchError> {
    let Some((first, others)) = alternative.stems.split_first() else { return Ok(()) };
    if others.is_empty() {
        return postings::of_stem(index, files, *first, each);
    }
    let mut having: Vec<(usize, u32)> = Vec::new();
    postings::of_stem(index, files, *first, |document, quality| having.push((document, quality)))?;
    for stem in others {
        let mut rest = having.iter().peekable();
        let mut both = Vec::new();
        postings::of_stem(index, files, *stem, |document, quality| {
            while rest.next_if(|(other, _)| *other < document).is_some() {}
            if let Some((_, before)) = rest.next_if(|(other, _)| *other == document) {
                both.push((document, quality.saturating_add(*before)));
            }
        })?;
        having = both;
    }
    let count = u32::try_from(alternative.stems.len()).unwrap_or(1);
    for (document, quality) in having {
        each(document, quality.checked_div(count).unwrap_or(1));
    }
    Ok(())
}

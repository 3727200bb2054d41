//! Facets: what a result can be narrowed by. The counts of a facet are those with all other filters applied, so a
//! count says how many products a click shows.

use crate::bytes::Corrupt;
use crate::index::Index;
use crate::query::Query;

/// The most values of a facet that are given.
const VALUES_MAX: usize = 60;

/// A facet with what can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// How an address says it: `brand`, `category`, or the name of an attribute as a slug.
    pub key: String,
    /// What it is called; `brand` and `category` are for the theme to name.
    pub name: String,
    /// Its values, the chosen and the most common first.
    pub values: Vec<FacetValue>,
}

/// A value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// How an address says it.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// How many products it would show.
    pub count: usize,
    /// Whether it is chosen.
    pub selected: bool,
}

/// A range of prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRange {
    /// From this price on, in minor units.
    pub min: u64,
    /// Up to this price, in minor units; `None` for the last range.
    pub max: Option<u64>,
    /// How many products it would show.
    pub count: usize,
    /// Whether it is chosen.
    pub selected: bool,
}

/// The filters of a query, as numbers of this index.
pub(crate) struct Selection {
    /// For each facet the chosen values, by number.
    chosen: Vec<Vec<usize>>,
    price: (Option<u64>, Option<u64>),
    pub(crate) ignored: Vec<(String, String)>,
}

/// How many products each value and each price range would show.
pub(crate) struct Counts {
    values: Vec<u32>,
    prices: Vec<u32>,
}

/// What keeps a product out of a result.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Failed {
    Nothing,
    Facet(usize),
    Price,
    Several,
}

impl Selection {
    pub(crate) fn new(index: &Index<'_>, query: &Query) -> Result<Selection, Corrupt> {
        let table = &index.facets;
        let mut chosen = vec![Vec::new(); table.facets.len()];
        let mut ignored = Vec::new();
        for (key, value) in &query.filters {
            let facet = table.facets.iter().zip(&mut chosen).find(|(facet, _)| facet.key == key);
            let mut number = None;
            if let Some((facet, _)) = &facet {
                let end = facet.first.saturating_add(facet.count).min(table.value_starts.len());
                for candidate in facet.first..end {
                    if table.value(candidate)?.0 == value {
                        number = Some(candidate);
                        break;
                    }
                }
            }
            match (facet, number) {
                (Some((_, chosen)), Some(number)) => chosen.push(number),
                _ => ignored.push((key.clone(), value.clone())),
            }
        }
        Ok(Selection { chosen, price: (query.price_min, query.price_max), ignored })
    }

    /// The products that pass all filters, and the counts.
    pub(crate) fn apply(&self, index: &Index<'_>, documents: &[(u32, u32)]) -> (Vec<(u32, u32)>, Counts) {
        let table = &index.facets;
        let mut counts = Counts {
            values: vec![0; table.value_starts.len()],
            prices: vec![0; index.price_ends.len().saturating_add(1)],
        };
        let active: Vec<usize> = self
            .chosen
            .iter()
            .enumerate()
            .filter(|(_, chosen)| !chosen.is_empty())
            .map(|(at, _)| at)
            .collect();
        let mut kept = Vec::with_capacity(documents.len());
        let mut values = Vec::new();
        let ends: Vec<u64> = index.price_ends.iter().collect();
        for (document, score) in documents {
            let at = *document as usize;
            values.clear();
            values.extend(table.values_of(at));
            let price = index.price.get(at).unwrap_or(0);
            let failed = self.failed(&active, &values, price);
            if failed == Failed::Nothing {
                kept.push((*document, *score));
                values.iter().for_each(|value| add_one(&mut counts.values, *value));
            }
            if let Failed::Facet(facet) = failed
                && let Some(head) = table.facets.get(facet)
            {
                let range = head.first..head.first.saturating_add(head.count);
                let counted = values.iter().filter(|value| range.contains(value));
                counted.for_each(|value| add_one(&mut counts.values, *value));
            }
            if matches!(failed, Failed::Nothing | Failed::Price) {
                add_one(&mut counts.prices, ends.iter().take_while(|end| **end <= price).count());
            }
        }
        (kept, counts)
    }

    fn failed(&self, active: &[usize], values: &[usize], price: u64) -> Failed {
        let (min, max) = self.price;
        let in_range = min.is_none_or(|min| price >= min) && max.is_none_or(|max| price <= max);
        let mut failed = if in_range { Failed::Nothing } else { Failed::Price };
        for facet in active {
            let passes =
                self.chosen.get(*facet).is_some_and(|chosen| chosen.iter().any(|one| values.contains(one)));
            if !passes {
                failed = if failed == Failed::Nothing { Failed::Facet(*facet) } else { Failed::Several };
            }
        }
        failed
    }

    pub(crate) fn facets(&self, index: &Index<'_>, counts: &Counts) -> Result<Vec<Facet>, Corrupt> {
        let table = &index.facets;
        let mut facets = Vec::new();
        for (head, chosen) in table.facets.iter().zip(&self.chosen) {
            let counted = counts.values.iter().enumerate().skip(head.first).take(head.count);
            let mut order: Vec<(bool, u32, usize)> = counted
                .map(|(value, count)| (chosen.contains(&value), *count, value))
                .filter(|(chosen, count, _)| *chosen || *count > 0)
                .collect();
            order.sort_by_key(|(chosen, count, value)| (!chosen, std::cmp::Reverse(*count), *value));
            let mut values = Vec::new();
            for (selected, count, value) in order.into_iter().take(VALUES_MAX) {
                let (key, name) = table.value(value)?;
                values.push(FacetValue {
                    key: key.to_owned(),
                    name: name.to_owned(),
                    count: count as usize,
                    selected,
                });
            }
            if !values.is_empty() {
                facets.push(Facet { key: head.key.to_owned(), name: head.name.to_owned(), values });
            }
        }
        Ok(facets)
    }

    pub(crate) fn prices(&self, index: &Index<'_>, counts: &Counts) -> Vec<PriceRange> {
        let ends: Vec<u64> = index.price_ends.iter().collect();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let limits = ends.iter().map(|end| Some(end.saturating_sub(1))).chain([None]);
        let ranges = starts.zip(limits).zip(&counts.prices).map(|((min, max), count)| PriceRange {
            min,
            max,
            count: *count as usize,
            selected: self.price == (Some(min), max)
                || (min == 0 && max.is_some() && self.price == (None, max)),
        });
        ranges.filter(|range| range.count > 0 || range.selected).collect()
    }
}

fn add_one(counts: &mut [u32], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count = count.saturating_add(1);
    }
}

//! Which facets there are, and which product has which value.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use crate::bytes::Write;
use crate::text::slug_of;

/// The most facets that come from attributes.
const ATTRIBUTES_MAX: usize = 16;

/// An attribute with more values is no facet.
const VALUES_MAX: usize = 60;

/// Nor is a value that is a sentence.
const VALUE_BYTES_MAX: usize = 40;

/// What the address of a search says besides facets.
const RESERVED: [&str; 9] = ["q", "sort", "page", "brand", "category", "price", "min", "max", "per-page"];

/// A facet: key and name, and its values by key with name and products.
struct Facet<'a> {
    key: String,
    name: &'a str,
    values: BTreeMap<String, Chosen<'a>>,
    /// Whether its values stay in the order in which products name them, such as sizes.
    is_ordered: bool,
}

/// A value: its place in the order, its name, and the products that have it.
struct Chosen<'a> {
    place: usize,
    name: &'a str,
    documents: Vec<usize>,
}

impl<'a> Facet<'a> {
    fn new(key: &str, name: &'a str) -> Facet<'a> {
        Facet { key: key.to_owned(), name, values: BTreeMap::new(), is_ordered: false }
    }

    fn add(&mut self, key: String, name: &'a str, document: usize) {
        let place = if self.is_ordered { self.values.len() } else { 0 };
        let value = self.values.entry(key).or_insert(Chosen { place, name, documents: Vec::new() });
        if value.documents.last() != Some(&document) {
            value.documents.push(document);
        }
    }
}

/// Writes the facets, their values and the values of each product.
pub(super) fn write(source: &Source<'_>, head: &mut Vec<u8>) {
    let mut facets = vec![categories(source), brands(source)];
    facets.extend(attributes(source));
    facets.retain(|facet| !facet.values.is_empty());
    head.varint(facets.len() as u64);
    let mut of_document: Vec<Vec<u64>> = vec![Vec::new(); source.documents.len()];
    let (mut starts, mut texts) = (Vec::new(), Vec::new());
    for facet in &facets {
        head.text(&facet.key);
        head.text(facet.name);
        head.varint(starts.len() as u64);
        head.varint(facet.values.len() as u64);
        let mut values: Vec<(&String, &Chosen<'_>)> = facet.values.iter().collect();
        values.sort_by_key(|(_, value)| value.place);
        for (key, Chosen { name, documents, .. }) in values {
            documents.iter().for_each(|document| of_document[*document].push(starts.len() as u64));
            starts.push(texts.len() as u64);
            texts.text(key);
            texts.text(name);
        }
    }
    head.column(&starts);
    head.part(&texts);
    let mut end = 0;
    let ends = of_document.iter().map(|values| {
        end += values.len() as u64;
        end
    });
    head.column(&std::iter::once(0).chain(ends).collect::<Vec<_>>());
    head.column(&of_document.concat());
}

fn brands<'a>(source: &'a Source<'_>) -> Facet<'a> {
    let mut facet = Facet::new("brand", "brand");
    for (number, document) in source.documents.iter().enumerate() {
        let brand = document.card.brand.as_str();
        let key = slug_of(brand);
        if !key.is_empty() {
            facet.add(key, brand, number);
        }
    }
    facet
}

fn categories<'a>(source: &'a Source<'_>) -> Facet<'a> {
    let mut facet = Facet::new("category", "category");
    for (number, document) in source.documents.iter().enumerate() {
        let filed: BTreeSet<usize> =
            document.categories.iter().flat_map(|one| source.ancestry[*one].iter().copied()).collect();
        for category in filed {
            facet.add(source.categories[category].path.to_owned(), source.categories[category].title, number);
        }
    }
    facet
}

/// Attributes that part the products: neither the same for all nor another for each.
fn attributes<'a>(source: &'a Source<'_>) -> Vec<Facet<'a>> {
    let mut facets: BTreeMap<String, Facet<'a>> = BTreeMap::new();
    for (number, document) in source.documents.iter().enumerate() {
        for (name, value) in &document.attributes {
            let (mut key, value_key) = (slug_of(name), slug_of(value));
            if key.is_empty() || value_key.is_empty() {
                continue;
            }
            if RESERVED.contains(&key.as_str()) {
                key.push_str("-2");
            }
            let facet = facets
                .entry(key)
                .or_insert_with_key(|key| Facet { is_ordered: true, ..Facet::new(key, name) });
            facet.add(value_key, value, number);
        }
    }
    let products =
        |facet: &Facet<'_>| facet.values.values().map(|value| value.documents.len()).sum::<usize>();
    let parts = |facet: &Facet<'_>| {
        let count = facet.values.len();
        let short = facet.values.values().all(|value| value.name.len() <= VALUE_BYTES_MAX);
        short && (2..=VALUES_MAX).contains(&count) && products(facet) * 2 >= count * 3
    };
    let mut facets: Vec<Facet<'a>> = facets.into_values().filter(parts).collect();
    facets.sort_by_key(|facet| std::cmp::Reverse(products(facet)));
    facets.truncate(ATTRIBUTES_MAX);
    facets
}

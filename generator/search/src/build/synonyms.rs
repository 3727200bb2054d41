//! Synonyms, as stems of the index.

use std::collections::BTreeMap;

use super::dictionary;
use crate::bytes::Write;
use crate::stem::Language;
use crate::text::groups;

/// Words and phrases that mean the same to shoppers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// Each finds all others of its group.
    pub groups: Vec<Vec<String>>,
    /// The first finds the others, not the other way.
    pub one_way: Vec<(String, Vec<String>)>,
}

/// The dictionary from stems with spaces between to lists of synonyms, and the lists.
pub(super) struct Written {
    pub(super) dictionary: Vec<u8>,
    pub(super) lists: Vec<u8>,
}

/// Writes the synonyms that some product has. `stems` are in order.
pub(super) fn write(synonyms: &Synonyms, language: Language, stems: &[Box<str>]) -> Written {
    let mut lists: BTreeMap<String, Vec<Vec<u64>>> = BTreeMap::new();
    let mut add = |from: &str, to: &str| {
        let (from, to) = (stems_of(from, language), stems_of(to, language));
        let number = |stem: &String| stems.binary_search_by(|known| (**known).cmp(stem)).ok();
        let numbers: Option<Vec<u64>> = to.iter().map(|stem| number(stem).map(|at| at as u64)).collect();
        let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty() && from != to) else { return };
        let list = lists.entry(from.join(" ")).or_default();
        if !list.contains(&numbers) {
            list.push(numbers);
        }
    };
    for group in &synonyms.groups {
        for (at, from) in group.iter().enumerate() {
            let others = group.iter().enumerate().filter(|(other, _)| *other != at);
            others.for_each(|(_, to)| add(from, to));
        }
    }
    for (from, others) in &synonyms.one_way {
        others.iter().for_each(|to| add(from, to));
    }
    lists.remove("");
    let (mut entries, mut bytes) = (Vec::new(), Vec::new());
    for (key, list) in lists {
        entries.push((key, bytes.len() as u64));
        bytes.varint(list.len() as u64);
        for numbers in list {
            bytes.varint(numbers.len() as u64);
            numbers.into_iter().for_each(|number| bytes.varint(number));
        }
    }
    Written { dictionary: dictionary(entries), lists: bytes }
}

fn stems_of(text: &str, language: Language) -> Vec<String> {
    let mut stems = Vec::new();
    groups(text, |group| stems.extend(group.plain.iter().map(|word| language.stem(word))));
    stems
}

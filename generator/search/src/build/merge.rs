//! One dictionary and one list of postings of all parts.

use super::part::{Part, Posting};
use super::{dictionary, part};
use crate::bytes::Write;

/// Postings of words that only bodies have may take so many bytes for each product; the words in most products go
/// first, which tell least.
const BODY_BYTES_PER_DOCUMENT: usize = 60;

/// Small shops keep all.
const BODY_BYTES_ALWAYS: usize = 256 * 1024;

/// What the parts have together.
pub(super) struct Merged {
    pub(super) dictionary: Vec<u8>,
    /// In their order; positions are the numbers of stems.
    pub(super) stems: Vec<Box<str>>,
    /// The postings of each stem.
    pub(super) lists: Vec<Vec<u8>>,
    pub(super) frequency: Vec<u64>,
}

impl Merged {
    /// Where each list begins, and where the last ends.
    pub(super) fn starts(&self) -> Vec<u64> {
        let mut end = 0;
        let ends = self.lists.iter().map(|list| {
            end += list.len() as u64;
            end
        });
        std::iter::once(0).chain(ends).collect()
    }
}

/// A stem of one part.
struct Local<'p> {
    stem: &'p str,
    part: usize,
    number: usize,
}

/// Puts parts together.
pub(super) fn merge(parts: &[Part], documents: usize) -> Merged {
    let mut locals: Vec<Local<'_>> = Vec::new();
    for (part, one) in parts.iter().enumerate() {
        locals.extend(one.stems.iter().enumerate().map(|(number, stem)| Local { stem, part, number }));
    }
    locals.sort_unstable_by(|a, b| (a.stem, a.part).cmp(&(b.stem, b.part)));
    let bases: Vec<u64> = parts
        .iter()
        .scan(0, |next, part| Some(std::mem::replace(next, *next + part.documents as u64)))
        .collect();
    let limit = body_limit(parts, &locals, documents);
    let mut merged =
        Merged { dictionary: Vec::new(), stems: Vec::new(), lists: Vec::new(), frequency: Vec::new() };
    let mut numbers: Vec<Vec<Option<u32>>> = parts.iter().map(|part| vec![None; part.stems.len()]).collect();
    for same in locals.chunk_by(|a, b| a.stem == b.stem) {
        let keeps_body = of_body(parts, same) <= limit;
        let (mut list, mut count, mut before) = (Vec::new(), 0, 0);
        for local in same {
            let kept = postings(parts, local).iter().filter(|posting| keeps_body || !posting.is_of_body());
            for posting in kept {
                let document = bases[local.part] + posting.place();
                list.varint((document - before) << 4 | posting.weight());
                (before, count) = (document, count + 1);
            }
        }
        if count == 0 {
            continue;
        }
        let number = merged.stems.len() as u32;
        same.iter().for_each(|local| numbers[local.part][local.number] = Some(number));
        merged.stems.push(same[0].stem.into());
        merged.lists.push(list);
        merged.frequency.push(count);
    }
    merged.dictionary = words(parts, &numbers, &merged.stems);
    merged
}

fn postings<'p>(parts: &'p [Part], local: &Local<'_>) -> &'p [Posting] {
    let part = &parts[local.part];
    let start = local.number.checked_sub(1).map_or(0, |before| part.ends[before] as usize);
    &part.postings[start..part.ends[local.number] as usize]
}

/// In how many products a stem is in the body only.
fn of_body(parts: &[Part], same: &[Local<'_>]) -> usize {
    let of_part = |local: &Local<'_>| postings(parts, local).iter().filter(|one| one.is_of_body()).count();
    same.iter().map(of_part).sum()
}

/// The most products that a word may be in by its body only.
fn body_limit(parts: &[Part], locals: &[Local<'_>], documents: usize) -> usize {
    let mut counts: Vec<usize> =
        locals.chunk_by(|a, b| a.stem == b.stem).map(|same| of_body(parts, same)).collect();
    counts.sort_unstable();
    let allowed = (documents * BODY_BYTES_PER_DOCUMENT).max(BODY_BYTES_ALWAYS);
    let mut bytes = 0;
    for count in counts {
        // A little more than one byte each.
        bytes += count + count / 4;
        if bytes > allowed {
            return count.saturating_sub(1);
        }
    }
    usize::MAX
}

/// The dictionary: all forms that are left, then the stems.
fn words(parts: &[Part], numbers: &[Vec<Option<u32>>], stems: &[Box<str>]) -> Vec<u8> {
    let mut entries: Vec<(&str, u64)> = Vec::new();
    for (part, numbers) in parts.iter().zip(numbers) {
        for (form, stem) in &part.forms {
            entries.extend(numbers[*stem as usize].map(|stem| (&**form, u64::from(stem) << 1 | 1)));
        }
    }
    entries.extend(stems.iter().zip(0_u64..).map(|(stem, number)| (&**stem, number << 1)));
    dictionary(entries)
}

const _: () = assert!(part::PART_DOCUMENTS <= 1 << 11, "a posting has eleven bits for the place");

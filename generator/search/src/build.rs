//! Making the index. A caller with several cores orders the documents, analyses parts of them in parallel and puts
//! the parts together; [`Source::build`] does the same in a row.

mod columns;
mod facet_table;
mod merge;
mod part;
mod phrases;
mod shards;
mod synonyms;

pub use part::{PART_DOCUMENTS, Part};
pub use synonyms::Synonyms;

use crate::bytes::{Kind, Write, frame};
use crate::cards::Card;
use crate::file::File;
use crate::stem::Language;

/// A product as the index takes it.
#[derive(Clone, Debug, Default)]
pub struct Document<'a> {
    /// What results show.
    pub card: Card,
    /// The categories it is filed under, as positions in [`Source::categories`], the main one first.
    pub categories: Vec<usize>,
    /// Its tags.
    pub tags: Vec<&'a str>,
    /// Facts and options: name and value, a name as often as it has values.
    pub attributes: Vec<(&'a str, &'a str)>,
    /// The style number and the SKUs of its variants.
    pub skus: Vec<&'a str>,
    /// A sentence about it.
    pub summary: &'a str,
    /// The text about it, as HTML, of which the tags are skipped.
    pub body: &'a str,
    /// The day it was published, counted from 1970-01-01.
    pub published: i64,
    /// How much it is asked for, of others that match as well: 255 is most.
    pub popularity: u8,
}

/// A category.
#[derive(Clone, Debug, Default)]
pub struct Category<'a> {
    /// Its path: `home-garden/kitchen` is below `home-garden`.
    pub path: &'a str,
    /// What it is called.
    pub title: &'a str,
}

/// A file of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexFile {
    /// Which it is; its path follows from it.
    pub file: File,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// All that an index is made of.
#[derive(Debug)]
pub struct Source<'a> {
    language: Language,
    documents: Vec<Document<'a>>,
    categories: Vec<Category<'a>>,
    /// For each category the ones above it and itself, by position.
    ancestry: Vec<Vec<usize>>,
}

impl<'a> Source<'a> {
    /// Takes the products in any order.
    pub fn new(
        language: Language,
        mut documents: Vec<Document<'a>>,
        categories: Vec<Category<'a>>,
    ) -> Source<'a> {
        // Alike products next to each other make distances, and so the index, small.
        documents.sort_by(|a, b| {
            let key = |one: &Document<'_>| one.categories.first().copied();
            (key(a), &a.card.title, &a.card.url).cmp(&(key(b), &b.card.title, &b.card.url))
        });
        let is_above = |above: &str, path: &str| {
            path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let above = |one: &Category<'_>| {
            (0..categories.len()).filter(|other| is_above(categories[*other].path, one.path)).collect()
        };
        let ancestry = categories.iter().map(above).collect();
        Source { language, documents, categories, ancestry }
    }

    /// The products, in the order of the index, in the runs that [`Part::new`] takes.
    pub fn runs(&self) -> std::slice::Chunks<'_, Document<'a>> {
        self.documents.chunks(PART_DOCUMENTS)
    }

    /// Analyses one run. Runs do not depend on each other.
    pub fn analyse(&self, run: &[Document<'_>]) -> Part {
        Part::new(self, run)
    }

    /// Puts the parts of all runs together, in their order.
    pub fn assemble(&self, parts: Vec<Part>, synonyms: &Synonyms) -> Vec<IndexFile> {
        let merged = merge::merge(&parts, self.documents.len());
        let phrases = phrases::phrases(&parts);
        drop(parts);
        let words = shards::cut(&merged.lists);
        let (skus, first_skus) = shards::skus(&self.documents);
        let (cards, first_cards) = shards::cards(&self.documents);
        let synonyms = synonyms::write(synonyms, self.language, &merged.stems);
        let mut head = vec![self.language.code()];
        head.varint(self.documents.len() as u64);
        head.part(&merged.dictionary);
        head.column(&merged.starts());
        head.column(&merged.frequency);
        head.column(&words.firsts);
        head.varint(first_skus.len() as u64);
        first_skus.iter().for_each(|sku| head.text(sku));
        head.column(&first_cards);
        head.part(&synonyms.dictionary);
        head.part(&synonyms.lists);
        facet_table::write(self, &mut head);
        columns::write(&self.documents, &mut head);
        let numbered =
            |kind: fn(u32) -> File, shards: Vec<Vec<u8>>| (0..).map(kind).zip(shards).collect::<Vec<_>>();
        let mut files = vec![(File::Head, head), (File::Phrases, phrases)];
        files.extend(numbered(File::Words, words.shards));
        files.extend(numbered(File::Skus, skus));
        files.extend(numbered(File::Cards, cards));
        let framed = |(file, bytes): (File, Vec<u8>)| IndexFile { file, bytes: frame(file.kind(), &bytes) };
        files.into_iter().map(framed).collect()
    }

    /// Makes the index without other threads.
    pub fn build(&self, synonyms: &Synonyms) -> Vec<IndexFile> {
        self.assemble(self.runs().map(|run| self.analyse(run)).collect(), synonyms)
    }
}

impl IndexFile {
    /// What kind of file it is, for reports.
    pub fn kind(&self) -> &'static str {
        match self.file.kind() {
            Kind::Head => "head",
            Kind::Words => "words",
            Kind::Cards => "cards",
            Kind::Skus => "skus",
            Kind::Phrases => "phrases",
        }
    }
}

/// A dictionary of keys, which are put in order; of a key that is there twice the first counts.
fn dictionary<K: AsRef<[u8]> + Ord>(mut entries: Vec<(K, u64)>) -> Vec<u8> {
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    entries.dedup_by(|(later, _), (first, _)| later == first);
    let map = fst::Map::from_iter(entries).expect("the keys are in order and memory takes all");
    map.into_fst().into_inner()
}

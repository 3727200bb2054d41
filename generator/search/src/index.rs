//! The head of an index, opened: where everything else is.

use fst::{IntoStreamer, Map, Streamer};

use crate::bytes::{Bytes, Checked, Column, Corrupt, Kind};
use crate::file::{File, part_of};
use crate::stem::Language;

/// Days are counted from here, so that those before 1970 are numbers too.
pub(crate) const DAY_ZERO: i64 = 1 << 20;

/// A dictionary over bytes of the index.
pub(crate) type Words<'a> = Map<&'a [u8]>;

/// An index that can be asked. Borrowed from its head; making it reads a few bytes only.
#[derive(Debug)]
pub struct Index<'a> {
    pub(crate) language: Language,
    pub(crate) documents: usize,
    /// Each form of each word, with the number of its stem times two, plus one for forms that texts have: a stem that
    /// is no word of its own is in the dictionary too, to be found by forms that no text has.
    pub(crate) words: Words<'a>,
    /// Where the postings of each stem begin, over all shards.
    pub(crate) lists: Column<'a>,
    /// In how many products each stem is.
    pub(crate) frequency: Column<'a>,
    /// The first stem of each shard of postings.
    pub(crate) word_files: Column<'a>,
    /// The first SKU of each shard of SKUs.
    pub(crate) sku_files: Vec<&'a str>,
    /// The first product of each shard of cards.
    pub(crate) card_files: Column<'a>,
    /// Stems joined by spaces, with where their synonyms are.
    pub(crate) synonyms: Words<'a>,
    pub(crate) synonym_lists: &'a [u8],
    pub(crate) facets: FacetTable<'a>,
    pub(crate) price: Column<'a>,
    pub(crate) published: Column<'a>,
    pub(crate) popularity: Column<'a>,
    /// The position of each product in the order of titles.
    pub(crate) name_rank: Column<'a>,
    /// The upper ends of the price ranges, in minor units.
    pub(crate) price_ends: Column<'a>,
}

/// Facets, their values, and which product has which.
#[derive(Debug)]
pub(crate) struct FacetTable<'a> {
    pub(crate) facets: Vec<FacetHead<'a>>,
    /// Where the key and the name of each value stand.
    pub(crate) value_starts: Column<'a>,
    pub(crate) value_texts: &'a [u8],
    /// Where the values of each product begin.
    pub(crate) starts: Column<'a>,
    pub(crate) values: Column<'a>,
}

/// A facet: its values have consecutive numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FacetHead<'a> {
    pub(crate) key: &'a str,
    pub(crate) name: &'a str,
    pub(crate) first: usize,
    pub(crate) count: usize,
}

fn map(bytes: &[u8]) -> Result<Words<'_>, Corrupt> {
    Map::new(bytes).map_err(|_| Corrupt("a dictionary is damaged"))
}

impl<'a> Index<'a> {
    /// Opens the head of an index.
    ///
    /// # Errors
    /// When it is not a head or is damaged.
    pub fn open(head: &'a Checked) -> Result<Index<'a>, Corrupt> {
        let mut bytes = Bytes::new(head.payload(Kind::Head)?);
        let from = &mut bytes;
        let index = Index {
            language: Language::of_code(from.byte()?),
            documents: from.size()?,
            words: map(from.part()?)?,
            lists: Column::read(from)?,
            frequency: Column::read(from)?,
            word_files: Column::read(from)?,
            sku_files: texts(from)?,
            card_files: Column::read(from)?,
            synonyms: map(from.part()?)?,
            synonym_lists: from.part()?,
            facets: FacetTable::read(from)?,
            price: Column::read(from)?,
            published: Column::read(from)?,
            popularity: Column::read(from)?,
            name_rank: Column::read(from)?,
            price_ends: Column::read(from)?,
        };
        let columns = [&index.price, &index.published, &index.popularity, &index.name_rank];
        if columns.iter().any(|column| column.len() != index.documents) {
            return Err(Corrupt("a column lacks products"));
        }
        Ok(index)
    }

    /// How many products it holds.
    pub fn len(&self) -> usize {
        self.documents
    }

    /// Whether it holds no product.
    pub fn is_empty(&self) -> bool {
        self.documents == 0
    }

    /// The stem of a word as it is written or by its own stem.
    pub(crate) fn word(&self, word: &str) -> Option<u32> {
        let value = self.words.get(word).or_else(|| self.words.get(self.language.stem(word)))?;
        u32::try_from(value >> 1).ok()
    }

    /// How much a word tells, in 1/64: the rarer, the more. Whole numbers, so that every host ranks the same.
    pub(crate) fn weight_of(&self, products: u64) -> u32 {
        let ratio =
            (self.documents as u64).saturating_mul(64).checked_div(products.max(1)).unwrap_or(64).max(64);
        let whole = ratio.ilog2();
        let part = ratio.wrapping_shr(whole.saturating_sub(6)) & 63;
        whole
            .saturating_sub(6)
            .saturating_mul(64)
            .saturating_add(u32::try_from(part).unwrap_or(0))
            .saturating_add(48)
    }

    /// In how many products a stem is.
    pub(crate) fn frequency(&self, stem: u32) -> u64 {
        self.frequency.get(stem as usize).unwrap_or(0)
    }

    /// The shard with the postings of a stem.
    pub(crate) fn file_of(&self, stem: u32) -> Result<File, Corrupt> {
        part_of(self.word_files.iter(), u64::from(stem)).map(File::Words)
    }

    /// The shard with the card of a product.
    pub(crate) fn card_file(&self, document: u32) -> Result<File, Corrupt> {
        part_of(self.card_files.iter(), u64::from(document)).map(File::Cards)
    }
}

impl<'a> FacetTable<'a> {
    fn read(from: &mut Bytes<'a>) -> Result<FacetTable<'a>, Corrupt> {
        let count = from.size()?;
        let mut facets = Vec::new();
        for _ in 0..count {
            let (key, name) = (from.text()?, from.text()?);
            facets.push(FacetHead { key, name, first: from.size()?, count: from.size()? });
        }
        Ok(FacetTable {
            facets,
            value_starts: Column::read(from)?,
            value_texts: from.part()?,
            starts: Column::read(from)?,
            values: Column::read(from)?,
        })
    }

    /// The key and the name of a value.
    pub(crate) fn value(&self, value: usize) -> Result<(&'a str, &'a str), Corrupt> {
        let start = self.value_starts.size(value).ok_or(Corrupt("no such facet value"))?;
        let mut bytes = Bytes::new(self.value_texts.get(start..).ok_or(Corrupt("cut off"))?);
        Ok((bytes.text()?, bytes.text()?))
    }

    /// The values of a product, by number.
    pub(crate) fn values_of(&self, document: usize) -> impl Iterator<Item = usize> + use<'a> {
        let start = self.starts.size(document).unwrap_or(0);
        let end = self.starts.size(document.saturating_add(1)).unwrap_or(0);
        self.values.range(start, end).filter_map(|value| usize::try_from(value).ok())
    }
}

fn texts<'a>(from: &mut Bytes<'a>) -> Result<Vec<&'a str>, Corrupt> {
    let count = from.size()?;
    let mut texts = Vec::new();
    for _ in 0..count {
        texts.push(from.text()?);
    }
    Ok(texts)
}

/// The stem of an entry of the dictionary, if it is a word that texts have.
pub(crate) fn written(value: u64) -> Option<u32> {
    u32::try_from(value >> 1).ok().filter(|_| value & 1 == 1)
}

/// The keys of a dictionary that begin with a text, with their values, at most `most`.
pub(crate) fn beginning(words: &Words<'_>, start: &str, most: usize) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    let mut stream = words.range().ge(start).into_stream();
    while let Some((key, value)) = stream.next() {
        if found.len() >= most || !key.starts_with(start.as_bytes()) {
            break;
        }
        if let Ok(key) = std::str::from_utf8(key) {
            found.push((key.to_owned(), value));
        }
    }
    found
}

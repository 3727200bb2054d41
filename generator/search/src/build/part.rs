//! The analysis of a run of products: which words each has, and how well.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::{Document, Source};
use crate::postings::WEIGHT_MAX;
use crate::stem::Language;
use crate::suggest::phrase_of;
use crate::text::groups;

/// How many products are analysed together; a posting keeps the place in the run in eleven bits.
pub const PART_DOCUMENTS: usize = 2048;

/// A part of a product's texts: how much a word of it counts, and how many words it has usually. A word counts less
/// in a longer text.
struct Field {
    boost: u32,
    usual: u32,
    is_body: bool,
}

const TITLE: Field = Field { boost: 4096, usual: 4, is_body: false };
const BRAND: Field = Field { boost: 2560, usual: 2, is_body: false };
const TAGS: Field = Field { boost: 2048, usual: 4, is_body: false };
const CATEGORIES: Field = Field { boost: 1536, usual: 3, is_body: false };
const ATTRIBUTES: Field = Field { boost: 1536, usual: 12, is_body: false };
const SUMMARY: Field = Field { boost: 1024, usual: 15, is_body: false };
const BODY: Field = Field { boost: 400, usual: 120, is_body: true };

/// Where more occurrences stop to count much: half of the weight is reached here.
const SATURATION: u64 = 1229;

/// What a run of products has.
#[derive(Debug, Default)]
pub struct Part {
    pub(super) documents: usize,
    /// Each form of a word, and its stem.
    pub(super) forms: Vec<(Box<str>, u32)>,
    pub(super) stems: Vec<Box<str>>,
    /// Where the postings of each stem end.
    pub(super) ends: Vec<u32>,
    pub(super) postings: Vec<Posting>,
    /// What may be suggested, with the number of products.
    pub(super) phrases: HashMap<String, u32, Fast>,
}

/// A product of the run that has a stem: its place, the weight, and whether only the body has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Posting(u16);

impl Posting {
    fn new(place: usize, weight: u8, only_body: bool) -> Posting {
        Posting((place as u16) << 5 | u16::from(weight) << 1 | u16::from(only_body))
    }

    pub(super) fn place(self) -> u64 {
        u64::from(self.0 >> 5)
    }

    pub(super) fn weight(self) -> u64 {
        u64::from(self.0 >> 1 & 15)
    }

    pub(super) fn is_of_body(self) -> bool {
        self.0 & 1 == 1
    }
}

/// A hasher for words of the shop's own texts, which nobody makes to collide.
#[derive(Default)]
pub(super) struct FastHasher(u64);

pub(super) type Fast = BuildHasherDefault<FastHasher>;

impl Hasher for FastHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        let mut tail = [0; 8];
        tail[..rest.len()].copy_from_slice(rest);
        let words = chunks.iter().chain((!rest.is_empty()).then_some(&tail));
        for word in words {
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
        self.0 ^= self.0 >> 29;
    }
}

/// The words of a run while it is read.
struct Reader {
    language: Language,
    form_numbers: HashMap<Box<str>, u32, Fast>,
    stem_numbers: HashMap<Box<str>, u32, Fast>,
    part: Part,
    /// Whether each form joins others only, so that bodies are not searched for it.
    fillers: Vec<bool>,
    /// For each stem how much the product at hand has of it, and whether only in its body.
    sums: Vec<(u32, bool)>,
    touched: Vec<u32>,
    /// The body at hand, without tags.
    body: String,
    /// The forms of the text at hand.
    text: Vec<u32>,
    found: Vec<(u32, Posting)>,
}

impl Part {
    pub(super) fn new(source: &Source<'_>, run: &[Document<'_>]) -> Part {
        let mut reader = Reader {
            language: source.language,
            form_numbers: HashMap::default(),
            stem_numbers: HashMap::default(),
            part: Part { documents: run.len(), ..Part::default() },
            fillers: Vec::new(),
            sums: Vec::new(),
            touched: Vec::new(),
            body: String::new(),
            text: Vec::new(),
            found: Vec::new(),
        };
        for (place, document) in run.iter().enumerate() {
            reader.document(source, document, place);
        }
        reader.finish()
    }
}

impl Reader {
    fn document(&mut self, source: &Source<'_>, document: &Document<'_>, place: usize) {
        let above = document.categories.iter().flat_map(|category| &source.ancestry[*category]);
        let categories: Vec<&str> = above.map(|category| source.categories[*category].title).collect();
        self.field(&TITLE, &[&document.card.title]);
        self.field(&BRAND, &[&document.card.brand]);
        self.field(&TAGS, &document.tags);
        self.field(&CATEGORIES, &categories);
        let values: Vec<&str> = document.attributes.iter().map(|(_, value)| *value).collect();
        self.field(&ATTRIBUTES, &values);
        self.field(&SUMMARY, &[document.summary]);
        let mut body = std::mem::take(&mut self.body);
        text_of(document.body, &mut body);
        self.field(&BODY, &[&body]);
        self.body = body;
        for stem in self.touched.drain(..) {
            let (sum, only_body) = std::mem::take(&mut self.sums[stem as usize]);
            let sum = u64::from(sum);
            let weight = (sum * u64::from(WEIGHT_MAX) + (sum + SATURATION) / 2) / (sum + SATURATION);
            self.found.push((stem, Posting::new(place, weight as u8, only_body)));
        }
        self.phrases(document, &categories);
    }

    fn field(&mut self, field: &Field, texts: &[&str]) {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        let mut count = 0;
        for part in texts {
            groups(part, |group| {
                count += group.plain.len() as u32;
                text.extend(group.plain.iter().map(|word| self.form(word)));
                if let Some(spelled) = group.spelled() {
                    text.extend(spelled.iter().map(|word| self.form(word)));
                }
                if group.plain.len() > 1 {
                    text.push(self.form(group.plain.joined()));
                }
            });
        }
        let share = field.boost * 2 * field.usual / (field.usual + count);
        for form in text.iter().filter(|form| !(field.is_body && self.fillers[**form as usize])) {
            let stem = self.part.forms[*form as usize].1;
            let (sum, only_body) = &mut self.sums[stem as usize];
            if *sum == 0 {
                self.touched.push(stem);
                *only_body = true;
            }
            *sum += share.max(1);
            *only_body &= field.is_body;
        }
        self.text = text;
    }

    /// The number of a form of a word.
    fn form(&mut self, word: &str) -> u32 {
        if let Some(number) = self.form_numbers.get(word) {
            return *number;
        }
        let text = self.language.stem(word);
        let stem = match self.stem_numbers.get(text.as_str()) {
            Some(stem) => *stem,
            None => {
                let number = self.part.stems.len() as u32;
                self.part.stems.push(text.as_str().into());
                self.stem_numbers.insert(text.into(), number);
                self.sums.push((0, false));
                number
            }
        };
        let number = self.part.forms.len() as u32;
        self.part.forms.push((word.into(), stem));
        self.form_numbers.insert(word.into(), number);
        self.fillers.push(self.language.is_filler(word));
        number
    }

    /// What leads to the product: its title, two words of it in a row, its tags, brand and categories.
    fn phrases(&mut self, document: &Document<'_>, categories: &[&str]) {
        let title = phrase_of(&document.card.title);
        let words: Vec<&str> = title.split(' ').collect();
        let mut add = |phrase: &str| {
            if let Some(count) = self.part.phrases.get_mut(phrase) {
                *count += 1;
            } else if !phrase.is_empty() {
                self.part.phrases.insert(phrase.to_owned(), 1);
            }
        };
        let others = document.tags.iter().chain(categories).copied().chain([document.card.brand.as_str()]);
        let mut all: Vec<String> = others.map(phrase_of).collect();
        for pair in words.windows(2).filter(|pair| !pair.iter().any(|word| self.language.is_filler(word))) {
            all.push(pair.join(" "));
        }
        all.push(title);
        all.sort();
        all.dedup();
        all.iter().for_each(|phrase| add(phrase));
    }

    /// Puts the postings in the order of stems. They come in the order of products and stay so within a stem, so that
    /// counting is enough and nothing is compared.
    fn finish(mut self) -> Part {
        let mut ends = vec![0_u32; self.part.stems.len()];
        for (stem, _) in &self.found {
            ends[*stem as usize] += 1;
        }
        let mut next = 0;
        for end in &mut ends {
            next += std::mem::replace(end, next);
        }
        // Each is now the start of its stem, and moves to its end as the postings find their places.
        self.part.postings = vec![Posting::default(); self.found.len()];
        for (stem, posting) in self.found {
            let place = &mut ends[stem as usize];
            self.part.postings[*place as usize] = posting;
            *place += 1;
        }
        self.part.ends = ends;
        self.part
    }
}

/// The text of HTML that the generator wrote, which has all its brackets closed. References are quotes and signs,
/// which part words.
fn text_of(html: &str, text: &mut String) {
    text.clear();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        text.push(' ');
        let end = if from.starts_with('<') { from.find('>') } else { from.find(';').filter(|at| *at < 10) };
        rest = &from[end.map_or(1, |end| end + 1)..];
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    #[test]
    fn tags_and_references_are_no_words() {
        let mut text = String::new();
        super::text_of("<p>Tea &amp; <em>milk</em>, 3 & 4</p>", &mut text);
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["Tea", "milk", ",", "3", "4"]);
    }
}

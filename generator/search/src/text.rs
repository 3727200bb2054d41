//! Text to words, the same for products and queries: lower case, no diacritics, hyphens and units settled.
//!
//! Words come in groups: what stands between spaces. "T-shirt" is one group of the pieces "t" and "shirt", and the two
//! joined are a word too, so that "tshirt", "t-shirt" and "t shirt" find each other. "500 ml" is one word, "500ml".

mod fold;
mod units;

use std::ops::Range;

pub(crate) use fold::slug_of;

/// Longer words are cut, so that nobody fills the dictionary or the memory with one.
pub(crate) const WORD_BYTES_MAX: usize = 40;

/// More pieces than this begin a new group.
const PIECES_MAX: usize = 8;

/// Texts one after the other, with their ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pieces {
    text: String,
    ends: Vec<usize>,
}

impl Pieces {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, end)| self.text.get(start..*end))
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All pieces as one word.
    pub(crate) fn joined(&self) -> &str {
        &self.text
    }

    fn open(&self) -> usize {
        self.text.len().saturating_sub(self.ends.last().copied().unwrap_or(0))
    }

    fn close(&mut self) {
        if self.open() > 0 {
            self.ends.push(self.text.len());
        }
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// The only piece, if there is one only.
    fn single(&self) -> Option<&str> {
        (self.ends.len() == 1).then_some(self.text.as_str())
    }

    fn set_single(&mut self, text: &str) {
        self.clear();
        self.text.push_str(text);
        self.close();
    }
}

/// What stands between two spaces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    /// Folded: "bücher" is "bucher".
    pub(crate) plain: Pieces,
    /// With umlauts written out: "bücher" is "buecher". Only kept if there are any.
    spelled: Pieces,
    is_spelled: bool,
    /// Where it stands in the text.
    pub(crate) source: Range<usize>,
}

impl Group {
    /// The pieces with umlauts written out, if that makes a difference.
    pub(crate) fn spelled(&self) -> Option<&Pieces> {
        self.is_spelled.then_some(&self.spelled)
    }

    fn clear(&mut self) {
        self.plain.clear();
        self.is_spelled = false;
    }

    fn close_piece(&mut self) {
        self.plain.close();
        if self.is_spelled {
            self.spelled.close();
        }
    }

    fn begin_spelling(&mut self) {
        if !self.is_spelled {
            self.spelled.clone_from(&self.plain);
            self.is_spelled = true;
        }
    }

    fn push(&mut self, character: char) {
        if self.plain.open() >= WORD_BYTES_MAX {
            return;
        }
        if fold::is_umlaut(character) {
            self.begin_spelling();
        }
        if self.is_spelled {
            fold::fold(character, &mut self.spelled.text, true);
        }
        fold::fold(character, &mut self.plain.text, false);
    }

    fn push_ascii(&mut self, letters: &str) {
        let room = WORD_BYTES_MAX.saturating_sub(self.plain.open());
        let letters = letters.get(..room).unwrap_or(letters);
        let both = [Some(&mut self.plain), self.is_spelled.then_some(&mut self.spelled)];
        for pieces in both.into_iter().flatten() {
            let start = pieces.text.len();
            pieces.text.push_str(letters);
            if let Some(added) = pieces.text.get_mut(start..) {
                added.make_ascii_lowercase();
            }
        }
    }

    /// A mark over the letter before, in texts that write it apart.
    fn mark(&mut self, character: char) {
        if character == '\u{308}' && self.plain.text.ends_with(['a', 'o', 'u']) && self.plain.open() > 0 {
            self.begin_spelling();
            self.spelled.text.push('e');
        }
    }

    fn set_single(&mut self, text: &str) {
        self.is_spelled = false;
        self.plain.set_single(text);
    }
}

/// Calls `emit` with each group of a text, in order.
pub(crate) fn groups(text: &str, mut emit: impl FnMut(&Group)) {
    let mut scan = Scan { group: Group::default(), number: None, linked: false };
    let mut at = 0_usize;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let run = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if let Some(letters) = rest.get(..run).filter(|letters| !letters.is_empty()) {
            scan.begin(at);
            scan.group.push_ascii(letters);
            at = at.saturating_add(run);
            continue;
        }
        let mut characters = rest.chars();
        let Some(character) = characters.next() else { break };
        let after = characters.as_str();
        if !character.is_ascii() && fold::is_letter(character) {
            scan.begin(at);
            scan.group.push(character);
        } else if !character.is_ascii() && fold::is_ignored(character) {
            scan.group.mark(character);
        } else if scan.group.plain.open() == 0 {
            scan.finish(at, &mut emit);
        } else if fold::is_apostrophe(character) {
            if let Some(after) = after.strip_prefix(['s', 'S'])
                && !after.starts_with(char::is_alphanumeric)
            {
                at = at.saturating_add(1);
            }
        } else if matches!(character, '.' | ',') && scan.is_in_number(after) {
            if !(character == ',' && is_thousand(after)) {
                scan.group.push('.');
            }
        } else if fold::is_hyphen(character) && scan.group.plain.len() < PIECES_MAX {
            scan.group.close_piece();
            scan.linked = true;
        } else {
            scan.finish(at, &mut emit);
        }
        at = at.saturating_add(character.len_utf8());
    }
    scan.finish(text.len(), &mut emit);
    scan.flush(&mut emit);
}

fn is_thousand(after: &str) -> bool {
    let digits = after.bytes().take(4).take_while(u8::is_ascii_digit).count();
    digits == 3
}

struct Scan {
    group: Group,
    /// A bare number, which may belong to the unit that follows.
    number: Option<Group>,
    linked: bool,
}

impl Scan {
    fn begin(&mut self, at: usize) {
        if self.group.plain.open() == 0 && !self.linked {
            self.group.source.start = at;
        }
        self.linked = false;
    }

    fn is_in_number(&self, after: &str) -> bool {
        after.starts_with(|next: char| next.is_ascii_digit())
            && self.group.plain.text.ends_with(|last: char| last.is_ascii_digit())
            && self.group.plain.open() < WORD_BYTES_MAX
    }

    /// Ends the group, and gives it out unless it waits for a unit.
    fn finish(&mut self, at: usize, emit: &mut impl FnMut(&Group)) {
        self.linked = false;
        self.group.close_piece();
        if self.group.plain.len() == 0 {
            return;
        }
        self.group.source.end = at;
        if let Some(number) = self.number.take() {
            let Some(unit) = self.group.plain.single().and_then(units::canonical) else {
                emit(&number);
                return self.emit_single(emit);
            };
            let text = format!("{}{unit}", number.plain.joined());
            self.group.source.start = number.source.start;
            self.group.set_single(&text);
            emit(&self.group);
            self.group.clear();
            return;
        }
        self.emit_single(emit);
    }

    /// Gives the group out, with its unit settled, unless it is a number that waits for one.
    fn emit_single(&mut self, emit: &mut impl FnMut(&Group)) {
        let Some(single) = self.group.plain.single() else {
            emit(&self.group);
            self.group.clear();
            return;
        };
        let digits = single.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        if digits == single.len() {
            self.number = Some(std::mem::take(&mut self.group));
            return;
        }
        if digits > 0
            && let Some((number, letters)) = single.split_at_checked(digits)
            && let Some(unit) = units::canonical(letters)
        {
            let text = format!("{number}{unit}");
            self.group.set_single(&text);
        }
        emit(&self.group);
        self.group.clear();
    }

    fn flush(&mut self, emit: &mut impl FnMut(&Group)) {
        if let Some(number) = self.number.take() {
            emit(&number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::groups;

    fn words(text: &str) -> String {
        let mut out = Vec::new();
        groups(text, |group| {
            let mut word = group.plain.iter().collect::<Vec<_>>().join("-");
            if let Some(spelled) = group.spelled() {
                word = format!("{word}({})", spelled.joined());
            }
            out.push(word);
        });
        out.join(" ")
    }

    #[test]
    fn writings_of_a_word_become_one() {
        assert_eq!(words("T-Shirt, T\u{2011}SHIRT"), "t-shirt t-shirt");
        assert_eq!(words("Fisherman's jumper, Children’s tee"), "fisherman jumper children tee");
        assert_eq!(words("Crème brûlée Smørrebrød ŁÓDŹ"), "creme brulee smorrebrod lodz");
        assert_eq!(words("Straße Bücher Bu\u{308}cher"), "strasse bucher(buecher) bucher(buecher)");
        assert_eq!(words("ΆΛΦΑ Ёлка"), "αλφα елка");
        assert_eq!(words("-- ' ... \"\" &%$ 🧶"), "");
        assert_eq!(words("day-pack- 22L"), "day-pack 22l");
    }

    #[test]
    fn numbers_keep_their_units() {
        assert_eq!(words("500 ml 500ml 500 Millilitres"), "500ml 500ml 500ml");
        assert_eq!(words("0.6 litre, 1,2 Liter, 1,200 g"), "0.6l 1.2l 1200g");
        assert_eq!(words("from 6 to 8, 26 cm"), "from 6 to 8 26cm");
        assert_eq!(words("size 9."), "size 9");
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "  Größe: 500 ml, T-Shirt!";
        let mut found = Vec::new();
        groups(text, |group| found.push(text[group.source.clone()].to_owned()));
        assert_eq!(found, ["Größe", "500 ml", "T-Shirt"]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_words_within_bounds(text in "\\PC{0,200}") {
            groups(&text, |group| {
                assert!(text.get(group.source.clone()).is_some());
                assert!(group.plain.len() <= super::PIECES_MAX + 1);
                assert!(group.plain.iter().all(|piece| !piece.is_empty() && piece.len() <= super::WORD_BYTES_MAX + 16));
            });
        }
    }
}

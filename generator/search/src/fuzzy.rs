//! Words a few letters away: an automaton that walks the dictionary beside one row of the table of edit distances.
//!
//! Nothing is built before a walk, unlike with automata of all words within a distance, which take longer to make for
//! one query than this takes to search. Two letters exchanged count as one mistake.

use std::cell::Cell;

use fst::Automaton;

/// The most letters of a word that is searched for by distance.
pub(crate) const LETTERS_MAX: usize = 24;

const ROW: usize = LETTERS_MAX + 1;

/// Matches words within a distance of a word, or words that begin with such a word.
pub(crate) struct Near {
    letters: Vec<char>,
    distance: u8,
    /// Whether only the beginning of the word has to be near.
    prefix: bool,
    /// How many more nodes of the dictionary may be visited.
    budget: Cell<u32>,
}

/// Where a walk is.
#[derive(Clone)]
pub(crate) struct State {
    row: [u8; ROW],
    before: [u8; ROW],
    last: char,
    /// The first bytes of a letter of several.
    pending: u32,
    missing: u8,
    /// The distance of the best beginning so far, if beginnings count.
    best: u8,
}

impl Near {
    /// `None` for a word that is too long.
    pub(crate) fn new(word: &str, distance: u8, prefix: bool, budget: u32) -> Option<Near> {
        let letters: Vec<char> = word.chars().collect();
        (letters.len() <= LETTERS_MAX).then_some(Near {
            letters,
            distance,
            prefix,
            budget: Cell::new(budget),
        })
    }

    /// How far the word of a state is, if near enough.
    pub(crate) fn distance_of(&self, state: &State) -> Option<u8> {
        if state.missing > 0 {
            return None;
        }
        let whole = state.row.get(self.letters.len()).copied()?;
        let distance = if self.prefix { whole.min(state.best) } else { whole };
        (distance <= self.distance).then_some(distance)
    }

    /// How many visits are left.
    pub(crate) fn left(&self) -> u32 {
        self.budget.get()
    }

    fn step(&self, state: &State, letter: char) -> State {
        let mut row = [u8::MAX; ROW];
        let first = state.row.first().copied().unwrap_or(0).saturating_add(1);
        if let Some(cell) = row.first_mut() {
            *cell = first;
        }
        let mut left = first;
        let mut diagonal = state.row.first().copied().unwrap_or(0);
        let mut before = None;
        let above = state.row.iter().skip(1);
        let two_above = std::iter::once(u8::MAX).chain(state.before.iter().copied());
        let cells = row.iter_mut().skip(1);
        for (((wanted, cell), above), crossed) in self.letters.iter().zip(cells).zip(above).zip(two_above) {
            let mut cost = diagonal.saturating_add(u8::from(*wanted != letter));
            cost = cost.min(left.saturating_add(1)).min(above.saturating_add(1));
            if before == Some(letter) && *wanted == state.last {
                cost = cost.min(crossed.saturating_add(1));
            }
            *cell = cost;
            (left, diagonal, before) = (cost, *above, Some(*wanted));
        }
        let whole = row.get(self.letters.len()).copied().unwrap_or(u8::MAX);
        State { row, before: state.row, last: letter, pending: 0, missing: 0, best: state.best.min(whole) }
    }
}

impl Automaton for Near {
    type State = State;

    fn start(&self) -> State {
        let mut row = [0; ROW];
        for (cell, value) in row.iter_mut().zip(0_u8..) {
            *cell = value;
        }
        let best = u8::try_from(self.letters.len()).unwrap_or(u8::MAX);
        State { row, before: [u8::MAX; ROW], last: '\0', pending: 0, missing: 0, best }
    }

    fn is_match(&self, state: &State) -> bool {
        self.distance_of(state).is_some()
    }

    fn can_match(&self, state: &State) -> bool {
        if self.budget.get() == 0 {
            return false;
        }
        if self.prefix && state.best <= self.distance {
            return true;
        }
        let end = self.letters.len().saturating_add(1);
        state.row.iter().take(end).chain(state.before.iter().take(end)).any(|cell| *cell <= self.distance)
    }

    fn accept(&self, state: &State, byte: u8) -> State {
        self.budget.set(self.budget.get().saturating_sub(1));
        let waiting = |pending: u32, missing: u8| State { pending, missing, ..state.clone() };
        let (pending, missing) = match byte {
            0..=0x7f => return self.step(state, char::from(byte)),
            0x80..=0xbf => {
                let pending = state.pending.wrapping_shl(6) | u32::from(byte & 0x3f);
                (pending, state.missing.saturating_sub(1))
            }
            0xc0..=0xdf => (u32::from(byte & 0x1f), 1),
            0xe0..=0xef => (u32::from(byte & 0x0f), 2),
            _ => (u32::from(byte & 0x07), 3),
        };
        if missing > 0 {
            return waiting(pending, missing);
        }
        self.step(state, char::from_u32(pending).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

#[cfg(test)]
mod tests {
    use fst::Automaton;

    use super::Near;

    fn distance(word: &str, other: &str, most: u8) -> Option<u8> {
        let near = Near::new(word, most, false, 1000).unwrap();
        let state = other.bytes().fold(near.start(), |state, byte| near.accept(&state, byte));
        near.distance_of(&state)
    }

    /// The textbook table, whole.
    fn by_table(a: &[char], b: &[char]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let mut cost = (table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]))
                        .min(table[i - 1][j] + 1)
                        .min(table[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        cost = cost.min(table[i - 2][j - 2] + 1);
                    }
                    cost
                };
            }
        }
        table[a.len()][b.len()]
    }

    #[test]
    fn letters_may_lack_be_added_changed_or_exchanged() {
        for other in ["mgu", "mu", "muug", "nug", "ug"] {
            assert_eq!(distance("mug", other, 1), Some(1), "{other}");
        }
        assert_eq!(distance("headphones", "haedphone", 2), Some(2));
        assert_eq!(distance("кружка", "кружк", 1), Some(1));
        assert_eq!(distance("mug", "lamp", 2), None);
    }

    proptest::proptest! {
        #[test]
        fn distances_are_those_of_the_table(a in "[abcé]{0,8}", b in "[abcé]{0,8}") {
            let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let expected = by_table(&x, &y);
            let found = distance(&a, &b, 2).map(usize::from);
            assert_eq!(found, (expected <= 2).then_some(expected));
        }
    }
}

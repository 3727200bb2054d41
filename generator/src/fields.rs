//! Reads front matter, TOML or YAML, key by key and collects every mistake with its exact place.
//!
//! The parsed table with its spans is the raw form of a file; what the methods here return is typed. A key
//! that nobody asked for is unknown, and [`Fields::finish`] says so.

mod value;

use std::cell::RefCell;
use std::ops::Range;

pub(crate) use self::value::Value;

use crate::front_matter::node::Table;
use crate::front_matter::{Parts, Syntax};
use crate::problem::{Problem, nearest};
use crate::source::TextFile;

/// The file that is read and what was found wrong with it.
pub(crate) struct Notes<'f> {
    file: &'f TextFile,
    syntax: Syntax,
    /// Where the front matter begins in the file; the spans of values count from there.
    offset: usize,
    problems: RefCell<Vec<Problem>>,
}

impl<'f> Notes<'f> {
    /// Begins with no problems for a file that is TOML. `offset` is where the TOML begins in the file.
    pub(crate) fn new(file: &'f TextFile, offset: usize) -> Notes<'f> {
        Notes { file, syntax: Syntax::Toml, offset, problems: RefCell::default() }
    }

    /// Begins with no problems for a file with front matter.
    pub(crate) fn of(file: &'f TextFile, parts: &Parts) -> Notes<'f> {
        Notes { syntax: parts.syntax, ..Notes::new(file, parts.head.start) }
    }

    /// How the front matter is written.
    pub(crate) fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// Notes a problem that was found elsewhere.
    pub(crate) fn push(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// Notes a problem at a place in the file.
    pub(crate) fn add(&self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.push(self.file.problem(span, message, help));
    }

    /// The file.
    pub(crate) fn file(&self) -> &'f TextFile {
        self.file
    }

    /// Everything noted.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    fn absolute(&self, span: Range<usize>) -> Range<usize> {
        self.offset + span.start..self.offset + span.end
    }
}

/// A value with its place in the file.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) span: Range<usize>,
}

/// A table that is being read.
pub(crate) struct Fields<'n, 'f> {
    notes: &'n Notes<'f>,
    table: Table<'n, 'f>,
    /// What the table describes, such as `a variant`.
    what: &'static str,
    /// Where missing keys are reported.
    place: Range<usize>,
    known: Vec<&'static str>,
    missing: Vec<&'static str>,
}

impl<'n, 'f> Fields<'n, 'f> {
    /// Begins to read a table that describes `what`; missing keys are reported at `place`.
    pub(crate) fn new(
        notes: &'n Notes<'f>,
        table: impl Into<Table<'n, 'f>>,
        what: &'static str,
        place: Range<usize>,
    ) -> Fields<'n, 'f> {
        Fields { notes, table: table.into(), what, place, known: Vec::new(), missing: Vec::new() }
    }

    /// Reads a key that may be absent.
    pub(crate) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Value<'n, 'f>) -> Option<T>,
    ) -> Option<T> {
        self.known.push(key);
        let (_, found) = self.table.get(key)?;
        read(Value::new(self.notes, found, key))
    }

    /// Reads a key that must be there.
    pub(crate) fn required<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Value<'n, 'f>) -> Option<T>,
    ) -> Option<T> {
        if !self.table.has(key) {
            self.missing.push(key);
        }
        self.optional(key, read)
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.has(key)
    }

    /// How the front matter is written.
    pub(crate) fn syntax(&self) -> Syntax {
        self.notes.syntax
    }

    /// The place of a key's name, or of the table.
    pub(crate) fn key_span(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or_else(|| self.place.clone(), |(span, _)| self.notes.absolute(span))
    }

    /// Notes a mistake at a place in the file.
    pub(crate) fn note(&self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.notes.add(span, message, help);
    }

    /// Where missing keys are reported.
    pub(crate) fn place(&self) -> Range<usize> {
        self.place.clone()
    }

    /// Reports missing keys and keys that nobody asked for. A mistyped key is one mistake, not two.
    pub(crate) fn finish(mut self) {
        let (known, missing) = (&self.known, &mut self.missing);
        self.table.each(|name, span, _| {
            if known.contains(&name) {
                return;
            }
            let absent = known.iter().copied().filter(|known| !self.table.has(known));
            let meant = nearest(name, absent);
            missing.retain(|missing| Some(*missing) != meant);
            let help = match meant {
                Some(meant) => format!("did you mean {meant:?}?"),
                None => format!("{} has {}", self.what, known.join(", ")),
            };
            self.notes.add(self.notes.absolute(span), format!("unknown key {name:?}"), help);
        });
        if !self.missing.is_empty() {
            let list = quoted(&self.missing);
            let (noun, verb) = if self.missing.len() == 1 { ("key", "is") } else { ("keys", "are") };
            self.notes.add(
                self.place.clone(),
                format!("the {noun} {list} {verb} missing"),
                format!("add {list} for {}", self.what),
            );
        }
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ")
}

//! Reads TOML tables key by key and collects every mistake with its exact place.
//!
//! The parsed table with its spans is the raw form of a file; what the methods here return is typed. A key
//! that nobody asked for is unknown, and [`Fields::finish`] says so.

use std::cell::RefCell;
use std::fmt::Display;
use std::ops::Range;

use ipswich_catalog::{Amount, Currency, Sku, Slug};
use toml::de::{DeArray, DeTable, DeValue};

use crate::day::Day;
use crate::problem::{Problem, nearest};
use crate::source::TextFile;

/// The file that is read and what was found wrong with it.
pub(crate) struct Notes<'f> {
    file: &'f TextFile,
    /// Where the TOML begins in the file; the spans of values count from there.
    offset: usize,
    problems: RefCell<Vec<Problem>>,
}

impl<'f> Notes<'f> {
    /// Begins with no problems. `offset` is where the TOML begins in the file.
    pub(crate) fn new(file: &'f TextFile, offset: usize) -> Notes<'f> {
        Notes { file, offset, problems: RefCell::default() }
    }

    /// Notes a problem at a place in the file.
    pub(crate) fn add(&self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.borrow_mut().push(self.file.problem(span, message, help));
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
    table: &'n DeTable<'f>,
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
        table: &'n DeTable<'f>,
        what: &'static str,
        place: Range<usize>,
    ) -> Fields<'n, 'f> {
        Fields { notes, table, what, place, known: Vec::new(), missing: Vec::new() }
    }

    /// Reads a key that may be absent.
    pub(crate) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Value<'n, 'f>) -> Option<T>,
    ) -> Option<T> {
        self.known.push(key);
        let found = self.table.get(key)?;
        let span = self.notes.absolute(found.span());
        read(Value { notes: self.notes, value: found.get_ref(), span, name: key })
    }

    /// Reads a key that must be there.
    pub(crate) fn required<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Value<'n, 'f>) -> Option<T>,
    ) -> Option<T> {
        if !self.table.contains_key(key) {
            self.missing.push(key);
        }
        self.optional(key, read)
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The place of a key's name, or of the table.
    pub(crate) fn key_span(&self, key: &str) -> Range<usize> {
        self.table
            .get_key_value(key)
            .map_or_else(|| self.place.clone(), |(key, _)| self.notes.absolute(key.span()))
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
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if self.known.contains(&name) {
                continue;
            }
            let absent = self.known.iter().copied().filter(|known| !self.table.contains_key(*known));
            let meant = nearest(name, absent);
            self.missing.retain(|missing| Some(*missing) != meant);
            let help = match meant {
                Some(meant) => format!("did you mean {meant:?}?"),
                None => format!("{} has {}", self.what, self.known.join(", ")),
            };
            self.notes.add(self.notes.absolute(key.span()), format!("unknown key {name:?}"), help);
        }
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

/// A value that is being read. Each method returns `None` after noting why the value will not do.
pub(crate) struct Value<'n, 'f> {
    notes: &'n Notes<'f>,
    value: &'n DeValue<'f>,
    /// Its place in the file.
    pub(crate) span: Range<usize>,
    name: &'n str,
}

impl<'n, 'f> Value<'n, 'f> {
    /// Notes a mistake of this value.
    pub(crate) fn reject<T>(&self, message: impl Into<String>, help: impl Into<String>) -> Option<T> {
        self.notes.add(self.span.clone(), message, help);
        None
    }

    fn wrong_type<T>(&self, wanted: &str, example: &str) -> Option<T> {
        let found = match self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a decimal number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.reject(format!("{:?} must be {wanted}, not {found}", self.name), format!("write {example}"))
    }

    /// A text that is not blank.
    pub(crate) fn text(self) -> Option<String> {
        self.str().map(str::to_owned)
    }

    /// A text that is not blank, as it stands in the file.
    pub(crate) fn str(&self) -> Option<&'n str> {
        match self.value {
            DeValue::String(text) if text.trim().is_empty() => {
                self.reject(format!("{:?} is empty", self.name), "write something, or remove the key")
            }
            DeValue::String(text) => Some(text),
            _ => self.wrong_type("a text", &format!("{} = \"…\"", self.name)),
        }
    }

    /// The text as something that is made of one.
    pub(crate) fn parse<T, E: Display>(
        &self,
        parse: impl FnOnce(&str) -> Result<T, E>,
        help: &str,
    ) -> Option<T> {
        let text = self.str()?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => self.reject(format!("{text:?} will not do: {error}"), help),
        }
    }

    /// A SKU.
    pub(crate) fn sku(self) -> Option<Located<Sku>> {
        let span = self.span.clone();
        let value = self.parse(Sku::parse, "write it like \"HG-MUG-BLUE\"")?;
        Some(Located { value, span })
    }

    /// A slug.
    pub(crate) fn slug(self) -> Option<Slug> {
        self.parse(Slug::parse, "write it like \"waxed-cotton-cap\"")
    }

    /// An amount of money, which is a text, so that no rounding happens.
    pub(crate) fn amount(&self, currency: Currency) -> Option<Amount> {
        if let DeValue::Integer(_) | DeValue::Float(_) = self.value {
            let text = match self.value {
                DeValue::Integer(number) => number.to_string(),
                DeValue::Float(number) => number.to_string(),
                _ => String::new(),
            };
            return self.wrong_type("a text", &format!("{} = \"{text}\"", self.name));
        }
        self.parse(
            |text| Amount::parse_decimal(text, currency.decimals()),
            &format!("write digits with a point, such as \"24.99\"; the currency is {currency}"),
        )
    }

    /// A whole number in a range.
    pub(crate) fn number(&self, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let DeValue::Integer(number) = self.value else {
            return self.wrong_type("a whole number", &format!("{} = {}", self.name, range.start().max(&1)));
        };
        match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(value) if range.contains(&value) => Some(value),
            _ => self.reject(
                format!("{number} is out of range"),
                format!("{:?} goes from {} to {}", self.name, range.start(), range.end()),
            ),
        }
    }

    /// True or false.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.wrong_type("true or false", &format!("{} = true", self.name)),
        }
    }

    /// A day without a time.
    pub(crate) fn day(self) -> Option<Day> {
        match self.value {
            DeValue::Datetime(moment) if moment.time.is_none() && moment.offset.is_none() => {
                moment.date.and_then(|date| Day::new(date.year, date.month, date.day))
            }
            _ => self.wrong_type("a date", &format!("{} = 2026-09-14, without quotes", self.name)),
        }
    }

    /// A list whose items are read one by one; items that will not do are left out.
    pub(crate) fn list<T>(&self, mut read: impl FnMut(Value<'n, 'f>) -> Option<T>) -> Option<Vec<T>> {
        let items = self.array(&format!("{} = [\"…\"]", self.name))?;
        Some(items.iter().filter_map(|item| read(self.item(item))).collect())
    }

    /// A list of tables, `[[name]]`; each is read by `read`, and missing keys are reported at its header.
    pub(crate) fn tables<T>(
        &self,
        what: &'static str,
        mut read: impl FnMut(&mut Fields<'n, 'f>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let items = self.array(&format!("[[{}]] above each {what}", self.name))?;
        let read_one = |item| self.item(item).table(what, &mut read);
        Some(items.iter().filter_map(read_one).collect())
    }

    /// A table that is read by `read`.
    pub(crate) fn table<T>(
        &self,
        what: &'static str,
        read: impl FnOnce(&mut Fields<'n, 'f>) -> Option<T>,
    ) -> Option<T> {
        let DeValue::Table(table) = self.value else {
            return self.wrong_type("a table", &format!("[{}] on a line of its own", self.name));
        };
        let mut fields = Fields::new(self.notes, table, what, self.span.clone());
        let value = read(&mut fields);
        fields.finish();
        value
    }

    /// A table with any keys, each with a text; in the order of the file.
    pub(crate) fn pairs(self) -> Option<Vec<(Located<String>, Located<String>)>> {
        let DeValue::Table(table) = self.value else {
            return self.wrong_type("a table", &format!("[{}] on a line of its own", self.name));
        };
        let mut pairs: Vec<_> = table.iter().collect();
        pairs.sort_by_key(|(key, _)| key.span().start);
        let read = |(key, found): (&'n toml::Spanned<_>, &'n toml::Spanned<DeValue<'f>>)| {
            let name: &std::borrow::Cow<'f, str> = key.get_ref();
            let span = self.notes.absolute(found.span());
            let value = Value { notes: self.notes, value: found.get_ref(), span: span.clone(), name };
            let key = Located { value: name.to_string(), span: self.notes.absolute(key.span()) };
            Some((key, Located { value: value.text()?, span }))
        };
        Some(pairs.into_iter().filter_map(read).collect())
    }

    /// The number of items; 0 for what is no list.
    pub(crate) fn list_len(&self) -> usize {
        if let DeValue::Array(items) = self.value { items.len() } else { 0 }
    }

    /// Whether it is a table without keys.
    pub(crate) fn is_empty_table(&self) -> bool {
        matches!(self.value, DeValue::Table(table) if table.is_empty())
    }

    fn array(&self, example: &str) -> Option<&'n DeArray<'f>> {
        match self.value {
            DeValue::Array(items) => Some(items),
            _ => self.wrong_type("a list", example),
        }
    }

    fn item(&self, item: &'n toml::Spanned<DeValue<'f>>) -> Value<'n, 'f> {
        Value {
            notes: self.notes,
            value: item.get_ref(),
            span: self.notes.absolute(item.span()),
            name: self.name,
        }
    }
}

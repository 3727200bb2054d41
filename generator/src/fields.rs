//! Reads front matter, TOML or YAML, key by key and collects every mistake with its exact place.
//!
//! The parsed table with its spans is the raw form of a file; what the methods here return is typed. A key
//! that nobody asked for is unknown, and [`Fields::finish`] says so.

use std::cell::RefCell;
use std::fmt::Display;
use std::ops::Range;

use ipswich_catalog::{Amount, Currency, Sku, Slug};

use crate::day::Day;
use crate::front_matter::node::{List, Node, Shape, Table, Word};
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

/// A value that is being read. Each method returns `None` after noting why the value will not do.
pub(crate) struct Value<'n, 'f> {
    notes: &'n Notes<'f>,
    shape: Shape<'n, 'f>,
    /// Its place in the file.
    pub(crate) span: Range<usize>,
    name: &'n str,
}

impl<'n, 'f> Value<'n, 'f> {
    fn new(notes: &'n Notes<'f>, node: Node<'n, 'f>, name: &'n str) -> Value<'n, 'f> {
        Value { notes, shape: node.shape(), span: notes.absolute(node.span()), name }
    }

    /// Notes a mistake of this value.
    pub(crate) fn reject<T>(&self, message: impl Into<String>, help: impl Into<String>) -> Option<T> {
        self.notes.add(self.span.clone(), message, help);
        None
    }

    /// How the front matter is written.
    pub(crate) fn syntax(&self) -> Syntax {
        self.notes.syntax
    }

    /// Refuses a value of the wrong type; `example` is a right one.
    fn wrong_type<T>(&self, wanted: &str, example: &str) -> Option<T> {
        self.wrong(wanted, &format!("write {}", self.notes.syntax.set(self.name, example)))
    }

    fn wrong<T>(&self, wanted: &str, help: &str) -> Option<T> {
        let found = match self.shape {
            Shape::Broken => return None,
            Shape::Text(_) => "a text",
            Shape::Bare(text) => kind_of(text),
            Shape::Integer(_) => "a whole number",
            Shape::Float(_) => "a decimal number",
            Shape::Flag(_) => "true or false",
            Shape::Moment(_) => "a date or time",
            Shape::List(_) => "a list",
            Shape::Table(_) => "a table",
        };
        self.reject(format!("{:?} must be {wanted}, not {found}", self.name), help)
    }

    /// A text that is not blank.
    pub(crate) fn text(self) -> Option<String> {
        self.str().map(str::to_owned)
    }

    /// A text that is not blank, as it stands in the file.
    pub(crate) fn str(&self) -> Option<&'n str> {
        match self.shape {
            Shape::Text(text) | Shape::Bare(text) if text.trim().is_empty() => {
                self.reject(format!("{:?} is empty", self.name), "write something, or remove the key")
            }
            Shape::Text(text) => Some(text),
            Shape::Bare(text) => match Word::of(text) {
                Word::Other => Some(text),
                Word::Flag(_) => self.wrong_type("a text", &format!("{text:?}")),
                Word::Nothing => self.wrong_type("a text", "\"…\""),
            },
            _ => self.wrong_type("a text", "\"…\""),
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

    /// An amount of money, read from the digits of the file, so that no rounding happens. TOML has it in quotes.
    pub(crate) fn amount(&self, currency: Currency) -> Option<Amount> {
        match self.shape {
            Shape::Integer(number) => return self.wrong_type("a text", &format!("\"{number}\"")),
            Shape::Float(number) => return self.wrong_type("a text", &format!("\"{number}\"")),
            _ => {}
        }
        self.parse(
            |text| Amount::parse_decimal(text, currency.decimals()),
            &format!("write digits with a point, such as \"24.99\"; the currency is {currency}"),
        )
    }

    /// A whole number in a range.
    pub(crate) fn number(&self, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let found = match self.shape {
            Shape::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            Shape::Bare(text) if kind_of(text) == "a whole number" => text.parse().ok(),
            Shape::Text(text) | Shape::Bare(text) => {
                // "400 g" and "0400" hold the number that is meant.
                let digits = text.trim().trim_start_matches('0');
                let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
                let meant = digits[..end].parse().ok().filter(|number| range.contains(number));
                return self
                    .wrong_type("a whole number", &meant.unwrap_or(*range.start().max(&1)).to_string());
            }
            _ => return self.wrong_type("a whole number", &range.start().max(&1).to_string()),
        };
        found.filter(|value| range.contains(value)).or_else(|| {
            let text = self.source();
            let help = format!("{:?} goes from {} to {}", self.name, range.start(), range.end());
            self.reject(format!("{text} is out of range"), help)
        })
    }

    /// The value as it stands in the file.
    fn source(&self) -> &'f str {
        self.notes.file.text.get(self.span.clone()).unwrap_or_default()
    }

    /// True or false.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self.shape {
            Shape::Flag(flag) => Some(flag),
            Shape::Bare(text) => match Word::of(text) {
                Word::Flag(flag) => Some(flag),
                _ => {
                    let is_no = ["no", "off", "n", "0"].contains(&text.to_lowercase().as_str());
                    let meant = if is_no { "false" } else { "true" };
                    let help = format!("write {}", self.notes.syntax.set(self.name, meant));
                    self.reject(format!("{:?} must be true or false, not {text:?}", self.name), help)
                }
            },
            _ => self.wrong_type("true or false", "true"),
        }
    }

    /// A day without a time.
    pub(crate) fn day(self) -> Option<Day> {
        let found = match self.shape {
            Shape::Moment(moment) if moment.time.is_none() && moment.offset.is_none() => {
                moment.date.and_then(|date| Day::new(date.year, date.month, date.day))
            }
            Shape::Bare(text)
                if text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2 =>
            {
                match text.parse() {
                    Ok(day) => Some(day),
                    Err(_) => {
                        let help = "write year, month and day, such as 2026-09-14";
                        return self.reject(format!("{text} is no day of the calendar"), help);
                    }
                }
            }
            _ => None,
        };
        found.or_else(|| self.wrong_type("a date", "2026-09-14, without quotes"))
    }

    /// A list whose items are read one by one; items that will not do are left out.
    pub(crate) fn list<T>(&self, mut read: impl FnMut(Value<'n, 'f>) -> Option<T>) -> Option<Vec<T>> {
        let help = format!("write {}", self.notes.syntax.set(self.name, "[\"…\"]"));
        let items = self.items(&help)?;
        Some((0..items.len()).filter_map(|index| read(self.item(items.get(index)?))).collect())
    }

    /// A list of tables, `[[name]]`; each is read by `read`, and missing keys are reported at its header.
    pub(crate) fn tables<T>(
        &self,
        what: &'static str,
        mut read: impl FnMut(&mut Fields<'n, 'f>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let help = match self.notes.syntax {
            Syntax::Toml => format!("write [[{}]] above each of them", self.name),
            Syntax::Yaml => format!("write \"{}:\", and below it \"- \" before each of them", self.name),
        };
        let items = self.items(&help)?;
        let mut read_one = |index| self.item(items.get(index)?).table(what, &mut read);
        Some((0..items.len()).filter_map(&mut read_one).collect())
    }

    /// A table that is read by `read`.
    pub(crate) fn table<T>(
        &self,
        what: &'static str,
        read: impl FnOnce(&mut Fields<'n, 'f>) -> Option<T>,
    ) -> Option<T> {
        let table = self.as_table()?;
        let mut fields = Fields::new(self.notes, table, what, self.span.clone());
        let value = read(&mut fields);
        fields.finish();
        value
    }

    /// A table with any keys, each with a text; in the order of the file.
    pub(crate) fn pairs(self) -> Option<Vec<(Located<String>, Located<String>)>> {
        let table = self.as_table()?;
        let mut pairs = Vec::new();
        table.each(|name, span, node| pairs.push((name, self.notes.absolute(span), node)));
        pairs.sort_by_key(|(_, span, _)| span.start);
        let read = |(name, span, node): (&'n str, Range<usize>, Node<'n, 'f>)| {
            let value = Value::new(self.notes, node, name);
            let place = value.span.clone();
            let key = Located { value: name.to_owned(), span };
            Some((key, Located { value: value.text()?, span: place }))
        };
        Some(pairs.into_iter().filter_map(read).collect())
    }

    /// The number of items; 0 for what is no list.
    pub(crate) fn list_len(&self) -> usize {
        if let Shape::List(items) = self.shape { items.len() } else { 0 }
    }

    /// Whether it is a table without keys.
    pub(crate) fn is_empty_table(&self) -> bool {
        matches!(self.shape, Shape::Table(table) if table.is_empty())
    }

    fn as_table(&self) -> Option<Table<'n, 'f>> {
        match self.shape {
            Shape::Table(table) => Some(table),
            _ => {
                let header = self.notes.syntax.table(self.name);
                self.wrong("a table", &format!("write {header} on a line of its own, and its keys below"))
            }
        }
    }

    fn items(&self, help: &str) -> Option<List<'n, 'f>> {
        match self.shape {
            Shape::List(items) => Some(items),
            _ => self.wrong("a list", help),
        }
    }

    fn item(&self, node: Node<'n, 'f>) -> Value<'n, 'f> {
        Value::new(self.notes, node, self.name)
    }
}

/// What a YAML word without quotes looks like, for messages.
fn kind_of(text: &str) -> &'static str {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match Word::of(text) {
        Word::Flag(_) => "true or false",
        Word::Nothing => "nothing",
        // What begins with 0 is a number in another notation to some programs.
        Word::Other if is_digits(digits) && (digits == "0" || !digits.starts_with('0')) => "a whole number",
        Word::Other if digits.split_once('.').is_some_and(|(a, b)| is_digits(a) && is_digits(b)) => {
            "a decimal number"
        }
        Word::Other if text.get(..10).is_some_and(|day| day.parse::<Day>().is_ok()) => "a date or time",
        Word::Other => "a text",
    }
}

//! One value of front matter, and what can be made of it.

use std::fmt::Display;
use std::ops::Range;

use ipswich_catalog::{Amount, Currency, Sku, Slug};

use super::{Fields, Located, Notes};
use crate::day::Day;
use crate::front_matter::Syntax;
use crate::front_matter::node::{List, Node, Shape, Table, Word};

/// A value that is being read. Each method returns `None` after noting why the value will not do.
pub(crate) struct Value<'n, 'f> {
    notes: &'n Notes<'f>,
    shape: Shape<'n, 'f>,
    /// Its place in the file.
    pub(crate) span: Range<usize>,
    name: &'n str,
}

impl<'n, 'f> Value<'n, 'f> {
    pub(super) fn new(notes: &'n Notes<'f>, node: Node<'n, 'f>, name: &'n str) -> Value<'n, 'f> {
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

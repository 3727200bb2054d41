//! One view of front matter, whichever way it is written.
//!
//! A [`Table`] and its [`Node`]s borrow what the parser of TOML or of YAML made, so nothing is copied.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeFloat, DeInteger, DeTable, DeValue};
use toml::value::Datetime;

use super::yaml;

/// Keys with values.
#[derive(Clone, Copy)]
pub(crate) enum Table<'n, 'f> {
    Toml(&'n DeTable<'f>),
    Yaml(&'n yaml::Mapping<'f>),
}

/// A value with its place.
#[derive(Clone, Copy)]
pub(crate) enum Node<'n, 'f> {
    Toml(&'n Spanned<DeValue<'f>>),
    Yaml(&'n yaml::Node<'f>),
}

/// Values in a row.
#[derive(Clone, Copy)]
pub(crate) enum List<'n, 'f> {
    Toml(&'n DeArray<'f>),
    Yaml(&'n [yaml::Node<'f>]),
}

/// What a value is.
#[derive(Clone, Copy)]
pub(crate) enum Shape<'n, 'f> {
    /// A text in quotes.
    Text(&'n str),
    /// What YAML has without quotes, as it stands there. Only the key knows whether that is a text, a number or a
    /// date, so `16.00` keeps its zeros and `no` is never taken for false.
    Bare(&'n str),
    Integer(&'n DeInteger<'f>),
    Float(&'n DeFloat<'f>),
    Flag(bool),
    Moment(&'n Datetime),
    List(List<'n, 'f>),
    Table(Table<'n, 'f>),
    /// A value with a mistake that was reported when it was parsed.
    Broken,
}

impl<'n, 'f> From<&'n DeTable<'f>> for Table<'n, 'f> {
    fn from(table: &'n DeTable<'f>) -> Self {
        Table::Toml(table)
    }
}

impl<'n, 'f> Table<'n, 'f> {
    /// The place of a key's name and its value.
    pub(crate) fn get(self, key: &str) -> Option<(Range<usize>, Node<'n, 'f>)> {
        match self {
            Table::Toml(table) => {
                table.get_key_value(key).map(|(key, value)| (key.span(), Node::Toml(value)))
            }
            Table::Yaml(mapping) => {
                mapping.get(key).map(|(key, value)| (key.span.clone(), Node::Yaml(value)))
            }
        }
    }

    /// Whether the key is there.
    pub(crate) fn has(self, key: &str) -> bool {
        match self {
            Table::Toml(table) => table.contains_key(key),
            Table::Yaml(mapping) => mapping.get(key).is_some(),
        }
    }

    /// Hands each key, the place of its name and its value to `see`, in no promised order.
    pub(crate) fn each(self, mut see: impl FnMut(&'n str, Range<usize>, Node<'n, 'f>)) {
        match self {
            Table::Toml(table) => {
                table.iter().for_each(|(key, value)| see(key.get_ref(), key.span(), Node::Toml(value)));
            }
            Table::Yaml(mapping) => {
                let entries = mapping.entries.iter();
                entries.for_each(|(key, value)| see(&key.name, key.span.clone(), Node::Yaml(value)));
            }
        }
    }

    /// Whether it has no keys.
    pub(crate) fn is_empty(self) -> bool {
        match self {
            Table::Toml(table) => table.is_empty(),
            Table::Yaml(mapping) => mapping.entries.is_empty(),
        }
    }
}

impl<'n, 'f> Node<'n, 'f> {
    /// Its place, counted from where the front matter begins.
    pub(crate) fn span(self) -> Range<usize> {
        match self {
            Node::Toml(value) => value.span(),
            Node::Yaml(node) => node.span.clone(),
        }
    }

    /// What it is.
    pub(crate) fn shape(self) -> Shape<'n, 'f> {
        match self {
            Node::Toml(value) => match value.get_ref() {
                DeValue::String(text) => Shape::Text(text),
                DeValue::Integer(number) => Shape::Integer(number),
                DeValue::Float(number) => Shape::Float(number),
                DeValue::Boolean(flag) => Shape::Flag(*flag),
                DeValue::Datetime(moment) => Shape::Moment(moment),
                DeValue::Array(items) => Shape::List(List::Toml(items)),
                DeValue::Table(table) => Shape::Table(Table::Toml(table)),
            },
            Node::Yaml(node) => match &node.data {
                yaml::Data::Text(text) => Shape::Text(text),
                yaml::Data::Bare(text) => Shape::Bare(text),
                yaml::Data::List(items) => Shape::List(List::Yaml(items)),
                yaml::Data::Table(mapping) => Shape::Table(Table::Yaml(mapping)),
                yaml::Data::Broken => Shape::Broken,
            },
        }
    }
}

impl<'n, 'f> List<'n, 'f> {
    /// How many values.
    pub(crate) fn len(self) -> usize {
        match self {
            List::Toml(items) => items.len(),
            List::Yaml(items) => items.len(),
        }
    }

    /// The value at a place of the row.
    pub(crate) fn get(self, index: usize) -> Option<Node<'n, 'f>> {
        match self {
            List::Toml(items) => items.get(index).map(Node::Toml),
            List::Yaml(items) => items.get(index).map(Node::Yaml),
        }
    }
}

/// What YAML's plain words mean to those who write them; the rest are texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Flag(bool),
    Nothing,
    Other,
}

impl Word {
    /// The meaning of a word without quotes.
    pub(crate) fn of(text: &str) -> Word {
        match text {
            "true" | "True" | "TRUE" => Word::Flag(true),
            "false" | "False" | "FALSE" => Word::Flag(false),
            "" | "~" | "null" | "Null" | "NULL" => Word::Nothing,
            _ => Word::Other,
        }
    }
}

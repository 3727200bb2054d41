//! What a product file says in its own words, which the typed catalog does not keep: names of pictures, days, the text.

use std::collections::HashMap;

use crate::fields::Notes;
use crate::front_matter;
use crate::front_matter::node::{Node, Shape, Table};
use crate::source::TextFile;

/// A product file as it is written.
#[derive(Debug, Default)]
pub(crate) struct Written {
    values: HashMap<&'static str, String>,
    lists: HashMap<&'static str, Vec<String>>,
    /// File names with descriptions.
    pub(crate) images: Vec<(String, String)>,
    /// File names of pictures by the SKUs of variants.
    pub(crate) variant_images: HashMap<String, String>,
    /// The Markdown.
    pub(crate) body: String,
}

impl Written {
    /// Reads a file that was checked.
    pub(crate) fn of(file: &TextFile) -> Written {
        let Ok(parts) = front_matter::split(file) else { return Written::default() };
        let notes = Notes::of(file, &parts);
        let Some(head) = front_matter::read(&notes, &parts) else { return Written::default() };
        let table = head.table();
        let mut written = Written {
            body: file.text[parts.body.clone()].replace("\r\n", "\n").trim().to_owned(),
            ..Written::default()
        };
        for key in ["draft", "publish_from", "publish_until"] {
            written.values.extend(text(table, key).map(|value| (key, value)));
        }
        for key in ["badges", "aliases"] {
            let items = items(table, key).into_iter().filter_map(|node| word(node.shape()));
            written.lists.insert(key, items.collect());
        }
        for table in tables(table, "images") {
            written.images.extend(text(table, "src").zip(text(table, "alt")));
        }
        for table in tables(table, "variants") {
            written.variant_images.extend(text(table, "sku").zip(text(table, "image")));
        }
        written
    }

    /// A value as it is written; empty if it is not there.
    pub(crate) fn value(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }

    /// A list of texts.
    pub(crate) fn list(&self, key: &str) -> &[String] {
        self.lists.get(key).map_or(&[], Vec::as_slice)
    }
}

fn word(shape: Shape<'_, '_>) -> Option<String> {
    match shape {
        Shape::Text(text) | Shape::Bare(text) => Some(text.to_owned()),
        Shape::Flag(flag) => Some(flag.to_string()),
        Shape::Moment(moment) => Some(moment.to_string()),
        _ => None,
    }
}

fn text(table: Table<'_, '_>, key: &str) -> Option<String> {
    table.get(key).and_then(|(_, node)| word(node.shape()))
}

fn items<'n, 'f>(table: Table<'n, 'f>, key: &str) -> Vec<Node<'n, 'f>> {
    match table.get(key).map(|(_, node)| node.shape()) {
        Some(Shape::List(list)) => (0..list.len()).filter_map(|index| list.get(index)).collect(),
        _ => Vec::new(),
    }
}

/// The tables of a list of tables.
pub(crate) fn tables<'n, 'f>(table: Table<'n, 'f>, key: &str) -> Vec<Table<'n, 'f>> {
    let as_table = |node: Node<'n, 'f>| match node.shape() {
        Shape::Table(table) => Some(table),
        _ => None,
    };
    items(table, key).into_iter().filter_map(as_table).collect()
}

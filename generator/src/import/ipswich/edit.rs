//! Changes values of a product file where they stand, and nothing else of it.

use std::ops::Range;

use crate::export::written::tables;
use crate::fields::Notes;
use crate::front_matter;
use crate::front_matter::Syntax;
use crate::front_matter::node::{Shape, Table};
use crate::import::toml_text::exact;
use crate::source::TextFile;

/// Columns whose cells are values of their own in the file.
pub(super) const KEYS: [&str; 12] = [
    "title",
    "brand",
    "price",
    "compare_at",
    "tax",
    "weight",
    "stock",
    "gtin",
    "summary",
    "seo_title",
    "seo_description",
    "published",
];

/// Keys that each variant may have.
const OF_VARIANTS: [&str; 4] = ["price", "weight", "stock", "gtin"];

/// A cell that differs from the file.
pub(super) struct Change {
    pub(super) sku: String,
    pub(super) key: &'static str,
    /// Empty if the value is to go.
    pub(super) value: String,
}

/// The text of the file with the changes, or the keys that have to be changed by hand.
pub(super) fn apply(file: &TextFile, changes: &[Change]) -> Result<String, Vec<String>> {
    let name = |change: &Change| format!("{} of {}", change.key, change.sku);
    let names = || changes.iter().map(name).collect::<Vec<String>>();
    let parts = front_matter::split(file).map_err(|_| names())?;
    let notes = Notes::of(file, &parts);
    let head = front_matter::read(&notes, &parts).ok_or_else(names)?;
    let editor = Editor { text: &file.text, offset: parts.head.start, syntax: parts.syntax };
    let product = head.table();
    let variants = tables(product, "variants");
    let mut splices: Vec<(Range<usize>, String)> = Vec::new();
    let mut refused = Vec::new();
    for change in changes {
        let own = variants.iter().find(|variant| is_sku(**variant, &change.sku)).copied();
        let of_variant = OF_VARIANTS.contains(&change.key);
        let (table, beside) = match own {
            Some(variant) if of_variant && !goes_for_all(&variants, changes, change) => (variant, "sku"),
            _ => (product, if of_variant { "price" } else { "title" }),
        };
        let disagrees = |other: &Change| other.key == change.key && other.value != change.value;
        if !of_variant && changes.iter().any(disagrees) {
            refused.push(name(change));
            continue;
        }
        match editor.splice(table, beside, change) {
            Some(splice) if !splices.contains(&splice) => splices.push(splice),
            Some(_) => {}
            None => refused.push(format!("{} of {}", change.key, change.sku)),
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    splices.sort_by_key(|(range, _)| (range.start, range.end));
    let mut text = file.text.to_string();
    for (range, new) in splices.into_iter().rev() {
        text.replace_range(range, &new);
    }
    Ok(text)
}

fn is_sku(table: Table<'_, '_>, sku: &str) -> bool {
    matches!(
        table.get("sku").map(|(_, node)| node.shape()),
        Some(Shape::Text(text) | Shape::Bare(text)) if text == sku
    )
}

/// Whether no variant has a value of its own and all get the same: then that of the product changes.
fn goes_for_all(variants: &[Table<'_, '_>], changes: &[Change], change: &Change) -> bool {
    let same = |other: &&Change| other.key == change.key && other.value == change.value;
    ["price", "weight"].contains(&change.key)
        && variants.iter().all(|variant| !variant.has(change.key))
        && changes.iter().filter(same).count() == variants.len()
}

struct Editor<'t> {
    text: &'t str,
    /// Where the front matter begins; places count from there.
    offset: usize,
    syntax: Syntax,
}

impl Editor<'_> {
    /// What replaces what; `beside` is a key that is there for certain, below whose line a new one goes.
    fn splice(&self, table: Table<'_, '_>, beside: &str, change: &Change) -> Option<(Range<usize>, String)> {
        let value = match change.key {
            "weight" | "stock" | "published" => change.value.clone(),
            _ => exact(&change.value),
        };
        if let Some((key, node)) = table.get(change.key) {
            let (key, old) = (self.place(&key), self.place(&node.span()));
            return match change.value.is_empty() {
                false => Some((old, value)),
                true => {
                    let line = self.line(&key, &old)?;
                    let is_first_of_item = self.text[line.start..key.start].contains('-');
                    (!is_first_of_item).then_some((line, String::new()))
                }
            };
        }
        if change.value.is_empty() {
            return None;
        }
        let (key, node) = table.get(beside)?;
        let (key, old) = (self.place(&key), self.place(&node.span()));
        let line = self.line(&key, &old)?;
        let begin = self.text[..key.start].rfind('\n').map_or(0, |at| at + 1);
        // In YAML, "- " before the first key of an item counts as space.
        let indent = " ".repeat(self.text[begin..key.start].chars().count());
        let ending = if self.text[..line.end].ends_with("\r\n") { "\r\n" } else { "\n" };
        Some((line.end..line.end, format!("{indent}{}{ending}", self.syntax.set(change.key, &value))))
    }

    fn place(&self, span: &Range<usize>) -> Range<usize> {
        self.offset + span.start..self.offset + span.end
    }

    /// The whole line of a key, if nothing but its value and a comment are on it.
    fn line(&self, key: &Range<usize>, value: &Range<usize>) -> Option<Range<usize>> {
        let begin = self.text[..key.start].rfind('\n').map_or(0, |at| at + 1);
        let end = value.end + self.text[value.end..].find('\n')? + 1;
        let before = self.text[begin..key.start].trim();
        let after = self.text[value.end..end].trim();
        let alone = (before.is_empty() || before == "-") && (after.is_empty() || after.starts_with('#'));
        alone.then_some(begin..end)
    }
}

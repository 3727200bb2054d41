//! Words that mean the same to shoppers: `content/synonyms.toml`.

use ipswich_search::Synonyms;

use crate::content::Parsed;
use crate::fields::{Fields, Notes, Value};
use crate::front_matter;
use crate::source::TextFile;

/// Parses the file.
pub(crate) fn parse(file: &TextFile) -> Parsed<Synonyms> {
    let table = match front_matter::parse(file, 0..file.text.len()) {
        Ok(table) => table,
        Err(problem) => return Parsed { value: None, problems: vec![problem] },
    };
    let notes = Notes::new(file, 0);
    let mut fields = Fields::new(&notes, &table, "the list of synonyms", 0..0);
    let groups = fields.optional("groups", |value| value.list(group)).unwrap_or_default();
    let one_way = fields.optional("one_way", |value| value.tables("a one-way synonym", one_way));
    fields.finish();
    let problems = notes.into_problems();
    let value = Synonyms { groups, one_way: one_way.unwrap_or_default() };
    Parsed { value: problems.is_empty().then_some(value), problems }
}

fn group(value: Value<'_, '_>) -> Option<Vec<String>> {
    let words = words(&value)?;
    if words.len() < 2 {
        return value.reject("a group of one word", "write at least two words that mean the same");
    }
    Some(words)
}

fn words(value: &Value<'_, '_>) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    value.list(|item| {
        let word = item.str()?.to_owned();
        if words.contains(&word) {
            return item.reject(format!("{word:?} is in the list already"), "remove one of the two");
        }
        words.push(word);
        Some(())
    })?;
    Some(words)
}

fn one_way(fields: &mut Fields<'_, '_>) -> Option<(String, Vec<String>)> {
    let from = fields.required("from", Value::text);
    let to = fields.required("to", |value| match words(&value)? {
        words if words.is_empty() => value.reject("the list is empty", "write the words it finds"),
        words => Some(words),
    });
    Some((from?, to?))
}

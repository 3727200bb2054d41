//! Content pages: `content/pages/<slug>.md`.

use crate::content::address;
use crate::content::{Context, Parsed, parse_file};
use crate::fields::{Located, Value};
use crate::markdown::Document;
use crate::source::TextFile;

/// A page of text.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) slug: String,
    pub(crate) title: String,
    /// One sentence, also its description for search results.
    pub(crate) summary: String,
    /// Its place in the list of pages; the lower number comes first.
    pub(crate) order: i64,
    /// Old addresses that lead to it.
    pub(crate) aliases: Vec<Located<String>>,
    pub(crate) body: Document,
}

/// Parses one file.
pub(crate) fn parse(file: &TextFile, context: &Context<'_>) -> Parsed<Page> {
    parse_file(file, "a page", |notes, mut fields, parts| {
        let title = fields.required("title", Value::text);
        let summary = fields.required("summary", Value::text);
        let order = fields.optional("order", |value| value.number(0..=1_000_000)).unwrap_or(0);
        let aliases = address::aliases(&mut fields);
        fields.finish();
        let body = context.body(notes, &parts);
        Some(Page { slug: file.stem().to_owned(), title: title?, summary: summary?, order, aliases, body })
    })
}

//! Category files: `content/categories/<path>.md`.

use crate::content::address;
use crate::content::{Context, Parsed, Shown, parse_file};
use crate::fields::{Located, Value};
use crate::markdown::Document;
use crate::source::TextFile;

/// A category of the catalog.
#[derive(Clone, Debug)]
pub(crate) struct Category {
    /// `clothing/knitwear`
    pub(crate) path: String,
    pub(crate) title: String,
    /// Its place among its siblings; the lower number comes first.
    pub(crate) order: i64,
    pub(crate) summary: String,
    pub(crate) image: Option<Shown>,
    /// Old addresses that lead to it.
    pub(crate) aliases: Vec<Located<String>>,
    pub(crate) body: Document,
}

/// Parses one file.
pub(crate) fn parse(file: &TextFile, context: &Context<'_>) -> Parsed<Category> {
    parse_file(file, "a category", |notes, mut fields, parts| {
        let path = file.stem();
        if let Some((parent, _)) = path.rsplit_once('/')
            && context.names.category(parent).is_none()
        {
            let help = format!("add content/categories/{parent}.md, or move the file");
            notes.add(fields.place(), format!("the category above it, {parent:?}, does not exist"), help);
        }
        let title = fields.required("title", Value::text);
        let order = fields.optional("order", |value| value.number(0..=1_000_000)).unwrap_or(0);
        let summary = fields.required("summary", Value::text);
        let image = context.optional_image(&mut fields);
        let aliases = address::aliases(&mut fields);
        fields.finish();
        let body = context.body(notes, &parts);
        Some(Category {
            path: path.to_owned(),
            title: title?,
            order,
            summary: summary?,
            image,
            aliases,
            body,
        })
    })
}

//! Posts of the blog: `content/blog/<slug>.md`.

use crate::content::visibility::{self, Hidden};
use crate::content::{Context, Parsed, Shown, address, parse_file, updated};
use crate::day::Day;
use crate::edition::Prefix;
use crate::fields::{Located, Value};
use crate::markdown::Document;
use crate::source::TextFile;

/// A post of the blog.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    /// What precedes its address in the language of its texts.
    pub(crate) prefix: Prefix,
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) published: Day,
    /// When it was last changed in a way that readers should know of.
    pub(crate) updated: Option<Day>,
    /// Who wrote it; empty if not said.
    pub(crate) author: String,
    pub(crate) image: Option<Shown>,
    /// Why visitors do not see it, if they do not.
    pub(crate) hidden: Option<Hidden>,
    /// Why visitors would not see it, where editors see it all the same.
    pub(crate) mark: Option<String>,
    /// Old addresses that lead to it.
    pub(crate) aliases: Vec<Located<String>>,
    pub(crate) body: Document,
}

impl Post {
    /// Its page.
    pub(crate) fn url(&self) -> String {
        format!("{}/blog/{}/", self.prefix, self.slug)
    }

    /// Shows it to visitors all the same, with a mark that says why they would not see it.
    pub(crate) fn reveal(&mut self) {
        if let Some(hidden) = self.hidden.take() {
            self.mark = Some(hidden.reason.badge());
        }
    }
}

/// Parses one file.
pub(crate) fn parse(file: &TextFile, context: &Context<'_>) -> Parsed<Post> {
    parse_file(file, "a post", |notes, mut fields, parts| {
        let title = fields.required("title", Value::text);
        let summary = fields.required("summary", Value::text);
        let published = fields.required("published", Value::day);
        let updated = updated(notes, &mut fields, published);
        let author = fields.optional("author", Value::text).unwrap_or_default();
        let image = context.optional_image(&mut fields);
        let hidden = visibility::read(notes, &mut fields, context);
        let aliases = address::aliases(&mut fields);
        fields.finish();
        let body = context.body(notes, &parts);
        Some(Post {
            prefix: Prefix::default(),
            slug: file.stem().to_owned(),
            title: title?,
            summary: summary?,
            published: published?,
            updated,
            author,
            image,
            hidden,
            mark: None,
            aliases,
            body,
        })
    })
}

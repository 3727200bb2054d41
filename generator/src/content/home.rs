//! The home page: `content/home.md`.

use crate::content::{Context, Parsed, Shown, parse_file};
use crate::fields::{Fields, Located, Value};
use crate::markdown::InternalLink;
use crate::names::ProductId;
use crate::source::TextFile;

/// What the home page says.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) hero: Feature,
    pub(crate) featured_title: String,
    pub(crate) featured: Vec<Located<ProductId>>,
    pub(crate) story: Feature,
}

/// A picture with words and a link.
#[derive(Clone, Debug)]
pub(crate) struct Feature {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) link: InternalLink,
    pub(crate) link_title: String,
    pub(crate) image: Option<Shown>,
}

/// Parses the file.
pub(crate) fn parse(file: &TextFile, context: &Context<'_>) -> Parsed<Home> {
    parse_file(file, "the home page", |notes, mut fields, parts| {
        let title = fields.required("title", Value::text);
        let description = fields.required("description", Value::text);
        let hero = fields
            .required("hero", |value| value.table("the table [hero]", |fields| feature(fields, context)));
        let featured = fields.required("featured", |value| {
            value.table("the table [featured]", |fields| {
                let title = fields.required("title", Value::text);
                let products = fields.required("products", |value| {
                    value.list(|item| Some(Located { value: context.product(&item)?, span: item.span }))
                });
                Some((title?, products?))
            })
        });
        let story = fields
            .required("story", |value| value.table("the table [story]", |fields| feature(fields, context)));
        fields.finish();
        let body = &file.text[parts.body.clone()];
        if !body.trim().is_empty() {
            let start = parts.body.end - body.trim_start().len();
            let help = "the home page is made of its front matter; move the text to [hero] or [story]";
            notes.add(start..start + 1, "the text below the front matter is shown nowhere", help);
        }
        let (featured_title, featured) = featured?;
        Some(Home {
            title: title?,
            description: description?,
            hero: hero?,
            featured_title,
            featured,
            story: story?,
        })
    })
}

fn feature(fields: &mut Fields<'_, '_>, context: &Context<'_>) -> Option<Feature> {
    let title = fields.required("title", Value::text);
    let text = fields.required("text", Value::text);
    let link = fields.required("link", |value| {
        let target = value.str()?.to_owned();
        if !target.starts_with('/') || target.starts_with("//") {
            let help = "begin it with \"/\", such as \"/category/clothing/\"";
            return value.reject("the link must lead to a page of this site", help);
        }
        Some(InternalLink { target, span: value.span })
    });
    let link_title = fields.required("link_title", Value::text);
    let image = context.optional_image(fields);
    Some(Feature { title: title?, text: text?, link: link?, link_title: link_title?, image })
}

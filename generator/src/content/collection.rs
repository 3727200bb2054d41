//! Collections: `content/collections/<slug>.md`, products chosen by hand or by a rule.

use ipswich_catalog::{Amount, Currency};

use crate::content::address;
use crate::content::{Context, Parsed, Shown, parse_file};
use crate::fields::{Fields, Located, Value};
use crate::markdown::Document;
use crate::names::{CategoryId, ProductId};
use crate::source::TextFile;

/// A shelf of products from all over the catalog.
#[derive(Debug)]
pub(crate) struct Collection {
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    /// Its place among the collections; the lower number comes first.
    pub(crate) order: i64,
    pub(crate) image: Option<Shown>,
    pub(crate) choice: Choice,
    /// Old addresses that lead to it.
    pub(crate) aliases: Vec<Located<String>>,
    pub(crate) body: Document,
}

/// How its products are chosen.
#[derive(Debug)]
pub(crate) enum Choice {
    /// One by one, in this order.
    ByHand(Vec<Located<ProductId>>),
    /// Everything that fits.
    ByRule(Rule),
}

/// What a product must be. It must be all that is given.
#[derive(Debug, Default)]
pub(crate) struct Rule {
    pub(crate) tag: Option<Located<String>>,
    pub(crate) brand: Option<Located<String>>,
    /// In this category or below it.
    pub(crate) category: Option<CategoryId>,
    pub(crate) price_min: Option<Amount>,
    pub(crate) price_max: Option<Amount>,
    /// Attributes by name and value.
    pub(crate) attributes: Vec<(Located<String>, Located<String>)>,
    /// Published at most so many days ago.
    pub(crate) new_days: Option<i64>,
}

impl Collection {
    /// Its first page.
    pub(crate) fn url(&self) -> String {
        format!("/collection/{}/", self.slug)
    }
}

/// Parses one file.
pub(crate) fn parse(file: &TextFile, context: &Context<'_>) -> Parsed<Collection> {
    parse_file(file, "a collection", |notes, mut fields, parts| {
        let title = fields.required("title", Value::text);
        let summary = fields.required("summary", Value::text);
        let order = fields.optional("order", |value| value.number(0..=1_000_000)).unwrap_or(0);
        let image = context.optional_image(&mut fields);
        let aliases = address::aliases(&mut fields);
        let by_rule = fields.has("rule");
        let products = |value: Value<'_, '_>| {
            value.list(|item| Some(Located { value: context.product(&item)?, span: item.span }))
        };
        let choice = match by_rule {
            false => fields.required("products", products).map(Choice::ByHand),
            true => {
                fields.optional("products", |value| -> Option<()> {
                    value.reject(
                        "the products are chosen by the rule already",
                        "remove \"products\" or [rule]",
                    )
                });
                None
            }
        };
        let rule = fields.optional("rule", |value| {
            let (empty, example) = (value.is_empty_table(), value.syntax().set("tag", "\"wool\""));
            let rule = value.table("a rule", |fields| rule(fields, context))?;
            match empty {
                true => value.reject(
                    "the rule fits everything",
                    format!("say what a product must be, such as {example}"),
                ),
                false => Some(rule),
            }
        });
        fields.finish();
        let body = context.body(notes, &parts);
        Some(Collection {
            slug: file.stem().to_owned(),
            title: title?,
            summary: summary?,
            order,
            image,
            choice: choice.or(rule.map(Choice::ByRule))?,
            aliases,
            body,
        })
    })
}

fn rule(fields: &mut Fields<'_, '_>, context: &Context<'_>) -> Option<Rule> {
    let currency: Currency = context.settings.currency;
    let located = |value: Value<'_, '_>| Some(Located { span: value.span.clone(), value: value.text()? });
    let price_min = fields.optional("price_min", |value| value.amount(currency));
    let price_max = fields.optional("price_max", |value| match value.amount(currency)? {
        max if price_min.is_some_and(|min| min > max) => {
            value.reject("no price is that low and that high", "\"price_max\" is not below \"price_min\"")
        }
        max => Some(max),
    });
    Some(Rule {
        tag: fields.optional("tag", located),
        brand: fields.optional("brand", located),
        category: fields.optional("category", |value| context.category(&value)),
        price_min,
        price_max,
        attributes: fields.optional("attribute", Value::pairs).unwrap_or_default(),
        new_days: fields.optional("new_days", |value| value.number(1..=3650)),
    })
}

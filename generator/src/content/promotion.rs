//! Promotions: `content/promotions/<id>.md`, what the shop takes off by itself. The text is the small print.

use ipswich_catalog::promotion::Effect;
use ipswich_catalog::tax::BasisPoints;
use ipswich_catalog::{Amount, Currency};

use crate::content::settings::tax::percent;
use crate::content::{Context, Parsed, parse_file};
use crate::day::Day;
use crate::edition::Edition;
use crate::fields::{Fields, Located, Value};
use crate::markdown::Document;
use crate::messages::texts;
use crate::names::{CategoryId, ProductId};
use crate::problem::did_you_mean;
use crate::source::TextFile;

/// A promotion.
#[derive(Clone, Debug)]
pub(crate) struct Promotion {
    /// The name of its file.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) effect: Effect,
    /// What it applies to; everything if not said.
    pub(crate) scope: Option<Scope>,
    /// What the goods it applies to must cost together.
    pub(crate) minimum: Amount,
    /// The first day, in UTC.
    pub(crate) from: Option<Day>,
    /// The last day, in UTC.
    pub(crate) until: Option<Day>,
    pub(crate) combinable: bool,
    pub(crate) body: Document,
}

/// The goods a promotion applies to: those that any of the lists names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub(crate) products: Vec<ProductId>,
    /// With all below them.
    pub(crate) categories: Vec<CategoryId>,
    pub(crate) brands: Vec<Located<String>>,
    pub(crate) tags: Vec<Located<String>>,
    /// Places in the list of collections.
    pub(crate) collections: Vec<usize>,
}

/// The kinds, as files name them.
const KINDS: [&str; 3] = ["percent", "amount", "free_delivery"];

impl Promotion {
    /// When it is valid, in words; empty without days.
    pub(crate) fn period(&self, edition: &Edition) -> String {
        let words = |day: Day| day.words(edition.locale());
        match (self.from, self.until) {
            (Some(from), Some(until)) if from == until => {
                edition.say(&texts::PROMOTION_ON, &[("day", &words(from))])
            }
            (Some(from), Some(until)) => {
                edition.say(&texts::PROMOTION_BETWEEN, &[("from", &words(from)), ("until", &words(until))])
            }
            (Some(from), None) => edition.say(&texts::PROMOTION_FROM, &[("day", &words(from))]),
            (None, Some(until)) => edition.say(&texts::PROMOTION_UNTIL, &[("day", &words(until))]),
            (None, None) => String::new(),
        }
    }
}

/// Parses one file.
pub(crate) fn parse(file: &TextFile, context: &Context<'_>) -> Parsed<Promotion> {
    parse_file(file, "a promotion", |notes, mut fields, parts| {
        let currency = context.settings.currency;
        let title = fields.required("title", Value::text);
        let effect = effect(&mut fields, context);
        let scope = scope(&mut fields, context);
        let minimum = fields.optional("minimum", |value| more_than_nothing(&value, currency));
        let from = fields.optional("from", Value::day);
        let until = fields.optional("until", |value| {
            let span = value.span.clone();
            let until = value.day()?;
            if from.is_some_and(|from| from > until) {
                notes.add(span, "the promotion ends before it begins", "\"until\" is its last day");
                return None;
            }
            Some(until)
        });
        let combinable = fields.optional("combinable", |value| value.flag()).unwrap_or(false);
        fields.finish();
        let body = context.body(notes, &parts);
        Some(Promotion {
            id: file.stem().to_owned(),
            title: title?,
            effect: effect?,
            scope,
            minimum: minimum.unwrap_or_default(),
            from,
            until,
            combinable,
            body,
        })
    })
}

fn effect(fields: &mut Fields<'_, '_>, context: &Context<'_>) -> Option<Effect> {
    let currency = context.settings.currency;
    let kind = fields.required("kind", |value| {
        let kind = value.str()?;
        if KINDS.contains(&kind) {
            return Some(kind);
        }
        let help = did_you_mean(kind, KINDS, || format!("a promotion is one of {}", KINDS.join(", ")));
        value.reject(format!("there is no kind {kind:?}"), help)
    });
    if kind != Some("free_delivery") {
        fields.optional("delivery", |value| -> Option<()> {
            value.reject("\"delivery\" names what is free", "remove it, or write kind = \"free_delivery\"")
        });
    }
    match kind {
        Some("percent") => fields.required("value", |value| part(&value)).map(Effect::Percent),
        Some("amount") => {
            fields.required("value", |value| more_than_nothing(&value, currency)).map(Effect::Amount)
        }
        Some(_) => {
            fields.optional("value", |value| -> Option<()> {
                value.reject("free delivery has no value", "remove it")
            });
            let methods = fields.optional("delivery", |value| named(&value, |item| method(&item, context)));
            Some(Effect::FreeDelivery(methods.unwrap_or_default()))
        }
        None => {
            // What it should be is not known.
            fields.optional("value", |_| Some(()));
            fields.optional("delivery", |_| Some(()));
            None
        }
    }
}

/// A part of the price, above nothing and up to all of it.
fn part(value: &Value<'_, '_>) -> Option<BasisPoints> {
    const HELP: &str = "write percent, such as \"10\" or \"12.5\"";
    let part = value.parse(percent, HELP)?;
    if part == BasisPoints::ZERO {
        return value.reject("the promotion takes nothing off", HELP);
    }
    Some(part)
}

fn more_than_nothing(value: &Value<'_, '_>, currency: Currency) -> Option<Amount> {
    let amount = value.amount(currency)?;
    if amount.is_zero() {
        return value.reject("the amount is nothing", "write an amount above 0, or remove the key");
    }
    Some(amount)
}

/// A delivery method by its id.
fn method(value: &Value<'_, '_>, context: &Context<'_>) -> Option<String> {
    let id = value.str()?;
    let known = || context.settings.shipping.iter().map(|method| method.id.as_str());
    if known().any(|method| method == id) || !context.settings_are_whole {
        return Some(id.to_owned());
    }
    let help = did_you_mean(id, known(), || {
        format!("content/shop.toml has {}", known().collect::<Vec<_>>().join(", "))
    });
    value.reject(format!("there is no delivery method {id:?}"), help)
}

/// A list that names something: without items it would mean everything.
fn named<'n, 'f, T>(value: &Value<'n, 'f>, read: impl FnMut(Value<'n, 'f>) -> Option<T>) -> Option<Vec<T>> {
    let items = value.list(read)?;
    if value.list_len() == 0 {
        return value.reject("the list names nothing", "name something, or remove the key");
    }
    Some(items)
}

fn scope(fields: &mut Fields<'_, '_>, context: &Context<'_>) -> Option<Scope> {
    const LISTS: [&str; 5] = ["products", "categories", "brands", "tags", "collections"];
    let word = |value: Value<'_, '_>| Some(Located { span: value.span.clone(), value: value.text()? });
    let is_scoped = LISTS.iter().any(|list| fields.has(list));
    let scope = Scope {
        products: list(fields, "products", |item| context.product(&item)),
        categories: list(fields, "categories", |item| context.category(&item)),
        brands: list(fields, "brands", word),
        tags: list(fields, "tags", word),
        collections: list(fields, "collections", |item| context.collection(&item)),
    };
    is_scoped.then_some(scope)
}

fn list<'n, 'f, T>(
    fields: &mut Fields<'n, 'f>,
    key: &'static str,
    read: impl FnMut(Value<'n, 'f>) -> Option<T>,
) -> Vec<T> {
    fields.optional(key, |value| named(&value, read)).unwrap_or_default()
}

//! Product files: `content/products/<slug>.md`.

use std::ops::Range;
use std::sync::OnceLock;

use blake3::Hasher;
use ipswich_catalog::{Amount, Currency, Sku, Slug, StockPolicy};

use crate::content::address;
use crate::content::supply;
use crate::content::variants::{self, ProductOption, Variant};
use crate::content::visibility::{self, Hidden};
use crate::content::{Context, Parsed, Shown, parse_file, updated};
use crate::day::Day;
use crate::edition::Prefix;
use crate::fields::{Located, Notes, Value};
use crate::markdown::Document;
use crate::memory::{Key, key_of};
use crate::names::{CategoryId, ProductId, last_segment};
use crate::problem::did_you_mean;
use crate::source::TextFile;

/// The heaviest parcel, in grams.
const WEIGHT_MAX: i64 = 1_000_000;

/// The most pieces of a SKU that a file can say are there.
const STOCK_MAX: i64 = 1_000_000;

/// Stands for the text of a product.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digest {
    /// Its name and its front matter, which is what other pages and the records of the shop show of it.
    pub(crate) front: Key,
    /// The same with its body.
    pub(crate) whole: Key,
}

impl Digest {
    fn of(file: &TextFile, body: usize) -> Digest {
        let (front, rest) = file.text.split_at(body);
        let mut hasher = Hasher::new();
        hasher.update(&file.name.len().to_le_bytes()).update(file.name.as_bytes()).update(front.as_bytes());
        let front = key_of(&hasher);
        hasher.update(&body.to_le_bytes()).update(rest.as_bytes());
        Digest { front, whole: key_of(&hasher) }
    }
}

/// A product of the catalog.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    /// What precedes its address in the language of its texts.
    pub(crate) prefix: Prefix,
    pub(crate) digest: Digest,
    pub(crate) slug: Slug,
    pub(crate) title: String,
    /// The style number; the SKU that is sold if there are no options.
    pub(crate) sku: Sku,
    pub(crate) brand: Option<Located<String>>,
    pub(crate) tags: Vec<Located<String>>,
    /// The main category.
    pub(crate) category: CategoryId,
    /// All categories it is filed under, the main one first.
    pub(crate) categories: Vec<CategoryId>,
    /// The former price.
    pub(crate) compare_at: Option<Amount>,
    /// The id of its tax class.
    pub(crate) tax: String,
    pub(crate) summary: String,
    pub(crate) published: Day,
    /// When it was last changed in a way that shoppers should know of.
    pub(crate) updated: Option<Day>,
    /// Old addresses that lead to it.
    pub(crate) aliases: Vec<Located<String>>,
    /// Why visitors do not see it, if they do not.
    pub(crate) hidden: Option<Hidden>,
    pub(crate) badges: Vec<String>,
    /// Whether the first badge says that visitors do not see it yet.
    pub(crate) is_marked: bool,
    /// Chosen by hand, with their places in the file.
    pub(crate) related: Vec<Located<ProductId>>,
    pub(crate) seo_title: Option<String>,
    pub(crate) seo_description: Option<String>,
    /// At least one; the first is the one on cards.
    pub(crate) images: Vec<Shown>,
    /// Facts, in the order of the file.
    pub(crate) attributes: Vec<(String, String)>,
    /// Whether it is sold beyond what is there.
    pub(crate) supply: StockPolicy,
    /// In the order shoppers choose; empty for a product that is sold as one SKU.
    pub(crate) options: Vec<ProductOption>,
    /// What is sold; exactly one without options.
    pub(crate) variants: Vec<Variant>,
    pub(crate) body: Document,
    /// The promotions that name it, by their place in the list; [`crate::promotions`] finds them.
    pub(crate) promotions: Vec<usize>,
    /// The text as it was written, with the addresses of its pictures; empty unless it is wanted.
    pub(crate) text: String,
    /// Where each of its SKUs stands in the file, the style number first.
    pub(crate) sku_places: Vec<(Sku, Range<usize>)>,
    /// How long the records of its variants are, in bytes, once that is known.
    pub(crate) record_sizes: OnceLock<Vec<usize>>,
}

impl Product {
    /// Who makes it; empty if not said.
    pub(crate) fn brand_name(&self) -> &str {
        self.brand.as_ref().map_or("", |brand| &brand.value)
    }

    /// Its page.
    pub(crate) fn url(&self) -> String {
        format!("{}/product/{}/", self.prefix, self.slug)
    }

    /// Shows it to visitors all the same, with a badge that says why they would not see it.
    pub(crate) fn reveal(&mut self) {
        if let Some(hidden) = self.hidden.take() {
            self.badges.insert(0, hidden.reason.badge());
            self.is_marked = true;
        }
    }

    /// The lowest price of its variants.
    pub(crate) fn price(&self) -> Amount {
        self.variants.iter().map(|variant| variant.price).min().unwrap_or_default()
    }

    /// Whether its variants have different prices.
    pub(crate) fn price_varies(&self) -> bool {
        self.variants.iter().any(|variant| variant.price != self.price())
    }
}

/// What holds for all variants that do not say otherwise.
pub(crate) struct Base {
    pub(crate) price: Option<Located<Amount>>,
    /// The price that somebody confirmed, against slips of the hand.
    pub(crate) confirmed: Option<Amount>,
    pub(crate) weight: Option<u64>,
    /// Whether pieces are made when they are ordered, so that there is nothing to count.
    pub(crate) is_made: bool,
}

/// Parses one file.
pub(crate) fn parse(file: &TextFile, context: &Context<'_>) -> Parsed<Product> {
    parse_file(file, "a product", |notes, mut fields, parts| {
        let currency = context.settings.currency;
        let slug = Slug::parse(last_segment(file.stem())).ok();
        let title = fields.required("title", Value::text);
        let sku = fields.required("sku", Value::sku);
        let brand = fields.optional("brand", word);
        let category = fields.required("category", |value| context.category(&value));
        let further = fields.optional("categories", |value| value.list(|item| context.category(&item)));
        let price = fields.required("price", |value| positive(value, currency));
        let confirmed = fields.optional("price_confirmed", |value| value.amount(currency));
        let compare_at = fields.optional("compare_at", |value| amount(value, currency));
        let tax = fields.required("tax", |value| tax_class(value, context));
        let weight = fields.required("weight", weight);
        let summary = fields.required("summary", Value::text);
        let published = fields.required("published", Value::day);
        let updated = updated(notes, &mut fields, published);
        let hidden = visibility::read(notes, &mut fields, context);
        let aliases = address::aliases(&mut fields);
        let tags = fields.optional("tags", |value| value.list(word)).unwrap_or_default();
        let badges = fields.optional("badges", |value| value.list(Value::text)).unwrap_or_default();
        let related =
            fields.optional("related", |value| related(value, slug.as_ref(), context)).unwrap_or_default();
        let seo_title = fields.optional("seo_title", Value::text);
        let seo_description = fields.optional("seo_description", Value::text);
        let images = fields.required("images", |value| images(value, context));
        let attributes = fields.optional("attributes", Value::pairs).unwrap_or_default();
        let supply = supply::read(notes, &mut fields);
        let is_made = matches!(supply, StockPolicy::MadeToOrder { .. });
        let base = Base { price, confirmed, weight, is_made };
        let sold = variants::read(notes, &mut fields, context, &base, sku.as_ref(), images.as_deref());
        fields.finish();
        let body = context.body(notes, &parts);
        let sold = sold?;
        check_compare_at(notes, compare_at.as_ref(), &sold.variants);
        let (sku, category) = (sku?, category?);
        let sku_place = (sku.value.clone(), sku.span);
        let others = further.unwrap_or_default().into_iter().filter(|other| *other != category);
        Some(Product {
            prefix: Prefix::default(),
            digest: Digest::of(notes.file(), parts.body.start),
            slug: slug?,
            title: title?,
            sku: sku.value,
            brand,
            tags,
            category,
            categories: std::iter::once(category).chain(others).collect(),
            compare_at: compare_at.map(|amount| amount.value),
            tax: tax?,
            summary: summary?,
            published: published?,
            updated,
            hidden,
            aliases,
            badges,
            is_marked: false,
            related,
            seo_title,
            seo_description,
            images: images?,
            attributes: attributes.into_iter().map(|(key, text)| (key.value, text.value)).collect(),
            supply,
            options: sold.options,
            variants: sold.variants,
            text: context.text(notes, &parts),
            body,
            promotions: Vec::new(),
            sku_places: std::iter::once(sku_place).chain(sold.sku_places).collect(),
            record_sizes: OnceLock::new(),
        })
    })
}

fn word(value: Value<'_, '_>) -> Option<Located<String>> {
    Some(Located { span: value.span.clone(), value: value.text()? })
}

fn amount(value: Value<'_, '_>, currency: Currency) -> Option<Located<Amount>> {
    Some(Located { value: value.amount(currency)?, span: value.span })
}

/// A price, which is more than nothing.
pub(crate) fn positive(value: Value<'_, '_>, currency: Currency) -> Option<Located<Amount>> {
    if value.amount(currency)?.is_zero() {
        return value.reject("the price is nothing", "goods have a price above 0");
    }
    amount(value, currency)
}

/// A weight in grams.
pub(crate) fn weight(value: Value<'_, '_>) -> Option<u64> {
    value.number(0..=WEIGHT_MAX).and_then(|grams| u64::try_from(grams).ok())
}

/// A number of pieces on hand.
pub(crate) fn stock(value: Value<'_, '_>) -> Option<u32> {
    value.number(0..=STOCK_MAX).and_then(|pieces| u32::try_from(pieces).ok())
}

fn tax_class(value: Value<'_, '_>, context: &Context<'_>) -> Option<String> {
    let id = value.str()?;
    let known = || context.settings.tax_classes.iter().map(|class| class.id.as_str());
    // Settings with a mistake may lack the class for that reason.
    if known().any(|class| class == id) || !context.settings_are_whole {
        return Some(id.to_owned());
    }
    let help = did_you_mean(id, known(), || {
        format!("content/shop.toml has {}", known().collect::<Vec<_>>().join(", "))
    });
    value.reject(format!("there is no tax class {id:?}"), help)
}

fn related(
    value: Value<'_, '_>,
    own: Option<&Slug>,
    context: &Context<'_>,
) -> Option<Vec<Located<ProductId>>> {
    let mut seen = Vec::new();
    value.list(|item| {
        let id = context.product(&item)?;
        if own.is_some_and(|own| context.names.product(own.as_str()) == Some(id)) {
            return item.reject("a product is not related to itself", "remove it from the list");
        }
        if seen.contains(&id) {
            return item.reject("this product is in the list already", "remove one of the two");
        }
        seen.push(id);
        Some(Located { value: id, span: item.span })
    })
}

fn images(value: Value<'_, '_>, context: &Context<'_>) -> Option<Vec<Shown>> {
    let images = value.tables("an image", |fields| {
        let picture = fields.required("src", |value| context.picture(&value));
        let alt = fields.required("alt", Value::text);
        Some(Shown { picture: picture?, alt: alt? })
    })?;
    if value.list_len() == 0 {
        let help = format!("add {} with src and alt", value.syntax().tables("images"));
        return value.reject("the product has no picture", help);
    }
    Some(images)
}

/// A former price is higher than every price of today.
fn check_compare_at(notes: &Notes<'_>, compare_at: Option<&Located<Amount>>, variants: &[Variant]) {
    let Some(former) = compare_at else { return };
    if variants.iter().any(|variant| former.value <= variant.price) {
        let help = "\"compare_at\" is the former, higher price; remove it if there is none";
        notes.add(former.span.clone(), "the former price is not above the price", help);
    }
}

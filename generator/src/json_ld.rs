//! Structured data for search engines, in the vocabulary of schema.org. It says what the page says.

mod goods;
mod script;

use std::collections::BTreeMap;

use ipswich_catalog::Amount;
use ipswich_catalog::shipping::{ShippingKind, ShippingMethod};
use ipswich_theme::{Breadcrumb, SafeHtml};
use serde::Serialize;
use serde_json::{Value, json};

use self::goods::Goods;
use crate::catalog::Catalog;
use crate::content::post::Post;
use crate::content::product::Product;
use crate::content::returns::Returns;
use crate::content::variants::Variant;

/// The name of the rules for returns within a page.
const RETURNS: &str = "#returns";

/// The parts as one script text.
pub(crate) fn script(parts: &[Value]) -> SafeHtml {
    script::text(parts)
}

/// The way to a page, the page itself included.
pub(crate) fn breadcrumbs(catalog: &Catalog, steps: &[Breadcrumb], title: &str, url: &str) -> Value {
    let steps = steps.iter().map(|step| (step.title.as_str(), step.url.as_str())).chain([(title, url)]);
    let item = |(index, (title, url)): (usize, (&str, &str))| {
        json!({
            "@type": "ListItem",
            "position": index + 1,
            "name": title,
            "item": catalog.absolute(url),
        })
    };
    json!({
        "@type": "BreadcrumbList",
        "itemListElement": steps.enumerate().map(item).collect::<Vec<_>>(),
    })
}

/// The shop itself. `logo` is an address of this site.
pub(crate) fn organization(catalog: &Catalog, logo: Option<&str>) -> Value {
    let shop = &catalog.settings.shop;
    let mut value = json!({
        "@type": "OnlineStore",
        "@id": catalog.absolute("/#shop"),
        "name": shop.name,
        "url": catalog.absolute(&catalog.edition.page("/")),
        "description": shop.tagline,
        "email": shop.email,
        "telephone": shop.phone,
        "address": shop.address.join(", "),
        "contactPoint": {
            "@type": "ContactPoint",
            "contactType": "customer service",
            "email": shop.email,
            "telephone": shop.phone,
        },
    });
    if let Some(logo) = logo {
        value["logo"] = json!(catalog.absolute(logo));
    }
    if let Some(returns) = &catalog.settings.returns {
        value["hasMerchantReturnPolicy"] = return_policy(catalog, returns);
    }
    value
}

/// How goods can be returned.
fn return_policy(catalog: &Catalog, returns: &Returns) -> Value {
    let countries = catalog.settings.shop.countries.iter().map(|country| &country.code);
    let fees = if returns.free { "FreeReturn" } else { "ReturnFeesCustomerResponsibility" };
    json!({
        "@type": "MerchantReturnPolicy",
        "@id": RETURNS,
        "applicableCountry": countries.collect::<Vec<_>>(),
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": returns.days,
        "returnMethod": "https://schema.org/ReturnByMail",
        "returnFees": format!("https://schema.org/{fees}"),
        "merchantReturnLink": catalog.absolute(&returns.page.target),
    })
}

/// A product or a group of variants, then what its offers refer to (delivery and returns), then the way to it.
pub(crate) fn product(catalog: &Catalog, product: &Product, way: Value) -> SafeHtml {
    let url = catalog.absolute(&product.url());
    let mut seen = BTreeMap::new();
    for variant in &product.variants {
        for (method, rate) in delivery(catalog, variant) {
            seen.entry(delivery_id(method, rate)).or_insert_with(|| shipping_details(catalog, method, rate));
        }
    }
    let returns = catalog.settings.returns.as_ref().map(|returns| return_policy(catalog, returns));
    let others = seen.into_values().chain(returns).chain([way]).map(Part::Other);
    let goods = Part::Goods(Box::new(Goods::of(catalog, product, &url)));
    script::text(&std::iter::once(goods).chain(others).collect::<Vec<_>>())
}

/// A part of what a product page says.
#[derive(Serialize)]
#[serde(untagged)]
enum Part<'p> {
    Goods(Box<Goods<'p>>),
    Other(Value),
}

/// The ways in which one piece of a variant is sent, each with what it costs for that piece.
fn delivery<'c>(
    catalog: &'c Catalog,
    variant: &Variant,
) -> impl Iterator<Item = (&'c ShippingMethod, Amount)> {
    let (price, weight) = (variant.price, variant.weight);
    let serves = move |method: &&ShippingMethod| {
        method.kind == ShippingKind::Delivery
            && method.countries.iter().any(|country| method.serves(country, weight, price))
    };
    let methods = catalog.settings.shop.shipping.iter().filter(serves);
    methods.map(move |method| (method, method.price_for(weight, price)))
}

/// Offers of a page refer to what they have in common.
fn delivery_id(method: &ShippingMethod, rate: Amount) -> String {
    format!("#delivery-{}-{}", method.id, rate.minor())
}

fn shipping_details(catalog: &Catalog, method: &ShippingMethod, rate: Amount) -> Value {
    json!({
        "@type": "OfferShippingDetails",
        "@id": delivery_id(method, rate),
        "shippingLabel": method.title,
        "shippingRate": {
            "@type": "MonetaryAmount",
            "value": catalog.decimal(rate),
            "currency": catalog.settings.shop.currency.code(),
        },
        "shippingDestination": { "@type": "DefinedRegion", "addressCountry": method.countries },
    })
}

/// A post of the blog.
pub(crate) fn post(catalog: &Catalog, post: &Post) -> Value {
    let mut value = json!({
        "@type": "BlogPosting",
        "headline": post.title,
        "inLanguage": catalog.edition.locale().tag(),
        "description": post.summary,
        "datePublished": post.published.to_string(),
        "url": catalog.absolute(&post.url()),
        "publisher": { "@type": "Organization", "name": catalog.settings.shop.name },
    });
    if let Some(day) = post.updated {
        value["dateModified"] = json!(day.to_string());
    }
    if !post.author.is_empty() {
        value["author"] = json!({ "@type": "Person", "name": post.author });
    }
    if let Some(shown) = &post.image {
        value["image"] = json!(catalog.absolute(&catalog.picture(shown.picture).src));
    }
    value
}

/// The property of schema.org for an option, if it has one.
fn property(option: &str) -> Option<&'static str> {
    match option.to_lowercase().as_str() {
        "size" | "größe" => Some("size"),
        "colour" | "color" | "farbe" => Some("color"),
        "material" => Some("material"),
        "pattern" => Some("pattern"),
        _ => None,
    }
}

fn varies_by(option: &str) -> String {
    property(option).map_or_else(|| option.to_owned(), |name| format!("https://schema.org/{name}"))
}

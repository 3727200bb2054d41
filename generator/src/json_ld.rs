//! Structured data for search engines, in the vocabulary of schema.org. It says what the page says.

use std::collections::BTreeMap;

use ipswich_catalog::Amount;
use ipswich_catalog::shipping::{ShippingKind, ShippingMethod};
use ipswich_catalog::tax::Prices;
use ipswich_theme::{Breadcrumb, SafeHtml};
use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::content::post::Post;
use crate::content::product::Product;
use crate::content::returns::Returns;
use crate::content::variants::Variant;

/// The name of the rules for returns within a page.
const RETURNS: &str = "#returns";

/// The parts as one script text. `<` is escaped, so that no text can end the element.
pub(crate) fn script(parts: &[Value]) -> SafeHtml {
    let graph = json!({ "@context": "https://schema.org", "@graph": parts });
    SafeHtml::vouched(
        graph.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"),
    )
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

/// A product or a group of variants, then what its offers refer to: delivery and returns.
pub(crate) fn product(catalog: &Catalog, product: &Product) -> Vec<Value> {
    let mut parts = vec![goods(catalog, product)];
    let mut seen = BTreeMap::new();
    for variant in &product.variants {
        for (method, rate) in delivery(catalog, variant) {
            seen.entry(delivery_id(method, rate)).or_insert_with(|| shipping_details(catalog, method, rate));
        }
    }
    parts.extend(seen.into_values());
    parts.extend(catalog.settings.returns.as_ref().map(|returns| return_policy(catalog, returns)));
    parts
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

fn goods(catalog: &Catalog, product: &Product) -> Value {
    let mut value = json!({
        "name": product.title,
        "description": product.summary,
        "url": catalog.absolute(&product.url()),
        "image": product.images.iter().map(|shown| catalog.absolute(&catalog.picture(shown.picture).src)).collect::<Vec<_>>(),
    });
    if let Some(brand) = &product.brand {
        value["brand"] = json!({ "@type": "Brand", "name": brand.value });
    }
    match product.variants.as_slice() {
        [only] if product.options.is_empty() => {
            value["@type"] = json!("Product");
            value["sku"] = json!(only.sku);
            value["gtin"] = json!(only.gtin);
            drop_empty(&mut value, "gtin");
            value["offers"] = offer(catalog, product, only);
        }
        variants => {
            let names = product.options.iter().map(|option| varies_by(&option.name));
            value["@type"] = json!("ProductGroup");
            value["productGroupID"] = json!(product.sku);
            value["variesBy"] = json!(names.collect::<Vec<_>>());
            let all = variants.iter().map(|variant| self::variant(catalog, product, variant));
            value["hasVariant"] = json!(all.collect::<Vec<_>>());
        }
    }
    value
}

fn variant(catalog: &Catalog, product: &Product, variant: &Variant) -> Value {
    let mut value = json!({
        "@type": "Product",
        "sku": variant.sku,
        "name": format!("{}, {}", product.title, variant.values.join(", ")),
        "offers": offer(catalog, product, variant),
    });
    value["gtin"] = json!(variant.gtin);
    drop_empty(&mut value, "gtin");
    let mut others = Vec::new();
    for (option, chosen) in product.options.iter().zip(&variant.values) {
        match property(&option.name) {
            Some(name) => value[name] = json!(chosen),
            None => others.push(json!({ "@type": "PropertyValue", "name": option.name, "value": chosen })),
        }
    }
    if !others.is_empty() {
        value["additionalProperty"] = json!(others);
    }
    if let Some(shown) = variant.image.and_then(|index| product.images.get(index)) {
        value["image"] = json!(catalog.absolute(&catalog.picture(shown.picture).src));
    }
    value
}

/// Removes a property that has nothing to say.
fn drop_empty(value: &mut Value, name: &str) {
    if let Some(object) = value.as_object_mut().filter(|object| object.get(name).is_some_and(Value::is_null))
    {
        object.remove(name);
    }
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

/// Stock changes without the page, so an offer does not claim that goods are there: it has no `availability`, as the
/// page has none. Who reads the offer has to ask the shop, as the page does by putting the goods into the cart.
fn offer(catalog: &Catalog, product: &Product, variant: &Variant) -> Value {
    let (price, currency) = (catalog.decimal(variant.price), catalog.settings.shop.currency.code());
    let mut value = json!({
        "@type": "Offer",
        "url": catalog.absolute(&product.url()),
        "price": price,
        "priceCurrency": currency,
        "itemCondition": "https://schema.org/NewCondition",
    });
    let reference = |id: String| json!({ "@id": id });
    let delivery = delivery(catalog, variant).map(|(method, rate)| reference(delivery_id(method, rate)));
    let delivery: Vec<Value> = delivery.collect();
    if !delivery.is_empty() {
        value["shippingDetails"] = json!(delivery);
    }
    if catalog.settings.returns.is_some() {
        value["hasMerchantReturnPolicy"] = reference(RETURNS.to_owned());
    }
    let mut prices = Vec::new();
    if let Some(former) = product.compare_at.filter(|former| *former > variant.price) {
        prices.push(json!({
            "@type": "UnitPriceSpecification",
            "priceType": "https://schema.org/StrikethroughPrice",
            "price": catalog.decimal(former),
            "priceCurrency": currency,
        }));
    }
    if catalog.settings.shop.prices == Prices::Net {
        prices.push(json!({
            "@type": "PriceSpecification",
            "price": price,
            "priceCurrency": currency,
            "valueAddedTaxIncluded": false,
        }));
    }
    match prices.len() {
        0 => {}
        1 => value["priceSpecification"] = prices.swap_remove(0),
        _ => value["priceSpecification"] = json!(prices),
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

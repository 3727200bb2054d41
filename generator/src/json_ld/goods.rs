//! A product and its offers, which are on every product page: types that are written straight away, with their fields in
//! the order of their names. Trees of values in between took a tenth of the time of a build.

use ipswich_catalog::Sku;
use ipswich_catalog::tax::Prices;
use serde::{Serialize, Serializer};

use super::{RETURNS, delivery, delivery_id, property, varies_by};
use crate::catalog::Catalog;
use crate::content::product::Product;
use crate::content::variants::Variant;

/// A product, a group of variants, or one of those. What is absent is left out.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Goods<'g> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    additional_property: Vec<PropertyValue<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<Brand<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gtin: Option<&'g str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    has_variant: Vec<Goods<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Images>,
    #[serde(skip_serializing_if = "Option::is_none")]
    material: Option<&'g str>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    offers: Option<Offer<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'g str>,
    #[serde(rename = "productGroupID", skip_serializing_if = "Option::is_none")]
    group: Option<&'g Sku>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<&'g Sku>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'g str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    varies_by: Vec<String>,
}

#[derive(Serialize)]
struct Brand<'g> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'g str,
}

#[derive(Serialize)]
struct PropertyValue<'g> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'g str,
    value: &'g str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Images {
    One(String),
    All(Vec<String>),
}

#[derive(Serialize)]
struct Reference {
    #[serde(rename = "@id")]
    id: String,
}

/// Stock changes without the page, so an offer does not claim that goods are there: it has no `availability`, as the
/// page has none. Who reads the offer has to ask the shop, as the page does by putting the goods into the cart.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offer<'g> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_merchant_return_policy: Option<Reference>,
    item_condition: &'static str,
    price: String,
    price_currency: &'g str,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "one_or_all")]
    price_specification: Vec<PriceSpecification<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shipping_details: Vec<Reference>,
    url: &'g str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PriceSpecification<'g> {
    #[serde(rename = "@type")]
    kind: &'static str,
    price: String,
    price_currency: &'g str,
    #[serde(skip_serializing_if = "Option::is_none")]
    price_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_added_tax_included: Option<bool>,
}

/// One alone is written without a list around it.
fn one_or_all<S: Serializer>(all: &[PriceSpecification<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    match all {
        [only] => only.serialize(serializer),
        all => all.serialize(serializer),
    }
}

impl<'g> Goods<'g> {
    /// What a page says of its product; `url` is the full address of the page.
    pub(super) fn of(catalog: &'g Catalog, product: &'g Product, url: &'g str) -> Goods<'g> {
        let source = |shown: &crate::content::Shown| catalog.absolute(&catalog.picture(shown.picture).src);
        let goods = Goods {
            brand: product.brand.as_ref().map(|brand| Brand { kind: "Brand", name: &brand.value }),
            description: Some(&product.summary),
            image: Some(Images::All(product.images.iter().map(source).collect())),
            name: product.title.clone(),
            url: Some(url),
            ..Goods::default()
        };
        match product.variants.as_slice() {
            [only] if product.options.is_empty() => Goods {
                kind: "Product",
                gtin: only.gtin.as_deref(),
                offers: Some(Offer::of(catalog, product, only, url)),
                sku: Some(&only.sku),
                ..goods
            },
            variants => Goods {
                kind: "ProductGroup",
                has_variant: variants
                    .iter()
                    .map(|variant| Goods::variant(catalog, product, variant, url))
                    .collect(),
                group: Some(&product.sku),
                varies_by: product.options.iter().map(|option| varies_by(&option.name)).collect(),
                ..goods
            },
        }
    }

    fn variant(catalog: &'g Catalog, product: &'g Product, variant: &'g Variant, url: &'g str) -> Goods<'g> {
        let mut goods = Goods {
            kind: "Product",
            gtin: variant.gtin.as_deref(),
            name: format!("{}, {}", product.title, variant.values.join(", ")),
            offers: Some(Offer::of(catalog, product, variant, url)),
            sku: Some(&variant.sku),
            ..Goods::default()
        };
        for (option, value) in product.options.iter().zip(&variant.values) {
            let known = match property(&option.name) {
                Some("size") => &mut goods.size,
                Some("color") => &mut goods.color,
                Some("material") => &mut goods.material,
                Some("pattern") => &mut goods.pattern,
                _ => {
                    let other = PropertyValue { kind: "PropertyValue", name: &option.name, value };
                    goods.additional_property.push(other);
                    continue;
                }
            };
            *known = Some(value);
        }
        let shown = variant.image.and_then(|index| product.images.get(index));
        goods.image = shown.map(|shown| Images::One(catalog.absolute(&catalog.picture(shown.picture).src)));
        goods
    }
}

impl<'g> Offer<'g> {
    fn of(catalog: &'g Catalog, product: &Product, variant: &Variant, url: &'g str) -> Offer<'g> {
        let (price, currency) = (catalog.decimal(variant.price), catalog.settings.shop.currency.code());
        let mut prices = Vec::new();
        if let Some(former) = product.compare_at.filter(|former| *former > variant.price) {
            prices.push(PriceSpecification {
                kind: "UnitPriceSpecification",
                price: catalog.decimal(former),
                price_currency: currency,
                price_type: Some("https://schema.org/StrikethroughPrice"),
                value_added_tax_included: None,
            });
        }
        if catalog.settings.shop.prices == Prices::Net {
            prices.push(PriceSpecification {
                kind: "PriceSpecification",
                price: price.clone(),
                price_currency: currency,
                price_type: None,
                value_added_tax_included: Some(false),
            });
        }
        let delivery = delivery(catalog, variant);
        Offer {
            kind: "Offer",
            has_merchant_return_policy: catalog
                .settings
                .returns
                .as_ref()
                .map(|_| Reference { id: RETURNS.to_owned() }),
            item_condition: "https://schema.org/NewCondition",
            price,
            price_currency: currency,
            price_specification: prices,
            shipping_details: delivery
                .map(|(method, rate)| Reference { id: delivery_id(method, rate) })
                .collect(),
            url,
        }
    }
}

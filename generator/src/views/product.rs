//! The view of a product.

use ipswich_theme::pages::{DeliveryNote, OptionView, ProductPage, ReturnNote, VariantView};
use ipswich_theme::{Meta, PageType};

use super::{Views, trail};
use crate::catalog::Catalog;
use crate::content::product::Product;
use crate::json_ld;
use crate::lists::Term;
use crate::names::ProductId;
use crate::twins;

/// Makes the view.
pub(crate) fn product_page(views: &Views<'_>, id: ProductId) -> ProductPage {
    let catalog = views.catalog;
    let product = catalog.product(id);
    let images: Vec<_> = product.images.iter().map(|shown| views.image(shown)).collect();
    let breadcrumbs = trail(catalog, Some(product.category));
    let mut json_ld = json_ld::product(catalog, product);
    json_ld.push(json_ld::breadcrumbs(catalog, &breadcrumbs, &product.title, &product.url()));
    ProductPage {
        meta: Meta {
            title: product.seo_title.clone().unwrap_or_else(|| product.title.clone()),
            description: product.seo_description.clone().unwrap_or_else(|| product.summary.clone()),
            canonical: Some(product.url()),
            page_type: PageType::Product,
            image: views.preview(product.images.first()),
            properties: vec![
                ("product:price:amount", catalog.decimal(product.price())),
                ("product:price:currency", catalog.settings.shop.currency.code().to_owned()),
            ],
            alternates: twins::alternates(catalog, product),
            json_ld: Some(json_ld::script(&json_ld)),
            ..Meta::default()
        },
        breadcrumbs,
        title: product.title.clone(),
        brand: product.brand_name().to_owned(),
        brand_url: product.brand.as_ref().map(|brand| Term::Brand.url(&brand.value)),
        tags: product.tags.iter().map(|tag| (tag.value.clone(), Term::Tag.url(&tag.value))).collect(),
        summary: product.summary.clone(),
        badges: product.badges.clone(),
        images,
        price: product.price().minor(),
        price_varies: product.price_varies(),
        compare_at: product.compare_at.map(|amount| amount.minor()),
        tax_note: tax_note(catalog, product),
        options: options(product),
        variants: variants(product),
        body: product.body.html.clone(),
        attributes: product.attributes.clone(),
        delivery: delivery(catalog, product),
        returns: catalog.settings.returns.as_ref().map(|returns| ReturnNote {
            days: returns.days,
            free: returns.free,
            url: returns.page.target.clone(),
        }),
        related: views.cards(&catalog.related(id, catalog.settings.related_products)),
    }
}

/// What the price says about tax.
pub(crate) fn tax_note(catalog: &Catalog, product: &Product) -> String {
    match catalog.settings.shop.tax_rate(&product.tax) {
        Some(rate) if rate.get() > 0 => format!("Includes VAT at {rate}"),
        _ => "No VAT is charged on this".to_owned(),
    }
}

fn options(product: &Product) -> Vec<OptionView> {
    let view = |option: &crate::content::variants::ProductOption| OptionView {
        name: option.name.clone(),
        values: option.values.clone(),
    };
    product.options.iter().map(view).collect()
}

/// With one option, the variant on the first picture is chosen if it is the only one there. Nobody's size is guessed.
fn variants(product: &Product) -> Vec<VariantView> {
    let pictured = product.variants.iter().filter(|variant| variant.image == Some(0)).count();
    let one_is_obvious = product.options.len() == 1 && pictured == 1;
    let view = |variant: &crate::content::variants::Variant| VariantView {
        sku: variant.sku.to_string(),
        label: variant.values.join(", "),
        values: variant.values.clone(),
        price: variant.price.minor(),
        image_index: variant.image,
        chosen: one_is_obvious && variant.image == Some(0),
    };
    product.variants.iter().map(view).collect()
}

/// The methods that take at least one of the variants.
pub(crate) fn delivery(catalog: &Catalog, product: &Product) -> Vec<DeliveryNote> {
    let takes = |method: &&ipswich_catalog::shipping::ShippingMethod| {
        let serves = |weight| method.countries.iter().any(|country| method.serves(country, weight));
        product.variants.iter().any(|variant| serves(variant.weight))
    };
    let methods = catalog.settings.shop.shipping.iter().filter(takes);
    methods
        .map(|method| DeliveryNote {
            title: method.title.clone(),
            note: method.note.clone(),
            price: method.price.minor(),
            free_from: method.free_from.map(|amount| amount.minor()),
        })
        .collect()
}

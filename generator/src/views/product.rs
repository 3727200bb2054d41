//! The view of a product.

use blake3::Hasher;
use ipswich_catalog::shipping::ShippingMethod;
use ipswich_catalog::tax::Prices;
use ipswich_catalog::{Amount, StockPolicy};
use ipswich_theme::pages::{DeliveryNote, OptionView, ProductPage, PromotionNote, ReturnNote, VariantView};
use ipswich_theme::{Meta, PageType};

use super::{Views, trail};
use crate::catalog::Catalog;
use crate::content::product::Product;
use crate::content::promotion::Promotion;
use crate::content::variants::Variant;
use crate::json_ld;
use crate::lists::Term;
use crate::memory::{Key, NO_KEY, key_of};
use crate::messages::texts;
use crate::names::ProductId;
use crate::twins;

/// Stands for what the page shows: the world, the text of the product, and the front matter of those related to it.
/// Whoever shows another product on the page adds it here.
pub(crate) fn product_quick_key(catalog: &Catalog, id: ProductId) -> Key {
    let Some(world) = catalog.world else { return NO_KEY };
    let product = catalog.product(id);
    let mut hasher = Hasher::new();
    hasher.update(b"page").update(&world).update(&product.digest.whole);
    for id in catalog.related(id, catalog.settings.related_products) {
        hasher.update(&catalog.product(id).digest.front);
    }
    key_of(&hasher)
}

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
            languages: catalog.edition.alternates(&product.url()),
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
        brand_url: product.brand.as_ref().map(|brand| catalog.edition.page(&Term::Brand.url(&brand.value))),
        tags: product.tags.iter().map(|tag| catalog.tag(&tag.value)).collect(),
        summary: product.summary.clone(),
        badges: product.badges.clone(),
        images,
        price: product.price().minor(),
        price_varies: product.price_varies(),
        compare_at: product.compare_at.map(|amount| amount.minor()),
        tax_note: tax_note(catalog, product),
        promotions: promotions(catalog, product),
        lead_days: product.supply.lead_days(),
        is_made: matches!(product.supply, StockPolicy::MadeToOrder { .. }),
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
    let shop = &catalog.settings.shop;
    let percent = |rate| catalog.edition.locale().percent(rate);
    match shop.tax_rate(&product.tax) {
        Some(rate) if rate.get() > 0 && shop.prices == Prices::Net => {
            let gross = shop.money_format().format(catalog.gross(product.price(), &product.tax));
            catalog.edition.say(&texts::TAX_ADDED, &[("gross", &gross), ("rate", &percent(rate))])
        }
        Some(rate) if rate.get() > 0 => {
            catalog.edition.say(&texts::TAX_INCLUDED, &[("rate", &percent(rate))])
        }
        _ => catalog.edition.say(&texts::TAX_NONE, &[]),
    }
}

fn promotions(catalog: &Catalog, product: &Product) -> Vec<PromotionNote> {
    let note = |promotion: &Promotion| PromotionNote {
        title: promotion.title.clone(),
        period: promotion.period(&catalog.edition),
        terms: promotion.body.html.clone(),
    };
    catalog.promotions_of(product).into_iter().map(note).collect()
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

/// The methods that take one piece of at least one of the variants, or several where an order must be dearer. The
/// price is that of the lightest piece they take.
pub(crate) fn delivery(catalog: &Catalog, product: &Product) -> Vec<DeliveryNote> {
    let note = |method: &ShippingMethod| {
        let takes = |variant: &&Variant| {
            let worth = variant.price.max(method.subtotal_min);
            method.countries.iter().any(|country| method.serves(country, variant.weight, worth))
        };
        let lightest = product.variants.iter().filter(takes).map(|variant| variant.weight).min()?;
        let zones = catalog.settings.zones.get(&method.id).map_or_else(String::new, |zones| zones.join(", "));
        Some(DeliveryNote {
            title: if zones.is_empty() {
                method.title.clone()
            } else {
                format!("{} ({zones})", method.title)
            },
            note: method.note.clone(),
            price: method.price_for(lightest, Amount::ZERO).minor(),
            free_from: method.free_from.map(|amount| amount.minor()),
        })
    };
    catalog.settings.shop.shipping.iter().filter_map(note).collect()
}

//! From a checkout to what its page shows. Pure.

use ipswich_catalog::Messages;
use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::tax::Prices;

use crate::basket::Basket;
use crate::cart_view::{goods_line_view, promotion_lines, tax_lines};
use crate::checkout::{Offline, Typed, methods, payments};
use crate::coupon_view::Speaker;
use crate::pricing::{Goods, PricingError, Way};
use crate::respond::{meta, notice};
use crate::session::Customer;
use crate::texts;
use crate::token::Id;
use crate::views::{CheckoutPage, Choice, DeliveryChoice, Field, FieldError, Notice, NoticeKind};

/// Everything the page is made of.
pub(crate) struct CheckoutState<'a> {
    pub(crate) key: &'a Id,
    pub(crate) basket: &'a Basket,
    pub(crate) typed: Typed,
    pub(crate) goods: &'a Goods,
    pub(crate) errors: Vec<FieldError>,
    pub(crate) notices: Vec<Notice>,
    /// In Unix seconds.
    pub(crate) now: i64,
}

/// The form as it is first shown: with what we know, and the first of each choice.
pub(crate) fn fresh(customer: Option<&Customer>, goods: &Goods, settings: &ShopSettings) -> Typed {
    let country = settings.home_country().to_owned();
    let methods = methods(settings, goods, &country);
    let payment = payments(settings, &methods).first().copied();
    Typed {
        email: customer.map_or_else(String::new, |customer| customer.email().to_owned()),
        name: customer.map_or_else(String::new, |customer| customer.name().to_owned()),
        delivery: methods.first().map_or_else(String::new, |method| method.id.clone()),
        payment: payment.map_or_else(String::new, |payment| payment.as_str().to_owned()),
        country,
        ..Typed::default()
    }
}

/// The page.
pub(crate) fn checkout_page(
    state: CheckoutState<'_>,
    settings: &ShopSettings,
    messages: &Messages,
) -> Result<CheckoutPage, PricingError> {
    let CheckoutState { key, basket, typed, goods, errors, mut notices, now } = state;
    let coupons = basket.usable_coupons(now);
    let methods = methods(settings, goods, &typed.country);
    if methods.is_empty() {
        notices.push(notice(NoticeKind::Warning, messages.say(&texts::NO_DELIVERY, &[])));
    }
    let payment = payments(settings, &methods)
        .into_iter()
        .map(|way| payment_choice(way, &typed, settings, messages))
        .collect();
    let mut delivery = Vec::with_capacity(methods.len());
    let mut chosen =
        goods.quote(Way { method: None, country: &typed.country, now, coupons: &coupons }, settings)?;
    for method in methods {
        let way = Way { method: Some(method), country: &typed.country, now, coupons: &coupons };
        let quote = goods.quote(way, settings)?;
        delivery.push(DeliveryChoice {
            id: method.id.clone(),
            title: method.title.clone(),
            note: method.note.clone(),
            price: quote.shipping.minor(),
            promotions: promotion_lines(&quote.promotions),
            taxes: tax_lines(&quote.taxes),
            total: quote.total.minor(),
            chosen: method.id == typed.delivery,
        });
        if method.id == typed.delivery {
            chosen = quote;
        }
    }
    let mut idle = Speaker { settings, messages, now }.views(basket, Some(goods), Some(&chosen));
    idle.retain(|coupon| !coupon.applied);
    let of = |name: &str| errors.iter().find(|error| error.field == name).map(|error| error.message.clone());
    let field = |name: &str, value: String| Field { error: of(name), value };
    let country = |country: &ipswich_catalog::settings::Country| Choice {
        chosen: country.code == typed.country,
        value: country.code.clone(),
        title: country.name.clone(),
        note: String::new(),
    };
    Ok(CheckoutPage {
        meta: meta(&messages.say(&texts::TITLE_CHECKOUT, &[])),
        notices,
        key: key.as_str().to_owned(),
        idle_coupons: idle,
        signed_in: basket.owner.as_ref().map(|customer| customer.email().to_owned()),
        countries: settings.countries.iter().map(country).collect(),
        email: field("email", typed.email),
        name: field("name", typed.name),
        line1: field("line1", typed.line1),
        line2: field("line2", typed.line2),
        city: field("city", typed.city),
        postcode: field("postcode", typed.postcode),
        phone: field("phone", typed.phone),
        note: field("note", typed.note),
        delivery,
        delivery_error: of("delivery"),
        payment,
        payment_error: of("payment"),
        lines: goods.lines.iter().map(goods_line_view).collect(),
        subtotal: goods.subtotal.minor(),
        tax_added: settings.prices == Prices::Net,
        term_days: settings.offline.term_days,
        errors,
    })
}

fn payment_choice(way: Offline, typed: &Typed, settings: &ShopSettings, messages: &Messages) -> Choice {
    let note = match way {
        Offline::Transfer => {
            messages.count(&texts::PAY_TRANSFER_NOTE, u64::from(settings.offline.term_days), &[])
        }
        Offline::OnCollection => messages.say(&texts::PAY_ON_COLLECTION_NOTE, &[]),
    };
    Choice {
        value: way.as_str().to_owned(),
        title: messages.say(way.text(), &[]),
        note,
        chosen: way.as_str() == typed.payment,
    }
}

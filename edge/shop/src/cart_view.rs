//! From a cart to what its page shows. Pure.

use std::collections::BTreeMap;

use ipswich_catalog::published::SkuRecord;
use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::shipping::ShippingKind;
use ipswich_catalog::{Amount, Messages, Quantity, Sku};
use ipswich_theme::Image;

use crate::basket::Basket;
use crate::cart::Cart;
use crate::pricing::{Goods, GoodsLine};
use crate::respond::{meta, notice};
use crate::texts;
use crate::views::{CartPage, DeliveryEstimate, LineView, Notice, NoticeKind};

/// The lines that are still sold, ready to be priced.
pub(crate) fn items(cart: &Cart, records: &BTreeMap<Sku, SkuRecord>) -> Vec<(Sku, SkuRecord, Quantity)> {
    let item = |line: &crate::cart::CartLine| {
        records.get(&line.sku).map(|record| (line.sku.clone(), record.clone(), line.qty))
    };
    cart.lines().iter().filter_map(item).collect()
}

/// The cart page. A cart that has no price (one beyond all limits) shows its lines and cannot be checked out.
pub(crate) fn cart_page(
    basket: &Basket,
    records: &BTreeMap<Sku, SkuRecord>,
    settings: &ShopSettings,
    messages: &Messages,
    mut notices: Vec<Notice>,
) -> CartPage {
    if !basket.knows_stock() {
        let text = "We cannot check at the moment whether everything is in stock. Your cart is safe; checkout will be back shortly.";
        notices.push(notice(NoticeKind::Warning, text));
    }
    let lines: Vec<LineView> = basket
        .cart
        .iter()
        .flat_map(Cart::lines)
        .map(|line| line_view(basket, line, records.get(&line.sku), messages))
        .collect();
    let goods = basket.cart.as_ref().and_then(|cart| Goods::price(items(cart, records), settings).ok());
    if goods.is_none() && !lines.is_empty() {
        notices.push(notice(NoticeKind::Warning, messages.say(&texts::CART_TOO_MUCH, &[])));
    }
    let subtotal = goods.as_ref().map_or(Amount::ZERO, |goods| goods.subtotal);
    let delivery = goods.as_ref().and_then(|goods| estimate(goods, settings));
    let total = delivery.as_ref().map_or(0, |delivery| delivery.price).saturating_add(subtotal.minor());
    let can_check_out =
        goods.is_some() && !lines.is_empty() && lines.iter().all(|line| line.problem.is_none());
    CartPage {
        meta: meta(&messages.say(&texts::TITLE_CART, &[])),
        notices,
        pieces: basket.cart.as_ref().map_or(0, Cart::pieces),
        lines,
        subtotal: subtotal.minor(),
        delivery,
        // The page formats what is within the limits only.
        total: total.min(ipswich_catalog::amount::AMOUNT_MAX_MINOR),
        tax_included: goods.as_ref().map_or(0, |goods| goods.tax_included.minor()),
        can_check_out,
    }
}

fn line_view(
    basket: &Basket,
    line: &crate::cart::CartLine,
    record: Option<&SkuRecord>,
    messages: &Messages,
) -> LineView {
    let Some(record) = record else {
        return LineView {
            sku: line.sku.to_string(),
            title: line.sku.to_string(),
            options: String::new(),
            url: None,
            image: None,
            unit: 0,
            quantity: line.qty.get(),
            total: 0,
            problem: Some(messages.say(&texts::LINE_GONE, &[])),
        };
    };
    let problem = if basket.knows_stock() {
        shortage(line.qty, basket.available(&line.sku, record.opening_stock), messages)
    } else {
        None
    };
    LineView {
        sku: line.sku.to_string(),
        title: record.title.clone(),
        options: record.options_text(),
        url: Some(record.url.clone()),
        image: record.image.as_ref().map(Image::from),
        unit: record.unit.minor(),
        quantity: line.qty.get(),
        total: record.unit.checked_mul(line.qty.get()).map_or(0, Amount::minor),
        problem,
    }
}

/// What to say if there is less than wanted.
fn shortage(wanted: Quantity, available: i64, messages: &Messages) -> Option<String> {
    if i64::from(wanted.get()) <= available {
        None
    } else {
        match u64::try_from(available) {
            Ok(left @ 1..) => Some(messages.count(&texts::LINE_LEFT, left, &[])),
            _ => Some(messages.say(&texts::LINE_SOLD_OUT, &[])),
        }
    }
}

/// A priced line, where there is nothing to complain about.
pub(crate) fn goods_line_view(line: &GoodsLine) -> LineView {
    LineView {
        sku: line.sku.to_string(),
        title: line.record.title.clone(),
        options: line.record.options_text(),
        url: Some(line.record.url.clone()),
        image: line.record.image.as_ref().map(Image::from),
        unit: line.record.unit.minor(),
        quantity: line.quantity.get(),
        total: line.total.minor(),
        problem: None,
    }
}

/// The cheapest way to have the goods sent to the first country of the list.
fn estimate(goods: &Goods, settings: &ShopSettings) -> Option<DeliveryEstimate> {
    let country = settings.countries.first()?;
    let sent = |method: &&ipswich_catalog::shipping::ShippingMethod| {
        method.kind == ShippingKind::Delivery && method.serves(&country.code, goods.weight)
    };
    let method =
        settings.shipping.iter().filter(sent).min_by_key(|method| method.price_for(goods.subtotal))?;
    let limit = method.free_from.map(Amount::minor).filter(|limit| *limit > 0);
    let free_gap = limit.map(|limit| limit.saturating_sub(goods.subtotal.minor())).filter(|gap| *gap > 0);
    let percent = limit.and_then(|limit| goods.subtotal.minor().saturating_mul(100).checked_div(limit));
    Some(DeliveryEstimate {
        title: method.title.clone(),
        price: method.price_for(goods.subtotal).minor(),
        free_gap,
        free_percent: percent.map_or(0, |percent| u32::try_from(percent.clamp(0, 100)).unwrap_or(0)),
    })
}

//! From a cart to what its page shows. Pure.

use std::collections::BTreeMap;

use ipswich_catalog::published::SkuRecord;
use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::shipping::{ShippingKind, ShippingMethod};
use ipswich_catalog::{Amount, Messages, Quantity, Sku};
use ipswich_theme::Image;

use crate::basket::Basket;
use crate::cart::Cart;
use crate::order_view::later;
use crate::pricing::{Applied, Goods, GoodsLine, Quote, TaxShare, Way};
use crate::respond::{meta, notice};
use crate::texts;
use crate::views::{CartPage, DeliveryEstimate, LineView, Notice, NoticeKind, PromotionLine, TaxLine};

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
    now: i64,
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
    let estimate = goods.as_ref().and_then(|goods| estimate(goods, settings, now));
    if estimate.is_none() && !lines.is_empty() {
        notices.push(notice(NoticeKind::Warning, messages.say(&texts::CART_TOO_MUCH, &[])));
    }
    let can_check_out =
        estimate.is_some() && !lines.is_empty() && lines.iter().all(|line| line.problem.is_none());
    CartPage {
        meta: meta(&messages.say(&texts::TITLE_CART, &[])),
        notices,
        pieces: basket.cart.as_ref().map_or(0, Cart::pieces),
        lines,
        subtotal: estimate.as_ref().map_or(0, |(quote, _)| quote.subtotal.minor()),
        promotions: estimate.as_ref().map_or(vec![], |(quote, _)| promotion_lines(&quote.promotions)),
        total: estimate.as_ref().map_or(0, |(quote, _)| quote.total.minor()),
        taxes: estimate.as_ref().map_or(vec![], |(quote, _)| tax_lines(&quote.taxes)),
        tax_added: estimate.as_ref().is_some_and(|(quote, _)| !quote.tax.is_zero()),
        delivery: estimate.and_then(|(_, delivery)| delivery),
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
            discount: 0,
            later: None,
            problem: Some(messages.say(&texts::LINE_GONE, &[])),
        };
    };
    let problem = if basket.knows_stock() {
        shortage(line.qty, basket.available(&line.sku, record), messages)
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
        discount: 0,
        later: basket.wait(&line.sku, record, line.qty).map(|days| later(days, messages)),
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
        discount: 0,
        later: None,
        problem: None,
    }
}

/// Promotions in the order they were applied.
pub(crate) fn promotion_lines(applied: &[Applied]) -> Vec<PromotionLine> {
    let line = |applied: &Applied| PromotionLine {
        title: applied.title.clone(),
        discount: applied.discount.minor(),
    };
    applied.iter().map(line).collect()
}

/// Tax by rate. Rates that cost nothing are not worth a line.
pub(crate) fn tax_lines(shares: &[TaxShare]) -> Vec<TaxLine> {
    let with_tax = shares.iter().filter(|share| !share.tax.is_zero());
    with_tax.map(|share| TaxLine { title: share.title.clone(), tax: share.tax.minor() }).collect()
}

/// The cheapest way to have the goods sent in the shop's own country; without a delivery where there is none.
fn estimate(goods: &Goods, settings: &ShopSettings, now: i64) -> Option<(Quote, Option<DeliveryEstimate>)> {
    let country = settings.home_country();
    let quote = |method| goods.quote(Way { method, country, now }, settings).ok();
    let sent = |method: &&ShippingMethod| {
        method.kind == ShippingKind::Delivery && method.serves(country, goods.weight, goods.subtotal)
    };
    let ways =
        settings.shipping.iter().filter(sent).filter_map(|method| Some((quote(Some(method))?, method)));
    let Some((quote, method)) = ways.min_by_key(|(quote, _)| quote.total) else {
        return Some((quote(None)?, None));
    };
    let limit = method.free_from.map(Amount::minor).filter(|limit| *limit > 0);
    let worth = goods.subtotal.minor().saturating_sub(quote.discount.minor());
    let gap = limit.map(|limit| limit.saturating_sub(worth));
    let percent = limit.and_then(|limit| worth.saturating_mul(100).checked_div(limit));
    let delivery = DeliveryEstimate {
        title: method.title.clone(),
        price: quote.shipping.minor(),
        free_gap: gap.filter(|gap| *gap > 0 && !quote.shipping.is_zero()),
        free_percent: percent.map_or(0, |percent| u32::try_from(percent.clamp(0, 100)).unwrap_or(0)),
    };
    Some((quote, Some(delivery)))
}

//! From an order to what customers, staff and mails see of it.

use ipswich_catalog::Sku;
use ipswich_catalog::settings::ShopSettings;
use ipswich_theme::Image;

use crate::checkout::Offline;
use crate::error::Error;
use crate::order::{Actor, Event, EventKind, Order, OrderLine, OrderPromotion, State, Summary};
use crate::release::Release;
use crate::views::{
    HistoryView, LineView, OrderRowView, OrderView, PromotionLine, ShipmentView, Step, TaxLine,
};

/// The order in full. Links and pictures come from the release and are left out for what is no longer sold.
pub(crate) async fn order_view(order: &Order, release: &Release) -> Result<OrderView, Error> {
    let skus: Vec<Sku> = order.lines.iter().filter_map(|line| Sku::parse(&line.sku).ok()).collect();
    let records = release.skus(&skus).await?;
    let line = |line: &OrderLine| {
        let record = Sku::parse(&line.sku).ok().and_then(|sku| records.get(&sku));
        LineView {
            sku: line.sku.clone(),
            title: line.title.clone(),
            options: line.options.clone(),
            url: record.map(|record| record.url.clone()),
            image: record.and_then(|record| record.image.as_ref()).map(Image::from),
            unit: line.unit.minor(),
            quantity: line.quantity,
            total: line.unit.minor().saturating_mul(i64::from(line.quantity)),
            discount: line.discount.minor(),
            problem: None,
        }
    };
    let settings = release.settings();
    let pending = order.state == State::Pending;
    let transfer = pending && order.offline == Some(Offline::Transfer);
    let shipment = order.shipment.as_ref();
    Ok(OrderView {
        number: order.number.clone(),
        url: format!("/order/{}/", order.id.as_str()),
        placed_at: order.placed_at,
        state: order.state.as_str().to_owned(),
        state_title: state_title(order).to_owned(),
        state_sentence: sentence(order, settings),
        steps: steps(order),
        lines: order.lines.iter().map(line).collect(),
        subtotal: order.subtotal.minor(),
        discount: order.discount.minor(),
        promotions: order.promotions.iter().map(promotion).collect(),
        shipping_title: order.shipping_title.clone(),
        shipping: order.shipping.minor(),
        taxes: taxes(order),
        tax_added: !order.tax.is_zero(),
        total: order.total.minor(),
        email: order.email.clone(),
        address: address(order, settings),
        phone: order.phone.clone(),
        note: order.note.clone(),
        collection: order.collection,
        payment_title: payment_title(order).to_owned(),
        bank: if transfer { settings.offline.bank.clone() } else { vec![] },
        pay_by: pending.then_some(order.expires_at),
        shipment: shipment.map(|shipment| ShipmentView {
            carrier: shipment.carrier.clone(),
            tracking: shipment.tracking.clone(),
            at: shipment.at,
        }),
    })
}

/// The order in a list; `url` is its page for whoever sees the list.
pub(crate) fn row_view(order: &Summary, url: String) -> OrderRowView {
    OrderRowView {
        number: order.number.clone(),
        url,
        placed_at: order.placed_at,
        state: order.state.as_str().to_owned(),
        state_title: order.state.title(order.collection).to_owned(),
        pieces: order.pieces,
        total: order.total.minor(),
        customer: order.name.clone(),
        shipping_title: order.shipping_title.clone(),
    }
}

/// The history for staff.
pub(crate) fn history(order: &Order) -> Vec<HistoryView> {
    order.events.iter().map(|event| history_view(event, order.collection)).collect()
}

fn history_view(event: &Event, collection: bool) -> HistoryView {
    let detail = event.detail.as_str();
    let what = match event.kind {
        EventKind::Placed => "Order placed.".to_owned(),
        EventKind::Became(State::Paid) if detail.is_empty() => "Nothing to pay.".to_owned(),
        EventKind::Became(State::Paid) => format!("Marked as paid, receipt {detail}."),
        EventKind::Became(State::Fulfilled) if collection => "Goods handed over.".to_owned(),
        EventKind::Became(State::Fulfilled) if detail.is_empty() => "Goods sent.".to_owned(),
        EventKind::Became(State::Fulfilled) => format!("Goods sent: {detail}."),
        EventKind::Became(State::Expired) => "Not paid in time. The goods are for sale again.".to_owned(),
        EventKind::Became(State::Cancelled) => "Cancelled. The goods are for sale again.".to_owned(),
        EventKind::Became(State::Refunded) => "Refunded.".to_owned(),
        EventKind::Became(State::Pending) => "Awaiting payment.".to_owned(),
    };
    let actor = match &event.actor {
        Actor::Customer => "Customer".to_owned(),
        Actor::Staff(name) => name.clone(),
        Actor::Shop => "Shop".to_owned(),
    };
    HistoryView { at: event.at, actor, what }
}

fn state_title(order: &Order) -> &'static str {
    match (order.state, order.offline) {
        (State::Pending, Some(Offline::OnCollection)) => "Held for you",
        (state, _) => state.title(order.collection),
    }
}

fn payment_title(order: &Order) -> &'static str {
    match order.offline {
        _ if order.total.is_zero() => "Nothing to pay",
        Some(offline) => offline.title(),
        None => "Card",
    }
}

fn sentence(order: &Order, settings: &ShopSettings) -> String {
    let text = match (order.state, order.offline, order.collection) {
        (State::Pending, Some(Offline::OnCollection), _) => {
            return format!(
                "Your goods are held in the shop. Pay when you collect them within {} days.",
                settings.offline.term_days
            );
        }
        (State::Pending, _, true) => {
            "As soon as your payment has arrived, we get your goods ready to be collected."
        }
        (State::Pending, _, false) => {
            "As soon as your payment has arrived, we pack your goods and send them."
        }
        (State::Paid, _, true) => "Thank you for your payment. Your goods are ready to be collected.",
        (State::Paid, _, false) => "Thank you for your payment. We are packing your goods.",
        (State::Fulfilled, _, true) => "You have collected your goods. Enjoy them.",
        (State::Fulfilled, _, false) => "Your goods are on their way.",
        (State::Expired, _, _) => {
            "No payment arrived in time, so we no longer hold the goods. You are welcome to order again."
        }
        (State::Cancelled, _, _) => "This order was cancelled. There is nothing to pay.",
        (State::Refunded, _, _) => "Your money is on its way back to you.",
    };
    text.to_owned()
}

fn steps(order: &Order) -> Vec<Step> {
    let last = if order.collection { "Collected" } else { "Sent" };
    let placed = ("Received", Some(order.placed_at));
    let reached = |state| order.reached(state);
    let ways: Vec<(&str, Option<i64>)> = match order.state {
        State::Expired => vec![placed, ("Expired", reached(State::Expired))],
        State::Cancelled => vec![placed, ("Cancelled", reached(State::Cancelled))],
        State::Refunded => {
            vec![placed, ("Paid", reached(State::Paid)), ("Refunded", reached(State::Refunded))]
        }
        State::Pending | State::Paid | State::Fulfilled => {
            vec![placed, ("Paid", reached(State::Paid)), (last, reached(State::Fulfilled))]
        }
    };
    let done = ways.iter().filter(|(_, at)| at.is_some()).count();
    let step = |(index, (title, at)): (usize, (&str, Option<i64>))| Step {
        title: title.to_owned(),
        at,
        done: at.is_some(),
        current: index.saturating_add(1) == done,
    };
    ways.into_iter().enumerate().map(step).collect()
}

fn promotion(promotion: &OrderPromotion) -> PromotionLine {
    PromotionLine { title: promotion.title.clone(), discount: promotion.discount.minor() }
}

/// Rates that cost nothing are not worth a line.
fn taxes(order: &Order) -> Vec<TaxLine> {
    let with_tax = order.taxes.iter().filter(|tax| !tax.tax.is_zero());
    with_tax.map(|tax| TaxLine { title: tax.title.clone(), tax: tax.tax.minor() }).collect()
}

/// Name and address, with the country where there is a choice of countries.
fn address(order: &Order, settings: &ShopSettings) -> Vec<String> {
    let mut lines = order.address.clone();
    let country = settings.countries.iter().find(|country| country.code == order.country);
    if let Some(country) = country.filter(|_| settings.countries.len() > 1) {
        lines.push(country.name.clone());
    }
    lines
}

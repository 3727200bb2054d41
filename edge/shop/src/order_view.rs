//! From an order to what customers, staff and mails see of it.

use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::{Messages, Sku, Text};
use ipswich_theme::Image;

use crate::checkout::Offline;
use crate::error::Error;
use crate::order::{Actor, Event, EventKind, Order, OrderLine, OrderPromotion, State, Summary};
use crate::release::Release;
use crate::texts;
use crate::views::{
    HistoryView, LineView, OrderRowView, OrderView, PromotionLine, ShipmentView, Step, TaxLine,
};

/// The order in full. Links and pictures come from the release and are left out for what is no longer sold.
pub(crate) async fn order_view(order: &Order, release: &Release) -> Result<OrderView, Error> {
    let skus: Vec<Sku> = order.lines.iter().filter_map(|line| Sku::parse(&line.sku).ok()).collect();
    let records = release.skus(&skus).await?;
    let waits = matches!(order.state, State::Pending | State::Paid);
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
            later: line.lead_days.filter(|_| waits).map(|days| later(days, release.messages())),
            problem: None,
        }
    };
    let (settings, messages) = (release.settings(), release.messages());
    let pending = order.state == State::Pending;
    let transfer = pending && order.offline == Some(Offline::Transfer);
    let shipment = order.shipment.as_ref();
    Ok(OrderView {
        number: order.number.clone(),
        url: format!("/order/{}/", order.id.as_str()),
        placed_at: order.placed_at,
        state: order.state.as_str().to_owned(),
        state_title: messages.say(state_text(order), &[]),
        state_sentence: sentence(order, settings, messages),
        steps: steps(order, messages),
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
        payment_title: messages.say(payment_text(order), &[]),
        bank: if transfer { settings.offline.bank.clone() } else { vec![] },
        pay_by: pending.then_some(order.expires_at),
        shipment: shipment.map(|shipment| ShipmentView {
            carrier: shipment.carrier.clone(),
            tracking: shipment.tracking.clone(),
            at: shipment.at,
        }),
    })
}

/// "Ships in about 14 days".
pub(crate) fn later(days: u32, messages: &Messages) -> String {
    messages.count(&texts::SHIPS_LATER, u64::from(days), &[])
}

/// The order in a list; `url` is its page for whoever sees the list.
pub(crate) fn row_view(order: &Summary, url: String, messages: &Messages) -> OrderRowView {
    OrderRowView {
        number: order.number.clone(),
        url,
        placed_at: order.placed_at,
        state: order.state.as_str().to_owned(),
        state_title: messages.say(order.state.text(order.collection), &[]),
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

fn state_text(order: &Order) -> &'static Text {
    match (order.state, order.offline) {
        (State::Pending, Some(Offline::OnCollection)) => &texts::STATE_HELD,
        (state, _) => state.text(order.collection),
    }
}

fn payment_text(order: &Order) -> &'static Text {
    match order.offline {
        _ if order.total.is_zero() => &texts::PAY_NOTHING,
        Some(offline) => offline.text(),
        None => &texts::PAY_CARD,
    }
}

fn sentence(order: &Order, settings: &ShopSettings, messages: &Messages) -> String {
    let text = match (order.state, order.offline, order.collection) {
        (State::Pending, Some(Offline::OnCollection), _) => {
            return messages.count(&texts::NEXT_HELD, u64::from(settings.offline.term_days), &[]);
        }
        (State::Pending, _, true) => &texts::NEXT_READY,
        (State::Pending, _, false) => &texts::NEXT_PACK,
        (State::Paid, _, true) => &texts::NEXT_COLLECT,
        (State::Paid, _, false) => &texts::NEXT_PACKING,
        (State::Fulfilled, _, true) => &texts::NEXT_COLLECTED,
        (State::Fulfilled, _, false) => &texts::NEXT_SENT,
        (State::Expired, _, _) => &texts::NEXT_EXPIRED,
        (State::Cancelled, _, _) => &texts::NEXT_CANCELLED,
        (State::Refunded, _, _) => &texts::NEXT_REFUNDED,
    };
    messages.say(text, &[])
}

fn steps(order: &Order, messages: &Messages) -> Vec<Step> {
    let reached = |state: State| (state.text(order.collection), order.reached(state));
    let further: &[State] = match order.state {
        State::Expired => &[State::Expired],
        State::Cancelled => &[State::Cancelled],
        State::Refunded => &[State::Paid, State::Refunded],
        State::Pending | State::Paid | State::Fulfilled => &[State::Paid, State::Fulfilled],
    };
    let placed = (&texts::STATE_RECEIVED, Some(order.placed_at));
    let ways: Vec<(&Text, Option<i64>)> =
        std::iter::once(placed).chain(further.iter().copied().map(reached)).collect();
    let done = ways.iter().filter(|(_, at)| at.is_some()).count();
    let step = |(index, (text, at)): (usize, (&Text, Option<i64>))| Step {
        title: messages.say(text, &[]),
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

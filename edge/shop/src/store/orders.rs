//! Reading orders: rows as the database has them, turned into [`Order`]s.

use ipswich_catalog::Amount;
use serde::Deserialize;

use crate::order::{Actor, Event, EventKind, Order, OrderId, OrderLine, OrderTax, Shipment, State, Summary};
use crate::ports::{DbError, Statement};
use crate::request::Answers;

#[derive(Deserialize)]
struct OrderRow {
    id: String,
    number: String,
    state: String,
    offline: Option<String>,
    subtotal: i64,
    discount: i64,
    shipping: i64,
    total: i64,
    shipping_title: String,
    collection: i64,
    expires_at: i64,
    created_at: i64,
    language: String,
    email: String,
    name: String,
    line1: String,
    line2: String,
    city: String,
    postcode: String,
    country: String,
    phone: String,
    note: String,
}

#[derive(Deserialize)]
struct LineRow {
    sku: String,
    title: String,
    options: String,
    qty: i64,
    unit: i64,
}

#[derive(Deserialize)]
struct TaxRow {
    title: String,
    tax: i64,
}

#[derive(Deserialize)]
struct ShipmentRow {
    carrier: String,
    tracking: String,
    at: i64,
}

#[derive(Deserialize)]
struct EventRow {
    kind: String,
    actor: String,
    staff_name: Option<String>,
    detail: String,
    at: i64,
}

#[derive(Deserialize)]
struct SummaryRow {
    id: String,
    number: String,
    state: String,
    created_at: i64,
    pieces: i64,
    total: i64,
    name: String,
    shipping_title: String,
    collection: i64,
}

/// How many orders are in a state.
#[derive(Deserialize)]
pub(crate) struct CountRow {
    pub(crate) state: String,
    pub(crate) orders: i64,
}

/// The five statements that read one order; [`take_order`] takes their answers.
pub(crate) fn order(id: &OrderId) -> Vec<Statement> {
    let id = id.as_str();
    vec![
        Statement::new(
            "select o.id, o.number, o.state, o.offline, o.subtotal, o.discount, o.shipping, o.total, o.shipping_title,
               o.collection, o.expires_at, o.created_at, o.language,
               c.email, c.name, c.line1, c.line2, c.city, c.postcode, c.country, c.phone, c.note
             from orders o join order_contact c on c.order_id = o.id where o.id = ?1",
            [id.into()],
        ),
        Statement::new(
            "select sku, title, options, qty, unit from order_line where order_id = ?1 order by n",
            [id.into()],
        ),
        Statement::new("select title, tax from order_tax where order_id = ?1 order by n", [id.into()]),
        Statement::new("select carrier, tracking, at from shipment where order_id = ?1 order by id desc limit 1", [id.into()]),
        Statement::new(
            "select e.kind, e.actor, s.name as staff_name, e.detail, e.at
             from order_event e left join staff s on s.id = e.staff where e.order_id = ?1 order by e.id",
            [id.into()],
        ),
    ]
}

/// The order that the statements of [`order`] found.
pub(crate) fn take_order(answers: &mut Answers) -> Result<Option<Order>, DbError> {
    let row = answers.first::<OrderRow>()?;
    let lines = answers.all::<LineRow>()?;
    let taxes = answers.all::<TaxRow>()?;
    let shipment = answers.first::<ShipmentRow>()?;
    let events = answers.all::<EventRow>()?;
    let Some(row) = row else { return Ok(None) };
    let address = [row.name, row.line1, row.line2, row.city, row.postcode];
    Ok(Some(Order {
        id: OrderId::parse(&row.id).ok_or_else(|| odd("orders.id"))?,
        number: row.number,
        state: State::parse(&row.state).ok_or_else(|| odd("orders.state"))?,
        offline: row.offline.as_deref().and_then(crate::checkout::Offline::parse),
        subtotal: amount(row.subtotal)?,
        discount: amount(row.discount)?,
        shipping: amount(row.shipping)?,
        total: amount(row.total)?,
        language: Some(row.language).filter(|language| !language.is_empty()),
        shipping_title: row.shipping_title,
        collection: row.collection == 1,
        expires_at: row.expires_at,
        placed_at: row.created_at,
        email: row.email,
        country: row.country,
        address: address.into_iter().filter(|line| !line.is_empty()).collect(),
        phone: row.phone,
        note: row.note,
        lines: lines.into_iter().map(line).collect::<Result<_, _>>()?,
        taxes: taxes.into_iter().map(tax).collect::<Result<_, _>>()?,
        shipment: shipment.map(|row| Shipment { carrier: row.carrier, tracking: row.tracking, at: row.at }),
        events: events.into_iter().map(event).collect::<Result<_, _>>()?,
    }))
}

fn line(row: LineRow) -> Result<OrderLine, DbError> {
    Ok(OrderLine {
        sku: row.sku,
        title: row.title,
        options: row.options,
        quantity: u32::try_from(row.qty).map_err(|_| odd("order_line.qty"))?,
        unit: amount(row.unit)?,
    })
}

fn tax(row: TaxRow) -> Result<OrderTax, DbError> {
    Ok(OrderTax { title: row.title, tax: amount(row.tax)? })
}

fn event(row: EventRow) -> Result<Event, DbError> {
    let actor = match (row.actor.as_str(), row.staff_name) {
        ("customer", _) => Actor::Customer,
        ("staff", Some(name)) => Actor::Staff(name),
        _ => Actor::Shop,
    };
    let kind = EventKind::parse(&row.kind).ok_or_else(|| odd("order_event.kind"))?;
    Ok(Event { kind, actor, detail: row.detail, at: row.at })
}

fn summary(row: SummaryRow) -> Result<Summary, DbError> {
    Ok(Summary {
        id: OrderId::parse(&row.id).ok_or_else(|| odd("orders.id"))?,
        number: row.number,
        state: State::parse(&row.state).ok_or_else(|| odd("orders.state"))?,
        placed_at: row.created_at,
        pieces: u32::try_from(row.pieces).map_err(|_| odd("orders.pieces"))?,
        total: amount(row.total)?,
        name: row.name,
        shipping_title: row.shipping_title,
        collection: row.collection == 1,
    })
}

/// Where a list goes on: orders placed before this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Before {
    pub(crate) at: i64,
    pub(crate) id: String,
}

impl Before {
    /// The newest page.
    pub(crate) fn newest() -> Before {
        Before { at: 1 << 52, id: String::new() }
    }
}

/// Orders of a session's customer, newest first.
pub(crate) fn of_session(token_hash: &str, now: i64, before: &Before, limit: i64) -> Statement {
    Statement::new(
        "select o.id, o.number, o.state, o.created_at, o.pieces, o.total, c.name, o.shipping_title, o.collection
         from session s join orders o on o.customer = s.subject join order_contact c on c.order_id = o.id
         where s.token_hash = ?1 and s.kind = 'customer' and s.expires_at > ?2 and (o.created_at, o.id) < (?3, ?4)
         order by o.created_at desc, o.id desc limit ?5",
        [token_hash.into(), now.into(), before.at.into(), before.id.as_str().into(), limit.into()],
    )
}

/// All orders, newest first.
pub(crate) fn newest(before: &Before, limit: i64) -> Statement {
    Statement::new(
        "select o.id, o.number, o.state, o.created_at, o.pieces, o.total, c.name, o.shipping_title, o.collection
         from orders o join order_contact c on c.order_id = o.id where (o.created_at, o.id) < (?1, ?2)
         order by o.created_at desc, o.id desc limit ?3",
        [before.at.into(), before.id.as_str().into(), limit.into()],
    )
}

/// Orders in a state, newest first.
pub(crate) fn in_state(state: State, before: &Before, limit: i64) -> Statement {
    Statement::new(
        "select o.id, o.number, o.state, o.created_at, o.pieces, o.total, c.name, o.shipping_title, o.collection
         from orders o join order_contact c on c.order_id = o.id where o.state = ?1 and (o.created_at, o.id) < (?2, ?3)
         order by o.created_at desc, o.id desc limit ?4",
        [state.as_str().into(), before.at.into(), before.id.as_str().into(), limit.into()],
    )
}

/// How many orders are in each state.
pub(crate) fn counts() -> Statement {
    Statement::new("select state, count(*) as orders from orders group by state", [])
}

/// The orders that one of the list statements found.
pub(crate) fn take_summaries(answers: &mut Answers) -> Result<Vec<Summary>, DbError> {
    answers.all::<SummaryRow>()?.into_iter().map(summary).collect()
}

fn amount(minor: i64) -> Result<Amount, DbError> {
    Amount::from_minor(minor).map_err(|_| odd("an amount of an order"))
}

fn odd(what: &str) -> DbError {
    DbError::Row(what.to_owned())
}

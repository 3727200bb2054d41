//! Reading orders: rows as the database has them, turned into [`Order`]s.

use ipswich_catalog::Amount;

use crate::order::{
    Actor, Event, EventKind, Order, OrderId, OrderLine, OrderPromotion, OrderTax, Shipment, State, Summary,
};
use crate::ports::{Columns, DbError, Statement};
use crate::request::Answers;

/// How many orders are in a state.
pub(crate) struct CountRow {
    pub(crate) state: String,
    pub(crate) orders: i64,
}
crate::ports::from_row!(CountRow { state; orders });

/// The six statements that read one order; [`take_order`] takes their answers.
pub(crate) fn order(id: &OrderId) -> Vec<Statement> {
    let id = id.as_str();
    vec![
        Statement::new(
            "select o.id, o.number, o.state, o.offline, o.subtotal, o.discount, o.shipping, o.tax, o.total, o.shipping_title,
               o.collection, o.expires_at, o.created_at, o.language,
               c.email, c.name, c.line1, c.line2, c.city, c.postcode, c.country, c.phone, c.note
             from orders o join order_contact c on c.order_id = o.id where o.id = ?1",
            [id.into()],
        ),
        Statement::new(
            "select l.sku, l.title, l.options, l.qty, l.unit, l.discount, l.lead_days,
               l.policy = 'made-to-order' or exists (select 1 from backorder_ledger b where b.ref = l.order_id and b.sku = l.sku and b.kind = 'promise') as later
             from order_line l where l.order_id = ?1 order by l.n",
            [id.into()],
        ),
        Statement::new("select title, tax from order_tax where order_id = ?1 order by n", [id.into()]),
        Statement::new("select title, discount from order_promotion where order_id = ?1 order by n", [id.into()]),
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
    let found = answers.rows()?.columns().next();
    let lines = answers.rows()?.columns().map(line).collect::<Result<_, _>>()?;
    let taxes = answers.rows()?.columns().map(tax).collect::<Result<_, _>>()?;
    let promotions = answers.rows()?.columns().map(promotion).collect::<Result<_, _>>()?;
    let shipment = answers.rows()?.columns().next().map(shipment).transpose()?;
    let events = answers.rows()?.columns().map(event).collect::<Result<_, _>>()?;
    let Some(row) = found else { return Ok(None) };
    let mut address = Vec::new();
    for column in ["name", "line1", "line2", "city", "postcode"] {
        let part = row.text(column)?;
        if !part.is_empty() {
            address.push(part);
        }
    }
    Ok(Some(Order {
        id: id(&row)?,
        number: row.text("number")?,
        state: state(&row)?,
        offline: crate::checkout::Offline::parse(&row.text_or_empty("offline")),
        subtotal: amount(&row, "subtotal")?,
        discount: amount(&row, "discount")?,
        shipping: amount(&row, "shipping")?,
        tax: amount(&row, "tax")?,
        total: amount(&row, "total")?,
        language: Some(row.text("language")?).filter(|language| !language.is_empty()),
        shipping_title: row.text("shipping_title")?,
        collection: row.number("collection")? == 1,
        expires_at: row.number("expires_at")?,
        placed_at: row.number("created_at")?,
        email: row.text("email")?,
        country: row.text("country")?,
        address,
        phone: row.text("phone")?,
        note: row.text("note")?,
        lines,
        taxes,
        promotions,
        shipment,
        events,
    }))
}

fn line(row: Columns) -> Result<OrderLine, DbError> {
    Ok(OrderLine {
        sku: row.text("sku")?,
        title: row.text("title")?,
        options: row.text("options")?,
        quantity: u32::try_from(row.number("qty")?).map_err(|_| odd("order_line.qty"))?,
        unit: amount(&row, "unit")?,
        discount: amount(&row, "discount")?,
        lead_days: match row.number("later")? {
            0 => None,
            _ => Some(u32::try_from(row.number("lead_days")?).map_err(|_| odd("order_line.lead_days"))?),
        },
    })
}

fn tax(row: Columns) -> Result<OrderTax, DbError> {
    Ok(OrderTax { title: row.text("title")?, tax: amount(&row, "tax")? })
}

fn promotion(row: Columns) -> Result<OrderPromotion, DbError> {
    Ok(OrderPromotion { title: row.text("title")?, discount: amount(&row, "discount")? })
}

fn shipment(row: Columns) -> Result<Shipment, DbError> {
    Ok(Shipment { carrier: row.text("carrier")?, tracking: row.text("tracking")?, at: row.number("at")? })
}

fn event(row: Columns) -> Result<Event, DbError> {
    let name = row.text_or_empty("staff_name");
    let actor = match row.text("actor")?.as_str() {
        "customer" => Actor::Customer,
        "staff" if !name.is_empty() => Actor::Staff(name),
        _ => Actor::Shop,
    };
    let kind = EventKind::parse(&row.text("kind")?).ok_or_else(|| odd("order_event.kind"))?;
    Ok(Event { kind, actor, detail: row.text("detail")?, at: row.number("at")? })
}

fn summary(row: Columns) -> Result<Summary, DbError> {
    Ok(Summary {
        id: id(&row)?,
        number: row.text("number")?,
        state: state(&row)?,
        placed_at: row.number("created_at")?,
        pieces: u32::try_from(row.number("pieces")?).map_err(|_| odd("orders.pieces"))?,
        total: amount(&row, "total")?,
        name: row.text("name")?,
        shipping_title: row.text("shipping_title")?,
        collection: row.number("collection")? == 1,
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

/// The order with this number.
pub(crate) fn by_number(number: &str) -> Statement {
    Statement::new("select id from orders where number = ?1", [number.into()])
}

/// How many orders are in each state.
pub(crate) fn counts() -> Statement {
    Statement::new("select state, count(*) as orders from orders group by state", [])
}

/// The orders that one of the list statements found.
pub(crate) fn take_summaries(answers: &mut Answers) -> Result<Vec<Summary>, DbError> {
    answers.rows()?.columns().map(summary).collect()
}

fn id(row: &Columns) -> Result<OrderId, DbError> {
    OrderId::parse(&row.text("id")?).ok_or_else(|| odd("orders.id"))
}

fn state(row: &Columns) -> Result<State, DbError> {
    State::parse(&row.text("state")?).ok_or_else(|| odd("orders.state"))
}

fn amount(row: &Columns, column: &str) -> Result<Amount, DbError> {
    Amount::from_minor(row.number(column)?).map_err(|_| odd("an amount of an order"))
}

fn odd(what: &str) -> DbError {
    DbError::Row(what.to_owned())
}

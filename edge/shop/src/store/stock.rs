//! Stock: what is available, and counting again.

use std::collections::BTreeMap;

use ipswich_catalog::Sku;

use crate::ports::{DbError, Statement};
use crate::store::accounts::Kind;

/// Pieces of a SKU.
#[derive(Debug)]
pub(crate) struct StockRow {
    pub(crate) sku: String,
    /// Pieces in the house that are not set aside.
    pub(crate) on_hand: i64,
    pub(crate) reserved: i64,
    /// Pieces that are promised and not in the house.
    pub(crate) owed: i64,
    /// Pieces in the house that are promised.
    pub(crate) aside: i64,
}
crate::ports::from_row!(StockRow { sku; on_hand, reserved, owed, aside });

/// What there is of a SKU for those who order next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shelf {
    /// Pieces that are there and held for nobody.
    pub(crate) free: i64,
    /// Pieces that are promised and not in the house.
    pub(crate) owed: i64,
}

impl Shelf {
    /// The shelf of a SKU that nobody has bought yet.
    pub(crate) fn opening(pieces: u32) -> Shelf {
        Shelf { free: i64::from(pieces), owed: 0 }
    }
}

impl From<&StockRow> for Shelf {
    fn from(row: &StockRow) -> Shelf {
        Shelf { free: row.on_hand.saturating_sub(row.reserved), owed: row.owed }
    }
}

/// SKUs as one JSON parameter, because D1 takes 100 parameters at most.
pub(crate) fn json_list<'a>(skus: impl IntoIterator<Item = &'a Sku>) -> String {
    let list: Vec<&str> = skus.into_iter().map(Sku::as_str).collect();
    serde_json::Value::from(list).to_string()
}

/// The stock of these SKUs. A SKU that nobody has bought yet has no row.
pub(crate) fn of_skus(skus: String) -> Statement {
    Statement::new(
        "select s.sku, s.on_hand, s.reserved, ifnull(b.promised - b.aside, 0) as owed, ifnull(b.aside, 0) as aside
         from stock s left join backorder b on b.sku = s.sku where s.sku in (select value from json_each(?1))",
        [skus.into()],
    )
}

/// The stock of these SKUs and of those in the cart of a session's customer.
pub(crate) fn of_skus_and_session(skus: String, token_hash: &str, now: i64) -> Statement {
    Statement::new(
        "select s.sku, s.on_hand, s.reserved, ifnull(b.promised - b.aside, 0) as owed, ifnull(b.aside, 0) as aside
         from stock s left join backorder b on b.sku = s.sku where s.sku in (
           select value from json_each(?1)
           union select l.value->>'$.sku' from session e join customer_cart c on c.customer = e.subject, json_each(c.lines) l
           where e.token_hash = ?2 and e.kind = 'customer' and e.seen_at >= ?3 and e.expires_at > ?4)",
        [skus.into(), token_hash.into(), now.saturating_sub(Kind::Customer.idle_seconds()).into(), now.into()],
    )
}

/// The stock of these SKUs and of those in the cart of the customer with this address.
pub(crate) fn of_skus_and_customer(skus: String, email_key: &str) -> Statement {
    Statement::new(
        "select s.sku, s.on_hand, s.reserved, ifnull(b.promised - b.aside, 0) as owed, ifnull(b.aside, 0) as aside
         from stock s left join backorder b on b.sku = s.sku where s.sku in (
           select value from json_each(?1)
           union select l.value->>'$.sku' from customer p join customer_cart c on c.customer = p.id, json_each(c.lines) l
           where p.email_key = ?2)",
        [skus.into(), email_key.into()],
    )
}

/// What there is, by SKU.
pub(crate) fn shelves(rows: Vec<StockRow>) -> Result<BTreeMap<Sku, Shelf>, DbError> {
    let parse = |row: StockRow| {
        let sku = Sku::parse(&row.sku).map_err(|_| DbError::Row("stock.sku".to_owned()))?;
        Ok((sku, Shelf::from(&row)))
    };
    rows.into_iter().map(parse).collect()
}

/// Creates the rows of SKUs that are seen for the first time and books their opening stock.
///
/// `lines` is a JSON array of objects with `sku`, `opening` and perhaps `policy`. No `insert or ignore`: its way of resolving conflicts
/// would also hold inside the triggers.
pub(crate) fn open(lines: &str, now: i64) -> [Statement; 2] {
    [
        Statement::new(
            "insert into stock(sku, on_hand, reserved)
             select value->>'$.sku', 0, 0 from json_each(?1)
             where ifnull(value->>'$.policy', '') <> 'made-to-order' and not exists (select 1 from stock s where s.sku = value->>'$.sku')",
            [lines.into()],
        ),
        Statement::new(
            "insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, at)
             select value->>'$.sku', 'receive', 'opening', value->>'$.opening', 0, ?2 from json_each(?1)
             where ifnull(value->>'$.policy', '') <> 'made-to-order'
               and not exists (select 1 from stock_ledger g where g.ref = 'opening' and g.sku = value->>'$.sku' and g.slot = 'receive')",
            [lines.into(), now.into()],
        ),
    ]
}

/// Lets as many pieces be owed as the release says. Where more are owed already, that many, until they are fewer.
///
/// `lines` is a JSON array of objects with `sku`, `policy` and `limit`.
pub(crate) fn allow(lines: &str) -> Statement {
    Statement::new(
        "insert into backorder(sku, allowed)
         select value->>'$.sku', value->>'$.limit' from json_each(?1) where value->>'$.policy' = 'backorder'
         on conflict(sku) do update set allowed = max(excluded.allowed, promised - aside)",
        [lines.into()],
    )
}

/// Promises what an order wants beyond what is there, then holds the rest of it. What is made to order is neither.
pub(crate) fn hold(order: &str, now: i64) -> [Statement; 2] {
    [
        Statement::new(
            "insert into backorder_ledger(sku, kind, ref, d_promised, d_aside, at)
             select l.sku, 'promise', l.order_id, l.qty - (s.on_hand - s.reserved), 0, ?2
             from order_line l join stock s on s.sku = l.sku
             where l.order_id = ?1 and l.policy = 'backorder' and l.qty > s.on_hand - s.reserved",
            [order.into(), now.into()],
        ),
        Statement::new(
            "insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, at)
             select l.sku, 'reserve', l.order_id, 0,
               l.qty - ifnull((select b.d_promised from backorder_ledger b where b.ref = l.order_id and b.sku = l.sku and b.kind = 'promise'), 0), ?2
             from order_line l where l.order_id = ?1 and l.policy <> 'made-to-order'",
            [order.into(), now.into()],
        ),
    ]
}

/// Sets free pieces aside for what is owed. `reference` names the booking that made them free.
pub(crate) fn fill(sku: &Sku, reference: &str, now: i64) -> Statement {
    Statement::new(
        "insert into backorder_ledger(sku, kind, ref, d_promised, d_aside, at)
         select s.sku, 'fill', ?2, 0, min(s.on_hand - s.reserved, b.promised - b.aside), ?3
         from stock s join backorder b on b.sku = s.sku
         where s.sku = ?1 and s.on_hand > s.reserved and b.promised > b.aside",
        [sku.as_str().into(), reference.into(), now.into()],
    )
}

/// The same for the pieces that an order gave back.
pub(crate) fn fill_after(order: &str, now: i64) -> Statement {
    Statement::new(
        "insert into backorder_ledger(sku, kind, ref, d_promised, d_aside, at)
         select s.sku, 'fill', ?1, 0, min(s.on_hand - s.reserved, b.promised - b.aside), ?2
         from order_line l join stock s on s.sku = l.sku join backorder b on b.sku = l.sku
         where l.order_id = ?1 and s.on_hand > s.reserved and b.promised > b.aside",
        [order.into(), now.into()],
    )
}

/// A booking of the staff that changes what is in the house.
pub(crate) struct Booking<'a> {
    pub(crate) sku: &'a Sku,
    pub(crate) kind: BookingKind,
    /// Names this booking once and for all: a delivery note is booked once.
    pub(crate) reference: &'a str,
    /// Pieces that came; fewer than none if they are gone.
    pub(crate) pieces: i64,
    pub(crate) reason: &'a str,
}

/// Why pieces come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BookingKind {
    /// A delivery.
    Receive,
    /// Goods that customers sent back.
    Restock,
    /// Anything else.
    Adjust,
}

impl BookingKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            BookingKind::Receive => "receive",
            BookingKind::Restock => "restock",
            BookingKind::Adjust => "adjust",
        }
    }
}

/// Books pieces that came or went, and sets aside what is owed of them.
pub(crate) fn book(booking: &Booking<'_>, now: i64) -> [Statement; 2] {
    let Booking { sku, kind, reference, pieces, reason } = booking;
    [
        Statement::new(
            "insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, reason, at) values(?1, ?2, ?3, ?4, 0, ?5, ?6)",
            [
                sku.as_str().into(),
                kind.as_str().into(),
                (*reference).into(),
                (*pieces).into(),
                (*reason).into(),
                now.into(),
            ],
        ),
        fill(sku, reference, now),
    ]
}

/// A line of the ledger.
#[derive(Debug)]
pub(crate) struct EntryRow {
    pub(crate) id: i64,
    pub(crate) kind: String,
    pub(crate) reference: String,
    pub(crate) reason: String,
    pub(crate) d_on_hand: i64,
    pub(crate) d_reserved: i64,
    pub(crate) at: i64,
    /// The number of the order it belongs to; empty if to none.
    pub(crate) number: String,
}
crate::ports::from_row!(EntryRow { kind, reference, reason, number; id, d_on_hand, d_reserved, at });

/// The ledger of a SKU before an entry, newest first.
pub(crate) fn entries(sku: &Sku, before: i64, limit: i64) -> Statement {
    Statement::new(
        "select g.id, g.kind, g.ref as reference, g.reason, g.d_on_hand, g.d_reserved, g.at, ifnull(o.number, '') as number
         from stock_ledger g left join orders o on o.id = g.ref
         where g.sku = ?1 and g.id < ?2 order by g.id desc limit ?3",
        [sku.as_str().into(), before.into(), limit.into()],
    )
}

/// A count of the shelf.
pub(crate) struct Count<'a> {
    pub(crate) sku: &'a Sku,
    /// What the form showed; somebody else may have booked since.
    pub(crate) expected: i64,
    pub(crate) counted: i64,
    pub(crate) reason: &'a str,
    /// Names this booking once and for all.
    pub(crate) reference: &'a str,
}

/// Books the difference between what was counted and what was expected, unless the stock has changed since.
pub(crate) fn adjust(count: &Count<'_>, now: i64) -> [Statement; 3] {
    [
        Statement::new(
            "insert into must(counted) select null where (select s.on_hand + ifnull(b.aside, 0)
               from stock s left join backorder b on b.sku = s.sku where s.sku = ?1) is not ?2",
            [count.sku.as_str().into(), count.expected.into()],
        ),
        Statement::new(
            "insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, reason, at) values(?1, 'adjust', ?2, ?3, 0, ?4, ?5)",
            [
                count.sku.as_str().into(),
                count.reference.into(),
                count.counted.saturating_sub(count.expected).into(),
                count.reason.into(),
                now.into(),
            ],
        ),
        fill(count.sku, count.reference, now),
    ]
}

/// Whether a booking is in the ledger: tells a batch that was sent twice from a real conflict.
pub(crate) fn is_booked(reference: &str, sku: &Sku) -> Statement {
    Statement::new(
        "select at from stock_ledger where ref = ?1 and sku = ?2",
        [reference.into(), sku.as_str().into()],
    )
}

/// An entry of the audit, which nobody can change afterwards.
pub(crate) fn audit(staff: &str, action: &'static str, subject: &str, detail: String, now: i64) -> Statement {
    Statement::new(
        "insert into audit(staff, action, subject, detail, at) values(?1, ?2, ?3, ?4, ?5)",
        [staff.into(), action.into(), subject.into(), detail.into(), now.into()],
    )
}

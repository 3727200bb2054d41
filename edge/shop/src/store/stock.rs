//! Stock: what is available, and counting again.

use std::collections::BTreeMap;

use ipswich_catalog::Sku;

use crate::ports::{DbError, Statement};
use crate::store::accounts::Kind;

/// Pieces of a SKU.
#[derive(Debug)]
pub(crate) struct StockRow {
    pub(crate) sku: String,
    pub(crate) on_hand: i64,
    pub(crate) reserved: i64,
}
crate::ports::from_row!(StockRow { sku; on_hand, reserved });

/// SKUs as one JSON parameter, because D1 takes 100 parameters at most.
pub(crate) fn json_list<'a>(skus: impl IntoIterator<Item = &'a Sku>) -> String {
    let list: Vec<&str> = skus.into_iter().map(Sku::as_str).collect();
    serde_json::Value::from(list).to_string()
}

/// The stock of these SKUs. A SKU that nobody has bought yet has no row.
pub(crate) fn of_skus(skus: String) -> Statement {
    Statement::new(
        "select sku, on_hand, reserved from stock where sku in (select value from json_each(?1))",
        [skus.into()],
    )
}

/// The stock of these SKUs and of those in the cart of a session's customer.
pub(crate) fn of_skus_and_session(skus: String, token_hash: &str, now: i64) -> Statement {
    Statement::new(
        "select sku, on_hand, reserved from stock where sku in (
           select value from json_each(?1)
           union select l.value->>'$.sku' from session s join customer_cart c on c.customer = s.subject, json_each(c.lines) l
           where s.token_hash = ?2 and s.kind = 'customer' and s.seen_at >= ?3 and s.expires_at > ?4)",
        [skus.into(), token_hash.into(), now.saturating_sub(Kind::Customer.idle_seconds()).into(), now.into()],
    )
}

/// The stock of these SKUs and of those in the cart of the customer with this address.
pub(crate) fn of_skus_and_customer(skus: String, email_key: &str) -> Statement {
    Statement::new(
        "select sku, on_hand, reserved from stock where sku in (
           select value from json_each(?1)
           union select l.value->>'$.sku' from customer p join customer_cart c on c.customer = p.id, json_each(c.lines) l
           where p.email_key = ?2)",
        [skus.into(), email_key.into()],
    )
}

/// Available pieces by SKU.
pub(crate) fn available(rows: Vec<StockRow>) -> Result<BTreeMap<Sku, i64>, DbError> {
    let parse = |row: StockRow| {
        let sku = Sku::parse(&row.sku).map_err(|_| DbError::Row("stock.sku".to_owned()))?;
        Ok((sku, row.on_hand.saturating_sub(row.reserved)))
    };
    rows.into_iter().map(parse).collect()
}

/// Creates the rows of SKUs that are seen for the first time and books their opening stock.
///
/// `lines` is a JSON array of objects with `sku` and `opening`. No `insert or ignore`: its way of resolving conflicts
/// would also hold inside the triggers.
pub(crate) fn open(lines: &str, now: i64) -> [Statement; 2] {
    [
        Statement::new(
            "insert into stock(sku, on_hand, reserved)
             select value->>'$.sku', 0, 0 from json_each(?1)
             where not exists (select 1 from stock s where s.sku = value->>'$.sku')",
            [lines.into()],
        ),
        Statement::new(
            "insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, at)
             select value->>'$.sku', 'receive', 'opening', value->>'$.opening', 0, ?2 from json_each(?1)
             where not exists (select 1 from stock_ledger g where g.ref = 'opening' and g.sku = value->>'$.sku' and g.slot = 'receive')",
            [lines.into(), now.into()],
        ),
    ]
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
pub(crate) fn adjust(count: &Count<'_>, now: i64) -> [Statement; 2] {
    [
        Statement::new(
            "insert into must(counted) select null where (select on_hand from stock where sku = ?1) is not ?2",
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
    ]
}

/// Whether a booking is in the ledger: tells a batch that was sent twice from a real conflict.
pub(crate) fn is_booked(reference: &str, sku: &Sku) -> Statement {
    Statement::new(
        "select id from stock_ledger where ref = ?1 and sku = ?2",
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

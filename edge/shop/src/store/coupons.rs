//! Coupons: finding those of a cart, and what staff does with them. A use is written with its order (`placing`) and
//! settled with it (`settling`).

use ipswich_catalog::Amount;
use ipswich_catalog::promotion::Effect;
use ipswich_catalog::tax::BasisPoints;

use crate::coupon::{Code, Coupon, Known, Scope};
use crate::ports::{Columns, DbError, FromRow, Statement};
use crate::store::accounts::Kind;
use crate::store::orders::Before;

/// Codes as one JSON parameter.
pub(crate) fn json_list<'a>(codes: impl IntoIterator<Item = &'a Code>) -> String {
    let list: Vec<&str> = codes.into_iter().map(Code::as_str).collect();
    serde_json::Value::from(list).to_string()
}

/// The coupons with these codes, for somebody whom we do not know.
fn of_codes(codes: String) -> Statement {
    Statement::new(
        "select code, title, kind, value, scope, minimum, ifnull(starts_at, -1) as starts_at, ifnull(ends_at, -1) as ends_at,
           max_uses, uses, per_customer, with_promotions, with_coupons, 0 as own_uses
         from coupon where code in (select value from json_each(?1))",
        [codes.into()],
    )
}

/// The coupons with these codes and those in the cart of a session's customer, with the uses of this customer.
fn of_codes_and_session(codes: String, token_hash: &str, now: i64) -> Statement {
    Statement::new(
        "select code, title, kind, value, scope, minimum, ifnull(starts_at, -1) as starts_at, ifnull(ends_at, -1) as ends_at,
           max_uses, uses, per_customer, with_promotions, with_coupons,
           (select count(*) from session s join orders o on o.customer = s.subject join coupon_use u on u.code = coupon.code and u.order_id = o.id
            where s.token_hash = ?2 and s.kind = 'customer' and s.seen_at >= ?3 and s.expires_at > ?4 and u.state <> 'released') as own_uses
         from coupon where code in (
           select value from json_each(?1)
           union select k.value from session s join customer_cart c on c.customer = s.subject, json_each(c.coupons) k
           where s.token_hash = ?2 and s.kind = 'customer' and s.seen_at >= ?3 and s.expires_at > ?4)",
        [codes.into(), token_hash.into(), now.saturating_sub(Kind::Customer.idle_seconds()).into(), now.into()],
    )
}

/// [`of_codes_and_session`] where there is a session, else [`of_codes`].
pub(crate) fn for_visitor(codes: String, token_hash: Option<&str>, now: i64) -> Statement {
    match token_hash {
        Some(hash) => of_codes_and_session(codes, hash, now),
        None => of_codes(codes),
    }
}

/// How often somebody used each coupon; `customer` is a [`crate::coupon::customer_key`].
pub(crate) fn uses_of(customer: &str) -> Statement {
    Statement::new(
        "select code, count(*) as uses from coupon_use where customer = ?1 and state <> 'released' group by code",
        [customer.into()],
    )
}

/// An answer to [`uses_of`].
pub(crate) struct UsesRow {
    pub(crate) code: String,
    pub(crate) uses: i64,
}
crate::ports::from_row!(UsesRow { code; uses });

/// The newest coupons, or those made before one.
pub(crate) fn newest(before: &Before, limit: i64) -> Statement {
    Statement::new(
        "select code, title, kind, value, scope, minimum, ifnull(starts_at, -1) as starts_at, ifnull(ends_at, -1) as ends_at,
           max_uses, uses, per_customer, with_promotions, with_coupons, 0 as own_uses, created_at
         from coupon where (created_at, code) < (?1, ?2) order by created_at desc, code desc limit ?3",
        [before.at.into(), before.id.as_str().into(), limit.into()],
    )
}

/// A coupon in the list of the staff.
pub(crate) struct ListedRow {
    pub(crate) known: Known,
    /// In Unix seconds.
    pub(crate) created_at: i64,
}

impl FromRow for ListedRow {
    fn from_row(row: Columns) -> Result<ListedRow, DbError> {
        let created_at = row.number("created_at")?;
        Ok(ListedRow { known: Known::from_row(row)?, created_at })
    }
}

/// Writes a new coupon. A code that is taken breaks the primary key.
pub(crate) fn insert(coupon: &Coupon, now: i64) -> Result<Statement, DbError> {
    let scope = serde_json::to_string(&coupon.scope).map_err(|error| DbError::Other(error.to_string()))?;
    let (kind, value) = match &coupon.effect {
        Effect::Percent(part) => ("percent", i64::from(part.get())),
        Effect::Amount(amount) => ("amount", amount.minor()),
        Effect::FreeDelivery(_) => ("free_delivery", 0),
    };
    // Moments before 1970 are not used, so -1 stands for none.
    Ok(Statement::new(
        "insert into coupon(code, max_uses, title, kind, value, scope, minimum, starts_at, ends_at, per_customer,
           with_promotions, with_coupons, created_at)
         values(?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, -1), nullif(?9, -1), ?10, ?11, ?12, ?13)",
        [
            coupon.code.as_str().into(),
            coupon.uses_max.into(),
            coupon.title.as_str().into(),
            kind.into(),
            value.into(),
            scope.into(),
            coupon.minimum.minor().into(),
            coupon.from.unwrap_or(-1).into(),
            coupon.until.unwrap_or(-1).into(),
            coupon.per_customer.into(),
            i64::from(coupon.with_promotions).into(),
            i64::from(coupon.with_coupons).into(),
            now.into(),
        ],
    ))
}

/// Ends a coupon now, unless it has ended; the batch fails then.
pub(crate) fn end(code: &Code, now: i64) -> [Statement; 2] {
    [
        Statement::new(
            "update coupon set ends_at = ?2 where code = ?1 and (ends_at is null or ends_at > ?2)",
            [code.as_str().into(), now.into()],
        ),
        Statement::new("insert into must(state) select null where changes() <> 1", []),
    ]
}

impl FromRow for Known {
    fn from_row(row: Columns) -> Result<Known, DbError> {
        let odd = |column: &str| DbError::Row(format!("coupon.{column}"));
        let amount = |column: &str| Amount::from_minor(row.number(column)?).map_err(|_| odd(column));
        let moment = |column: &str| row.number(column).map(|at| Some(at).filter(|at| *at >= 0));
        let effect = match row.text("kind")?.as_str() {
            "percent" => {
                let points = u32::try_from(row.number("value")?).ok();
                let part = points.and_then(|points| BasisPoints::new(points).ok());
                Effect::Percent(part.ok_or_else(|| odd("value"))?)
            }
            "amount" => Effect::Amount(amount("value")?),
            _ => Effect::FreeDelivery(vec![]),
        };
        let scope: Scope = serde_json::from_str(&row.text("scope")?).map_err(|_| odd("scope"))?;
        let coupon = Coupon {
            code: Code::parse(&row.text("code")?).ok_or_else(|| odd("code"))?,
            title: row.text("title")?,
            effect,
            scope,
            minimum: amount("minimum")?,
            from: moment("starts_at")?,
            until: moment("ends_at")?,
            uses_max: row.number("max_uses")?,
            per_customer: row.number("per_customer")?,
            with_promotions: row.number("with_promotions")? == 1,
            with_coupons: row.number("with_coupons")? == 1,
        };
        Ok(Known { coupon, uses: row.number("uses")?, own_uses: row.number("own_uses")? })
    }
}

//! Placing an order: one batch that writes the order and holds its goods, or does nothing.

use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::shipping::{ShippingKind, ShippingMethod};
use serde::Serialize;

use crate::checkout::{Contact, Offline};
use crate::order::OrderId;
use crate::ports::{DbError, Statement};
use crate::pricing::{Applied, Goods, GoodsLine, LineShare, Quote};
use crate::store::{carts, outbox, settling, stock};
use crate::token::Id;

/// An order about to be placed.
pub(crate) struct NewOrder<'a> {
    pub(crate) id: &'a OrderId,
    pub(crate) number: &'a str,
    /// The key of the form.
    pub(crate) key: &'a Id,
    /// A keyed hash over everything that was asked for.
    pub(crate) request_hash: &'a str,
    pub(crate) cart_id: &'a Id,
    pub(crate) customer: Option<&'a str>,
    pub(crate) offline: Offline,
    pub(crate) goods: &'a Goods,
    pub(crate) quote: &'a Quote,
    pub(crate) method: &'a ShippingMethod,
    pub(crate) contact: &'a Contact,
    pub(crate) release: &'a str,
    /// The key of the language, if it is not the shop's own.
    pub(crate) language: Option<&'a str>,
    pub(crate) now: i64,
}

/// A line as the statement reads it.
#[derive(Serialize)]
struct LineJson<'a> {
    sku: &'a str,
    title: &'a str,
    options: String,
    qty: u32,
    unit: i64,
    tax_class: &'a str,
    tax_bp: u32,
    tax: i64,
    discount: i64,
    weight: u64,
    opening: u32,
    policy: &'a str,
    limit: u32,
    lead_days: u32,
}

/// A promotion as the statement reads it.
#[derive(Serialize)]
struct PromotionJson<'a> {
    id: &'a str,
    title: &'a str,
    discount: i64,
}

/// A tax line as the statement reads it.
#[derive(Serialize)]
struct TaxJson<'a> {
    title: &'a str,
    bp: u32,
    gross: i64,
    tax: i64,
}

/// The batch. An order that costs nothing is paid at once.
pub(crate) fn place(order: &NewOrder<'_>, settings: &ShopSettings) -> Result<Vec<Statement>, DbError> {
    let lines = order.goods.lines.iter().zip(&order.quote.lines);
    let lines = json(&lines.map(line_json).collect::<Vec<_>>())?;
    let taxes = json(&order.quote.taxes.iter().map(tax_json).collect::<Vec<_>>())?;
    let id = order.id.as_str();
    let mut batch = vec![
        insert_order(order, settings),
        insert_contact(id, order.contact),
        insert_lines(id, &lines),
        Statement::new(
            "insert into must(total) select null
             where (select subtotal, discount from orders where id = ?1) is not (select sum(qty * unit), sum(discount) from order_line where order_id = ?1)",
            [id.into()],
        ),
        insert_taxes(id, &taxes),
    ];
    if !order.quote.promotions.is_empty() {
        let promotions = json(&order.quote.promotions.iter().map(promotion_json).collect::<Vec<_>>())?;
        batch.push(insert_promotions(id, &promotions));
    }
    batch.extend(stock::open(&lines, order.now));
    if order.goods.lines.iter().any(|line| line.record.stock_policy.limit() > 0) {
        batch.push(stock::allow(&lines));
    }
    batch.extend(stock::hold(id, order.now));
    batch.extend([
        outbox::mail(outbox::MailKind::Received, id, order.now),
        Statement::new(
            "insert into order_event(order_id, kind, actor, at) values(?1, 'placed', 'customer', ?2)",
            [id.into(), order.now.into()],
        ),
    ]);
    if let Some(customer) = order.customer {
        batch.push(carts::clear(customer));
    }
    if order.quote.total.is_zero() {
        batch.extend(settling::paid_without_money(id, order.now));
    }
    Ok(batch)
}

fn insert_order(order: &NewOrder<'_>, settings: &ShopSettings) -> Statement {
    let days = |days: u32| i64::from(days).saturating_mul(86_400);
    let expires_at = order.now.saturating_add(days(settings.offline.term_days));
    let remind_days = settings.offline.remind_days;
    let reminds = remind_days > 0 && remind_days < settings.offline.term_days && !order.quote.total.is_zero();
    let remind_at = reminds.then(|| expires_at.saturating_sub(days(remind_days)));
    let collection = order.method.kind == ShippingKind::Collection;
    Statement::new(
        "insert into orders(id, number, idem_key, req_hash, cart_id, customer, method, offline, currency,
           subtotal, discount, shipping, tax, total, tax_included, pieces, shipping_id, shipping_title, collection,
           catalog, expires_at, created_at, language, remind_at)
         values(?1, ?2, ?3, ?4, ?5, ?6, 'offline', ?7, ?8, ?9, ?20, ?10, ?21, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?22, ?23)",
        [
            order.id.as_str().into(),
            order.number.into(),
            order.key.as_str().into(),
            order.request_hash.into(),
            order.cart_id.as_str().into(),
            order.customer.into(),
            order.offline.as_str().into(),
            settings.currency.code().into(),
            order.quote.subtotal.minor().into(),
            order.quote.shipping.minor().into(),
            order.quote.total.minor().into(),
            order.quote.tax_included.minor().into(),
            i64::from(order.goods.pieces()).into(),
            order.method.id.as_str().into(),
            order.method.title.as_str().into(),
            i64::from(collection).into(),
            order.release.into(),
            expires_at.into(),
            order.now.into(),
            order.quote.discount.minor().into(),
            order.quote.tax.minor().into(),
            order.language.unwrap_or_default().into(),
            remind_at.into(),
        ],
    )
}

fn insert_contact(id: &str, contact: &Contact) -> Statement {
    Statement::new(
        "insert into order_contact(order_id, email, name, line1, line2, city, postcode, country, phone, note)
         values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        [
            id.into(),
            contact.email.as_str().into(),
            contact.name.as_str().into(),
            contact.line1.as_str().into(),
            contact.line2.as_str().into(),
            contact.city.as_str().into(),
            contact.postcode.as_str().into(),
            contact.country.as_str().into(),
            contact.phone.as_str().into(),
            contact.note.as_str().into(),
        ],
    )
}

fn insert_lines(id: &str, lines: &str) -> Statement {
    Statement::new(
        "insert into order_line(order_id, n, sku, title, options, qty, unit, tax_class, tax_bp, tax, discount, weight, policy, lead_days)
         select ?1, key, value->>'$.sku', value->>'$.title', value->>'$.options', value->>'$.qty', value->>'$.unit',
           value->>'$.tax_class', value->>'$.tax_bp', value->>'$.tax', value->>'$.discount', value->>'$.weight',
           value->>'$.policy', value->>'$.lead_days' from json_each(?2)",
        [id.into(), lines.into()],
    )
}

fn insert_taxes(id: &str, taxes: &str) -> Statement {
    Statement::new(
        "insert into order_tax(order_id, n, title, bp, gross, tax)
         select ?1, key, value->>'$.title', value->>'$.bp', value->>'$.gross', value->>'$.tax' from json_each(?2)",
        [id.into(), taxes.into()],
    )
}

fn insert_promotions(id: &str, promotions: &str) -> Statement {
    Statement::new(
        "insert into order_promotion(order_id, n, promotion, title, discount)
         select ?1, key, value->>'$.id', value->>'$.title', value->>'$.discount' from json_each(?2)",
        [id.into(), promotions.into()],
    )
}

fn line_json<'a>((line, share): (&'a GoodsLine, &'a LineShare)) -> LineJson<'a> {
    LineJson {
        sku: line.sku.as_str(),
        title: &line.record.title,
        options: line.record.options_text(),
        qty: line.quantity.get(),
        unit: line.record.unit.minor(),
        tax_class: &line.record.tax,
        tax_bp: share.rate.get(),
        tax: share.tax.minor(),
        discount: share.discount.minor(),
        weight: line.record.weight,
        opening: line.record.opening_stock,
        policy: line.record.stock_policy.as_str(),
        limit: line.record.stock_policy.limit(),
        lead_days: line.record.stock_policy.lead_days(),
    }
}

fn tax_json(share: &crate::pricing::TaxShare) -> TaxJson<'_> {
    TaxJson { title: &share.title, bp: share.rate.get(), gross: share.gross.minor(), tax: share.tax.minor() }
}

fn promotion_json(applied: &Applied) -> PromotionJson<'_> {
    PromotionJson { id: &applied.id, title: &applied.title, discount: applied.discount.minor() }
}

fn json<T: Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Other(error.to_string()))
}

/// An order that may be the answer to a form already.
#[derive(Debug)]
pub(crate) struct PlacedRow {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) idem_key: String,
    pub(crate) req_hash: String,
    pub(crate) cart_id: String,
}
crate::ports::from_row!(PlacedRow { id, number, idem_key, req_hash, cart_id;  });

/// The live order of a form's key or of a cart.
pub(crate) fn placed(key: &Id, cart_id: Option<&Id>) -> Statement {
    Statement::new(
        "select id, number, idem_key, req_hash, cart_id from orders where idem_key = ?1
         union
         select id, number, idem_key, req_hash, cart_id from orders where cart_id = ?2 and state not in ('expired', 'cancelled')",
        [key.as_str().into(), cart_id.map(Id::as_str).into()],
    )
}

//! `/admin/stock/`: what is on the shelf, and counting it again.

use std::collections::BTreeMap;

use axum::response::Response;
use http::StatusCode;
use ipswich_catalog::Sku;
use ipswich_catalog::published::SkuRecord;
use serde::Serialize;

use super::staff_view;
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::fields::Line;
use crate::form::Fields;
use crate::ports::DbError;
use crate::query::Query;
use crate::release::Release;
use crate::request::Visit;
use crate::respond::{link, meta, notice, page, redirect, refuse};
use crate::session::{self, Staff};
use crate::store::stock::{self, Count, StockRow};
use crate::views::{AdminStockPage, Field, Notice, NoticeKind, StockRowView};

/// SKUs on one page.
const PAGE: usize = 50;

/// The longest search and the longest reason, in characters.
const QUERY_CHARS_MAX: usize = 60;
pub(crate) const REASON_CHARS_MAX: usize = 200;

/// The most pieces of a SKU the shop counts.
pub(crate) const COUNT_MAX: i64 = 1_000_000;

/// `GET /admin/stock/`: `q` searches SKUs and names, `after` is the last SKU of the page before.
pub(crate) async fn list(visit: Visit, query: Query) -> Result<Response, Error> {
    let (staff, _) = session::staff(&visit, "/admin/stock/", vec![]).await?;
    let wanted: String = query.get("q").trim().chars().take(QUERY_CHARS_MAX).collect();
    let after = Sku::parse(query.get("after")).ok();
    let notices = match Sku::parse(query.get("done")) {
        Ok(sku) => vec![notice(NoticeKind::Success, format!("The stock of {sku} is corrected."))],
        Err(_) => vec![],
    };
    let view = Shelf { wanted, after, notices, typed: None };
    view.page(&visit, &staff, StatusCode::OK).await
}

/// `POST /admin/stock/`: `sku`, `counted`, `expected` and `reason`.
pub(crate) async fn correct(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["sku", "counted", "expected", "reason"], None)?;
    let (staff, _) = session::staff(&visit, "/admin/stock/", vec![]).await?;
    let release = visit.release().await?;
    let sku = Sku::parse(fields.get("sku")).map_err(|_| unknown())?;
    let record = release.sku(&sku).await?.ok_or_else(unknown)?;
    let typed = fields.get("counted").to_owned();
    let again = |error: String| Shelf {
        wanted: sku.to_string(),
        after: None,
        notices: vec![],
        typed: Some((sku.clone(), Field { value: typed.clone(), error: Some(error) })),
    };
    let invalid = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(counted) = pieces(&typed) else {
        let error = format!("Enter the pieces you counted, a whole number from 0 to {COUNT_MAX}.");
        return again(error).page(&visit, &staff, invalid).await;
    };
    let Some(expected) = pieces(fields.get("expected")) else {
        return Err(Error::StrangeForm("a stock form without the number it showed".to_owned()));
    };
    let reason = match Line::required(fields.get("reason"), REASON_CHARS_MAX) {
        Ok(reason) => reason,
        Err(problem) => return again(problem.in_english("a reason")).page(&visit, &staff, invalid).await,
    };
    let reference = format!("count:{}", visit.new_id()?.as_str());
    let count = Count { sku: &sku, expected, counted, reason: reason.as_str(), reference: &reference };
    let correction = Correction { visit: &visit, staff: &staff, count, record: &record };
    match correction.book().await? {
        None => redirect(StatusCode::SEE_OTHER, &format!("/admin/stock/?q={sku}&done={sku}")),
        Some(problem) => again(problem).page(&visit, &staff, StatusCode::CONFLICT).await,
    }
}

/// A count about to be booked.
struct Correction<'a> {
    visit: &'a Visit,
    staff: &'a Staff,
    count: Count<'a>,
    record: &'a SkuRecord,
}

/// What the audit keeps of a correction.
#[derive(Serialize)]
struct Detail<'a> {
    expected: i64,
    counted: i64,
    reason: &'a str,
}

impl Correction<'_> {
    /// Books the count; a sentence says why not.
    async fn book(&self) -> Result<Option<String>, Error> {
        let Count { sku, expected, counted, reason, reference } = self.count;
        let now = self.visit.now();
        let opening =
            serde_json::json!([{ "sku": sku.as_str(), "opening": self.record.opening_stock }]).to_string();
        let detail = serde_json::to_string(&Detail { expected, counted, reason })
            .map_err(|error| Error::Broken(error.to_string()))?;
        let mut batch = Vec::from(stock::open(&opening, now));
        batch.extend(stock::adjust(&self.count, now));
        batch.push(stock::audit(self.staff.id(), "stock.count", sku.as_str(), detail, now));
        match self.visit.batch(batch).await {
            Ok(_) => return Ok(None),
            Err(DbError::Constraint(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let checks = vec![stock::is_booked(reference, sku), stock::of_skus(stock::json_list([sku]))];
        let mut answers = self.visit.batch(checks).await?;
        if !answers.rows()?.0.is_empty() {
            return Ok(None);
        }
        let row = answers.first::<StockRow>()?;
        let opening = i64::from(self.record.opening_stock);
        let (on_hand, reserved) = row.as_ref().map_or((opening, 0), in_the_house);
        Ok(Some(if on_hand == expected {
            format!("{reserved} pieces are held for orders, so there cannot be fewer. Cancel an order first.")
        } else {
            format!("The stock changed from {expected} to {on_hand} while you counted. Please count again.")
        }))
    }
}

/// A page of the stock list.
struct Shelf {
    wanted: String,
    after: Option<Sku>,
    notices: Vec<Notice>,
    typed: Option<(Sku, Field)>,
}

impl Shelf {
    async fn page(self, visit: &Visit, staff: &Staff, status: StatusCode) -> Result<Response, Error> {
        let release = visit.release().await?;
        let mut found = search(&release, &self.wanted).await?;
        if let Some(after) = &self.after {
            found = found.split_off(after);
            found.remove(after);
        }
        let skus: Vec<Sku> = found.keys().take(PAGE).cloned().collect();
        let mut answers = visit.batch(vec![stock::of_skus(stock::json_list(&skus))]).await?;
        let stock: BTreeMap<String, StockRow> =
            answers.all::<StockRow>()?.into_iter().map(|row| (row.sku.clone(), row)).collect();
        let last = skus.last().filter(|_| found.len() > PAGE);
        let next = last.map(|sku| format!("/admin/stock/?after={sku}&q={}", encoded(&self.wanted)));
        let rows = found
            .iter()
            .take(PAGE)
            .map(|(sku, record)| self.row(sku, record, stock.get(sku.as_str())))
            .collect();
        let view = AdminStockPage {
            meta: meta("Stock"),
            staff: staff_view(staff),
            rows,
            query: self.wanted,
            notices: self.notices,
            next,
        };
        page(&release, status, "admin/stock.html", &view)
    }

    fn row(&self, sku: &Sku, record: &SkuRecord, stock: Option<&StockRow>) -> StockRowView {
        let (on_hand, reserved) = stock.map_or((i64::from(record.opening_stock), 0), in_the_house);
        let typed = self.typed.as_ref().filter(|(known, _)| known == sku);
        StockRowView {
            sku: sku.to_string(),
            title: record.title.clone(),
            options: record.options_text(),
            url: record.url.clone(),
            on_hand,
            reserved,
            available: on_hand.saturating_sub(reserved),
            counted: typed.map_or_else(Field::default, |(_, field)| field.clone()),
        }
    }
}

/// Every SKU of the release whose code or name holds the words, in order.
async fn search(release: &Release, wanted: &str) -> Result<BTreeMap<Sku, SkuRecord>, Error> {
    let wanted = wanted.to_lowercase();
    let mut found = BTreeMap::new();
    for number in 0..release.shards() {
        let shard = release.shard(number).await?;
        let matching = shard.skus.iter().filter(|(sku, record)| {
            sku.as_str().to_lowercase().contains(&wanted) || record.title.to_lowercase().contains(&wanted)
        });
        found.extend(matching.map(|(sku, record)| (sku.clone(), record.clone())));
    }
    Ok(found)
}

/// Pieces in the house, and those of them that are held for orders.
fn in_the_house(row: &StockRow) -> (i64, i64) {
    (row.on_hand.saturating_add(row.aside), row.reserved.saturating_add(row.aside))
}

/// A whole number of pieces, zero included.
pub(crate) fn pieces(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|count| digits && *count <= COUNT_MAX)
}

/// For a query string: everything but letters and digits is escaped.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(byte).collect()
}

pub(crate) fn unknown() -> Error {
    let ways = vec![link("To the stock list", "/admin/stock/")];
    refuse(StatusCode::NOT_FOUND, "There is no such SKU", "It is not, or no longer, in the catalog.", ways)
}

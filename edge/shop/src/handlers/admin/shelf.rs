//! `/admin/stock/<sku>/`: the ledger of a SKU, and booking what comes and goes.

use axum::response::Response;
use http::StatusCode;
use ipswich_catalog::published::SkuRecord;
use ipswich_catalog::{Sku, StockPolicy};

use super::staff_view;
use super::stock::{COUNT_MAX, REASON_CHARS_MAX, pieces, unknown};
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::fields::Line;
use crate::form::Fields;
use crate::ports::DbError;
use crate::query::{Query, TextInPath};
use crate::request::Visit;
use crate::respond::{meta, notice, page, see_other};
use crate::session::{self, Staff};
use crate::store::stock::{self, Booking, BookingKind, EntryRow, StockRow};
use crate::token::Id;
use crate::views::{AdminShelfPage, EntryView, Field, Notice, NoticeKind};

/// Entries on one page.
const PAGE: usize = 50;

/// Where the ledger begins for those who read it from the newest entry on.
const NEWEST: i64 = 1 << 52;

/// What corrections are booked under, so that they can be counted later.
pub(crate) const REASONS: [&str; 6] = ["Damaged", "Lost", "Found", "Own use", "Gift or sample", "Mistake"];

/// `GET /admin/stock/<sku>/`; `before` is the last entry of the page before.
pub(crate) async fn show(visit: Visit, TextInPath(sku): TextInPath, query: Query) -> Result<Response, Error> {
    let shelf = Shelf::open(&visit, &sku).await?;
    let before = query.get("before").parse().ok().filter(|id| (1..NEWEST).contains(id)).unwrap_or(NEWEST);
    let done = match query.get("done") {
        "receive" => Some("The delivery is booked."),
        "restock" => Some("The goods are back in stock."),
        "adjust" => Some("The stock is corrected."),
        _ => None,
    };
    let notices = done.map(|text| notice(NoticeKind::Success, text)).into_iter().collect();
    shelf.page(&visit, StatusCode::OK, notices, before, Typed::default()).await
}

/// `POST /admin/stock/<sku>/`: `kind`, `key` and `pieces`, and with it `note` (of a delivery), `order` (of goods that
/// came back), or `reason` and `words` (of a correction).
pub(crate) async fn book(
    visit: Visit,
    TextInPath(sku): TextInPath,
    _: CsrfChecked,
    fields: Fields,
) -> Result<Response, Error> {
    let fields = fields.only(&["kind", "key", "pieces", "note", "order", "reason", "words"], None)?;
    let shelf = Shelf::open(&visit, &sku).await?;
    let strange = || Error::StrangeForm("a booking that the stock does not offer".to_owned());
    let key = Id::parse(fields.get("key")).ok_or_else(strange)?;
    let kind = [BookingKind::Receive, BookingKind::Restock, BookingKind::Adjust]
        .into_iter()
        .find(|kind| kind.as_str() == fields.get("kind"))
        .ok_or_else(strange)?;
    let (problem, status) = match read(kind, &key, &fields) {
        Ok(wanted) => match shelf.book(&visit, kind, &wanted).await? {
            None => {
                return see_other(&format!("/admin/stock/{}/?done={}", shelf.sku, kind.as_str()));
            }
            Some(problem) => (problem, StatusCode::CONFLICT),
        },
        Err(problem) => (problem, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let typed = Typed { kind: Some(kind), fields: Some(&fields), problem: Some(problem) };
    shelf.page(&visit, status, vec![], NEWEST, typed).await
}

/// What a form asks for.
struct Wanted {
    reference: String,
    pieces: i64,
    reason: String,
}

/// What was typed, with what is wrong with it.
#[derive(Default)]
struct Typed<'a> {
    kind: Option<BookingKind>,
    fields: Option<&'a Fields>,
    problem: Option<String>,
}

/// Reads a form; a sentence says what is wrong with it.
fn read(kind: BookingKind, key: &Id, fields: &Fields) -> Result<Wanted, String> {
    let text = fields.get("pieces").trim();
    let line = |name: &str, what: &'static str| {
        Line::required(fields.get(name), REASON_CHARS_MAX).map_err(|problem| problem.in_english(what))
    };
    let came = || {
        let count = pieces(text).filter(|count| *count > 0);
        count.ok_or_else(|| format!("Enter the pieces that came, a whole number from 1 to {COUNT_MAX}."))
    };
    match kind {
        BookingKind::Receive => {
            let (pieces, note) = (came()?, line("note", "the number of the delivery note")?);
            let note = note.as_str();
            Ok(Wanted { pieces, reference: format!("note:{note}"), reason: format!("Delivery note {note}") })
        }
        BookingKind::Restock => {
            let (pieces, order) = (came()?, line("order", "the order that it comes from")?);
            let (reference, reason) =
                (format!("return:{}", key.as_str()), format!("From order {}", order.as_str()));
            Ok(Wanted { pieces, reference, reason })
        }
        BookingKind::Adjust => {
            let (sign, digits) = match text.strip_prefix(['-', '−']) {
                Some(rest) => (-1, rest),
                None => (1, text.trim_start_matches('+')),
            };
            let count = pieces(digits).filter(|count| *count > 0).map(|count| count.saturating_mul(sign));
            let pieces = count.ok_or("Enter how many pieces more or fewer there are, such as 3 or -2.")?;
            let known = REASONS.into_iter().find(|known| *known == fields.get("reason"));
            let reason = known.ok_or("Choose a reason from the list.")?;
            let words = Line::optional(fields.get("words"), REASON_CHARS_MAX)
                .map_err(|problem| problem.in_english("your words"))?;
            let words = words.as_str();
            let reason = if words.is_empty() { reason.to_owned() } else { format!("{reason}: {words}") };
            Ok(Wanted { pieces, reference: format!("adjust:{}", key.as_str()), reason })
        }
    }
}

/// The shelf of one SKU.
struct Shelf {
    staff: Staff,
    sku: Sku,
    record: SkuRecord,
}

struct AtRow {
    at: i64,
}
crate::ports::from_row!(AtRow { ; at });

impl Shelf {
    async fn open(visit: &Visit, sku: &str) -> Result<Shelf, Error> {
        let sku = Sku::parse(sku).ok();
        let next =
            sku.as_ref().map_or_else(|| "/admin/stock/".to_owned(), |sku| format!("/admin/stock/{sku}/"));
        let (staff, _) = session::staff(visit, &next, vec![]).await?;
        let sku = sku.ok_or_else(unknown)?;
        let record = visit.release().await?.sku(&sku).await?.ok_or_else(unknown)?;
        Ok(Shelf { staff, sku, record })
    }

    /// Books pieces; a sentence says why not.
    async fn book(&self, visit: &Visit, kind: BookingKind, wanted: &Wanted) -> Result<Option<String>, Error> {
        let now = visit.now();
        let Wanted { reference, pieces, reason } = wanted;
        let booking = Booking { sku: &self.sku, kind, reference, pieces: *pieces, reason };
        let opening = serde_json::json!([{ "sku": self.sku.as_str(), "opening": self.record.opening_stock }])
            .to_string();
        let detail = serde_json::json!({ "pieces": pieces, "reason": reason }).to_string();
        let action = match kind {
            BookingKind::Receive => "stock.receive",
            BookingKind::Restock => "stock.restock",
            BookingKind::Adjust => "stock.adjust",
        };
        let mut batch = Vec::from(stock::open(&opening, now));
        batch.extend(stock::book(&booking, now));
        batch.push(stock::audit(self.staff.id(), action, self.sku.as_str(), detail, now));
        match visit.batch(batch).await {
            Ok(_) => return Ok(None),
            Err(DbError::Constraint(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let checks =
            vec![stock::is_booked(reference, &self.sku), stock::of_skus(stock::json_list([&self.sku]))];
        let mut answers = visit.batch(checks).await?;
        let booked = answers.first::<AtRow>()?;
        let row = answers.first::<StockRow>()?;
        Ok(match booked {
            // The same form once more, or the same booking whose answer was lost.
            Some(AtRow { at }) if kind != BookingKind::Receive || at == now => None,
            Some(_) => Some("This delivery note is booked for this SKU already.".to_owned()),
            None => {
                let held = row.map_or(0, |row| row.reserved);
                Some(format!(
                    "There are not that many pieces to take away: {held} are held for orders. Cancel an order first."
                ))
            }
        })
    }

    async fn page(
        &self,
        visit: &Visit,
        status: StatusCode,
        notices: Vec<Notice>,
        before: i64,
        typed: Typed<'_>,
    ) -> Result<Response, Error> {
        let limit = i64::try_from(PAGE.saturating_add(1)).unwrap_or(i64::MAX);
        let statements =
            vec![stock::of_skus(stock::json_list([&self.sku])), stock::entries(&self.sku, before, limit)];
        let mut answers = visit.batch(statements).await?;
        let row = answers.first::<StockRow>()?;
        let entries = answers.all::<EntryRow>()?;
        let last = entries.get(..PAGE).filter(|_| entries.len() > PAGE).and_then(<[EntryRow]>::last);
        let opening = i64::from(self.record.opening_stock);
        let number = |read: fn(&StockRow) -> i64, other: i64| row.as_ref().map_or(other, read);
        let field = |kind: BookingKind, name: &str, error: Option<String>| Field {
            value: typed
                .fields
                .filter(|_| typed.kind == Some(kind))
                .map_or("", |fields| fields.get(name))
                .to_owned(),
            error,
        };
        let pieces = |kind| field(kind, "pieces", typed.problem.clone().filter(|_| typed.kind == Some(kind)));
        let view = AdminShelfPage {
            meta: meta(&format!("Stock of {}", self.sku)),
            staff: staff_view(&self.staff),
            notices,
            sku: self.sku.to_string(),
            title: self.record.title.clone(),
            options: self.record.options_text(),
            url: self.record.url.clone(),
            policy: policy_text(self.record.stock_policy),
            on_hand: number(|row| row.on_hand.saturating_add(row.aside), opening),
            reserved: number(|row| row.reserved.saturating_add(row.aside), 0),
            owed: number(|row| row.owed, 0),
            available: number(|row| row.on_hand.saturating_sub(row.reserved), opening),
            key: visit.new_id()?.as_str().to_owned(),
            received: pieces(BookingKind::Receive),
            note: field(BookingKind::Receive, "note", None),
            returned: pieces(BookingKind::Restock),
            order: field(BookingKind::Restock, "order", None),
            changed: pieces(BookingKind::Adjust),
            reasons: REASONS.map(str::to_owned).to_vec(),
            reason: field(BookingKind::Adjust, "reason", None).value,
            words: field(BookingKind::Adjust, "words", None),
            entries: entries.iter().take(PAGE).map(entry).collect(),
            older: last.map(|entry| format!("/admin/stock/{}/?before={}", self.sku, entry.id)),
        };
        page(&*visit.release().await?, status, "admin/shelf.html", &view)
    }
}

fn policy_text(policy: StockPolicy) -> String {
    match policy {
        StockPolicy::Deny => "Sold from stock only".to_owned(),
        StockPolicy::Backorder { limit, lead_days } => {
            format!("Sold beyond stock: up to {limit} pieces owed, in about {lead_days} days")
        }
        StockPolicy::MadeToOrder { lead_days } => {
            format!("Made to order in about {lead_days} days, not counted")
        }
    }
}

fn entry(row: &EntryRow) -> EntryView {
    let what = match row.kind.as_str() {
        "receive" if row.reference == "opening" => "Opening stock",
        "receive" => "Received",
        "restock" => "Came back",
        "reserve" => "Held for an order",
        "release" => "No longer held",
        "claim" => "Sold",
        _ if row.reason == "backorder" && row.d_on_hand < 0 => "Set aside for orders that wait",
        _ if row.reason == "backorder" => "No longer set aside",
        _ => "Corrected",
    };
    EntryView {
        at: row.at,
        what: what.to_owned(),
        reason: if row.reason == "backorder" { String::new() } else { row.reason.clone() },
        order: row.number.clone(),
        order_url: if row.number.is_empty() {
            String::new()
        } else {
            format!("/admin/orders/{}/", row.reference)
        },
        on_hand: signed(row.d_on_hand),
        reserved: signed(row.d_reserved),
    }
}

/// A change with its sign; empty if nothing changes.
fn signed(change: i64) -> String {
    match change {
        0 => String::new(),
        1.. => format!("+{change}"),
        _ => format!("−{}", change.unsigned_abs()),
    }
}

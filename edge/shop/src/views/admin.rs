//! The pages of the staff.

use ipswich_theme::Meta;
use serde::Serialize;

use super::form::Field;
use super::order::{OrderRowView, OrderView};
use super::parts::Notice;
use crate::store::money::StrayRow;

/// Who is signed in as staff.
#[derive(Clone, Debug, Serialize)]
pub struct StaffView {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
}

/// A filter with a count.
#[derive(Clone, Debug, Serialize)]
pub struct FilterView {
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// How many there are.
    pub count: u32,
    /// Whether it is on.
    pub current: bool,
}

/// `admin/orders.html`
#[derive(Clone, Debug, Serialize)]
pub struct AdminOrdersPage {
    /// Head of the page.
    pub meta: Meta,
    /// Who is signed in.
    pub staff: StaffView,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// Orders by state.
    pub filters: Vec<FilterView>,
    /// Orders, newest first.
    pub orders: Vec<OrderRowView>,
    /// The page of older orders.
    pub older: Option<String>,
}

/// `admin/order.html`
#[derive(Clone, Debug, Serialize)]
pub struct AdminOrderPage {
    /// Head of the page.
    pub meta: Meta,
    /// Who is signed in.
    pub staff: StaffView,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// The order.
    pub order: OrderView,
    /// Its page for staff: `/admin/orders/<id>/`; forms post to `paid/`, `shipped/` and `cancel/` below it.
    pub admin_url: String,
    /// Whether it can be marked paid. Input `reference`: the receipt number of the bank or the till.
    pub can_mark_paid: bool,
    /// What was typed as `reference`.
    pub reference: Field,
    /// What was typed as `receipt` and `amount` of money that settles no order; `stray/` takes them.
    pub receipt: Field,
    /// See `receipt`.
    pub amount: Field,
    /// Such money that came for this order.
    pub strays: Vec<StrayView>,
    /// Whether it can be marked shipped (or fetched). Inputs `carrier` and `tracking`, optional.
    pub can_mark_shipped: bool,
    /// Whether it can be cancelled.
    pub can_cancel: bool,
    /// What happened, oldest first.
    pub history: Vec<HistoryView>,
}

/// One thing that happened to an order.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryView {
    /// When.
    pub at: i64,
    /// Who: a staff member's name, "Customer" or "Shop".
    pub actor: String,
    /// What, in a sentence.
    pub what: String,
}

/// `admin/stock.html`
#[derive(Clone, Debug, Serialize)]
pub struct AdminStockPage {
    /// Head of the page.
    pub meta: Meta,
    /// Who is signed in.
    pub staff: StaffView,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// What was searched for.
    pub query: String,
    /// One row per SKU. Each form posts `sku`, `counted`, `expected` and `reason` to `/admin/stock/`.
    pub rows: Vec<StockRowView>,
    /// The next page.
    pub next: Option<String>,
}

/// The stock of one SKU.
#[derive(Clone, Debug, Serialize)]
pub struct StockRowView {
    /// The SKU.
    pub sku: String,
    /// The product's name.
    pub title: String,
    /// The chosen options in words.
    pub options: String,
    /// The product's page.
    pub url: String,
    /// Pieces in the house.
    pub on_hand: i64,
    /// Pieces held for orders.
    pub reserved: i64,
    /// Pieces that can be sold.
    pub available: i64,
    /// What was typed as `counted`, with what is wrong with it.
    pub counted: Field,
}

/// Money that settles no order.
#[derive(Clone, Debug, Serialize)]
pub struct StrayView {
    /// The receipt number.
    pub receipt: String,
    /// How much.
    pub amount: i64,
    /// When it was booked.
    pub at: i64,
    /// The order it was meant for.
    pub number: String,
    /// The page of that order for staff.
    pub order_url: String,
    /// The reference it went back with; empty while it has not.
    pub returned: String,
    /// What was typed as `reference`.
    pub reference: Field,
}

impl From<&StrayRow> for StrayView {
    fn from(row: &StrayRow) -> StrayView {
        StrayView {
            receipt: row.reference.clone(),
            amount: row.amount,
            at: row.at,
            number: row.number.clone(),
            order_url: format!("/admin/orders/{}/", row.order_id),
            returned: row.returned.clone(),
            reference: Field::default(),
        }
    }
}

/// `admin/money.html`: money to be returned by hand. Each form posts `receipt` and `reference` to `/admin/money/`.
#[derive(Clone, Debug, Serialize)]
pub struct AdminMoneyPage {
    /// Head of the page.
    pub meta: Meta,
    /// Who is signed in.
    pub staff: StaffView,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// What has not gone back, oldest first.
    pub strays: Vec<StrayView>,
}

/// `admin/outbox.html`: messages that were given up. Each form posts `id` and `decision` (`again` or `give-up`) to
/// `/admin/outbox/`.
#[derive(Clone, Debug, Serialize)]
pub struct AdminOutboxPage {
    /// Head of the page.
    pub meta: Meta,
    /// Who is signed in.
    pub staff: StaffView,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// Messages that wait to be sent.
    pub waiting: i64,
    /// Of these, how many have failed at least once.
    pub failing: i64,
    /// How long the oldest of them has waited, in words; empty if none waits.
    pub oldest: String,
    /// Messages that were given up; not all of them are in the list.
    pub dead: i64,
    /// The oldest of those that were given up.
    pub letters: Vec<LetterView>,
}

/// A message that was given up.
#[derive(Clone, Debug, Serialize)]
pub struct LetterView {
    /// Its number, for the forms.
    pub id: i64,
    /// What it is.
    pub what: String,
    /// The order it is about, on the pages of the staff; empty if it is about none.
    pub order_url: String,
    /// Why the last try failed.
    pub cause: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was put in.
    pub at: i64,
}

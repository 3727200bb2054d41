//! The pages of the staff.

use ipswich_theme::Meta;
use serde::Serialize;

use super::form::Field;
use super::order::{OrderRowView, OrderView};
use super::parts::Notice;

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
    /// Whether it can be marked shipped (or fetched). Inputs `carrier` and `tracking`, optional.
    pub can_mark_shipped: bool,
    /// Whether it can be cancelled.
    pub can_cancel: bool,
    /// The form that pays money back, while there is some left.
    pub refund: Option<RefundForm>,
    /// What happened, oldest first.
    pub history: Vec<HistoryView>,
}

/// The form that posts to `refund/` below the order's page for staff.
#[derive(Clone, Debug, Serialize)]
pub struct RefundForm {
    /// Hidden input `key`: posting it twice is one refund.
    pub key: String,
    /// Whether Stripe sends the money back; staff has done it otherwise.
    pub by_card: bool,
    /// What is left of what the customer paid.
    pub left: i64,
    /// The lines.
    pub lines: Vec<RefundLineView>,
    /// Input `reason`.
    pub reason: Field,
    /// Input `other`: an amount beside the pieces, such as the delivery.
    pub other: Field,
}

/// A line of an order in the form of a refund.
#[derive(Clone, Debug, Serialize)]
pub struct RefundLineView {
    /// Its number: inputs are `line_qty_<n>` and `line_restock_<n>`.
    pub n: usize,
    /// The SKU.
    pub sku: String,
    /// The product's name.
    pub title: String,
    /// The chosen options in words.
    pub options: String,
    /// Pieces that can still be paid back.
    pub left: u32,
    /// What was typed as pieces.
    pub pieces: String,
    /// Whether they are back on the shelf.
    pub restock: bool,
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

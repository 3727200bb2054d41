//! The pages of the staff.

use ipswich_theme::Meta;
use serde::Serialize;

use super::form::{Field, FieldError};
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

/// `admin/coupons.html`
#[derive(Clone, Debug, Serialize)]
pub struct AdminCouponsPage {
    /// Head of the page.
    pub meta: Meta,
    /// Who is signed in.
    pub staff: StaffView,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// The form for a new coupon, which is posted to `/admin/coupons/`.
    pub form: CouponFormView,
    /// All mistakes in it, for the summary.
    pub errors: Vec<FieldError>,
    /// The code of the shop's currency.
    pub currency: String,
    /// Coupons, newest first. A form posts `code` to `/admin/coupons/end/`.
    pub coupons: Vec<CouponRowView>,
    /// The page of older coupons.
    pub older: Option<String>,
}

/// The form for a new coupon. Names of inputs are those of the fields here.
#[derive(Clone, Debug, Serialize)]
pub struct CouponFormView {
    /// Empty for one that we make up.
    pub code: Field,
    /// Its name for shoppers.
    pub title: Field,
    /// `percent`, `amount` or `free_delivery`.
    pub kind: Field,
    /// Percent or an amount.
    pub value: Field,
    /// Slugs, with commas.
    pub products: Field,
    /// Paths, with commas.
    pub categories: Field,
    /// Names, with commas.
    pub brands: Field,
    /// What the goods must cost.
    pub minimum: Field,
    /// The first day.
    pub from: Field,
    /// The last day.
    pub until: Field,
    /// How many orders may have it.
    pub uses_max: Field,
    /// How many orders of one customer may have it.
    pub per_customer: Field,
    /// A check box.
    pub with_promotions: bool,
    /// A check box.
    pub with_coupons: bool,
    /// Whether it is shown at once, because there is a mistake in it.
    pub open: bool,
}

/// A coupon in the list.
#[derive(Clone, Debug, Serialize)]
pub struct CouponRowView {
    /// The code.
    pub code: String,
    /// Its name for shoppers.
    pub title: String,
    /// What it takes off and on which terms, in words.
    pub terms: Vec<String>,
    /// The first moment.
    pub from: Option<i64>,
    /// The last moment.
    pub until: Option<i64>,
    /// How many orders have it, paid or waiting for their money.
    pub uses: i64,
    /// How many may have it; none for any number.
    pub uses_max: Option<i64>,
    /// How the state looks: the state of an order that is coloured alike.
    pub state: String,
    /// Whether it is valid, in words.
    pub state_title: String,
    /// Whether it can be ended.
    pub can_end: bool,
}

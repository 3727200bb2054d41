//! The views of the dynamic pages, one struct per template. Templates see them as `page`.
//!
//! All amounts are minor units of the shop's currency, all moments Unix seconds.

use ipswich_theme::{Image, Meta};
use serde::Serialize;

/// A form field shown again: what was typed and what is wrong with it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Field {
    /// What was typed.
    pub value: String,
    /// A sentence for the person who typed it.
    pub error: Option<String>,
}

/// A mistake in a form, for the summary above it.
#[derive(Clone, Debug, Serialize)]
pub struct FieldError {
    /// The id of the field, for the link.
    pub field: String,
    /// The sentence at the field.
    pub message: String,
}

/// A sentence above the content of a page.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    /// How it looks.
    pub kind: NoticeKind,
    /// What it says.
    pub text: String,
}

/// Whether a notice brings good or bad news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeKind {
    /// Something worked.
    Success,
    /// Something to know.
    Info,
    /// Something needs attention.
    Warning,
}

/// A link with a name.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub url: String,
}

/// A line of a cart or an order.
#[derive(Clone, Debug, Serialize)]
pub struct LineView {
    /// The SKU.
    pub sku: String,
    /// The product's name.
    pub title: String,
    /// The chosen options in words; empty without options.
    pub options: String,
    /// The product's page; none if the product is no longer sold.
    pub url: Option<String>,
    /// A picture.
    pub image: Option<Image>,
    /// The price of one.
    pub unit: i64,
    /// How many.
    pub quantity: u32,
    /// The price of all.
    pub total: i64,
    /// A sentence about this line, such as "Only 2 left".
    pub problem: Option<String>,
}

/// `shop/cart.html`
#[derive(Clone, Debug, Serialize)]
pub struct CartPage {
    /// Head of the page.
    pub meta: Meta,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// The lines; empty for an empty cart.
    pub lines: Vec<LineView>,
    /// Pieces in all.
    pub pieces: u32,
    /// Price of the goods.
    pub subtotal: i64,
    /// The cheapest delivery, as an estimate.
    pub delivery: Option<DeliveryEstimate>,
    /// Goods and estimated delivery.
    pub total: i64,
    /// Tax contained in the goods.
    pub tax_included: i64,
    /// Whether checkout is possible: lines, and no problem with any.
    pub can_check_out: bool,
}

/// What delivery will probably cost.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryEstimate {
    /// The method's name.
    pub title: String,
    /// Its price for this cart.
    pub price: i64,
    /// How much more makes it free; none if it is free or never will be.
    pub free_gap: Option<i64>,
    /// How far the cart is on the way to free delivery, in percent, 0 to 100.
    pub free_percent: u32,
}

/// `shop/checkout.html`. Names of inputs are those of the fields here.
#[derive(Clone, Debug, Serialize)]
pub struct CheckoutPage {
    /// Head of the page.
    pub meta: Meta,
    /// Sentences above the content, such as a changed price.
    pub notices: Vec<Notice>,
    /// All mistakes, for the summary.
    pub errors: Vec<FieldError>,
    /// Hidden input `key`: posting it twice gives the same order.
    pub key: String,
    /// Who is signed in, by e-mail.
    pub signed_in: Option<String>,
    /// Input `email`.
    pub email: Field,
    /// Input `name`.
    pub name: Field,
    /// Input `line1`.
    pub line1: Field,
    /// Input `line2`.
    pub line2: Field,
    /// Input `city`.
    pub city: Field,
    /// Input `postcode`.
    pub postcode: Field,
    /// Input `country`: options.
    pub countries: Vec<Choice>,
    /// Input `phone`, optional.
    pub phone: Field,
    /// Input `note`, optional.
    pub note: Field,
    /// Radio buttons `delivery`.
    pub delivery: Vec<DeliveryChoice>,
    /// What is wrong with the choice of delivery.
    pub delivery_error: Option<String>,
    /// Radio buttons `payment`.
    pub payment: Vec<Choice>,
    /// What is wrong with the choice of payment.
    pub payment_error: Option<String>,
    /// The goods.
    pub lines: Vec<LineView>,
    /// Price of the goods.
    pub subtotal: i64,
    /// For how many days goods are held.
    pub term_days: u32,
}

/// An option of a list or a radio button.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// The value that is sent.
    pub value: String,
    /// What it says.
    pub title: String,
    /// A few words more.
    pub note: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A delivery method to choose. The page also sends `total_<id>`, the total the shopper saw for it.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryChoice {
    /// The value that is sent.
    pub id: String,
    /// The method's name.
    pub title: String,
    /// When it arrives.
    pub note: String,
    /// Its price for this cart.
    pub price: i64,
    /// The total of the order with this method, also sent as hidden input `total_<id>`.
    pub total: i64,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// Tax contained in an order, by rate.
#[derive(Clone, Debug, Serialize)]
pub struct TaxLine {
    /// Such as "VAT 20%".
    pub title: String,
    /// The tax.
    pub tax: i64,
}

/// One step on the way of an order.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Its name.
    pub title: String,
    /// When it was reached.
    pub at: Option<i64>,
    /// Whether it is reached.
    pub done: bool,
    /// Whether it is the last one reached.
    pub current: bool,
}

/// A parcel on its way.
#[derive(Clone, Debug, Serialize)]
pub struct ShipmentView {
    /// Who carries it; empty for collection.
    pub carrier: String,
    /// The tracking number; empty if there is none.
    pub tracking: String,
    /// When it left.
    pub at: i64,
}

/// An order in full: on its page, in mails and for staff.
#[derive(Clone, Debug, Serialize)]
pub struct OrderView {
    /// The number people say and write: `7K4M-2QXD`.
    pub number: String,
    /// The address of its page: `/order/<id>/`.
    pub url: String,
    /// When it was placed.
    pub placed_at: i64,
    /// Its state, as the database has it.
    pub state: String,
    /// Its state in words.
    pub state_title: String,
    /// What happens next, in a sentence.
    pub state_sentence: String,
    /// Received, paid, sent.
    pub steps: Vec<Step>,
    /// The goods.
    pub lines: Vec<LineView>,
    /// Price of the goods.
    pub subtotal: i64,
    /// Taken off.
    pub discount: i64,
    /// Name of the delivery method.
    pub shipping_title: String,
    /// Price of delivery.
    pub shipping: i64,
    /// Tax contained in the total, by rate.
    pub taxes: Vec<TaxLine>,
    /// To pay.
    pub total: i64,
    /// Where mails go.
    pub email: String,
    /// Name and postal address, a line each; only the name for collection.
    pub address: Vec<String>,
    /// The phone number; empty if none.
    pub phone: String,
    /// What the customer wrote; empty if nothing.
    pub note: String,
    /// Whether the customer fetches it.
    pub collection: bool,
    /// How it is paid, in words.
    pub payment_title: String,
    /// Bank details (label and value) while a transfer is awaited, else empty.
    pub bank: Vec<(String, String)>,
    /// Until when the goods are held, while payment is awaited.
    pub pay_by: Option<i64>,
    /// The parcel.
    pub shipment: Option<ShipmentView>,
}

/// `shop/order.html`
#[derive(Clone, Debug, Serialize)]
pub struct OrderPage {
    /// Head of the page.
    pub meta: Meta,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// Whether it was placed a moment ago, so that the page says thank you.
    pub just_placed: bool,
    /// The order.
    pub order: OrderView,
}

/// An order in a list.
#[derive(Clone, Debug, Serialize)]
pub struct OrderRowView {
    /// Its number.
    pub number: String,
    /// Its page, for whoever sees the list.
    pub url: String,
    /// When it was placed.
    pub placed_at: i64,
    /// Its state, as the database has it.
    pub state: String,
    /// Its state in words.
    pub state_title: String,
    /// Pieces in all.
    pub pieces: u32,
    /// The total.
    pub total: i64,
    /// Who ordered; shown to staff only.
    pub customer: String,
    /// Name of the delivery method.
    pub shipping_title: String,
}

/// `shop/orders.html`: order history of a customer.
#[derive(Clone, Debug, Serialize)]
pub struct OrdersPage {
    /// Head of the page.
    pub meta: Meta,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// The customer's name.
    pub name: String,
    /// The customer's e-mail.
    pub email: String,
    /// Orders, newest first.
    pub orders: Vec<OrderRowView>,
    /// The page of older orders.
    pub older: Option<String>,
}

/// `shop/login.html` and `admin/login.html`
#[derive(Clone, Debug, Serialize)]
pub struct LoginPage {
    /// Head of the page.
    pub meta: Meta,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// What is wrong, in one sentence that does not tell which part.
    pub error: Option<String>,
    /// Input `email`.
    pub email: Field,
    /// Hidden input `next`: where to go afterwards, a path of this shop.
    pub next: String,
}

/// `shop/register.html`
#[derive(Clone, Debug, Serialize)]
pub struct RegisterPage {
    /// Head of the page.
    pub meta: Meta,
    /// All mistakes, for the summary.
    pub errors: Vec<FieldError>,
    /// Input `name`.
    pub name: Field,
    /// Input `email`.
    pub email: Field,
    /// Input `password`; the value is never sent back.
    pub password: Field,
    /// Hidden input `next`: where to go afterwards, a path of this shop.
    pub next: String,
}

/// `shop/error.html`: an answer that is not the page that was asked for.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    /// Head of the page.
    pub meta: Meta,
    /// HTTP status.
    pub status: u16,
    /// What happened, in a few words.
    pub title: String,
    /// A sentence or two.
    pub sentence: String,
    /// Ways on.
    pub links: Vec<Link>,
    /// To quote when asking for help; empty when the visitor can help herself.
    pub request_id: String,
}

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

/// `mail/<kind>.txt` and `mail/<kind>.html` for the kinds `received`, `paid`, `shipped` and `cancelled`.
#[derive(Clone, Debug, Serialize)]
pub struct OrderMail {
    /// The order.
    pub order: OrderView,
    /// The full address of its page.
    pub order_link: String,
}

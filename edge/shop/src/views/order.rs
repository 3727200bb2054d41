//! Orders: their page, the history, and mails.

use ipswich_theme::Meta;
use serde::Serialize;

use super::parts::{LineView, Notice, PromotionLine, TaxLine};

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
    /// Taken off by promotions.
    pub discount: i64,
    /// The promotions.
    pub promotions: Vec<PromotionLine>,
    /// Name of the delivery method.
    pub shipping_title: String,
    /// Price of delivery.
    pub shipping: i64,
    /// Tax contained in the total, by rate.
    pub taxes: Vec<TaxLine>,
    /// Whether that tax was added to the prices.
    pub tax_added: bool,
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
    /// Whether it waits for a card; then `pay/` and `cancel/` below its page go on with it.
    pub by_card: bool,
    /// What of the total went back, or is on its way.
    pub refunded: i64,
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

/// `mail/<kind>.txt` and `mail/<kind>.html` for the kinds `received`, `paid`, `shipped`, `cancelled` and `refunded`.
#[derive(Clone, Debug, Serialize)]
pub struct OrderMail {
    /// The order.
    pub order: OrderView,
    /// The full address of its page.
    pub order_link: String,
    /// What goes back, in a mail about a refund; 0 in others.
    pub amount: i64,
}

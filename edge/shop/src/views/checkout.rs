//! Checkout.

use ipswich_theme::Meta;
use serde::Serialize;

use super::form::{Choice, Field, FieldError};
use super::parts::{CouponView, LineView, Notice, PromotionLine, TaxLine};

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
    /// The codes in the cart that do not count with the chosen delivery.
    pub idle_coupons: Vec<CouponView>,
    /// Price of the goods.
    pub subtotal: i64,
    /// Whether tax is added to the prices.
    pub tax_added: bool,
    /// For how many days goods are held.
    pub term_days: u32,
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
    /// The promotions with this method.
    pub promotions: Vec<PromotionLine>,
    /// Tax contained in the total, by rate.
    pub taxes: Vec<TaxLine>,
    /// The total of the order with this method, also sent as hidden input `total_<id>`.
    pub total: i64,
    /// Whether it is chosen.
    pub chosen: bool,
}

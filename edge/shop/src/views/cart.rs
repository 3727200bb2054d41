//! The cart.

use ipswich_theme::Meta;
use serde::Serialize;

use super::form::Field;
use super::parts::{CouponView, LineView, Notice, PromotionLine, TaxLine};

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
    /// The promotions of today and the coupons that count.
    pub promotions: Vec<PromotionLine>,
    /// The codes in the cart, whether they count or not. Each can be posted to `/cart/coupon/remove/` as `code`.
    pub coupons: Vec<CouponView>,
    /// Input `code` of the form that is posted to `/cart/coupon/`.
    pub code: Field,
    /// The cheapest delivery in the shop's own country, as an estimate.
    pub delivery: Option<DeliveryEstimate>,
    /// Goods, estimated delivery, and the tax of the shop's own country.
    pub total: i64,
    /// Tax contained in the total, by rate.
    pub taxes: Vec<TaxLine>,
    /// Whether that tax is added to the prices.
    pub tax_added: bool,
    /// The name of the shop's own country, for which all this is an estimate.
    pub country: String,
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
    /// Whether the goods are sent; they are fetched otherwise.
    pub is_sent: bool,
    /// The name of a way to fetch them that costs nothing, if sending them does.
    pub free_collection: Option<String>,
    /// How much more makes it free; none if it is free or never will be.
    pub free_gap: Option<i64>,
    /// How far the cart is on the way to free delivery, in percent, 0 to 100.
    pub free_percent: u32,
}

//! Parts that several pages have, and the error page.

use ipswich_theme::{Image, Meta};
use serde::Serialize;

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
    /// What promotions took off it, once it is ordered.
    pub discount: i64,
    /// When it is sent, if not at once: "Ships in about 14 days".
    pub later: Option<String>,
    /// A sentence about this line, such as "Only 2 left".
    pub problem: Option<String>,
}

/// A promotion on a cart or an order.
#[derive(Clone, Debug, Serialize)]
pub struct PromotionLine {
    /// Its name.
    pub title: String,
    /// What it takes off the goods; 0 for free delivery.
    pub discount: i64,
}

/// Tax contained in an order, by rate.
#[derive(Clone, Debug, Serialize)]
pub struct TaxLine {
    /// Such as "VAT 20%".
    pub title: String,
    /// The tax.
    pub tax: i64,
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

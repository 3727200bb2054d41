//! The views of the dynamic pages, one struct per template. Templates see them as `page`.
//!
//! All amounts are minor units of the shop's currency, all moments Unix seconds.

mod account;
mod admin;
mod cart;
mod checkout;
mod form;
mod notify;
mod order;
mod parts;
mod search;
mod shelf;

pub use account::{LoginPage, RegisterPage};
pub use admin::{
    AdminMoneyPage, AdminOrderPage, AdminOrdersPage, AdminOutboxPage, AdminStockPage, FilterView,
    HistoryView, LetterView, StaffView, StockRowView, StrayView,
};
pub use cart::{CartPage, DeliveryEstimate};
pub use checkout::{CheckoutPage, DeliveryChoice};
pub use form::{Choice, Field, FieldError};
pub use notify::{NoticeMail, NotifyDone, NotifyPage, NotifyStop};
pub use order::{OrderMail, OrderPage, OrderRowView, OrderView, OrdersPage, ShipmentView, Step};
pub use parts::{ErrorPage, LineView, Link, Notice, NoticeKind, PromotionLine, TaxLine};
pub use search::{FacetView, SearchChoice, SearchPage};
pub use shelf::{AdminShelfPage, EntryView};

//! The questions the shop asks its database. Each function is one statement, its text static and in sight; what
//! belongs together is put into one batch by whoever asks.

pub(crate) mod accounts;
pub(crate) mod attempts;
pub(crate) mod carts;
pub(crate) mod coupons;
pub(crate) mod inspection;
pub(crate) mod orders;
pub(crate) mod outbox;
pub(crate) mod placing;
pub(crate) mod settling;
pub(crate) mod stock;

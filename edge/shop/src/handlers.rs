//! What the shop does for each of its addresses. A handler reads top to bottom: parse, authorise, load, decide,
//! write, respond.

pub(crate) mod accounts;
pub(crate) mod admin;
pub(crate) mod cart;
pub(crate) mod checkout;
pub(crate) mod health;
pub(crate) mod notify;
pub(crate) mod orders;
pub(crate) mod search;
pub(crate) mod stock;

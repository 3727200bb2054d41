//! All behaviour of the dynamic side of the shop: cart, checkout, orders, accounts, staff.
//!
//! An [`axum::Router`] over ports ([`ports`]). The crate has no clock, no randomness and no I/O of its own; a host
//! (the Worker, the native server, a test) supplies them. That is why the same code runs on both hosts and, with a
//! clock and a database of its own, in tests.

#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "tests may stop"
    )
)]

mod app;
mod background;
mod basket;
mod cart;
mod cart_view;
mod checkout;
mod checkout_view;
mod config;
mod cookies;
mod coupon;
mod coupon_view;
mod csrf;
mod error;
mod fields;
mod form;
mod handlers;
mod inspection;
pub mod invariants;
mod moved;
mod observe;
mod order;
mod order_view;
pub mod ports;
mod pricing;
mod query;
mod release;
mod request;
mod respond;
pub mod routes;
mod searching;
mod session;
mod sign_in;
mod store;
pub mod texts;
mod token;
pub mod views;

pub use moved::moved;
pub use request::CLIENT_HEADER;

pub use app::{
    AfterResponse, App, CreateStaffError, MIGRATIONS, Ports, StaffRole, TickReport, create_staff,
    required_migrations,
};
pub use config::{Config, ConfigError};
/// The headers of every answer; hosts add them to what they answer themselves.
pub use ipswich_catalog::headers;

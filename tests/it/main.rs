//! Integration tests.

mod accounts;
mod admin;
mod arrows;
mod cart;
mod checkout;
mod health;
mod invariants;
mod native_host;
mod orders;
mod oversell;
mod wrangler;

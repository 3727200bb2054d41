//! Integration tests.

mod accounts;
mod admin;
mod arrows;
mod blog;
mod budget;
mod build;
mod cart;
mod checkout;
mod content_errors;
mod guessing;
mod health;
mod import;
mod invariants;
mod languages;
mod last_release;
mod lists;
mod live_reload;
mod messages;
mod native_host;
mod navigation;
mod orders;
mod oversell;
mod pictures;
mod redirects;
mod visibility;
mod wrangler;

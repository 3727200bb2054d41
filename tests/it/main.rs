//! Integration tests.

mod arrows;
mod build;
mod content_errors;
mod live_reload;
mod native_host;
mod wrangler;

//! Integration tests.

mod arrows;
mod build;
mod content_errors;
mod native_host;
mod wrangler;

//! Integration tests.

mod arrows;
mod native_host;
mod wrangler;

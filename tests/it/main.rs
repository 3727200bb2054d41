//! Integration tests.

mod arrows;
mod live_reload;
mod native_host;
mod wrangler;

//! The test harness.

pub mod shop;
pub mod site;
pub mod stripe;

pub use shop::ShopTest;
pub use site::SiteTest;
pub use stripe::FakeStripe;

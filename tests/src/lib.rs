//! The test harness.

pub mod shop;
pub mod sim;
pub mod site;

pub use shop::ShopTest;
pub use site::SiteTest;

//! The test harness.

pub mod site;

pub use site::SiteTest;

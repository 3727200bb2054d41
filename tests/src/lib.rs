//! The test harness.

pub mod shop;

//! The native host of the shop.

mod sqlite;

pub use sqlite::Sqlite;

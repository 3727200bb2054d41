//! The native host of the shop: the router of `ipswich-shop` over SQLite, static files with the semantics of Workers
//! assets, mails into a folder, a tick each minute.
//!
//! For development, for tests, and for a shop that runs on one machine.

#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "tests may stop"
    )
)]

mod host;
mod mail;
mod outbound;
mod published;
mod reload;
mod site;
mod sqlite;
mod system;

pub use host::{Host, Options, ServeError, bind};
pub use mail::{MailFolder, MailRoute, Smtp};
pub use outbound::Outbound;
pub use published::SiteFolder;
pub use reload::{Built, Mistake, Reload};
pub use sqlite::Sqlite;
pub use system::{FileLog, StderrLog, SystemClock, SystemEntropy};

/// What a host's command line needs of the shop.
pub use ipswich_shop as shop;

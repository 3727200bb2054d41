//! The generator of Ipswich Retail: content files and a theme in, static pages and the published record out.
//!
//! The steps of a build, each a value handed to the next:
//!
//! 1. [`source`] reads content and theme; it is the only reader.
//! 2. [`content`] parses each file, in parallel, into typed values and problems with their places; [`names`] tells
//!    it what else exists.
//! 3. [`catalog`] and [`links`] check what files must agree on, and put the typed catalog together.
//! 4. [`pages`] plans the pages, [`views`] makes what each shows, [`render`] renders those that changed, in parallel.
//! 5. [`publish`] makes the records of the shop, [`search`] its index, [`plain`] the remaining files, and the name
//!    of the release.
//! 6. [`output`] takes each file as it is made and writes what changed; it is the only writer.
//!
//! [`memory`] keeps beside the output what the last build made from what, so that the next leaves out what is right.
//!
//! [`import`] makes content files of another shop's export, [`export`] a table of the catalog, [`new`] a first draft.
//! Beside the site, [`bundle`] makes the Worker, with the [`tools`] it needs.

mod assets;
mod budget;
pub mod build;
pub mod bundle;
mod catalog;
mod content;
mod day;
mod edition;
pub mod export;
mod feeds;
mod fields;
mod front_matter;
mod hash;
pub mod import;
mod json_ld;
mod links;
mod lists;
mod markdown;
mod memory;
pub mod messages;
mod names;
pub mod new;
mod orders;
mod output;
mod pages;
mod pictures;
mod plain;
pub mod problem;
mod promotions;
mod publish;
mod redirects;
mod render;
pub mod report;
mod search;
mod since;
mod sitemap;
mod source;
mod svg;
pub mod tools;
mod translation;
mod twins;
mod views;

pub use build::{
    BuildFailure, BuildOptions, BuildReport, Step, Workspace, build, build_with_progress, check,
};
pub use day::{Day, DayError};
pub use plain::ReleaseRecord;
pub use problem::{Problem, WrongUse};
pub use report::{Format, report};
pub use since::Since;

//! The generator of Ipswich Retail: content files and a theme in, static pages and the published record out.
//!
//! The steps of a build, each a value handed to the next: read the files, parse and check them into a
//! typed catalog, plan the pages, render them, write what changed.

pub mod build;
pub mod bundle;
pub mod problem;
pub mod tools;

pub use build::{BuildFailure, BuildOptions, BuildReport, build};
pub use problem::Problem;

//! The search engine of the shop. One crate makes the index (the generator, at build time) and answers queries from
//! its bytes (the shop, at the edge and natively), so that both sides agree on what a word is.
//!
//! # The index
//! A few files, see [`File`]: the head (dictionary, facets, columns to sort and count by), and shards of which a query
//! reads those it needs: postings of words, SKUs, and the cards that results are shown with. Each begins with
//! a version and a checksum; [`Checked`] is made only of bytes that pass both, and every later read is bounds-checked,
//! so damaged bytes are an error and never stop the shop.
//!
//! # A query
//! [`Index::plan`] turns a [`Query`] into words of the dictionary: as written, by stem, by synonym, by beginning
//! (the last word, as somebody types), by edit distance. [`Plan::files`] says what to read, [`Index::find`] ranks, counts
//! facets and sorts, [`Found::files`] says which cards to read for the page, [`Index::cards`] reads them.
//! Nothing here reads files, so a host is free to fetch in parallel and to cache.
//!
//! # Bounds
//! Of a query, the first [`QUERY_CHARS_MAX`] characters and [`WORDS_MAX`] words count, each word becomes at most a
//! fixed number of dictionary words, and each walk of the dictionary visits a bounded number of nodes. Any text
//! whatever gives a result.

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

#[allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "the half that makes the index runs at build time, over positions of its own lists"
)]
mod build;
mod bytes;
mod cards;
mod expand;
mod facets;
mod file;
mod find;
mod fuzzy;
mod index;
mod plan;
mod postings;
mod query;
mod squeeze;
mod stem;
mod suggest;
#[cfg(test)]
mod tests;
mod text;

pub use build::{Category, Document, IndexFile, PART_DOCUMENTS, Part, Source, Synonyms};
pub use bytes::{Checked, Corrupt};
pub use cards::{Card, Image};
pub use facets::{Facet, FacetValue, PriceRange};
pub use file::{File, Files, Loaded};
pub use find::{Found, SearchError};
pub use index::Index;
pub use plan::Plan;
pub use query::{QUERY_CHARS_MAX, Query, Sort, WORDS_MAX};
pub use stem::Language;
pub use suggest::{Suggestion, Suggestions};

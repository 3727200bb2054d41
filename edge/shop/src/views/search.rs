//! The search.

use ipswich_theme::Meta;
use ipswich_theme::pages::{Card, Paging};
use serde::Serialize;

use super::parts::{Link, Notice};

/// `shop/search.html`
#[derive(Clone, Debug, Serialize)]
pub struct SearchPage {
    /// Head of the page.
    pub meta: Meta,
    /// Sentences above the results: what was mended, left out or not understood.
    pub notices: Vec<Notice>,
    /// What was asked, as it was written.
    pub q: String,
    /// The products on all pages.
    pub total: usize,
    /// The products of this page.
    pub products: Vec<Card>,
    /// The pages, if there are several.
    pub paging: Option<Paging>,
    /// What the result can be narrowed by; prices last.
    pub facets: Vec<FacetView>,
    /// The orders to choose from.
    pub sorts: Vec<SearchChoice>,
    /// What is chosen: each with the address without it.
    pub chips: Vec<Link>,
    /// The address without any filter, if there are filters.
    pub clear: Option<String>,
}

/// Something to narrow a result by.
#[derive(Clone, Debug, Serialize)]
pub struct FacetView {
    /// The name of its fields.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// Whether something of it is chosen.
    pub open: bool,
    /// Whether only one value can be chosen.
    pub single: bool,
    /// Its values.
    pub values: Vec<SearchChoice>,
}

/// Something to choose.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SearchChoice {
    /// The value of its field.
    pub key: String,
    /// What it is called; empty for a range of prices.
    pub name: String,
    /// Where a range of prices begins, in minor units.
    pub min: Option<i64>,
    /// Where a range of prices ends, in minor units.
    pub max: Option<i64>,
    /// How many products it shows.
    pub count: usize,
    /// Whether it is chosen.
    pub selected: bool,
}

//! What is asked: words, filters, order, page.

/// Of a longer query, what follows does not count.
pub const QUERY_CHARS_MAX: usize = 160;

/// Of more words, those that follow do not count.
pub const WORDS_MAX: usize = 12;

/// The most results of a page.
pub(crate) const PER_PAGE_MAX: usize = 100;

/// The order of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The best match first; the newest first if there are no words.
    #[default]
    Relevance,
    /// The cheapest first.
    PriceUp,
    /// The dearest first.
    PriceDown,
    /// The newest first.
    Newest,
    /// By title.
    Name,
}

impl Sort {
    /// All orders, as a page offers them.
    pub const ALL: [Sort; 5] = [Sort::Relevance, Sort::PriceUp, Sort::PriceDown, Sort::Newest, Sort::Name];

    /// How an address says it.
    pub fn key(self) -> &'static str {
        match self {
            Sort::Relevance => "relevance",
            Sort::PriceUp => "price",
            Sort::PriceDown => "price-down",
            Sort::Newest => "newest",
            Sort::Name => "name",
        }
    }

    /// The order that an address says.
    pub fn of_key(key: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.key() == key)
    }
}

/// A query. Any text is allowed in any part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What the shopper wrote; nothing finds everything.
    pub text: String,
    /// Whether the last word may be unfinished, as while typing.
    pub typing: bool,
    /// Facet and value, by their keys. Values of one facet widen the result, those of several narrow it.
    pub filters: Vec<(String, String)>,
    /// The lowest price, in minor units.
    pub price_min: Option<u64>,
    /// The highest price, in minor units.
    pub price_max: Option<u64>,
    /// The order of the results.
    pub sort: Sort,
    /// The page, from 1 on; 0 is the first too.
    pub page: usize,
    /// Results on a page; 0 is 24, and at most 100 are given.
    pub per_page: usize,
}

impl Query {
    /// A query of words only.
    pub fn of(text: impl Into<String>) -> Query {
        Query { text: text.into(), ..Query::default() }
    }

    pub(crate) fn per_page(&self) -> usize {
        if self.per_page == 0 { 24 } else { self.per_page.min(PER_PAGE_MAX) }
    }
}

//! The orders in which a list of products can be looked at: its own, and on pages of their own the others.
//!
//! Those pages are for people who look through a list of some pages; search engines are sent to the list itself. A
//! short list needs none, and in a very long one nobody leafs, so that the number of files stays in proportion.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::RangeInclusive;

use ipswich_theme::pages::OrderLink;

use crate::catalog::Catalog;
use crate::names::ProductId;

/// Lists with so many pages have other orders.
const PAGES: RangeInclusive<usize> = 2..=10;

/// An order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The list's own: as chosen by hand, or the newest first.
    Own,
    Newest,
    PriceUp,
    PriceDown,
}

impl Order {
    /// Its name in addresses, and the one that templates know; that of the own order is empty.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Order::Own => "",
            Order::Newest => "newest",
            Order::PriceUp => "price-up",
            Order::PriceDown => "price-down",
        }
    }

    /// The address of a page of a list, from 1. `base` is the first page in the own order.
    pub(crate) fn url(self, base: &str, number: usize) -> String {
        let sort = match self {
            Order::Own => String::new(),
            order => format!("sort/{}/", order.name()),
        };
        if number <= 1 { format!("{base}{sort}") } else { format!("{base}{sort}page/{number}/") }
    }

    /// The products in this order. Those with the same price stay as they are.
    pub(crate) fn sorted<'p>(self, catalog: &Catalog, products: &'p [ProductId]) -> Cow<'p, [ProductId]> {
        let mut sorted = match self {
            Order::Own => return Cow::Borrowed(products),
            _ => products.to_vec(),
        };
        let price = |id: &ProductId| catalog.product(*id).price();
        match self {
            Order::Own => {}
            Order::Newest => sorted.sort_by_key(|id| Reverse(catalog.product(*id).published)),
            Order::PriceUp => sorted.sort_by_key(price),
            Order::PriceDown => sorted.sort_by_key(|id| Reverse(price(id))),
        }
        Cow::Owned(sorted)
    }
}

/// All orders of a list of so many products, its own first.
pub(crate) fn of_list(catalog: &Catalog, by_hand: bool, products: usize) -> &'static [Order] {
    use Order::{Newest, Own, PriceDown, PriceUp};
    let pages = products.div_ceil(catalog.settings.products_per_page);
    if !catalog.settings.generated.sort_orders || !PAGES.contains(&pages) {
        &[Own]
    } else if by_hand {
        &[Own, Newest, PriceUp, PriceDown]
    } else {
        &[Own, PriceUp, PriceDown]
    }
}

/// The links from one order of a list to the others; none if it has only one.
pub(crate) fn links(orders: &[Order], by_hand: bool, base: &str, current: Order) -> Vec<OrderLink> {
    let link = |order: &Order| OrderLink {
        // The own order of a list that nobody arranged is the newest first.
        name: if *order == Order::Own && !by_hand { Order::Newest.name() } else { order.name() },
        url: order.url(base, 1),
        current: *order == current,
    };
    if orders.len() > 1 { orders.iter().map(link).collect() } else { Vec::new() }
}

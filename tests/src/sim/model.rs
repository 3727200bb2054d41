//! What people outside the shop know: what they were told, what they paid, what prices there were.

use std::collections::{BTreeMap, BTreeSet};

/// An order that a shopper was told of.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The key of the form that placed it.
    pub(crate) key: String,
    /// The total the order has, in minor units.
    pub(crate) total: i64,
}

/// Money that a customer sent to the shop's bank.
#[derive(Clone, Debug)]
pub(crate) struct Transfer {
    pub(crate) reference: String,
    pub(crate) order: String,
    pub(crate) amount: i64,
}

/// A release, as the model needs it.
#[derive(Clone, Debug)]
pub(crate) struct PriceList {
    pub(crate) release: String,
    /// Price in minor units, weight in grams.
    pub(crate) goods: BTreeMap<String, (i64, i64)>,
}

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) told: BTreeMap<String, Told>,
    pub(crate) keys: BTreeMap<String, String>,
    /// The highest total that a shopper has agreed to, by the key of the form, in whichever window.
    pub(crate) agreed: BTreeMap<String, i64>,
    pub(crate) transfers: Vec<Transfer>,
    /// Receipts that the shop said it booked, and for which order.
    pub(crate) booked: BTreeMap<String, String>,
    /// Orders that the shop said have left.
    pub(crate) shipped: BTreeSet<String>,
    pub(crate) releases: Vec<PriceList>,
    /// The first thing that must not be.
    pub(crate) violation: Option<String>,
}

/// Promotion of the simulated shop: a tenth off everything, from this many minor units of goods.
pub(crate) const PROMOTION_FROM: i64 = 5_000;

impl PriceList {
    /// What an order must cost, worked out once more and on its own: goods, a tenth off from 50.00, and delivery,
    /// which is free from 60.00 by the standard way.
    pub(crate) fn total(&self, lines: &[(String, i64)], delivery: &str) -> Option<i64> {
        let mut goods = 0;
        for (sku, quantity) in lines {
            goods += self.goods.get(sku)?.0 * quantity;
        }
        if goods >= PROMOTION_FROM {
            // Prices are multiples of ten, so nothing is rounded.
            goods -= goods / 10;
        }
        let post = match delivery {
            "standard" if goods >= 6_000 => 0,
            "standard" => 395,
            "next-day" => 795,
            "pallet" => 1495,
            "collection" => 0,
            _ => return None,
        };
        Some(goods + post)
    }
}

impl Model {
    /// Notes what must not be; only the first is kept.
    pub(crate) fn fail(&mut self, what: String) {
        self.violation.get_or_insert(what);
    }

    /// A shopper sends a form that showed this total.
    pub(crate) fn agree(&mut self, key: &str, total: i64) {
        let most = self.agreed.entry(key.to_owned()).or_insert(total);
        *most = total.max(*most);
    }

    /// The shop said "this is your order" to the form with this key.
    pub(crate) fn tell(&mut self, key: &str, order: &str, total: i64) {
        if let Some(known) = self.keys.get(key)
            && known != order
        {
            self.fail(format!("M1 one form, two orders: {known} and {order}"));
        }
        self.keys.insert(key.to_owned(), order.to_owned());
        let told = Told { key: key.to_owned(), total };
        self.told.entry(order.to_owned()).or_insert(told);
    }
}

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
    /// Prices in minor units.
    pub(crate) goods: BTreeMap<String, i64>,
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

/// The coupon of the simulated shop, and the minor units that it takes off.
pub(crate) const COUPON: (&str, i64) = ("TIDE", 300);

impl PriceList {
    /// What an order can cost, worked out once more and on its own: goods, a tenth off from 50.00, what a coupon takes
    /// off, and delivery, which is free from 60.00 by the standard way. With a coupon there are several right answers,
    /// because the shop takes the combination that is best for the customer.
    pub(crate) fn totals(&self, lines: &[(String, i64)], delivery: &str, coupon: bool) -> Vec<i64> {
        let mut goods = 0;
        for (sku, quantity) in lines {
            match self.goods.get(sku) {
                Some(price) => goods += price * quantity,
                None => return vec![],
            }
        }
        // Prices are multiples of ten, so nothing is rounded.
        let tenth = |worth: i64| if goods >= PROMOTION_FROM { worth - worth / 10 } else { worth };
        let off = |worth: i64| (worth - COUPON.1).max(0);
        let left =
            if coupon { vec![tenth(goods), off(goods), off(tenth(goods)), tenth(off(goods))] } else { vec![tenth(goods)] };
        let post = |worth: i64| match delivery {
            "standard" if worth >= 6_000 => 0,
            "standard" => 395,
            "next-day" => 795,
            "pallet" => 1495,
            _ => 0,
        };
        left.into_iter().map(|worth| worth + post(worth)).collect()
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

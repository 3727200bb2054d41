//! Promotions: what the shop takes off by itself.

use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::tax::BasisPoints;

/// A promotion. The goods it applies to name it in their records, unless it applies to everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    /// Its name in records and orders, such as `autumn-sale`.
    pub id: String,
    /// Its name for shoppers.
    pub title: String,
    /// What it does.
    pub effect: Effect,
    /// Whether it applies to all goods.
    #[serde(default)]
    pub everything: bool,
    /// What the goods it applies to must cost together, before any promotion.
    #[serde(default)]
    pub minimum: Amount,
    /// The first moment it is valid, in Unix seconds.
    pub from: Option<i64>,
    /// The first moment it is no longer valid, in Unix seconds.
    pub until: Option<i64>,
    /// Whether it applies together with others that say so too.
    #[serde(default)]
    pub combinable: bool,
}

/// What a promotion does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Takes a part off the goods it applies to.
    Percent(BasisPoints),
    /// Takes an amount off the goods it applies to, once for an order and never more than they cost.
    Amount(Amount),
    /// Makes these delivery methods free; all of them if there are none.
    FreeDelivery(Vec<String>),
}

impl Promotion {
    /// Whether it is valid at a moment, in Unix seconds.
    pub fn is_valid_at(&self, now: i64) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}

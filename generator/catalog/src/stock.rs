//! What is sold when nothing is there.

use serde::{Deserialize, Serialize};

/// Up to how many pieces are called few.
const LOW_MAX: i64 = 5;

/// More pieces than anybody orders: what there is of goods that are made to order.
const MADE_MAX: i64 = 1_000_000;

/// Whether a product is sold beyond what is in the house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum StockPolicy {
    /// What is there is sold, and nothing else.
    #[default]
    Deny,
    /// Pieces beyond that are promised, up to a limit of pieces that are owed at any time.
    Backorder {
        /// The most pieces of a SKU that are owed.
        limit: u32,
        /// About how many days they take.
        lead_days: u32,
    },
    /// Each piece is made when it is ordered; nothing is counted.
    MadeToOrder {
        /// About how many days that takes.
        lead_days: u32,
    },
}

/// What a shopper is told about the stock of a SKU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockState {
    /// There is enough.
    InStock,
    /// There are only so many pieces.
    Low(i64),
    /// Nothing is there, and nothing is promised.
    Out,
    /// Nothing is there, and more is on its way.
    Backorder,
    /// It is made when it is ordered.
    MadeToOrder,
}

impl StockPolicy {
    /// As files, records and the database call it.
    pub fn as_str(self) -> &'static str {
        match self {
            StockPolicy::Deny => "deny",
            StockPolicy::Backorder { .. } => "backorder",
            StockPolicy::MadeToOrder { .. } => "made-to-order",
        }
    }

    /// Whether it is the policy of most goods, which records leave out.
    pub fn is_deny(&self) -> bool {
        *self == StockPolicy::Deny
    }

    /// About how many days pieces take that are not there; 0 if there are none to wait for.
    pub fn lead_days(self) -> u32 {
        match self {
            StockPolicy::Deny => 0,
            StockPolicy::Backorder { lead_days, .. } | StockPolicy::MadeToOrder { lead_days } => lead_days,
        }
    }

    /// The most pieces that may be owed.
    pub fn limit(self) -> u32 {
        match self {
            StockPolicy::Backorder { limit, .. } => limit,
            StockPolicy::Deny | StockPolicy::MadeToOrder { .. } => 0,
        }
    }

    /// Pieces that can be ordered while `free` are there and `owed` are promised.
    pub fn sellable(self, free: i64, owed: i64) -> i64 {
        match self {
            StockPolicy::Deny => free,
            StockPolicy::Backorder { limit, .. } => {
                free.max(0).saturating_add(i64::from(limit).saturating_sub(owed).max(0))
            }
            StockPolicy::MadeToOrder { .. } => MADE_MAX,
        }
    }

    /// About how many days this many pieces take, if not all of them are there.
    pub fn wait(self, wanted: u32, free: i64) -> Option<u32> {
        match self {
            StockPolicy::Deny => None,
            StockPolicy::Backorder { lead_days, .. } => (i64::from(wanted) > free).then_some(lead_days),
            StockPolicy::MadeToOrder { lead_days } => Some(lead_days),
        }
    }

    /// What a shopper is told while `free` are there and `owed` are promised.
    pub fn state(self, free: i64, owed: i64) -> StockState {
        match self {
            StockPolicy::MadeToOrder { .. } => StockState::MadeToOrder,
            _ if free > LOW_MAX => StockState::InStock,
            _ if free > 0 => StockState::Low(free),
            _ if self.sellable(free, owed) > 0 => StockState::Backorder,
            _ => StockState::Out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_ordered_follows_the_policy() {
        let (deny, more) = (StockPolicy::Deny, StockPolicy::Backorder { limit: 3, lead_days: 14 });
        let made = StockPolicy::MadeToOrder { lead_days: 7 };
        assert_eq!([deny, more, made].map(|policy| policy.sellable(2, 1)), [2, 4, MADE_MAX]);
        assert_eq!([deny, more].map(|policy| policy.sellable(0, 9)), [0, 0]);
        assert_eq!([deny, more, made].map(|policy| policy.wait(3, 2)), [None, Some(14), Some(7)]);
        assert_eq!(more.wait(2, 2), None);
        assert_eq!(
            [
                deny.state(6, 0),
                deny.state(5, 0),
                deny.state(0, 0),
                more.state(0, 2),
                more.state(0, 3),
                made.state(0, 0)
            ],
            [
                StockState::InStock,
                StockState::Low(5),
                StockState::Out,
                StockState::Backorder,
                StockState::Out,
                StockState::MadeToOrder
            ]
        );
    }

    #[test]
    fn a_policy_survives_the_wire() {
        let json = r#"{"kind":"backorder","limit":3,"lead_days":14}"#;
        let policy: StockPolicy = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&policy).unwrap(), json);
        assert!(serde_json::from_str::<StockPolicy>(r#"{"kind":"sell-anything"}"#).is_err());
    }
}

//! Delivery methods.

use serde::{Deserialize, Serialize};

use crate::amount::Amount;

/// Whether goods are sent or fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ShippingKind {
    /// Sent to an address.
    Delivery,
    /// Fetched by the customer at the shop.
    Collection,
}

/// One way goods reach the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingMethod {
    /// The name that forms and orders use, such as `standard`.
    pub id: String,
    /// The name that shoppers read.
    pub title: String,
    /// When it arrives, in a few words.
    pub note: String,
    /// Sent or fetched.
    pub kind: ShippingKind,
    /// The price including tax.
    pub price: Amount,
    /// Goods worth at least this much travel free.
    pub free_from: Option<Amount>,
    /// The lightest order it takes, in grams, inclusive.
    pub weight_min: u64,
    /// The heaviest order it takes, in grams, exclusive.
    pub weight_below: Option<u64>,
    /// ISO 3166 country codes it serves.
    pub countries: Vec<String>,
}

impl ShippingMethod {
    /// Whether an order of this weight, in grams, can go this way to this country.
    pub fn serves(&self, country: &str, weight: u64) -> bool {
        self.countries.iter().any(|code| code == country)
            && weight >= self.weight_min
            && self.weight_below.is_none_or(|limit| weight < limit)
    }

    /// What it costs for goods worth `subtotal`.
    pub fn price_for(&self, subtotal: Amount) -> Amount {
        match self.free_from {
            Some(limit) if subtotal >= limit => Amount::ZERO,
            _ => self.price,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method() -> ShippingMethod {
        ShippingMethod {
            id: "standard".into(),
            title: "Standard".into(),
            note: "2-3 days".into(),
            kind: ShippingKind::Delivery,
            price: Amount::from_minor(395).unwrap(),
            free_from: Some(Amount::from_minor(6000).unwrap()),
            weight_min: 0,
            weight_below: Some(20_000),
            countries: vec!["GB".into()],
        }
    }

    #[test]
    fn is_free_from_the_limit_on() {
        let price = |minor| method().price_for(Amount::from_minor(minor).unwrap()).minor();
        assert_eq!((price(5999), price(6000)), (395, 0));
    }

    #[test]
    fn serves_by_country_and_weight() {
        assert!(method().serves("GB", 19_999));
        assert!(!method().serves("GB", 20_000));
        assert!(!method().serves("FR", 100));
    }
}

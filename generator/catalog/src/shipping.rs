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
    /// The price, with or without tax as all prices of the shop.
    pub price: Amount,
    /// Prices of lighter orders, the lightest first; `price` is for those that no tier takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<ShippingTier>,
    /// Goods worth at least this much after promotions travel free.
    pub free_from: Option<Amount>,
    /// The lightest order it takes, in grams, inclusive.
    pub weight_min: u64,
    /// The heaviest order it takes, in grams, exclusive.
    pub weight_below: Option<u64>,
    /// The cheapest order it takes, before promotions, inclusive.
    #[serde(default)]
    pub subtotal_min: Amount,
    /// The dearest order it takes, before promotions, exclusive.
    #[serde(default)]
    pub subtotal_below: Option<Amount>,
    /// ISO 3166 country codes it serves.
    pub countries: Vec<String>,
}

/// The price of orders below a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingTier {
    /// The weight in grams, exclusive.
    pub weight_below: u64,
    /// The price.
    pub price: Amount,
}

impl ShippingMethod {
    /// Whether goods of this weight, in grams, and this price before promotions can go this way to this country.
    pub fn serves(&self, country: &str, weight: u64, subtotal: Amount) -> bool {
        self.countries.iter().any(|code| code == country)
            && weight >= self.weight_min
            && self.weight_below.is_none_or(|limit| weight < limit)
            && subtotal >= self.subtotal_min
            && self.subtotal_below.is_none_or(|limit| subtotal < limit)
    }

    /// What it costs for goods of this weight, in grams, that cost `discounted` after promotions.
    pub fn price_for(&self, weight: u64, discounted: Amount) -> Amount {
        match self.free_from {
            Some(limit) if discounted >= limit => Amount::ZERO,
            _ => self
                .tiers
                .iter()
                .find(|tier| weight < tier.weight_below)
                .map_or(self.price, |tier| tier.price),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(minor: i64) -> Amount {
        Amount::from_minor(minor).unwrap()
    }

    fn method() -> ShippingMethod {
        ShippingMethod {
            id: "standard".into(),
            title: "Standard".into(),
            note: "2-3 days".into(),
            kind: ShippingKind::Delivery,
            price: amount(795),
            tiers: vec![
                ShippingTier { weight_below: 1000, price: amount(295) },
                ShippingTier { weight_below: 5000, price: amount(395) },
            ],
            free_from: Some(amount(6000)),
            weight_min: 0,
            weight_below: Some(20_000),
            subtotal_min: amount(500),
            subtotal_below: Some(amount(50_000)),
            countries: vec!["GB".into()],
        }
    }

    #[test]
    fn is_free_from_the_limit_on_and_dearer_by_weight() {
        let price = |weight, minor| method().price_for(weight, amount(minor)).minor();
        assert_eq!((price(400, 5999), price(400, 6000)), (295, 0));
        assert_eq!((price(999, 0), price(1000, 0), price(4999, 0), price(5000, 0)), (295, 395, 395, 795));
    }

    #[test]
    fn serves_by_country_weight_and_price_of_the_goods() {
        let serves = |country, weight, minor| method().serves(country, weight, amount(minor));
        assert!(serves("GB", 19_999, 500) && serves("GB", 0, 49_999));
        assert!(!serves("GB", 20_000, 500) && !serves("FR", 100, 500));
        assert!(!serves("GB", 100, 499) && !serves("GB", 100, 50_000));
    }
}

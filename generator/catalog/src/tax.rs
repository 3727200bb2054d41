//! Value added tax.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::amount::Amount;

/// A rate in basis points: 2000 is 20 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct BasisPoints(u32);

/// A rate above 100 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateTooHigh;

impl fmt::Display for RateTooHigh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a tax rate is at most 10000 basis points (100 %)")
    }
}

impl std::error::Error for RateTooHigh {}

impl BasisPoints {
    /// No tax.
    pub const ZERO: BasisPoints = BasisPoints(0);

    /// A rate of `points` basis points.
    pub const fn new(points: u32) -> Result<BasisPoints, RateTooHigh> {
        if points > 10_000 { Err(RateTooHigh) } else { Ok(BasisPoints(points)) }
    }

    /// The rate in basis points.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The tax contained in a gross amount, half a minor unit rounded up.
    ///
    /// HMRC lets a retailer round each line to the nearest penny but not always down (VATREC12030).
    pub fn contained_in(self, gross: Amount) -> Amount {
        let rate = i128::from(self.0);
        let divisor = rate.saturating_add(10_000);
        let product = i128::from(gross.minor()).saturating_mul(rate);
        let doubled = product.saturating_mul(2).saturating_add(divisor);
        let tax = doubled.checked_div(divisor.saturating_mul(2)).unwrap_or(0);
        // The tax in a gross amount is never more than the amount, so it stays in range.
        i64::try_from(tax).ok().and_then(|minor| Amount::from_minor(minor).ok()).unwrap_or(gross)
    }
}

impl BasisPoints {
    /// This part of an amount, half a minor unit rounded up: the tax on a net price, or what a promotion takes off.
    /// `None` beyond what the shop handles.
    pub fn part_of(self, amount: Amount) -> Option<Amount> {
        // Both factors are small: an amount is below 10^8 and a rate at most 10^4.
        let product = amount.minor().checked_mul(i64::from(self.0))?;
        Amount::from_minor(product.checked_add(5_000)?.checked_div(10_000)?).ok()
    }
}

impl TryFrom<u32> for BasisPoints {
    type Error = RateTooHigh;

    fn try_from(points: u32) -> Result<BasisPoints, RateTooHigh> {
        BasisPoints::new(points)
    }
}

impl From<BasisPoints> for u32 {
    fn from(rate: BasisPoints) -> u32 {
        rate.0
    }
}

impl fmt::Display for BasisPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (percent, rest) = (self.0 / 100, self.0 % 100);
        if rest == 0 { write!(f, "{percent}%") } else { write!(f, "{percent}.{rest:02}%") }
    }
}

/// Whether the prices of the shop contain the tax.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Prices {
    /// They do: what is shown is paid everywhere, and the tax in it follows the country of delivery.
    #[default]
    Gross,
    /// They do not: the tax of the country of delivery is added at checkout.
    Net,
}

/// A tax class of the shop, as products name it: `standard`, `reduced`, `zero`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxClass {
    /// The name that products use.
    pub id: String,
    /// The name on the order in the shop's own country, such as `VAT 20%`.
    pub title: String,
    /// The rate in the shop's own country.
    pub rate: BasisPoints,
    /// The rates of other countries. A country that is not in the list is taxed as the shop's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<CountryRate>,
}

/// The rate of a tax class in another country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountryRate {
    /// ISO 3166 code.
    pub country: String,
    /// The name on the order, such as `VAT 19%`.
    pub title: String,
    /// The rate.
    pub rate: BasisPoints,
}

impl TaxClass {
    /// The name and the rate for goods that go to this country.
    pub fn rate_in(&self, country: &str) -> (&str, BasisPoints) {
        match self.rates.iter().find(|known| known.country == country) {
            Some(known) => (&known.title, known.rate),
            None => (&self.title, self.rate),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn contained(points: u32, minor: i64) -> i64 {
        BasisPoints::new(points).unwrap().contained_in(Amount::from_minor(minor).unwrap()).minor()
    }

    #[test]
    fn takes_the_tax_out_of_a_gross_price() {
        assert_eq!(contained(2000, 120), 20);
        assert_eq!(contained(2000, 2499), 417, "416.5 rounds up");
        assert_eq!(contained(500, 1050), 50);
        assert_eq!(contained(0, 3999), 0);
        assert_eq!(contained(2000, 0), 0);
        assert_eq!(contained(2000, 99_999_999), 16_666_667, "16666666.5 rounds up");
    }

    #[test]
    fn adds_tax_to_a_net_price() {
        let added = |points, minor| {
            let tax = BasisPoints::new(points).unwrap().part_of(Amount::from_minor(minor).unwrap());
            tax.map(Amount::minor)
        };
        assert_eq!(added(2000, 100), Some(20));
        assert_eq!(added(1900, 1250), Some(238), "237.5 rounds up");
        assert_eq!(added(0, 1250), Some(0));
        assert_eq!(added(10_000, 99_999_999), Some(99_999_999));
    }

    #[test]
    fn a_country_without_a_rate_is_taxed_as_at_home() {
        let rate = |points| BasisPoints::new(points).unwrap();
        let class = TaxClass {
            id: "standard".into(),
            title: "VAT 20%".into(),
            rate: rate(2000),
            rates: vec![CountryRate { country: "DE".into(), title: "VAT 19%".into(), rate: rate(1900) }],
        };
        assert_eq!(class.rate_in("DE"), ("VAT 19%", rate(1900)));
        assert_eq!(class.rate_in("GB"), ("VAT 20%", rate(2000)));
    }

    #[test]
    fn writes_rates() {
        assert_eq!(BasisPoints::new(2000).unwrap().to_string(), "20%");
        assert_eq!(BasisPoints::new(1750).unwrap().to_string(), "17.50%");
        assert_eq!(BasisPoints::new(10_001), Err(RateTooHigh));
    }

    proptest! {
        #[test]
        fn is_within_half_a_penny(points in 0u32..=10_000, minor in 0i64..=99_999_999) {
            let tax = i128::from(contained(points, minor));
            let (rate, gross) = (i128::from(points), i128::from(minor));
            let error = (tax * (10_000 + rate) - gross * rate).abs() * 2;
            prop_assert!(error <= 10_000 + rate);
        }
    }
}

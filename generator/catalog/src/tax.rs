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

/// A tax class of the shop, as products name it: `standard`, `reduced`, `zero`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxClass {
    /// The name that products use.
    pub id: String,
    /// The name on the order, such as `VAT 20%`.
    pub title: String,
    /// The rate.
    pub rate: BasisPoints,
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

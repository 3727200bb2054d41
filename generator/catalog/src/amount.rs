//! Money in minor units.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The largest amount the shop handles, in minor units; the database refuses more as well.
pub const AMOUNT_MAX_MINOR: i64 = 99_999_999;

/// A sum of money in minor units of the shop's currency (pence for GBP), between 0 and [`AMOUNT_MAX_MINOR`].
///
/// There is no arithmetic operator: every sum is checked, and no float is involved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Amount(i64);

/// Why a number is not an [`Amount`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// Below zero.
    Negative,
    /// Above [`AMOUNT_MAX_MINOR`].
    TooLarge,
    /// Not a decimal number.
    NotANumber,
    /// More decimal places than the currency has.
    TooPrecise {
        /// How many decimal places the currency has.
        decimals: u8,
    },
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AmountError::Negative => f.write_str("an amount cannot be negative"),
            AmountError::TooLarge => f.write_str("an amount must be below 1,000,000.00"),
            AmountError::NotANumber => f.write_str("an amount is a decimal number such as \"24.99\""),
            AmountError::TooPrecise { decimals } => {
                write!(f, "an amount has at most {decimals} decimal places in this currency")
            }
        }
    }
}

impl std::error::Error for AmountError {}

impl Amount {
    /// Nothing to pay.
    pub const ZERO: Amount = Amount(0);

    /// An amount of `minor` minor units.
    pub const fn from_minor(minor: i64) -> Result<Amount, AmountError> {
        if minor < 0 {
            Err(AmountError::Negative)
        } else if minor > AMOUNT_MAX_MINOR {
            Err(AmountError::TooLarge)
        } else {
            Ok(Amount(minor))
        }
    }

    /// Parses a plain decimal such as `24.99` with at most `decimals` places; no sign, no thousands separator.
    pub fn parse_decimal(text: &str, decimals: u8) -> Result<Amount, AmountError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if let Some(rest) = whole.strip_prefix('-')
            && !rest.is_empty()
            && digits(rest)
            && digits(fraction)
        {
            return Err(AmountError::Negative);
        }
        let dangling_point = text.contains('.') && fraction.is_empty();
        if whole.is_empty() || !digits(whole) || !digits(fraction) || dangling_point {
            return Err(AmountError::NotANumber);
        }
        if fraction.len() > usize::from(decimals) {
            return Err(AmountError::TooPrecise { decimals });
        }
        let mut minor: i64 = 0;
        let padding = usize::from(decimals) - fraction.len();
        let padded = fraction.bytes().chain(std::iter::repeat_n(b'0', padding));
        for digit in whole.bytes().chain(padded) {
            minor = minor
                .checked_mul(10)
                .and_then(|value| value.checked_add(i64::from(digit - b'0')))
                .ok_or(AmountError::TooLarge)?;
        }
        Amount::from_minor(minor)
    }

    /// The amount in minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Whether there is nothing to pay.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, unless it leaves the range.
    pub fn checked_add(self, other: Amount) -> Option<Amount> {
        Amount::from_minor(self.0.checked_add(other.0)?).ok()
    }

    /// The difference, unless it is negative.
    pub fn checked_sub(self, other: Amount) -> Option<Amount> {
        Amount::from_minor(self.0.checked_sub(other.0)?).ok()
    }

    /// The amount `times` over, unless it leaves the range.
    pub fn checked_mul(self, times: u32) -> Option<Amount> {
        Amount::from_minor(self.0.checked_mul(i64::from(times))?).ok()
    }

    /// The sum of all amounts, unless it leaves the range.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Amount>) -> Option<Amount> {
        amounts.into_iter().try_fold(Amount::ZERO, Amount::checked_add)
    }

    /// Shares the amount out by `weights` so that the parts add up exactly: each part is rounded down, and the
    /// units left over go to the largest remainders, the earlier weight first on a tie.
    ///
    /// Returns `None` if the weights are empty, all zero, or too large to calculate with.
    pub fn split_by(self, weights: &[i64]) -> Option<Vec<Amount>> {
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        if total <= 0 || weights.iter().any(|weight| *weight < 0) {
            return None;
        }
        let mut parts = Vec::with_capacity(weights.len());
        let mut remainders = Vec::with_capacity(weights.len());
        let mut left = self.0;
        for (index, weight) in weights.iter().enumerate() {
            let product = i128::from(self.0).checked_mul(i128::from(*weight))?;
            let part = i64::try_from(product.checked_div(total)?).ok()?;
            left = left.checked_sub(part)?;
            parts.push(part);
            remainders.push((product.checked_rem(total)?, index));
        }
        remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, index) in remainders.into_iter().take(usize::try_from(left).ok()?) {
            if let Some(part) = parts.get_mut(index) {
                *part = part.checked_add(1)?;
            }
        }
        parts.into_iter().map(|part| Amount::from_minor(part).ok()).collect()
    }
}

impl TryFrom<i64> for Amount {
    type Error = AmountError;

    fn try_from(minor: i64) -> Result<Amount, AmountError> {
        Amount::from_minor(minor)
    }
}

impl From<Amount> for i64 {
    fn from(amount: Amount) -> i64 {
        amount.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parses_plain_decimals_only() {
        assert_eq!(Amount::parse_decimal("24.99", 2).map(Amount::minor), Ok(2499));
        assert_eq!(Amount::parse_decimal("24.9", 2).map(Amount::minor), Ok(2490));
        assert_eq!(Amount::parse_decimal("24", 2).map(Amount::minor), Ok(2400));
        assert_eq!(Amount::parse_decimal("300", 0).map(Amount::minor), Ok(300));
        assert_eq!(Amount::parse_decimal("24.999", 2), Err(AmountError::TooPrecise { decimals: 2 }));
        assert_eq!(Amount::parse_decimal("-5.00", 2), Err(AmountError::Negative));
        assert_eq!(Amount::parse_decimal("99999999999999999999", 2), Err(AmountError::TooLarge));
        for bad in ["", ".", "1.", ".5", "1e9", "1,000", "£5", " 5", "+5", "٣"] {
            assert_eq!(Amount::parse_decimal(bad, 2), Err(AmountError::NotANumber), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn shares_add_up(minor in 0..=AMOUNT_MAX_MINOR, weights in prop::collection::vec(0i64..=AMOUNT_MAX_MINOR, 1..60)) {
            let amount = Amount::from_minor(minor).unwrap();
            match amount.split_by(&weights) {
                Some(parts) => {
                    prop_assert_eq!(Amount::checked_sum(parts.iter().copied()), Some(amount));
                    for (part, weight) in parts.iter().zip(&weights) {
                        prop_assert!(*weight > 0 || part.is_zero());
                    }
                }
                None => prop_assert!(weights.iter().all(|weight| *weight == 0)),
            }
        }

        #[test]
        fn parse_undoes_display(minor in 0..=AMOUNT_MAX_MINOR, decimals in prop::sample::select(vec![0u8, 2, 3])) {
            let unit = 10i64.pow(u32::from(decimals));
            let text = if decimals == 0 { minor.to_string() } else {
                format!("{}.{:0width$}", minor / unit, minor % unit, width = usize::from(decimals))
            };
            prop_assert_eq!(Amount::parse_decimal(&text, decimals).map(Amount::minor), Ok(minor));
        }
    }
}

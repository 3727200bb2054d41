//! How many of one SKU.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most of one SKU that one order can hold; the database refuses more as well.
pub const QUANTITY_MAX: u32 = 999;

/// A number of pieces of one SKU, from 1 to [`QUANTITY_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Quantity(u32);

/// Why a text or number is not a [`Quantity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// Not a whole number written in digits.
    NotAWholeNumber,
    /// Zero.
    Zero,
    /// More than [`QUANTITY_MAX`].
    TooMany,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QuantityError::NotAWholeNumber => f.write_str("Enter the quantity as a whole number."),
            QuantityError::Zero => f.write_str("Enter a quantity of at least 1."),
            QuantityError::TooMany => write!(f, "Enter a quantity of at most {QUANTITY_MAX}."),
        }
    }
}

impl std::error::Error for QuantityError {}

impl Quantity {
    /// One piece.
    pub const ONE: Quantity = Quantity(1);

    /// A quantity of `count` pieces.
    pub const fn new(count: u32) -> Result<Quantity, QuantityError> {
        match count {
            0 => Err(QuantityError::Zero),
            1..=QUANTITY_MAX => Ok(Quantity(count)),
            _ => Err(QuantityError::TooMany),
        }
    }

    /// Parses what a shopper typed; blanks around the digits are forgiven, signs and points are not.
    pub fn parse(text: &str) -> Result<Quantity, QuantityError> {
        let digits = text.trim();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(QuantityError::NotAWholeNumber);
        }
        match digits.parse::<u32>() {
            Ok(count) => Quantity::new(count),
            Err(_) => Err(QuantityError::TooMany),
        }
    }

    /// The number of pieces.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Both together, at most [`QUANTITY_MAX`].
    pub fn saturating_add(self, other: Quantity) -> Quantity {
        Quantity(self.0.saturating_add(other.0).min(QUANTITY_MAX))
    }
}

impl TryFrom<u32> for Quantity {
    type Error = QuantityError;

    fn try_from(count: u32) -> Result<Quantity, QuantityError> {
        Quantity::new(count)
    }
}

impl From<Quantity> for u32 {
    fn from(quantity: Quantity) -> u32 {
        quantity.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_not_a_quantity() {
        assert_eq!(Quantity::parse(" 3 ").map(Quantity::get), Ok(3));
        assert_eq!(Quantity::parse("999").map(Quantity::get), Ok(999));
        assert_eq!(Quantity::parse("0"), Err(QuantityError::Zero));
        assert_eq!(Quantity::parse("1000"), Err(QuantityError::TooMany));
        assert_eq!(Quantity::parse("99999999999999999999"), Err(QuantityError::TooMany));
        for bad in ["", "-5", "+5", "1.5", "1e9", "abc", "１"] {
            assert_eq!(Quantity::parse(bad), Err(QuantityError::NotAWholeNumber), "{bad:?}");
        }
    }
}

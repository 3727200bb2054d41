//! Currencies and the one place that formats money.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::amount::Amount;

/// A currency the shop can trade in. Codes and exponents are those of ISO 4217.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Pound sterling.
    Gbp,
    /// Euro.
    Eur,
    /// US dollar.
    Usd,
    /// Yen, which has no minor unit.
    Jpy,
    /// Kuwaiti dinar, which has three decimal places.
    Kwd,
}

impl Currency {
    /// All currencies, in the order of declaration.
    pub const ALL: [Currency; 5] =
        [Currency::Gbp, Currency::Eur, Currency::Usd, Currency::Jpy, Currency::Kwd];

    /// The three-letter code.
    pub const fn code(self) -> &'static str {
        match self {
            Currency::Gbp => "GBP",
            Currency::Eur => "EUR",
            Currency::Usd => "USD",
            Currency::Jpy => "JPY",
            Currency::Kwd => "KWD",
        }
    }

    /// The number of decimal places.
    pub const fn decimals(self) -> u8 {
        match self {
            Currency::Jpy => 0,
            Currency::Kwd => 3,
            Currency::Gbp | Currency::Eur | Currency::Usd => 2,
        }
    }

    /// How a reader of British English writes the currency before a number.
    const fn prefix_en_gb(self) -> &'static str {
        match self {
            Currency::Gbp => "£",
            Currency::Eur => "€",
            Currency::Usd => "US$",
            Currency::Jpy => "JP¥",
            Currency::Kwd => "KWD\u{a0}",
        }
    }

    /// Finds a currency by its code.
    pub fn from_code(code: &str) -> Option<Currency> {
        Currency::ALL.into_iter().find(|currency| currency.code() == code)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Writes amounts for people: `£1,234.50`. The only function of the shop that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyFormat {
    /// The currency of every amount that is written.
    pub currency: Currency,
}

impl MoneyFormat {
    /// The amount as a British reader expects it, with the currency before the number.
    pub fn format(self, amount: Amount) -> String {
        let number = self.decimal(amount);
        let (whole, fraction) = number.split_once('.').unwrap_or((number.as_str(), ""));
        let mut text = String::from(self.currency.prefix_en_gb());
        for (index, digit) in whole.chars().enumerate() {
            let digits_left = whole.len().saturating_sub(index);
            if index > 0 && digits_left.is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
        text
    }

    /// The amount as a plain decimal for machines (`1234.50`), as JSON-LD and feeds want it.
    pub fn decimal(self, amount: Amount) -> String {
        let decimals = usize::from(self.currency.decimals());
        let digits = format!("{:0width$}", amount.minor(), width = decimals.saturating_add(1));
        let split = digits.len().saturating_sub(decimals);
        match (digits.get(..split), digits.get(split..)) {
            (Some(whole), Some(fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
            _ => digits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::AMOUNT_MAX_MINOR;
    use proptest::prelude::*;

    fn written(currency: Currency, minor: i64) -> String {
        MoneyFormat { currency }.format(Amount::from_minor(minor).unwrap())
    }

    #[test]
    fn writes_what_a_reader_expects() {
        assert_eq!(written(Currency::Gbp, 0), "£0.00");
        assert_eq!(written(Currency::Gbp, 5), "£0.05");
        assert_eq!(written(Currency::Gbp, 2499), "£24.99");
        assert_eq!(written(Currency::Gbp, 123_456), "£1,234.56");
        assert_eq!(written(Currency::Gbp, AMOUNT_MAX_MINOR), "£999,999.99");
        assert_eq!(written(Currency::Jpy, 1000), "JP¥1,000");
        assert_eq!(written(Currency::Kwd, 1_234), "KWD\u{a0}1.234");
    }

    proptest! {
        #[test]
        fn decimal_parses_back(minor in 0..=AMOUNT_MAX_MINOR, index in 0..Currency::ALL.len()) {
            let currency = Currency::ALL[index];
            let amount = Amount::from_minor(minor).unwrap();
            let text = MoneyFormat { currency }.decimal(amount);
            prop_assert_eq!(Amount::parse_decimal(&text, currency.decimals()), Ok(amount));
        }
    }
}

//! Currencies and the one place that formats money.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::locale::Locale;

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
    /// Polish zloty.
    Pln,
    /// Swedish krona.
    Sek,
    /// Swiss franc.
    Chf,
}

impl Currency {
    /// All currencies, in the order of declaration.
    pub const ALL: [Currency; 8] = [
        Currency::Gbp,
        Currency::Eur,
        Currency::Usd,
        Currency::Jpy,
        Currency::Kwd,
        Currency::Pln,
        Currency::Sek,
        Currency::Chf,
    ];

    /// The three-letter code.
    pub const fn code(self) -> &'static str {
        match self {
            Currency::Gbp => "GBP",
            Currency::Eur => "EUR",
            Currency::Usd => "USD",
            Currency::Jpy => "JPY",
            Currency::Kwd => "KWD",
            Currency::Pln => "PLN",
            Currency::Sek => "SEK",
            Currency::Chf => "CHF",
        }
    }

    /// The number of decimal places.
    pub const fn decimals(self) -> u8 {
        match self {
            Currency::Jpy => 0,
            Currency::Kwd => 3,
            _ => 2,
        }
    }

    /// The amount as a plain decimal for machines (`1234.50`), as JSON-LD and feeds want it.
    pub fn decimal(self, amount: Amount) -> String {
        let decimals = usize::from(self.decimals());
        let digits = format!("{:0width$}", amount.minor(), width = decimals.saturating_add(1));
        let split = digits.len().saturating_sub(decimals);
        match (digits.get(..split), digits.get(split..)) {
            (Some(whole), Some(fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
            _ => digits,
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

/// Writes amounts for people: `£1,234.50` or `1.234,50 €`. The only function of the shop that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyFormat {
    /// The currency of every amount that is written.
    pub currency: Currency,
    /// Whose readers it is written for.
    pub locale: Locale,
}

impl MoneyFormat {
    /// The amount as a reader of the locale expects it.
    pub fn format(self, amount: Amount) -> String {
        let number = self.decimal(amount);
        let (whole, fraction) = number.split_once('.').unwrap_or((number.as_str(), ""));
        let (mut text, after) = self.locale.around(self.currency);
        let grouped = whole.len() >= self.locale.grouped_from();
        for (index, digit) in whole.chars().enumerate() {
            let digits_left = whole.len().saturating_sub(index);
            if grouped && index > 0 && digits_left.is_multiple_of(3) {
                text.push_str(self.locale.group_mark());
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(self.locale.decimal_mark());
            text.push_str(fraction);
        }
        text.push_str(&after);
        text
    }

    /// The amount as a plain decimal for machines; see [`Currency::decimal`].
    pub fn decimal(self, amount: Amount) -> String {
        self.currency.decimal(amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::AMOUNT_MAX_MINOR;
    use proptest::prelude::*;

    fn written(locale: Locale, currency: Currency, minor: i64) -> String {
        MoneyFormat { currency, locale }.format(Amount::from_minor(minor).unwrap())
    }

    #[test]
    fn writes_what_a_reader_expects() {
        let british = |currency, minor| written(Locale::EnGb, currency, minor);
        assert_eq!(british(Currency::Gbp, 0), "£0.00");
        assert_eq!(british(Currency::Gbp, 5), "£0.05");
        assert_eq!(british(Currency::Gbp, 123_456), "£1,234.56");
        assert_eq!(british(Currency::Gbp, AMOUNT_MAX_MINOR), "£999,999.99");
        assert_eq!(british(Currency::Jpy, 1000), "JP¥1,000");
        assert_eq!(british(Currency::Kwd, 1_234), "KWD\u{a0}1.234");
        assert_eq!(written(Locale::DeDe, Currency::Eur, 123_456), "1.234,56\u{a0}€");
        assert_eq!(written(Locale::DeAt, Currency::Eur, 123_456), "€\u{a0}1.234,56");
        assert_eq!(written(Locale::PlPl, Currency::Pln, 123_456), "1234,56\u{a0}zł");
    }

    proptest! {
        #[test]
        fn decimal_parses_back(minor in 0..=AMOUNT_MAX_MINOR, index in 0..Currency::ALL.len()) {
            let currency = Currency::ALL[index];
            let amount = Amount::from_minor(minor).unwrap();
            let text = MoneyFormat { currency, locale: Locale::EnGb }.decimal(amount);
            prop_assert_eq!(Amount::parse_decimal(&text, currency.decimals()), Ok(amount));
        }

        #[test]
        fn what_is_written_for_people_reads_back(
            minor in 0..=AMOUNT_MAX_MINOR,
            currency in prop::sample::select(Currency::ALL.to_vec()),
            locale in prop::sample::select(Locale::ALL.to_vec()),
        ) {
            let amount = Amount::from_minor(minor).unwrap();
            let text = MoneyFormat { currency, locale }.format(amount);
            let (before, after) = locale.around(currency);
            let number = text.strip_prefix(&before).and_then(|rest| rest.strip_suffix(&after)).unwrap();
            let plain = number.replace(locale.group_mark(), "").replace(locale.decimal_mark(), ".");
            prop_assert_eq!(Amount::parse_decimal(&plain, currency.decimals()), Ok(amount));
        }
    }
}

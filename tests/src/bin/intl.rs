//! Prints how the shop writes amounts, dates, rates and counted words in every locale, as JSON; `intl.test.mjs`
//! compares it with `Intl` of Node.js.

use ipswich_catalog::tax::BasisPoints;
use ipswich_catalog::{Amount, Currency, Locale, MoneyFormat};
use serde_json::{Value, json};

/// Amounts in minor units: none, the smallest, where groups of digits begin, and the largest.
const MINOR: [i64; 14] =
    [0, 1, 5, 99, 100, 999, 1_000, 12_345, 99_999, 123_456, 999_999, 1_234_567, 12_345_678, 99_999_999];

/// Rates in basis points.
const RATES: [u32; 7] = [0, 5, 500, 550, 1_750, 2_000, 10_000];

/// Up to which number words are counted.
const COUNTED: u64 = 250;

fn main() {
    let all: Vec<Value> = Locale::ALL.into_iter().map(locale).collect();
    println!("{}", json!(all));
}

fn locale(locale: Locale) -> Value {
    let amounts = Currency::ALL.into_iter().flat_map(|currency| {
        let format = MoneyFormat { currency, locale };
        MINOR.into_iter().filter_map(move |minor| {
            let amount = Amount::from_minor(minor).ok()?;
            Some(json!([currency.code(), format.decimal(amount), format.format(amount)]))
        })
    });
    // Each month, each hour, and both digits of a day and a minute.
    let moments = (0..48_i64).map(|index| {
        let (month, day, hour, minute) = (index % 12 + 1, index % 28 + 1, index % 24, index * 7 % 60);
        let date = locale.date(2026, month, day);
        json!([[2026, month, day, hour, minute], date, locale.moment(&date, hour, minute)])
    });
    let rates = RATES.into_iter().filter_map(|points| {
        let rate = BasisPoints::new(points).ok()?;
        Some(json!([points, locale.percent(rate)]))
    });
    json!({
        "locale": locale.tag(),
        "amounts": amounts.collect::<Vec<_>>(),
        "moments": moments.collect::<Vec<_>>(),
        "rates": rates.collect::<Vec<_>>(),
        "plurals": (0..=COUNTED).map(|count| locale.plural(count).name()).collect::<Vec<_>>(),
    })
}

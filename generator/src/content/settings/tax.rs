//! `[[tax]]`: the classes of goods, and their rates by country.

use std::ops::Range;

use ipswich_catalog::Amount;
use ipswich_catalog::settings::Country;
use ipswich_catalog::tax::{BasisPoints, CountryRate, TaxClass};

use super::{check_ids, id, unknown_country};
use crate::fields::{Fields, Located, Notes, Value};

/// Reads all classes. `countries` are those of the settings, unless one of them has a mistake.
pub(super) fn classes(
    value: &Value<'_, '_>,
    notes: &Notes<'_>,
    countries: Option<&[Country]>,
) -> Option<Vec<TaxClass>> {
    let read = value.tables("a tax class", |fields| class(fields, notes, countries))?;
    check_ids(value, read.iter().map(|(class, _)| class.id.as_str()));
    if let (Some([_, abroad @ ..]), true) = (countries, read.len() == value.list_len()) {
        check_complete(notes, &read, abroad);
    }
    Some(read.into_iter().map(|(class, _)| class).collect())
}

/// A rate for one country and not for the next would quietly tax the next as the shop's own.
fn check_complete(notes: &Notes<'_>, classes: &[(TaxClass, Range<usize>)], abroad: &[Country]) {
    if classes.iter().all(|(class, _)| class.rates.is_empty()) {
        return;
    }
    for (class, place) in classes {
        let has = |code: &str| class.rates.iter().any(|rate| rate.country == code);
        let missing: Vec<&str> =
            abroad.iter().map(|country| country.code.as_str()).filter(|code| !has(code)).collect();
        if !missing.is_empty() {
            let message = format!("the tax class {:?} has no rate for {}", class.id, missing.join(", "));
            let rates: Vec<String> = missing.iter().map(|code| format!("{code} = \"…\"")).collect();
            let help = format!(
                "add {} to its rates; once a class has rates, each has one for every country but the first",
                rates.join(", ")
            );
            notes.add(place.clone(), message, help);
        }
    }
}

fn class(
    fields: &mut Fields<'_, '_>,
    notes: &Notes<'_>,
    countries: Option<&[Country]>,
) -> Option<(TaxClass, Range<usize>)> {
    let id = fields.required("id", id);
    let has_rates = fields.has("rates");
    let place = if has_rates { fields.key_span("rates") } else { fields.place() };
    let title = fields.required("title", |value| match value.str()? {
        title if has_rates && title.contains('%') => value.reject(
            format!("{title:?} names one rate, and the class has several"),
            "write the title without the rate, such as \"VAT\"; the shop adds the rate of the country",
        ),
        title => Some(title.to_owned()),
    });
    let rate = fields.required("rate", |value| value.parse(percent, HELP));
    let rates = fields.optional("rates", Value::pairs).unwrap_or_default();
    let title = title?;
    let read = |(country, text)| country_rate(notes, country, &text, &title, countries);
    let count = rates.len();
    let rates: Vec<CountryRate> = rates.into_iter().filter_map(read).collect();
    let (id, rate) = (id?, rate?);
    // A rate with a mistake is not missing.
    (rates.len() == count).then_some(())?;
    let title = if has_rates { format!("{title} {rate}") } else { title };
    Some((TaxClass { id, title, rate, rates }, place))
}

const HELP: &str = "write percent, such as \"20\" or \"5.5\"";

fn country_rate(
    notes: &Notes<'_>,
    country: Located<String>,
    text: &Located<String>,
    title: &str,
    countries: Option<&[Country]>,
) -> Option<CountryRate> {
    if let Some(known) = countries {
        let place = known.iter().position(|known| known.code == country.value);
        if place.is_none() {
            let (message, help) = unknown_country(&country.value, known);
            notes.add(country.span, message, help);
            return None;
        }
        if place == Some(0) {
            let message = format!("{} is the shop's own country, and has its rate already", country.value);
            notes.add(country.span, message, "remove it; \"rate\" is the rate of the first country");
            return None;
        }
    }
    match percent(&text.value) {
        Ok(rate) => Some(CountryRate { title: format!("{title} {rate}"), country: country.value, rate }),
        Err(message) => {
            notes.add(text.span.clone(), format!("{:?} will not do: {message}", text.value), HELP);
            None
        }
    }
}

/// A rate in percent with at most two decimal places.
pub(crate) fn percent(text: &str) -> Result<BasisPoints, String> {
    let points = Amount::parse_decimal(text, 2).map_err(|_| "a rate is a number of percent".to_owned())?;
    let points = u32::try_from(points.minor()).map_err(|_| "a rate is at most 100 percent".to_owned())?;
    BasisPoints::new(points).map_err(|_| "a rate is at most 100 percent".to_owned())
}

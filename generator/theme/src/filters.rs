//! The filters, tests and functions that templates can use.
//!
//! Of minijinja's own only those that templates need are taken: the Worker carries the code of every one.

use std::collections::BTreeMap;
use std::sync::Arc;

use ipswich_catalog::published::ShopRecord;
use ipswich_catalog::{Amount, Locale, MoneyFormat};
use minijinja::{Environment, Error, ErrorKind, filters, functions, tests as is};

/// Adds them all to an environment.
pub(crate) fn install(env: &mut Environment<'static>, record: &ShopRecord) {
    install_builtins(env);
    let format = record.settings.money_format();
    env.add_filter("money", move |minor: i64| money(format, minor));
    env.add_filter("decimal", move |minor: i64| decimal(format, minor));
    let locale = record.settings.language;
    env.add_filter("date", move |unix_seconds: i64| date(locale, unix_seconds));
    env.add_filter("datetime", move |unix_seconds: i64| datetime(locale, unix_seconds));
    env.add_filter("isodate", isodate);
    let assets = Arc::new(record.assets.clone());
    env.add_function("asset", move |name: String| asset(&assets, &name));
}

/// What minijinja brings, by the names its documentation uses.
pub(crate) fn install_builtins(env: &mut Environment<'static>) {
    env.add_filter("capitalize", filters::capitalize);
    env.add_filter("default", filters::default);
    env.add_filter("first", filters::first);
    env.add_filter("join", filters::join);
    env.add_filter("last", filters::last);
    env.add_filter("length", filters::length);
    env.add_filter("lower", filters::lower);
    env.add_filter("replace", filters::replace);
    env.add_filter("reverse", filters::reverse);
    env.add_filter("trim", filters::trim);
    env.add_filter("upper", filters::upper);
    env.add_test("defined", is::is_defined);
    env.add_test("none", is::is_none);
    env.add_test("startingwith", is::is_startingwith);
    env.add_test("undefined", is::is_undefined);
    env.add_function("range", functions::range);
}

/// An amount in minor units for people.
///
/// ```jinja
/// {{ 2499|money }} → £24.99
/// ```
fn money(format: MoneyFormat, minor: i64) -> Result<String, Error> {
    Ok(format.format(amount(minor)?))
}

/// An amount in minor units for machines.
///
/// ```jinja
/// {{ 2499|decimal }} → 24.99
/// ```
fn decimal(format: MoneyFormat, minor: i64) -> Result<String, Error> {
    Ok(format.decimal(amount(minor)?))
}

fn amount(minor: i64) -> Result<Amount, Error> {
    Amount::from_minor(minor).map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

/// Year, month (1-12), day, hour and minute of a moment in UTC, by the days-from-civil method.
fn civil(unix_seconds: i64) -> (i64, i64, i64, i64, i64) {
    let days = unix_seconds.div_euclid(86_400);
    let seconds = unix_seconds.rem_euclid(86_400);
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day, seconds / 3_600, seconds % 3_600 / 60)
}

/// A moment in Unix seconds as a date.
///
/// ```jinja
/// {{ 1795435200|date }} → 23 November 2026
/// ```
pub fn date(locale: Locale, unix_seconds: i64) -> String {
    let (year, month, day, ..) = civil(unix_seconds);
    locale.date(year, month, day)
}

/// A moment in Unix seconds as date and time in UTC.
///
/// ```jinja
/// {{ 1795435200|datetime }} → 23 November 2026 at 12:00 UTC
/// ```
fn datetime(locale: Locale, unix_seconds: i64) -> String {
    let (.., hour, minute) = civil(unix_seconds);
    format!("{} UTC", locale.moment(&date(locale, unix_seconds), hour, minute))
}

/// A moment in Unix seconds for the `datetime` attribute of a `time` element.
///
/// ```jinja
/// {{ 1795435200|isodate }} → 2026-11-23T12:00Z
/// ```
fn isodate(unix_seconds: i64) -> String {
    let (year, month, day, hour, minute) = civil(unix_seconds);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}Z")
}

/// The public address of a file of the theme; a name that the theme does not have is an error.
///
/// ```jinja
/// <link rel="stylesheet" href="{{ asset("css/site.css") }}">
/// ```
fn asset(assets: &BTreeMap<String, String>, name: &str) -> Result<String, Error> {
    assets.get(name).cloned().ok_or_else(|| {
        let known: Vec<&str> = assets.keys().map(String::as_str).collect();
        Error::new(
            ErrorKind::InvalidOperation,
            format!("the theme has no file {name:?}; it has {}", known.join(", ")),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_dates() {
        let date = |at| date(Locale::EnGb, at);
        assert_eq!(date(0), "1 January 1970");
        assert_eq!(datetime(Locale::EnGb, 1_795_435_200), "23 November 2026 at 12:00 UTC");
        assert_eq!(datetime(Locale::DeDe, 1_795_435_200), "23. November 2026 um 12:00 UTC");
        assert_eq!(isodate(951_782_399), "2000-02-28T23:59Z");
        assert_eq!(date(951_782_400), "29 February 2000");
        assert_eq!(date(-1), "31 December 1969");
    }
}

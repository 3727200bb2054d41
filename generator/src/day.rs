//! Days of the calendar.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use ipswich_catalog::Locale;

/// A day of the calendar. Later days are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(NaiveDate);

/// The text is no day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayError;

impl fmt::Display for DayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day is written like 2026-09-14")
    }
}

impl std::error::Error for DayError {}

impl Day {
    /// The day with these numbers, if the calendar has it.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Day> {
        NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)).map(Day)
    }

    /// The day in UTC that is so many seconds after 1970 began; the first day if the calendar has no such.
    pub fn from_unix(seconds: u64) -> Day {
        let moment = i64::try_from(seconds).ok().and_then(|at| chrono::DateTime::from_timestamp(at, 0));
        Day(moment.unwrap_or_default().date_naive())
    }

    /// In words, such as "14 September 2026".
    pub fn words(self, locale: Locale) -> String {
        locale.date(i64::from(self.0.year()), i64::from(self.0.month()), i64::from(self.0.day()))
    }

    /// The number of days from `earlier` to this one; negative if that one is later.
    pub fn days_since(self, earlier: Day) -> i64 {
        self.0.signed_duration_since(earlier.0).num_days()
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Day, DayError> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Day).map_err(|_| DayError)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_and_write_the_same() {
        let day: Day = "2024-02-29".parse().unwrap();
        assert_eq!(
            (day.to_string(), day.words(Locale::EnGb)),
            ("2024-02-29".into(), "29 February 2024".into())
        );
        assert_eq!(day, Day::new(2024, 2, 29).unwrap());
        assert_eq!("2025-02-29".parse::<Day>(), Err(DayError));
        assert_eq!(Day::from_unix(1_709_164_800), day);
        assert_eq!(Day::new(2024, 3, 1).unwrap().days_since(day), 1);
    }
}

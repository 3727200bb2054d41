//! Languages of the shop, and how their readers write money, dates and rates.
//!
//! The tables are small and by hand; an end-to-end test compares every locale and currency with what `Intl` of
//! Node.js writes.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::tax::BasisPoints;

mod names;

/// Keeps a number and its unit on one line.
const NO_BREAK: &str = "\u{a0}";
/// The same, and narrow.
const NARROW: &str = "\u{202f}";

/// A language as it is written in a country, by its BCP 47 tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Locale {
    /// British English.
    #[serde(rename = "en-GB")]
    EnGb,
    /// American English.
    #[serde(rename = "en-US")]
    EnUs,
    /// English of Ireland.
    #[serde(rename = "en-IE")]
    EnIe,
    /// German of Germany.
    #[serde(rename = "de-DE")]
    DeDe,
    /// German of Austria.
    #[serde(rename = "de-AT")]
    DeAt,
    /// French of France.
    #[serde(rename = "fr-FR")]
    FrFr,
    /// Spanish of Spain.
    #[serde(rename = "es-ES")]
    EsEs,
    /// Italian of Italy.
    #[serde(rename = "it-IT")]
    ItIt,
    /// Dutch of the Netherlands.
    #[serde(rename = "nl-NL")]
    NlNl,
    /// Polish.
    #[serde(rename = "pl-PL")]
    PlPl,
    /// Swedish of Sweden.
    #[serde(rename = "sv-SE")]
    SvSe,
}

/// The form of a word that goes with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plural {
    /// As in "1 piece".
    One,
    /// A few, in languages that tell them from many.
    Few,
    /// Many, in languages that tell them from a few.
    Many,
    /// As in "5 pieces".
    Other,
}

impl Plural {
    /// The name of the form in files of messages.
    pub const fn name(self) -> &'static str {
        match self {
            Plural::One => "one",
            Plural::Few => "few",
            Plural::Many => "many",
            Plural::Other => "other",
        }
    }
}

impl Locale {
    /// All locales, in the order of declaration.
    pub const ALL: [Locale; 11] = [
        Locale::EnGb,
        Locale::EnUs,
        Locale::EnIe,
        Locale::DeDe,
        Locale::DeAt,
        Locale::FrFr,
        Locale::EsEs,
        Locale::ItIt,
        Locale::NlNl,
        Locale::PlPl,
        Locale::SvSe,
    ];

    /// The BCP 47 tag, such as `en-GB`.
    pub const fn tag(self) -> &'static str {
        match self {
            Locale::EnGb => "en-GB",
            Locale::EnUs => "en-US",
            Locale::EnIe => "en-IE",
            Locale::DeDe => "de-DE",
            Locale::DeAt => "de-AT",
            Locale::FrFr => "fr-FR",
            Locale::EsEs => "es-ES",
            Locale::ItIt => "it-IT",
            Locale::NlNl => "nl-NL",
            Locale::PlPl => "pl-PL",
            Locale::SvSe => "sv-SE",
        }
    }

    /// Finds a locale by its tag.
    pub fn from_tag(tag: &str) -> Option<Locale> {
        Locale::ALL.into_iter().find(|locale| locale.tag() == tag)
    }

    /// The language without the country, such as `en`: the name of files with messages.
    pub fn language(self) -> &'static str {
        self.tag().split('-').next().unwrap_or_default()
    }

    /// The language, as its speakers call it.
    pub const fn name(self) -> &'static str {
        match self {
            Locale::EnGb | Locale::EnUs | Locale::EnIe => "English",
            Locale::DeDe | Locale::DeAt => "Deutsch",
            Locale::FrFr => "Français",
            Locale::EsEs => "Español",
            Locale::ItIt => "Italiano",
            Locale::NlNl => "Nederlands",
            Locale::PlPl => "Polski",
            Locale::SvSe => "Svenska",
        }
    }

    /// The form of a word that goes with `count` pieces.
    pub fn plural(self, count: u64) -> Plural {
        match self {
            Locale::PlPl => match (count % 10, count % 100) {
                _ if count == 1 => Plural::One,
                (2..=4, tens) if !(12..=14).contains(&tens) => Plural::Few,
                _ => Plural::Many,
            },
            Locale::FrFr if count == 0 => Plural::One,
            _ if count == 1 => Plural::One,
            _ => Plural::Other,
        }
    }

    /// The forms that [`Locale::plural`] chooses from; the last is the one for most numbers.
    pub const fn plurals(self) -> &'static [Plural] {
        match self {
            Locale::PlPl => &[Plural::One, Plural::Few, Plural::Many],
            _ => &[Plural::One, Plural::Other],
        }
    }

    /// The mark between units and their fractions.
    pub(crate) const fn decimal_mark(self) -> char {
        match self {
            Locale::EnGb | Locale::EnUs | Locale::EnIe => '.',
            _ => ',',
        }
    }

    /// The mark between groups of three digits.
    pub(crate) const fn group_mark(self) -> &'static str {
        match self {
            Locale::EnGb | Locale::EnUs | Locale::EnIe => ",",
            Locale::FrFr => NARROW,
            Locale::PlPl | Locale::SvSe => NO_BREAK,
            _ => ".",
        }
    }

    /// The fewest digits that are grouped.
    pub(crate) const fn grouped_from(self) -> usize {
        match self {
            Locale::EsEs | Locale::ItIt | Locale::PlPl => 5,
            _ => 4,
        }
    }

    /// A currency as readers know it.
    const fn symbol(self, currency: Currency) -> &'static str {
        use Currency::{Eur, Gbp, Jpy, Pln, Sek, Usd};
        match (self, currency) {
            (_, Eur) => "€",
            (Locale::FrFr, Gbp) => "£GB",
            (Locale::EsEs | Locale::PlPl | Locale::SvSe, Gbp) => "GBP",
            (_, Gbp) => "£",
            (Locale::EnUs | Locale::DeDe | Locale::DeAt, Usd) => "$",
            (Locale::FrFr, Usd) => "$US",
            (Locale::ItIt | Locale::PlPl, Usd) => "USD",
            (_, Usd) => "US$",
            (Locale::EnGb | Locale::EnIe | Locale::NlNl, Jpy) => "JP¥",
            (Locale::EnUs | Locale::DeDe | Locale::DeAt, Jpy) => "¥",
            (Locale::PlPl, Pln) => "zł",
            (Locale::SvSe, Sek) => "kr",
            (_, other) => other.code(),
        }
    }

    /// What stands before and after an amount.
    pub(crate) fn around(self, currency: Currency) -> (String, String) {
        let symbol = self.symbol(currency);
        match self {
            Locale::EnGb | Locale::EnUs | Locale::EnIe => {
                // A code of letters would run into the number.
                let gap = if symbol.ends_with(char::is_alphabetic) { NO_BREAK } else { "" };
                (format!("{symbol}{gap}"), String::new())
            }
            Locale::DeAt | Locale::NlNl => (format!("{symbol}{NO_BREAK}"), String::new()),
            _ => (String::new(), format!("{NO_BREAK}{symbol}")),
        }
    }

    /// A day, such as `23 November 2026`. Months count from 1.
    pub fn date(self, year: i64, month: i64, day: i64) -> String {
        let month = self.month(month);
        match self {
            Locale::EnUs => format!("{month} {day}, {year}"),
            Locale::DeDe | Locale::DeAt => format!("{day}. {month} {year}"),
            Locale::EsEs => format!("{day} de {month} de {year}"),
            _ => format!("{day} {month} {year}"),
        }
    }

    /// A moment of a day, such as `23 November 2026 at 09:05`, from its date.
    pub fn moment(self, date: &str, hour: i64, minute: i64) -> String {
        match self {
            Locale::EnGb | Locale::EnIe => format!("{date} at {hour:02}:{minute:02}"),
            Locale::EnUs => {
                let half = if hour < 12 { "AM" } else { "PM" };
                let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
                format!("{date} at {hour}:{minute:02} {half}")
            }
            Locale::DeDe | Locale::DeAt => format!("{date} um {hour:02}:{minute:02}"),
            Locale::FrFr => format!("{date} à {hour:02}:{minute:02}"),
            Locale::EsEs => format!("{date} a las {hour}:{minute:02}"),
            Locale::ItIt => format!("{date} alle ore {hour:02}:{minute:02}"),
            Locale::NlNl => format!("{date} om {hour:02}:{minute:02}"),
            Locale::PlPl => format!("{date} {hour:02}:{minute:02}"),
            Locale::SvSe => format!("{date} kl. {hour:02}:{minute:02}"),
        }
    }

    /// A rate, such as `17.5%`.
    pub fn percent(self, rate: BasisPoints) -> String {
        let (whole, fraction) = (rate.get() / 100, rate.get() % 100);
        let gap = match self {
            Locale::DeDe | Locale::DeAt | Locale::FrFr | Locale::EsEs | Locale::SvSe => NO_BREAK,
            _ => "",
        };
        if fraction == 0 {
            return format!("{whole}{gap}%");
        }
        let digits = format!("{fraction:02}");
        format!("{whole}{}{}{gap}%", self.decimal_mark(), digits.trim_end_matches('0'))
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_those_of_the_wire() {
        for locale in Locale::ALL {
            assert_eq!(serde_json::to_string(&locale).unwrap(), format!("\"{locale}\""));
            assert_eq!(Locale::from_tag(locale.tag()), Some(locale));
        }
        assert_eq!(Locale::from_tag("en"), None);
        assert_eq!(Locale::DeAt.language(), "de");
    }

    #[test]
    fn words_go_with_their_numbers() {
        let forms = |locale: Locale| [0, 1, 2, 5, 12, 22].map(|count| locale.plural(count).name());
        assert_eq!(forms(Locale::EnGb), ["other", "one", "other", "other", "other", "other"]);
        assert_eq!(forms(Locale::FrFr), ["one", "one", "other", "other", "other", "other"]);
        assert_eq!(forms(Locale::PlPl), ["many", "one", "few", "many", "many", "few"]);
    }

    #[test]
    fn dates_and_rates_follow_the_locale() {
        assert_eq!(Locale::EnGb.date(2026, 11, 23), "23 November 2026");
        assert_eq!(Locale::DeAt.date(2026, 1, 1), "1. Jänner 2026");
        assert_eq!(Locale::EnUs.moment("May 1, 2026", 0, 5), "May 1, 2026 at 12:05 AM");
        assert_eq!(Locale::EnGb.percent(BasisPoints::new(1750).unwrap()), "17.5%");
        assert_eq!(Locale::DeDe.percent(BasisPoints::new(2000).unwrap()), "20\u{a0}%");
    }
}

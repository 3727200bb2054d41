//! The names of months, as they stand in a date.

use super::Locale;

type Months = [&'static str; 12];

const EN: Months = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DE: Months = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const FR: Months = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const ES: Months = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
const IT: Months = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];
const NL: Months = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const PL: Months = [
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
];
const SV: Months = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];

impl Locale {
    /// The name of a month, from 1 for January; empty for a number that is none.
    pub(super) fn month(self, month: i64) -> &'static str {
        let months = match self {
            Locale::DeAt if month == 1 => return "Jänner",
            Locale::EnGb | Locale::EnUs | Locale::EnIe => EN,
            Locale::DeDe | Locale::DeAt => DE,
            Locale::FrFr => FR,
            Locale::EsEs => ES,
            Locale::ItIt => IT,
            Locale::NlNl => NL,
            Locale::PlPl => PL,
            Locale::SvSe => SV,
        };
        let index = month.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        index.and_then(|index| months.get(index)).copied().unwrap_or("")
    }
}

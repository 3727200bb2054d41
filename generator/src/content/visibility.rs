//! Whether a file is for visitors yet: the keys `draft`, `publish_from` and `publish_until`.

use std::ops::Range;

use ipswich_catalog::Locale;

use crate::content::Context;
use crate::day::Day;
use crate::fields::{Fields, Located, Notes, Value};

/// Why a file is not shown, with the place of the key that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hidden {
    pub(crate) reason: Reason,
    pub(crate) span: Range<usize>,
}

/// Why a file is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It is not finished.
    Draft,
    /// It is for later.
    NotBefore(Day),
    /// Its time is over.
    NotAfter(Day),
}

impl Reason {
    /// As a sentence about the thing.
    pub(crate) fn sentence(self) -> String {
        match self {
            Reason::Draft => "is a draft".to_owned(),
            Reason::NotBefore(day) => format!("is not published before {day}"),
            Reason::NotAfter(day) => format!("is not published after {day}"),
        }
    }

    /// For the badge that editors see where such files are shown all the same; they read English.
    pub(crate) fn badge(self) -> String {
        match self {
            Reason::Draft => "Draft".to_owned(),
            Reason::NotBefore(day) => format!("From {}", day.words(Locale::EnGb)),
            Reason::NotAfter(day) => format!("Until {}", day.words(Locale::EnGb)),
        }
    }
}

/// Reads the three keys.
pub(crate) fn read(notes: &Notes<'_>, fields: &mut Fields<'_, '_>, context: &Context<'_>) -> Option<Hidden> {
    let draft =
        fields.optional("draft", |value| Some(Located { span: value.span.clone(), value: value.flag()? }));
    let day = |value: Value<'_, '_>| Some(Located { span: value.span.clone(), value: value.day()? });
    let from = fields.optional("publish_from", day);
    let until = fields.optional("publish_until", day);
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value < from.value
    {
        let help = "\"publish_until\" is the last day and comes after \"publish_from\"";
        notes.add(until.span.clone(), "there is no day on which this is published", help);
    }
    let hidden = |reason, span| Some(Hidden { reason, span });
    match (draft, from, until) {
        (Some(Located { value: true, span }), ..) => hidden(Reason::Draft, span),
        (_, Some(from), _) if context.today < from.value => hidden(Reason::NotBefore(from.value), from.span),
        (.., Some(until)) if context.today > until.value => hidden(Reason::NotAfter(until.value), until.span),
        _ => None,
    }
}

//! What a product file says about pieces that are not there.

use ipswich_catalog::StockPolicy;

use crate::fields::{Fields, Notes, Value};
use crate::problem::did_you_mean;

/// The longest wait that is worth a promise, in days.
const LEAD_DAYS_MAX: i64 = 365;

/// The most pieces that can be owed.
const LIMIT_MAX: i64 = 10_000;

/// The words of `stock_policy`.
const POLICIES: [&str; 3] = ["deny", "backorder", "made-to-order"];

/// Reads `stock_policy`, `lead_days` and `backorder_limit`.
pub(crate) fn read(notes: &Notes<'_>, fields: &mut Fields<'_, '_>) -> StockPolicy {
    let word = fields.optional("stock_policy", policy).unwrap_or("deny");
    // With a word that is a mistake, nobody can say what belongs to it.
    let is_clear = word != "deny" || !fields.has("stock_policy");
    let lead_days = key(notes, fields, "lead_days", (is_clear, word != "deny"), LEAD_DAYS_MAX);
    let limit = key(notes, fields, "backorder_limit", (is_clear, word == "backorder"), LIMIT_MAX);
    match word {
        "backorder" => StockPolicy::Backorder { limit, lead_days },
        "made-to-order" => StockPolicy::MadeToOrder { lead_days },
        _ => StockPolicy::Deny,
    }
}

/// A number that some policies need and others have no use for.
fn key(
    notes: &Notes<'_>,
    fields: &mut Fields<'_, '_>,
    name: &'static str,
    (is_clear, is_needed): (bool, bool),
    most: i64,
) -> u32 {
    let read = |value: Value<'_, '_>| value.number(1..=most).and_then(|number| u32::try_from(number).ok());
    if is_needed {
        return fields.required(name, read).unwrap_or(1);
    }
    if is_clear && fields.has(name) {
        let help = match name {
            "lead_days" => "set stock_policy to \"backorder\" or \"made-to-order\", or remove the key",
            _ => "set stock_policy to \"backorder\", or remove the key",
        };
        notes.add(
            fields.key_span(name),
            format!("{name:?} says nothing about what is sold from stock"),
            help,
        );
    }
    fields.optional(name, read);
    1
}

fn policy(value: Value<'_, '_>) -> Option<&'static str> {
    let word = value.str()?;
    let known = POLICIES.into_iter().find(|known| *known == word);
    known.or_else(|| {
        let help = did_you_mean(word, POLICIES.into_iter(), || POLICIES.join(", "));
        value.reject(format!("there is no stock policy {word:?}"), help)
    })
}

//! The form for a new coupon: what was typed, and what it means.

use std::collections::BTreeSet;

use ipswich_catalog::Amount;
use ipswich_catalog::promotion::Effect;
use ipswich_catalog::tax::BasisPoints;

use crate::coupon::{Code, Coupon, NO_LIMIT, Scope};
use crate::error::Error;
use crate::fields::Line;
use crate::form::Fields;
use crate::release::Release;
use crate::views::{CouponFormView, Field, FieldError};

const FIELDS: [&str; 14] = [
    "code",
    "title",
    "kind",
    "value",
    "products",
    "categories",
    "brands",
    "minimum",
    "from",
    "until",
    "uses_max",
    "per_customer",
    "with_promotions",
    "with_coupons",
];

/// The longest name of a coupon, in characters.
const TITLE_CHARS_MAX: usize = 60;

/// The most names in a list, and their length in bytes.
const NAMES_MAX: usize = 50;
const NAME_BYTES_MAX: usize = 200;

/// The most uses that can be asked for; more is "no limit".
const USES_MAX: i64 = 1_000_000;

const DAY_SECONDS: i64 = 86_400;

/// The form as it was typed.
#[derive(Clone, Default)]
pub(crate) struct TypedCoupon {
    code: String,
    title: String,
    kind: String,
    value: String,
    products: String,
    categories: String,
    brands: String,
    minimum: String,
    from: String,
    until: String,
    uses_max: String,
    per_customer: String,
    with_promotions: bool,
    with_coupons: bool,
}

/// Reads the form; only one that is not ours is an error here.
pub(crate) fn read(fields: Fields) -> Result<TypedCoupon, Error> {
    let fields = fields.only(&FIELDS, None)?;
    let get = |name: &str| fields.get(name).trim().to_owned();
    Ok(TypedCoupon {
        code: get("code"),
        title: get("title"),
        kind: get("kind"),
        value: get("value"),
        products: get("products"),
        categories: get("categories"),
        brands: get("brands"),
        minimum: get("minimum"),
        from: get("from"),
        until: get("until"),
        uses_max: get("uses_max"),
        per_customer: get("per_customer"),
        with_promotions: !fields.get("with_promotions").is_empty(),
        with_coupons: !fields.get("with_coupons").is_empty(),
    })
}

/// The form to be shown again.
pub(crate) fn view(typed: &TypedCoupon, errors: &[FieldError]) -> CouponFormView {
    let of = |name: &str| errors.iter().find(|error| error.field == name).map(|error| error.message.clone());
    let field = |name: &str, value: &str| Field { value: value.to_owned(), error: of(name) };
    CouponFormView {
        code: field("code", &typed.code),
        title: field("title", &typed.title),
        kind: field("kind", &typed.kind),
        value: field("value", &typed.value),
        products: field("products", &typed.products),
        categories: field("categories", &typed.categories),
        brands: field("brands", &typed.brands),
        minimum: field("minimum", &typed.minimum),
        from: field("from", &typed.from),
        until: field("until", &typed.until),
        uses_max: field("uses_max", &typed.uses_max),
        per_customer: field("per_customer", &typed.per_customer),
        with_promotions: typed.with_promotions,
        with_coupons: typed.with_coupons,
        open: !errors.is_empty(),
    }
}

/// Understands the form, or names every mistake in it. `spare` is a code that nobody can guess, for when none is typed.
pub(crate) async fn understand(
    typed: &TypedCoupon,
    spare: &str,
    release: &Release,
) -> Result<Result<Coupon, Vec<FieldError>>, Error> {
    let decimals = release.settings().currency.decimals();
    let mut mistakes = Mistakes(vec![]);
    let code = Code::parse(if typed.code.is_empty() { spare } else { &typed.code });
    let code = mistakes.or(code, "code", "A code has 3 to 24 letters A to Z, digits and hyphens.");
    let title = Line::required(&typed.title, TITLE_CHARS_MAX)
        .map_err(|problem| mistakes.say("title", &problem.in_english("a name for shoppers")))
        .ok();
    let effect = effect(typed, decimals, &mut mistakes);
    let scope = Scope {
        products: names(&typed.products),
        categories: names(&typed.categories),
        brands: names(&typed.brands),
    };
    check_scope(&scope, release, &mut mistakes).await?;
    let minimum = if typed.minimum.is_empty() {
        Some(Amount::ZERO)
    } else {
        Amount::parse_decimal(&typed.minimum, decimals).ok()
    };
    let minimum = mistakes.or(minimum, "minimum", "Enter an amount such as 25, or leave this empty.");
    let from = mistakes.day("from", &typed.from);
    let until = mistakes.day("until", &typed.until).map(|day| day.map(|day| day.saturating_add(DAY_SECONDS)));
    if let (Some(Some(from)), Some(Some(until))) = (from, until)
        && until <= from
    {
        mistakes.say("until", "The last day comes before the first. Choose a later one.");
    }
    let uses_max = mistakes.limit("uses_max", &typed.uses_max);
    let per_customer = mistakes.limit("per_customer", &typed.per_customer);
    Ok(match (code, title, effect, minimum, from, until, uses_max, per_customer) {
        (
            Some(code),
            Some(title),
            Some(effect),
            Some(minimum),
            Some(from),
            Some(until),
            Some(uses_max),
            Some(per_customer),
        ) if mistakes.0.is_empty() => {
            let (with_promotions, with_coupons) = (typed.with_promotions, typed.with_coupons);
            let title = title.as_str().to_owned();
            Ok(Coupon {
                code,
                title,
                effect,
                scope,
                minimum,
                from,
                until,
                uses_max,
                per_customer,
                with_promotions,
                with_coupons,
            })
        }
        _ => Err(mistakes.0),
    })
}

fn effect(typed: &TypedCoupon, decimals: u8, mistakes: &mut Mistakes) -> Option<Effect> {
    match typed.kind.as_str() {
        "percent" => {
            // 12.5 % are 1250 basis points: a percentage has as many decimal places as pounds have.
            let points = Amount::parse_decimal(&typed.value, 2).ok();
            let points =
                points.and_then(|points| u32::try_from(points.minor()).ok()).filter(|points| *points > 0);
            let part = points.and_then(|points| BasisPoints::new(points).ok());
            let text = "Enter a percentage above 0 and up to 100, such as 10 or 12.5.";
            mistakes.or(part, "value", text).map(Effect::Percent)
        }
        "amount" => {
            let amount =
                Amount::parse_decimal(&typed.value, decimals).ok().filter(|amount| !amount.is_zero());
            let text = match decimals {
                0 => "Enter an amount above 0, such as 500.".to_owned(),
                _ => format!(
                    "Enter an amount above 0 with at most {decimals} decimal places, such as 5 or 7.50."
                ),
            };
            mistakes.or(amount, "value", &text).map(Effect::Amount)
        }
        "free_delivery" if typed.value.is_empty() => Some(Effect::FreeDelivery(vec![])),
        "free_delivery" => {
            mistakes.say(
                "value",
                "Free delivery has no value. Leave this empty, or choose what else it takes off.",
            );
            None
        }
        _ => {
            mistakes.say("kind", "Choose what the coupon takes off.");
            None
        }
    }
}

/// Names that were typed with commas or on lines of their own.
fn names(text: &str) -> Vec<String> {
    let names = text.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty());
    let names: BTreeSet<String> = names.map(str::to_owned).collect();
    names.into_iter().collect()
}

/// Names that no goods of the release have are mistakes.
async fn check_scope(scope: &Scope, release: &Release, mistakes: &mut Mistakes) -> Result<(), Error> {
    let lists = [
        ("products", "product", &scope.products),
        ("categories", "category", &scope.categories),
        ("brands", "brand", &scope.brands),
    ];
    for (field, what, names) in lists {
        if names.len() > NAMES_MAX || names.iter().any(|name| name.len() > NAME_BYTES_MAX) {
            mistakes.say(field, &format!("A list takes {NAMES_MAX} names of a {what} at most. Shorten it."));
            return Ok(());
        }
    }
    if scope.is_everything() {
        return Ok(());
    }
    let mut missing: Vec<(&str, &str, BTreeSet<&str>)> = lists
        .into_iter()
        .map(|(field, what, names)| (field, what, names.iter().map(String::as_str).collect()))
        .collect();
    for number in 0..release.shards() {
        let shard = release.shard(number).await?;
        for record in shard.skus.values() {
            for (field, _, names) in &mut missing {
                names.retain(|name| {
                    let only = |products: &str, categories: &str, brands: &str| Scope {
                        products: Vec::from_iter((*field == products).then(|| (*name).to_owned())),
                        categories: Vec::from_iter((*field == categories).then(|| (*name).to_owned())),
                        brands: Vec::from_iter((*field == brands).then(|| (*name).to_owned())),
                    };
                    !only("products", "categories", "brands").covers(record)
                });
            }
        }
    }
    for (field, what, names) in missing {
        if let Some(name) = names.first() {
            mistakes.say(field, &format!("There is no {what} \u{201C}{name}\u{201D} in the shop."));
        }
    }
    Ok(())
}

/// The mistakes of the form, collected.
struct Mistakes(Vec<FieldError>);

impl Mistakes {
    fn say(&mut self, field: &str, message: &str) {
        self.0.push(FieldError { field: field.to_owned(), message: message.to_owned() });
    }

    fn or<T>(&mut self, value: Option<T>, field: &str, message: &str) -> Option<T> {
        if value.is_none() {
            self.say(field, message);
        }
        value
    }

    /// The first moment of a day in UTC, or of none.
    fn day(&mut self, field: &str, text: &str) -> Option<Option<i64>> {
        if text.is_empty() {
            return Some(None);
        }
        let day = day_begin(text);
        self.or(day, field, "Enter a day such as 2026-12-24, or leave this empty.").map(Some)
    }

    /// A number of uses, or no limit.
    fn limit(&mut self, field: &str, text: &str) -> Option<i64> {
        if text.is_empty() {
            return Some(NO_LIMIT);
        }
        let digits = text.len() <= 7 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|number| digits && (1..=USES_MAX).contains(number));
        let message = format!("Enter a whole number from 1 to {USES_MAX}, or leave this empty for no limit.");
        self.or(number, field, &message)
    }
}

/// The first moment of a day `2026-12-24` in UTC, in Unix seconds, by the days-from-civil method. `None` for what is no
/// day from 1970 to 9999.
fn day_begin(text: &str) -> Option<i64> {
    let digits = |part: &str, length: usize| {
        let plain = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|_| plain)
    };
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4).filter(|year| *year >= 1970)?;
    let month = digits(parts.next()?, 2).filter(|month| (1..=12).contains(month))?;
    let day = digits(parts.next()?, 2)?;
    let leap = year.checked_rem(4) == Some(0)
        && (year.checked_rem(100) != Some(0) || year.checked_rem(400) == Some(0));
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if parts.next().is_some() || !(1..=length).contains(&day) {
        return None;
    }
    // Years begin in March, so that the leap day is the last of one.
    let (year, month) =
        if month > 2 { (year, month.checked_sub(3)?) } else { (year.checked_sub(1)?, month.checked_add(9)?) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = month.checked_mul(153)?.checked_add(2)?.div_euclid(5).checked_add(day)?.checked_sub(1)?;
    let of_era =
        of_era.checked_mul(365)?.checked_add(of_era.div_euclid(4))?.checked_sub(of_era.div_euclid(100))?;
    let days = era.checked_mul(146_097)?.checked_add(of_era)?.checked_add(of_year)?.checked_sub(719_468)?;
    days.checked_mul(DAY_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_in_utc() {
        assert_eq!(day_begin("1970-01-01"), Some(0));
        assert_eq!(day_begin("2026-11-23"), Some(1_795_435_200 - 43_200));
        assert_eq!(day_begin("2000-02-29"), Some(951_782_400));
        for bad in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "1969-12-31",
            "2026-11-23T12:00",
            "+026-11-23",
        ] {
            assert_eq!(day_begin(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_are_read_from_lists() {
        assert_eq!(names(" mugs, , mugs\nbowls"), ["bowls", "mugs"]);
    }
}

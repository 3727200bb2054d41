//! Coupons: codes that take something off. The database owns them; promotions that need no code come with the release.

use ipswich_catalog::Amount;
use ipswich_catalog::promotion::Effect;
use ipswich_catalog::published::SkuRecord;
use serde::{Deserialize, Serialize};

use crate::token::keyed_hash;

/// The most codes of a cart.
pub(crate) const CODES_MAX: usize = 3;

/// What counts as no limit of uses.
pub(crate) const NO_LIMIT: i64 = 1_000_000_000;

/// Length limits of a code. Three letters are for codes on a poster; codes that must not be guessed are made by us.
const CODE_CHARS: std::ops::RangeInclusive<usize> = 3..=24;

/// The code of a coupon: `A`-`Z`, `0`-`9` and hyphens. Nobody has to mind capitals and spaces when typing it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Code(String);

impl Code {
    /// Takes what was typed; `None` if no coupon can be called so.
    pub(crate) fn parse(text: &str) -> Option<Code> {
        // Longer texts are not worth a copy.
        if text.len() > 200 {
            return None;
        }
        let code: String =
            text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let plain = code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
        (plain && CODE_CHARS.contains(&code.len())).then_some(Code(code))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The goods a coupon is for: those that any of the lists names, or all if there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Scope {
    /// Slugs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) products: Vec<String>,
    /// Paths; what is below them belongs to them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) categories: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) brands: Vec<String>,
}

impl Scope {
    pub(crate) fn is_everything(&self) -> bool {
        self.products.is_empty() && self.categories.is_empty() && self.brands.is_empty()
    }

    /// Whether it names this SKU.
    pub(crate) fn covers(&self, record: &SkuRecord) -> bool {
        let below = |path: &String, wanted: &String| {
            path.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.is_everything()
            || self.products.iter().any(|slug| slug == record.product.as_str())
            || self.brands.contains(&record.brand)
            || self.categories.iter().any(|wanted| record.categories.iter().any(|path| below(path, wanted)))
    }
}

/// The terms of a coupon. They are written once; only its end can be moved, to an earlier moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Coupon {
    pub(crate) code: Code,
    /// Its name for shoppers.
    pub(crate) title: String,
    /// Free delivery is free whatever the method.
    pub(crate) effect: Effect,
    pub(crate) scope: Scope,
    /// What the goods it is for must cost together, before anything is taken off.
    pub(crate) minimum: Amount,
    /// The first moment it is valid, in Unix seconds.
    pub(crate) from: Option<i64>,
    /// The first moment it is no longer valid, in Unix seconds.
    pub(crate) until: Option<i64>,
    /// Orders that may have it; [`NO_LIMIT`] for any number.
    pub(crate) uses_max: i64,
    /// Orders of one customer that may have it; [`NO_LIMIT`] for any number.
    pub(crate) per_customer: i64,
    /// Whether it goes together with promotions that are combinable.
    pub(crate) with_promotions: bool,
    /// Whether it goes together with other coupons that say so too.
    pub(crate) with_coupons: bool,
}

/// A coupon and how often it was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) coupon: Coupon,
    /// Orders that have it, paid or waiting for their money.
    pub(crate) uses: i64,
    /// Those of the customer who asks, as far as we know who that is.
    pub(crate) own_uses: i64,
}

/// Why a coupon takes nothing off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bar {
    /// There is none with this code.
    Unknown,
    /// It is valid from this moment on, in Unix seconds.
    NotYet(i64),
    Ended,
    /// As many orders as may have it.
    UsedUp,
    /// As many orders of this customer as may have it.
    UsedByYou,
    /// Nothing in the cart is what it is for.
    OtherGoods,
    /// So much more has to be bought of what it is for.
    Minimum(Amount),
    /// What is better for the shopper cannot be had together with it.
    NotTogether(String),
    /// Everything is as cheap without it.
    NothingToGain,
}

impl Known {
    /// Why it cannot be used at all at this moment, whatever is in the cart.
    pub(crate) fn barred(&self, now: i64) -> Option<Bar> {
        let coupon = &self.coupon;
        match (coupon.from, coupon.until) {
            (_, Some(until)) if until <= now => Some(Bar::Ended),
            (Some(from), _) if now < from => Some(Bar::NotYet(from)),
            _ if self.own_uses >= coupon.per_customer => Some(Bar::UsedByYou),
            _ if self.uses >= coupon.uses_max => Some(Bar::UsedUp),
            _ => None,
        }
    }
}

/// What an order keeps of who used a coupon: a keyed hash of the address in small letters.
pub(crate) fn customer_key(secret: &[u8], email_key: &str) -> Option<String> {
    keyed_hash(secret, &["coupon", email_key])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let code = |text: &str| Code::parse(text).map(|code| code.0);
        assert_eq!(code(" tide-10 ").as_deref(), Some("TIDE-10"));
        assert_eq!(code("7k4m - 2qxd").as_deref(), Some("7K4M-2QXD"));
        for bad in ["", "AB", "TIDE_10", "TIDE.10", "TÍDE", "a'; drop", &"A".repeat(25), &" ".repeat(9000)] {
            assert_eq!(code(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_scope_is_read_back_and_refuses_what_it_does_not_know() {
        let scope = Scope { categories: vec!["home/mugs".into()], ..Scope::default() };
        let text = serde_json::to_string(&scope).unwrap();
        assert_eq!(text, r#"{"categories":["home/mugs"]}"#);
        assert_eq!(serde_json::from_str::<Scope>(&text).unwrap(), scope);
        assert!(serde_json::from_str::<Scope>("{}").unwrap().is_everything());
        assert!(serde_json::from_str::<Scope>(r#"{"tags":["sale"]}"#).is_err());
    }
}

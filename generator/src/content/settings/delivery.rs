//! `[[zones]]` and `[[delivery]]`: which countries the goods go to, how, and for what.

use std::ops::Range;

use ipswich_catalog::Currency;
use ipswich_catalog::settings::Country;
use ipswich_catalog::shipping::{ShippingKind, ShippingMethod, ShippingTier};

use super::{check_ids, id, unknown_country};
use crate::fields::{Fields, Notes, Value};
use crate::problem::did_you_mean;

/// The heaviest parcel, in grams.
const WEIGHT_MAX: i64 = 100_000_000;

/// Countries that are served alike.
#[derive(Debug)]
pub(super) struct Zone {
    id: String,
    title: String,
    countries: Vec<String>,
    place: Range<usize>,
}

/// A method, and the titles of the zones it names.
#[derive(Debug)]
pub(super) struct Method {
    pub(super) method: ShippingMethod,
    pub(super) zones: Vec<String>,
    zone_ids: Vec<String>,
}

/// What methods may name. Lists with a mistake in them are not there.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) currency: Currency,
    pub(super) countries: Option<&'a [Country]>,
    pub(super) zones: Option<&'a [Zone]>,
}

/// Reads all zones.
pub(super) fn zones(value: &Value<'_, '_>, countries: Option<&[Country]>) -> Option<Vec<Zone>> {
    let zones = value.tables("a zone", |fields| zone(fields, countries))?;
    check_ids(value, zones.iter().map(|zone| zone.id.as_str()));
    Some(zones)
}

fn zone(fields: &mut Fields<'_, '_>, countries: Option<&[Country]>) -> Option<Zone> {
    let place = fields.place();
    let id = fields.required("id", id);
    let title = fields.required("title", Value::text);
    let served = fields.required("countries", |value| codes(&value, countries));
    Some(Zone { id: id?, title: title?, countries: served?, place })
}

/// Country codes, each of them in the settings.
fn codes(value: &Value<'_, '_>, countries: Option<&[Country]>) -> Option<Vec<String>> {
    if value.list_len() == 0 {
        value.list(|_| Some(()))?;
        return value.reject("the list names no country", "name the codes of [[countries]], such as \"GB\"");
    }
    let codes = value.list(|item| {
        let code = item.str()?;
        match countries {
            Some(known) if known.iter().all(|country| country.code != code) => {
                let (message, help) = unknown_country(code, known);
                item.reject(message, help)
            }
            _ => Some(code.to_owned()),
        }
    })?;
    // A list with a mistake does not say what is served.
    (codes.len() == value.list_len()).then_some(codes)
}

/// Reads all methods.
pub(super) fn methods(value: &Value<'_, '_>, known: Known<'_>) -> Option<Vec<Method>> {
    let methods = value.tables("a delivery method", |fields| method(fields, known))?;
    check_ids(value, methods.iter().map(|method| method.method.id.as_str()));
    Some(methods)
}

/// Reports countries that no method serves, and zones that no method names.
pub(super) fn check_used(
    notes: &Notes<'_>,
    methods: &[Method],
    countries: &[(Country, Range<usize>)],
    zones: &[Zone],
) {
    let serves =
        |code: &str| methods.iter().any(|method| method.method.countries.iter().any(|known| known == code));
    for (country, place) in countries.iter().filter(|(country, _)| !serves(&country.code)) {
        let message = format!("no delivery method serves {}", country.code);
        let help = "add it to the countries or zones of a [[delivery]], or remove it here";
        notes.add(place.clone(), message, help);
    }
    let named = |zone: &&Zone| methods.iter().any(|method| method.zone_ids.contains(&zone.id));
    for zone in zones.iter().filter(|zone| !named(zone)) {
        let message = format!("no delivery method names the zone {:?}", zone.id);
        notes.add(zone.place.clone(), message, "add it to the zones of a [[delivery]], or remove it here");
    }
}

fn method(fields: &mut Fields<'_, '_>, known: Known<'_>) -> Option<Method> {
    let id = fields.required("id", id);
    let title = fields.required("title", Value::text);
    let note = fields.required("note", Value::text);
    let kind = fields.required("kind", |value| match value.str()? {
        "delivery" => Some(ShippingKind::Delivery),
        "collection" => Some(ShippingKind::Collection),
        other => value.reject(format!("there is no kind {other:?}"), "write \"delivery\" or \"collection\""),
    });
    let amount = |value: Value<'_, '_>| value.amount(known.currency);
    let price = fields.required("price", amount);
    let free_from = fields.optional("free_from", amount);
    let weight_min = fields.optional("weight_min", |value| grams(&value)).unwrap_or(0);
    let weight_below = fields.optional("weight_below", |value| match grams(&value)? {
        limit if limit > weight_min => Some(limit),
        _ => value.reject("the method takes no weight at all", "\"weight_below\" is above \"weight_min\""),
    });
    let subtotal_min = fields.optional("subtotal_min", amount).unwrap_or_default();
    let subtotal_below = fields.optional("subtotal_below", |value| match value.amount(known.currency)? {
        limit if limit > subtotal_min => Some(limit),
        _ => value.reject("the method takes no order at all", "\"subtotal_below\" is above \"subtotal_min\""),
    });
    let weights = weight_min..weight_below.unwrap_or(u64::MAX);
    let tiers = fields.optional("tiers", |value| tiers(&value, known.currency, &weights)).unwrap_or_default();
    let (countries, zones) = served(fields, known, kind == Some(ShippingKind::Collection));
    let (zone_ids, zones) = zones.into_iter().unzip();
    let method = ShippingMethod {
        id: id?,
        title: title?,
        note: note?,
        kind: kind?,
        price: price?,
        tiers,
        free_from,
        weight_min,
        weight_below,
        subtotal_min,
        subtotal_below,
        countries: countries?,
    };
    Some(Method { method, zones, zone_ids })
}

fn grams(value: &Value<'_, '_>) -> Option<u64> {
    value.number(0..=WEIGHT_MAX).and_then(|grams| u64::try_from(grams).ok())
}

/// Prices by weight: each tier is above the one before and within what the method takes.
fn tiers(value: &Value<'_, '_>, currency: Currency, weights: &Range<u64>) -> Option<Vec<ShippingTier>> {
    let mut above = weights.start;
    value.tables("a tier", |fields| {
        let weight_below = fields.required("weight_below", |value| match grams(&value)? {
            limit if limit <= above => value.reject(
                format!("no order is below {limit} g and not below {above} g"),
                "tiers go from light to heavy, above \"weight_min\"",
            ),
            limit if limit >= weights.end => value.reject(
                format!("the method takes no order of {limit} g"),
                "the last tier ends below \"weight_below\"; \"price\" of the method is for what is heavier",
            ),
            limit => {
                above = limit;
                Some(limit)
            }
        });
        let price = fields.required("price", |value| value.amount(currency));
        Some(ShippingTier { weight_below: weight_below?, price: price? })
    })
}

/// The countries of a method and the zones it names, by id and title. Who fetches the goods may live anywhere.
fn served(
    fields: &mut Fields<'_, '_>,
    known: Known<'_>,
    collection: bool,
) -> (Option<Vec<String>>, Vec<(String, String)>) {
    let (has_zones, has_countries) = (fields.has("zones"), fields.has("countries"));
    let zones = fields.optional("zones", |value| named_zones(&value, known));
    let read = |value: Value<'_, '_>| codes(&value, known.countries);
    let named = if has_zones || collection {
        fields.optional("countries", read)
    } else {
        fields.required("countries", read)
    };
    if named.is_some() != has_countries || zones.is_some() != has_zones {
        return (None, Vec::new());
    }
    let mut countries = match named {
        Some(named) => named,
        None if has_zones => Vec::new(),
        None if collection => {
            known.countries.iter().flat_map(|all| all.iter()).map(|country| country.code.clone()).collect()
        }
        None => return (None, Vec::new()),
    };
    let zones = zones.unwrap_or_default();
    for code in zones.iter().flat_map(|zone| &zone.countries) {
        if !countries.contains(code) {
            countries.push(code.clone());
        }
    }
    (Some(countries), zones.iter().map(|zone| (zone.id.clone(), zone.title.clone())).collect())
}

/// The zones that a method names; nothing if there is a mistake among them.
fn named_zones<'a>(value: &Value<'_, '_>, known: Known<'a>) -> Option<Vec<&'a Zone>> {
    let zones = value.list(|item| {
        let id = item.str()?;
        let zones = known.zones?;
        zones.iter().find(|zone| zone.id == id).or_else(|| {
            let ids = zones.iter().map(|zone| zone.id.as_str());
            let help = did_you_mean(id, ids, || "add it as [[zones]]".to_owned());
            item.reject(format!("there is no zone {id:?}"), help)
        })
    })?;
    if value.list_len() == 0 {
        return value.reject("the list names no zone", "name the ids of [[zones]], or remove the key");
    }
    (zones.len() == value.list_len()).then_some(zones)
}

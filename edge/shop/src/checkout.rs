//! The checkout form: what was typed, and what it means. Pure.

use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::shipping::{ShippingKind, ShippingMethod};
use ipswich_catalog::{Amount, Messages, Text};

use crate::cart::Cart;
use crate::config::Config;
use crate::error::Error;
use crate::fields::{Email, FieldProblem, Line, Note, Phone, Postcode};
use crate::form::Fields;
use crate::pricing::Goods;
use crate::texts;
use crate::token::{Id, keyed_hash};
use crate::views::FieldError;

/// The fields of the form, beside `total_<id>`.
const FIELDS: [&str; 13] = [
    "key", "email", "name", "line1", "line2", "city", "postcode", "country", "phone", "note", "delivery",
    "payment", "recount",
];

/// The prefix of the fields with the totals that were shown.
const TOTAL_PREFIX: &str = "total_";

/// Length limits in characters; labels of carriers hold no more.
const NAME_CHARS_MAX: usize = 100;
const LINE_CHARS_MAX: usize = 100;
const CITY_CHARS_MAX: usize = 60;

/// How an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payment {
    /// At Stripe.
    Card,
    Offline(Offline),
}

impl Payment {
    /// As forms call it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Payment::Card => "card",
            Payment::Offline(offline) => offline.as_str(),
        }
    }
}

/// What the configuration lets shoppers pay with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Takes {
    pub(crate) card: bool,
    pub(crate) offline: bool,
}

impl Takes {
    pub(crate) fn of(config: &Config) -> Takes {
        Takes { card: config.stripe().is_some(), offline: config.takes_offline() }
    }
}

/// How an order is paid without a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offline {
    Transfer,
    OnCollection,
}

impl Offline {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Offline::Transfer => "transfer",
            Offline::OnCollection => "on_collection",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Offline> {
        [Offline::Transfer, Offline::OnCollection].into_iter().find(|known| known.as_str() == text)
    }

    /// In words.
    pub(crate) fn text(self) -> &'static Text {
        match self {
            Offline::Transfer => &texts::PAY_TRANSFER,
            Offline::OnCollection => &texts::PAY_ON_COLLECTION,
        }
    }
}

/// Who ordered and where the goods go.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) email: Email,
    pub(crate) name: Line,
    pub(crate) line1: Line,
    pub(crate) line2: Line,
    pub(crate) city: Line,
    pub(crate) postcode: Postcode,
    /// ISO 3166 code; empty for collection.
    pub(crate) country: String,
    pub(crate) phone: Phone,
    pub(crate) note: Note,
}

/// The form as it was typed, to be shown again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) line1: String,
    pub(crate) line2: String,
    pub(crate) city: String,
    pub(crate) postcode: String,
    pub(crate) country: String,
    pub(crate) phone: String,
    pub(crate) note: String,
    pub(crate) delivery: String,
    pub(crate) payment: String,
}

/// The form with what every form of ours has.
pub(crate) struct Submitted {
    pub(crate) key: Id,
    pub(crate) typed: Typed,
    /// The total that was shown for the chosen delivery.
    pub(crate) shown: Option<i64>,
    /// Whether the form is only to be shown again, for another country.
    pub(crate) recount: bool,
}

/// What the form means.
pub(crate) struct Wish<'a> {
    pub(crate) contact: Contact,
    pub(crate) method: &'a ShippingMethod,
    pub(crate) payment: Payment,
}

/// Reads the form. Only a form that is not ours is an error here.
pub(crate) fn read(fields: Fields) -> Result<Submitted, Error> {
    let fields = fields.only(&FIELDS, Some(TOTAL_PREFIX))?;
    let strange = || Error::StrangeForm("checkout without a key of ours".to_owned());
    let key = Id::parse(fields.get("key")).ok_or_else(strange)?;
    let get = |name: &str| fields.get(name).to_owned();
    let typed = Typed {
        email: get("email"),
        name: get("name"),
        line1: get("line1"),
        line2: get("line2"),
        city: get("city"),
        postcode: get("postcode"),
        country: get("country"),
        phone: get("phone"),
        note: get("note"),
        delivery: get("delivery"),
        payment: get("payment"),
    };
    let shown = fields.get(&format!("{TOTAL_PREFIX}{}", typed.delivery)).parse().ok();
    let recount = !fields.get("recount").is_empty();
    Ok(Submitted { key, typed, shown, recount })
}

/// A hash over what was asked for. The same form sent again has the same one.
pub(crate) fn request_hash(secret: &[u8], cart: &Cart, typed: &Typed) -> Option<String> {
    let cart = cart.to_cookie();
    let parts = [
        cart.as_str(),
        &typed.email,
        &typed.name,
        &typed.line1,
        &typed.line2,
        &typed.city,
        &typed.postcode,
        &typed.country,
        &typed.phone,
        &typed.note,
        &typed.delivery,
        &typed.payment,
    ];
    keyed_hash(secret, &parts.map(str::trim))
}

/// The methods that take these goods to this country, in the order of the settings.
pub(crate) fn methods<'a>(
    settings: &'a ShopSettings,
    goods: &Goods,
    country: &str,
) -> Vec<&'a ShippingMethod> {
    settings.shipping.iter().filter(|method| method.serves(country, goods.weight, goods.subtotal)).collect()
}

/// Ways to pay for an order: by card, transfer where the shop has an account, on collection where goods can be fetched.
pub(crate) fn payments(takes: Takes, settings: &ShopSettings, methods: &[&ShippingMethod]) -> Vec<Payment> {
    let fetched = methods.iter().any(|method| method.kind == ShippingKind::Collection);
    let transfer = (!settings.offline.bank.is_empty()).then_some(Offline::Transfer);
    let offline =
        transfer.into_iter().chain(fetched.then_some(Offline::OnCollection)).filter(|_| takes.offline);
    takes.card.then_some(Payment::Card).into_iter().chain(offline.map(Payment::Offline)).collect()
}

/// Understands the form, or names every mistake in it in the order of the fields.
pub(crate) fn understand<'a>(
    typed: &Typed,
    goods: &Goods,
    settings: &'a ShopSettings,
    takes: Takes,
    messages: &Messages,
) -> Result<Wish<'a>, Vec<FieldError>> {
    let mut mistakes = Mistakes { found: Vec::new(), messages };
    let email = mistakes.note("email", &texts::YOUR_EMAIL, Email::parse(&typed.email));
    let name = mistakes.note("name", &texts::YOUR_NAME, Line::required(&typed.name, NAME_CHARS_MAX));
    let country = settings.countries.iter().find(|country| country.code == typed.country);
    if country.is_none() {
        mistakes.say("country", &texts::CHOOSE_COUNTRY);
    }
    let methods = methods(settings, goods, &typed.country);
    let method = methods.iter().copied().find(|method| method.id == typed.delivery);
    if method.is_none() {
        mistakes.say("delivery", &texts::CHOOSE_DELIVERY);
    }
    let collection = method.is_some_and(|method| method.kind == ShippingKind::Collection);
    let address = if collection { Some(Address::default()) } else { mistakes.address(typed) };
    let phone = mistakes.note("phone", &texts::YOUR_PHONE, Phone::parse(&typed.phone));
    let note = mistakes.note("note", &texts::YOUR_NOTE, Note::parse(&typed.note));
    let ways = payments(takes, settings, &methods);
    let payment = ways.into_iter().find(|way| way.as_str() == typed.payment);
    match payment {
        None => mistakes.say("payment", &texts::CHOOSE_PAYMENT),
        Some(Payment::Offline(Offline::OnCollection)) if method.is_some() && !collection => {
            mistakes.say("payment", &texts::PAY_ELSEWHERE)
        }
        Some(_) => {}
    }
    match (email, name, country, address, phone, note, method, payment) {
        (
            Some(email),
            Some(name),
            Some(country),
            Some(address),
            Some(phone),
            Some(note),
            Some(method),
            Some(payment),
        ) if mistakes.found.is_empty() => {
            let Address { line1, line2, city, postcode } = address;
            let country = if collection { String::new() } else { country.code.clone() };
            let contact = Contact { email, name, line1, line2, city, postcode, country, phone, note };
            Ok(Wish { contact, method, payment })
        }
        _ => Err(mistakes.found),
    }
}

/// Whether the shopper saw a lower total than ours, or none. A higher one is no reason to stop: ours is charged.
pub(crate) fn saw_less(shown: Option<i64>, ours: Amount) -> bool {
    shown.is_none_or(|shown| shown < ours.minor())
}

#[derive(Default)]
struct Address {
    line1: Line,
    line2: Line,
    city: Line,
    postcode: Postcode,
}

/// The mistakes of a form, collected.
struct Mistakes<'m> {
    found: Vec<FieldError>,
    messages: &'m Messages,
}

impl Mistakes<'_> {
    fn say(&mut self, field: &str, text: &Text) {
        self.add(field, self.messages.say(text, &[]));
    }

    fn add(&mut self, field: &str, message: String) {
        self.found.push(FieldError { field: field.to_owned(), message });
    }

    fn note<T>(&mut self, field: &str, what: &Text, result: Result<T, FieldProblem>) -> Option<T> {
        result.map_err(|problem| self.add(field, problem.sentence(what, self.messages))).ok()
    }

    fn address(&mut self, typed: &Typed) -> Option<Address> {
        let line1 = self.note("line1", &texts::YOUR_LINE1, Line::required(&typed.line1, LINE_CHARS_MAX));
        let line2 = self.note("line2", &texts::YOUR_LINE2, Line::optional(&typed.line2, LINE_CHARS_MAX));
        let city = self.note("city", &texts::YOUR_CITY, Line::required(&typed.city, CITY_CHARS_MAX));
        let postcode =
            self.note("postcode", &texts::YOUR_POSTCODE, Postcode::parse(&typed.postcode, &typed.country));
        Some(Address { line1: line1?, line2: line2?, city: city?, postcode: postcode? })
    }
}

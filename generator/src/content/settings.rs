//! The settings of the shop: `content/shop.toml`.

mod delivery;
pub(crate) mod tax;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use ipswich_catalog::settings::{Country, OfflinePayment, ShopSettings};
use ipswich_catalog::tax::Prices;
use ipswich_catalog::{Currency, Locale, Slug};
use ipswich_search::Synonyms;

use crate::content::Parsed;
use crate::content::address::{self, Moved};
use crate::content::generated::Generated;
use crate::content::languages::{self, OtherLanguage};
use crate::content::navigation::NavItem;
use crate::content::returns::Returns;
use crate::fields::{Fields, Notes, Value};
use crate::front_matter;
use crate::problem::did_you_mean;
use crate::source::TextFile;

/// How many products a page of a list has if the settings do not say.
const PRODUCTS_PER_PAGE: i64 = 24;

/// Days before the end of a term of payment that a mail reminds of it, if the file does not say.
const REMIND_DAYS: u32 = 2;

/// How many related products a product page shows if the settings do not say.
const RELATED_PRODUCTS: i64 = 4;

/// How far a price may move, in percent, if the settings do not say.
const PRICE_JUMP_PERCENT: i64 = 50;

/// The settings, and those that only the generator needs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) shop: ShopSettings,
    /// Whether the file has no mistakes.
    pub(crate) is_whole: bool,
    /// The folder of the theme in `themes/`.
    pub(crate) theme: String,
    /// Where the theme is named, for problems with it.
    pub(crate) theme_span: Range<usize>,
    pub(crate) products_per_page: usize,
    /// How many related products a product page shows.
    pub(crate) related_products: usize,
    /// The languages beside that of the shop.
    pub(crate) languages: Vec<OtherLanguage>,
    /// What tags are called in the language of the texts, where that differs from the word.
    pub(crate) tag_names: BTreeMap<String, String>,
    /// What the output may weigh.
    pub(crate) budget: Budget,
    /// How far a price may move between two releases without being confirmed.
    pub(crate) price_jump_percent: i64,
    /// The titles of the zones that a delivery method names, by the id of the method.
    pub(crate) zones: HashMap<String, Vec<String>>,
    /// Old addresses that no file claims as its alias.
    pub(crate) redirects: Vec<Moved>,
    /// How goods can be returned, if it is said.
    pub(crate) returns: Option<Returns>,
    /// Whether photos are published as AVIF too.
    pub(crate) avif: bool,
    /// What is generated beside the pages.
    pub(crate) generated: Generated,
    /// Words that mean the same to shoppers; from a file of their own.
    pub(crate) synonyms: Synonyms,
    /// The links at the top of every page; if there are none, they are the departments.
    pub(crate) navigation: Vec<NavItem>,
}

impl Settings {
    /// The languages of the shop, its own first.
    pub(crate) fn locales(&self) -> Vec<Locale> {
        let others = self.languages.iter().map(|other| other.language.locale);
        std::iter::once(self.shop.language).chain(others).collect()
    }
}

/// What the output may weigh.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    /// The heaviest HTML page, in kB before compression; none if not said.
    pub(crate) html_kb: Option<usize>,
    /// How many files the hosting plan takes.
    pub(crate) files: usize,
}

/// How many files the free plan takes.
const FILES_MAX: usize = 20_000;

fn budget(fields: &mut Fields<'_, '_>) -> Option<Budget> {
    let mut number = |key| fields.optional(key, |value| value.number(1..=10_000_000));
    let (html_kb, files) = (number("html_kb"), number("files"));
    let size = |number: i64| usize::try_from(number).ok();
    Some(Budget { html_kb: html_kb.and_then(size), files: files.and_then(size).unwrap_or(FILES_MAX) })
}

/// Parses the file. If it has mistakes, what can be understood is returned all the same, so that the other files
/// can be checked against it.
pub(crate) fn parse(file: &TextFile) -> Parsed<Settings> {
    if !file.is_read {
        return Parsed { value: None, problems: Vec::new() };
    }
    let table = match front_matter::parse(file, 0..file.text.len()) {
        Ok(table) => table,
        Err(problem) => return Parsed { value: None, problems: vec![problem] },
    };
    let notes = Notes::new(file, 0);
    let mut fields = Fields::new(&notes, &table, "the shop", 0..0);
    let mut settings = read(&notes, &mut fields);
    fields.finish();
    let problems = notes.into_problems();
    settings.is_whole = problems.is_empty();
    Parsed { value: Some(settings), problems }
}

fn read(notes: &Notes<'_>, fields: &mut Fields<'_, '_>) -> Settings {
    let text = |fields: &mut Fields<'_, '_>, key| fields.required(key, Value::text).unwrap_or_default();
    let currency = fields.required("currency", currency).unwrap_or(Currency::Gbp);
    let trade = trade(notes, fields, currency);
    let shop = ShopSettings {
        name: text(fields, "name"),
        tagline: text(fields, "tagline"),
        base_url: fields.required("base_url", base_url).unwrap_or_default(),
        language: fields.required("language", |value| locale(&value)).unwrap_or(Locale::EnGb),
        currency,
        email: fields.required("email", email).unwrap_or_default(),
        phone: text(fields, "phone"),
        address: fields.required("address", |value| value.list(Value::text)).unwrap_or_default(),
        hours: text(fields, "hours"),
        legal: text(fields, "legal"),
        announcement: fields.optional("announcement", Value::text),
        prices: trade.prices,
        tax_classes: trade.tax_classes,
        shipping: trade.methods.iter().map(|method| method.method.clone()).collect(),
        promotions: Vec::new(),
        countries: trade.countries,
        offline: fields
            .required("offline", |value| value.table("the table [offline]", offline))
            .unwrap_or(OfflinePayment { term_days: 7, remind_days: REMIND_DAYS, bank: Vec::new() }),
    };
    let mut theme_span = fields.place();
    let theme = fields.required("theme", |value| {
        theme_span = value.span.clone();
        value.slug()
    });
    let products_per_page =
        fields.optional("products_per_page", |value| value.number(1..=200)).unwrap_or(PRODUCTS_PER_PAGE);
    let related_products =
        fields.optional("related_products", |value| value.number(0..=24)).unwrap_or(RELATED_PRODUCTS);
    let price_jump_percent =
        fields.optional("price_jump_percent", |value| value.number(1..=10_000)).unwrap_or(PRICE_JUMP_PERCENT);
    let languages = languages::read(fields, shop.language);
    let budget = fields.optional("budget", |value| value.table("the table [budget]", budget));
    let returns = fields.optional("returns", |value| value.table("the table [returns]", Returns::read));
    let avif = fields.optional("images", |value| {
        value.table("the table [images]", |fields| {
            fields.optional("avif", |value| value.flag()).or(Some(false))
        })
    });
    let generated = fields.optional("generate", |value| value.table("the table [generate]", Generated::read));
    let redirects = fields.optional("redirects", |value| value.tables("a redirect", address::moved));
    let navigation =
        fields.optional("navigation", |value| value.tables("a link of the navigation", NavItem::read));
    Settings {
        shop,
        is_whole: false,
        theme: theme.map(String::from).unwrap_or_default(),
        theme_span,
        languages,
        tag_names: BTreeMap::new(),
        budget: budget.unwrap_or(Budget { html_kb: None, files: FILES_MAX }),
        price_jump_percent,
        zones: trade.methods.into_iter().map(|method| (method.method.id, method.zones)).collect(),
        redirects: redirects.unwrap_or_default(),
        synonyms: Synonyms::default(),
        navigation: navigation.unwrap_or_default(),
        returns,
        avif: avif.unwrap_or(false),
        generated: generated.unwrap_or_default(),
        products_per_page: usize::try_from(products_per_page).unwrap_or(1),
        related_products: usize::try_from(related_products).unwrap_or(0),
    }
}

/// Countries, taxes and deliveries, which name each other.
struct Trade {
    prices: Prices,
    countries: Vec<Country>,
    tax_classes: Vec<ipswich_catalog::tax::TaxClass>,
    methods: Vec<delivery::Method>,
}

/// A list with a mistake in it is not held against what names its parts.
fn trade(notes: &Notes<'_>, fields: &mut Fields<'_, '_>, currency: Currency) -> Trade {
    let prices = fields.optional("prices", |value| match value.str()? {
        "gross" => Some(Prices::Gross),
        "net" => Some(Prices::Net),
        other => value.reject(
            format!("prices cannot be {other:?}"),
            "write \"gross\" if prices include tax, or \"net\" if tax is added at checkout",
        ),
    });
    let mut whole = true;
    let placed = fields.required("countries", |value| {
        let read = |fields: &mut Fields<'_, '_>| Some((country(fields)?, fields.place()));
        let placed = value.tables("a country", read)?;
        check_ids(&value, placed.iter().map(|(country, _)| country.code.as_str()));
        whole &= placed.len() == value.list_len();
        Some(placed)
    });
    let placed = placed.unwrap_or_default();
    let countries: Vec<Country> = placed.iter().map(|(country, _)| country.clone()).collect();
    let known = (whole && !countries.is_empty()).then_some(countries.as_slice());
    let zones = fields.optional("zones", |value| {
        let zones = delivery::zones(&value, known)?;
        whole &= zones.len() == value.list_len();
        Some(zones)
    });
    let zones = zones.unwrap_or_default();
    let all = delivery::Known { currency, countries: known, zones: whole.then_some(zones.as_slice()) };
    let methods = fields.required("delivery", |value| {
        let methods = delivery::methods(&value, all)?;
        if whole && methods.len() == value.list_len() {
            delivery::check_used(notes, &methods, &placed, &zones);
        }
        Some(methods)
    });
    let tax_classes = fields.required("tax", |value| tax::classes(&value, notes, known));
    Trade {
        prices: prices.unwrap_or_default(),
        tax_classes: tax_classes.unwrap_or_default(),
        methods: methods.unwrap_or_default(),
        countries,
    }
}

/// What to say about a country that is not in the settings.
fn unknown_country(code: &str, known: &[Country]) -> (String, String) {
    let codes = known.iter().map(|country| country.code.as_str());
    let help = did_you_mean(code, codes, || "add it to [[countries]]".to_owned());
    (format!("there is no country {code:?}"), help)
}

fn currency(value: Value<'_, '_>) -> Option<Currency> {
    let code = value.str()?;
    let known: Vec<&str> = Currency::ALL.iter().map(|currency| currency.code()).collect();
    Currency::from_code(code).or_else(|| {
        value
            .reject(format!("the currency {code:?} is not known"), format!("use one of {}", known.join(", ")))
    })
}

/// A language by its tag.
pub(crate) fn locale(value: &Value<'_, '_>) -> Option<Locale> {
    let tag = value.str()?;
    let known = || Locale::ALL.iter().map(|locale| locale.tag());
    Locale::from_tag(tag).or_else(|| {
        let help =
            did_you_mean(tag, known(), || format!("use one of {}", known().collect::<Vec<_>>().join(", ")));
        value.reject(format!("the language {tag:?} is not known"), help)
    })
}

fn base_url(value: Value<'_, '_>) -> Option<String> {
    let url = value.str()?;
    match check_base_url(url) {
        Ok(()) => Some(url.to_owned()),
        Err(message) => value.reject(message, "write it like \"https://www.shop.example\""),
    }
}

/// Whether an address can stand before the paths of the site.
pub(crate) fn check_base_url(url: &str) -> Result<(), &'static str> {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        None => Err("the address does not begin with https:// or http://"),
        Some(host) if host.is_empty() || host.contains(['/', '?', '#', ' ', '"', '<', '>']) => {
            Err("the address must end with the name of the host, without \"/\"")
        }
        Some(_) => Ok(()),
    }
}

fn email(value: Value<'_, '_>) -> Option<String> {
    let text = value.str()?;
    match text.split_once('@') {
        Some((user, host))
            if !user.is_empty() && host.contains('.') && !text.contains(char::is_whitespace) =>
        {
            Some(text.to_owned())
        }
        _ => {
            value.reject(format!("{text:?} is not an e-mail address"), "write it like \"hello@shop.example\"")
        }
    }
}

fn id(value: Value<'_, '_>) -> Option<String> {
    value.parse(Slug::parse, "write it like \"next-day\"").map(String::from)
}

/// Each id is given once.
fn check_ids<'a>(value: &Value<'_, '_>, ids: impl Iterator<Item = &'a str>) {
    let mut seen = Vec::new();
    for id in ids {
        if seen.contains(&id) {
            let _: Option<()> = value.reject(format!("the id {id:?} is given twice"), "give each its own id");
        }
        seen.push(id);
    }
}

fn country(fields: &mut Fields<'_, '_>) -> Option<Country> {
    let code = fields.required("code", |value| {
        let code = value.str()?;
        if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Some(code.to_owned());
        }
        value.reject(
            format!("{code:?} is not a country code"),
            "write the two capital letters, such as \"GB\"",
        )
    });
    let name = fields.required("name", Value::text);
    Some(Country { code: code?, name: name? })
}

fn offline(fields: &mut Fields<'_, '_>) -> Option<OfflinePayment> {
    let term_days = fields.required("term_days", |value| value.number(1..=60));
    let bank = fields.required("bank", |value| {
        value.tables("a line of the bank details", |fields| {
            let label = fields.required("label", Value::text);
            let value = fields.required("value", Value::text);
            Some((label?, value?))
        })
    });
    let remind_days = fields.optional("remind_days", |value| {
        let days = value.number(0..=59)?;
        if term_days.is_some_and(|term| days >= term) {
            let help =
                "the goods are held for \"term_days\" from the order on; remind fewer days before the end";
            return value.reject("the reminder would come with the order, or before it", help);
        }
        Some(days)
    });
    let term_days = term_days?;
    // A short term needs no reminder unless somebody wants one.
    let remind_days =
        remind_days.unwrap_or(if term_days > REMIND_DAYS.into() { REMIND_DAYS.into() } else { 0 });
    Some(OfflinePayment {
        term_days: u32::try_from(term_days).ok()?,
        remind_days: u32::try_from(remind_days).ok()?,
        bank: bank?,
    })
}

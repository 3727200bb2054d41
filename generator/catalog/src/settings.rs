//! The settings of the shop, as the generator publishes them for both sides.

use serde::{Deserialize, Serialize};

use crate::currency::{Currency, MoneyFormat};
use crate::locale::Locale;
use crate::promotion::Promotion;
use crate::shipping::ShippingMethod;
use crate::tax::{BasisPoints, Prices, TaxClass};

/// Who the shop is and how it trades; `content/shop.toml` after checking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopSettings {
    /// The name of the shop.
    pub name: String,
    /// One line under the name.
    pub tagline: String,
    /// The public address without a slash at the end: `https://shop.example`.
    pub base_url: String,
    /// The language of the pages.
    pub language: Locale,
    /// The currency of all prices.
    pub currency: Currency,
    /// Where customers write to and mails come from.
    pub email: String,
    /// Where customers call.
    pub phone: String,
    /// The postal address, a line each.
    pub address: Vec<String>,
    /// Opening hours in words.
    pub hours: String,
    /// The legal line: company, registration, VAT number.
    pub legal: String,
    /// One sentence above every page, if there is something to say.
    pub announcement: Option<String>,
    /// Whether prices contain the tax.
    #[serde(default)]
    pub prices: Prices,
    /// Tax classes; products name them by id.
    pub tax_classes: Vec<TaxClass>,
    /// Delivery methods, in the order shoppers see them.
    pub shipping: Vec<ShippingMethod>,
    /// Promotions, in the order of their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<Promotion>,
    /// Countries goods are sent to; the first is the shop's own.
    pub countries: Vec<Country>,
    /// How customers pay without a card.
    pub offline: OfflinePayment,
}

/// A country in forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Country {
    /// ISO 3166 code.
    pub code: String,
    /// Its name in the shop's language.
    pub name: String,
}

/// Payment by bank transfer, or in the shop on collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfflinePayment {
    /// How many days goods are held for a payment.
    pub term_days: u32,
    /// How many days before the end of the term a mail reminds of it; 0 for none.
    #[serde(default)]
    pub remind_days: u32,
    /// Account holder, sort code, account number and the like: label and value, in order.
    pub bank: Vec<(String, String)>,
}

impl ShopSettings {
    /// How amounts are written.
    pub fn money_format(&self) -> MoneyFormat {
        MoneyFormat { currency: self.currency, locale: self.language }
    }

    /// The shop's own country: where goods are collected, and what the cart reckons with before there is an address.
    pub fn home_country(&self) -> &str {
        self.countries.first().map_or("", |country| &country.code)
    }

    /// The rate of a tax class in the shop's own country.
    pub fn tax_rate(&self, class: &str) -> Option<BasisPoints> {
        self.tax_classes.iter().find(|known| known.id == class).map(|known| known.rate)
    }
}

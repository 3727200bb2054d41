//! Cards: products in lists, which many pages show.

use std::sync::{Arc, OnceLock};

use minijinja::Value;
use minijinja::value::{self, Object};
use serde::{Serialize, Serializer};

use crate::environment::{Theme, ThemeError};
use crate::site::{Image, SafeHtml};

/// A product in a list (`partials/card.html`).
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    /// The product's page.
    pub url: String,
    /// The product's name.
    pub title: String,
    /// Who makes it; empty if not said.
    pub brand: String,
    /// The picture.
    pub image: Option<Image>,
    /// The picture that shows when pointed at, if there is a second one.
    pub image_hover: Option<Image>,
    /// The lowest price, in minor units.
    pub price: i64,
    /// Whether variants have different prices, so that it reads "from".
    pub price_varies: bool,
    /// The former price, in minor units.
    pub compare_at: Option<i64>,
    /// A few words such as "New".
    pub badges: Vec<String>,
    /// What the template `card.html` makes of this card (its `page`), if the theme has one.
    pub html: Option<SafeHtml>,
}

/// A card that many pages show. It is rendered and made into a value for templates once; pages share that value.
#[derive(Clone, Debug)]
pub struct SharedCard(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    card: Arc<Card>,
    fingerprint: String,
    value: OnceLock<Value>,
}

impl SharedCard {
    /// Shares a card. The fingerprint differs between cards that say different things.
    pub fn new(card: Card, fingerprint: String) -> SharedCard {
        SharedCard(Arc::new(Shared { card: Arc::new(card), fingerprint, value: OnceLock::new() }))
    }

    /// Renders the card, if that was not done before.
    ///
    /// # Errors
    ///
    /// If the template `card.html` has a mistake.
    pub fn prepare(&self, theme: &Theme) -> Result<(), ThemeError> {
        if self.0.value.get().is_none() {
            let html = theme.card(&self.0.card)?;
            let prepared = Prepared { card: Arc::clone(&self.0.card), html };
            // Another thread may have been faster, with the same value.
            let _ = self.0.value.set(Value::from_object(prepared));
        }
        Ok(())
    }
}

/// A card as templates see it. It refers to the card, so that a large catalog has its texts once in memory.
#[derive(Debug)]
struct Prepared {
    card: Arc<Card>,
    html: Option<SafeHtml>,
}

impl Object for Prepared {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let Card { url, title, brand, image, image_hover, price, price_varies, compare_at, badges, html: _ } =
            &*self.card;
        Some(match key {
            "url" => Value::from(url.as_str()),
            "title" => Value::from(title.as_str()),
            "brand" => Value::from(brand.as_str()),
            "image" => Value::from(value::Serde(image)),
            "image_hover" => Value::from(value::Serde(image_hover)),
            "price" => Value::from(*price),
            "price_varies" => Value::from(*price_varies),
            "compare_at" => Value::from(value::Serde(compare_at)),
            "badges" => Value::from(value::Serde(badges)),
            "html" => Value::from(value::Serde(&self.html)),
            _ => return None,
        })
    }
}

/// Templates see a [`Card`]; for everything else a card is its fingerprint, so that views can be compared quickly.
impl Serialize for SharedCard {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.value.get() {
            _ if !value::serializing_for_value() => serializer.serialize_str(&self.0.fingerprint),
            Some(value) => value.serialize(serializer),
            None => self.0.card.serialize(serializer),
        }
    }
}

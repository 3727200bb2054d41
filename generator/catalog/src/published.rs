//! What the generator publishes under `_shop/` and the shop reads. The two sides meet here only.
//!
//! - `_shop/shop.json`: one [`ShopRecord`].
//! - `_shop/sku/<n>.json`: one [`SkuShard`] for each `n` below [`ShopRecord::shards`].
//! - `_shop/templates.json`: one [`TemplateRecord`], the templates of the theme by name.
//! - `_shop/redirects.json`: a number, if there are more old addresses than the host takes; then
//!   `_shop/redirects/<n>.json`: one [`RedirectShard`] for each `n` below that number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::locale::Locale;
use crate::settings::ShopSettings;
use crate::sku::Sku;
use crate::slug::Slug;
use crate::stock::StockPolicy;

/// Raised whenever the shape of a record changes; a shop refuses records of another version.
pub const FORMAT_VERSION: u32 = 2;

/// Where the shop record is.
pub const SHOP_PATH: &str = "_shop/shop.json";

/// Where the templates are.
pub const TEMPLATES_PATH: &str = "_shop/templates.json";

/// Where the shop record is in a language other than the shop's own.
pub fn shop_path(language: &str) -> String {
    format!("_shop/shop.{language}.json")
}

/// Where the templates are in a language other than the shop's own.
pub fn templates_path(language: &str) -> String {
    format!("_shop/templates.{language}.json")
}

/// Where the shard with this number is.
pub fn shard_path(shard: u32) -> String {
    format!("_shop/sku/{shard}.json")
}

/// Where the number of shards is of the old addresses that the host does not take.
pub const REDIRECTS_PATH: &str = "_shop/redirects.json";

/// Where the shard of old addresses with this number is.
pub fn redirects_path(shard: u32) -> String {
    format!("_shop/redirects/{shard}.json")
}

/// Settings, navigation and the name of the release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopRecord {
    /// [`FORMAT_VERSION`] of the writer.
    pub format: u32,
    /// The release: a hash over everything that is published. Orders keep it.
    pub release: String,
    /// The settings of the shop.
    pub settings: ShopSettings,
    /// Links at the top of every page.
    pub navigation: Vec<NavLink>,
    /// Links to the content pages at the foot of every page.
    pub pages: Vec<NavLink>,
    /// Public address of each theme file, by the name templates use: `css/site.css` → `/assets/site.1a2b3c4d.css`.
    pub assets: BTreeMap<String, String>,
    /// All languages of the shop if there are several, its own first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// The number of SKU shards.
    pub shards: u32,
    /// The number of SKUs.
    pub skus: u32,
}

/// A language that the shop speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Language {
    /// What addresses and forms call it: `de`.
    pub key: String,
    /// Which language it is, and of which country.
    pub locale: Locale,
    /// What precedes the addresses of its pages: `/de`, or nothing for the shop's own language.
    pub prefix: String,
    /// Its name, as its speakers call it.
    pub name: String,
}

impl ShopRecord {
    /// The language of this record, if the shop has several.
    pub fn language(&self) -> Option<&Language> {
        self.languages.iter().find(|language| language.locale == self.settings.language)
    }

    /// The home page: `/` or `/de/`.
    pub fn home(&self) -> String {
        format!("{}/", self.language().map_or("", |language| &language.prefix))
    }

    /// What addresses of the shop carry, so that it answers in this language: `?lang=de`, or nothing.
    pub fn query(&self) -> String {
        self.language().map_or_else(String::new, |language| format!("?lang={}", language.key))
    }
}

/// A link with a name, and the links below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavLink {
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// Links of the level below.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<NavLink>,
}

/// The SKUs of one shard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkuShard {
    /// The records by SKU.
    pub skus: BTreeMap<Sku, SkuRecord>,
}

/// Everything the shop needs to sell one SKU. The price that is charged comes from here and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkuRecord {
    /// The product's slug.
    pub product: Slug,
    /// The product's page: `/product/<slug>/`.
    pub url: String,
    /// The product's name.
    pub title: String,
    /// The chosen options in order: name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<(String, String)>,
    /// The price, with or without tax as all prices of the shop.
    pub unit: Amount,
    /// The id of its tax class.
    pub tax: String,
    /// Weight of one piece when packed, in grams.
    pub weight: u64,
    /// Pieces on hand when the shop first sees the SKU; afterwards only the database counts.
    pub opening_stock: u32,
    /// Whether it is sold beyond what is there.
    #[serde(default, skip_serializing_if = "StockPolicy::is_deny")]
    pub stock_policy: StockPolicy,
    /// A picture of it, small.
    pub image: Option<ImageRecord>,
    /// The ids of the promotions that apply to it, beside those that apply to everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<String>,
    /// What it is called in other languages, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<String, SkuText>,
}

/// What a SKU is called in another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkuText {
    /// The product's name.
    pub title: String,
    /// The chosen options in order: name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<(String, String)>,
    /// What its picture shows.
    pub alt: String,
    /// The product's page: `/de/product/<slug>/`.
    pub url: String,
}

/// A picture with everything an `img` element needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageRecord {
    /// Its public address.
    pub src: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What it shows.
    pub alt: String,
}

/// The templates of the theme by name, so that pages and answers of one release share them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRecord {
    /// Source text by template name.
    pub templates: BTreeMap<String, String>,
    /// What the shop says, by key; see [`crate::Messages`]. What is not here is said in English.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub messages: BTreeMap<String, String>,
}

/// The old addresses of one shard, and where each leads: a path of this site, or a full address.
pub type RedirectShard = BTreeMap<String, String>;

/// The shard that holds a SKU, by FNV-1a over its bytes: stable over platforms and releases.
pub fn shard_of(sku: &Sku, shards: u32) -> u32 {
    shard_of_key(sku.as_str(), shards)
}

/// The shard that holds a key of another kind: an old address.
pub fn shard_of_key(key: &str, shards: u32) -> u32 {
    let hash =
        key.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash.checked_rem(shards).unwrap_or(0)
}

impl SkuRecord {
    /// The record as it reads in another language; as it is, if it is not translated.
    pub fn in_language(mut self, key: &str) -> SkuRecord {
        if let Some(text) = self.translations.remove(key) {
            (self.title, self.options, self.url) = (text.title, text.options, text.url);
            if let Some(image) = &mut self.image {
                image.alt = text.alt;
            }
        }
        self
    }

    /// The chosen options in words, such as `Size S, Colour Navy`; empty without options.
    pub fn options_text(&self) -> String {
        let parts: Vec<String> = self.options.iter().map(|(name, value)| format!("{name} {value}")).collect();
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sku_always_lands_in_the_same_shard() {
        let sku = Sku::parse("CL-GANSEY-NAVY-S").unwrap();
        assert_eq!(shard_of(&sku, 7), shard_of(&sku, 7));
        assert!(shard_of(&sku, 7) < 7);
        assert_eq!(shard_of(&sku, 0), 0);
    }

    #[test]
    fn records_survive_the_wire_and_refuse_nonsense() {
        let json = r#"{"product":"mug","url":"/product/mug/","title":"Mug","unit":1200,"tax":"standard","weight":400,"opening_stock":6,"image":null}"#;
        let record: SkuRecord = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&record).unwrap(), json);
        let negative = json.replace("1200", "-1");
        assert!(serde_json::from_str::<SkuRecord>(&negative).is_err());
    }
}

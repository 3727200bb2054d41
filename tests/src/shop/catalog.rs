//! A small catalog, published as the generator would, with the templates of the real theme.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ipswich_catalog::currency::Currency;
use ipswich_catalog::published::{
    FORMAT_VERSION, Language, SHOP_PATH, ShopRecord, SkuRecord, SkuShard, SkuText, TEMPLATES_PATH,
    TemplateRecord, shard_of, shard_path, shop_path, templates_path,
};
use ipswich_catalog::settings::{Country, OfflinePayment, ShopSettings};
use ipswich_catalog::shipping::{ShippingKind, ShippingMethod};
use ipswich_catalog::tax::{BasisPoints, Prices, TaxClass};
use ipswich_catalog::{Amount, Locale, Sku, Slug, StockPolicy};
use ipswich_search::{Card, Document, Language as SearchLanguage, Source, Synonyms};
use ipswich_shop::ports::{PortFuture, Published, PublishedError};

/// More than one shard, so that finding the right one is part of every test.
const SHARDS: u32 = 3;

/// The published files of a shop.
pub struct Catalog {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    settings: Mutex<ShopSettings>,
}

/// A product without variants: SKU, name, price in pence, tax class, weight in grams, opening stock.
pub fn product(sku: &str, title: &str, pence: i64, tax: &str, grams: u64, stock: u32) -> (Sku, SkuRecord) {
    let slug = sku.to_lowercase();
    let record = SkuRecord {
        url: format!("/product/{slug}/"),
        product: Slug::parse(&slug).expect("slug"),
        title: title.to_owned(),
        options: vec![],
        unit: Amount::from_minor(pence).expect("price"),
        tax: tax.to_owned(),
        weight: grams,
        opening_stock: stock,
        stock_policy: StockPolicy::Deny,
        image: None,
        translations: BTreeMap::new(),
        promotions: vec![],
    };
    (Sku::parse(sku).expect("SKU"), record)
}

fn usual_goods() -> Vec<(Sku, SkuRecord)> {
    let mut jumper = product("JUMPER-S", "Wool Jumper", 8900, "standard", 850, 4);
    jumper.1.options = vec![("Size".to_owned(), "S".to_owned())];
    vec![
        product("MUG", "Stoneware Mug", 1200, "standard", 400, 5),
        product("BOOK", "Tide Tables", 3000, "zero", 300, 50),
        jumper,
        product("LOGS", "Ash Logs", 900, "reduced", 21_000, 30),
        product("SOLD-OUT", "Brass Compass", 4500, "standard", 90, 0),
        product("CATALOGUE", "Printed Catalogue", 0, "zero", 200, 100),
        product("GOLD", "Golden Buoy", 60_000_000, "standard", 900, 10),
    ]
}

impl Catalog {
    /// A mug, a book, a jumper with options, heavy logs, things that are sold out, free or dear.
    pub fn usual() -> Catalog {
        Catalog::of(usual_goods())
    }

    /// A mug and a jumper, in English and German.
    pub fn bilingual() -> Catalog {
        let german = |mut goods: (Sku, SkuRecord), title: &str, options: &[(&str, &str)]| {
            let text = SkuText {
                title: title.to_owned(),
                options: options
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                alt: String::new(),
                url: format!("/de{}", goods.1.url),
            };
            goods.1.translations.insert("de".to_owned(), text);
            goods
        };
        let mut jumper = product("JUMPER-S", "Wool Jumper", 8900, "standard", 850, 4);
        jumper.1.options = vec![("Size".to_owned(), "S".to_owned())];
        let mug = german(product("MUG", "Stoneware Mug", 1200, "standard", 400, 5), "Steinzeugbecher", &[]);
        let catalog = Catalog::of(vec![mug, german(jumper, "Wollpullover", &[("Größe", "S")])]);
        let languages = vec![language(Locale::EnGb, "en", ""), language(Locale::DeDe, "de", "/de")];
        for (locale, key) in [(Locale::EnGb, None), (Locale::DeDe, Some("de"))] {
            let mut record = shop_record(2, settings());
            record.languages.clone_from(&languages);
            record.settings.language = locale;
            if key.is_some() {
                in_german(&mut record.settings);
            }
            let shop = key.map_or_else(|| SHOP_PATH.to_owned(), shop_path);
            let templates = key.map_or_else(|| TEMPLATES_PATH.to_owned(), templates_path);
            catalog.replace(&shop, Some(json(&record)));
            catalog.replace(&templates, Some(json(&theme_record(locale))));
        }
        catalog
    }

    /// These goods.
    pub fn of(goods: Vec<(Sku, SkuRecord)>) -> Catalog {
        let catalog = Catalog { files: Mutex::default(), settings: Mutex::new(settings()) };
        catalog.publish(goods);
        catalog
    }

    /// The usual goods under other settings.
    pub fn with_settings(change: impl FnOnce(&mut ShopSettings)) -> Catalog {
        let catalog = Catalog::usual();
        change(&mut catalog.settings.lock().unwrap_or_else(PoisonError::into_inner));
        catalog.publish(usual_goods());
        catalog
    }

    /// Publishes another release. Tell the app to forget the one it knows.
    pub fn publish(&self, goods: Vec<(Sku, SkuRecord)>) {
        let mut shards: BTreeMap<u32, SkuShard> =
            (0..SHARDS).map(|number| (number, SkuShard::default())).collect();
        let skus = u32::try_from(goods.len()).expect("a small catalog");
        let index = index(&goods);
        for (sku, record) in goods {
            shards.entry(shard_of(&sku, SHARDS)).or_default().skus.insert(sku, record);
        }
        let mut files: BTreeMap<String, Vec<u8>> =
            shards.iter().map(|(number, shard)| (shard_path(*number), json(shard))).collect();
        let settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone();
        files.insert(SHOP_PATH.to_owned(), json(&shop_record(skus, settings)));
        files.extend(index);
        files.insert(TEMPLATES_PATH.to_owned(), json(&theme_record(Locale::EnGb)));
        *self.files.lock().unwrap_or_else(PoisonError::into_inner) = files;
    }

    /// Changes one published file; `None` removes it.
    pub fn replace(&self, path: &str, bytes: Option<Vec<u8>>) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        match bytes {
            Some(bytes) => files.insert(path.to_owned(), bytes),
            None => files.remove(path),
        };
    }
}

impl Published for Catalog {
    fn read(&self, path: String) -> PortFuture<'_, Result<Option<Vec<u8>>, PublishedError>> {
        let bytes = self.files.lock().unwrap_or_else(PoisonError::into_inner).get(&path).cloned();
        Box::pin(async move { Ok(bytes) })
    }
}

/// The search index of the goods.
fn index(goods: &[(Sku, SkuRecord)]) -> BTreeMap<String, Vec<u8>> {
    let documents = goods.iter().map(|(sku, record)| Document {
        card: Card {
            title: record.title.clone(),
            url: record.url.clone(),
            brand: if record.weight < 300 { "Heron & Sons" } else { "Deben" }.to_owned(),
            price: u64::try_from(record.unit.minor()).expect("a price"),
            ..Card::default()
        },
        attributes: record.options.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        skus: vec![sku.as_str()],
        ..Document::default()
    });
    let source = Source::new(SearchLanguage::English, documents.collect(), Vec::new());
    source.build(&Synonyms::default()).into_iter().map(|one| (one.file.path(), one.bytes)).collect()
}

fn json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("JSON")
}

fn shop_record(skus: u32, settings: ShopSettings) -> ShopRecord {
    ShopRecord {
        format: FORMAT_VERSION,
        release: "test-release".to_owned(),
        settings,
        navigation: vec![],
        pages: vec![],
        assets: files(&theme().join("static"))
            .into_keys()
            .map(|name| (name.clone(), format!("/assets/{name}")))
            .collect(),
        languages: vec![],
        shards: SHARDS,
        skus,
    }
}

fn settings() -> ShopSettings {
    let class = |id: &str, title: &str, points| TaxClass {
        id: id.to_owned(),
        title: title.to_owned(),
        rate: BasisPoints::new(points).expect("rate"),
        rates: vec![],
    };
    let amount = |pence| Amount::from_minor(pence).expect("amount");
    let method = |id: &str, title: &str, kind, pence, weights: (u64, Option<u64>)| ShippingMethod {
        id: id.to_owned(),
        title: title.to_owned(),
        note: "Soon".to_owned(),
        kind,
        price: amount(pence),
        tiers: vec![],
        free_from: (id == "standard").then(|| amount(6000)),
        weight_min: weights.0,
        weight_below: weights.1,
        subtotal_min: Amount::ZERO,
        subtotal_below: None,
        countries: vec!["GB".to_owned()],
    };
    ShopSettings {
        name: "Ipswich Retail".to_owned(),
        tagline: "A shop in Suffolk".to_owned(),
        base_url: "https://shop.example".to_owned(),
        language: Locale::EnGb,
        currency: Currency::Gbp,
        email: "hello@shop.example".to_owned(),
        phone: "01632 960 144".to_owned(),
        address: vec!["14 St Peter's Lane".to_owned(), "Ipswich".to_owned()],
        hours: "Mon-Sat 9.30-17.30".to_owned(),
        legal: "Ipswich Retail Ltd".to_owned(),
        announcement: None,
        prices: Prices::Gross,
        promotions: vec![],
        tax_classes: vec![
            class("standard", "VAT 20%", 2000),
            class("reduced", "VAT 5%", 500),
            class("zero", "VAT 0%", 0),
        ],
        shipping: vec![
            method("standard", "Standard delivery", ShippingKind::Delivery, 395, (0, Some(20_000))),
            method("next-day", "Next working day", ShippingKind::Delivery, 795, (0, Some(20_000))),
            method("pallet", "Pallet", ShippingKind::Delivery, 1495, (20_000, None)),
            method("collection", "Collection", ShippingKind::Collection, 0, (0, None)),
        ],
        countries: vec![Country { code: "GB".to_owned(), name: "United Kingdom".to_owned() }],
        offline: OfflinePayment {
            term_days: 7,
            remind_days: 2,
            bank: vec![("Account".to_owned(), "12345678".to_owned())],
        },
    }
}

fn theme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/ipswich")
}

/// The real theme in one language.
fn theme_record(locale: Locale) -> TemplateRecord {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (templates, messages) =
        ipswich::messages::published_theme(&root, "ipswich", locale).expect("the theme");
    TemplateRecord { templates, messages: messages.texts }
}

fn language(locale: Locale, key: &str, prefix: &str) -> Language {
    Language { key: key.to_owned(), locale, prefix: prefix.to_owned(), name: locale.name().to_owned() }
}

fn in_german(settings: &mut ShopSettings) {
    for (method, title) in
        settings.shipping.iter_mut().zip(["Standardversand", "Nächster Werktag", "Palette", "Abholung"])
    {
        (method.title, method.note) = (title.to_owned(), "Bald".to_owned());
    }
    for (class, title) in settings.tax_classes.iter_mut().zip(["MwSt. 20 %", "MwSt. 5 %", "MwSt. 0 %"]) {
        class.title = title.to_owned();
    }
    settings.tagline = "Ein Laden in Suffolk".to_owned();
    settings.hours = "Mo-Sa 9.30-17.30".to_owned();
    settings.offline.bank = vec![("Konto".to_owned(), "12345678".to_owned())];
}

/// All files below a folder, by their name from there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().replace('\\', "/");
                found.insert(name, std::fs::read(&path).expect("file"));
            }
        }
    }
    found
}

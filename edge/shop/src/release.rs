//! The release: settings, templates and prices, read once and kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ipswich_catalog::published::{
    FORMAT_VERSION, SHOP_PATH, ShopRecord, SkuRecord, SkuShard, TEMPLATES_PATH, TemplateRecord, shard_of,
    shard_path, shop_path, templates_path,
};
use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::{Messages, Sku, Text};
use ipswich_theme::Theme;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::ports::Published;
use crate::searching::Searching;

/// The most shards kept in memory: at 64 kB of JSON each, well below what a Worker has.
const SHARDS_KEPT_MAX: usize = 256;

/// One release in one language, ready to use.
pub(crate) struct Release {
    record: ShopRecord,
    theme: Theme,
    messages: Messages,
    /// The key of its language, if it is not the shop's own.
    key: Option<String>,
    shards: Arc<Shards>,
    search: Searching,
}

/// The records of goods, which all languages share.
struct Shards {
    published: Arc<dyn Published>,
    read: Mutex<BTreeMap<u32, Arc<SkuShard>>>,
}

/// The part of the record that every format has.
#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

impl Release {
    /// Reads what every page needs. Fails if the release is incomplete or of another format.
    pub(crate) async fn load(published: Arc<dyn Published>) -> Result<Release, Error> {
        let shards = Arc::new(Shards { published, read: Mutex::default() });
        Release::read(shards, None, SHOP_PATH.to_owned(), TEMPLATES_PATH.to_owned()).await
    }

    /// Reads the same release in another of its languages.
    pub(crate) async fn in_language(&self, key: &str) -> Result<Release, Error> {
        let (shop, templates) = (shop_path(key), templates_path(key));
        let release =
            Release::read(Arc::clone(&self.shards), Some(key.to_owned()), shop.clone(), templates).await?;
        if release.name() == self.name() {
            Ok(release)
        } else {
            Err(Error::Unavailable(format!("{shop} is of another release; build and deploy again")))
        }
    }

    async fn read(
        shards: Arc<Shards>,
        key: Option<String>,
        shop: String,
        templates: String,
    ) -> Result<Release, Error> {
        let bytes = read(&*shards.published, shop.clone()).await?;
        let FormatOnly { format } = parse(&bytes, &shop)?;
        if format != FORMAT_VERSION {
            let text = format!(
                "{shop} has format {format}, this shop reads {FORMAT_VERSION}; build and deploy again"
            );
            return Err(Error::Unavailable(text));
        }
        let record: ShopRecord = parse(&bytes, &shop)?;
        let texts: TemplateRecord = parse(&read(&*shards.published, templates.clone()).await?, &templates)?;
        let theme = Theme::new(texts.templates, &record);
        let messages = Messages { locale: record.settings.language, texts: texts.messages };
        let search = Searching::new(Arc::clone(&shards.published), key.clone());
        Ok(Release { record, theme, messages, key, shards, search })
    }

    /// Whether it is published in a language with this key, beside the shop's own.
    pub(crate) fn has_other_language(&self, key: &str) -> bool {
        self.record.languages.iter().any(|language| language.key == key && !language.prefix.is_empty())
    }

    /// Whether it is published in several languages, one of which has this key.
    pub(crate) fn has_language(&self, key: &str) -> bool {
        self.record.languages.iter().any(|language| language.key == key)
    }

    /// The key of its language, if it is not the shop's own.
    pub(crate) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The home page in its language.
    pub(crate) fn home(&self) -> String {
        self.record.home()
    }

    /// What addresses of the shop carry, so that it answers in its language.
    pub(crate) fn query(&self) -> String {
        self.record.query()
    }

    /// Says a text in its language.
    pub(crate) fn say(&self, text: &Text, values: &[(&str, &str)]) -> String {
        self.messages.say(text, values)
    }

    /// What the shop says in its language.
    pub(crate) fn messages(&self) -> &Messages {
        &self.messages
    }

    pub(crate) fn settings(&self) -> &ShopSettings {
        &self.record.settings
    }

    pub(crate) fn theme(&self) -> &Theme {
        &self.theme
    }

    /// The search in its language.
    pub(crate) fn search(&self) -> &Searching {
        &self.search
    }

    /// The name of the release.
    pub(crate) fn name(&self) -> &str {
        &self.record.release
    }

    /// How many shards it has.
    pub(crate) fn shards(&self) -> u32 {
        self.record.shards
    }

    /// The records of these SKUs, with names in its language; those that are not sold are left out.
    pub(crate) async fn skus<'a>(
        &self,
        skus: impl IntoIterator<Item = &'a Sku>,
    ) -> Result<BTreeMap<Sku, SkuRecord>, Error> {
        let wanted: Vec<Sku> = skus.into_iter().cloned().collect();
        let mut found = BTreeMap::new();
        for sku in wanted {
            let shard = self.shard(shard_of(&sku, self.record.shards)).await?;
            if let Some(record) = shard.skus.get(&sku).cloned() {
                let record = match &self.key {
                    Some(key) => record.in_language(key),
                    None => record,
                };
                found.insert(sku, record);
            }
        }
        Ok(found)
    }

    /// The record of one SKU, if it is sold.
    pub(crate) async fn sku(&self, sku: &Sku) -> Result<Option<SkuRecord>, Error> {
        Ok(self.skus([sku]).await?.remove(sku))
    }

    /// A shard, from memory if it was read before.
    pub(crate) async fn shard(&self, number: u32) -> Result<Arc<SkuShard>, Error> {
        if let Some(known) = self.shards.read.lock().unwrap_or_else(PoisonError::into_inner).get(&number) {
            return Ok(Arc::clone(known));
        }
        let path = shard_path(number);
        let shard: Arc<SkuShard> =
            Arc::new(parse(&read(&*self.shards.published, path.clone()).await?, &path)?);
        let mut shards = self.shards.read.lock().unwrap_or_else(PoisonError::into_inner);
        if shards.len() >= SHARDS_KEPT_MAX {
            shards.clear();
        }
        shards.insert(number, Arc::clone(&shard));
        Ok(shard)
    }
}

pub(crate) async fn read(published: &dyn Published, path: String) -> Result<Vec<u8>, Error> {
    let bytes = published.read(path.clone()).await?;
    bytes.ok_or_else(|| Error::Unavailable(format!("the release has no {path}")))
}

fn parse<T: DeserializeOwned>(bytes: &[u8], path: &str) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|error| Error::Unavailable(format!("{path}: {error}")))
}

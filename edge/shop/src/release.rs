//! The release: settings, templates and prices, read once and kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ipswich_catalog::Sku;
use ipswich_catalog::published::{
    FORMAT_VERSION, SHOP_PATH, ShopRecord, SkuRecord, SkuShard, TEMPLATES_PATH, TemplateRecord, shard_of,
    shard_path,
};
use ipswich_catalog::settings::ShopSettings;
use ipswich_theme::Theme;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::ports::Published;
use crate::searching::Searching;

/// The most shards kept in memory: at 64 kB of JSON each, well below what a Worker has.
const SHARDS_KEPT_MAX: usize = 256;

/// One release, ready to use.
pub(crate) struct Release {
    record: ShopRecord,
    theme: Theme,
    published: Arc<dyn Published>,
    shards: Mutex<BTreeMap<u32, Arc<SkuShard>>>,
    search: Searching,
}

/// The part of the record that every format has.
#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

impl Release {
    /// Reads what every page needs. Fails if the release is incomplete or of another format.
    pub(crate) async fn load(published: Arc<dyn Published>) -> Result<Release, Error> {
        let bytes = read(&*published, SHOP_PATH.to_owned()).await?;
        let FormatOnly { format } = parse(&bytes, SHOP_PATH)?;
        if format != FORMAT_VERSION {
            let text = format!(
                "{SHOP_PATH} has format {format}, this shop reads {FORMAT_VERSION}; build and deploy again"
            );
            return Err(Error::Unavailable(text));
        }
        let record: ShopRecord = parse(&bytes, SHOP_PATH)?;
        let templates: TemplateRecord =
            parse(&read(&*published, TEMPLATES_PATH.to_owned()).await?, TEMPLATES_PATH)?;
        let theme = Theme::new(templates.templates, &record);
        let search = Searching::new(Arc::clone(&published));
        Ok(Release { record, theme, published, shards: Mutex::default(), search })
    }

    pub(crate) fn settings(&self) -> &ShopSettings {
        &self.record.settings
    }

    pub(crate) fn theme(&self) -> &Theme {
        &self.theme
    }

    /// The search over its index.
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

    /// The records of these SKUs; those that are not sold are left out.
    pub(crate) async fn skus<'a>(
        &self,
        skus: impl IntoIterator<Item = &'a Sku>,
    ) -> Result<BTreeMap<Sku, SkuRecord>, Error> {
        let wanted: Vec<Sku> = skus.into_iter().cloned().collect();
        let mut found = BTreeMap::new();
        for sku in wanted {
            let shard = self.shard(shard_of(&sku, self.record.shards)).await?;
            if let Some(record) = shard.skus.get(&sku) {
                found.insert(sku, record.clone());
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
        if let Some(known) = self.shards.lock().unwrap_or_else(PoisonError::into_inner).get(&number) {
            return Ok(Arc::clone(known));
        }
        let path = shard_path(number);
        let shard: Arc<SkuShard> = Arc::new(parse(&read(&*self.published, path.clone()).await?, &path)?);
        let mut shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
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

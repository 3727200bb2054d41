//! Makes the records that the shop reads: settings, SKUs in shards, templates.
//!
//! Each record is read back and compared before it is written, so that what the shop parses is what was meant.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use blake3::Hasher;
use ipswich_catalog::Sku;
use ipswich_catalog::published::{
    FORMAT_VERSION, ImageRecord, NavLink, SHOP_PATH, ShopRecord, SkuRecord, SkuShard, SkuText,
    TEMPLATES_PATH, TemplateRecord, shard_of, shard_path, shop_path, templates_path,
};
use ipswich_catalog::settings::ShopSettings;
use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::catalog::Catalog;
use crate::content::navigation::NavItem;
use crate::content::product::Product;
use crate::content::variants::Variant;
use crate::edition::Edition;
use crate::memory::{Key, NO_KEY, key_of};
use crate::messages::{self, texts};
use crate::names::CategoryId;
use crate::output::{Keys, Output, OutputFile};
use crate::pages::category_url;
use crate::source::ThemeFiles;

/// The largest shard, in bytes. The shop reads a shard whole for one SKU of it.
const SHARD_BYTES_MAX: usize = 64 * 1024;

/// The shop record without the name of the release, which is known when all other files are.
pub(crate) fn shop_record(catalog: &Catalog, assets: BTreeMap<String, String>, shards: u32) -> ShopRecord {
    let link = |title: &str, url| NavLink { title: title.to_owned(), url, children: Vec::new() };
    let pages =
        catalog.pages.iter().map(|page| link(&page.title, catalog.edition.page(&format!("/{}/", page.slug))));
    let blog = (!catalog.posts.is_empty()).then(|| {
        let url = catalog.edition.page("/blog/");
        link(&catalog.edition.say(&texts::BLOG, &[]), url)
    });
    let skus = catalog.products().iter().map(|product| product.variants.len()).sum::<usize>();
    ShopRecord {
        navigation: navigation(catalog),
        pages: pages.chain(blog).collect(),
        shards,
        skus: u32::try_from(skus).unwrap_or(u32::MAX),
        languages: catalog.edition.languages.to_vec(),
        ..empty_record(catalog.settings.shop.clone(), assets)
    }
}

/// The record of a shop that sells nothing.
pub(crate) fn empty_record(settings: ShopSettings, assets: BTreeMap<String, String>) -> ShopRecord {
    ShopRecord {
        format: FORMAT_VERSION,
        release: String::new(),
        settings,
        navigation: Vec::new(),
        pages: Vec::new(),
        assets,
        languages: Vec::new(),
        shards: 0,
        skus: 0,
    }
}

/// The links at the top of every page: those of the settings, or the departments and what is below them.
fn navigation(catalog: &Catalog) -> Vec<NavLink> {
    fn by_hand(item: &NavItem) -> NavLink {
        NavLink {
            title: item.title.clone(),
            url: item.link.target.clone(),
            children: item.children.iter().map(by_hand).collect(),
        }
    }
    match catalog.settings.navigation.as_slice() {
        [] => catalog.roots.iter().map(|id| nav_link(catalog, *id, true)).collect(),
        items => items.iter().map(by_hand).collect(),
    }
}

fn nav_link(catalog: &Catalog, id: CategoryId, with_children: bool) -> NavLink {
    let children = if with_children { catalog.children(id) } else { &[] };
    NavLink {
        title: catalog.category(id).title.clone(),
        url: category_url(catalog, id, 1),
        children: children.iter().map(|child| nav_link(catalog, *child, false)).collect(),
    }
}

/// The file of the shop record, in the language with this key or in the shop's own.
pub(crate) fn shop_file(record: &ShopRecord, language: Option<&str>) -> Result<OutputFile> {
    file(language.map_or_else(|| SHOP_PATH.to_owned(), shop_path), record)
}

/// The file with the templates of the theme, and what the shop says, in one language.
pub(crate) fn templates_file(theme: &ThemeFiles, edition: &Edition) -> Result<OutputFile> {
    let path = edition.key().map_or_else(|| TEMPLATES_PATH.to_owned(), templates_path);
    let templates = messages::templates(theme, edition.locale());
    file(path, &TemplateRecord { templates, messages: edition.messages.texts.clone() })
}

/// The records of all SKUs, spread over as few files as keep each below the limit.
///
/// The names in other languages are those of the other catalogs, whose products are in the same order.
pub(crate) struct Shards<'c> {
    catalog: &'c Catalog,
    others: &'c [Catalog],
    /// What each holds: products and variants by their places.
    goods: Vec<Vec<(usize, usize)>>,
}

impl<'c> Shards<'c> {
    /// Spreads the SKUs.
    pub(crate) fn of(catalog: &'c Catalog, others: &'c [Catalog]) -> Result<Shards<'c>> {
        let mut shards = Shards { catalog, others, goods: Vec::new() };
        (0..catalog.products().len()).into_par_iter().try_for_each(|index| shards.measure(index))?;
        let sizes = || {
            catalog.products().iter().flat_map(|product| {
                let sizes = product.record_sizes.get().map(Vec::as_slice).unwrap_or_default();
                product.variants.iter().zip(sizes).map(|(variant, size)| (&variant.sku, *size))
            })
        };
        let count = shard_count(sizes)?;
        shards.goods = vec![Vec::new(); count as usize];
        for (index, product) in catalog.products().iter().enumerate() {
            for (place, variant) in product.variants.iter().enumerate() {
                if let Some(shard) = shards.goods.get_mut(shard_of(&variant.sku, count) as usize) {
                    shard.push((index, place));
                }
            }
        }
        Ok(shards)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.goods.len()).unwrap_or(u32::MAX)
    }

    /// Hands over each that is not yet what it will be.
    pub(crate) fn put(&self, output: &Output<'_>) -> Result<()> {
        (0..self.count()).into_par_iter().zip(&self.goods).try_for_each(|(number, goods)| {
            let (path, quick) = (shard_path(number), self.quick_key(goods));
            if output.keep_quick(&path, quick) {
                return Ok(());
            }
            let records = goods.iter().filter_map(|(index, place)| self.record(*index, *place));
            let shard = SkuShard { skus: records.collect() };
            output.put_keyed(file(path, &shard)?, Keys { quick, ..Keys::default() })
        })
    }

    fn quick_key(&self, goods: &[(usize, usize)]) -> Key {
        let Some(world) = self.catalog.world else { return NO_KEY };
        let mut hasher = Hasher::new();
        hasher.update(b"goods").update(&world);
        for (index, place) in goods {
            let Some(product) = self.catalog.products().get(*index) else { return NO_KEY };
            let Some(variant) = product.variants.get(*place) else { return NO_KEY };
            hasher.update(&product.digest.front).update(variant.sku.as_str().as_bytes()).update(&[0]);
        }
        key_of(&hasher)
    }

    /// Finds out how long the records of a product are.
    fn measure(&self, index: usize) -> Result<()> {
        let Some(product) = self.catalog.products().get(index) else { return Ok(()) };
        if product.record_sizes.get().is_none() {
            let records = (0..product.variants.len()).filter_map(|place| self.record(index, place));
            let size = |(sku, record): (Sku, SkuRecord)| {
                Ok(serde_json::to_string(&record)?.len() + sku.as_str().len() + 4)
            };
            let sizes = records.map(size).collect::<Result<Vec<usize>>>()?;
            // It was not there a moment ago, and only this thread looks at this product.
            let _ = product.record_sizes.set(sizes);
        }
        Ok(())
    }

    /// The record of a variant, with its names in all languages.
    fn record(&self, index: usize, place: usize) -> Option<(Sku, SkuRecord)> {
        let product = self.catalog.products().get(index)?;
        let (sku, mut record) = sku_record(self.catalog, product, product.variants.get(place)?);
        record.translations = translations(self.others, index, place);
        Some((sku, record))
    }
}

fn shard_count<'s, I: Iterator<Item = (&'s Sku, usize)>>(sizes: impl Fn() -> I) -> Result<u32> {
    let total: usize = sizes().map(|(_, size)| size).sum();
    let mut count = u32::try_from(total / SHARD_BYTES_MAX + 1)?;
    // Hashes spread evenly, so a few more shards than the sum asks for are enough.
    while count < 1 << 20 {
        let mut filled = vec![32_usize; count as usize];
        for (sku, size) in sizes() {
            filled[shard_of(sku, count) as usize] += size;
        }
        if filled.iter().all(|bytes| *bytes <= SHARD_BYTES_MAX) {
            return Ok(count);
        }
        count += count / 8 + 1;
    }
    anyhow::bail!("the record of one SKU is larger than {SHARD_BYTES_MAX} bytes")
}

/// What a variant is called in other languages, by their keys.
fn translations(others: &[Catalog], product: usize, variant: usize) -> BTreeMap<String, SkuText> {
    let text = |catalog: &Catalog| {
        let product = catalog.products().get(product)?;
        let (_, record) = sku_record(catalog, product, product.variants.get(variant)?);
        let alt = record.image.map(|image| image.alt).unwrap_or_default();
        let key = catalog.edition.key()?.to_owned();
        Some((key, SkuText { title: record.title, options: record.options, alt, url: record.url }))
    };
    others.iter().filter_map(text).collect()
}

fn sku_record(catalog: &Catalog, product: &Product, variant: &Variant) -> (Sku, SkuRecord) {
    let shown = variant.image.and_then(|index| product.images.get(index)).or(product.images.first());
    let image = shown.map(|shown| {
        let (src, width, height) = catalog.picture(shown.picture).small();
        ImageRecord { src: src.to_owned(), width, height, alt: shown.alt.clone() }
    });
    let options = product.options.iter().map(|option| option.name.clone()).zip(variant.values.clone());
    let record = SkuRecord {
        product: product.slug.clone(),
        url: product.url(),
        title: product.title.clone(),
        options: options.collect(),
        unit: variant.price,
        tax: product.tax.clone(),
        weight: variant.weight,
        opening_stock: variant.stock,
        stock_policy: product.supply,
        image,
        translations: BTreeMap::new(),
        promotions: product.promotions.iter().map(|index| catalog.promotions[*index].id.clone()).collect(),
    };
    (variant.sku.clone(), record)
}

/// Writes a record as JSON and makes sure that it reads back the same.
fn file<T: Serialize + DeserializeOwned + PartialEq>(path: String, record: &T) -> Result<OutputFile> {
    let bytes = serde_json::to_vec(record).with_context(|| format!("cannot write {path}"))?;
    let read: T = serde_json::from_slice(&bytes).with_context(|| format!("{path} does not read back"))?;
    ensure!(read == *record, "{path} reads back as something else");
    Ok(OutputFile { path, bytes })
}

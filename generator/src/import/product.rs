//! Makes a product file of goods of another shop, and says what it could not carry.

mod file;
mod images;

use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::sku::SKU_BYTES_MAX;
use ipswich_catalog::slug::SLUG_BYTES_MAX;

use crate::import::goods::{Goods, Left, Sold};
use crate::import::names::{self, Taken};
use crate::import::pictures::Pictures;
use crate::import::toml_text::one_line;

/// The most options of a product.
const OPTIONS_MAX: usize = 2;

/// What stands for a choice that a variant leaves open.
const ANY: &str = "Any";

/// Makes the files of all products.
pub(crate) struct Maker<'m> {
    pub(crate) settings: &'m ShopSettings,
    /// The id of the usual tax class.
    pub(crate) tax: String,
    /// Pieces on hand of what the other shop does not count.
    pub(crate) stock: u32,
    pub(crate) skus: Taken,
    pub(crate) slugs: Taken,
    pub(crate) pictures: Pictures,
    pub(crate) left: Vec<Left>,
}

/// Goods with a slug of their own, sold under at least one SKU.
pub(crate) struct Product {
    pub(crate) slug: String,
    pub(crate) goods: Goods,
}

impl Maker<'_> {
    fn leave(&mut self, reason: impl Into<String>, slug: &str, detail: impl Into<String>) {
        self.left.push(Left { reason: reason.into(), product: slug.to_owned(), detail: detail.into() });
    }

    /// Gives the goods a slug, our options and SKUs. `None` if there is nothing to sell.
    pub(crate) fn settle(&mut self, mut goods: Goods) -> Option<Product> {
        let wanted = if goods.slug.is_empty() { &goods.title } else { &goods.slug };
        let wanted = Some(names::slug(wanted)).filter(|slug| !slug.is_empty());
        let slug = self.slugs.take(wanted.as_deref().unwrap_or("product"), SLUG_BYTES_MAX);
        if !goods.slug.is_empty() && goods.slug != slug {
            self.leave("its address changed", &slug, goods.slug.clone());
        }
        self.drop_unsold(&slug, &mut goods);
        if goods.variants.is_empty() {
            self.leave("nothing of it has a price: left out", &slug, "");
            return None;
        }
        self.merge_options(&slug, &mut goods);
        self.drop_repeated(&slug, &mut goods);
        self.name_skus(&slug, &mut goods);
        Some(Product { slug, goods })
    }

    fn drop_unsold(&mut self, slug: &str, goods: &mut Goods) {
        let (sold, unsold): (Vec<Sold>, _) = goods.variants.drain(..).partition(|sold| sold.price.is_some());
        if !sold.is_empty() {
            for one in unsold {
                self.leave("a variant without a price: left out", slug, shown(&one));
            }
        }
        goods.variants = sold;
    }

    /// Later options become one with the second, because a page shows options as rows and columns.
    fn merge_options(&mut self, slug: &str, goods: &mut Goods) {
        for sold in &mut goods.variants {
            sold.values.resize(goods.options.len(), String::new());
            for value in &mut sold.values {
                *value = one_line(value);
                if value.is_empty() {
                    *value = ANY.to_owned();
                }
            }
        }
        let mut seen = Taken::default();
        goods.options = goods.options.iter().map(|name| seen.take(&one_line(name), usize::MAX)).collect();
        if goods.options.len() <= OPTIONS_MAX {
            return;
        }
        let merge = |list: &mut Vec<String>| {
            let merged = list.split_off(OPTIONS_MAX - 1).join(" / ");
            list.push(merged);
        };
        merge(&mut goods.options);
        goods.variants.iter_mut().for_each(|sold| merge(&mut sold.values));
        self.leave("more than two options: the later ones are one", slug, goods.options.join(", "));
    }

    fn drop_repeated(&mut self, slug: &str, goods: &mut Goods) {
        let mut kept: Vec<Sold> = Vec::new();
        for sold in goods.variants.drain(..) {
            if kept.iter().any(|other| other.values == sold.values) {
                self.left.push(Left {
                    reason: "the same choice as a variant before it: left out".to_owned(),
                    product: slug.to_owned(),
                    detail: shown(&sold),
                });
            } else {
                kept.push(sold);
            }
        }
        goods.variants = kept;
    }

    /// What is sold keeps its SKU rather than the style number.
    fn name_skus(&mut self, slug: &str, goods: &mut Goods) {
        let style = if goods.sku.is_empty() { slug.to_owned() } else { goods.sku.clone() };
        if goods.options.is_empty() {
            let wanted = goods.variants.first().map(|sold| sold.sku.clone()).unwrap_or_default();
            goods.sku = self.sku(slug, &wanted, &style);
            return;
        }
        for sold in &mut goods.variants {
            let made = format!("{style}-{}", sold.values.join("-"));
            sold.sku = self.sku(slug, &sold.sku, &made);
        }
        goods.sku = self.sku(slug, &goods.sku, &style);
    }

    fn sku(&mut self, slug: &str, wanted: &str, made: &str) -> String {
        let made = match names::sku(wanted) {
            sku if sku.is_empty() => names::sku(made),
            sku => sku,
        };
        let made = if made.is_empty() { "SKU-1".to_owned() } else { made };
        let sku = self.skus.take(&made, SKU_BYTES_MAX);
        if wanted.is_empty() {
            self.leave("no SKU: one is made up", slug, sku.clone());
        } else if sku != wanted {
            self.leave(
                "SKU changed to 3 to 32 of A-Z, 0-9 and \"-\", once each",
                slug,
                format!("{wanted} → {sku}"),
            );
        }
        sku
    }
}

fn shown(sold: &Sold) -> String {
    if sold.sku.is_empty() { sold.values.join(", ") } else { sold.sku.clone() }
}

//! Makes a product file of goods of another shop, and says what it could not carry.

use std::collections::HashMap;
use std::fmt::Write;

use anyhow::Result;
use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::sku::SKU_BYTES_MAX;
use ipswich_catalog::slug::SLUG_BYTES_MAX;

use crate::import::goods::{Goods, Left, Sold, Tax};
use crate::import::names::{self, Taken};
use crate::import::pictures::{Found, Pictures, file_name};
use crate::import::toml_text::{key, list, one_line, quoted};
use crate::import::{categories, html};

/// The most options of a product.
const OPTIONS_MAX: usize = 2;

/// The longest summary, in characters.
const SUMMARY_CHARS: usize = 160;

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

    /// The text of the product file.
    pub(crate) fn file(
        &mut self,
        product: &Product,
        published: &str,
        related: &HashMap<String, String>,
    ) -> Result<String> {
        let Product { slug, goods } = product;
        let images = self.images(slug, goods)?;
        let body = html::clean(&goods.body);
        for link in body.links {
            self.leave("links to pages of the old site: their words stay", slug, link);
        }
        if body.media {
            self.leave("pictures and films in the text", slug, "");
        }
        let mut text = String::from("+++\n");
        self.head(&mut text, slug, goods, published, related);
        for (src, alt, _) in &images {
            let _ = write!(text, "\n[[images]]\nsrc = {}\nalt = {}\n", quoted(src), quoted(alt));
        }
        attributes(&mut text, goods);
        self.variants(&mut text, slug, goods, &images);
        text.push_str("+++\n");
        if !body.markdown.is_empty() {
            text.push_str(&body.markdown);
            text.push('\n');
        }
        Ok(text)
    }

    fn head(
        &mut self,
        text: &mut String,
        slug: &str,
        goods: &Goods,
        published: &str,
        related: &HashMap<String, String>,
    ) {
        let mut line = |key: &str, value: String| {
            let _ = writeln!(text, "{key} = {value}");
        };
        line("title", quoted(&goods.title));
        line("sku", quoted(&goods.sku));
        if !goods.brand.trim().is_empty() {
            line("brand", quoted(&goods.brand));
        }
        let mut paths: Vec<String> = goods.categories.iter().map(|titles| categories::path(titles)).collect();
        paths.dedup();
        let main = if paths.is_empty() { categories::path(&[]) } else { paths.remove(0) };
        paths.retain(|path| *path != main);
        line("category", quoted(&main));
        if !paths.is_empty() {
            line("categories", list(&paths));
        }
        let currency = self.settings.currency;
        let price = goods.variants.iter().filter_map(|sold| sold.price).min().unwrap_or_default();
        line("price", quoted(&currency.decimal(price)));
        if let Some(former) = self.former(slug, goods) {
            line("compare_at", quoted(&former));
        }
        line("tax", quoted(&self.tax_class(slug, &goods.tax)));
        let weight = goods.variants.iter().find_map(|sold| sold.weight);
        if weight.is_none() {
            self.leave("no weight: 0 grams", slug, "");
        }
        line("weight", weight.unwrap_or(0).to_string());
        if goods.options.is_empty() {
            let stock = goods.variants.first().and_then(|sold| sold.stock);
            line("stock", self.pieces(slug, &goods.sku, stock).to_string());
        }
        let body = html::plain(&goods.body);
        let said = [&goods.summary, &body, &goods.seo_description].into_iter().find(|text| !text.is_empty());
        let said = said.cloned().unwrap_or_default();
        let summary = html::first_sentence(&said, SUMMARY_CHARS);
        line("summary", quoted(if summary.is_empty() { &goods.title } else { &summary }));
        line("published", published.to_owned());
        further(text, slug, goods, related);
    }

    /// One former price holds for the whole product.
    fn former(&mut self, slug: &str, goods: &Goods) -> Option<String> {
        let currency = self.settings.currency;
        let formers: Vec<_> = goods.variants.iter().filter_map(|sold| sold.former).collect();
        let first = *formers.first()?;
        let above = goods.variants.iter().all(|sold| sold.price.is_some_and(|price| first > price));
        let same = formers.iter().all(|former| *former == first);
        if above && same {
            return Some(currency.decimal(first));
        }
        let detail = formers.iter().map(|former| currency.decimal(*former)).collect::<Vec<_>>().join(", ");
        self.leave("a former price that is not above all prices of the product", slug, detail);
        None
    }

    fn tax_class(&mut self, slug: &str, tax: &Tax) -> String {
        let classes = &self.settings.tax_classes;
        let found = match tax {
            Tax::Usual => return self.tax.clone(),
            Tax::Class(name) => classes
                .iter()
                .find(|class| class.id == names::slug(name) || class.title.eq_ignore_ascii_case(name)),
            Tax::Free => classes.iter().find(|class| class.rate.get() == 0),
        };
        if let Some(class) = found {
            return class.id.clone();
        }
        let name = if let Tax::Class(name) = tax { name.clone() } else { "not taxed".to_owned() };
        self.leave(format!("no such tax class here: {:?} is taken", self.tax), slug, name);
        self.tax.clone()
    }

    fn pieces(&mut self, slug: &str, sku: &str, stock: Option<u32>) -> u32 {
        if stock.is_none() {
            self.leave(format!("stock is not counted there: {}", self.stock), slug, sku);
        }
        stock.unwrap_or(self.stock)
    }

    /// File names, descriptions and former addresses; at least one.
    fn images(&mut self, slug: &str, goods: &Goods) -> Result<Vec<(String, String, String)>> {
        let mut images: Vec<(String, String, String)> = Vec::new();
        let mut undescribed = 0;
        for image in &goods.images {
            let name = match self.pictures.find(&image.url)? {
                Found::Here(name) => name,
                Found::Missing => {
                    self.leave("pictures that are not there to copy", slug, image.url.clone());
                    continue;
                }
                Found::Refused(reason) => {
                    self.leave(reason, slug, file_name(&image.url).unwrap_or_default());
                    continue;
                }
            };
            if images.iter().any(|(known, ..)| *known == name) {
                continue;
            }
            let chosen = goods.variants.iter().find(|sold| sold.image == image.url);
            let values = chosen.map(|sold| sold.values.join(", ")).filter(|values| !values.is_empty());
            let alt = match (image.alt.trim(), values) {
                ("", Some(values)) => format!("{}, {values}", goods.title),
                ("", None) => goods.title.clone(),
                (alt, _) => alt.to_owned(),
            };
            undescribed += usize::from(image.alt.trim().is_empty());
            images.push((name, alt, image.url.clone()));
        }
        if undescribed > 0 {
            self.leave("pictures without a description: the title stands in", slug, undescribed.to_string());
        }
        if images.is_empty() {
            self.leave("no picture: a drawing stands in", slug, "");
            images.push((
                self.pictures.stand_in(),
                format!("{}: the picture is to come", goods.title),
                String::new(),
            ));
        }
        Ok(images)
    }

    fn variants(
        &mut self,
        text: &mut String,
        slug: &str,
        goods: &Goods,
        images: &[(String, String, String)],
    ) {
        let currency = self.settings.currency;
        for (index, name) in goods.options.iter().enumerate() {
            let mut values: Vec<String> = Vec::new();
            for value in goods.variants.iter().filter_map(|sold| sold.values.get(index)) {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
            let _ = write!(text, "\n[[options]]\nname = {}\nvalues = {}\n", quoted(name), list(&values));
        }
        if goods.options.is_empty() {
            return;
        }
        let base = goods.variants.iter().filter_map(|sold| sold.price).min();
        let weight = goods.variants.iter().find_map(|sold| sold.weight);
        for sold in &goods.variants {
            let chosen = goods.options.iter().zip(&sold.values);
            let chosen: Vec<String> =
                chosen.map(|(name, value)| format!("{} = {}", key(name), quoted(value))).collect();
            let stock = self.pieces(slug, &sold.sku, sold.stock);
            let _ = writeln!(text, "\n[[variants]]\nsku = {}", quoted(&sold.sku));
            let _ = writeln!(text, "options = {{ {} }}\nstock = {stock}", chosen.join(", "));
            if let Some(price) = sold.price.filter(|price| Some(*price) != base) {
                let _ = writeln!(text, "price = {}", quoted(&currency.decimal(price)));
            }
            if let Some(own) = sold.weight.filter(|own| Some(*own) != weight) {
                let _ = writeln!(text, "weight = {own}");
            }
            let image = images.iter().find(|(_, _, url)| !url.is_empty() && *url == sold.image);
            if let Some((name, ..)) = image {
                let _ = writeln!(text, "image = {}", quoted(name));
            }
        }
    }
}

/// The keys that may be absent.
fn further(text: &mut String, slug: &str, goods: &Goods, related: &HashMap<String, String>) {
    let mut line = |key: &str, value: String| {
        let _ = writeln!(text, "{key} = {value}");
    };
    let mut tags: Vec<String> = goods.tags.iter().map(|tag| tag.to_lowercase()).collect();
    tags.sort();
    tags.dedup();
    if !tags.is_empty() {
        line("tags", list(&tags));
    }
    let mut others: Vec<String> = goods.related.iter().filter_map(|sku| related.get(sku)).cloned().collect();
    others.retain(|other| other != slug);
    let mut seen = Vec::new();
    others.retain(|other| !seen.contains(other) && (seen.push(other.clone()), true).1);
    if !others.is_empty() {
        line("related", list(&others));
    }
    for (key, value) in [("seo_title", &goods.seo_title), ("seo_description", &goods.seo_description)] {
        if !value.trim().is_empty() {
            line(key, quoted(value));
        }
    }
}

fn attributes(text: &mut String, goods: &Goods) {
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in &goods.attributes {
        let name = one_line(name);
        if seen.contains(&name) || name.is_empty() || value.trim().is_empty() {
            continue;
        }
        if seen.is_empty() {
            text.push_str("\n[attributes]\n");
        }
        let _ = writeln!(text, "{} = {}", key(&name), quoted(value));
        seen.push(name);
    }
}

fn shown(sold: &Sold) -> String {
    if sold.sku.is_empty() { sold.values.join(", ") } else { sold.sku.clone() }
}

//! The text of a product file.

use std::collections::HashMap;
use std::fmt::Write;

use anyhow::Result;

use super::{Maker, Product};
use crate::import::goods::{Goods, Tax};
use crate::import::toml_text::{key, list, one_line, quoted};
use crate::import::{categories, html, names};

/// The longest summary, in characters.
const SUMMARY_CHARS: usize = 160;

impl Maker<'_> {
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

//! Makes the search index of the catalog.

use anyhow::{Context, Result};
use ipswich_catalog::Amount;
use ipswich_search::{Card, Category, Checked, Document, File, Image, Index, Language, Part, Source};
use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::content::product::Product;
use crate::day::Day;
use crate::names::ProductId;
use crate::output::OutputFile;

/// The folder of the index, with a slash at its end.
pub(crate) const FOLDER: &str = "_shop/search/";

/// How much it counts when another product names this one as related: the editor's word for what goes well.
const POPULARITY_OF_LINK: usize = 40;

/// The files of the index in the language of the catalog. The same catalog gives the same bytes.
pub(crate) fn files(catalog: &Catalog) -> Result<Vec<OutputFile>> {
    let links = links(catalog);
    let documents =
        catalog.products().iter().zip(&links).map(|(product, links)| document(catalog, product, *links));
    let categories =
        catalog.categories().map(|(_, category)| Category { path: &category.path, title: &category.title });
    let language = Language::of_tag(catalog.settings.shop.language.tag());
    let source = Source::new(language, documents.collect(), categories.collect());
    let parts: Vec<Part> =
        source.runs().collect::<Vec<_>>().into_par_iter().map(|run| source.analyse(run)).collect();
    let files = source.assemble(parts, &catalog.settings.synonyms);
    let key = catalog.edition.key();
    files.into_iter().map(|one| checked(one.file, key, one.bytes)).collect()
}

/// Reads a file back before it is written, as the shop will.
fn checked(file: File, language: Option<&str>, bytes: Vec<u8>) -> Result<OutputFile> {
    let path = file.path_in(language);
    let read = Checked::new(bytes.as_slice()).with_context(|| format!("{path} does not read back"))?;
    if file == File::Head {
        Index::open(&read).with_context(|| format!("{path} does not read back"))?;
    }
    Ok(OutputFile { path, bytes })
}

/// How many products name each product as related.
fn links(catalog: &Catalog) -> Vec<usize> {
    let mut links = vec![0; catalog.products().len()];
    for ProductId(id) in catalog.products().iter().flat_map(|one| &one.related).map(|place| place.value) {
        if let Some(count) = links.get_mut(id) {
            *count += 1;
        }
    }
    links
}

fn document<'c>(catalog: &'c Catalog, product: &'c Product, links: usize) -> Document<'c> {
    let image = product.images.first().map(|shown| {
        let (src, width, height) = catalog.picture(shown.picture).small();
        Image { src: src.to_owned(), width, height }
    });
    let minor = |amount: Amount| u64::try_from(amount.minor()).unwrap_or(0);
    let card = Card {
        title: product.title.clone(),
        url: product.url(),
        brand: product.brand_name().to_owned(),
        price: minor(product.price()),
        price_varies: product.price_varies(),
        compare_at: product.compare_at.map(minor),
        image,
        badges: product.badges.clone(),
    };
    let facts = product.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    // What is chosen says the same as a fact of the same name, and says it for each variant.
    let facts = facts.filter(|(name, _)| !product.options.iter().any(|option| option.name == *name));
    let options = product
        .options
        .iter()
        .flat_map(|option| option.values.iter().map(|value| (option.name.as_str(), value.as_str())));
    Document {
        card,
        categories: product.categories.iter().map(|category| category.0).collect(),
        tags: product.tags.iter().map(|tag| tag.value.as_str()).collect(),
        attributes: facts.chain(options).collect(),
        skus: std::iter::once(product.sku.as_str())
            .chain(product.variants.iter().map(|variant| variant.sku.as_str()))
            .collect(),
        summary: &product.summary,
        body: product.body.html.as_str(),
        published: product.published.days_since(Day::from_unix(0)),
        popularity: u8::try_from(links * POPULARITY_OF_LINK).unwrap_or(u8::MAX),
    }
}

//! Puts translated texts into the catalog.

use crate::catalog::Catalog;
use crate::content::Shown;
use crate::content::home::Feature;
use crate::content::navigation::NavItem;
use crate::content::product::Product;
use crate::edition::{Addresses, Prefix};
use crate::lists::{List, Term, words_of};
use crate::names::Names;
use ipswich_catalog::Messages;

use super::file::{FeatureTexts, HomeTexts, Texts};
use super::settings::ShopTexts;
use super::{Translated, Translations};

/// The catalog in another language. What is not translated keeps its text.
pub(crate) fn catalog(
    own: &Catalog,
    translations: Translations<'_>,
    names: &Names<'_>,
    messages: Messages,
) -> Catalog {
    let language = &translations.language.language;
    let addresses = Addresses::new(&language.prefix, &language.key);
    let prefix = Prefix::new(&language.prefix);
    let mut catalog = own.in_edition(own.edition.other(language, messages));
    catalog.settings.shop.language = language.locale;
    settings(&mut catalog, translations.shop, names, &addresses);
    let home = translations.home.map(|(_, texts)| texts);
    home_page(&mut catalog, home, names, &addresses);
    let mut products = translations.products;
    for product in catalog.products_mut() {
        product.prefix = prefix.clone();
        let id = names.product(product.slug.as_str());
        let Some(texts) = id.and_then(|id| take(&mut products, id.0)) else { continue };
        put_product(product, texts);
    }
    let mut categories = translations.categories;
    for category in catalog.categories_mut() {
        let id = names.category(&category.path);
        let Some(texts) = id.and_then(|id| take(&mut categories, id.0)) else { continue };
        put(&mut category.title, texts.title);
        put(&mut category.summary, texts.summary);
        put_alt(&mut category.image, texts.image_alt);
        category.body = texts.body;
    }
    let mut pages = translations.pages;
    for page in &mut catalog.pages {
        let Some(texts) = names.page(&page.slug).and_then(|index| take(&mut pages, index)) else { continue };
        put(&mut page.title, texts.title);
        put(&mut page.summary, texts.summary);
        page.body = texts.body;
    }
    let mut posts = translations.posts;
    for post in &mut catalog.posts {
        post.prefix = prefix.clone();
        let Some(texts) = names.post(&post.slug).and_then(|index| take(&mut posts, index)) else { continue };
        put(&mut post.title, texts.title);
        put(&mut post.summary, texts.summary);
        put_alt(&mut post.image, texts.image_alt);
        post.body = texts.body;
    }
    lists(&mut catalog, translations.collections, names);
    catalog
}

fn put_product(product: &mut Product, texts: Texts) {
    put(&mut product.title, texts.title.clone());
    put(&mut product.summary, texts.summary.clone());
    // A title for search engines in the other language is worse than none.
    product.seo_title = texts.seo_title.or(product.seo_title.take().filter(|_| texts.title.is_none()));
    product.seo_description =
        texts.seo_description.or(product.seo_description.take().filter(|_| texts.summary.is_none()));
    let mark = product.badges.first().filter(|_| product.is_marked).cloned();
    put(&mut product.badges, texts.badges.map(|badges| mark.into_iter().chain(badges).collect()));
    put(&mut product.attributes, texts.attributes);
    for (shown, alt) in product.images.iter_mut().zip(texts.alts.unwrap_or_default()) {
        shown.alt = alt;
    }
    if let Some(options) = texts.options {
        for variant in &mut product.variants {
            for ((value, option), (_, names)) in variant.values.iter_mut().zip(&product.options).zip(&options)
            {
                let place = option.values.iter().position(|known| known == value);
                put(value, place.and_then(|place| names.get(place).cloned()));
            }
        }
        for (option, (name, values)) in product.options.iter_mut().zip(options) {
            (option.name, option.values) = (name, values);
        }
    }
    product.body = texts.body;
}

fn take(list: &mut [Option<Translated<'_>>], index: usize) -> Option<Texts> {
    list.get_mut(index)?.take().map(|translated| translated.texts)
}

fn put<T>(place: &mut T, text: Option<T>) {
    if let Some(text) = text {
        *place = text;
    }
}

fn put_alt(image: &mut Option<Shown>, alt: Option<String>) {
    if let (Some(shown), Some(alt)) = (image, alt) {
        shown.alt = alt;
    }
}

fn settings(catalog: &mut Catalog, texts: ShopTexts, names: &Names<'_>, addresses: &Addresses) {
    catalog.settings.tag_names = texts.tags;
    let translate = |item: &mut NavItem| {
        let title = texts.navigation.get(&item.title).cloned();
        put(&mut item.title, title);
        item.link.target = addresses.of(names, &item.link.target);
    };
    for item in &mut catalog.settings.navigation {
        translate(item);
        item.children.iter_mut().for_each(translate);
    }
    if let Some(returns) = &mut catalog.settings.returns {
        returns.page.target = addresses.of(names, &returns.page.target);
    }
    let shop = &mut catalog.settings.shop;
    put(&mut shop.tagline, texts.tagline);
    put(&mut shop.hours, texts.hours);
    put(&mut shop.legal, texts.legal);
    if shop.announcement.is_some() && texts.announcement.is_some() {
        shop.announcement = texts.announcement;
    }
    for method in &mut shop.shipping {
        if let Some((title, note)) = texts.delivery.get(&method.id) {
            (method.title, method.note) = (title.clone(), note.clone());
        }
    }
    for class in &mut shop.tax_classes {
        put(&mut class.title, texts.tax.get(&class.id).cloned());
    }
    for country in &mut shop.countries {
        put(&mut country.name, texts.countries.get(&country.code).cloned());
    }
    for (label, _) in &mut shop.offline.bank {
        let text = texts.bank.get(label).cloned();
        put(label, text);
    }
}

fn home_page(catalog: &mut Catalog, texts: Option<HomeTexts>, names: &Names<'_>, addresses: &Addresses) {
    let home = &mut catalog.home;
    for feature in [&mut home.hero, &mut home.story] {
        feature.link.target = addresses.of(names, &feature.link.target);
    }
    let Some(texts) = texts else { return };
    put(&mut home.title, texts.title);
    put(&mut home.description, texts.description);
    put(&mut home.featured_title, texts.featured_title);
    feature(&mut home.hero, texts.hero);
    feature(&mut home.story, texts.story);
}

fn feature(feature: &mut Feature, texts: Option<FeatureTexts>) {
    let Some(texts) = texts else { return };
    put(&mut feature.title, texts.title);
    put(&mut feature.text, texts.text);
    put(&mut feature.link_title, texts.link_title);
    put_alt(&mut feature.image, texts.image_alt);
}

/// Collections have files of their own; brands and tags are named by the language.
fn lists(catalog: &mut Catalog, mut collections: Vec<Option<Translated<'_>>>, names: &Names<'_>) {
    let edition = catalog.edition.clone();
    let (shop, tags) = (catalog.settings.shop.name.clone(), catalog.settings.tag_names.clone());
    for list in &mut catalog.lists {
        let own_url = std::mem::take(&mut list.url);
        match &list.word {
            Some((term, word)) => {
                let name = if *term == Term::Tag { tags.get(word).unwrap_or(word) } else { word };
                (list.title, list.summary) = words_of(&edition, &shop, *term, name);
            }
            None => {
                let slug = own_url.trim_start_matches("/collection/").trim_end_matches('/');
                let texts = names.collection(slug).and_then(|index| take(&mut collections, index));
                collection(list, texts);
            }
        }
        list.url = edition.page(&own_url);
    }
}

fn collection(list: &mut List, texts: Option<Texts>) {
    let Some(texts) = texts else { return };
    put(&mut list.title, texts.title);
    put(&mut list.summary, texts.summary);
    put_alt(&mut list.image, texts.image_alt);
    list.pictures = texts.body.pictures;
    list.body = Some(texts.body.html);
}

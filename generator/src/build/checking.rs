//! The second step: every file is parsed, and files are checked against each other.

use std::collections::HashSet;
use std::sync::Arc;

use blake3::Hasher;
use ipswich_catalog::published::Language;
use rayon::prelude::*;

use crate::build::workspace::Products;
use crate::build::{BuildOptions, inputs};
use crate::catalog::{self, Catalog, Drafts};
use crate::content::languages;
use crate::content::post::Post;
use crate::content::product::Product;
use crate::content::settings::Settings;
use crate::content::{self, Context, Parsed};
use crate::edition::{Addresses, Edition};
use crate::memory::Key;
use crate::names::Names;
use crate::problem::Problem;
use crate::source::{ContentFiles, TextFile, ThemeFiles};
use crate::translation::{self, Translations};
use crate::{links, lists, messages, pictures, promotions, redirects, since};

/// Parses all files and checks them against each other. Without settings nothing else can be read rightly.
pub(super) fn parse(
    files: &ContentFiles,
    theme: &ThemeFiles,
    settings: Option<Settings>,
    options: &BuildOptions,
    kept: &mut Products,
    base: Option<Hasher>,
    problems: &mut Vec<Problem>,
) -> anyhow::Result<Option<Editions>> {
    let mut names = Names::new(files, problems);
    let avif = settings.as_ref().is_some_and(|settings| settings.avif);
    let pictures = pictures::inspect(&options.root, &files.images, avif, problems)?;
    let world = base.and_then(|base| inputs::world(base, options, files, &pictures));
    let Some(settings) = settings else { return Ok(None) };
    names.speak(&settings.languages);
    let own = languages::own(settings.shop.language);
    let several = !settings.languages.is_empty();
    let addresses = if several { Addresses::new("", &own.key) } else { Addresses::default() };
    let context = Context {
        addresses: &addresses,
        settings: &settings.shop,
        settings_are_whole: settings.is_whole,
        today: options.today,
        names: &names,
        pictures: &pictures,
        keep_texts: settings.generated.twins,
    };
    let mut drafts = parse_files(files, &context, options.drafts, kept, world, problems);
    catalog::check_skus(files, &drafts, problems);
    drafts.words = lists::check(files, &drafts, problems).into_iter().collect();
    promotions::resolve(files, &mut drafts, options.today, problems);
    let moved = redirects::collect(files, &names, &drafts, &settings, problems);
    problems.extend(redirects::check_worker(&options.root, moved.redirects.len())?);
    links::check(files, &names, &drafts, &moved.targets, problems);
    if !drafts.are_whole(files) {
        problems.extend(since::check_drafts(options, files, &names, &drafts, &moved.redirects, &settings)?);
    }
    let translations = translation::parse(files, &drafts, &settings, &context, problems);
    for translations in &translations {
        links::check_translations(files, &names, &drafts, translations, problems);
    }
    let others = settings.languages.iter().map(|other| other.language.clone());
    let languages: Vec<Language> =
        if several { std::iter::once(own).chain(others).collect() } else { Vec::new() };
    let say = |locale| messages::messages(theme, locale);
    let edition = Edition::own(say(settings.shop.language), languages.into());
    let own_settings = settings.clone();
    let mut own =
        Catalog::assemble(own_settings, edition, drafts, moved.redirects, &names, options.today, pictures);
    if let Some(own) = &mut own {
        own.world = world;
    }
    // Where something is missing, no page is made in any language.
    Ok(own.filter(|_| problems.is_empty()).map(|own| {
        let other = |translations: Translations<'_>| {
            let messages = say(translations.language.language.locale);
            translation::apply::catalog(&own, translations, &names, messages)
        };
        let others = translations.into_iter().map(other).collect();
        Editions { own, others }
    }))
}

/// Parses all files, each for itself. `reveal` shows what is hidden from visitors, with a mark.
fn parse_files(
    files: &ContentFiles,
    context: &Context<'_>,
    reveal: bool,
    kept: &mut Products,
    world: Option<Key>,
    problems: &mut Vec<Problem>,
) -> Drafts {
    let mut drafts = Drafts {
        products: parse_products(&files.products, context, kept, world, problems),
        categories: parse_all(&files.categories, problems, |file| content::category::parse(file, context)),
        pages: parse_all(&files.pages, problems, |file| content::page::parse(file, context)),
        collections: parse_all(&files.collections, problems, |file| {
            content::collection::parse(file, context)
        }),
        posts: parse_all(&files.posts, problems, |file| content::post::parse(file, context)),
        promotions: parse_all(&files.promotions, problems, |file| content::promotion::parse(file, context)),
        words: HashSet::new(),
        home: None,
    };
    match &files.home {
        Some(file) => {
            let parsed = content::home::parse(file, context);
            problems.extend(parsed.problems);
            drafts.home = parsed.value;
        }
        None => {
            let help = "add it, with title, description, [hero], [featured] and [story]";
            problems.push(Problem::of_file("content/home.md", "the file is missing", help));
        }
    }
    if reveal {
        let hidden = |product: &&mut Arc<Product>| product.hidden.is_some();
        let drafted = drafts.products.iter_mut().flatten().filter(hidden);
        drafted.for_each(|product| Arc::make_mut(product).reveal());
        drafts.posts.iter_mut().flatten().for_each(Post::reveal);
    }
    drafts
}

/// The catalog in all languages of the shop.
pub(super) struct Editions {
    /// In the shop's own language.
    pub(super) own: Catalog,
    /// In the others, in the order of the settings.
    pub(super) others: Vec<Catalog>,
}

impl Editions {
    /// All of them, the shop's own first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Catalog> {
        std::iter::once(&self.own).chain(&self.others)
    }
}

/// Parses the products, but those that were parsed before from the same text in the same world.
fn parse_products(
    files: &[TextFile],
    context: &Context<'_>,
    kept: &mut Products,
    world: Option<Key>,
    problems: &mut Vec<Problem>,
) -> Vec<Option<Arc<Product>>> {
    if world.is_none() || kept.world != world {
        kept.parsed.clear();
        kept.world = world;
    }
    let known = |index: usize, file: &TextFile| {
        let (text, product) = kept.parsed.get(index)?.as_ref()?;
        Arc::ptr_eq(text, &file.text).then(|| product.clone())
    };
    let parsed: Vec<(Option<Arc<Product>>, Vec<Problem>)> = files
        .par_iter()
        .enumerate()
        .map(|(index, file)| match known(index, file) {
            Some(product) => (Some(product), Vec::new()),
            None => {
                let Parsed { value, problems } = content::product::parse(file, context);
                (value.map(Arc::new), problems)
            }
        })
        .collect();
    let mut products = Vec::with_capacity(parsed.len());
    for (product, found) in parsed {
        problems.extend(found);
        products.push(product);
    }
    if kept.keeps {
        let pair = |(file, product): (&TextFile, &Option<Arc<Product>>)| {
            product.clone().map(|product| (file.text.clone(), product))
        };
        kept.parsed = files.iter().zip(&products).map(pair).collect();
    }
    products
}

fn parse_all<T: Send>(
    files: &[TextFile],
    problems: &mut Vec<Problem>,
    parse: impl Fn(&TextFile) -> Parsed<T> + Send + Sync,
) -> Vec<Option<T>> {
    let parsed: Vec<Parsed<T>> = files.par_iter().map(parse).collect();
    let mut values = Vec::with_capacity(parsed.len());
    for one in parsed {
        problems.extend(one.problems);
        values.push(one.value);
    }
    values
}

//! The second step: every file is parsed, and files are checked against each other.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::build::BuildOptions;
use crate::catalog::{self, Catalog, Drafts};
use crate::content::post::Post;
use crate::content::product::Product;
use crate::content::settings::Settings;
use crate::content::{self, Context, Parsed};
use crate::names::Names;
use crate::problem::Problem;
use crate::source::{ContentFiles, TextFile};
use crate::{links, lists, pictures, redirects, since};

/// Parses all files and checks them against each other. Without settings nothing else can be read rightly.
pub(super) fn parse(
    files: &ContentFiles,
    settings: Option<Settings>,
    options: &BuildOptions,
    problems: &mut Vec<Problem>,
) -> anyhow::Result<Option<Catalog>> {
    let names = Names::new(files, problems);
    let pictures = pictures::inspect(&options.root, &files.images, problems)?;
    let Some(settings) = settings else { return Ok(None) };
    let context = Context {
        settings: &settings.shop,
        settings_are_whole: settings.is_whole,
        today: options.today,
        names: &names,
        pictures: &pictures,
        keep_texts: settings.generated.twins,
    };
    let mut drafts = Drafts {
        products: parse_all(&files.products, problems, |file| content::product::parse(file, &context)),
        categories: parse_all(&files.categories, problems, |file| content::category::parse(file, &context)),
        pages: parse_all(&files.pages, problems, |file| content::page::parse(file, &context)),
        collections: parse_all(&files.collections, problems, |file| {
            content::collection::parse(file, &context)
        }),
        posts: parse_all(&files.posts, problems, |file| content::post::parse(file, &context)),
        words: HashSet::new(),
        home: None,
    };
    match &files.home {
        Some(file) => {
            let parsed = content::home::parse(file, &context);
            problems.extend(parsed.problems);
            drafts.home = parsed.value;
        }
        None => {
            let help = "add it, with title, description, [hero], [featured] and [story]";
            problems.push(Problem::of_file("content/home.md", "the file is missing", help));
        }
    }
    if options.drafts {
        drafts.products.iter_mut().flatten().for_each(Product::reveal);
        drafts.posts.iter_mut().flatten().for_each(Post::reveal);
    }
    catalog::check_skus(files, &drafts, problems);
    drafts.words = lists::check(files, &drafts, problems).into_iter().collect();
    let moved = redirects::collect(files, &names, &drafts, &settings, problems);
    problems.extend(redirects::check_worker(&options.root, moved.redirects.len())?);
    links::check(files, &names, &drafts, &moved.targets, problems);
    if !drafts.are_whole(files) {
        problems.extend(since::check_drafts(options, files, &names, &drafts, &moved.redirects, &settings)?);
    }
    Ok(Catalog::assemble(settings, drafts, moved.redirects, &names, options.today, pictures))
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

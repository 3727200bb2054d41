//! Renders the planned pages on all cores, those only that are not yet what they will be.

use std::cell::Cell;
use std::collections::BTreeMap;

use blake3::Hasher;
use ipswich_catalog::published::ShopRecord;
use ipswich_theme::pages::Page;
use ipswich_theme::{Theme, ThemeError};
use rayon::prelude::*;

use crate::build::BuildFailure;
use crate::memory::{Key, NO_KEY, key_of};
use crate::names::ProductId;
use crate::output::{Keys, Output, OutputFile};
use crate::pages::{PageKind, PagePlan};
use crate::problem::Problem;
use crate::source::ThemeFiles;
use crate::views::{self, Views};

/// Why a page is not in the output.
enum Failure {
    Template(ThemeError),
    Output(anyhow::Error),
}

/// Renders all pages that are not yet what they will be, and hands each to the output at once. One mistake of a
/// template is reported once, with the first page that shows it.
pub(crate) fn render(
    plans: &[PagePlan],
    views: &Views<'_>,
    theme: &Theme,
    files: &ThemeFiles,
    output: &Output<'_>,
    inputs: Option<&Hasher>,
) -> Result<(), BuildFailure> {
    let renderer = Renderer { views, theme, output, inputs };
    let failed: Vec<(&PagePlan, Failure)> = plans
        .par_iter()
        .filter_map(|plan| {
            let failure = renderer.page(plan).err()?;
            output.stop();
            Some((plan, failure))
        })
        .collect();
    let mut problems: Vec<Problem> = Vec::new();
    for (plan, failure) in failed {
        let error = match failure {
            Failure::Template(error) => error,
            Failure::Output(error) => return Err(BuildFailure::Io(error)),
        };
        let problem = template_problem(files, &error, &format!("seen when rendering {}", plan.url));
        let same = |known: &Problem| {
            (&known.file, known.line, &known.message) == (&problem.file, problem.line, &problem.message)
        };
        if !problems.iter().any(same) {
            problems.push(problem);
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(BuildFailure::Content(problems)) }
}

/// Stands for what all pages are made from: the templates, the shop record, and what `inputs` stands for. None if
/// that is not known, so that every page has to be made again.
pub(crate) fn inputs_of_all(
    inputs: &str,
    templates: &BTreeMap<String, String>,
    record: &ShopRecord,
) -> Option<Hasher> {
    let mut hasher = Hasher::new();
    hasher.update(&(inputs.len() as u64).to_le_bytes()).update(inputs.as_bytes());
    for (name, text) in templates {
        for text in [name, text] {
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
    }
    // How many goods there are, and where the shop finds them, is on no page.
    let shown = ShopRecord { shards: 0, skus: 0, ..record.clone() };
    serde_json::to_writer(&mut hasher, &shown).ok()?;
    Some(hasher)
}

/// The pages of these products, without a look at what there is.
pub(crate) fn products(
    ids: &[ProductId],
    views: &Views<'_>,
    theme: &Theme,
) -> Result<Vec<OutputFile>, ThemeError> {
    let page = |id: &ProductId| {
        let view = views::product_page(views, *id);
        view.cards().into_iter().try_for_each(|card| card.prepare(theme))?;
        let plan = PagePlan::of_product(views.catalog, *id);
        let html = theme.render(plan.kind.template(), &view)?;
        Ok(OutputFile { path: plan.file(), bytes: html.into_bytes() })
    };
    ids.iter().map(page).collect()
}

struct Renderer<'r> {
    views: &'r Views<'r>,
    theme: &'r Theme,
    output: &'r Output<'r>,
    inputs: Option<&'r Hasher>,
}

impl Renderer<'_> {
    fn page(&self, plan: &PagePlan) -> Result<(), Failure> {
        let quick = match plan.kind {
            PageKind::Product(id) => views::product_quick_key(self.views.catalog, id),
            PageKind::Category(id, order, number) => views::category_quick_key(self.views, id, order, number),
            PageKind::List(index, order, number) => views::list_quick_key(self.views, index, order, number),
            _ => NO_KEY,
        };
        if self.output.keep_quick(&plan.file(), quick) {
            return Ok(());
        }
        match plan.kind {
            PageKind::Home => self.view(plan, quick, &views::home_page(self.views)),
            PageKind::Category(id, order, number) => {
                self.view(plan, quick, &views::category_page(self.views, id, order, number))
            }
            PageKind::Product(id) => self.view(plan, quick, &views::product_page(self.views, id)),
            PageKind::List(index, order, number) => {
                self.view(plan, quick, &views::list_page(self.views, index, order, number))
            }
            PageKind::Blog(number) => self.view(plan, quick, &views::blog_page(self.views, number)),
            PageKind::Post(index) => self.view(plan, quick, &views::post_page(self.views, index)),
            PageKind::Content(index) => self.view(plan, quick, &views::content_page(self.views, index)),
            PageKind::NotFound => self.view(plan, quick, &views::not_found_page(self.views)),
        }
    }

    fn view<V: Page>(&self, plan: &PagePlan, quick: Key, view: &V) -> Result<(), Failure> {
        let (path, template) = (plan.file(), plan.kind.template());
        let keys = Keys { view: self.key(template, view), quick };
        if self.output.keep(&path, keys) {
            return Ok(());
        }
        for card in view.cards() {
            card.prepare(self.theme).map_err(Failure::Template)?;
        }
        with_buffer(|html| {
            self.theme.render_to(template, view, html).map_err(Failure::Template)?;
            self.output.put_bytes(path, html, keys).map_err(Failure::Output)
        })
    }

    fn key<V: Page>(&self, template: &str, view: &V) -> Key {
        let Some(inputs) = self.inputs else { return NO_KEY };
        with_buffer(|buffer| {
            let Ok(bytes) = postcard::to_extend(view, std::mem::take(buffer)) else { return NO_KEY };
            *buffer = bytes;
            let mut hasher = inputs.clone();
            hasher.update(template.as_bytes()).update(&[0]).update(buffer);
            key_of(&hasher)
        })
    }
}

/// Lends an empty buffer that keeps its memory from page to page. What is in use already is not lent twice.
fn with_buffer<T>(use_it: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    thread_local!(static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) });
    let mut buffer = BUFFER.take();
    buffer.clear();
    let result = use_it(&mut buffer);
    BUFFER.set(buffer);
    result
}

/// A mistake of a template as a problem in its file.
pub(crate) fn template_problem(files: &ThemeFiles, error: &ThemeError, help: &str) -> Problem {
    let name = error.template().unwrap_or("");
    let line = error.line().unwrap_or(1).max(1);
    let message = error.message();
    let Some(file) = files.templates.iter().find(|file| file.name == name) else {
        return Problem::of_file(format!("{}/templates/{name}", files.folder), message, help);
    };
    let text = file.text.lines().nth(line - 1).unwrap_or("");
    let indent = text.len() - text.trim_start().len();
    Problem {
        file: file.path.clone(),
        line,
        column: 1,
        message,
        help: help.to_owned(),
        excerpt: text.trim_end().to_owned(),
        width: text.trim_end().len().max(indent + 1),
    }
}

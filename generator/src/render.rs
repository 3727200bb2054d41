//! Renders the planned pages, on all cores. Pure: a plan and a theme in, files and problems out.

use ipswich_theme::pages::Page;
use ipswich_theme::{Theme, ThemeError};
use rayon::prelude::*;

use crate::output::OutputFile;
use crate::pages::{PageKind, PagePlan};
use crate::problem::Problem;
use crate::source::ThemeFiles;
use crate::views::{self, Views};

/// Renders all pages; one mistake of a template is reported once, with the first page that shows it.
pub(crate) fn render(
    plans: &[PagePlan],
    views: &Views<'_>,
    theme: &Theme,
    files: &ThemeFiles,
) -> Result<Vec<OutputFile>, Vec<Problem>> {
    let rendered: Vec<Result<OutputFile, (String, ThemeError)>> = plans
        .par_iter()
        .map(|plan| match render_one(plan, views, theme) {
            Ok(html) => Ok(OutputFile { path: plan.file(), bytes: html.into_bytes() }),
            Err(error) => Err((plan.url.clone(), error)),
        })
        .collect();
    let mut pages = Vec::with_capacity(rendered.len());
    let mut problems: Vec<Problem> = Vec::new();
    for page in rendered {
        match page {
            Ok(page) => pages.push(page),
            Err((url, error)) => {
                let problem = template_problem(files, &error, &format!("seen when rendering {url}"));
                let same = |known: &Problem| {
                    (&known.file, known.line, &known.message)
                        == (&problem.file, problem.line, &problem.message)
                };
                if !problems.iter().any(same) {
                    problems.push(problem);
                }
            }
        }
    }
    if problems.is_empty() { Ok(pages) } else { Err(problems) }
}

fn render_one(plan: &PagePlan, views: &Views<'_>, theme: &Theme) -> Result<String, ThemeError> {
    let template = plan.kind.template();
    match plan.kind {
        PageKind::Home => render_view(theme, template, &views::home_page(views)),
        PageKind::Category(id, number) => {
            render_view(theme, template, &views::category_page(views, id, number))
        }
        PageKind::Product(id) => render_view(theme, template, &views::product_page(views, id)),
        PageKind::List(index, number) => {
            render_view(theme, template, &views::list_page(views, index, number))
        }
        PageKind::Blog(number) => render_view(theme, template, &views::blog_page(views, number)),
        PageKind::Post(index) => render_view(theme, template, &views::post_page(views, index)),
        PageKind::Content(index) => render_view(theme, template, &views::content_page(views, index)),
        PageKind::NotFound => render_view(theme, template, &views::not_found_page(views)),
    }
}

fn render_view<V: Page>(theme: &Theme, template: &str, view: &V) -> Result<String, ThemeError> {
    for card in view.cards() {
        card.prepare(theme)?;
    }
    theme.render(template, view)
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

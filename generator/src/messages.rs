//! What the templates of a theme and the programs say, in every language of the shop.
//!
//! 1. [`mod@file`] reads `themes/<theme>/messages/<language>.toml`.
//! 2. [`template`] finds the calls `t("key")` in templates and replaces them by the texts when a theme is loaded, so
//!    that neither the pages nor the Worker look a text up.
//! 3. [`mod@check`] compares both: unknown and unused keys, placeholders, texts that a language lacks.

mod check;
mod file;
mod template;
pub(crate) mod texts;

use std::collections::BTreeMap;
use std::path::Path;

use ipswich_catalog::{Locale, Messages, Plural};

pub(crate) use check::check;
use file::{Forms, MessageFile};

use crate::problem::Problem;
use crate::source::{self, ThemeFiles, ThemeSearch};

/// The templates of a theme in one language, by name, with all messages in place.
///
/// What [`check()`] reports is left as it is here: a call that cannot be resolved stays in the template.
pub(crate) fn templates(files: &ThemeFiles, locale: Locale) -> BTreeMap<String, String> {
    let messages = MessageFile::of(files, locale);
    let resolved = |text: &str, is_html| match &messages {
        Some(messages) => template::resolve(text, is_html, locale, messages),
        None => text.to_owned(),
    };
    let template =
        |file: &source::TextFile| (file.name.clone(), resolved(&file.text, !file.name.ends_with(".txt")));
    files.templates.iter().map(template).collect()
}

/// What programs say in one language: the messages of the theme that [`texts`] or the shop name.
pub(crate) fn messages(files: &ThemeFiles, locale: Locale) -> Messages {
    let mut texts = BTreeMap::new();
    let known = MessageFile::of(files, locale).unwrap_or_default();
    for text in texts::all() {
        match known.get(text.key).map(|message| &message.forms) {
            Some(Forms::Plain(said)) => {
                texts.insert(text.key.to_owned(), said.clone());
            }
            Some(Forms::Counting(forms)) => {
                let form =
                    |(form, said): (&Plural, &String)| (Messages::form_key(text.key, *form), said.clone());
                texts.extend(forms.iter().map(form));
            }
            None => {}
        }
    }
    Messages { locale, texts }
}

/// The templates of a theme of the project at `root` in one language, and what programs say in it: as they are
/// published, for tests of what shows them.
///
/// # Errors
///
/// The mistakes of the theme, or why it cannot be read.
pub fn published_theme(
    root: &Path,
    theme: &str,
    locale: Locale,
) -> anyhow::Result<(BTreeMap<String, String>, Messages)> {
    let mut problems: Vec<Problem> = Vec::new();
    let ThemeSearch::Found(files, _) = source::read_theme(root, theme, &mut problems)? else {
        anyhow::bail!("there is no theme {theme:?} in {}", root.display());
    };
    problems.extend(check(&files, &[locale]));
    match problems.first() {
        Some(problem) => anyhow::bail!("{problem} ({})", problem.help),
        None => Ok((templates(&files, locale), messages(&files, locale))),
    }
}

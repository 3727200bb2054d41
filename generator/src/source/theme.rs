//! Reads a theme: its templates, its messages, and the files that browsers load.

use std::path::Path;

use anyhow::{Context, Result};

use super::{BinaryFile, Found, TextFile, read_binaries, read_texts, walk};
use crate::problem::Problem;

/// The templates and messages of a theme, in the order of names.
#[derive(Debug, Default)]
pub(crate) struct ThemeFiles {
    /// Its folder relative to the project.
    pub(crate) folder: String,
    pub(crate) templates: Vec<TextFile>,
    /// What templates and programs say, a file for each language: `de.toml`.
    pub(crate) messages: Vec<TextFile>,
}

/// A theme that was read, or the names of the themes there are.
pub(crate) enum ThemeSearch {
    /// Its templates and the files that browsers load.
    Found(ThemeFiles, Vec<BinaryFile>),
    /// No theme has that name.
    NotFound(Vec<String>),
}

/// Reads a theme.
pub(crate) fn read_theme(root: &Path, name: &str, problems: &mut Vec<Problem>) -> Result<ThemeSearch> {
    let folder = format!("themes/{name}");
    if !root.join(&folder).is_dir() {
        return Ok(ThemeSearch::NotFound(theme_names(root)?));
    }
    let (mut templates, mut messages, mut assets) = (vec![], vec![], vec![]);
    for found in walk(&root.join(&folder), &folder, problems)? {
        if let Some(rest) = found.name.strip_prefix("messages/") {
            let rest = rest.to_owned();
            if rest.ends_with(".toml") {
                messages.push(Found { name: rest, ..found });
            } else {
                let help = "name it by its language, such as \"de.toml\"";
                problems.push(Problem::of_file(found.path, "files of messages end with \".toml\"", help));
            }
        } else if let Some(rest) = found.name.strip_prefix("templates/") {
            let rest = rest.to_owned();
            if rest.ends_with(".html") || rest.ends_with(".txt") {
                templates.push(Found { name: rest, ..found });
            } else {
                let help = "rename it, or move it to static/";
                problems.push(Problem::of_file(found.path, "templates end with \".html\" or \".txt\"", help));
            }
        } else if let Some(rest) = found.name.strip_prefix("static/") {
            let rest = rest.to_owned();
            assets.push(Found { name: rest, ..found });
        }
    }
    let (templates, messages) = (read_texts(templates, problems), read_texts(messages, problems));
    let theme = ThemeFiles { templates, messages, folder };
    Ok(ThemeSearch::Found(theme, read_binaries(assets, problems)))
}

fn theme_names(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("themes");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in
        std::fs::read_dir(&folder).with_context(|| format!("cannot read the folder {}", folder.display()))?
    {
        let entry = entry.with_context(|| format!("cannot read the folder {}", folder.display()))?;
        if entry.path().is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

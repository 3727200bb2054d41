//! The first step: settings and theme, as they lie on disk.

use crate::build::BuildOptions;
use crate::content::settings::Settings;
use crate::content::{self, Parsed};
use crate::problem::{Problem, did_you_mean};
use crate::source::{self, BinaryFile, ContentFiles, Texts, ThemeFiles, ThemeSearch};

/// The content, with defaults for what a folder beside the project lacks.
pub(super) fn read_content(
    options: &BuildOptions,
    texts: &mut Texts,
    problems: &mut Vec<Problem>,
) -> anyhow::Result<ContentFiles> {
    let mut files = source::read_content(&options.content_folder(), texts, problems)?;
    if options.content.is_some() {
        files.fill_up();
    }
    Ok(files)
}

/// The settings, with the address of this build.
pub(super) fn read_settings(
    files: &ContentFiles,
    options: &BuildOptions,
    problems: &mut Vec<Problem>,
) -> Option<Settings> {
    let Some(file) = &files.settings else {
        let help =
            "add it; the settings of the shop are its name, address, currency, taxes and delivery methods";
        problems.push(Problem::of_file("content/shop.toml", "the file is missing", help));
        return None;
    };
    let Parsed { mut value, problems: found } = content::settings::parse(file);
    problems.extend(found);
    if let (Some(settings), Some(url)) = (&mut value, &options.base_url) {
        settings.shop.base_url.clone_from(url);
    }
    if let (Some(settings), Some(file)) = (&mut value, &files.synonyms) {
        let parsed = content::synonyms::parse(file);
        problems.extend(parsed.problems);
        settings.synonyms = parsed.value.unwrap_or_default();
    }
    value
}

/// The theme that the settings name: its templates, and the files that browsers load.
pub(super) fn read_theme(
    files: &ContentFiles,
    settings: Option<&Settings>,
    options: &BuildOptions,
    problems: &mut Vec<Problem>,
) -> anyhow::Result<(ThemeFiles, Vec<BinaryFile>)> {
    let (Some(file), Some(settings)) = (&files.settings, settings) else {
        return Ok(Default::default());
    };
    if settings.theme.is_empty() {
        return Ok(Default::default());
    }
    match source::read_theme(&options.root, &settings.theme, problems)? {
        ThemeSearch::Found(theme, files) => Ok((theme, files)),
        ThemeSearch::NotFound(known) => {
            let help = did_you_mean(&settings.theme, known.iter().map(String::as_str), || {
                format!("themes/ has {}", if known.is_empty() { "none".to_owned() } else { known.join(", ") })
            });
            let message = format!("there is no theme {:?}", settings.theme);
            problems.push(file.problem(settings.theme_span.clone(), message, help));
            Ok(Default::default())
        }
    }
}

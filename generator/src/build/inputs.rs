//! What a build depends on, as one value that changes with it.
//!
//! Whoever makes a build read another thing adds it here: to [`of`] always, and to [`of_pages`] if pages can show it
//! in another way than through their view.

use std::fmt::Write;

use crate::build::BuildOptions;
use crate::memory;
use crate::redirects::WORKER_SETTINGS;
use crate::since::Since;
use crate::source::ContentFiles;

/// Stands for everything that a build depends on, by names, sizes and times of files. None if that is not certain.
///
/// Prices and pages of the last release are compared with those of the output, which is looked at by itself, or with
/// a file that is named here.
pub(super) fn of(options: &BuildOptions) -> Option<String> {
    let BuildOptions { root, content: _, out: _, base_url, today, drafts, since, allow_vanished } = options;
    let mut words = format!("{today} {drafts} {allow_vanished} {}", base_url.as_deref().unwrap_or(""));
    let compared = match since {
        Since::Nothing => None,
        Since::Output => Some("output".to_owned()),
        Since::File(path) => Some(memory::state_of(path)?),
    };
    let worker = root.join(WORKER_SETTINGS);
    let worker = if worker.is_file() { Some(memory::state_of(&worker)?) } else { None };
    let _ = write!(words, " {compared:?} {worker:?}");
    memory::inputs(&[options.content_folder(), root.join("themes")], &words)
}

/// Stands for what all pages depend on beside the theme and the shop record: the generator, the day and all settings.
pub(super) fn of_pages(options: &BuildOptions, files: &ContentFiles) -> Option<String> {
    let settings = files.settings.as_ref().map_or("", |file| &file.text);
    Some(format!("{} {} {} {settings}", memory::generator()?, options.today, options.drafts))
}

//! What a build depends on, as one value that changes with it.
//!
//! Whoever makes a build read another thing adds it here: to [`of`] always; to [`of_pages`] if pages can show it in
//! another way than through their view; and to [`world`] unless it is the text of a product.

use std::collections::BTreeMap;
use std::fmt::Write;

use blake3::Hasher;

use crate::build::BuildOptions;
use crate::memory::{self, Key, key_of};
use crate::pictures::Picture;
use crate::redirects::WORKER_SETTINGS;
use crate::since::Since;
use crate::source::{ContentFiles, TextFile, ThemeFiles};

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

/// Stands for the generator and the theme, as the beginning of [`world`].
pub(super) fn base(theme: &ThemeFiles, assets: &BTreeMap<String, String>) -> Option<Hasher> {
    let mut hasher = Hasher::new();
    add(&mut hasher, &memory::generator()?);
    for text in theme.templates.iter().chain(&theme.messages) {
        add_text(&mut hasher, text);
    }
    for (name, address) in assets {
        add(&mut hasher, name);
        add(&mut hasher, address);
    }
    Some(hasher)
}

/// Stands for everything that a product, its page and its records are made from beside the texts of products: with
/// the same world and the same text a product is parsed the same.
pub(super) fn world(
    base: Hasher,
    options: &BuildOptions,
    files: &ContentFiles,
    pictures: &[Picture],
) -> Option<Key> {
    let mut hasher = base;
    let BuildOptions { root: _, content: _, out: _, base_url, today, drafts, since: _, allow_vanished: _ } =
        options;
    add(&mut hasher, &format!("{base_url:?} {today} {drafts}"));
    // Named one by one, so that another kind of content cannot be forgotten.
    let ContentFiles {
        settings,
        home,
        products,
        categories,
        pages,
        collections,
        promotions,
        posts,
        images,
        synonyms,
        translations,
    } = files;
    for file in settings.iter().chain(home).chain(synonyms) {
        add_text(&mut hasher, file);
    }
    for kind in [categories, pages, collections, promotions, posts] {
        hasher.update(&kind.len().to_le_bytes());
        kind.iter().for_each(|file| add_text(&mut hasher, file));
    }
    hasher.update(&translations.len().to_le_bytes());
    translations.iter().for_each(|translation| {
        add(&mut hasher, &translation.file.path);
        add(&mut hasher, &translation.file.text);
    });
    hasher.update(&products.len().to_le_bytes());
    products.iter().for_each(|file| add(&mut hasher, &file.name));
    for (file, picture) in images.iter().zip(pictures) {
        add(&mut hasher, &file.name);
        add(&mut hasher, &picture.identity());
    }
    Some(key_of(&hasher))
}

fn add_text(hasher: &mut Hasher, file: &TextFile) {
    add(hasher, &file.name);
    add(hasher, &file.text);
}

fn add(hasher: &mut Hasher, text: &str) {
    hasher.update(&text.len().to_le_bytes()).update(text.as_bytes());
}

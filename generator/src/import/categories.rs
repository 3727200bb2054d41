//! Category files for the categories that imported goods are in.

use std::collections::BTreeSet;
use std::path::Path;

use crate::import::goods::Goods;
use crate::import::names;
use crate::import::toml_text::quoted;

/// Where goods without a category go.
const NONE: &str = "Imported";

/// The path of a category by its titles: `["Clothing", "T-Shirts"]` is `clothing/t-shirts`.
pub(crate) fn path(titles: &[String]) -> String {
    let segments: Vec<String> =
        titles.iter().map(|title| segment(title)).filter(|part| !part.is_empty()).collect();
    if segments.is_empty() { segment(NONE) } else { segments.join("/") }
}

fn segment(title: &str) -> String {
    // `page` stands in the addresses of further pages of a list.
    match names::slug(title).as_str() {
        "page" => "pages".to_owned(),
        slug => slug.to_owned(),
    }
}

/// The files of categories that are missing, by their paths below `content/`.
pub(crate) fn missing(content: &Path, goods: &[&Goods]) -> Vec<(String, String)> {
    let none = vec![NONE.to_owned()];
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    for goods in goods {
        let paths = if goods.categories.is_empty() { std::slice::from_ref(&none) } else { &goods.categories };
        for titles in paths {
            let titles: Vec<String> =
                titles.iter().filter(|title| !segment(title).is_empty()).cloned().collect();
            let titles = if titles.is_empty() { none.clone() } else { titles };
            for depth in 1..=titles.len() {
                let file = format!("categories/{}.md", path(&titles[..depth]));
                if seen.insert(file.clone()) {
                    files.push((file, text(&titles[depth - 1], seen.len() * 10)));
                }
            }
        }
    }
    files.retain(|(file, _)| !content.join(file).exists());
    files
}

fn text(title: &str, order: usize) -> String {
    format!("+++\ntitle = {0}\norder = {order}\nsummary = {0}\n+++\n", quoted(title))
}

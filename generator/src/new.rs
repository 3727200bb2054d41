//! Begins a content file for an editor to fill in.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::import::names;
use crate::import::pictures::{STAND_IN, stand_in_drawing};
use crate::import::toml_text::quoted;
use crate::import::write::replace;

/// Writes `content/products/<slug>.md` for a title and returns its path. What the file says passes the check, so
/// that an editor mends one thing after the other. Refuses to touch a file that is there.
pub fn new_product(content: &Path, title: &str, published: &str) -> Result<PathBuf> {
    let slug = names::slug(title);
    if slug.is_empty() {
        bail!("the title {title:?} has no letter and no digit to make an address of");
    }
    let path = content.join(format!("products/{slug}.md"));
    let category = first_category(content)?;
    let tax = first_tax(content)?;
    let folder = content.join("products");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create the folder {}", folder.display()))?;
    let mut file = match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} is there already", path.display())
        }
        Err(error) => return Err(error).with_context(|| format!("cannot write {}", path.display())),
    };
    let text = text(title, &names::sku(&slug), &category, &tax, published);
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    let picture = content.join("images").join(STAND_IN);
    if !picture.exists() {
        replace(&picture, stand_in_drawing().as_bytes())?;
    }
    Ok(path)
}

/// The first category there is.
fn first_category(content: &Path) -> Result<String> {
    let folder = content.join("categories");
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut paths: Vec<String> = names
        .filter(|name| !name.starts_with('.'))
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .collect();
    paths.sort();
    match paths.into_iter().next() {
        Some(path) => Ok(path),
        None => bail!("there is no category; add one, such as {}", folder.join("clothing.md").display()),
    }
}

/// The id of the first tax class of the settings.
fn first_tax(content: &Path) -> Result<String> {
    let path = content.join("shop.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let table: toml::Table = text.parse().with_context(|| format!("cannot read {}", path.display()))?;
    let first = table.get("tax").and_then(|classes| classes.get(0)).and_then(|class| class.get("id"));
    Ok(first.and_then(toml::Value::as_str).unwrap_or("standard").to_owned())
}

fn text(title: &str, sku: &str, category: &str, tax: &str, published: &str) -> String {
    format!(
        r#"+++
title = {title}
sku = "{sku}"  # 3 to 32 of A-Z, 0-9 and "-", once in the whole shop
# brand = ""
category = "{category}"  # a path below content/categories/
price = "9999.00"  # in the shop's currency, with tax
# compare_at = ""  # a former, higher price
tax = "{tax}"  # a class of content/shop.toml
weight = 0  # grams, packed
stock = 0  # pieces when the shop first sees the SKU; remove it if there are variants
summary = {title}  # one sentence for cards, 60 to 120 characters
published = {published}
# tags = []
# badges = []
# related = []  # slugs of other products

[[images]]  # the first is the one on cards
src = "{STAND_IN}"  # a file in content/images/
alt = {alt}

# [attributes]
# Material = ""

# [[options]]  # none, one or two
# name = "Size"
# values = ["S", "M"]

# [[variants]]  # every combination that is sold, each with its own SKU
# sku = "{sku}-S"
# options = {{ Size = "S" }}
# stock = 0
+++
"#,
        title = quoted(title),
        alt = quoted(&format!("{title}: the picture is to come")),
    )
}

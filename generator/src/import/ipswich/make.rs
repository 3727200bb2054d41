//! Makes a product file of its rows.

use std::fmt::Write;

use super::*;
use crate::import::pictures::STAND_IN;
use crate::import::toml_text::{exact, key};

/// The text of the file.
pub(super) fn product(
    table: &Table,
    rows: &[&Row],
    options: &ImportOptions,
    pictures: &mut Pictures,
    left: &mut Vec<Left>,
) -> Result<String, BuildFailure> {
    let Some(first) = rows.first() else { return Ok(String::new()) };
    let cell = |column: &str| plain(table.cell(first, column)).to_owned();
    let mut text = String::from("+++\n");
    let mut line = |key: &str, value: String| {
        let _ = writeln!(text, "{key} = {value}");
    };
    let has_options = !cell("option1_name").is_empty();
    line("title", exact(&cell("title")));
    let style = Some(cell("style")).filter(|style| !style.is_empty() && has_options);
    line("sku", exact(&style.unwrap_or_else(|| cell("sku"))));
    let mut paths =
        filed(table, rows).categories.iter().map(|titles| categories::path(titles)).collect::<Vec<_>>();
    let main = if paths.is_empty() { categories::path(&[]) } else { paths.remove(0) };
    let published = Some(cell("published")).filter(|day| !day.is_empty());
    let or = |text: String, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text };
    for (name, value) in [
        ("brand", exact(&cell("brand"))),
        ("category", exact(&main)),
        ("categories", list(&paths)),
        ("price", exact(&cell("price"))),
        ("compare_at", exact(&cell("compare_at"))),
        ("tax", exact(&or(cell("tax"), options.tax.as_deref().unwrap_or("standard")))),
        ("weight", or(cell("weight"), "0")),
        ("stock", if has_options { String::new() } else { or(cell("stock"), &options.stock.to_string()) }),
        ("gtin", if has_options { String::new() } else { exact(&cell("gtin")) }),
        ("summary", exact(&or(cell("summary"), &cell("title")))),
        ("published", published.unwrap_or_else(|| options.published.clone())),
        ("draft", if cell("draft") == "true" { "true".to_owned() } else { String::new() }),
        ("publish_from", cell("publish_from")),
        ("publish_until", cell("publish_until")),
        ("aliases", list(&split(&cell("aliases"), ','))),
        ("tags", list(&split(&cell("tags"), ','))),
        ("badges", list(&split(&cell("badges"), ','))),
        ("related", list(&split(&cell("related"), ','))),
        ("seo_title", exact(&cell("seo_title"))),
        ("seo_description", exact(&cell("seo_description"))),
    ] {
        if !["", "\"\"", "[]"].contains(&value.as_str()) {
            line(name, value);
        }
    }
    images(&mut text, &cell("slug"), &cell("images"), &cell("title"), pictures, left)?;
    attributes(&mut text, &cell("attributes"));
    if has_options {
        variants(&mut text, table, rows);
    }
    text.push_str("+++\n");
    let body = cell("body").replace("\r\n", "\n");
    if !body.is_empty() {
        text.push_str(&body);
        text.push('\n');
    }
    Ok(text)
}

fn images(
    text: &mut String,
    slug: &str,
    cell: &str,
    title: &str,
    pictures: &mut Pictures,
    left: &mut Vec<Left>,
) -> Result<(), BuildFailure> {
    let mut leave = |reason: &str, detail: &str| {
        let (reason, product, detail) = (reason.to_owned(), slug.to_owned(), detail.to_owned());
        left.push(Left { reason, product, detail });
    };
    let mut image = |name: &str, alt: &str| {
        let _ = write!(text, "\n[[images]]\nsrc = {}\nalt = {}\n", exact(name), exact(alt));
    };
    let mut any = false;
    for line in split(cell, '\n') {
        let parts = split(&line, '|');
        let (name, alt) =
            (parts.first().map_or("", String::as_str), parts.get(1).map_or(title, String::as_str));
        match pictures.find(name)? {
            Found::Here(name) => {
                image(&name, alt);
                any = true;
            }
            Found::Missing => leave("pictures that are not there to copy", name),
            Found::Refused(reason) => leave(&reason, name),
        }
    }
    if !any {
        leave("no picture: a drawing stands in", "");
        pictures.stand_in();
        image(STAND_IN, &format!("{title}: the picture is to come"));
    }
    Ok(())
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|item| exact(item)).collect::<Vec<_>>().join(", "))
}

fn attributes(text: &mut String, cell: &str) {
    let facts: Vec<Vec<String>> = split(cell, ';').iter().map(|fact| split(fact, ':')).collect();
    let mut seen: Vec<&str> = Vec::new();
    for fact in &facts {
        let [name, value] = fact.as_slice() else { continue };
        if seen.contains(&name.as_str()) {
            continue;
        }
        if seen.is_empty() {
            text.push_str("\n[attributes]\n");
        }
        let _ = writeln!(text, "{} = {}", key(name), exact(value));
        seen.push(name);
    }
}

fn variants(text: &mut String, table: &Table, rows: &[&Row]) {
    let cell = |row: &Row, column: &str| plain(table.cell(row, column)).to_owned();
    let Some(first) = rows.first() else { return };
    let names: Vec<(String, &str)> = [("option1_name", "option1_value"), ("option2_name", "option2_value")]
        .into_iter()
        .map(|(name, value)| (cell(first, name), value))
        .filter(|(name, _)| !name.is_empty())
        .collect();
    for (name, column) in &names {
        let mut values: Vec<String> = Vec::new();
        for value in rows.iter().map(|row| cell(row, column)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let _ = write!(text, "\n[[options]]\nname = {}\nvalues = {}\n", exact(name), list(&values));
    }
    for row in rows {
        let chosen =
            names.iter().map(|(name, column)| format!("{} = {}", key(name), exact(&cell(row, column))));
        let chosen: Vec<String> = chosen.collect();
        let stock =
            Some(cell(row, "stock")).filter(|stock| !stock.is_empty()).unwrap_or_else(|| "0".to_owned());
        let _ = writeln!(text, "\n[[variants]]\nsku = {}", exact(&cell(row, "sku")));
        let _ = writeln!(text, "options = {{ {} }}\nstock = {stock}", chosen.join(", "));
        let mut line = |key: &str, value: String| {
            let _ = writeln!(text, "{key} = {value}");
        };
        if cell(row, "price") != cell(first, "price") {
            line("price", exact(&cell(row, "price")));
        }
        if cell(row, "weight") != cell(first, "weight") && !cell(row, "weight").is_empty() {
            line("weight", cell(row, "weight"));
        }
        for key in ["gtin", "image_file"] {
            if !cell(row, key).is_empty() {
                line(if key == "gtin" { key } else { "image" }, exact(&cell(row, key)));
            }
        }
    }
}

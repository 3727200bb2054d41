//! WooCommerce's product CSV: simple and variable products, and variations that name their parent.

use std::collections::HashMap;

use crate::import::csv::{Row, Table};
use crate::import::goods::{Catalog, Goods, ImageRef, Reader, Sold, Tax, grams_of, split_list};
use crate::import::html;
use crate::problem::Problem;

/// Reads the table.
pub(crate) fn read(mut reader: Reader<'_>) -> Result<Catalog, Vec<Problem>> {
    let table: &Table = reader.table;
    table.require("WooCommerce", &["Type", "Name", "Regular price"])?;
    let mut goods: Vec<Goods> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut left_out: Vec<String> = Vec::new();
    for row in table.rows.iter().filter(|row| !is(table, row, "variation")) {
        let keys = keys(table, row);
        match left_out_because(table, row) {
            Some(reason) => {
                let name = table.cell(row, "Name");
                reader.leave(reason, name, table.cell(row, "SKU"));
                left_out.extend(keys);
            }
            None => {
                places.extend(keys.into_iter().map(|key| (key, goods.len())));
                goods.extend(product(&mut reader, row));
            }
        }
    }
    for row in table.rows.iter().filter(|row| is(table, row, "variation")) {
        let parent = table.cell(row, "Parent");
        match places.get(parent).and_then(|place| goods.get_mut(*place)) {
            Some(parent) => variation(&mut reader, parent, row),
            None if left_out.iter().any(|key| key == parent) => {
                reader.leave("variation of a product that is left out", table.cell(row, "Name"), parent);
            }
            None => {
                let message = format!("there is no product {parent:?}");
                let _: Option<()> = reader.reject(row, "Parent", message, "name its SKU, or id: and its ID");
            }
        }
    }
    for product in &mut goods {
        settle_options(&mut reader, product);
    }
    reader.finish(goods)
}

fn is(table: &Table, row: &Row, kind: &str) -> bool {
    split_list(&table.cell(row, "Type").to_ascii_lowercase()).iter().any(|part| part == kind)
}

/// What variations can call the product.
fn keys(table: &Table, row: &Row) -> Vec<String> {
    let (sku, id) = (table.cell(row, "SKU").to_owned(), format!("id:{}", table.cell(row, "ID")));
    [sku, id].into_iter().filter(|key| !key.is_empty() && key != "id:").collect()
}

fn left_out_because(table: &Table, row: &Row) -> Option<&'static str> {
    if is(table, row, "grouped") {
        return Some("a group of other products has no price of its own: left out");
    }
    if is(table, row, "external") {
        return Some("sold on another site: left out");
    }
    let hidden = table.cell(row, "Visibility in catalog") == "hidden";
    let published = matches!(table.cell(row, "Published"), "" | "1" | "true" | "yes");
    (hidden || !published).then_some("not published there: left out")
}

fn product(reader: &mut Reader<'_>, row: &Row) -> Option<Goods> {
    let title = reader.text(row, "Name").split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() {
        return reader.reject(row, "Name", "the product has no name".into(), "add it");
    }
    if is(reader.table, row, "downloadable") {
        reader.leave("files to download are not carried; it is sold as goods", &title, "");
    }
    let is_variable = is(reader.table, row, "variable");
    let (mut options, mut attributes) = (Vec::new(), Vec::new());
    for (name, value) in attribute_cells(reader, row) {
        match is_variable {
            true => options.push(name),
            false => attributes.push((name, split_list(&value).join(", "))),
        }
    }
    attributes.extend(dimensions(reader, row));
    attributes.retain(|(_, value)| !value.is_empty());
    let variants = if is_variable { Vec::new() } else { vec![sold(reader, &title, row)] };
    let related = ["Upsells", "Cross-sells"].iter().flat_map(|column| reader.list(row, column)).collect();
    Some(Goods {
        sku: reader.text(row, "SKU"),
        categories: categories(&reader.text(row, "Categories")),
        tax: tax(reader, row),
        summary: html::plain(reader.table.cell(row, "Short description")),
        body: reader.text(row, "Description"),
        tags: reader.list(row, "Tags"),
        images: images(reader, row),
        attributes,
        options,
        variants,
        related,
        title,
        ..Goods::default()
    })
}

fn variation(reader: &mut Reader<'_>, parent: &mut Goods, row: &Row) {
    if !matches!(reader.table.cell(row, "Published"), "" | "1" | "true" | "yes") {
        let sku = reader.text(row, "SKU");
        reader.leave("not published there: left out", &parent.title, sku);
        return;
    }
    let chosen = attribute_cells(reader, row);
    let value = |name: &String| {
        let found = chosen.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let values = parent.options.iter().map(value).collect();
    let image = images(reader, row).into_iter().next();
    parent
        .images
        .extend(image.iter().filter(|image| !parent.images.contains(image)).cloned().collect::<Vec<_>>());
    let image = image.map(|image| image.url).unwrap_or_default();
    let title = parent.title.clone();
    parent.variants.push(Sold { values, image, ..sold(reader, &title, row) });
}

fn sold(reader: &mut Reader<'_>, title: &str, row: &Row) -> Sold {
    let regular = reader.amount(row, "Regular price");
    let sale = reader.amount(row, "Sale price");
    let dated = ["Date sale price starts", "Date sale price ends"].map(|column| reader.text(row, column));
    let is_dated = dated.iter().any(|date| !date.is_empty());
    if is_dated && sale.is_some() {
        reader.leave("a price for some time: the regular one is taken", title, dated.join(" to "));
    }
    let (price, former) = match sale {
        Some(sale) if !is_dated => (Some(sale), regular),
        _ => (regular, None),
    };
    if !matches!(reader.table.cell(row, "Backorders allowed?"), "" | "0" | "no") {
        reader.leave(
            "sold there without stock; here only what is counted is sold",
            title,
            reader.text(row, "SKU"),
        );
    }
    let stock = reader.pieces(row, "Stock", title);
    let column = reader.table.headers().iter().find(|name| name.to_ascii_lowercase().starts_with("weight"));
    let weight = column.cloned().and_then(|column| {
        let unit = column.split(['(', ')']).nth(1).unwrap_or("kg");
        reader.grams(row, &column, grams_of(unit).unwrap_or(1000.0))
    });
    let is_there = reader.flag(row, "In stock?", true);
    Sold {
        sku: reader.text(row, "SKU"),
        values: Vec::new(),
        price,
        former,
        weight,
        stock: if is_there { stock } else { Some(0) },
        image: String::new(),
    }
}

/// Names and values of the columns `Attribute 1 name`, `Attribute 1 value(s)`, …
fn attribute_cells(reader: &Reader<'_>, row: &Row) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut number = 1;
    while reader.table.has(&format!("Attribute {number} name")) {
        let cell = |part| reader.text(row, &format!("Attribute {number} {part}"));
        // What is chosen at first, and whether other products have it too, matters to nobody here.
        cell("visible");
        cell("global");
        cell("default");
        found.push((cell("name"), cell("value(s)")));
        number += 1;
    }
    found.retain(|(name, _)| !name.is_empty());
    found
}

fn categories(text: &str) -> Vec<Vec<String>> {
    let path = |text: String| text.split('>').map(|part| part.trim().to_owned()).collect::<Vec<_>>();
    let all: Vec<_> = split_list(text).into_iter().map(path).collect();
    // A category that another one is in goes without saying.
    let inner =
        |path: &Vec<String>| !all.iter().any(|other| other.len() > path.len() && other.starts_with(path));
    all.iter().filter(|path| inner(path)).cloned().collect()
}

fn tax(reader: &Reader<'_>, row: &Row) -> Tax {
    match (reader.table.cell(row, "Tax status"), reader.table.cell(row, "Tax class")) {
        ("none", _) => Tax::Free,
        (_, "" | "standard" | "parent") => Tax::Usual,
        (_, class) => Tax::Class(class.trim_end_matches("-rate").to_owned()),
    }
}

fn images(reader: &Reader<'_>, row: &Row) -> Vec<ImageRef> {
    reader.list(row, "Images").into_iter().map(|url| ImageRef { url, alt: String::new() }).collect()
}

fn dimensions(reader: &Reader<'_>, row: &Row) -> Option<(String, String)> {
    let column = |side: &str| {
        let side = side.to_ascii_lowercase();
        reader.table.headers().iter().find(|name| name.to_ascii_lowercase().starts_with(&side))
    };
    let columns = [column("Length")?, column("Width")?, column("Height")?];
    let unit = columns[0].split(['(', ')']).nth(1).unwrap_or("cm");
    let sides = columns.map(|column| reader.text(row, column));
    let whole = sides.iter().all(|side| !side.is_empty());
    whole.then(|| ("Dimensions".to_owned(), format!("{} {unit}", sides.join(" × "))))
}

/// An option that no variation chooses is no option: any value will do.
fn settle_options(reader: &mut Reader<'_>, product: &mut Goods) {
    for index in (0..product.options.len()).rev() {
        let empty = |sold: &Sold| sold.values.get(index).is_none_or(String::is_empty);
        if !product.variants.iter().all(empty) {
            continue;
        }
        let name = product.options.remove(index);
        for sold in &mut product.variants {
            if index < sold.values.len() {
                sold.values.remove(index);
            }
        }
        if !product.variants.is_empty() {
            reader.leave("an option that no variation chooses: dropped", &product.title, name);
        }
    }
}

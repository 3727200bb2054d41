//! A neutral catalog as content: same texts, same products, same categories.
//!
//! Its pictures are names without files, so four drawings a category are made and shared by its products; the names of
//! variants become the values of one option.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The most pictures of a product.
const DRAWINGS: usize = 4;

#[derive(Deserialize)]
struct Catalog {
    base_url: String,
    title: String,
    page_size: u32,
    featured: Vec<String>,
}

#[derive(Deserialize)]
struct Category {
    title: String,
    description: String,
}

#[derive(Deserialize)]
struct Product {
    title: String,
    date: toml::value::Datetime,
    description: String,
    tags: Vec<String>,
    sku: String,
    price: String,
    category: String,
    images: Vec<String>,
    related: Vec<String>,
    variants: Vec<Variant>,
}

#[derive(Deserialize)]
struct Variant {
    sku: String,
    name: String,
    price: String,
    stock: u32,
}

/// Writes `DIR/content` from a folder with `catalog.toml` and `content/products/<category>/<slug>.md`.
pub(crate) fn run(neutral: &Path, target: &Path) -> Result<()> {
    let content = target.join("content");
    if content.exists() {
        bail!("{} is there already", content.display());
    }
    let catalog: Catalog = toml::from_str(&read(&neutral.join("catalog.toml"))?)?;
    write(&content.join("shop.toml"), &shop(&catalog)?)?;
    write(&content.join("home.md"), &home(&catalog))?;
    let mut count = 0;
    for folder in entries(&neutral.join("content/products"))? {
        let category = name(&folder)?;
        for file in entries(&folder)? {
            let stem = name(&file)?;
            let text = read(&file)?;
            let (front, body) = split(&text).with_context(|| format!("{}", file.display()))?;
            if stem == "_index" {
                let text = self::category(&toml::from_str(front)?);
                write(&content.join(format!("categories/{category}.md")), &text)?;
                continue;
            }
            let text = product(&toml::from_str(front)?, body)?;
            write(&content.join(format!("products/{category}/{stem}.md")), &text)?;
            count += 1;
        }
        for number in 1..=DRAWINGS {
            let path = content.join(format!("images/{category}-{number}.svg"));
            write(&path, &drawing(&category, number))?;
        }
    }
    println!("{count} products in {}", content.display());
    Ok(())
}

fn shop(catalog: &Catalog) -> Result<String> {
    let Catalog { base_url, title, page_size, .. } = catalog;
    let mut text = include_str!("../../../../generator/src/defaults/shop.toml")
        .replace("name = \"Catalog\"", &format!("name = {}", quoted(title)))
        .replace("https://shop.example", base_url);
    let at = text.find("\n[[tax]]").context("the default settings have tax classes")?;
    text.insert_str(at, &format!("\nproducts_per_page = {page_size}\nrelated_products = 8\n"));
    // Large catalogs are more than any plan takes.
    text.push_str("\n[budget]\nfiles = 10000000\n");
    Ok(text)
}

fn home(catalog: &Catalog) -> String {
    let slugs: Vec<&str> =
        catalog.featured.iter().map(|path| path.rsplit('/').next().unwrap_or(path)).collect();
    let text = include_str!("../../../../generator/src/defaults/home.md");
    text.replace("products = []", &format!("products = {}", list(&slugs)))
}

fn category(category: &Category) -> String {
    let (title, summary) = (quoted(&category.title), quoted(&category.description));
    format!("+++\ntitle = {title}\nsummary = {summary}\n+++\n")
}

fn product(product: &Product, body: &str) -> Result<String> {
    let mut text = String::from("+++\n");
    for (key, value) in [
        ("title", &product.title),
        ("sku", &product.sku),
        ("category", &product.category),
        ("price", &product.price),
        ("summary", &product.description),
    ] {
        writeln!(text, "{key} = {}", quoted(value))?;
    }
    let day = product.date.date.context("a product has a date")?;
    writeln!(text, "tax = \"standard\"\nweight = 1000\npublished = {day}")?;
    writeln!(text, "tags = {}\nrelated = {}", list(&product.tags), list(&product.related))?;
    for number in 1..=product.images.len().min(DRAWINGS) {
        let src = format!("{}-{number}.svg", product.category);
        let alt = format!("{}, picture {number}", product.title);
        writeln!(text, "\n[[images]]\nsrc = {}\nalt = {}", quoted(&src), quoted(&alt))?;
    }
    let names: Vec<&str> = product.variants.iter().map(|variant| variant.name.as_str()).collect();
    writeln!(text, "\n[[options]]\nname = \"Kind\"\nvalues = {}", list(&names))?;
    for Variant { sku, name, price, stock } in &product.variants {
        let (sku, name, price) = (quoted(sku), quoted(name), quoted(price));
        writeln!(
            text,
            "\n[[variants]]\nsku = {sku}\noptions = {{ Kind = {name} }}\nprice = {price}\nstock = {stock}"
        )?;
    }
    write!(text, "+++\n{}", body.replace("](/products/", "](/category/"))?;
    Ok(text)
}

fn drawing(category: &str, number: usize) -> String {
    let offset = number * 60;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 800\" width=\"800\" height=\"800\">\
         <title>{category}</title><rect width=\"800\" height=\"800\" fill=\"#dde3e8\"/>\
         <circle cx=\"{}\" cy=\"400\" r=\"180\" fill=\"#41566b\"/></svg>\n",
        250 + offset
    )
}

fn split(text: &str) -> Result<(&str, &str)> {
    text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n")).context("there is no front matter")
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn list<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(item.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = || format!("cannot read {}", folder.display());
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(failed)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .with_context(failed)?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> Result<String> {
    let stem = path.file_stem().with_context(|| format!("{} has no name", path.display()))?;
    Ok(stem.to_string_lossy().into_owned())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    let failed = || format!("cannot write {}", path.display());
    fs::create_dir_all(path.parent().with_context(failed)?).with_context(failed)?;
    fs::write(path, text).with_context(failed)
}

//! A large shop out of the real one.
//!
//! The products are those of `content/` over and over, each copy with its own address and SKUs, so that texts,
//! variants and pictures are as long and as many as real ones.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Makes the shop.
pub(crate) fn run(count: &str, target: &Path) -> Result<()> {
    let count: usize = count.parse().context("COUNT is a whole number")?;
    if target.exists() {
        bail!("{} is there already", target.display());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    copy(&root.join("themes"), &target.join("themes"))?;
    for part in ["categories", "pages", "images", "shop.toml", "home.md"] {
        copy(&root.join("content").join(part), &target.join("content").join(part))?;
    }
    write_products(&root.join("content/products"), &target.join("content/products"), count)?;
    println!("{count} products in {}", target.display());
    Ok(())
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
        fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
        return Ok(());
    }
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn write_products(from: &Path, to: &Path, count: usize) -> Result<()> {
    let mut originals = Vec::new();
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let path = entry?.path();
        let slug = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        originals.push((slug, fs::read_to_string(&path)?));
    }
    originals.sort();
    fs::create_dir_all(to)?;
    for (number, (slug, text)) in originals.iter().cycle().take(count.max(originals.len())).enumerate() {
        let copy = number / originals.len();
        let (name, text) = match copy {
            0 => (format!("{slug}.md"), text.clone()),
            copy => (format!("{slug}-{copy}.md"), renumber(text, copy)),
        };
        fs::write(to.join(name), text)?;
    }
    Ok(())
}

/// The product with its own SKUs and title.
fn renumber(text: &str, copy: usize) -> String {
    let change = |line: &str| match line.strip_suffix('"') {
        Some(rest) if line.starts_with("sku = \"") => format!("{rest}-N{copy}\"\n"),
        Some(rest) if line.starts_with("title = \"") => format!("{rest} No. {copy}\"\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(change).collect()
}

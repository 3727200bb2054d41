//! Writes what an import made, and never over the work of an editor.
//!
//! The import keeps a list of its files with the hash of what it wrote, `content/.imported.json`. A file that is
//! not in the list, or was changed since, belongs to an editor and stays as it is, unless the caller says
//! otherwise. So importing the same file again changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::hash::full_hash;

/// The list, which is meant to be kept with the content.
const RECORD: &str = ".imported.json";

/// What became of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new.
    pub new: usize,
    /// Files that an earlier import wrote and that differ now.
    pub updated: usize,
    /// Files that are right already.
    pub unchanged: usize,
    /// Files of editors, which stay, relative to the content.
    pub kept: Vec<String>,
}

/// Writes the files, whose paths are relative to `content`. With `dry_run` nothing is written.
pub(crate) fn write(
    content: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    overwrite: bool,
    dry_run: bool,
) -> Result<Written> {
    let mut record = read_record(content)?;
    let before = record.clone();
    let mut written = Written::default();
    for (path, bytes) in files {
        let hash = full_hash(bytes);
        let target = content.join(path);
        let old = if target.exists() {
            Some(fs::read(&target).with_context(|| format!("cannot read {}", target.display()))?)
        } else {
            None
        };
        match old {
            Some(old) if old == *bytes => written.unchanged += 1,
            Some(old) if !overwrite && record.get(path) != Some(&full_hash(&old)) => {
                written.kept.push(path.clone());
                continue;
            }
            old => {
                *(if old.is_some() { &mut written.updated } else { &mut written.new }) += 1;
                if !dry_run {
                    replace(&target, bytes)?;
                }
            }
        }
        record.insert(path.clone(), hash);
    }
    if !dry_run && record != before {
        let mut text = serde_json::to_string_pretty(&record).context("cannot write the list of files")?;
        text.push('\n');
        replace(&content.join(RECORD), text.as_bytes())?;
    }
    Ok(written)
}

/// The hashes of what imports wrote, by path.
pub(crate) fn read_record(content: &Path) -> Result<BTreeMap<String, String>> {
    let path = content.join(RECORD);
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text)
        .with_context(|| format!("{} is no list of files; restore it, or remove it", path.display()))
}

/// Writes beside and renames, so that the file is whole at any moment.
pub(crate) fn replace(target: &Path, bytes: &[u8]) -> Result<()> {
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot create the folder {}", folder.display()))?;
    let name = target.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let beside = folder.join(format!(".{name}.new"));
    fs::write(&beside, bytes).with_context(|| format!("cannot write {}", beside.display()))?;
    fs::rename(&beside, target).with_context(|| format!("cannot put {} in its place", target.display()))
}

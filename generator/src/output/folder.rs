//! What is done to files and folders on disk while an output is put in place.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use super::STAGING;
use crate::memory::Entry;
use crate::plain::RELEASE_PATH;

/// Refuses a folder with files that no build wrote, because they would be removed as left-overs.
pub(super) fn check_owned(out: &Path) -> Result<()> {
    let mut entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("cannot read the folder {}", out.display())),
    };
    let is_ours = out.join(RELEASE_PATH).is_file() || out.join(STAGING).is_dir();
    if !is_ours && entries.next().is_some() {
        bail!(
            "{} holds files that are no earlier output (it has no {RELEASE_PATH}); choose an empty folder with --out",
            out.display()
        );
    }
    Ok(())
}

/// Creates a folder and those around it.
pub(super) fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("cannot create the folder {}", path.display()))
}

/// Removes a folder with all that is in it.
pub(super) fn remove_folder(path: &Path) -> Result<()> {
    fs::remove_dir_all(path).with_context(|| format!("cannot remove {}", path.display()))
}

/// Moves a file or folder to a place on the same disk.
pub(super) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).with_context(|| format!("cannot put {} in its place", to.display()))
}

/// Moves all that is in one folder into another. Folders that both have are merged; anything else is replaced.
pub(super) fn move_into(from: &Path, to: &Path) -> Result<()> {
    let failed = || format!("cannot read the folder {}", from.display());
    for entry in fs::read_dir(from).with_context(failed)? {
        let entry = entry.with_context(failed)?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let is_folder = entry.file_type().with_context(failed)?.is_dir();
        match (is_folder, fs::symlink_metadata(&target).map(|found| found.is_dir())) {
            (true, Ok(true)) => move_into(&source, &target)?,
            (true, Ok(false)) => {
                fs::remove_file(&target).with_context(|| format!("cannot remove {}", target.display()))?;
                rename(&source, &target)?;
            }
            (false, Ok(true)) => {
                remove_folder(&target)?;
                rename(&source, &target)?;
            }
            (_, Ok(false) | Err(_)) => rename(&source, &target)?,
        }
    }
    Ok(())
}

/// Removes files that were part of the output and are no more; returns their number. Nothing else is there.
pub(super) fn remove_gone(out: &Path, before: &[Entry], entries: &[Entry]) -> Result<usize> {
    let mut removed = 0;
    for gone in before.iter().filter(|known| !has(entries, &known.path)) {
        let path = out.join(&gone.path);
        match fs::remove_file(&path) {
            // A folder of the same name may have taken its place.
            Err(error) if path.exists() && !path.is_dir() => {
                return Err(error).with_context(|| format!("cannot remove {}", path.display()));
            }
            _ => removed += 1,
        }
        for folder in path.ancestors().skip(1).take_while(|folder| *folder != out) {
            // A folder that is in use stays, which is what the error says.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
    Ok(removed)
}

fn has(entries: &[Entry], path: &str) -> bool {
    entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).is_ok()
}

/// Removes files that are not part of the output, then folders that are empty; returns the number of files.
pub(super) fn remove_stale(out: &Path, entries: &[Entry]) -> Result<usize> {
    let mut removed = 0;
    let mut stale_folders: Vec<PathBuf> = Vec::new();
    let is_staging = |entry: &walkdir::DirEntry| entry.depth() == 1 && entry.file_name() == STAGING;
    for entry in WalkDir::new(out).min_depth(1).into_iter().filter_entry(|entry| !is_staging(entry)) {
        let entry = entry.with_context(|| format!("cannot read the folder {}", out.display()))?;
        let path = entry.path();
        if entry.file_type().is_dir() {
            stale_folders.push(path.to_owned());
            continue;
        }
        let name = relative(out, path);
        if !has(entries, &name) {
            fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
            removed += 1;
        }
    }
    if removed > 0 {
        // Inner folders come after outer ones. A folder that is in use stays, which is what the error says.
        for folder in stale_folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
    Ok(removed)
}

/// A path below the output folder, with forward slashes.
pub(crate) fn relative(out: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(out).unwrap_or(path);
    let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

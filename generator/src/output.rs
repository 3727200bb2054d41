//! The only writer of the output folder.
//!
//! 1. Files that are already right are left alone, so that their times and the caches of tools stay.
//! 2. All others are written beside, to a staging folder; a full disk fails here, with the old output whole.
//! 3. They are renamed into place, the list of files last, and what is left of earlier builds is removed.
//!
//! So every file is whole at any moment. A crash in the middle of step 3 can leave files of two builds side by
//! side; the next build mends that, and the staging folder that is still there tells it whose folder it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::plain::RELEASE_PATH;

/// Where files are written before they are moved, in the output folder, so that it is the same disk.
const STAGING: &str = ".staging";

/// A file of the output.
#[derive(Debug)]
pub(crate) struct OutputFile {
    /// Relative to the output folder, with forward slashes.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

/// A file of the output that lies on disk already. Its address changes with its bytes, so a file of the same length
/// at its place is the same file.
#[derive(Clone, Debug)]
pub(crate) struct CopiedFile {
    /// Relative to the output folder, with forward slashes.
    pub(crate) path: String,
    /// Where it is copied from.
    pub(crate) disk: PathBuf,
    /// The BLAKE3 hash of its bytes, in hexadecimal digits.
    pub(crate) hash: String,
    /// Its length in bytes.
    pub(crate) length: u64,
}

/// What writing came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Files that are new or changed.
    pub(crate) changed: usize,
    /// Files of earlier builds that are gone.
    pub(crate) removed: usize,
}

/// What a file of the output is made of.
#[derive(Clone, Copy)]
enum Source<'f> {
    Bytes(&'f [u8]),
    Disk(&'f CopiedFile),
}

/// Makes the folder hold exactly these files.
pub(crate) fn write(out: &Path, files: &[OutputFile], copied: &[CopiedFile]) -> Result<Written> {
    check_owned(out)?;
    let staging = out.join(STAGING);
    let in_memory = files.iter().map(|file| (file.path.as_str(), Source::Bytes(&file.bytes)));
    let on_disk = copied.iter().map(|file| (file.path.as_str(), Source::Disk(file)));
    let by_path: BTreeMap<&str, Source<'_>> = in_memory.chain(on_disk).collect();
    let changed: Vec<(&str, Source<'_>)> = by_path
        .par_iter()
        .map(|(path, source)| Ok((is_changed(&out.join(path), *source)?, (*path, *source))))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .filter_map(|(changed, file)| changed.then_some(file))
        .collect();
    create_folder(&staging)?;
    changed
        .par_iter()
        .enumerate()
        .try_for_each(|(number, (_, source))| place(&staging.join(number.to_string()), *source))?;
    for folder in folders(changed.iter().map(|(path, _)| *path)) {
        create_folder(&out.join(folder))?;
    }
    let (last, first): (Vec<_>, Vec<_>) =
        changed.iter().enumerate().partition(|(_, (path, _))| *path == RELEASE_PATH);
    for (number, (path, _)) in first.into_iter().chain(last) {
        let target = out.join(path);
        fs::rename(staging.join(number.to_string()), &target)
            .with_context(|| format!("cannot put {} in its place", target.display()))?;
    }
    let removed = remove_stale(out, &by_path)?;
    fs::remove_dir_all(&staging).with_context(|| format!("cannot remove {}", staging.display()))?;
    Ok(Written { changed: changed.len(), removed })
}

/// Writes or copies a file.
fn place(target: &Path, source: Source<'_>) -> Result<()> {
    let placed = match source {
        Source::Bytes(bytes) => fs::write(target, bytes),
        Source::Disk(file) => fs::copy(&file.disk, target).map(|_| ()),
    };
    placed.with_context(|| format!("cannot write {}", target.display()))
}

/// Refuses a folder with files that no build wrote, because they would be removed as left-overs.
fn check_owned(out: &Path) -> Result<()> {
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

fn is_changed(path: &Path, source: Source<'_>) -> Result<bool> {
    let length = match source {
        Source::Bytes(bytes) => bytes.len() as u64,
        Source::Disk(file) => file.length,
    };
    match (fs::metadata(path), source) {
        (Ok(known), _) if !known.is_file() || known.len() != length => Ok(true),
        (Ok(_), Source::Disk(_)) => Ok(false),
        (Ok(_), Source::Bytes(bytes)) => {
            let old = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok(old != bytes)
        }
        (Err(error), _) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(true),
        (Err(error), _) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// The folders of the files, each once.
fn folders<'f>(paths: impl Iterator<Item = &'f str>) -> BTreeSet<&'f str> {
    paths.filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder).collect()
}

fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("cannot create the folder {}", path.display()))
}

/// Removes files that are not part of the output, then folders that are empty; returns the number of files.
fn remove_stale(out: &Path, files: &BTreeMap<&str, Source<'_>>) -> Result<usize> {
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
        let relative = path.strip_prefix(out).unwrap_or(path);
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        if !files.contains_key(parts.join("/").as_str()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> OutputFile {
        OutputFile { path: path.into(), bytes: text.into() }
    }

    #[test]
    fn writes_what_changed_and_removes_what_is_left() {
        let temp = tempfile::tempdir().unwrap();
        let out = temp.path().join("dist");
        let first = [file(RELEASE_PATH, "1"), file("a.html", "a"), file("old/b.html", "b")];
        assert_eq!(write(&out, &first, &[]).unwrap(), Written { changed: 3, removed: 0 });
        assert_eq!(write(&out, &first, &[]).unwrap(), Written { changed: 0, removed: 0 });
        let second = [file(RELEASE_PATH, "2"), file("a.html", "a")];
        assert_eq!(write(&out, &second, &[]).unwrap(), Written { changed: 1, removed: 1 });
        assert!(!out.join("old").exists() && !out.join(STAGING).exists());
    }

    #[test]
    fn leaves_folders_of_others_alone() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("letter.txt"), "dear").unwrap();
        let error = write(temp.path(), &[file("a.html", "a")], &[]).unwrap_err();
        assert!(error.to_string().contains("no earlier output"), "{error}");
        assert!(temp.path().join("letter.txt").exists() && !temp.path().join("a.html").exists());
    }

    #[test]
    fn a_build_that_was_cut_short_is_completed() {
        let temp = tempfile::tempdir().unwrap();
        let staging = temp.path().join(STAGING);
        fs::create_dir(&staging).unwrap();
        fs::write(staging.join("0"), "half").unwrap();
        fs::write(temp.path().join("a.html"), "a").unwrap();
        let files = [file("b.html", "b"), file(RELEASE_PATH, "1")];
        assert_eq!(write(temp.path(), &files, &[]).unwrap(), Written { changed: 2, removed: 1 });
        assert!(!staging.exists());
    }
}

//! The only writer of the output folder. Files are handed over one by one, from any thread, and nothing of them is
//! kept: memory does not grow with the output.
//!
//! 1. A file that is already right is left alone, so that its time and the caches of tools stay.
//! 2. Any other is written beside, to a staging folder; a full disk or a mistake of a template found while rendering
//!    fails here, with the old output whole.
//! 3. [`Output::finish`] renames them into place, the list of files last, and removes what earlier builds left. A
//!    folder that is new moves as a whole, so a first build renames a handful of folders.
//!
//! So every file is whole at any moment. A crash in the middle of step 3 can leave files of two builds side by
//! side; the next build mends that, and the staging folder that is still there tells it whose folder it is.

mod folder;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use rayon::prelude::*;

pub(crate) use self::folder::relative;
use self::folder::{check_owned, create_folder, move_into, remove_folder, remove_gone, remove_stale, rename};
use crate::memory::{Entry, Key, Memory, NO_KEY, modified};
use crate::plain::RELEASE_PATH;

/// Where files are written before they are moved, in the output folder, so that it is the same disk.
const STAGING: &str = ".staging";

/// A file in there that moves before the others.
const HURRIED: &str = ".hurried";

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

/// What a file of the output is made from; see [`crate::memory`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Keys {
    pub(crate) view: Key,
    pub(crate) quick: Key,
}

/// What writing came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Files that are new or changed.
    pub(crate) changed: usize,
    /// Files of earlier builds that are gone.
    pub(crate) removed: usize,
}

/// The output while it is made.
pub(crate) struct Output<'m> {
    /// The folder; none if nothing is to be written.
    folder: Option<Folder>,
    memory: &'m Memory,
    made: Mutex<Made>,
    stopped: AtomicBool,
}

struct Folder {
    out: PathBuf,
    staging: PathBuf,
    /// Whether there is no earlier output to compare with.
    is_new: bool,
}

#[derive(Default)]
struct Made {
    entries: Vec<Entry>,
    changed: usize,
    /// Folders of the staging folder that are there.
    folders: HashSet<String>,
}

impl<'m> Output<'m> {
    /// Begins to write to a folder, which is empty or holds an earlier output. Nothing in it changes before
    /// [`Output::finish`].
    pub(crate) fn open(out: &Path, memory: &'m Memory) -> Result<Output<'m>> {
        check_owned(out)?;
        let staging = out.join(STAGING);
        if staging.is_dir() {
            remove_folder(&staging)?;
        }
        let is_new = fs::read_dir(out).map_or(true, |mut entries| entries.next().is_none());
        create_folder(&staging)?;
        let folder = Some(Folder { out: out.to_owned(), staging, is_new });
        Ok(Output { folder, memory, made: Mutex::default(), stopped: AtomicBool::new(false) })
    }

    /// Takes files and writes nothing.
    pub(crate) fn nowhere(memory: &'m Memory) -> Output<'m> {
        Output { folder: None, memory, made: Mutex::default(), stopped: AtomicBool::new(false) }
    }

    /// Whether the file was made from the same inputs before and is still there. Then it need not be made again.
    pub(crate) fn keep(&self, path: &str, keys: Keys) -> bool {
        let known = self.memory.entry(path).filter(|known| keys.view != NO_KEY && known.key == keys.view);
        let Some(known) = known.filter(|known| self.is_there(known)) else { return false };
        self.take(Entry { quick: keys.quick, ..known.clone() }, false);
        true
    }

    /// Whether the file was made from the same texts in the same world before and is still there.
    pub(crate) fn keep_quick(&self, path: &str, quick: Key) -> bool {
        let known = self.memory.entry(path).filter(|known| quick != NO_KEY && known.quick == quick);
        let Some(known) = known.filter(|known| self.is_there(known)) else { return false };
        self.take(known.clone(), false);
        true
    }

    /// Whether this process wrote the file before from the same inputs; none if it did not write it.
    pub(crate) fn is_as_before(&self, path: &str, quick: Key) -> Option<bool> {
        let known = self.memory.entry(path).filter(|_| self.memory.is_trusted())?;
        Some(quick != NO_KEY && known.quick == quick)
    }

    /// Puts a file that is in the folder already in its place at once, before [`Output::finish`].
    pub(crate) fn hurry(&self, file: &OutputFile) -> Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let (aside, path) = (folder.staging.join(HURRIED), folder.out.join(&file.path));
        fs::write(&aside, &file.bytes).with_context(|| format!("cannot write {}", aside.display()))?;
        rename(&aside, &path)
    }

    /// Keeps all files whose paths begin so as this process wrote them; says whether there are any.
    pub(crate) fn keep_all(&self, prefix: &str) -> bool {
        let known = || self.memory.entries().iter().filter(|known| known.path.starts_with(prefix));
        if !self.memory.is_trusted() || known().next().is_none() {
            return false;
        }
        known().for_each(|known| self.take(known.clone(), false));
        true
    }

    fn is_there(&self, known: &Entry) -> bool {
        let Some(folder) = self.folder.as_ref().filter(|folder| !folder.is_new) else { return false };
        self.memory.is_trusted()
            || fs::metadata(folder.out.join(&known.path)).is_ok_and(|found| known.is(&found))
    }

    /// Takes a file that does not depend on a page.
    pub(crate) fn put(&self, file: OutputFile) -> Result<()> {
        self.put_keyed(file, Keys::default())
    }

    /// Takes a file that was made from the inputs that the keys stand for.
    pub(crate) fn put_keyed(&self, file: OutputFile, keys: Keys) -> Result<()> {
        self.put_bytes(file.path, &file.bytes, keys)
    }

    /// Takes the bytes of a file that was made from the inputs that the keys stand for.
    pub(crate) fn put_bytes(&self, path: String, bytes: &[u8], keys: Keys) -> Result<()> {
        let hash = *blake3::hash(bytes).as_bytes();
        let mut entry =
            Entry { path, hash, key: keys.view, quick: keys.quick, bytes: bytes.len() as u64, modified: 0 };
        let mut is_changed = false;
        if let Some(folder) = self.folder.as_ref().filter(|_| !self.is_stopped()) {
            match folder.unchanged(self.memory, &entry, bytes)? {
                Some(found) => entry.modified = modified(&found),
                None => {
                    self.stage(folder, &mut entry, |path| {
                        let mut file = File::create(path)?;
                        file.write_all(bytes)?;
                        file.metadata()
                    })?;
                    is_changed = true;
                }
            }
        }
        self.take(entry, is_changed);
        Ok(())
    }

    /// Takes a file that lies on disk.
    pub(crate) fn copy(&self, file: &CopiedFile) -> Result<()> {
        let hash = *blake3::Hash::from_hex(&file.hash).context("a hash has 64 digits")?.as_bytes();
        let mut entry = Entry {
            path: file.path.clone(),
            hash,
            key: NO_KEY,
            quick: NO_KEY,
            bytes: file.length,
            modified: 0,
        };
        let mut is_changed = false;
        if let Some(folder) = self.folder.as_ref().filter(|_| !self.is_stopped()) {
            match folder.same_length(&entry)? {
                Some(found) => entry.modified = modified(&found),
                None => {
                    self.stage(folder, &mut entry, |path| {
                        fs::copy(&file.disk, path)?;
                        fs::metadata(path)
                    })?;
                    is_changed = true;
                }
            }
        }
        self.take(entry, is_changed);
        Ok(())
    }

    fn take(&self, entry: Entry, is_changed: bool) {
        let mut made = self.made();
        made.changed += usize::from(is_changed);
        made.entries.push(entry);
    }

    /// Writes a file beside the output.
    fn stage(
        &self,
        folder: &Folder,
        entry: &mut Entry,
        write: impl FnOnce(&Path) -> io::Result<Metadata>,
    ) -> Result<()> {
        if let Some((parent, _)) = entry.path.rsplit_once('/') {
            let is_there = self.made().folders.contains(parent);
            if !is_there {
                create_folder(&folder.staging.join(parent))?;
                self.made().folders.insert(parent.to_owned());
            }
        }
        let path = folder.staging.join(&entry.path);
        let written = write(&path).with_context(|| format!("cannot write {}", path.display()))?;
        entry.modified = modified(&written);
        Ok(())
    }

    /// Stops writing, because this output will not be finished. Files are still taken, so that more mistakes of
    /// templates are found.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// What was taken so far, in the order of paths, each once. It is handed out, and kept no more.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.and_newer(Vec::new())
    }

    /// What was handed out before, and what was taken since.
    pub(crate) fn and_newer(&self, mut entries: Vec<Entry>) -> Vec<Entry> {
        entries.append(&mut self.made().entries);
        entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        entries.dedup_by(|a, b| a.path == b.path);
        entries
    }

    /// Leaves the folder as it was.
    pub(crate) fn abandon(self) -> Result<()> {
        let Some(folder) = self.folder else { return Ok(()) };
        remove_folder(&folder.staging)?;
        if folder.is_new {
            // It is there because of the staging folder; if it is not empty, it stays.
            let _ = fs::remove_dir(&folder.out);
        }
        Ok(())
    }

    /// Makes the folder hold exactly these files: all that were taken.
    pub(crate) fn finish(self, entries: &[Entry]) -> Result<Written> {
        let mut written = Written { changed: self.made().changed, removed: 0 };
        let Some(folder) = &self.folder else { return Ok(Written::default()) };
        let list = folder.staging.join(RELEASE_PATH);
        let aside = folder.out.join(format!("{STAGING}.list"));
        let has_list = list.is_file();
        if has_list {
            rename(&list, &aside)?;
        }
        move_into(&folder.staging, &folder.out)?;
        if has_list {
            rename(&aside, &folder.out.join(RELEASE_PATH))?;
        }
        if !folder.is_new {
            written.removed = match self.memory.is_trusted() {
                true => remove_gone(&folder.out, self.memory.entries(), entries)?,
                false => remove_stale(&folder.out, entries)?,
            };
        }
        remove_folder(&folder.staging)?;
        Ok(written)
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Folder {
    /// The file on disk, if it holds these bytes already.
    fn unchanged(&self, memory: &Memory, entry: &Entry, bytes: &[u8]) -> Result<Option<Metadata>> {
        let Some(found) = self.same_length(entry)? else { return Ok(None) };
        let path = self.out.join(&entry.path);
        let is_same = match memory.entry(&entry.path).filter(|known| known.is(&found)) {
            Some(known) => known.hash == entry.hash,
            None => fs::read(&path).with_context(|| format!("cannot read {}", path.display()))? == bytes,
        };
        Ok(is_same.then_some(found))
    }

    /// The file on disk, if it is as long as it ought to be.
    fn same_length(&self, entry: &Entry) -> Result<Option<Metadata>> {
        if self.is_new {
            return Ok(None);
        }
        let path = self.out.join(&entry.path);
        match fs::metadata(&path) {
            Ok(found) if found.is_file() && found.len() == entry.bytes => Ok(Some(found)),
            Ok(_) => Ok(None),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }
}

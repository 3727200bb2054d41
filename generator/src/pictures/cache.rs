//! Encoded pictures, kept between builds in `.data/images/` of the project.
//!
//! An entry is a folder named by the hash of the source and of how it is encoded. It is made beside and renamed into
//! place, so that it is whole or not there; two builds at the same time make the same entry, and one of them wins.
//! The folder may be removed at any time: the next build makes what it needs again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{Wrong, raster};
use crate::hash::full_hash;

/// The list of files in an entry.
const LIST: &str = "files.json";

/// The encoded pictures of a project.
pub(super) struct Cache {
    folder: PathBuf,
    /// Whether photos are encoded as AVIF too.
    avif: bool,
}

/// What was made of one source.
pub(super) struct Entry {
    folder: PathBuf,
    /// The WebP and AVIF files, the smallest first; last the one in the format of the source, or the largest WebP.
    pub(super) files: Vec<EncodedFile>,
}

/// A file of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EncodedFile {
    /// Width in pixels.
    pub(super) width: u32,
    /// Height in pixels.
    pub(super) height: u32,
    /// `webp`, `avif`, `jpg` or `png`.
    pub(super) extension: String,
    /// The BLAKE3 hash of its bytes, in hexadecimal digits.
    pub(super) hash: String,
    /// Its length in bytes.
    pub(super) length: u64,
}

impl EncodedFile {
    fn name(&self) -> String {
        format!("{}.{}", self.width, self.extension)
    }
}

impl Entry {
    /// Where a file of the entry lies.
    pub(super) fn path(&self, file: &EncodedFile) -> PathBuf {
        self.folder.join(file.name())
    }

    /// The entry in a folder, if it is there and as long as it was written.
    fn load(folder: PathBuf) -> Option<Entry> {
        let files: Vec<EncodedFile> = serde_json::from_slice(&fs::read(folder.join(LIST)).ok()?).ok()?;
        let entry = Entry { folder, files };
        let is_whole = |file: &EncodedFile| {
            fs::metadata(entry.path(file)).is_ok_and(|known| known.is_file() && known.len() == file.length)
        };
        let whole = !entry.files.is_empty() && entry.files.iter().all(is_whole);
        whole.then_some(entry)
    }
}

impl Cache {
    pub(super) fn of_project(root: &Path, avif: bool) -> Cache {
        Cache { folder: root.join(".data").join("images"), avif }
    }

    /// The files made of a source, encoded now if they are not there. The outer error is about the cache, the inner
    /// one about the picture.
    pub(super) fn encoded(&self, source: &[u8]) -> Result<Result<Entry, Wrong>> {
        let parameters = if self.avif { raster::PARAMETERS_AVIF } else { raster::PARAMETERS };
        let key = full_hash(format!("{parameters}{}", full_hash(source)).as_bytes());
        let folder = self.folder.join(key.get(..32).unwrap_or(&key));
        if let Some(entry) = Entry::load(folder.clone()) {
            return Ok(Ok(entry));
        }
        match raster::encode(source, self.avif) {
            Ok(pictures) => self.store(folder, &pictures).map(Ok),
            Err(wrong) => Ok(Err(wrong)),
        }
    }

    fn store(&self, folder: PathBuf, pictures: &[raster::Encoded]) -> Result<Entry> {
        let context = || format!("cannot write the cache of pictures {}", self.folder.display());
        fs::create_dir_all(&self.folder).with_context(context)?;
        let beside =
            tempfile::Builder::new().prefix(".part-").tempdir_in(&self.folder).with_context(context)?;
        let mut files = Vec::with_capacity(pictures.len());
        for picture in pictures {
            let file = EncodedFile {
                width: picture.width,
                height: picture.height,
                extension: picture.extension.to_owned(),
                hash: full_hash(&picture.bytes),
                length: picture.bytes.len() as u64,
            };
            fs::write(beside.path().join(file.name()), &picture.bytes).with_context(context)?;
            files.push(file);
        }
        fs::write(beside.path().join(LIST), serde_json::to_vec(&files)?).with_context(context)?;
        if fs::rename(beside.path(), &folder).is_ok() {
            return Ok(Entry { folder, files });
        }
        // Another build was first, or what is there is damaged.
        if let Some(entry) = Entry::load(folder.clone()) {
            return Ok(entry);
        }
        fs::remove_dir_all(&folder).with_context(context)?;
        fs::rename(beside.path(), &folder).with_context(context)?;
        Ok(Entry { folder, files })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Vec<raster::Encoded> {
        vec![raster::Encoded { width: 3, height: 2, extension: raster::WEBP, bytes: b"bytes".to_vec() }]
    }

    #[test]
    fn an_entry_that_was_cut_short_is_not_used_and_is_replaced() {
        let temp = tempfile::tempdir().unwrap();
        let cache = Cache::of_project(temp.path(), false);
        let folder = cache.folder.join("entry");
        let entry = cache.store(folder.clone(), &picture()).unwrap();
        fs::write(entry.path(&entry.files[0]), "byt").unwrap();
        assert!(Entry::load(folder.clone()).is_none());
        cache.store(folder.clone(), &picture()).unwrap();
        assert_eq!(Entry::load(folder).unwrap().files, entry.files);
        assert_eq!(fs::read_dir(&cache.folder).unwrap().count(), 1, "nothing is left beside");
    }
}

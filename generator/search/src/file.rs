//! The files of an index by name, and those that somebody has read.

use std::collections::BTreeMap;

use crate::bytes::{Checked, Corrupt, Kind};
use crate::find::SearchError;

/// A file of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum File {
    /// The dictionary, facets and columns: read for every query.
    Head,
    /// Which products have which words: a part of the dictionary in each.
    Words(u32),
    /// SKUs: a range of them in each.
    Skus(u32),
    /// What results are shown with: a range of products in each.
    Cards(u32),
    /// What to suggest while somebody types.
    Phrases,
}

impl File {
    /// Where it is published in the shop's own language.
    pub fn path(self) -> String {
        self.path_in(None)
    }

    /// Where it is published: in a folder of its own for the key of another language.
    pub fn path_in(self, language: Option<&str>) -> String {
        let name = match self {
            File::Head => "head.bin".to_owned(),
            File::Words(number) => format!("words-{number}.bin"),
            File::Skus(number) => format!("skus-{number}.bin"),
            File::Cards(number) => format!("cards-{number}.bin"),
            File::Phrases => "phrases.bin".to_owned(),
        };
        match language {
            None => format!("_shop/search/{name}"),
            Some(key) => format!("_shop/search/{key}/{name}"),
        }
    }

    pub(crate) fn kind(self) -> Kind {
        match self {
            File::Head => Kind::Head,
            File::Words(_) => Kind::Words,
            File::Skus(_) => Kind::Skus,
            File::Cards(_) => Kind::Cards,
            File::Phrases => Kind::Phrases,
        }
    }
}

/// Files that were read, by name.
pub trait Files {
    /// A file, if it was read.
    fn get(&self, file: File) -> Option<&Checked>;
}

/// A map of files.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    files: BTreeMap<File, Checked>,
}

impl Loaded {
    /// Keeps a file.
    pub fn insert(&mut self, file: File, bytes: Checked) {
        self.files.insert(file, bytes);
    }
}

impl Files for Loaded {
    fn get(&self, file: File) -> Option<&Checked> {
        self.files.get(&file)
    }
}

/// What a file holds, which has to be there and of its kind.
pub(crate) fn payload(files: &dyn Files, file: File) -> Result<&[u8], SearchError> {
    let checked = files.get(file).ok_or(SearchError::Missing(file))?;
    Ok(checked.payload(file.kind())?)
}

/// The position of the last part that begins at or before `at`.
pub(crate) fn part_of(starts: impl Iterator<Item = u64>, at: u64) -> Result<u32, Corrupt> {
    let before = starts.take_while(|start| *start <= at).count();
    before.checked_sub(1).and_then(|index| u32::try_from(index).ok()).ok_or(Corrupt("no part has it"))
}

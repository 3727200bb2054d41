//! Postings: the products that have a stem, each with how well, in the order of products.
//!
//! A posting is one number: the distance to the product before, times 16, plus the weight from 0 to 15. Products are
//! ordered by category, so distances are small and most postings take one byte.

use crate::bytes::{Bytes, Corrupt};
use crate::file::{File, Files, payload};
use crate::find::SearchError;
use crate::index::Index;

/// The highest weight of a word in a product.
pub(crate) const WEIGHT_MAX: u8 = 15;

/// Calls `each` with every product of a stem, and its weight from 1 to 16.
pub(crate) fn of_stem(
    index: &Index<'_>,
    files: &dyn Files,
    stem: u32,
    mut each: impl FnMut(usize, u32),
) -> Result<(), SearchError> {
    let file = index.file_of(stem)?;
    let File::Words(number) = file else { return Ok(()) };
    let shard = payload(files, file)?;
    let offset = |stem: usize| index.lists.size(stem).ok_or(Corrupt("no such stem"));
    let first = index.word_files.size(number as usize).ok_or(Corrupt("no such shard"))?;
    let base = offset(first)?;
    let start = offset(stem as usize)?.checked_sub(base).ok_or(Corrupt("postings are out of order"))?;
    let end = offset((stem as usize).saturating_add(1))?.saturating_sub(base);
    let mut bytes = Bytes::new(shard.get(start..end).ok_or(Corrupt("postings are cut off"))?);
    let mut document = 0_usize;
    while !bytes.rest().is_empty() {
        let posting = bytes.size()?;
        document = document.checked_add(posting >> 4).ok_or(Corrupt("postings run away"))?;
        if document >= index.documents {
            return Err(Corrupt("no such product").into());
        }
        each(document, u32::try_from(posting & 15).unwrap_or(0).saturating_add(1));
    }
    Ok(())
}

//! Cutting what a query reads a part of into files.

use super::{Document, dictionary};
use crate::bytes::Write;
use crate::cards::{self, BLOCK_CARDS};
use crate::plan::sku_key;
use crate::squeeze::squeeze;

/// The size that a shard does not pass, in bytes, unless a single entry does.
const SHARD_BYTES: usize = 128 * 1024;

/// How many SKUs are in a shard.
const SHARD_SKUS: usize = 16 * 1024;

/// Postings in shards.
pub(super) struct Words {
    pub(super) shards: Vec<Vec<u8>>,
    /// The first stem of each.
    pub(super) firsts: Vec<u64>,
}

/// Cuts postings between stems.
pub(super) fn cut(lists: &[Vec<u8>]) -> Words {
    let mut words = Words { shards: Vec::new(), firsts: Vec::new() };
    for (stem, list) in lists.iter().enumerate() {
        match words.shards.last_mut() {
            Some(last) if last.len() + list.len() <= SHARD_BYTES => last.extend(list),
            _ => {
                words.firsts.push(stem as u64);
                words.shards.push(list.clone());
            }
        }
    }
    words
}

/// The dictionaries from SKUs to products, and the first SKU of each.
pub(super) fn skus(documents: &[Document<'_>]) -> (Vec<Vec<u8>>, Vec<String>) {
    let mut keys: Vec<(String, u64)> = Vec::new();
    for (document, number) in documents.iter().zip(0..) {
        keys.extend(document.skus.iter().filter_map(|sku| Some((sku_key(sku)?, number))));
    }
    keys.sort();
    keys.dedup_by(|(later, _), (first, _)| later == first);
    let firsts = keys.iter().step_by(SHARD_SKUS).map(|(sku, _)| sku.clone()).collect();
    (keys.chunks(SHARD_SKUS).map(|chunk| dictionary(chunk.to_vec())).collect(), firsts)
}

/// The cards of all products in shards, and the first product of each.
pub(super) fn cards(documents: &[Document<'_>]) -> (Vec<Vec<u8>>, Vec<u64>) {
    let (mut shards, mut firsts) = (Vec::new(), Vec::new());
    let (mut starts, mut texts): (Vec<u64>, Vec<u8>) = (Vec::new(), Vec::new());
    let mut blocks = documents.chunks(BLOCK_CARDS).zip((0..).step_by(BLOCK_CARDS)).peekable();
    while let Some((block, first)) = blocks.next() {
        if starts.is_empty() {
            firsts.push(first);
        }
        starts.push(texts.len() as u64);
        let mut plain = Vec::new();
        for document in block {
            let mut card = Vec::new();
            cards::write(&document.card, &mut card);
            plain.part(&card);
        }
        squeeze(&plain, &mut texts);
        if texts.len() >= SHARD_BYTES || blocks.peek().is_none() {
            let mut shard = Vec::with_capacity(texts.len() + starts.len() * 4);
            shard.column(&starts);
            shard.append(&mut texts);
            shards.push(shard);
            starts.clear();
        }
    }
    (shards, firsts)
}

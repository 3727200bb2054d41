//! Short texts that are much alike, made smaller: a run of bytes that was there before is written as its distance and
//! its length. Cards of products next to each other have most of their bytes in common.

use crate::bytes::{Bytes, Corrupt, Write};

/// Shorter repeats are written as they are.
const REPEAT_MIN: usize = 4;

/// More bytes than this are never made of one block.
const BLOCK_BYTES_MAX: usize = 1 << 20;

/// Writes a block: its length, then by turns bytes as they are and repeats.
pub(crate) fn squeeze(block: &[u8], to: &mut Vec<u8>) {
    to.varint(block.len() as u64);
    let mut seen = [usize::MAX; 1 << 12];
    let slot = |at: usize| {
        let word = block.get(at..).and_then(|rest| rest.first_chunk::<REPEAT_MIN>())?;
        Some(u32::from_le_bytes(*word).wrapping_mul(0x9e37_79b1).wrapping_shr(20) as usize)
    };
    let (mut at, mut plain) = (0_usize, 0_usize);
    while let Some(seen) = slot(at).and_then(|slot| seen.get_mut(slot)) {
        let before = std::mem::replace(seen, at);
        let length = repeat_length(block, before, at);
        if length < REPEAT_MIN {
            at = at.saturating_add(1);
            continue;
        }
        to.part(block.get(plain..at).unwrap_or_default());
        to.varint(length as u64);
        to.varint(at.saturating_sub(before) as u64);
        at = at.saturating_add(length);
        plain = at;
    }
    to.part(block.get(plain..).unwrap_or_default());
}

fn repeat_length(block: &[u8], before: usize, at: usize) -> usize {
    let (Some(before), Some(now)) = (block.get(before..), block.get(at..)) else { return 0 };
    before.iter().zip(now).take_while(|(a, b)| a == b).count()
}

/// Reads a block.
pub(crate) fn expand(from: &mut Bytes<'_>) -> Result<Vec<u8>, Corrupt> {
    let length = from.size()?;
    if length > BLOCK_BYTES_MAX {
        return Err(Corrupt("a block is too large"));
    }
    let mut block: Vec<u8> = Vec::with_capacity(length);
    loop {
        block.extend(from.part()?);
        if block.len() >= length {
            return if block.len() == length { Ok(block) } else { Err(Corrupt("a block runs over")) };
        }
        let (count, distance) = (from.size()?, from.size()?);
        let start = block.len().checked_sub(distance).ok_or(Corrupt("a repeat of nothing"))?;
        if count == 0 || distance == 0 || count > length.saturating_sub(block.len()) {
            return Err(Corrupt("a repeat runs over"));
        }
        for at in start..start.saturating_add(count) {
            let byte = block.get(at).copied().ok_or(Corrupt("a repeat of nothing"))?;
            block.push(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{expand, squeeze};
    use crate::bytes::Bytes;

    fn there_and_back(block: &[u8]) -> usize {
        let mut squeezed = Vec::new();
        squeeze(block, &mut squeezed);
        assert_eq!(expand(&mut Bytes::new(&squeezed)).as_deref(), Ok(block));
        squeezed.len()
    }

    #[test]
    fn alike_texts_become_small() {
        let block = "Stoneware Mug /product/stoneware-mug/ /images/stoneware-mug-320.webp ".repeat(8);
        assert!(there_and_back(block.as_bytes()) < 80);
        assert_eq!(there_and_back(b""), 2);
        assert_eq!(there_and_back(b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), 6);
    }

    proptest::proptest! {
        #[test]
        fn every_block_comes_back(block in proptest::collection::vec(0_u8..6, 0..400)) {
            there_and_back(&block);
        }

        #[test]
        fn damaged_blocks_are_errors_or_texts(bytes in proptest::collection::vec(0_u8..40, 0..60)) {
            let _ = expand(&mut Bytes::new(&bytes));
        }
    }
}

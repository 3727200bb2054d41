//! Bytes of the index: the frame every file has, and reading numbers and texts without ever leaving the bytes.

use std::fmt;
use std::sync::Arc;

/// Raised whenever the shape of a file changes; readers refuse others.
pub(crate) const FORMAT_VERSION: u16 = 1;

const MAGIC: [u8; 4] = *b"IPSX";

/// Magic, version, kind, reserved, checksum.
const FRAME_BYTES: usize = 16;

/// The bytes are not an index of this version, or are damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corrupt(pub(crate) &'static str);

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the search index is damaged or of another version: {}", self.0)
    }
}

impl std::error::Error for Corrupt {}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Head = 1,
    Words = 2,
    Cards = 3,
    Skus = 4,
    Phrases = 5,
}

/// Bytes of one file that passed the check of version and checksum. Keep it, not the bytes: the check reads all of
/// them, and once is enough. Copies share the bytes.
#[derive(Clone, Debug)]
pub struct Checked {
    bytes: Arc<[u8]>,
    kind: u8,
}

impl Checked {
    /// Checks the bytes of a file.
    ///
    /// # Errors
    /// When they are cut off, changed, or of another version.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Result<Checked, Corrupt> {
        let bytes: Arc<[u8]> = bytes.into();
        let mut frame = Bytes::new(&bytes);
        if frame.take(4)? != MAGIC {
            return Err(Corrupt("it begins otherwise"));
        }
        if frame.number(2)? != u64::from(FORMAT_VERSION) {
            return Err(Corrupt("another version"));
        }
        let kind = frame.byte()?;
        frame.byte()?;
        if frame.number(8)? != checksum(frame.rest(), kind) {
            return Err(Corrupt("the checksum is another"));
        }
        Ok(Checked { bytes, kind })
    }

    /// What follows the frame, if the file is of that kind.
    pub(crate) fn payload(&self, kind: Kind) -> Result<&[u8], Corrupt> {
        if self.kind != kind as u8 {
            return Err(Corrupt("another kind of file"));
        }
        self.bytes.get(FRAME_BYTES..).ok_or(Corrupt("cut off"))
    }
}

/// Puts the frame before a payload.
pub(crate) fn frame(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len().saturating_add(FRAME_BYTES));
    bytes.extend(MAGIC);
    bytes.extend(FORMAT_VERSION.to_le_bytes());
    bytes.extend([kind as u8, 0]);
    bytes.extend(checksum(payload, kind as u8).to_le_bytes());
    bytes.extend(payload);
    bytes
}

/// A 64-bit sum in which every bit of the input changes the result; not against forgery, which the release is.
fn checksum(bytes: &[u8], seed: u8) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(FACTOR).rotate_left(29);
    let start = mix(u64::from(seed), bytes.len() as u64);
    let sum = chunks.iter().fold(start, |sum, chunk| mix(sum, u64::from_le_bytes(*chunk)));
    rest.iter().fold(sum, |sum, byte| mix(sum, u64::from(*byte)))
}

/// A place in bytes. Reading past the end is an error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    pub(crate) fn new(rest: &'a [u8]) -> Bytes<'a> {
        Bytes { rest }
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Corrupt> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Corrupt("cut off"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Corrupt> {
        let (byte, rest) = self.rest.split_first().ok_or(Corrupt("cut off"))?;
        self.rest = rest;
        Ok(*byte)
    }

    /// A little-endian number of at most eight bytes.
    pub(crate) fn number(&mut self, width: usize) -> Result<u64, Corrupt> {
        Ok(little_endian(self.take(width)?))
    }

    /// A number in as many bytes as it needs, seven bits in each.
    pub(crate) fn varint(&mut self) -> Result<u64, Corrupt> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).wrapping_shl(shift);
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Corrupt("a number is too long"))
    }

    /// A number that counts something in memory.
    pub(crate) fn size(&mut self) -> Result<usize, Corrupt> {
        usize::try_from(self.varint()?).map_err(|_| Corrupt("a size is too large"))
    }

    /// A part of the bytes with its length before it.
    pub(crate) fn part(&mut self) -> Result<&'a [u8], Corrupt> {
        let length = self.size()?;
        self.take(length)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Corrupt> {
        std::str::from_utf8(self.part()?).map_err(|_| Corrupt("a text is not UTF-8"))
    }
}

fn little_endian(bytes: &[u8]) -> u64 {
    // The usual widths of columns, which are read for every product.
    match *bytes {
        [a] => return u64::from(a),
        [a, b] => return u64::from(u16::from_le_bytes([a, b])),
        [a, b, c] => return u64::from(u32::from_le_bytes([a, b, c, 0])),
        _ => {}
    }
    bytes.iter().rev().fold(0, |value: u64, byte| value.wrapping_shl(8) | u64::from(*byte))
}

/// Numbers of one width, read by position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column<'a> {
    width: usize,
    bytes: &'a [u8],
}

impl<'a> Column<'a> {
    pub(crate) fn read(from: &mut Bytes<'a>) -> Result<Column<'a>, Corrupt> {
        let width = usize::from(from.byte()?);
        if !(1..=8).contains(&width) {
            return Err(Corrupt("a column has no width"));
        }
        Ok(Column { width, bytes: from.part()? })
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len().checked_div(self.width).unwrap_or(0)
    }

    pub(crate) fn get(&self, index: usize) -> Option<u64> {
        let start = index.checked_mul(self.width)?;
        self.bytes.get(start..start.checked_add(self.width)?).map(little_endian)
    }

    pub(crate) fn size(&self, index: usize) -> Option<usize> {
        usize::try_from(self.get(index)?).ok()
    }

    /// The numbers from one position to before another.
    pub(crate) fn range(&self, start: usize, end: usize) -> impl Iterator<Item = u64> + use<'a> {
        let bytes = start
            .checked_mul(self.width)
            .zip(end.checked_mul(self.width))
            .and_then(|(start, end)| self.bytes.get(start..end));
        bytes.unwrap_or_default().chunks_exact(self.width).map(little_endian)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u64> + use<'a> {
        self.range(0, self.len())
    }
}

/// Writing what [`Bytes`] reads.
pub(crate) trait Write {
    fn varint(&mut self, value: u64);
    fn part(&mut self, bytes: &[u8]);
    fn text(&mut self, text: &str);
    fn column(&mut self, values: &[u64]);
}

impl Write for Vec<u8> {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.push(value as u8);
    }

    fn part(&mut self, bytes: &[u8]) {
        self.varint(bytes.len() as u64);
        self.extend(bytes);
    }

    fn text(&mut self, text: &str) {
        self.part(text.as_bytes());
    }

    fn column(&mut self, values: &[u64]) {
        let most = values.iter().copied().max().unwrap_or(0);
        let width = (64_u32.saturating_sub(most.leading_zeros())).div_ceil(8).max(1) as usize;
        self.push(width as u8);
        self.varint(values.len().saturating_mul(width) as u64);
        for value in values {
            self.extend(value.to_le_bytes().iter().take(width));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_come_back() {
        let mut bytes = Vec::new();
        for value in [0, 127, 128, 300, u64::MAX] {
            bytes.varint(value);
        }
        bytes.text("Geschirrtücher");
        bytes.column(&[7, 70_000, 3]);
        let mut read = Bytes::new(&bytes);
        for value in [0, 127, 128, 300, u64::MAX] {
            assert_eq!(read.varint(), Ok(value));
        }
        assert_eq!(read.text(), Ok("Geschirrtücher"));
        let column = Column::read(&mut read).unwrap();
        assert_eq!((column.width, column.iter().collect::<Vec<_>>()), (3, vec![7, 70_000, 3]));
        assert_eq!(column.get(3), None);
        assert_eq!(read.byte(), Err(Corrupt("cut off")));
    }

    #[test]
    fn every_changed_bit_is_noticed() {
        let whole = frame(Kind::Words, b"stoneware mug, speckled");
        assert!(Checked::new(whole.clone()).is_ok());
        for at in (0..whole.len()).filter(|at| *at != 7) {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                assert!(Checked::new(changed).is_err(), "byte {at}, bit {bit}");
            }
        }
        assert!((0..whole.len()).all(|end| Checked::new(&whole[..end]).is_err()));
    }
}

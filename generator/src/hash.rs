//! Names for bytes.

/// The BLAKE3 hash of the bytes, in hexadecimal digits.
pub(crate) fn full_hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The first eight digits of [`full_hash`]: enough to tell the versions of one file apart.
pub(crate) fn short_hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(8).collect()
}

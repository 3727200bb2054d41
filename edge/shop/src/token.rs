//! Names nobody can guess: ids, session tokens, order numbers. Randomness comes in, text goes out.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Crockford's digits: no I, L, O and U, so that nobody mistakes one for another when reading aloud.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Length of an id: 128 bits in digits of five bits.
const ID_CHARS: usize = 26;

/// A 128-bit id in 26 small Crockford digits: orders, carts, customers, staff, form keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id(String);

impl Id {
    /// An id out of fresh randomness.
    pub(crate) fn new(random: [u8; 32]) -> Id {
        Id(base32(u128_of(&random), ID_CHARS).to_ascii_lowercase())
    }

    /// Takes an id from outside.
    pub(crate) fn parse(text: &str) -> Option<Id> {
        let known = |byte: u8| !byte.is_ascii_uppercase() && CROCKFORD.contains(&byte.to_ascii_uppercase());
        (text.len() == ID_CHARS && text.bytes().all(known)).then(|| Id(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The number people say and write, `7K4M-2QXD`: 40 bits.
pub(crate) fn order_number(random: [u8; 32]) -> String {
    let digits = base32(u128_of(&random), 8);
    let (left, right) = digits.split_at_checked(4).unwrap_or((digits.as_str(), ""));
    format!("{left}-{right}")
}

/// Reads an order number as people type it: in small letters, without the hyphen, with O for 0 and L or I for 1.
pub(crate) fn typed_number(text: &str) -> Option<String> {
    let digit = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(digit).collect();
    let known = digits.len() == 8 && digits.bytes().all(|byte| CROCKFORD.contains(&byte));
    let (left, right) = digits.split_at_checked(4).filter(|_| known)?;
    Some(format!("{left}-{right}"))
}

/// A 256-bit session token as the browser keeps it.
pub(crate) struct Token(String);

impl Token {
    /// A token out of fresh randomness.
    pub(crate) fn new(random: [u8; 32]) -> Token {
        Token(URL_SAFE_NO_PAD.encode(random))
    }

    /// Takes a token from a cookie.
    pub(crate) fn parse(text: &str) -> Option<Token> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 32).then(|| Token(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What the database keeps. Looking a hash up does not tell how much of a guess was right.
    pub(crate) fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }
}

/// A keyed hash over parts, each with its length, so that no two lists of parts look alike.
///
/// It is keyed because the parts hold names and addresses, which a plain hash would let anybody try out.
pub(crate) fn keyed_hash(secret: &[u8], parts: &[&str]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    for part in parts {
        mac.update(&u64::try_from(part.len()).ok()?.to_be_bytes());
        mac.update(part.as_bytes());
    }
    Some(URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn u128_of(random: &[u8; 32]) -> u128 {
    random.iter().take(16).fold(0, |value, byte| (value << 8) | u128::from(*byte))
}

/// The lowest bits of a number as this many digits of five bits.
fn base32(mut value: u128, digits: usize) -> String {
    let mut text = Vec::with_capacity(digits);
    for _ in 0..digits {
        let digit = usize::try_from(value & 31).unwrap_or(0);
        text.push(char::from(CROCKFORD.get(digit).copied().unwrap_or(b'0')));
        value >>= 5;
    }
    text.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_and_nothing_else_does() {
        let id = Id::new([0xA7; 32]);
        assert_eq!(id.as_str().len(), 26);
        assert_eq!(Id::parse(id.as_str()), Some(id.clone()));
        for bad in ["", "x", "../../etc", &id.as_str().to_uppercase(), &"u".repeat(26), &"0".repeat(27)] {
            assert_eq!(Id::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_are_easy_to_read_out() {
        assert_eq!(order_number([0; 32]), "0000-0000");
        assert_eq!(order_number([0xFF; 32]), "ZZZZ-ZZZZ");
        for typed in ["7K4M-2Q10", "7k4m2qLO", " 7K4M 2Qio ", "7k4m-2ql0"] {
            assert_eq!(typed_number(typed).as_deref(), Some("7K4M-2Q10"), "{typed}");
        }
        for bad in ["", "7K4M", "7K4M-2QXDD", "7K4M-2QXÜ", "7K4M-2QXU", "Grace Hopper"] {
            assert_eq!(typed_number(bad), None, "{bad}");
        }
    }

    #[test]
    fn tokens_keep_256_bits_and_hash_without_the_token() {
        let token = Token::new([7; 32]);
        assert_eq!(token.as_str().len(), 43);
        assert!(Token::parse(token.as_str()).is_some() && Token::parse("short").is_none());
        assert!(!token.hash().contains(token.as_str()));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let hash = |parts: &[&str]| keyed_hash(b"key", parts);
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_ne!(keyed_hash(b"other", &["a"]), hash(&["a"]));
    }
}

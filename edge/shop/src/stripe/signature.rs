//! Whether a message comes from Stripe.
//!
//! Source: docs.stripe.com/webhooks, "Verify webhook signatures manually".

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How far the clock of the sender may be off, in seconds, both ways.
const TOLERANCE_SECONDS: i64 = 300;

/// The most signatures of a header that are looked at.
const SIGNATURES_MAX: usize = 16;

/// Whether one of the secrets signed this body within the last minutes. `v0` and unknown schemes count for nothing.
pub(crate) fn is_genuine(header: &str, body: &[u8], secrets: &[String], now: i64) -> bool {
    let pairs = || header.split(',').filter_map(|pair| pair.trim().split_once('='));
    let Some((_, at)) = pairs().find(|(name, _)| *name == "t") else { return false };
    let fresh =
        at.parse::<i64>().is_ok_and(|at| now.saturating_sub(at).saturating_abs() <= TOLERANCE_SECONDS);
    let signatures = || pairs().filter(|(name, _)| *name == "v1").take(SIGNATURES_MAX);
    fresh
        && secrets.iter().any(|secret| {
            signatures().filter_map(|(_, hex)| bytes(hex)).any(|given| signs(secret, at, body, &given))
        })
}

/// Compares in constant time.
fn signs(secret: &str, at: &str, body: &[u8], given: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(at.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.verify_slice(given).is_ok()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    hex.as_bytes().chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_435_200;

    fn header(secret: &str, body: &[u8], at: i64) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{at}.").as_bytes());
        mac.update(body);
        let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={at},v1={hex}")
    }

    #[test]
    fn either_secret_will_do_and_nothing_else() {
        let secrets = ["new".to_owned(), "old".to_owned()];
        let body = b"{\"id\":1}";
        let genuine = |header: &str| is_genuine(header, body, &secrets, NOW);
        for secret in &secrets {
            assert!(genuine(&header(secret, body, NOW)));
        }
        let good = header("new", body, NOW);
        let (time, signature) = good.split_once(',').unwrap();
        assert!(genuine(&format!("{time},v1={},{signature}", "00".repeat(32))), "one of several");
        for bad in [
            "",
            "t=,v1=",
            time,
            signature,
            &good.replace("v1", "v0"),
            &good.to_uppercase(),
            &format!("t={},{signature}", NOW + 1),
            &format!("{time},{}", &signature[..signature.len() - 2]),
            &header("other", body, NOW),
            &header("new", b"{\"id\":2}", NOW),
        ] {
            assert!(!genuine(bad), "{bad}");
        }
    }

    #[test]
    fn five_minutes_either_way() {
        let secrets = ["new".to_owned()];
        for (off, genuine) in
            [(0, true), (-300, true), (300, true), (-301, false), (301, false), (i64::MAX - NOW, false)]
        {
            let header = header("new", b"x", NOW + off);
            assert_eq!(is_genuine(&header, b"x", &secrets, NOW), genuine, "{off}");
        }
    }
}

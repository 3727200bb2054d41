//! Trade item numbers: the digits below a bar code.

use crate::fields::Value;

/// Reads a GTIN-8, -12, -13 or -14, as a text, because it may begin with 0.
pub(crate) fn gtin(value: Value<'_, '_>) -> Option<String> {
    value.parse(check, "copy all digits below the bar code, as a text: \"5012345678900\"")
}

fn check(text: &str) -> Result<String, &'static str> {
    if ![8, 12, 13, 14].contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("a GTIN has 8, 12, 13 or 14 digits");
    }
    // From the right, the check digit counts once, its neighbour three times, the next once, and so on.
    let weights = [1_u32, 3].into_iter().cycle();
    let sum: u32 =
        text.bytes().rev().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    if sum.is_multiple_of(10) { Ok(text.to_owned()) } else { Err("its last digit does not fit the others") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        for right in ["4006381333931", "73513537", "036000291452", "10614141000415"] {
            assert_eq!(check(right), Ok(right.to_owned()));
        }
        for wrong in ["4006381333932", "4006381339331", "400638133393", "", "40063813339３1"] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}

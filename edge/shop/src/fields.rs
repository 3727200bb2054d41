//! What people type, parsed once. Nothing with a line break or a control character gets through where one line is
//! expected, so no field can end up in a header, an address or a log line as two.

mod password;

pub(crate) use password::Password;

use ipswich_catalog::{Messages, Text};

use crate::texts;

/// Why a field is refused. [`FieldProblem::sentence`] says it to the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldProblem {
    Missing,
    TooLong { chars_max: usize },
    ControlCharacter,
    Email,
    Postcode,
    Phone,
    PasswordShort,
    PasswordLong,
    PasswordCommon,
}

impl FieldProblem {
    /// A sentence; `what` is what the field asks for, such as "your name".
    pub(crate) fn sentence(self, what: &Text, messages: &Messages) -> String {
        let what = messages.say(what, &[]);
        let say = |text| messages.say(text, &[("what", &what)]);
        match self {
            FieldProblem::Missing => say(&texts::FIELD_MISSING),
            FieldProblem::TooLong { chars_max } => {
                let most = chars_max.to_string();
                messages.say(&texts::FIELD_TOO_LONG, &[("what", &what), ("most", &most)])
            }
            FieldProblem::ControlCharacter => say(&texts::FIELD_CONTROL),
            FieldProblem::Email => say(&texts::FIELD_EMAIL),
            FieldProblem::Postcode => say(&texts::FIELD_POSTCODE),
            FieldProblem::Phone => say(&texts::FIELD_PHONE),
            FieldProblem::PasswordShort => say(&texts::PASSWORD_SHORT),
            FieldProblem::PasswordLong => say(&texts::PASSWORD_LONG),
            FieldProblem::PasswordCommon => say(&texts::PASSWORD_COMMON),
        }
    }
}

impl FieldProblem {
    /// The same for staff, who read English.
    pub(crate) fn in_english(self, what: &'static str) -> String {
        self.sentence(&Text::new("", what), &Messages::default())
    }
}

/// An e-mail address. Only the shape is checked; whether it exists, a mail finds out. `?` and `%` are refused: nobody
/// has them, and in a `mailto:` link they would add recipients and texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Email(String);

/// The longest address SMTP carries.
const EMAIL_BYTES_MAX: usize = 254;

impl Email {
    pub(crate) fn parse(text: &str) -> Result<Email, FieldProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(FieldProblem::Missing);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(FieldProblem::Email)?;
        let in_local = |b: u8| b.is_ascii_alphanumeric() || b"!#$&'*+-/=^_`{|}~.".contains(&b);
        let label = |label: &str| {
            let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
            (1..=63).contains(&label.len())
                && label.bytes().all(inner)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let local_ok = (1..=64).contains(&local.len())
            && local.bytes().all(in_local)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let domain_ok = domain.contains('.') && domain.split('.').all(label);
        if local_ok && domain_ok && text.len() <= EMAIL_BYTES_MAX {
            Ok(Email(text.to_owned()))
        } else {
            Err(FieldProblem::Email)
        }
    }

    /// As it was typed.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// In small letters, to find an account by.
    pub(crate) fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// One line of text with a limit: names, lines of an address, references.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line(String);

impl Line {
    /// A line that must say something.
    pub(crate) fn required(text: &str, chars_max: usize) -> Result<Line, FieldProblem> {
        let line = Line::optional(text, chars_max)?;
        if line.0.is_empty() { Err(FieldProblem::Missing) } else { Ok(line) }
    }

    /// A line that may be empty.
    pub(crate) fn optional(text: &str, chars_max: usize) -> Result<Line, FieldProblem> {
        let text = text.trim();
        if text.chars().any(breaks_lines) {
            Err(FieldProblem::ControlCharacter)
        } else if text.chars().count() > chars_max {
            Err(FieldProblem::TooLong { chars_max })
        } else {
            Ok(Line(text.to_owned()))
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters, the two characters that Unicode uses to end lines, and those that turn the direction of the
/// text around them, on pages of staff as well.
fn breaks_lines(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A postcode: in the United Kingdom in its usual form, elsewhere one short line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Postcode(String);

impl Postcode {
    /// Forgives capitals, blanks and where the blank is.
    pub(crate) fn parse(text: &str, country: &str) -> Result<Postcode, FieldProblem> {
        if country != "GB" {
            return Ok(Postcode(Line::required(text, 16)?.0));
        }
        if text.trim().is_empty() {
            return Err(FieldProblem::Missing);
        }
        let packed: String =
            text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let split = packed.len().checked_sub(3).ok_or(FieldProblem::Postcode)?;
        let (outward, inward) = packed.split_at_checked(split).ok_or(FieldProblem::Postcode)?;
        let known = outward_shape(outward)
            && matches!(inward.as_bytes(), [a, b, c] if a.is_ascii_digit() && b.is_ascii_uppercase() && c.is_ascii_uppercase());
        if known { Ok(Postcode(format!("{outward} {inward}"))) } else { Err(FieldProblem::Postcode) }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// `A9`, `A99`, `AA9`, `AA99`, `A9A`, `AA9A`: the forms of the first half.
fn outward_shape(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_digit() {
                '9'
            } else if c.is_ascii_uppercase() {
                'A'
            } else {
                '?'
            }
        })
        .collect();
    matches!(shape.as_str(), "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A")
}

/// A phone number, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Phone(String);

impl Phone {
    pub(crate) fn parse(text: &str) -> Result<Phone, FieldProblem> {
        let text = text.trim();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let shaped = text.bytes().all(|b| b.is_ascii_digit() || b" +()-./".contains(&b));
        if text.is_empty() || (shaped && (6..=15).contains(&digits) && text.len() <= 30) {
            Ok(Phone(text.to_owned()))
        } else {
            Err(FieldProblem::Phone)
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a customer wants to tell: several lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Note(String);

impl Note {
    pub(crate) const CHARS_MAX: usize = 500;

    /// Line ends of any kind become `\n`.
    pub(crate) fn parse(text: &str) -> Result<Note, FieldProblem> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim();
        if text.chars().any(|c| c != '\n' && c != '\t' && breaks_lines(c)) {
            Err(FieldProblem::ControlCharacter)
        } else if text.chars().count() > Note::CHARS_MAX {
            Err(FieldProblem::TooLong { chars_max: Note::CHARS_MAX })
        } else {
            Ok(Note(text.to_owned()))
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mails() {
        for good in ["a@b.co", " Ada.Lovelace+shop@mail.example.com ", "o'neil@x-y.example"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@",
            "@b.co",
            "a@b",
            "a b@c.de",
            "a@b.co\r\nBcc: x@y.z",
            "a@b..co",
            ".a@b.co",
            "a@-b.co",
            "<a@b.co>",
            "a?bcc=x@b.co",
            "a%2Cx%40y.zz@b.co",
            "a@b.co,c@d.ef",
            "ä@b.co",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Email::parse("Ada@B.CO").unwrap().key(), "ada@b.co");
    }

    #[test]
    fn postcodes_are_forgiven_their_form() {
        for (typed, kept) in [
            ("ip11xf", "IP1 1XF"),
            (" IP1  1XF", "IP1 1XF"),
            ("ec1a1bb", "EC1A 1BB"),
            ("M1 1AE", "M1 1AE"),
            ("w1a 0ax", "W1A 0AX"),
        ] {
            assert_eq!(Postcode::parse(typed, "GB").unwrap().as_str(), kept);
        }
        for bad in ["IP", "IP1", "1IP 1XF", "IP1 XF1", "IP1 1X", "ABC1 1AA", "IP1 1XF5", "ÄÖ1 1XF"] {
            assert_eq!(Postcode::parse(bad, "GB"), Err(FieldProblem::Postcode), "{bad}");
        }
        assert_eq!(Postcode::parse(" ", "GB"), Err(FieldProblem::Missing));
        assert_eq!(Postcode::parse("75001", "FR").unwrap().as_str(), "75001");
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(Line::required(" Ada ", 10).unwrap().as_str(), "Ada");
        assert_eq!(Line::required("", 10), Err(FieldProblem::Missing));
        assert_eq!(Line::required("äöüäöü", 5), Err(FieldProblem::TooLong { chars_max: 5 }));
        for bad in ["a\nb", "a\rb", "a\u{0}b", "a\u{2028}b", "a\u{202E}b"] {
            assert_eq!(Line::optional(bad, 10), Err(FieldProblem::ControlCharacter), "{bad:?}");
        }
        assert_eq!(Note::parse("a\r\nb\rc").unwrap().as_str(), "a\nb\nc");
        assert!(Note::parse("a\u{7}").is_err() && Note::parse(&"x".repeat(501)).is_err());
    }

    #[test]
    fn phone_numbers() {
        for good in ["", "01632 960 144", "+44 (0)1632 960144"] {
            assert!(Phone::parse(good).is_ok(), "{good}");
        }
        for bad in ["call me", "12345", "0163296014401632960144", "01632\n960144"] {
            assert_eq!(Phone::parse(bad), Err(FieldProblem::Phone), "{bad:?}");
        }
    }
}

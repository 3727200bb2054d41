//! A mistake in content or theme, with its place.

use std::fmt;

use serde::Serialize;

/// A mistake that an editor can mend. Problems sort by file, line and column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The file, relative to the project, with forward slashes.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it; empty if the message says it.
    pub help: String,
    /// The line of the file with the mistake; empty if there is none to show.
    #[serde(skip)]
    pub excerpt: String,
    /// How many characters of the line are meant, at least 1.
    #[serde(skip)]
    pub width: usize,
}

impl Problem {
    /// A problem of a whole file; its place is the first line.
    pub fn of_file(file: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem {
            file: file.into(),
            line: 1,
            column: 1,
            message: message.into(),
            help: help.into(),
            excerpt: String::new(),
            width: 1,
        }
    }

    /// A problem at a range of bytes of a text. Ranges that leave the text are cut.
    pub fn in_text(
        file: &str,
        text: &str,
        span: std::ops::Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        let start = text.floor_char_boundary(span.start);
        let end = text.floor_char_boundary(span.end.max(start));
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let width = text[start..end.min(line_end).max(start)].chars().count();
        Problem {
            file: file.to_owned(),
            line: text[..start].bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            message: message.into(),
            help: help.into(),
            excerpt: text[line_start..line_end].trim_end().to_owned(),
            width: width.max(1),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// An argument of the command line that makes no sense, as a cause of an [`anyhow::Error`].
#[derive(Debug)]
pub struct WrongUse(pub String);

impl fmt::Display for WrongUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUse {}

/// The known name that a mistyped one was probably meant to be.
pub(crate) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (typed.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(typed, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// `did you mean "x"?`, or the fallback if nothing is near.
pub(crate) fn did_you_mean<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    nearest(typed, known).map_or_else(otherwise, |name| format!("did you mean {name:?}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_not_bytes() {
        let text = "a\n£ = \"x\"\n";
        let at = text.find('=').unwrap();
        let problem = Problem::in_text("f", text, at..at + 1, "m", "");
        assert_eq!((problem.line, problem.column, problem.excerpt.as_str()), (2, 3, "£ = \"x\""));
        let end = Problem::in_text("f", text, 999..1000, "m", "");
        assert_eq!((end.line, end.column), (3, 1));
    }

    #[test]
    fn suggests_only_what_is_near() {
        assert_eq!(nearest("titel", ["title", "tax"]), Some("title"));
        assert_eq!(nearest("zzz", ["title", "tax"]), None);
    }
}

//! Splits a content file into its front matter, which is TOML between two lines `+++`, and its Markdown body.
//!
//! Positions stay positions in the file, so that a mistake in either part is reported where it is.

use std::ops::Range;

use toml::de::DeTable;

use crate::problem::Problem;
use crate::source::TextFile;

/// The line before and after the front matter.
const FENCE: &str = "+++";

/// Where the parts of a file are, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The TOML between the fences.
    pub(crate) toml: Range<usize>,
    /// Everything after the closing fence.
    pub(crate) body: Range<usize>,
}

/// Finds the parts, or says what is missing.
pub(crate) fn split(file: &TextFile) -> Result<Parts, Problem> {
    // Some editors put a byte order mark first; it means nothing in UTF-8.
    let start = if file.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut at = start;
    let mut toml_start = None;
    for line in file.text[start..].split_inclusive('\n') {
        let is_fence = line.trim_end() == FENCE;
        match toml_start {
            None if is_fence => toml_start = Some(at + line.len()),
            None => break,
            Some(toml) if is_fence => {
                return Ok(Parts { toml: toml..at, body: at + line.len()..file.text.len() });
            }
            Some(_) => {}
        }
        at += line.len();
    }
    let help = "put the settings of the file between two lines \"+++\", the first of them at the top";
    Err(match toml_start {
        None => file.problem(start..start + 1, "the file does not begin with front matter", help),
        Some(_) => file.problem(start..start + FENCE.len(), "the front matter is not closed", help),
    })
}

/// Parses TOML that lies at a range of the file. Stops at the first mistake of syntax.
pub(crate) fn parse(file: &TextFile, toml: Range<usize>) -> Result<DeTable<'_>, Problem> {
    DeTable::parse(&file.text[toml.clone()]).map(|table| table.into_inner()).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        file.problem(
            toml.start + span.start..toml.start + span.end,
            format!("this is not valid TOML: {}", error.message().trim_end().replace('\n', ", ")),
            "texts stand in double quotes, lists in square brackets, and a key is given once",
        )
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn parts(text: &str) -> Result<(String, String), String> {
        let file = TextFile { path: "f.md".into(), name: "f.md".into(), text: Arc::new(text.to_owned()) };
        split(&file)
            .map(|parts| (file.text[parts.toml].to_owned(), file.text[parts.body].to_owned()))
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn splits_at_the_fences() {
        let expected = Ok(("a = 1\n".to_owned(), "body\n".to_owned()));
        assert_eq!(parts("+++\na = 1\n+++\nbody\n"), expected);
        assert_eq!(parts("\u{feff}+++\na = 1\n+++\nbody\n"), expected);
        assert_eq!(parts("+++\r\na = 1\r\n+++\r\n"), Ok(("a = 1\r\n".to_owned(), String::new())));
        assert_eq!(parts("+++\n+++"), Ok((String::new(), String::new())));
    }

    #[test]
    fn names_what_is_missing() {
        assert_eq!(parts("+++\na = 1\n"), Err("f.md:1:1: the front matter is not closed".into()));
        assert_eq!(parts("Hello\n"), Err("f.md:1:1: the file does not begin with front matter".into()));
        assert_eq!(parts(""), Err("f.md:1:1: the file does not begin with front matter".into()));
    }
}

//! Splits a content file into its front matter and its Markdown body, and reads the front matter.
//!
//! Front matter is TOML between two lines `+++`, or YAML between two lines `---`; both become the same
//! [`node::Table`]. Positions stay positions in the file, so that a mistake in either part is reported where it is.

pub(crate) mod node;
mod yaml;

use std::ops::Range;

use toml::de::DeTable;

use crate::fields::Notes;
use crate::problem::Problem;
use crate::source::TextFile;

/// How front matter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Toml,
    Yaml,
}

impl Syntax {
    const ALL: [Syntax; 2] = [Syntax::Toml, Syntax::Yaml];

    /// The line before and after the front matter.
    fn fence(self) -> &'static str {
        match self {
            Syntax::Toml => "+++",
            Syntax::Yaml => "---",
        }
    }

    /// The syntax of a content file, by its first line; TOML if that is no fence.
    pub(crate) fn of(file: &TextFile) -> Syntax {
        split(file).map_or(Syntax::Toml, |parts| parts.syntax)
    }

    /// A line that gives a key a value, as an editor would write it.
    pub(crate) fn set(self, key: &str, value: &str) -> String {
        match self {
            Syntax::Toml => format!("{key} = {value}"),
            Syntax::Yaml => format!("{key}: {value}"),
        }
    }

    /// The line that begins a table.
    pub(crate) fn table(self, key: &str) -> String {
        match self {
            Syntax::Toml => format!("[{key}]"),
            Syntax::Yaml => format!("\"{key}:\""),
        }
    }

    /// The line that begins a list of tables, or each table of it.
    pub(crate) fn tables(self, key: &str) -> String {
        match self {
            Syntax::Toml => format!("[[{key}]]"),
            Syntax::Yaml => format!("\"{key}:\""),
        }
    }
}

/// Where the parts of a file are, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) syntax: Syntax,
    /// Everything between the fences.
    pub(crate) head: Range<usize>,
    /// Everything after the closing fence.
    pub(crate) body: Range<usize>,
}

/// Front matter that was read.
pub(crate) enum Head<'f> {
    Toml(DeTable<'f>),
    Yaml(yaml::Mapping<'f>),
}

impl<'f> Head<'f> {
    /// Its keys.
    pub(crate) fn table(&self) -> node::Table<'_, 'f> {
        match self {
            Head::Toml(table) => node::Table::Toml(table),
            Head::Yaml(mapping) => node::Table::Yaml(mapping),
        }
    }
}

/// Finds the parts, or says what is missing.
pub(crate) fn split(file: &TextFile) -> Result<Parts, Problem> {
    // Some editors put a byte order mark first; it means nothing in UTF-8.
    let start = if file.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut at = start;
    let mut begun: Option<(Syntax, usize)> = None;
    for line in file.text[start..].split_inclusive('\n') {
        let fence = Syntax::ALL.into_iter().find(|syntax| line.trim_end() == syntax.fence());
        match (begun, fence) {
            (None, Some(syntax)) => begun = Some((syntax, at + line.len())),
            (None, None) => break,
            (Some((syntax, head)), Some(closing)) if syntax == closing => {
                return Ok(Parts { syntax, head: head..at, body: at + line.len()..file.text.len() });
            }
            (Some(_), _) => {}
        }
        at += line.len();
    }
    Err(match begun {
        None => {
            let help = "put the settings of the file between two lines \"+++\" (TOML) or \"---\" (YAML), the first \
                        of them at the top";
            file.problem(start..start + 1, "the file does not begin with front matter", help)
        }
        Some((syntax, _)) => {
            let fence = syntax.fence();
            let help = format!("put a line \"{fence}\" after the settings, before the text");
            file.problem(start..start + fence.len(), "the front matter is not closed", help)
        }
    })
}

/// Parses the front matter. Mistakes of syntax are noted; TOML ends at the first of them.
pub(crate) fn read<'f>(notes: &Notes<'f>, parts: &Parts) -> Option<Head<'f>> {
    match parts.syntax {
        Syntax::Toml => match parse(notes.file(), parts.head.clone()) {
            Ok(table) => Some(Head::Toml(table)),
            Err(problem) => {
                notes.push(problem);
                None
            }
        },
        Syntax::Yaml => yaml::parse(notes, parts.head.clone()).map(Head::Yaml),
    }
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
        let file = TextFile {
            path: "f.md".into(),
            name: "f.md".into(),
            text: Arc::new(text.to_owned()),
            is_read: true,
        };
        split(&file)
            .map(|parts| (file.text[parts.head].to_owned(), file.text[parts.body].to_owned()))
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn splits_at_the_fences() {
        let expected = Ok(("a = 1\n".to_owned(), "body\n".to_owned()));
        assert_eq!(parts("+++\na = 1\n+++\nbody\n"), expected);
        assert_eq!(parts("\u{feff}+++\na = 1\n+++\nbody\n"), expected);
        assert_eq!(parts("+++\r\na = 1\r\n+++\r\n"), Ok(("a = 1\r\n".to_owned(), String::new())));
        assert_eq!(parts("+++\n+++"), Ok((String::new(), String::new())));
        assert_eq!(parts("---\na: 1\n---\nbody\n---\n"), Ok(("a: 1\n".to_owned(), "body\n---\n".to_owned())));
    }

    #[test]
    fn names_what_is_missing() {
        assert_eq!(parts("+++\na = 1\n"), Err("f.md:1:1: the front matter is not closed".into()));
        assert_eq!(parts("---\na: 1\n+++\n"), Err("f.md:1:1: the front matter is not closed".into()));
        assert_eq!(parts("Hello\n"), Err("f.md:1:1: the file does not begin with front matter".into()));
        assert_eq!(parts(""), Err("f.md:1:1: the file does not begin with front matter".into()));
    }
}

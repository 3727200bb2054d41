//! Reads a file of messages: TOML tables, nested as one likes, whose names joined by points are the keys.

use std::collections::BTreeMap;
use std::ops::Range;

use ipswich_catalog::message::placeholders;
use ipswich_catalog::{Locale, Plural};
use toml::de::{DeTable, DeValue};

use crate::front_matter;
use crate::problem::Problem;
use crate::source::{TextFile, ThemeFiles};

/// The names of the forms of a word that goes with a number.
const FORMS: [Plural; 4] = [Plural::One, Plural::Few, Plural::Many, Plural::Other];

/// The messages of one language.
#[derive(Debug, Default)]
pub(super) struct MessageFile {
    messages: BTreeMap<String, Message>,
}

/// A message with its place.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) forms: Forms,
    /// The place of its key.
    pub(super) key: Range<usize>,
    /// The place of its text, or of all its forms.
    pub(super) place: Range<usize>,
}

/// What a message says.
#[derive(Debug)]
pub(super) enum Forms {
    /// The same with every number.
    Plain(String),
    /// By the form that goes with the number.
    Counting(BTreeMap<Plural, String>),
}

impl Forms {
    /// All its texts.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self {
            Forms::Plain(text) => vec![text],
            Forms::Counting(forms) => forms.values().map(String::as_str).collect(),
        }
    }
}

impl MessageFile {
    /// Where the messages of a language are, relative to the project.
    pub(super) fn path(files: &ThemeFiles, locale: Locale) -> String {
        format!("{}/messages/{}.toml", files.folder, locale.language())
    }

    /// The text of the file of a language, if the theme has it.
    pub(super) fn find(files: &ThemeFiles, locale: Locale) -> Option<&TextFile> {
        files.messages.iter().find(|file| file.name.strip_suffix(".toml") == Some(locale.language()))
    }

    /// The messages of a language, without those that have mistakes; none if the theme has no file for it.
    pub(super) fn of(files: &ThemeFiles, locale: Locale) -> Option<MessageFile> {
        MessageFile::find(files, locale).map(|file| MessageFile::read(file, locale).0)
    }

    /// Reads a file: what can be understood of it, and the mistakes.
    pub(super) fn read(file: &TextFile, locale: Locale) -> (MessageFile, Vec<Problem>) {
        let mut reader = Reader { file, locale, messages: BTreeMap::new(), problems: Vec::new() };
        match front_matter::parse(file, 0..file.text.len()) {
            Ok(table) => reader.table(&table, ""),
            Err(problem) => reader.problems.push(problem),
        }
        (MessageFile { messages: reader.messages }, reader.problems)
    }

    /// A message by its key.
    pub(super) fn get(&self, key: &str) -> Option<&Message> {
        self.messages.get(key)
    }

    /// All messages by key.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Message)> {
        self.messages.iter().map(|(key, message)| (key.as_str(), message))
    }
}

struct Reader<'f> {
    file: &'f TextFile,
    locale: Locale,
    messages: BTreeMap<String, Message>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>, prefix: &str) {
        for (name, value) in table.iter() {
            let key = match prefix {
                "" => name.get_ref().to_string(),
                prefix => format!("{prefix}.{}", name.get_ref()),
            };
            let forms = match value.get_ref() {
                DeValue::String(text) => self.text(text, value.span()).map(Forms::Plain),
                DeValue::Table(inner) if is_counting(inner) => self.counting(inner, value.span()),
                DeValue::Table(inner) => {
                    self.table(inner, &key);
                    None
                }
                _ => {
                    self.say(value.span(), "a message is a text", "write it in double quotes");
                    None
                }
            };
            if let Some(forms) = forms {
                self.messages.insert(key, Message { forms, key: name.span(), place: value.span() });
            }
        }
    }

    /// The forms of a message that goes with a number: those that the language has.
    fn counting(&mut self, table: &DeTable<'_>, place: Range<usize>) -> Option<Forms> {
        let mut forms = BTreeMap::new();
        for (name, value) in table.iter() {
            let form = FORMS.into_iter().find(|form| form.name() == name.get_ref().as_ref())?;
            let DeValue::String(text) = value.get_ref() else {
                self.say(value.span(), "a form of a message is a text", "write it in double quotes");
                return None;
            };
            forms.insert(form, self.text(text, value.span())?);
        }
        let wanted: Vec<&str> = self.locale.plurals().iter().map(|form| form.name()).collect();
        let given: Vec<&str> = forms.keys().map(|form| form.name()).collect();
        if given != wanted {
            let message = format!("the message has the forms {}", given.join(", "));
            let help = format!("{} counts with {}", self.locale.language(), wanted.join(", "));
            self.say(place, &message, &help);
            return None;
        }
        Some(Forms::Counting(forms))
    }

    fn text(&mut self, text: &str, place: Range<usize>) -> Option<String> {
        if text.contains(['\n', '\r']) {
            self.say(place, "a message is one line", "split it into several messages");
            return None;
        }
        if placeholders(text).is_none() {
            let help = "braces stand around the name of a value only, such as {count}";
            self.say(place, "this brace belongs to no placeholder", help);
            return None;
        }
        Some(text.to_owned())
    }

    fn say(&mut self, place: Range<usize>, message: &str, help: &str) {
        self.problems.push(self.file.problem(place, message, help));
    }
}

fn is_counting(table: &DeTable<'_>) -> bool {
    !table.is_empty()
        && table.keys().all(|name| FORMS.iter().any(|form| form.name() == name.get_ref().as_ref()))
}

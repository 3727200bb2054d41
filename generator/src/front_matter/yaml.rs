//! Reads YAML into nodes with their places.
//!
//! Of YAML, front matter needs keys, texts, lists and tables. Anchors, aliases, tags, directives and further
//! documents are refused: they make a file mean what it does not show, and an alias can unfold without bound.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span, StrInput};

use crate::fields::Notes;

/// How deep lists and tables may be nested.
const DEPTH_MAX: usize = 16;

/// A value with its place, counted from where the front matter begins.
#[derive(Debug)]
pub(crate) struct Node<'f> {
    pub(crate) span: Range<usize>,
    pub(crate) data: Data<'f>,
}

/// What a value is.
#[derive(Debug)]
pub(crate) enum Data<'f> {
    /// In quotes, or a block of lines.
    Text(Cow<'f, str>),
    /// Without quotes.
    Bare(Cow<'f, str>),
    List(Vec<Node<'f>>),
    Table(Mapping<'f>),
    /// Refused; that was reported.
    Broken,
}

/// Keys with values, in the order of the file.
#[derive(Debug, Default)]
pub(crate) struct Mapping<'f> {
    pub(crate) entries: Vec<(Key<'f>, Node<'f>)>,
}

/// The name of a value.
#[derive(Debug)]
pub(crate) struct Key<'f> {
    pub(crate) name: Cow<'f, str>,
    pub(crate) span: Range<usize>,
}

impl<'f> Mapping<'f> {
    /// A key and its value.
    pub(crate) fn get(&self, name: &str) -> Option<(&Key<'f>, &Node<'f>)> {
        self.entries.iter().find(|(key, _)| key.name == name).map(|(key, value)| (key, value))
    }
}

/// Parses the YAML at a range of the file. Mistakes are noted; `None` after one of syntax.
pub(crate) fn parse<'f>(notes: &Notes<'f>, range: Range<usize>) -> Option<Mapping<'f>> {
    let mut options = granit_parser::options! {
        disallow_directives: true,
        flow_nesting_limit: DEPTH_MAX,
        block_nesting_limit: DEPTH_MAX,
    };
    options.set_emit_comments(false);
    Reader::new(notes, range, options).document()
}

struct Reader<'r, 'f> {
    notes: &'r Notes<'f>,
    text: &'f str,
    offset: usize,
    parser: Parser<'f, StrInput<'f>>,
}

impl<'r, 'f> Reader<'r, 'f> {
    fn new(notes: &'r Notes<'f>, range: Range<usize>, options: Options) -> Reader<'r, 'f> {
        let (text, offset) = (&notes.file().text[range.clone()], range.start);
        Reader { notes, text, offset, parser: Parser::new_from_str_with_options(text, options) }
    }

    /// The table of the one document.
    fn document(&mut self) -> Option<Mapping<'f>> {
        let mut found = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Some(found.unwrap_or_default()),
                Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(explicit, _) if explicit || found.is_some() => {
                    let help = "one table of keys stands between the two lines \"---\"; remove the line";
                    self.note(span, "another document begins here", help);
                    return None;
                }
                Event::DocumentStart(..) => {}
                event => match self.node(event, span.clone())? {
                    Node { data: Data::Table(mapping), .. } => found = Some(mapping),
                    // An empty document between comments.
                    Node { data: Data::Bare(text), .. } if text.is_empty() => {}
                    Node { data: Data::Broken, .. } => return None,
                    Node { span, .. } => {
                        let help = "write each setting on a line of its own, such as \"weight: 400\"";
                        self.note(span, "this is no key with a value", help);
                        return None;
                    }
                },
            }
        }
    }

    /// The value that begins with this event. `None` only after a mistake of syntax.
    fn node(&mut self, event: Event<'f>, span: Range<usize>) -> Option<Node<'f>> {
        let (anchor, tag) = match &event {
            Event::Scalar(_, _, anchor, tag) => (*anchor, tag.is_some()),
            Event::SequenceStart(_, anchor, tag) | Event::MappingStart(_, anchor, tag) => {
                (*anchor, tag.is_some())
            }
            _ => (0, false),
        };
        let refused = match event {
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                Some("an alias (\"*\") cannot stand in front matter")
            }
            _ if anchor != 0 => Some("an anchor (\"&\") cannot stand in front matter"),
            _ if tag => Some("a tag (\"!\") cannot stand in front matter"),
            _ => None,
        };
        if let Some(message) = refused {
            let help = "write the value itself; put a text that begins with \"*\", \"&\" or \"!\" in quotes";
            self.note(span.clone(), message, help);
        }
        let mut node = match event {
            Event::Scalar(text, ScalarStyle::Plain, ..) => Node { span, data: Data::Bare(text) },
            Event::Scalar(text, ScalarStyle::Literal | ScalarStyle::Folded, ..) => {
                // The line feed after the last line belongs to the way of writing, not to the text.
                let text = Cow::Owned(text.trim_end_matches('\n').to_owned());
                Node { span, data: Data::Text(text) }
            }
            Event::Scalar(text, ..) => Node { span, data: Data::Text(text) },
            Event::SequenceStart(..) => self.list(span)?,
            Event::MappingStart(..) => self.table(span)?,
            _ => Node { span, data: Data::Broken },
        };
        if refused.is_some() {
            node.data = Data::Broken;
        }
        Some(node)
    }

    fn list(&mut self, begin: Range<usize>) -> Option<Node<'f>> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, end) => {
                    let span = whole(begin, items.first().map(|item: &Node<'f>| &item.span), end);
                    return Some(Node { span, data: Data::List(items) });
                }
                (event, span) => items.push(self.node(event, span)?),
            }
        }
    }

    fn table(&mut self, begin: Range<usize>) -> Option<Node<'f>> {
        let mut mapping = Mapping::default();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                self.check_repeated(&mapping);
                let first = mapping.entries.first().map(|(key, _)| &key.span);
                let span = whole(begin, first, span);
                return Some(Node { span, data: Data::Table(mapping) });
            }
            let key = match self.node(event, span)? {
                Node { span, data: Data::Bare(name) | Data::Text(name) } => Some(Key { name, span }),
                Node { data: Data::Broken, .. } => None,
                Node { span, .. } => {
                    self.note(span, "a key is a word", "write it like \"weight: 400\"");
                    None
                }
            };
            let (event, span) = self.next()?;
            let mut value = self.node(event, span)?;
            if let Some(key) = key {
                // A key with nothing after it is shown by its name.
                if value.span.is_empty() {
                    value.span = key.span.clone();
                }
                mapping.entries.push((key, value));
            }
        }
    }

    /// No key of a table is given twice.
    fn check_repeated(&self, mapping: &Mapping<'f>) {
        let mut keys: Vec<&Key<'f>> = mapping.entries.iter().map(|(key, _)| key).collect();
        keys.sort_by(|a, b| (&a.name, a.span.start).cmp(&(&b.name, b.span.start)));
        for pair in keys.windows(2) {
            if let [first, second] = pair
                && first.name == second.name
            {
                let message = format!("the key {:?} is given twice", second.name);
                self.note(second.span.clone(), message, "a key is given once; remove one of the two");
            }
        }
    }

    /// The next event with its place. A mistake of syntax is noted, and then there is no next one.
    fn next(&mut self) -> Option<(Event<'f>, Range<usize>)> {
        match self.parser.next_event()? {
            Ok((event, span)) => Some((event, self.range(&span))),
            Err(error) => {
                self.syntax(&error);
                None
            }
        }
    }

    fn range(&self, span: &Span) -> Range<usize> {
        let mut range = span.byte_range().unwrap_or_default();
        range.end = range.end.min(self.text.len());
        range.start = range.start.min(range.end);
        // A block of lines ends where the next line begins.
        let text = self.text.get(range.clone()).unwrap_or_default();
        range.start..range.start + text.trim_end().len()
    }

    fn note(&self, span: Range<usize>, message: impl Into<String>, help: &str) {
        self.notes.add(self.offset + span.start..self.offset + span.end, message, help);
    }

    fn syntax(&self, error: &ScanError) {
        let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
        let line = self.text[..self.text.floor_char_boundary(at)].rsplit('\n').next().unwrap_or_default();
        let info = error.info();
        let help = if line.contains('\t') || info.contains("tabs") {
            "indent with spaces; YAML takes no tabs"
        } else if info.contains("mapping values") {
            "put a text with \": \" in it in double quotes"
        } else {
            "write each setting on a line of its own, such as \"weight: 400\", put texts with signs in double quotes, \
             and indent with spaces"
        };
        self.note(at..at + 1, format!("this is not valid YAML: {}", info.trim_end()), help);
    }
}

/// The place of a list or table: all of it if it stands in brackets, else its first item.
fn whole(begin: Range<usize>, first: Option<&Range<usize>>, end: Range<usize>) -> Range<usize> {
    match first {
        _ if !begin.is_empty() => begin.start..end.end.max(begin.end),
        Some(first) => first.clone(),
        None => begin,
    }
}

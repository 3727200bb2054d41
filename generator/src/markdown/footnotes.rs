//! Footnotes: numbered where they are referred to, and together at the end of the text.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::fields::Notes;

/// Collects the events of a text, those of footnotes apart.
pub(super) struct Footnotes<'r, 'f, 't> {
    notes: &'r Notes<'f>,
    text: Vec<Event<'t>>,
    /// Numbers by label, in the order of the first references.
    numbers: HashMap<String, usize>,
    /// The footnotes that are being read, the innermost last.
    open: Vec<(String, Range<usize>, Vec<Event<'t>>)>,
    read: Vec<(String, Range<usize>, Vec<Event<'t>>)>,
}

impl<'r, 'f, 't> Footnotes<'r, 'f, 't> {
    /// Begins a text; reports references to footnotes that are not there, which the parser takes for words.
    pub(super) fn new(notes: &'r Notes<'f>, events: &[(Event<'t>, Range<usize>)]) -> Footnotes<'r, 'f, 't> {
        let footnotes = Footnotes {
            notes,
            text: Vec::with_capacity(events.len()),
            numbers: HashMap::new(),
            open: Vec::new(),
            read: Vec::new(),
        };
        let mut in_code = false;
        for (event, span) in events {
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(TagEnd::CodeBlock) => in_code = false,
                Event::Text(text) if !in_code && text.contains("[^") => footnotes.check_words(span),
                _ => {}
            }
        }
        footnotes
    }

    fn check_words(&self, span: &Range<usize>) {
        let source = self.notes.file().text.get(span.clone()).unwrap_or_default();
        for (at, _) in source.match_indices("[^") {
            let label = source[at + 2..].split([']', '\n', ' ']).next().unwrap_or_default();
            let is_closed = source[at + 2 + label.len()..].starts_with(']');
            if label.is_empty() || !is_closed || source[..at].ends_with('\\') {
                continue;
            }
            let place = span.start + at..span.start + at + label.len() + 3;
            let help = format!("add it below, in a paragraph of its own: [^{label}]: What it says.");
            self.notes.add(place, format!("there is no footnote {label:?}"), help);
        }
    }

    /// Where events go: to the text, or to the footnote that is being read.
    pub(super) fn out(&mut self) -> &mut Vec<Event<'t>> {
        match self.open.last_mut() {
            Some((_, _, events)) => events,
            None => &mut self.text,
        }
    }

    /// Begins a footnote.
    pub(super) fn begin(&mut self, label: &str, span: Range<usize>) {
        self.open.push((label.to_owned(), span, Vec::new()));
    }

    /// Ends it.
    pub(super) fn end(&mut self) {
        self.read.extend(self.open.pop());
    }

    /// Puts the number of a footnote.
    pub(super) fn reference(&mut self, label: &str) {
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(label.to_owned()).or_insert(next);
        let id = if number == next { format!(" id=\"fnref:{number}\"") } else { String::new() };
        let html = format!("<sup><a href=\"#fn:{number}\"{id} role=\"doc-noteref\">{number}</a></sup>");
        self.out().push(Event::InlineHtml(CowStr::from(html)));
    }

    /// The text with its footnotes below.
    pub(super) fn finish(mut self) -> Vec<Event<'t>> {
        let mut notes = Vec::new();
        for (label, span, events) in self.read {
            match self.numbers.get(&label) {
                Some(number) => notes.push((*number, events)),
                None => {
                    let head = span.start..span.start + label.len() + 4;
                    let help = format!("write [^{label}] where it belongs, or remove it");
                    self.notes.add(head, format!("nothing refers to the footnote {label:?}"), help);
                }
            }
        }
        if notes.is_empty() {
            return self.text;
        }
        notes.sort_by_key(|(number, _)| *number);
        let mut raw = |html: String, more: Vec<Event<'t>>| {
            self.text.push(Event::InlineHtml(CowStr::from(html)));
            self.text.extend(more);
        };
        raw("<section class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n".to_owned(), Vec::new());
        for (number, events) in notes {
            raw(format!("<li id=\"fn:{number}\">"), events);
            let back = format!("<a href=\"#fnref:{number}\" role=\"doc-backlink\">↩</a></li>\n");
            raw(back, Vec::new());
        }
        raw("</ol>\n</section>\n".to_owned(), Vec::new());
        self.text
    }
}

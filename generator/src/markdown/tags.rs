//! HTML in a text: a few harmless elements stay, everything else is a mistake with its place.
//!
//! What stays is written anew from its parts, so nothing gets through that was not understood.

use std::ops::Range;

use pulldown_cmark::Event;

use super::escape;
use crate::fields::Notes;

/// Elements with an end, and the one attribute each may have.
const ELEMENTS: [(&str, &str); 20] = [
    ("abbr", "title"),
    ("caption", ""),
    ("cite", ""),
    ("dd", ""),
    ("del", ""),
    ("details", "open"),
    ("dfn", ""),
    ("dl", ""),
    ("dt", ""),
    ("figcaption", ""),
    ("figure", ""),
    ("ins", ""),
    ("kbd", ""),
    ("mark", ""),
    ("q", ""),
    ("samp", ""),
    ("small", ""),
    ("sub", ""),
    ("summary", ""),
    ("sup", ""),
];

/// Elements without an end.
const VOID: [&str; 2] = ["br", "wbr"];

/// What Markdown has for elements that people know.
const MARKDOWN: [(&str, &str); 13] = [
    ("a", "[words](/address/)"),
    ("b", "**words**"),
    ("strong", "**words**"),
    ("i", "*words*"),
    ("em", "*words*"),
    ("img", "![what it shows](file.svg), perhaps with {width=400}"),
    ("code", "`words`"),
    ("p", "paragraphs with an empty line between them"),
    ("h2", "## Words"),
    ("h3", "### Words"),
    ("li", "- words"),
    ("table", "rows of cells between \"|\""),
    ("hr", "a line of three stars"),
];

/// An element that is not closed yet.
struct Open {
    /// `None` for one that was refused: its end is not a second mistake.
    name: Option<&'static str>,
    written: String,
    span: Range<usize>,
    /// How many Markdown elements it is in.
    depth: usize,
}

/// Reads the HTML of a text from its beginning to its end.
pub(super) struct Tags<'r, 'f> {
    notes: &'r Notes<'f>,
    open: Vec<Open>,
    depth: usize,
    in_comment: bool,
}

/// A tag as it is written.
struct Written<'s> {
    name: &'s str,
    attributes: &'s str,
    is_end: bool,
}

impl<'r, 'f> Tags<'r, 'f> {
    /// Begins a text.
    pub(super) fn new(notes: &'r Notes<'f>) -> Tags<'r, 'f> {
        Tags { notes, open: Vec::new(), depth: 0, in_comment: false }
    }

    /// Follows the elements of Markdown, because those of HTML must not reach across their ends.
    pub(super) fn step(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) if !matches!(tag, pulldown_cmark::Tag::HtmlBlock) => self.depth += 1,
            Event::End(tag) if !matches!(tag, pulldown_cmark::TagEnd::HtmlBlock) => {
                self.close_deeper();
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
    }

    /// The part of the HTML that may stay.
    pub(super) fn safe(&mut self, source: &str, span: Range<usize>) -> String {
        let mut out = String::with_capacity(source.len());
        let mut rest = source;
        let at = |rest: &str| span.start + (source.len() - rest.len());
        while !rest.is_empty() {
            if self.in_comment {
                match rest.split_once("-->") {
                    Some((_, after)) => (rest, self.in_comment) = (after, false),
                    None => rest = "",
                }
            } else if let Some(after) = rest.strip_prefix("<!--") {
                (rest, self.in_comment) = (after, true);
            } else if rest.starts_with('<') {
                let place = at(rest);
                let end = end_of_tag(rest);
                let (tag, after) = rest.split_at(end.unwrap_or(rest.len()));
                let place = place..place + tag.trim_end().len();
                match end.and_then(|_| parts(tag)) {
                    Some(written) => self.tag(&written, tag, place, &mut out),
                    None => self.refuse("this is no HTML that can stand in a text", place),
                }
                rest = after;
            } else {
                let end = rest.find('<').unwrap_or(rest.len());
                out.push_str(&rest[..end]);
                rest = &rest[end..];
            }
        }
        if out.trim().is_empty() && !source.trim().is_empty() { String::new() } else { out }
    }

    /// Reports what is not closed.
    pub(super) fn finish(mut self) {
        self.depth = 0;
        for open in std::mem::take(&mut self.open) {
            self.unclosed(&open);
        }
    }

    fn tag(&mut self, written: &Written<'_>, source: &str, place: Range<usize>, out: &mut String) {
        let name = written.name.to_ascii_lowercase();
        if written.is_end {
            self.end(&name, place, out);
        } else if VOID.contains(&name.as_str()) && written.attributes.trim_matches(['/', ' ']).is_empty() {
            out.push_str(&format!("<{name}>"));
        } else if let Some((element, allowed)) = ELEMENTS.iter().find(|(element, _)| *element == name) {
            match attribute(written.attributes, allowed) {
                Some(attribute) => {
                    out.push_str(&format!("<{element}{attribute}>"));
                    self.begin(Some(element), name, place);
                }
                None => {
                    let help = match *allowed {
                        "" => format!("write <{name}> and nothing else in it"),
                        allowed => format!("<{name}> takes {allowed:?} and nothing else"),
                    };
                    self.notes.add(
                        place.clone(),
                        format!("<{name}> has attributes that cannot stand in a text"),
                        help,
                    );
                    self.begin(None, name, place);
                }
            }
        } else {
            let message = format!("<{name}> cannot stand in a text");
            match MARKDOWN.iter().find(|(element, _)| *element == name) {
                Some((_, markdown)) => {
                    self.notes.add(place.clone(), message, format!("write it in Markdown: {markdown}"));
                }
                None => self.refuse(&message, place.clone()),
            }
            let is_void =
                source.ends_with("/>") || ["img", "hr", "input", "link", "meta"].contains(&name.as_str());
            if !is_void {
                self.begin(None, name, place);
            }
        }
    }

    fn begin(&mut self, name: Option<&'static str>, written: String, span: Range<usize>) {
        self.open.push(Open { name, written, span, depth: self.depth });
    }

    fn end(&mut self, name: &str, place: Range<usize>, out: &mut String) {
        match self.open.last() {
            Some(open) if open.written == name && open.depth == self.depth => {
                if let Some(element) = open.name {
                    out.push_str(&format!("</{element}>"));
                }
                self.open.pop();
            }
            _ => {
                let help = "close what was opened last, in the same paragraph, or remove this";
                self.notes.add(place, format!("</{name}> closes nothing here"), help);
            }
        }
    }

    /// Reports what a Markdown element that ends now leaves open.
    fn close_deeper(&mut self) {
        while let Some(open) = self.open.pop_if(|open| open.depth >= self.depth && self.depth > 0) {
            self.unclosed(&open);
        }
    }

    fn unclosed(&self, open: &Open) {
        if open.name.is_some() {
            let help = format!("write </{}> where it ends", open.written);
            self.notes.add(open.span.clone(), format!("<{}> is not closed", open.written), help);
        }
    }

    fn refuse(&self, message: &str, place: Range<usize>) {
        let names: Vec<&str> = ELEMENTS.iter().map(|(name, _)| *name).chain(VOID).collect();
        let help = format!(
            "write it in Markdown, or with {}; put \"\\\" before a \"<\" that is meant as a character",
            names.join(", ")
        );
        self.notes.add(place, message, help);
    }
}

/// Where a tag ends, with its `>`. Quotes may hold one.
fn end_of_tag(source: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in source.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

fn parts(tag: &str) -> Option<Written<'_>> {
    let inner = tag.strip_prefix('<')?.strip_suffix('>')?;
    let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(end);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
    (is_name && (!is_end || attributes.trim().is_empty())).then_some(Written { name, attributes, is_end })
}

/// The attributes as they are published; `None` if there is one that may not be.
fn attribute(written: &str, allowed: &str) -> Option<String> {
    let written = written.trim();
    if written.is_empty() {
        return Some(String::new());
    }
    let (name, value) = written.split_once('=').unwrap_or((written, ""));
    if allowed.is_empty() || !name.trim().eq_ignore_ascii_case(allowed) {
        return None;
    }
    let value = value.trim();
    if allowed == "open" {
        return value.trim_matches(['"', '\'']).is_empty().then(|| " open".to_owned());
    }
    let text = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))?;
    if text.contains(['"', '<']) {
        return None;
    }
    // Character references stay what they are.
    Some(format!(" {allowed}=\"{}\"", escape(text).replace("&amp;", "&")))
}

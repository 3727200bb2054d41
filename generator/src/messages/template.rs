//! Finds the calls `t("key", name=value)` in the source of a template, and puts the texts in their place.
//!
//! A call that stands alone in `{{ … }}` becomes the text, escaped once and for all, with the values as outputs of
//! their own: markup that a macro makes stays markup. Elsewhere a call becomes an expression, which is escaped where
//! it is shown. Lines stay where they are, so that mistakes of templates are reported at the right one.

use std::ops::Range;

use ipswich_catalog::{Locale, Plural};

use super::file::{Forms, MessageFile};
use crate::markdown::escape;

/// A call in a template.
#[derive(Debug)]
pub(super) struct Call {
    /// The whole of it.
    pub(super) place: Range<usize>,
    /// The key, and its place.
    pub(super) key: String,
    pub(super) key_place: Range<usize>,
    /// The values by name; each a range of the source.
    pub(super) values: Vec<(String, Range<usize>)>,
    /// The output `{{ … }}` that holds nothing but the call.
    output: Option<Range<usize>>,
}

/// What looks like a call and is none.
#[derive(Debug)]
pub(super) struct BadCall {
    pub(super) place: Range<usize>,
}

/// All calls of a template, those within the values of others included.
pub(super) fn calls(source: &str) -> (Vec<Call>, Vec<BadCall>) {
    let (mut found, mut bad) = (Vec::new(), Vec::new());
    for tag in tags(source) {
        calls_in(source, tag, &mut found, &mut bad);
    }
    (found, bad)
}

/// The source with texts for all calls that can be resolved.
pub(super) fn resolve(source: &str, is_html: bool, locale: Locale, messages: &MessageFile) -> String {
    let (found, _) = calls(source);
    let writer = Writer { source, calls: &found, is_html, locale, messages };
    writer.write(0..source.len())
}

/// A tag of the template language: what is between its braces.
#[derive(Clone)]
struct Tag {
    inner: Range<usize>,
    /// The whole tag, if it is an output that keeps the blanks around it.
    output: Option<Range<usize>>,
}

/// All tags but comments.
fn tags(source: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = source[at..]
        .find("{{")
        .into_iter()
        .chain(source[at..].find("{%"))
        .chain(source[at..].find("{#"))
        .min()
    {
        let open = at + open;
        let kind = &source[open..open + 2];
        let start = open + 2;
        let end = match kind {
            "{#" => source[start..].find("#}").map(|end| start + end),
            "{{" => end_of_tag(source, start, "}}"),
            _ => end_of_tag(source, start, "%}"),
        };
        let Some(end) = end else { break };
        if kind != "{#" {
            let plain = kind == "{{"
                && !source[start..end].starts_with(['-', '+'])
                && !source[..end].ends_with(['-', '+']);
            tags.push(Tag { inner: start..end, output: plain.then_some(open..end + 2) });
        }
        at = end + 2;
    }
    tags
}

/// Where a tag ends, not looking into the texts it quotes.
fn end_of_tag(source: &str, start: usize, end: &str) -> Option<usize> {
    let mut at = start;
    while at < source.len() {
        let rest = &source[at..];
        if rest.starts_with(end) {
            return Some(at);
        }
        at += quoted(rest).unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
    }
    None
}

/// The length of the quoted text that begins here, if one does.
fn quoted(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    Some(text.len())
}

fn calls_in(source: &str, tag: Tag, found: &mut Vec<Call>, bad: &mut Vec<BadCall>) {
    let mut at = tag.inner.start;
    let mut before = ' ';
    while at < tag.inner.end {
        let rest = &source[at..tag.inner.end];
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        if rest.starts_with("t(") && !is_name(before) {
            match call(source, at, tag.inner.end) {
                Some(mut call) => {
                    let alone = source[tag.inner.clone()].trim() == &source[call.place.clone()];
                    call.output = tag.output.clone().filter(|_| alone);
                    at = call.place.end;
                    for (_, value) in &call.values {
                        calls_in(source, Tag { inner: value.clone(), output: None }, found, bad);
                    }
                    found.push(call);
                }
                None => {
                    bad.push(BadCall { place: at..at + 2 });
                    at += 2;
                }
            }
            before = ')';
            continue;
        }
        let length = quoted(rest).unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
        before = rest.chars().next().unwrap_or(' ');
        at += length;
    }
}

/// The call that begins at `start` with `t(`.
fn call(source: &str, start: usize, limit: usize) -> Option<Call> {
    let parts = arguments(source, start + 2, limit)?;
    let end = parts.last()?.end + 1;
    let mut parts = parts.into_iter().map(|part| trimmed(source, part));
    let first = parts.next()?;
    let quoted = &source[first.clone()];
    let key = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))?;
    if key.is_empty() || !key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')) {
        return None;
    }
    let mut values = Vec::new();
    for part in parts {
        let text = &source[part.clone()];
        let (name, value) = text.split_once('=')?;
        let name = name.trim_end();
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if !is_name || value.starts_with('=') {
            return None;
        }
        values.push((name.to_owned(), trimmed(source, part.end - value.len()..part.end)));
    }
    Some(Call { place: start..end, key: key.to_owned(), key_place: first, values, output: None })
}

/// The arguments between brackets; the last one ends at the closing bracket.
fn arguments(source: &str, start: usize, limit: usize) -> Option<Vec<Range<usize>>> {
    let (mut parts, mut from, mut at, mut depth) = (Vec::new(), start, start, 0_usize);
    while at < limit {
        let rest = &source[at..limit];
        let c = rest.chars().next()?;
        match c {
            '"' | '\'' => {
                at += quoted(rest)?;
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => {
                parts.push(from..at);
                return Some(parts);
            }
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                parts.push(from..at);
                from = at + 1;
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    None
}

fn trimmed(source: &str, range: Range<usize>) -> Range<usize> {
    let text = &source[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    start..start + text.trim().len()
}

struct Writer<'w> {
    source: &'w str,
    calls: &'w [Call],
    is_html: bool,
    locale: Locale,
    messages: &'w MessageFile,
}

impl Writer<'_> {
    /// A part of the source with texts for the calls in it.
    fn write(&self, range: Range<usize>) -> String {
        let mut text = String::new();
        let mut at = range.start;
        let whole = |call: &&Call| call.output.clone().unwrap_or_else(|| call.place.clone());
        while let Some(next) = self
            .calls
            .iter()
            .filter(|call| whole(call).start >= at && whole(call).end <= range.end)
            .min_by_key(|call| (whole(call).start, std::cmp::Reverse(whole(call).end)))
        {
            let place = whole(&next);
            text.push_str(&self.source[at..place.start]);
            text.push_str(&self.call(next).unwrap_or_else(|| self.source[place.clone()].to_owned()));
            at = place.end;
        }
        text.push_str(&self.source[at..range.end]);
        text
    }

    /// What stands for a call; `None` if there is no such message.
    fn call(&self, call: &Call) -> Option<String> {
        let message = self.messages.get(&call.key)?;
        let place = call.output.clone().unwrap_or_else(|| call.place.clone());
        let lines = self.source[place].matches('\n').count();
        let mut text = match (&message.forms, &call.output) {
            (Forms::Plain(said), Some(_)) => self.output(said, call)?,
            (Forms::Plain(said), None) => self.expression(said, call)?,
            (Forms::Counting(forms), output) => {
                let count = self.value(call, "count")?;
                let mut pieces = Vec::with_capacity(forms.len());
                for (form, said) in forms {
                    let piece = match output {
                        Some(_) => self.output(said, call)?,
                        None => self.expression(said, call)?,
                    };
                    pieces.push((*form, piece));
                }
                choose(&pieces, self.locale, &count, output.is_some())
            }
        };
        // Texts are one line; the lines that the call had are kept where nobody sees them.
        if lines > 0 && call.output.is_some() {
            text.push_str(&format!("{{#{}#}}", "\n".repeat(lines)));
        } else {
            text.push_str(&"\n".repeat(lines));
        }
        Some(text)
    }

    fn value(&self, call: &Call, name: &str) -> Option<String> {
        let (_, range) = call.values.iter().find(|(known, _)| known == name)?;
        Some(self.write(range.clone()).replace('\n', " "))
    }

    /// The text between tags; `None` if a value is not given.
    fn output(&self, said: &str, call: &Call) -> Option<String> {
        let mut text = String::new();
        for part in parts(said) {
            match part {
                Part::Words(words) if self.is_html => text.push_str(&escape(words)),
                Part::Words(words) => text.push_str(words),
                Part::Value(name) => text.push_str(&format!("{{{{ {} }}}}", self.value(call, name)?)),
            }
        }
        Some(text)
    }

    /// The text as an expression; `None` if a value is not given.
    fn expression(&self, said: &str, call: &Call) -> Option<String> {
        let mut pieces = Vec::new();
        for part in parts(said) {
            pieces.push(match part {
                Part::Words(words) => {
                    format!("\"{}\"", words.replace('\\', "\\\\").replace('"', "\\\""))
                }
                Part::Value(name) => format!("({})", self.value(call, name)?),
            });
        }
        Some(match pieces.as_slice() {
            [] => "\"\"".to_owned(),
            [only] if only.starts_with('"') => only.clone(),
            _ => format!("({})", pieces.join(" ~ ")),
        })
    }
}

enum Part<'p> {
    Words(&'p str),
    Value(&'p str),
}

fn parts(said: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = said;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        if !before.is_empty() {
            parts.push(Part::Words(before));
        }
        parts.push(Part::Value(name));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Words(rest));
    }
    parts
}

/// The form that goes with a number, chosen when the page is rendered; the same rules as [`Locale::plural`].
fn choose(pieces: &[(Plural, String)], locale: Locale, count: &str, in_text: bool) -> String {
    let mut chosen = String::new();
    let Some(((_, last), others)) = pieces.split_last() else { return chosen };
    for (index, (form, piece)) in others.iter().enumerate() {
        let test = match form {
            Plural::One if locale == Locale::FrFr => format!("({count}) <= 1"),
            Plural::One => format!("({count}) == 1"),
            _ => format!("({count}) % 10 in [2, 3, 4] and ({count}) % 100 not in [12, 13, 14]"),
        };
        match in_text {
            true => {
                let word = if index == 0 { "if" } else { "elif" };
                chosen.push_str(&format!("{{%+ {word} {test} +%}}{piece}"));
            }
            false => chosen.push_str(&format!("({piece} if {test} else ")),
        }
    }
    match in_text {
        true => chosen.push_str(&format!("{{%+ else +%}}{last}{{%+ endif +%}}")),
        false => chosen.push_str(&format!("{last}{}", ")".repeat(others.len()))),
    }
    chosen
}

//! Turns Markdown into HTML that is safe to publish.
//!
//! 1. `pulldown-cmark` parses the text, with tables, footnotes and strikethrough.
//! 2. Its events are changed on the way: headings get ids, pictures get their address and size, table cells get
//!    classes instead of styles, comments are dropped. Any other HTML is a problem.
//! 3. Links to pages of this site are kept with their places; [`crate::links`] checks them when all pages are known.

use std::collections::HashSet;
use std::ops::Range;

use ipswich_theme::SafeHtml;
use pulldown_cmark::{Alignment, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use crate::edition::Addresses;
use crate::fields::Notes;
use crate::names::{Names, PictureId};
use crate::pictures::Picture;

/// How wide pictures of a text are shown: across a small screen, else as wide as lines can be read.
const TEXT_SIZES: &str = "(min-width: 44rem) 42rem, 100vw";

/// A text that is ready for a page, and what it refers to.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The HTML.
    pub(crate) html: SafeHtml,
    /// The ids of its headings, for links with `#…`.
    pub(crate) anchors: Vec<String>,
    /// Its links to pages of this site.
    pub(crate) links: Vec<InternalLink>,
    /// The pictures in it.
    pub(crate) pictures: Vec<PictureId>,
}

/// A link to a page of this site, or to an anchor of the same page.
#[derive(Clone, Debug)]
pub(crate) struct InternalLink {
    /// As written: `/delivery/#prices`.
    pub(crate) target: String,
    /// Where it stands in the file.
    pub(crate) span: Range<usize>,
}

/// Renders the part of the file that is its body.
pub(crate) fn render(
    notes: &Notes<'_>,
    body: Range<usize>,
    names: &Names<'_>,
    pictures: &[Picture],
    addresses: &Addresses,
) -> Document {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let text = &notes.file().text[body.clone()];
    let mut events: Vec<(Event<'_>, Range<usize>)> = Parser::new_ext(text, options)
        .into_offset_iter()
        .map(|(event, span)| (event, span.start + body.start..span.end + body.start))
        .collect();
    let mut rewriter = Rewriter::new(notes, names, pictures);
    rewriter.name_headings(&mut events);
    let mut out = Vec::with_capacity(events.len());
    let mut events = events.into_iter();
    while let Some((event, span)) = events.next() {
        match event {
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let alt = plain_text(&mut events, TagEnd::Image);
                out.extend(rewriter.picture(&dest_url, &title, &alt, span));
            }
            Event::Start(Tag::HtmlBlock) => {
                let source = plain_text(&mut events, TagEnd::HtmlBlock);
                rewriter.raw_html(&source, span);
            }
            Event::InlineHtml(source) => rewriter.raw_html(&source, span),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                rewriter.link(&dest_url, span);
                let inside = dest_url.starts_with('/');
                let dest_url = if inside { addresses.of(names, &dest_url).into() } else { dest_url };
                out.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            other => out.push(rewriter.table(other)),
        }
    }
    let mut rendered = String::with_capacity(text.len() + text.len() / 2);
    html::push_html(&mut rendered, out.into_iter());
    Document {
        html: SafeHtml::vouched(rendered),
        anchors: rewriter.anchors,
        links: rewriter.links,
        pictures: rewriter.used,
    }
}

/// The text of all events up to the end of an element.
fn plain_text<'t>(events: &mut impl Iterator<Item = (Event<'t>, Range<usize>)>, end: TagEnd) -> String {
    let mut text = String::new();
    for (event, _) in events {
        match event {
            Event::End(found) if found == end => break,
            Event::Text(part) | Event::Code(part) | Event::Html(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

struct Rewriter<'r, 'f> {
    notes: &'r Notes<'f>,
    names: &'r Names<'f>,
    pictures: &'r [Picture],
    anchors: Vec<String>,
    links: Vec<InternalLink>,
    used: Vec<PictureId>,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

impl<'r, 'f> Rewriter<'r, 'f> {
    fn new(notes: &'r Notes<'f>, names: &'r Names<'f>, pictures: &'r [Picture]) -> Rewriter<'r, 'f> {
        Rewriter {
            notes,
            names,
            pictures,
            anchors: Vec::new(),
            links: Vec::new(),
            used: Vec::new(),
            alignments: Vec::new(),
            column: 0,
            in_head: false,
        }
    }

    /// Gives each heading an id made of its words; the second of the same name gets `-2`.
    fn name_headings(&mut self, events: &mut [(Event<'_>, Range<usize>)]) {
        let mut taken = HashSet::new();
        for index in 0..events.len() {
            let (before, after) = events.split_at_mut(index + 1);
            let Some((Event::Start(Tag::Heading { level, id, .. }), span)) = before.last_mut() else {
                continue;
            };
            if *level == pulldown_cmark::HeadingLevel::H1 {
                let help = "begin the line with \"##\"; the title of the file is the heading above them";
                self.notes.add(span.clone(), "headings of a text start at the second level", help);
            }
            let mut words = String::new();
            for (event, _) in after {
                match event {
                    Event::End(TagEnd::Heading(_)) => break,
                    Event::Text(text) | Event::Code(text) => words.push_str(text),
                    _ => {}
                }
            }
            let name = anchor(&words);
            let mut unique = name.clone();
            let mut count = 1;
            while !taken.insert(unique.clone()) {
                count += 1;
                unique = format!("{name}-{count}");
            }
            self.anchors.push(unique.clone());
            *id = Some(CowStr::from(unique));
        }
    }

    /// The `img` element of a picture of the content.
    fn picture(&mut self, src: &str, title: &str, alt: &str, span: Range<usize>) -> Option<Event<'static>> {
        if alt.trim().is_empty() {
            let help = "describe the picture between the square brackets: ![A blue mug on a shelf](mug.svg)";
            self.notes.add(span.clone(), "the picture has no description", help);
        }
        let Some(id) = self.names.picture(src) else {
            let message = format!("there is no picture {src:?}");
            self.notes.add(span, message, self.names.picture_help(src));
            return None;
        };
        self.used.push(id);
        let picture = self.pictures.get(id.0)?;
        if let Some(wrong) = &picture.broken {
            self.notes.add(span, format!("{src:?} cannot be shown: {}", wrong.message), wrong.help);
            return None;
        }
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(title)) };
        let img = format!(
            "<img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"{}\"{title} loading=\"lazy\" decoding=\"async\">",
            escape(&picture.src),
            picture.width,
            picture.height,
            escape(alt.trim()),
        );
        let html = match picture.srcset.is_empty() {
            true => img,
            false => format!(
                "<picture><source type=\"image/webp\" srcset=\"{}\" sizes=\"{TEXT_SIZES}\">{img}</picture>",
                escape(&picture.srcset),
            ),
        };
        Some(Event::InlineHtml(CowStr::from(html)))
    }

    /// Drops comments and reports all other HTML.
    fn raw_html(&self, source: &str, span: Range<usize>) {
        let source = source.trim();
        let comment = source.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
        if comment.is_some_and(|text| !text.contains("-->")) {
            return;
        }
        let shown: String = source.lines().next().unwrap_or(source).chars().take(40).collect();
        let start = span.start;
        self.notes.add(
            start..start + shown.len(),
            format!("HTML is not allowed in texts: {shown:?}"),
            "write it in Markdown; put \"\\\" before a \"<\" that is meant as a character",
        );
    }

    fn link(&mut self, target: &str, span: Range<usize>) {
        const OUTSIDE: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];
        if OUTSIDE.iter().any(|scheme| target.starts_with(scheme)) {
            return;
        }
        if target.starts_with('#') || (target.starts_with('/') && !target.starts_with("//")) {
            self.links.push(InternalLink { target: target.to_owned(), span });
            return;
        }
        let help =
            "begin links to this site with \"/\", links to others with \"https://\", \"mailto:\" or \"tel:\"";
        self.notes.add(span, format!("the link {target:?} leads nowhere"), help);
    }

    /// Writes tables without the `style` attributes that the page's policy forbids.
    fn table<'t>(&mut self, event: Event<'t>) -> Event<'t> {
        let html = match event {
            Event::Start(Tag::Table(alignments)) => {
                self.alignments = alignments;
                "<table>"
            }
            Event::End(TagEnd::Table) => "</tbody></table>\n",
            Event::Start(Tag::TableHead) => {
                (self.column, self.in_head) = (0, true);
                "<thead><tr>"
            }
            Event::End(TagEnd::TableHead) => {
                self.in_head = false;
                "</tr></thead><tbody>\n"
            }
            Event::Start(Tag::TableRow) => {
                self.column = 0;
                "<tr>"
            }
            Event::End(TagEnd::TableRow) => "</tr>\n",
            Event::Start(Tag::TableCell) => {
                let alignment = self.alignments.get(self.column).copied().unwrap_or(Alignment::None);
                self.column += 1;
                cell(self.in_head, alignment)
            }
            Event::End(TagEnd::TableCell) if self.in_head => "</th>",
            Event::End(TagEnd::TableCell) => "</td>",
            other => return other,
        };
        Event::InlineHtml(CowStr::Borrowed(html))
    }
}

fn cell(in_head: bool, alignment: Alignment) -> &'static str {
    match (in_head, alignment) {
        (true, Alignment::None | Alignment::Left) => "<th scope=\"col\">",
        (true, Alignment::Center) => "<th scope=\"col\" class=\"align-center\">",
        (true, Alignment::Right) => "<th scope=\"col\" class=\"align-right\">",
        (false, Alignment::None | Alignment::Left) => "<td>",
        (false, Alignment::Center) => "<td class=\"align-center\">",
        (false, Alignment::Right) => "<td class=\"align-right\">",
    }
}

/// The id of a heading: its words in small letters with hyphens between.
fn anchor(words: &str) -> String {
    let lower = words.to_lowercase();
    let parts: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "section".to_owned() } else { parts.join("-") }
}

/// Text for HTML attributes and content.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::TextFile;

    fn rendered(text: &str) -> (String, Vec<String>) {
        let file = TextFile { path: "f.md".into(), name: "f.md".into(), text: text.into() };
        let notes = Notes::new(&file, 0);
        let document = render(&notes, 0..text.len(), &Names::default(), &[], &Addresses::default());
        let problems = notes.into_problems().iter().map(ToString::to_string).collect();
        (document.html.as_str().to_owned(), problems)
    }

    #[test]
    fn headings_get_ids_of_their_own() {
        let (html, problems) = rendered("## Care & wash\n\n### Care, wash\n");
        assert_eq!(
            html,
            "<h2 id=\"care-wash\">Care &amp; wash</h2>\n<h3 id=\"care-wash-2\">Care, wash</h3>\n"
        );
        assert!(problems.is_empty());
    }

    #[test]
    fn tables_have_no_styles() {
        let (html, _) = rendered("| A | B |\n|---|--:|\n| 1 | 2 |\n");
        assert_eq!(
            html,
            "<table><thead><tr><th scope=\"col\">A</th><th scope=\"col\" class=\"align-right\">B</th></tr></thead>\
             <tbody>\n<tr><td>1</td><td class=\"align-right\">2</td></tr>\n</tbody></table>\n"
        );
    }

    #[test]
    fn html_is_refused_and_comments_are_dropped() {
        let (html, problems) = rendered("a <b>b</b> <!-- c -->\n\n<!-- d -->\n\n<script>x</script>\n");
        assert_eq!(html, "<p>a b </p>\n");
        assert_eq!(problems.len(), 3);
        assert_eq!(problems[2], "f.md:5:1: HTML is not allowed in texts: \"<script>x</script>\"");
    }

    #[test]
    fn links_need_a_known_scheme() {
        let (_, problems) =
            rendered("[a](javascript:alert(1)) [b](//x.example) [c](about.md) <https://ok.example>");
        assert_eq!(problems.len(), 3);
    }
}

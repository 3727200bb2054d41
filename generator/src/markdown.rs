//! Turns Markdown into HTML that is safe to publish.
//!
//! 1. `pulldown-cmark` parses the text, with tables, footnotes and strikethrough.
//! 2. Its events are changed on the way: headings get ids, [`pictures`] their address and size, [`tables`] classes
//!    instead of styles, [`footnotes`] go to the end. Of HTML, [`tags`] lets through what is harmless.
//! 3. Links to pages of this site are kept with their places; [`crate::links`] checks them when all pages are known.

mod footnotes;
mod pictures;
mod tables;
mod tags;

use std::collections::HashSet;
use std::ops::Range;

use ipswich_theme::SafeHtml;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeWithOffset, html};

use self::footnotes::Footnotes;
use self::pictures::Size;
use self::tables::Tables;
use self::tags::Tags;
use crate::edition::Addresses;
use crate::fields::Notes;
use crate::names::{Names, PictureId};
use crate::pictures::Picture;

/// What texts may use beside plain Markdown.
const OPTIONS: Options =
    Options::ENABLE_TABLES.union(Options::ENABLE_FOOTNOTES).union(Options::ENABLE_STRIKETHROUGH);

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
    let text = &notes.file().text[body.clone()];
    let parser = TextMergeWithOffset::new(Parser::new_ext(text, OPTIONS).into_offset_iter());
    let mut events: Vec<(Event<'_>, Range<usize>)> =
        parser.map(|(event, span)| (event, span.start + body.start..span.end + body.start)).collect();
    let mut rewriter = Rewriter::new(notes, names, pictures, addresses);
    rewriter.name_headings(&mut events);
    let out = rewriter.events(events);
    let mut rendered = String::with_capacity(text.len() + text.len() / 2);
    html::push_html(&mut rendered, out.into_iter());
    Document {
        html: SafeHtml::vouched(rendered),
        anchors: rewriter.anchors,
        links: rewriter.links,
        pictures: rewriter.used,
    }
}

/// The text as it is, with other addresses for its pictures; what `address` does not know stays.
pub(crate) fn with_addresses(text: &str, address: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (event, span) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        let Event::Start(Tag::Image { dest_url, .. }) = event else { continue };
        let place = text[span.clone()].rfind(&*dest_url).map(|found| span.start + found);
        let (Some(start), Some(address)) = (place, address(&dest_url)) else { continue };
        out.push_str(&text[at..start]);
        out.push_str(&address);
        at = start + dest_url.len();
    }
    out.push_str(&text[at..]);
    out.trim().to_owned()
}

/// The text of all events up to the end of an element.
fn plain_text<'t>(events: &mut impl Iterator<Item = (Event<'t>, Range<usize>)>, end: TagEnd) -> String {
    let mut text = String::new();
    for (event, _) in events {
        match event {
            Event::End(found) if found == end => break,
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
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
    addresses: &'r Addresses,
    anchors: Vec<String>,
    links: Vec<InternalLink>,
    used: Vec<PictureId>,
}

impl<'r, 'f> Rewriter<'r, 'f> {
    fn new(
        notes: &'r Notes<'f>,
        names: &'r Names<'f>,
        pictures: &'r [Picture],
        addresses: &'r Addresses,
    ) -> Rewriter<'r, 'f> {
        let (anchors, links, used) = (Vec::new(), Vec::new(), Vec::new());
        Rewriter { notes, names, pictures, addresses, anchors, links, used }
    }

    /// The events of the text as they are published.
    fn events<'t>(&mut self, events: Vec<(Event<'t>, Range<usize>)>) -> Vec<Event<'t>> {
        let (mut tables, mut tags) = (Tables::default(), Tags::new(self.notes));
        let mut footnotes = Footnotes::new(self.notes, &events);
        let mut events = events.into_iter().peekable();
        while let Some((event, span)) = events.next() {
            tags.step(&event);
            match event {
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    let alt = plain_text(&mut events, TagEnd::Image);
                    tags.step(&Event::End(TagEnd::Image));
                    let (size, rest) = Size::read(self.notes, &mut events);
                    footnotes.out().extend(self.picture(&dest_url, &title, &alt, &size, span));
                    footnotes.out().extend(rest);
                }
                Event::Html(source) | Event::InlineHtml(source) => {
                    let safe = tags.safe(&source, span);
                    footnotes.out().push(Event::InlineHtml(CowStr::from(safe)));
                }
                // The elements are written by themselves.
                Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
                Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                    self.link(&dest_url, span);
                    let inside = dest_url.starts_with('/');
                    let dest_url =
                        if inside { self.addresses.of(self.names, &dest_url).into() } else { dest_url };
                    footnotes.out().push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
                Event::Start(Tag::FootnoteDefinition(label)) => footnotes.begin(&label, span),
                Event::End(TagEnd::FootnoteDefinition) => footnotes.end(),
                Event::FootnoteReference(label) => footnotes.reference(&label),
                other => {
                    let event = tables.event(other);
                    footnotes.out().push(event);
                }
            }
        }
        tags.finish();
        footnotes.finish()
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
    use std::sync::Arc;

    use super::*;
    use crate::source::TextFile;

    fn rendered(text: &str) -> (String, Vec<String>) {
        let file = TextFile {
            path: "f.md".into(),
            name: "f.md".into(),
            text: Arc::new(text.to_owned()),
            is_read: true,
        };
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
        let (html, problems) = rendered("a <b>b</b> <!-- c -->\n\n<!-- d\ne -->\n\n<script>x</script>\n");
        assert_eq!(html, "<p>a b </p>\nx\n");
        assert_eq!(
            problems,
            ["f.md:1:3: <b> cannot stand in a text", "f.md:6:1: <script> cannot stand in a text"]
        );
    }

    #[test]
    fn harmless_html_stays() {
        for text in
            ["H<sub>2</sub>O, <abbr title=\"a &amp; b\">AB</abbr><br>x", "<kbd>Ctrl</kbd>", "*<sup>a</sup>*"]
        {
            let (html, problems) = rendered(text);
            assert_eq!(problems, [""; 0]);
            assert!(html.contains(text.trim_matches('*')), "{html}");
        }
        let (html, problems) =
            rendered("<details open>\n<SUMMARY>Care</summary>\n\nWash *cold*.\n\n</details>\n");
        assert_eq!(problems, [""; 0]);
        assert_eq!(html, "<details open>\n<summary>Care</summary>\n<p>Wash <em>cold</em>.</p>\n</details>\n");
    }

    #[test]
    fn footnotes_stand_at_the_end() {
        let (html, problems) = rendered("A[^b] c[^a] d[^b].\n\n[^a]: First.\n\n[^b]: Second.\n");
        assert_eq!(problems, [""; 0]);
        assert_eq!(
            html,
            "<p>A<sup><a href=\"#fn:1\" id=\"fnref:1\" role=\"doc-noteref\">1</a></sup> \
             c<sup><a href=\"#fn:2\" id=\"fnref:2\" role=\"doc-noteref\">2</a></sup> \
             d<sup><a href=\"#fn:1\" role=\"doc-noteref\">1</a></sup>.</p>\n\
             <section class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n<li id=\"fn:1\">\n<p>Second.</p>\n\
             <a href=\"#fnref:1\" role=\"doc-backlink\">↩</a></li>\n<li id=\"fn:2\">\n<p>First.</p>\n\
             <a href=\"#fnref:2\" role=\"doc-backlink\">↩</a></li>\n</ol>\n</section>\n"
        );
        let (_, problems) = rendered("A[^b] `[^x]` \\[^y].\n\n[^c]: C.\n");
        assert_eq!(
            problems,
            ["f.md:1:2: there is no footnote \"b\"", "f.md:3:1: nothing refers to the footnote \"c\""]
        );
    }

    #[test]
    fn pictures_of_a_text_get_addresses() {
        let text = "See mug.svg: ![mug.svg](mug.svg \"A mug\") and ![b](none.svg)\n";
        let known = |name: &str| (name == "mug.svg").then(|| "https://x.example/mug.1.svg".to_owned());
        assert_eq!(
            with_addresses(text, known),
            "See mug.svg: ![mug.svg](https://x.example/mug.1.svg \"A mug\") and ![b](none.svg)"
        );
    }

    #[test]
    fn links_need_a_known_scheme() {
        let (_, problems) =
            rendered("[a](javascript:alert(1)) [b](//x.example) [c](about.md) <https://ok.example>");
        assert_eq!(problems.len(), 3);
    }
}

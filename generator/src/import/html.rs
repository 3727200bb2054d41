//! Turns the HTML of another shop into Markdown that the generator accepts.
//!
//! `htmd` reads the HTML as a browser does and writes Markdown. Then our own rules are applied: a text has no
//! HTML, no heading of the first level, no pictures of elsewhere, and links to other sites only.

use std::ops::Range;

use htmd::options::{BrStyle, BulletListMarker, Options};
use htmd::{HtmlToMarkdown, Node};
use pulldown_cmark::{Event, HeadingLevel, Options as Extensions, Parser, Tag, TagEnd};

/// What holds no text for readers.
const SKIPPED: [&str; 14] = [
    "audio", "button", "canvas", "embed", "form", "head", "iframe", "img", "noscript", "object", "script",
    "style", "svg", "video",
];

/// How deep elements may be nested; dirty HTML reaches 20.
const DEPTH_MAX: usize = 200;

/// The Markdown of a text, and what was left out of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Cleaned {
    pub(crate) markdown: String,
    /// Links to pages of the old site, whose text stays.
    pub(crate) links: Vec<String>,
    /// Whether there are pictures or films in the text.
    pub(crate) media: bool,
}

/// Cleans a text. Texts without elements are taken as paragraphs with blank lines between them.
pub(crate) fn clean(html: &str) -> Cleaned {
    let options = Options {
        br_style: BrStyle::Backslash,
        bullet_list_marker: BulletListMarker::Dash,
        ul_bullet_spacing: 1,
        ol_number_spacing: 1,
        ..Options::default()
    };
    let converter = HtmlToMarkdown::builder()
        .options(options)
        .skip_tags(SKIPPED.to_vec())
        .scripting_enabled(false)
        .build();
    let lower = html.to_ascii_lowercase();
    let media = ["<img", "<iframe", "<video", "<audio", "<embed"].iter().any(|tag| lower.contains(tag));
    let prepared = paragraphs(html);
    let markdown = match converter.html_to_tree(&prepared) {
        Ok(tree) if is_shallow(&tree) => converter.tree_to_markdown(&tree),
        // Nobody writes such a text; its words are better than nothing.
        _ => html.split(['<', '>']).step_by(2).collect::<Vec<_>>().join(" "),
    };
    let (markdown, links) = settle(tidy(&markdown));
    Cleaned { markdown, links, media }
}

/// The text in one line, without marks and headings.
pub(crate) fn plain(html: &str) -> String {
    let markdown = clean(html).markdown;
    let mut text = String::new();
    let mut in_heading = false;
    for event in Parser::new_ext(&markdown, extensions()) {
        match event {
            Event::Start(Tag::Heading { .. }) => in_heading = true,
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Text(part) | Event::Code(part) if !in_heading => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
            _ => {}
        }
    }
    // Ends of emphasis put spaces before punctuation.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    [" .", " ,", " ;", " :"].iter().fold(text, |text, pair| text.replace(pair, &pair[1..]))
}

/// The first sentence of a text, at most `limit` characters long.
pub(crate) fn first_sentence(text: &str, limit: usize) -> String {
    let end = text.match_indices(". ").map(|(at, _)| at + 1).next().unwrap_or(text.len());
    let sentence = text[..end].trim();
    if sentence.chars().count() <= limit {
        return sentence.to_owned();
    }
    let cut: String = sentence.chars().take(limit - 1).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", words.trim_end_matches([',', ';', ':', ' ']))
}

fn extensions() -> Extensions {
    Extensions::ENABLE_TABLES | Extensions::ENABLE_FOOTNOTES | Extensions::ENABLE_STRIKETHROUGH
}

/// WooCommerce writes line ends of its texts as `\n`, and paragraphs as blank lines.
fn paragraphs(html: &str) -> String {
    let html = html.replace("\\n", "\n").replace("\r\n", "\n").replace('\0', "");
    let lower = html.to_ascii_lowercase();
    if ["<p", "<div", "<br", "<ul", "<ol", "<h", "<table"].iter().any(|tag| lower.contains(tag)) {
        return html;
    }
    let parts = html.split("\n\n").filter(|part| !part.trim().is_empty());
    parts.map(|part| format!("<p>{}</p>", part.trim().replace('\n', "<br>"))).collect()
}

/// Whether converting the tree, which calls itself for every level, is safe.
fn is_shallow(tree: &std::rc::Rc<Node>) -> bool {
    let mut open = vec![(tree.clone(), 0)];
    while let Some((node, depth)) = open.pop() {
        if depth > DEPTH_MAX {
            return false;
        }
        open.extend(node.children.borrow().iter().map(|child| (child.clone(), depth + 1)));
    }
    true
}

/// No spaces at line ends, no more than one blank line, one line end at the end.
fn tidy(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut blank = true;
    for line in markdown.lines() {
        let line = line.replace('\u{a0}', " ");
        let line = line.trim_end();
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        text.push_str(line);
        text.push('\n');
    }
    let length = text.trim_end().len();
    text.truncate(length);
    text
}

/// A change that makes a text right.
enum Mend {
    Insert(usize, &'static str),
    Replace(Range<usize>, String),
}

/// Mends one mistake after the other until the text follows our rules; returns the targets of links taken out.
fn settle(mut text: String) -> (String, Vec<String>) {
    const TRIES: usize = 200;
    let mut links = Vec::new();
    for _ in 0..TRIES {
        match first_mistake(&text, &mut links) {
            None => return (raise_headings(text), links),
            Some(Mend::Insert(at, part)) => text.insert_str(at, part),
            Some(Mend::Replace(span, part)) => text.replace_range(span, &part),
        }
    }
    let escaped =
        text.chars().flat_map(|c| (c.is_ascii_punctuation()).then_some('\\').into_iter().chain([c]));
    (escaped.collect(), links)
}

/// Headings of a text begin at the second level, whatever looked right in the old shop.
fn raise_headings(mut text: String) -> String {
    let mut headings: Vec<(usize, usize)> = Vec::new();
    for (event, span) in Parser::new_ext(&text, extensions()).into_offset_iter() {
        if let Event::Start(Tag::Heading { level, .. }) = event
            && let Some(hash) = text[span.clone()].find('#')
            && text[span.start..span.start + hash].trim().is_empty()
        {
            headings.push((span.start + hash, level as usize));
        }
    }
    let top = headings.iter().map(|(_, level)| *level).min().unwrap_or(2);
    for (at, _) in headings.iter().rev().filter(|_| top > 2) {
        text.replace_range(*at..*at + top - 2, "");
    }
    text
}

fn first_mistake(text: &str, links: &mut Vec<String>) -> Option<Mend> {
    let mut link: Option<(Range<usize>, String)> = None;
    let mut setext: Option<(Range<usize>, String)> = None;
    for (event, span) in Parser::new_ext(text, extensions()).into_offset_iter() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                let at = span.start + text[span].find('<').unwrap_or(0);
                return Some(Mend::Insert(at, "\\"));
            }
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
                if text[span.clone()].trim_start().starts_with('#') {
                    let at = span.start + text[span].find('#').unwrap_or(0);
                    return Some(Mend::Insert(at, "#"));
                }
                setext = Some((span, String::new()));
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
                if let Some((span, words)) = setext.take() {
                    return Some(Mend::Replace(span, format!("## {words}\n")));
                }
            }
            Event::Start(Tag::Image { .. }) => return Some(Mend::Replace(span, String::new())),
            Event::Start(Tag::Link { dest_url, .. }) if !is_outside(&dest_url) => {
                links.push(dest_url.to_string());
                link = Some((span, String::new()));
            }
            Event::End(TagEnd::Link) => {
                if let Some((span, words)) = link.take() {
                    return Some(Mend::Replace(span, escaped(&words)));
                }
            }
            Event::Text(part) | Event::Code(part) => {
                for (_, words) in link.iter_mut().chain(setext.iter_mut()) {
                    words.push_str(&part);
                }
            }
            _ => {}
        }
    }
    None
}

fn escaped(words: &str) -> String {
    words.chars().flat_map(|c| "\\`*_[]<>#".contains(c).then_some('\\').into_iter().chain([c])).collect()
}

fn is_outside(target: &str) -> bool {
    ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| target.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(html: &str) -> String {
        clean(html).markdown
    }

    #[test]
    fn takes_what_editors_paste() {
        assert_eq!(
            markdown(
                "<div style=\"color:red\"><H1>Care</h1><p>Wash <b>cold</b>,&nbsp;dry <i>flat</i><br>in shade\
                 <script>x()</script><ul><li>one<li>two</ul><table><tr><th>A</th></tr><tr><td>1</td></tr></table>"
            ),
            "## Care\n\nWash **cold**, dry *flat*\\\nin shade\n\n- one\n- two\n\n| A |\n| - |\n| 1 |"
        );
        assert_eq!(markdown("First\\n\\nSecond, 5 < 6 & more"), "First\n\nSecond, 5 < 6 & more");
    }

    #[test]
    fn keeps_the_words_of_links_to_the_old_site() {
        let cleaned =
            clean("<p><a href=\"/pages/x\">size *chart*</a> <a href='https://a.example'>maker</a></p>");
        assert_eq!(cleaned.markdown, "size \\*chart\\* [maker](https://a.example)");
        assert_eq!(cleaned.links, ["/pages/x"]);
        let cleaned = clean("<a href=\"javascript:x()\">y</a><img src=a.png alt=b>");
        assert_eq!((cleaned.markdown.as_str(), cleaned.media), ("y", true));
    }

    #[test]
    fn headings_begin_at_the_second_level() {
        assert_eq!(markdown("<h5>A</h5><p>b</p><h6>C</h6>"), "## A\n\nb\n\n### C");
        assert_eq!(markdown("<h1>A</h1><p>b</p><h2>C</h2>"), "## A\n\nb\n\n## C");
        assert_eq!(plain("<h1>A</h1><p>b</p>"), "b");
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        let html = format!("{}word", "<b>".repeat(100_000));
        assert_eq!(markdown(&html).split_whitespace().collect::<Vec<_>>(), ["word"]);
    }

    #[test]
    fn sentences_are_cut_between_words() {
        assert_eq!(first_sentence("A mug. It is blue.", 40), "A mug.");
        assert_eq!(first_sentence("A mug, which is very blue", 15), "A mug, which…");
        assert_eq!(plain("<p>A <b>mug</b>.</p><p>Blue</p>"), "A mug. Blue");
    }
}

//! Pictures in a text, and the width that may be given after one: `![A mug](mug.svg){width=400}`.

use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

use super::{Rewriter, escape};
use crate::fields::Notes;
use crate::pictures::{Picture, PictureFiles};
use crate::problem::did_you_mean;

/// How wide pictures of a text are shown: across a small screen, else as wide as lines can be read.
const TEXT_SIZES: &str = "(min-width: 44rem) 42rem, 100vw";

/// The widest a picture may be shown, in pixels of the page.
const WIDTH_MAX: u32 = 2000;

/// The width that a text gives a picture, with its place.
#[derive(Default)]
pub(super) struct Size {
    width: Option<(u32, Range<usize>)>,
}

impl Size {
    /// Reads what stands in braces right after a picture; also returns the text behind it.
    pub(super) fn read<'t>(
        notes: &Notes<'_>,
        events: &mut Peekable<impl Iterator<Item = (Event<'t>, Range<usize>)>>,
    ) -> (Size, Option<Event<'t>>) {
        let begins =
            |(event, _): &(Event<'t>, _)| matches!(event, Event::Text(text) if text.starts_with('{'));
        let Some((Event::Text(text), span)) = events.next_if(begins) else { return (Size::default(), None) };
        let Some((inner, rest)) = text[1..].split_once('}') else {
            notes.add(span.start..span.start + 1, "the braces are not closed", "write {width=400}");
            return (Size::default(), None);
        };
        let place = span.start..span.start + inner.len() + 2;
        let rest = (!rest.is_empty()).then(|| Event::Text(CowStr::from(rest.to_owned())));
        (Size { width: width(notes, inner, place) }, rest)
    }
}

fn width(notes: &Notes<'_>, inner: &str, place: Range<usize>) -> Option<(u32, Range<usize>)> {
    let (key, value) = inner.split_once('=').unwrap_or((inner, ""));
    let (key, value) = (key.trim(), value.trim().trim_matches('"'));
    if key != "width" {
        let help =
            did_you_mean(key, ["width"], || "a picture takes {width=400}; its height follows".to_owned());
        notes.add(place, format!("a picture has no {key:?}"), help);
        return None;
    }
    let pixels = value.strip_suffix("px").unwrap_or(value).parse().ok();
    match pixels.filter(|pixels| (1..=WIDTH_MAX).contains(pixels)) {
        Some(pixels) => Some((pixels, place)),
        None => {
            let help = format!("write the pixels as a whole number up to {WIDTH_MAX}: {{width=400}}");
            notes.add(place, format!("{value:?} is no width"), help);
            None
        }
    }
}

impl Rewriter<'_, '_> {
    /// The `img` element of a picture of the content.
    pub(super) fn picture(
        &mut self,
        src: &str,
        title: &str,
        alt: &str,
        size: &Size,
        span: Range<usize>,
    ) -> Option<Event<'static>> {
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
        let (width, height) = self.shown(picture, size);
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(title)) };
        let img = format!(
            "<img src=\"{}\" width=\"{width}\" height=\"{height}\" alt=\"{}\"{title} loading=\"lazy\" decoding=\"async\">",
            escape(&picture.src),
            escape(alt.trim()),
        );
        if picture.srcset.is_empty() {
            return Some(Event::InlineHtml(CowStr::from(img)));
        }
        let sizes = match size.width {
            Some((width, _)) => format!("(min-width: {width}px) {width}px, 100vw"),
            None => TEXT_SIZES.to_owned(),
        };
        let source = |kind: &str, srcset: &str| match srcset {
            "" => String::new(),
            _ => format!("<source type=\"image/{kind}\" srcset=\"{}\" sizes=\"{sizes}\">", escape(srcset)),
        };
        let (avif, webp) = (source("avif", &picture.srcset_avif), source("webp", &picture.srcset));
        Some(Event::InlineHtml(CowStr::from(format!("<picture>{avif}{webp}{img}</picture>"))))
    }

    /// Width and height in pixels of the page. A photo is not blown up.
    fn shown(&self, picture: &Picture, size: &Size) -> (u32, u32) {
        let Some((width, place)) = &size.width else { return (picture.width, picture.height) };
        let is_drawing = matches!(picture.files, PictureFiles::Drawing(_));
        if !is_drawing && *width > picture.width {
            let message = format!("the picture is only {} pixels wide", picture.width);
            self.notes.add(place.clone(), message, "give a smaller width, or a larger picture");
        }
        let height = u64::from(picture.height) * u64::from(*width) / u64::from(picture.width.max(1));
        (*width, u32::try_from(height.max(1)).unwrap_or(u32::MAX))
    }
}

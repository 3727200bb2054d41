//! Checks that a drawing is safe to publish, and reads its size.
//!
//! A drawing is well-formed XML made of shapes only: no scripts, no event handlers, nothing from outside. The
//! elements are an allow list, because what is not known cannot be called safe.

use std::ops::Range;

/// What is wrong with a drawing, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SvgMistake {
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

/// The size of a drawing in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) width: u32,
    pub(crate) height: u32,
}

const ELEMENTS: [&str; 24] = [
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "svg",
    "switch",
    "symbol",
    "text",
    "title",
    "tspan",
    "use",
];

const WELL_FORMED: &str = "open the file in a drawing program and save it again";
const SHAPES_ONLY: &str = "a drawing holds shapes, gradients and text only; remove it";

/// Checks the drawing from its first character to its last and returns its size.
pub(crate) fn inspect(text: &str) -> Result<Size, SvgMistake> {
    let mut reader = Reader { text, at: 0 };
    let mut open: Vec<&str> = Vec::new();
    let mut size = None;
    while let Some(start) = text[reader.at..].find('<').map(|found| reader.at + found) {
        let outside = open.is_empty()
            && !text[reader.at..start].trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty();
        if outside {
            return mistake(reader.at..start, "there is text outside of the drawing", WELL_FORMED);
        }
        reader.at = start;
        let rest = &text[start..];
        if rest.starts_with("<!--") {
            reader.skip_past("-->")?;
        } else if rest.starts_with("<?xml") && open.is_empty() {
            reader.skip_past("?>")?;
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            let help = "remove the declaration; a drawing needs none";
            return mistake(start..start + 2, "declarations are not allowed in a drawing", help);
        } else if rest.starts_with("</") {
            reader.close(&mut open)?;
        } else {
            if open.is_empty() && size.is_some() {
                return mistake(start..start + 1, "there is more than one drawing", WELL_FORMED);
            }
            let element = reader.open()?;
            let is_root = open.is_empty();
            if is_root && element.name != "svg" {
                return mistake(element.span, "a drawing begins with the element svg", WELL_FORMED);
            }
            element.check()?;
            if is_root {
                size = Some(element.size()?);
            }
            if !element.closed {
                open.push(element.name);
            }
        }
    }
    let rest = reader.at..text.len();
    match (size, open.last()) {
        (Some(size), None) if text[rest.clone()].trim().is_empty() => Ok(size),
        (Some(_), Some(name)) => mistake(rest, format!("the element {name} is not closed"), WELL_FORMED),
        (Some(_), None) => mistake(rest, "there is text outside of the drawing", WELL_FORMED),
        (None, _) => mistake(0..1, "this is not an SVG drawing", WELL_FORMED),
    }
}

fn mistake<T>(span: Range<usize>, message: impl Into<String>, help: &'static str) -> Result<T, SvgMistake> {
    Err(SvgMistake { span, message: message.into(), help })
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

struct Element<'t> {
    name: &'t str,
    span: Range<usize>,
    /// Name, value and place of each attribute.
    attributes: Vec<(&'t str, &'t str, Range<usize>)>,
    closed: bool,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_past(&mut self, end: &str) -> Result<(), SvgMistake> {
        match self.rest().find(end) {
            Some(found) => {
                self.at += found + end.len();
                Ok(())
            }
            None => mistake(self.at..self.at + 1, format!("{end:?} is missing"), WELL_FORMED),
        }
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn name(&mut self) -> &'t str {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.')))
            .unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn close(&mut self, open: &mut Vec<&'t str>) -> Result<(), SvgMistake> {
        let start = self.at;
        self.at += 2;
        let name = self.name();
        self.skip_blanks();
        let ends = self.rest().starts_with('>');
        if !ends || open.pop() != Some(name) {
            return mistake(
                start..self.at,
                format!("</{name}> closes an element that is not open"),
                WELL_FORMED,
            );
        }
        self.at += 1;
        Ok(())
    }

    fn open(&mut self) -> Result<Element<'t>, SvgMistake> {
        let start = self.at;
        self.at += 1;
        let name = self.name();
        let mut attributes = Vec::new();
        loop {
            self.skip_blanks();
            let rest = self.rest();
            if let Some(length) = [">", "/>"].iter().find(|end| rest.starts_with(**end)).map(|end| end.len())
            {
                self.at += length;
                let span = start..start + 1 + name.len();
                return Ok(Element { name, span, attributes, closed: length == 2 });
            }
            attributes.push(self.attribute()?);
        }
    }

    fn attribute(&mut self) -> Result<(&'t str, &'t str, Range<usize>), SvgMistake> {
        let start = self.at;
        let name = self.name();
        self.skip_blanks();
        let has_value = !name.is_empty() && self.rest().starts_with('=');
        self.at += usize::from(has_value);
        self.skip_blanks();
        let quote = self.rest().chars().next().filter(|c| has_value && matches!(c, '"' | '\''));
        let value = quote.and_then(|quote| self.rest()[1..].split_once(quote)).map(|(value, _)| value);
        match value {
            Some(value) if !value.contains('<') => {
                self.at += value.len() + 2;
                Ok((name, value, start..self.at))
            }
            _ => mistake(start..start + 1, "an attribute is not written as name=\"value\"", WELL_FORMED),
        }
    }
}

impl Element<'_> {
    fn check(&self) -> Result<(), SvgMistake> {
        if !ELEMENTS.contains(&self.name) {
            return mistake(
                self.span.clone(),
                format!("the element {:?} is not allowed", self.name),
                SHAPES_ONLY,
            );
        }
        for (name, value, span) in &self.attributes {
            let bare = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
            let compact: String =
                value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
            let outside = bare == "href" && !compact.starts_with('#');
            let fetches = compact.replace("url(#", "").contains("url(") || compact.contains("@import");
            if outside || fetches || compact.contains("javascript:") {
                let message = format!("the attribute {name:?} points outside of the drawing");
                return mistake(
                    span.clone(),
                    message,
                    "refer to things inside the drawing only, as in \"#name\"",
                );
            }
            if bare.starts_with("on") {
                return mistake(span.clone(), format!("the attribute {name:?} is a script"), SHAPES_ONLY);
            }
        }
        Ok(())
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, ..)| *known == name).map(|(_, value, _)| *value)
    }

    /// The size that `viewBox` gives, or else `width` and `height`.
    fn size(&self) -> Result<Size, SvgMistake> {
        let view_box = self.attribute("viewBox").and_then(|value| {
            let mut numbers = value.split([' ', ',']).filter(|part| !part.is_empty()).skip(2);
            Some((pixels(numbers.next()?)?, pixels(numbers.next()?)?))
        });
        let given = || Some((pixels(self.attribute("width")?)?, pixels(self.attribute("height")?)?));
        match view_box.or_else(given) {
            Some((width, height)) => Ok(Size { width, height }),
            None => mistake(
                self.span.clone(),
                "the drawing does not say how large it is",
                "give the element svg a viewBox, such as viewBox=\"0 0 800 1000\"",
            ),
        }
    }
}

/// Whole pixels, rounded up; only sizes that make sense on a page.
fn pixels(text: &str) -> Option<u32> {
    let (whole, fraction) = text.strip_suffix("px").unwrap_or(text).split_once('.').unwrap_or((text, ""));
    let whole: u32 = whole.trim_end_matches("px").parse().ok()?;
    let partial = fraction.bytes().any(|digit| digit != b'0');
    Some(whole + u32::from(partial)).filter(|pixels| (1..=20_000).contains(pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Result<(u32, u32), String> {
        inspect(text).map(|size| (size.width, size.height)).map_err(|mistake| mistake.message)
    }

    #[test]
    fn reads_the_size() {
        let open = "<?xml version=\"1.0\"?><!-- a --><svg xmlns=\"http://www.w3.org/2000/svg\"";
        assert_eq!(message(&format!("{open} viewBox='0 0 800 1000'><g/></svg>\n")), Ok((800, 1000)));
        assert_eq!(message(&format!("{open} width=\"40px\" height=\"9.5\"><g></g></svg>")), Ok((40, 10)));
        assert_eq!(message("<svg/>"), Err("the drawing does not say how large it is".into()));
    }

    #[test]
    fn refuses_what_could_run_or_fetch() {
        for inner in [
            "<script/>",
            "<foreignObject/>",
            "<image/>",
            "<style/>",
            "<a href=\"#x\"/>",
            "<g onload=\"x()\"/>",
            "<g OnLoad='x()'/>",
            "<use href=\"https://x.example/a.svg#b\"/>",
            "<use xlink:href=\"a.svg#b\"/>",
            "<g fill=\"url( https://x.example )\"/>",
            "<g style=\"fill:url('//x.example')\"/>",
        ] {
            assert!(message(&format!("<svg viewBox=\"0 0 1 1\">{inner}</svg>")).is_err(), "{inner}");
        }
        assert!(message("<svg viewBox=\"0 0 1 1\"><use href=\"#a\" fill=\"url(#b)\"/></svg>").is_ok());
    }

    #[test]
    fn refuses_what_is_not_well_formed() {
        let open = "<svg viewBox=\"0 0 1 1\">";
        for text in [
            String::new(),
            "hello".into(),
            format!("hello {open}</svg>"),
            format!("{open}</svg> hello"),
            open.into(),
            format!("{open}<g></svg>"),
            format!("{open}</g></svg>"),
            format!("{open}<g fill=red/></svg>"),
            format!("{open}<g fill=\"red/></svg>"),
            format!("{open}<!-- </svg>"),
            format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{open}</svg>"),
            format!("{open}</svg>{open}</svg>"),
            "<".into(),
            "<svg".into(),
        ] {
            assert!(message(&text).is_err(), "{text}");
        }
    }
}

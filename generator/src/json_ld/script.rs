//! Writing a graph as the text of a script element.

use std::io;

use ipswich_theme::SafeHtml;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

#[derive(Serialize)]
struct Graph<'g, P> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    parts: &'g [P],
}

/// How long the text is at least, so that memory is asked for once.
const USUAL_BYTES: usize = 4 * 1024;

/// The parts as one text. `<`, `>` and `&` are written as escapes of JSON, so that no text can end the element.
pub(super) fn text<P: Serialize>(parts: &[P]) -> SafeHtml {
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    let graph = Graph { context: "https://schema.org", parts };
    let mut serializer = Serializer::with_formatter(&mut bytes, ForScripts);
    graph.serialize(&mut serializer).expect("memory takes all, and every key is a text");
    SafeHtml::vouched(String::from_utf8(bytes).expect("texts and escapes are UTF-8"))
}

/// JSON without spaces, in which no text has a sign of HTML.
struct ForScripts;

impl Formatter for ForScripts {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(['<', '>', '&']) {
            let (before, from) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let mut characters = from.chars();
            writer.write_all(match characters.next() {
                Some('<') => b"\\u003c",
                Some('>') => b"\\u003e",
                _ => b"\\u0026",
            })?;
            rest = characters.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn no_text_ends_the_element() {
        let html = text(&["</script><b>\"Tea & \\ milk\"", ""]);
        let expected = r#"{"@context":"https://schema.org","@graph":["\u003c/script\u003e\u003cb\u003e\"Tea \u0026 \\ milk\"",""]}"#;
        assert_eq!(html.as_str(), expected);
    }
}

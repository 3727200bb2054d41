//! The files of the theme that browsers load: each gets an address that changes with its bytes.
//!
//! Style sheets refer to fonts and pictures by relative paths; those become the new addresses first, so that the
//! address of a style sheet changes with everything it loads.

use std::collections::BTreeMap;

use crate::hash::short_hash;
use crate::names::last_segment;
use crate::pictures::address_part;
use crate::problem::{Problem, did_you_mean};
use crate::source::BinaryFile;

/// The assets of a theme.
#[derive(Debug, Default)]
pub(crate) struct Assets {
    /// Public address by the name that templates use: `css/site.css` → `/assets/site.1a2b3c4d.css`.
    pub(crate) addresses: BTreeMap<String, String>,
    /// What is published: address and bytes.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

/// Names the files and rewrites the style sheets.
pub(crate) fn prepare(files: Vec<BinaryFile>, problems: &mut Vec<Problem>) -> Assets {
    let mut assets = Assets::default();
    let (sheets, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.name.ends_with(".css"));
    for file in others {
        assets.add(file.name, file.bytes);
    }
    let known = assets.addresses.clone();
    for file in sheets {
        match String::from_utf8(file.bytes) {
            Ok(text) => {
                let rewritten = rewrite_urls(&file.path, &file.name, &text, &known, problems);
                assets.add(file.name, rewritten.into_bytes());
            }
            Err(_) => {
                let help = "save the style sheet with the encoding UTF-8";
                problems.push(Problem::of_file(file.path, "this is not UTF-8 text", help));
            }
        }
    }
    assets
}

impl Assets {
    fn add(&mut self, name: String, bytes: Vec<u8>) {
        let file = last_segment(&name);
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, "bin"));
        let address = format!("/assets/{}.{}.{extension}", address_part(stem), short_hash(&bytes));
        self.files.push((address.clone(), bytes));
        self.addresses.insert(name, address);
    }
}

/// Replaces each relative `url(…)` of a style sheet by the address of the file it means.
fn rewrite_urls(
    path: &str,
    name: &str,
    text: &str,
    known: &BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = text[at..].find("url(") {
        let start = at + found + "url(".len();
        let Some(length) = text[start..].find(')') else { break };
        out.push_str(&text[at..start]);
        let inner = &text[start..start + length];
        let target = inner.trim().trim_matches(['"', '\'']);
        at = start + length;
        if target.starts_with("data:") || target.starts_with('#') {
            out.push_str(inner);
            continue;
        }
        match resolve(name, target).and_then(|file| known.get(&file)) {
            Some(address) => {
                out.push('"');
                out.push_str(address);
                out.push('"');
            }
            None => {
                let help = did_you_mean(target, known.keys().map(String::as_str), || {
                    "name a file of static/ by its path from the style sheet, such as \"../fonts/serif.woff2\""
                        .to_owned()
                });
                let message = format!("the theme has no file {target:?}");
                problems.push(Problem::in_text(path, text, start..start + length, message, help));
            }
        }
    }
    out.push_str(&text[at..]);
    out
}

/// The name of the file that a path means in the file `from`; `None` if it leaves the theme.
fn resolve(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            "" => return None,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> BinaryFile {
        BinaryFile { path: format!("themes/t/static/{name}"), name: name.into(), bytes: text.into() }
    }

    #[test]
    fn style_sheets_follow_what_they_load() {
        let sheet = "a{src:url(\"../fonts/f.woff2\")}b{c:url(data:x)}d{e:url(#f)}";
        let prepare_with = |font: &str| {
            let mut problems = Vec::new();
            let assets = prepare(vec![file("css/s.css", sheet), file("fonts/f.woff2", font)], &mut problems);
            assert_eq!(problems, []);
            assets
        };
        let (one, two) = (prepare_with("1"), prepare_with("2"));
        assert_ne!(one.addresses["css/s.css"], two.addresses["css/s.css"]);
        let text = String::from_utf8(one.files[1].1.clone()).unwrap();
        let font = &one.addresses["fonts/f.woff2"];
        assert_eq!(text, format!("a{{src:url(\"{font}\")}}b{{c:url(data:x)}}d{{e:url(#f)}}"));
    }

    #[test]
    fn what_is_not_there_has_a_place() {
        let mut problems = Vec::new();
        prepare(vec![file("s.css", "a{}\nb{src:url(../x.woff2)}")], &mut problems);
        assert_eq!(
            problems[0].to_string(),
            "themes/t/static/s.css:2:11: the theme has no file \"../x.woff2\""
        );
    }
}

//! The pictures of imported goods: found by file name, taken if the generator can publish them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// What stands in where a product has no picture that can be published.
pub(crate) const STAND_IN: &str = "picture-to-come.svg";

/// A frame on a wall.
const STAND_IN_DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 1000\" width=\"800\" \
height=\"1000\"><title>Picture to come</title><rect width=\"800\" height=\"1000\" fill=\"#E0DFDA\"/>\
<rect x=\"240\" y=\"300\" width=\"320\" height=\"400\" fill=\"#CFCDC6\"/>\
<rect x=\"270\" y=\"330\" width=\"260\" height=\"340\" fill=\"#E0DFDA\"/></svg>\n";

/// The drawing of [`STAND_IN`].
pub(crate) fn stand_in_drawing() -> &'static str {
    STAND_IN_DRAWING
}

/// Looks for pictures and keeps those that are used.
#[derive(Debug)]
pub(crate) struct Pictures {
    /// Where the pictures of the other shop are.
    from: Option<PathBuf>,
    /// `images` of the content.
    own: PathBuf,
    /// To be written, by file name.
    pub(crate) used: BTreeMap<String, Vec<u8>>,
}

/// What became of a picture.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The file name in `content/images/`.
    Here(String),
    /// There is no file of that name.
    Missing,
    /// The generator does not publish it, for this reason.
    Refused(String),
}

impl Pictures {
    /// Looks in a folder, if there is one, and in `content/images/`.
    pub(crate) fn new(from: Option<PathBuf>, own: PathBuf) -> Pictures {
        Pictures { from, own, used: BTreeMap::new() }
    }

    /// The picture at an address of the other shop.
    pub(crate) fn find(&mut self, url: &str) -> Result<Found> {
        let Some(name) = file_name(url) else { return Ok(Found::Missing) };
        if self.used.contains_key(name) {
            return Ok(Found::Here(name.to_owned()));
        }
        let folders = self.from.iter().chain([&self.own]);
        let Some(path) = folders.map(|folder| folder.join(name)).find(|path| path.is_file()) else {
            return Ok(Found::Missing);
        };
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if let Some(reason) = crate::pictures::refusal(name, &bytes) {
            return Ok(Found::Refused(reason));
        }
        self.used.insert(name.to_owned(), bytes);
        Ok(Found::Here(name.to_owned()))
    }

    /// The drawing that says that there is no picture yet.
    pub(crate) fn stand_in(&mut self) -> String {
        self.used.entry(STAND_IN.to_owned()).or_insert_with(|| STAND_IN_DRAWING.into());
        STAND_IN.to_owned()
    }
}

/// The last part of an address, without what follows `?` and `#`.
pub(crate) fn file_name(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let in_words = name.split_whitespace().collect::<Vec<_>>().join(" ");
    // The reader of the content takes names that begin with a point or end with "~" for files of other tools.
    let plain = !name.starts_with('.') && !name.ends_with('~') && !name.contains([':', '"']);
    let plain = plain && !name.is_empty() && in_words == name && !name.contains(char::is_control);
    plain.then_some(name)
}

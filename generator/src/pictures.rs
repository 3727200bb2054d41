//! The pictures of the content: checked, measured, and given an address that changes with their bytes.

use ipswich_theme::Image;
use rayon::prelude::*;

use crate::hash::short_hash;
use crate::problem::Problem;
use crate::source::BinaryFile;
use crate::svg;

/// A picture that can be published.
#[derive(Debug)]
pub(crate) struct Picture {
    /// Its public address: `/assets/img/<name>.<hash>.svg`.
    pub(crate) src: String,
    /// Width in pixels.
    pub(crate) width: u32,
    /// Height in pixels.
    pub(crate) height: u32,
}

impl Picture {
    /// The view of the picture with a description.
    pub(crate) fn view(&self, alt: &str) -> Image {
        Image { src: self.src.clone(), width: self.width, height: self.height, alt: alt.to_owned() }
    }
}

/// Checks all pictures. Those with a mistake keep their place in the list, so that numbers stay right.
pub(crate) fn inspect(files: &[BinaryFile], problems: &mut Vec<Problem>) -> Vec<Picture> {
    let inspected: Vec<_> = files.par_iter().map(inspect_one).collect();
    let mut pictures = Vec::with_capacity(files.len());
    for (picture, problem) in inspected {
        pictures.push(picture);
        problems.extend(problem);
    }
    pictures
}

fn inspect_one(file: &BinaryFile) -> (Picture, Option<Problem>) {
    let name = crate::names::last_segment(&file.name);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let src = format!("/assets/img/{}.{}.{extension}", address_part(stem), short_hash(&file.bytes));
    let picture = |width, height| Picture { src: src.clone(), width, height };
    let failed = |problem| (picture(1, 1), Some(problem));
    if extension != "svg" {
        let message = format!("pictures of the kind {extension:?} cannot be published");
        return failed(Problem::of_file(&file.path, message, "save the picture as an SVG drawing"));
    }
    let Ok(text) = std::str::from_utf8(&file.bytes) else {
        let help = "save the drawing with the encoding UTF-8";
        return failed(Problem::of_file(&file.path, "this is not UTF-8 text", help));
    };
    match svg::inspect(text) {
        Ok(size) => (picture(size.width, size.height), None),
        Err(wrong) => {
            let mut problem = Problem::in_text(&file.path, text, wrong.span, wrong.message, wrong.help);
            // Drawings are often one long line, which helps nobody on a terminal.
            if problem.excerpt.len() > 200 {
                problem.excerpt.clear();
            }
            failed(problem)
        }
    }
}

/// The characters of a file name that can stand in an address as they are; the others become hyphens.
pub(crate) fn address_part(stem: &str) -> String {
    stem.chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .collect()
}

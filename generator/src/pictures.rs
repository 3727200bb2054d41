//! The pictures of the content: checked, measured, and given addresses that change with their bytes.
//!
//! Drawings are published as they are. Photos are scaled and encoded once, by [`raster`], and kept in the [`cache`];
//! here is only where each of their files lies and what its address is, never a decoded picture.

mod cache;
mod raster;

use std::path::Path;

use anyhow::Result;
use ipswich_theme::Image;
use rayon::prelude::*;

use self::cache::Cache;
use crate::hash::short_hash;
use crate::output::CopiedFile;
use crate::problem::Problem;
use crate::source::PictureFile;
use crate::svg;

/// A picture that can be published.
#[derive(Debug, Default)]
pub(crate) struct Picture {
    /// Its public address: `/assets/img/<name>.<hash>.svg`. Of a photo, the largest file in the format of the source.
    pub(crate) src: String,
    /// Width in pixels.
    pub(crate) width: u32,
    /// Height in pixels.
    pub(crate) height: u32,
    /// The WebP files of a photo for `srcset`, the smallest first; empty for a drawing.
    pub(crate) srcset: String,
    /// The same as AVIF; empty if none are made.
    pub(crate) srcset_avif: String,
    /// The smallest WebP file of a photo, for lists of goods.
    small: Option<Small>,
    /// What is published of it.
    pub(crate) files: PictureFiles,
    /// Why a photo cannot be published, for the lines that show it. Drawings name the line within themselves.
    pub(crate) broken: Option<Wrong>,
}

#[derive(Debug)]
struct Small {
    src: String,
    width: u32,
    height: u32,
}

/// What is published of a picture.
#[derive(Debug, Default)]
pub(crate) enum PictureFiles {
    /// Nothing, because it has a mistake.
    #[default]
    None,
    /// One drawing, as it is.
    Drawing(Vec<u8>),
    /// Files of the cache.
    Encoded(Vec<CopiedFile>),
}

/// What is wrong with a picture.
#[derive(Clone, Debug)]
pub(crate) struct Wrong {
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

impl Picture {
    /// The view of the picture with a description.
    pub(crate) fn view(&self, alt: &str) -> Image {
        Image {
            src: self.src.clone(),
            width: self.width,
            height: self.height,
            srcset: self.srcset.clone(),
            srcset_avif: self.srcset_avif.clone(),
            alt: alt.to_owned(),
        }
    }

    /// Stands for all that others see of the picture: its addresses change with its bytes.
    pub(crate) fn identity(&self) -> String {
        let Picture { src, width, height, srcset, srcset_avif, small, files: _, broken } = self;
        format!("{src} {width} {height} {srcset} {srcset_avif} {small:?} {broken:?}")
    }

    /// Address, width and height of the picture for lists of goods.
    pub(crate) fn small(&self) -> (&str, u32, u32) {
        match &self.small {
            Some(small) => (&small.src, small.width, small.height),
            None => (&self.src, self.width, self.height),
        }
    }
}

/// Checks all pictures and encodes those that are not in the cache yet, as AVIF too if that is wanted. Pictures with a
/// mistake keep their place in the list, so that numbers stay right. Fails if the cache cannot be written.
pub(crate) fn inspect(
    root: &Path,
    files: &[PictureFile],
    avif: bool,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Picture>> {
    let cache = Cache::of_project(root, avif);
    let inspected: Vec<_> =
        files.par_iter().map(|file| inspect_one(&cache, file)).collect::<Result<Vec<_>>>()?;
    let mut pictures = Vec::with_capacity(files.len());
    for (picture, problem) in inspected {
        pictures.push(picture);
        problems.extend(problem);
    }
    Ok(pictures)
}

/// Why a picture cannot be published, if so. A photo is decoded, and nothing is kept of it.
pub(crate) fn refusal(name: &str, bytes: &[u8]) -> Option<String> {
    let (_, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    match extension.to_ascii_lowercase().as_str() {
        "svg" => match std::str::from_utf8(bytes) {
            Ok(text) => svg::inspect(text).err().map(|wrong| wrong.message),
            Err(_) => Some("drawings that are not UTF-8 text".to_owned()),
        },
        "jpg" | "jpeg" | "png" | "webp" => raster::check(bytes).err().map(|wrong| wrong.message),
        other => Some(format!("pictures of the kind {other:?} cannot be published")),
    }
}

fn inspect_one(cache: &Cache, file: &PictureFile) -> Result<(Picture, Option<Problem>)> {
    let name = crate::names::last_segment(&file.name);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let extension = extension.to_ascii_lowercase();
    let bytes = match file.read() {
        Ok(bytes) => bytes,
        Err(error) => {
            let help = "check that the file may be read";
            return Ok(broken(file, Wrong { message: format!("the picture cannot be read: {error}"), help }));
        }
    };
    match extension.as_str() {
        "svg" => Ok(drawing(file, stem, bytes)),
        "jpg" | "jpeg" | "png" | "webp" => match cache.encoded(&bytes)? {
            Ok(entry) => Ok((photo(stem, &entry), None)),
            Err(wrong) => Ok(broken(file, wrong)),
        },
        _ => {
            let message = format!("pictures of the kind {extension:?} cannot be published");
            let help = "save the picture as JPEG, PNG or WebP, or as an SVG drawing";
            Ok(broken(file, Wrong { message, help }))
        }
    }
}

/// A picture that keeps its place in the list, and the problem at the file itself.
fn broken(file: &PictureFile, wrong: Wrong) -> (Picture, Option<Problem>) {
    let problem = Problem::of_file(&file.path, wrong.message.clone(), wrong.help);
    (Picture { broken: Some(wrong), ..Picture::default() }, Some(problem))
}

fn drawing(file: &PictureFile, stem: &str, bytes: Vec<u8>) -> (Picture, Option<Problem>) {
    let failed = |problem| (Picture { width: 1, height: 1, ..Picture::default() }, Some(problem));
    let Ok(text) = std::str::from_utf8(&bytes) else {
        let help = "save the drawing with the encoding UTF-8";
        return failed(Problem::of_file(&file.path, "this is not UTF-8 text", help));
    };
    match svg::inspect(text) {
        Ok(size) => {
            let src = format!("/assets/img/{}.{}.svg", address_part(stem), short_hash(&bytes));
            let files = PictureFiles::Drawing(bytes);
            (Picture { src, width: size.width, height: size.height, files, ..Picture::default() }, None)
        }
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

/// Gives the files of the cache their addresses.
fn photo(stem: &str, entry: &cache::Entry) -> Picture {
    let address = |file: &cache::EncodedFile| {
        let hash: String = file.hash.chars().take(8).collect();
        format!("/assets/img/{}-{}.{hash}.{}", address_part(stem), file.width, file.extension)
    };
    let srcset = |extension: &str| {
        let files = entry.files.iter().filter(|file| file.extension == extension);
        files.map(|file| format!("{} {}w", address(file), file.width)).collect::<Vec<_>>().join(", ")
    };
    let copied = |file: &cache::EncodedFile| CopiedFile {
        path: address(file).trim_start_matches('/').to_owned(),
        disk: entry.path(file),
        hash: file.hash.clone(),
        length: file.length,
    };
    let small =
        entry.files.first().map(|file| Small { src: address(file), width: file.width, height: file.height });
    let Some(largest) = entry.files.last() else { return Picture::default() };
    Picture {
        src: address(largest),
        width: largest.width,
        height: largest.height,
        srcset: srcset(raster::WEBP),
        srcset_avif: srcset(raster::AVIF),
        small,
        files: PictureFiles::Encoded(entry.files.iter().map(copied).collect()),
        broken: None,
    }
}

/// The characters of a file name that can stand in an address as they are; the others become hyphens.
pub(crate) fn address_part(stem: &str) -> String {
    stem.chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .collect()
}

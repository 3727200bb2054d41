//! Photos: decoded, turned upright, scaled and encoded, without the metadata of the source.
//!
//! 1. The header is read: format, size, orientation, colour profile. What is too large ends here.
//! 2. The pixels are decoded and scaled to the largest width at once, so that the full size lives only shortly.
//! 3. The scaled picture is turned as its EXIF data says and its colours become sRGB, which needs no profile.
//! 4. It is encoded as WebP in each width, as AVIF too if that is wanted, and once in the format of the source.
//!
//! The same bytes in give the same bytes out.

use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

use fast_image_resize::images::{Image as Scaled, ImageRef};
use fast_image_resize::{PixelType, Resizer};
use image::codecs::avif::AvifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageFormat, ImageReader, RgbImage, RgbaImage};
use moxcms::{ColorProfile, Layout, TransformOptions};

use super::Wrong;

/// Names how pictures are encoded. Changed with anything that changes the bytes, so that the cache is not used.
pub(super) const PARAMETERS: &str = "1 webp80 jpg82 400 800 1200 ";

/// The same with AVIF.
pub(super) const PARAMETERS_AVIF: &str = "1 webp80 avif62/7 jpg82 400 800 1200 ";

/// The extension of WebP files.
pub(super) const WEBP: &str = "webp";

/// The extension of AVIF files.
pub(super) const AVIF: &str = "avif";

/// The widths in pixels; the last is the largest that is published.
const WIDTHS: [u32; 3] = [400, 800, 1200];

/// The most pixels a picture may have: a few hundred megabytes when decoded.
const PIXELS_MAX: u64 = 50_000_000;

/// From this many pixels on, pictures are decoded one after the other, so that memory does not grow with the cores.
const PIXELS_LARGE: u64 = 16_000_000;

/// The largest side that WebP can hold.
const SIDE_MAX: u32 = 16_383;

const WEBP_QUALITY: f32 = 80.0;
const JPEG_QUALITY: u8 = 82;

/// About as good to look at as WebP at its quality.
const AVIF_QUALITY: u8 = 62;

/// From 1, slow and small, to 10. Each step below this one takes twice as long and saves some percent.
const AVIF_SPEED: u8 = 7;

static LARGE: Mutex<()> = Mutex::new(());

/// An encoded picture.
pub(super) struct Encoded {
    /// Width in pixels.
    pub(super) width: u32,
    /// Height in pixels.
    pub(super) height: u32,
    /// `webp`, `avif`, `jpg` or `png`.
    pub(super) extension: &'static str,
    /// The file.
    pub(super) bytes: Vec<u8>,
}

/// Makes all files of a picture: WebP, the smallest first, and after each the same as AVIF if that is wanted; then the
/// format of the source if it is another.
pub(super) fn encode(source: &[u8], avif: bool) -> Result<Vec<Encoded>, Wrong> {
    let Upright { picture, format, publishable } = upright(source)?;
    let (width, height) = picture.dimensions();
    let mut files = Vec::new();
    for step in WIDTHS {
        // A step that is nearly as wide as the largest would only cost space.
        if step < width - width / 10 {
            let scaled = scale(&picture, step, height_at(step, (width, height)))?;
            files.push(encoded(&scaled, ImageFormat::WebP)?);
            if avif {
                files.push(encoded(&scaled, ImageFormat::Avif)?);
            }
        }
    }
    if avif {
        files.push(encoded(&picture, ImageFormat::Avif)?);
    }
    files.push(match publishable {
        true => Encoded { width, height, extension: WEBP, bytes: source.to_vec() },
        false => encoded(&picture, ImageFormat::WebP)?,
    });
    if format != ImageFormat::WebP {
        files.push(encoded(&picture, format)?);
    }
    Ok(files)
}

/// A picture that is turned upright, at most as wide as the largest width.
struct Upright {
    picture: DynamicImage,
    format: ImageFormat,
    /// Whether the source itself can be published: a WebP file of the right size that carries nothing but pixels.
    publishable: bool,
}

/// Whether the photo can be decoded and has a size that can be published.
pub(super) fn check(source: &[u8]) -> Result<(), Wrong> {
    upright(source).map(|_| ())
}

fn upright(source: &[u8]) -> Result<Upright, Wrong> {
    let reader = ImageReader::new(Cursor::new(source)).with_guessed_format().map_err(damaged)?;
    let format = match reader.format() {
        Some(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => format,
        _ => {
            let help = "save the picture again as JPEG, PNG or WebP; another name does not change its format";
            return Err(Wrong { message: "this is not a JPEG, PNG or WebP picture".to_owned(), help });
        }
    };
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    check_size(width, height, pixels)?;
    if format == ImageFormat::Jpeg && !jpeg_is_whole(source) {
        return Err(damaged("the file ends too early"));
    }
    let orientation = decoder.orientation().map_err(damaged)?;
    let profile = decoder.icc_profile().map_err(damaged)?;
    let has_metadata = decoder.exif_metadata().map_err(damaged)?.is_some()
        || decoder.xmp_metadata().map_err(damaged)?.is_some()
        || profile.is_some();
    let is_turned = turned_sideways(orientation);
    let size = if is_turned { (height, width) } else { (width, height) };
    let largest = size.0.min(WIDTHS[WIDTHS.len() - 1]);
    let target = (largest, height_at(largest, size));
    if target.1 > SIDE_MAX {
        let help = "cut it; a picture is at most 13 times as high as it is wide";
        return Err(Wrong { message: format!("the picture has {width} × {height} pixels"), help });
    }
    let lock = (pixels >= PIXELS_LARGE).then(|| LARGE.lock().unwrap_or_else(PoisonError::into_inner));
    let decoded = plain(DynamicImage::from_decoder(decoder).map_err(damaged)?);
    let (width, height) = if is_turned { (target.1, target.0) } else { target };
    let mut picture = match decoded.dimensions() == (width, height) {
        true => decoded,
        false => scale(&decoded, width, height)?,
    };
    drop(lock);
    picture.apply_orientation(orientation);
    if let Some(profile) = profile {
        to_srgb(&mut picture, &profile);
    }
    let publishable = format == ImageFormat::WebP
        && !has_metadata
        && orientation == Orientation::NoTransforms
        && target == size;
    Ok(Upright { picture, format, publishable })
}

fn damaged(error: impl std::fmt::Display) -> Wrong {
    let help = "save the picture again from the original, or replace it";
    let words: Vec<String> = error.to_string().split_whitespace().map(str::to_owned).collect();
    Wrong { message: format!("the picture is damaged: {}", words.join(" ")), help }
}

fn check_size(width: u32, height: u32, pixels: u64) -> Result<(), Wrong> {
    if pixels == 0 {
        return Err(damaged("it has no pixels"));
    }
    if pixels > PIXELS_MAX {
        let megapixels = PIXELS_MAX / 1_000_000;
        let message = format!("the picture has {width} × {height} pixels, more than {megapixels} megapixels");
        return Err(Wrong { message, help: "make it smaller; 2400 pixels across are plenty" });
    }
    Ok(())
}

/// Whether a JPEG file goes on to its end. The decoder would fill the rest of a cut file with grey.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xDA;
    let mut at = 2;
    while let Some([0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        if *marker == START_OF_SCAN {
            return bytes[at..].windows(2).any(|pair| pair == [0xFF, 0xD9]);
        }
        if *marker == 0xFF {
            at += 1;
            continue;
        }
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
    }
    false
}

fn turned_sideways(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// The height that keeps the proportions, at least one pixel.
fn height_at(width: u32, (full_width, full_height): (u32, u32)) -> u32 {
    let (width, full_width, full_height) = (u64::from(width), u64::from(full_width), u64::from(full_height));
    let height = (full_height * width + full_width / 2) / full_width.max(1);
    u32::try_from(height).unwrap_or(u32::MAX).max(1)
}

/// Eight bits a channel, and no alpha channel where every pixel is opaque.
fn plain(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let rgba = picture.into_rgba8();
    if rgba.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        return DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(rgba).into_rgb8());
    }
    DynamicImage::ImageRgba8(rgba)
}

fn scale(picture: &DynamicImage, width: u32, height: u32) -> Result<DynamicImage, Wrong> {
    let kind = if picture.color().has_alpha() { PixelType::U8x4 } else { PixelType::U8x3 };
    let (from_width, from_height) = picture.dimensions();
    let from = ImageRef::new(from_width, from_height, picture.as_bytes(), kind).map_err(damaged)?;
    let mut scaled = Scaled::new(width, height, kind);
    Resizer::new().resize(&from, &mut scaled, None).map_err(damaged)?;
    let bytes = scaled.into_vec();
    let made = match kind {
        PixelType::U8x4 => RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8),
        _ => RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
    };
    made.ok_or_else(|| damaged("it cannot be scaled"))
}

/// Turns the colours of a profile into sRGB. A profile that cannot be used, such as one for print, is left aside:
/// the decoder has made RGB of its colours already.
fn to_srgb(picture: &mut DynamicImage, profile: &[u8]) {
    let layout = if picture.color().has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return };
    let srgb = ColorProfile::new_srgb();
    let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default())
    else {
        return;
    };
    let from = picture.as_bytes().to_vec();
    let mut to = vec![0; from.len()];
    if transform.transform(&from, &mut to).is_err() {
        return;
    }
    let (width, height) = picture.dimensions();
    let made = match layout {
        Layout::Rgba => RgbaImage::from_raw(width, height, to).map(DynamicImage::ImageRgba8),
        _ => RgbImage::from_raw(width, height, to).map(DynamicImage::ImageRgb8),
    };
    if let Some(made) = made {
        *picture = made;
    }
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Result<Encoded, Wrong> {
    let (width, height) = picture.dimensions();
    let (extension, bytes) = match format {
        ImageFormat::Jpeg => {
            let mut bytes = Vec::new();
            let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
            // JPEG has no alpha channel, and neither has a picture that came from one.
            picture.to_rgb8().write_with_encoder(encoder).map_err(damaged)?;
            ("jpg", bytes)
        }
        ImageFormat::Png => {
            let mut bytes = Vec::new();
            let encoder =
                PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
            picture.write_with_encoder(encoder).map_err(damaged)?;
            ("png", bytes)
        }
        ImageFormat::Avif => {
            let mut bytes = Vec::new();
            // One thread, so that the same picture gives the same bytes; pictures are encoded side by side.
            let encoder = AvifEncoder::new_with_speed_quality(&mut bytes, AVIF_SPEED, AVIF_QUALITY);
            picture.write_with_encoder(encoder.with_num_threads(Some(1))).map_err(damaged)?;
            (AVIF, bytes)
        }
        _ => (WEBP, webp(picture)?),
    };
    Ok(Encoded { width, height, extension, bytes })
}

fn webp(picture: &DynamicImage) -> Result<Vec<u8>, Wrong> {
    let (width, height) = picture.dimensions();
    let layout = if picture.color().has_alpha() { webp::PixelLayout::Rgba } else { webp::PixelLayout::Rgb };
    let encoder = webp::Encoder::new(picture.as_bytes(), layout, width, height);
    let encoded = encoder.encode_simple(false, WEBP_QUALITY);
    let memory = encoded.map_err(|error| damaged(format!("WebP cannot hold it ({error:?})")))?;
    Ok(memory.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_keep_the_proportions() {
        assert_eq!(height_at(400, (1200, 900)), 300);
        assert_eq!(height_at(400, (50_000, 1)), 1);
    }

    #[test]
    fn a_colour_profile_is_applied() {
        let red = RgbImage::from_pixel(2, 2, image::Rgb([200, 30, 30]));
        let mut picture = DynamicImage::ImageRgb8(red);
        to_srgb(&mut picture, &ColorProfile::new_display_p3().encode().unwrap());
        let pixel = picture.to_rgb8().get_pixel(0, 0).0;
        assert!(pixel[0] > 205 && pixel[1] < 30, "red of a wide space is a stronger red in sRGB: {pixel:?}");
        to_srgb(&mut picture, b"no profile");
        assert_eq!(picture.to_rgb8().get_pixel(0, 0).0, pixel);
    }
}

//! What becomes of photos: turned, scaled, encoded once, and refused with the line that shows them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;
use std::time::SystemTime;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use insta::assert_snapshot;
use ipswich_catalog::published::SkuShard;
use ipswich_tests::SiteTest;

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// Red on the left, blue on the right.
fn two_colours(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| Rgb(if x < width / 2 { [220, 20, 20] } else { [20, 20, 220] }))
}

/// A JPEG file whose EXIF data says that it is turned.
fn turned_jpeg(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).expect("a short segment").to_be_bytes();
    let jpeg = encoded(two_colours(width, height), ImageFormat::Jpeg);
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

/// The small shop with a photo in place of the picture of the mug.
fn site(name: &str, bytes: impl AsRef<[u8]>) -> SiteTest {
    SiteTest::new().write(&format!("content/images/{name}"), bytes).replace(
        "content/products/mug.md",
        "mug.svg",
        name,
    )
}

/// The published photos by name without the hash, with their addresses.
fn photos(site: &SiteTest) -> BTreeMap<String, (String, DynamicImage, Vec<u8>)> {
    let files = site.output().into_iter().filter_map(|(path, bytes)| {
        let path = path.to_str()?.to_owned();
        let name = path.strip_prefix("assets/img/")?;
        let [stem, hash, extension] = name.split('.').collect::<Vec<_>>().try_into().ok()?;
        assert_eq!(hash.len(), 8, "{name}");
        let picture = (extension != "svg").then(|| image::load_from_memory(&bytes).expect("a picture"))?;
        Some((format!("{stem}.{extension}"), (format!("/{path}"), picture, bytes)))
    });
    files.collect()
}

fn names(site: &SiteTest) -> Vec<String> {
    photos(site).into_keys().collect()
}

#[test]
fn a_turned_photo_is_published_upright_without_its_metadata() {
    let site = site("photo.jpg", turned_jpeg(1000, 500, 6)).build();
    assert_eq!(names(&site), ["photo-400.webp", "photo-500.jpg", "photo-500.webp"]);
    for (name, (_, picture, bytes)) in photos(&site) {
        let picture = picture.to_rgb8();
        let (width, height) = picture.dimensions();
        assert_eq!(height, width * 2, "{name}");
        let (top, bottom) = (picture.get_pixel(width / 2, 9).0, picture.get_pixel(width / 2, height - 9).0);
        assert!(top[0] > 180 && top[2] < 60, "{name} has red at the top: {top:?}");
        assert!(bottom[2] > 180 && bottom[0] < 60, "{name} has blue at the bottom: {bottom:?}");
        assert!(!bytes.windows(4).any(|part| part == b"Exif"), "{name} has no metadata");
    }
    let (address, ..) = &photos(&site)["photo-500.jpg"];
    site.check_file("product/mug.html", &format!("<img src=\"{address}\" width=\"500\" height=\"1000\""));
}

#[test]
fn all_eight_orientations_come_out_upright() {
    for orientation in 1..=8 {
        let site = site("photo.jpg", turned_jpeg(120, 60, orientation)).build();
        let name = if orientation < 5 { "photo-120.jpg" } else { "photo-60.jpg" };
        let (_, picture, _) = &photos(&site)[name];
        let picture = picture.to_rgb8();
        let (width, height) = picture.dimensions();
        let red_first = picture.get_pixel(4, 4).0[0] > 180;
        let red_last = picture.get_pixel(width - 5, height - 5).0[0] > 180;
        assert_eq!(red_first, matches!(orientation, 1 | 4 | 5 | 6), "orientation {orientation}");
        assert_ne!(red_first, red_last, "orientation {orientation}");
    }
}

#[test]
fn large_photos_come_in_three_widths() {
    let site = site("Big Photo.jpeg", encoded(two_colours(2400, 1200), ImageFormat::Jpeg)).build();
    assert_eq!(
        names(&site),
        ["Big-Photo-1200.jpg", "Big-Photo-1200.webp", "Big-Photo-400.webp", "Big-Photo-800.webp"]
    );
}

#[test]
fn a_text_offers_every_width_and_the_shop_a_small_one() {
    let photo = encoded(two_colours(900, 600), ImageFormat::Jpeg);
    let site =
        site("photo.jpg", photo).append("content/products/mug.md", "\n![A photo](photo.jpg)\n").build();
    let photos = photos(&site);
    let address = |name: &str| photos[name].0.clone();
    let srcset = format!(
        "<picture><source type=\"image/webp\" srcset=\"{} 400w, {} 800w, {} 900w\" sizes=",
        address("photo-400.webp"),
        address("photo-800.webp"),
        address("photo-900.webp"),
    );
    let page = site.read("product/mug.html");
    assert!(page.contains(&srcset), "{page}");
    assert!(
        page.contains(&format!("<img src=\"{}\" width=\"900\" height=\"600\"", address("photo-900.jpg")))
    );
    let shard: SkuShard = serde_json::from_str(&site.read("_shop/sku/0.json")).expect("a shard");
    let image =
        shard.skus.values().find(|sku| sku.product.as_str() == "mug").and_then(|sku| sku.image.clone());
    let image = image.expect("a picture");
    assert_eq!((image.src, image.width, image.height), (address("photo-400.webp"), 400, 267));
}

#[test]
fn transparency_is_kept() {
    let half = RgbaImage::from_fn(60, 40, |x, _| Rgba([200, 40, 40, if x < 30 { 0 } else { 255 }]));
    let site = site("mug.png", encoded(half, ImageFormat::Png)).build();
    assert_eq!(names(&site), ["mug-60.png", "mug-60.webp"]);
    for (name, (_, picture, _)) in photos(&site) {
        let picture = picture.to_rgba8();
        assert_eq!((picture.get_pixel(5, 5).0[3], picture.get_pixel(55, 5).0[3]), (0, 255), "{name}");
    }
}

#[test]
fn a_webp_file_of_the_right_size_is_published_as_it_is() {
    let source = encoded(two_colours(500, 300), ImageFormat::WebP);
    let site = site("photo.webp", &source).build();
    assert_eq!(names(&site), ["photo-400.webp", "photo-500.webp"]);
    assert_eq!(photos(&site)["photo-500.webp"].2, source);
}

#[test]
fn what_the_name_says_does_not_matter() {
    let site = site("photo.jpg", encoded(two_colours(50, 30), ImageFormat::Png)).build();
    assert_eq!(names(&site), ["photo-50.png", "photo-50.webp"]);
}

/// Every file of the cache with the time it was written.
fn cached(site: &SiteTest) -> BTreeMap<PathBuf, SystemTime> {
    let folders = fs::read_dir(site.root().join(".data/images")).expect("the cache");
    folders
        .flat_map(|folder| fs::read_dir(folder.expect("an entry").path()).expect("its files"))
        .map(|file| {
            let file = file.expect("a file");
            (file.path(), file.metadata().and_then(|known| known.modified()).expect("a time"))
        })
        .collect()
}

#[test]
fn a_photo_is_encoded_once() {
    let site = site("photo.jpg", turned_jpeg(1000, 500, 1)).build();
    let (first, output) = (cached(&site), site.output());
    let site = site.build();
    assert_eq!(site.report().written, 0);
    assert_eq!(cached(&site), first, "nothing is encoded again");
    let cut = first.keys().find(|path| path.ends_with("400.webp")).expect("a file of the cache");
    fs::write(cut, "cut").expect("a file");
    fs::remove_dir_all(site.root().join("dist")).expect("the output");
    assert!(site.build().output() == output, "a damaged cache is mended, and gives the same bytes");
}

#[test]
fn broken_photos_are_refused_with_the_line_that_shows_them() {
    let whole = turned_jpeg(1000, 500, 1);
    assert_snapshot!(site("photo.jpg", &whole[..whole.len() / 2]).problems(), @r#"
    content/images/photo.jpg:1:1: the picture is damaged: the file ends too early
      help: save the picture again from the original, or replace it
    content/products/mug.md:17:7: "photo.jpg" cannot be shown: the picture is damaged: the file ends too early
      17 | src = "photo.jpg"
         |       ^^^^^^^^^^^
      help: save the picture again from the original, or replace it
    "#);
    let png = encoded(two_colours(300, 300), ImageFormat::Png);
    let text = site("photo.png", &png[..png.len() / 2])
        .append("content/products/mug.md", "\n![A photo](photo.png)\n")
        .problems();
    assert_snapshot!(text, @r#"
    content/images/photo.png:1:1: the picture is damaged: unexpected end of file
      help: save the picture again from the original, or replace it
    content/products/mug.md:17:7: "photo.png" cannot be shown: the picture is damaged: unexpected end of file
      17 | src = "photo.png"
         |       ^^^^^^^^^^^
      help: save the picture again from the original, or replace it
    content/products/mug.md:32:1: "photo.png" cannot be shown: the picture is damaged: unexpected end of file
      32 | ![A photo](photo.png)
         | ^^^^^^^^^^^^^^^^^^^^^
      help: save the picture again from the original, or replace it
    "#);
    assert_snapshot!(site("photo.webp", "no picture").problems(), @r#"
    content/images/photo.webp:1:1: this is not a JPEG, PNG or WebP picture
      help: save the picture again as JPEG, PNG or WebP; another name does not change its format
    content/products/mug.md:17:7: "photo.webp" cannot be shown: this is not a JPEG, PNG or WebP picture
      17 | src = "photo.webp"
         |       ^^^^^^^^^^^^
      help: save the picture again as JPEG, PNG or WebP; another name does not change its format
    "#);
}

#[test]
fn a_photo_of_too_many_pixels_is_refused_before_it_is_decoded() {
    let mut bytes = encoded(two_colours(8, 8), ImageFormat::Jpeg);
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a frame header");
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xC3, 0x50, 0xC3, 0x50]);
    assert_snapshot!(site("photo.jpg", bytes).problems(), @r#"
    content/images/photo.jpg:1:1: the picture has 50000 × 50000 pixels, more than 50 megapixels
      help: make it smaller; 2400 pixels across are plenty
    content/products/mug.md:17:7: "photo.jpg" cannot be shown: the picture has 50000 × 50000 pixels, more than 50 megapixels
      17 | src = "photo.jpg"
         |       ^^^^^^^^^^^
      help: make it smaller; 2400 pixels across are plenty
    "#);
}

#[test]
fn photos_come_as_avif_if_the_shop_wants_it() {
    let photo = || encoded(two_colours(900, 600), ImageFormat::Jpeg);
    let plain = site("photo.jpg", photo()).build();
    assert!(!names(&plain).iter().any(|name| name.ends_with(".avif")));
    let text = "\n![A mug on a shelf](photo.jpg)\n";
    let wanted = || {
        site("photo.jpg", photo())
            .append("content/pages/about.md", text)
            .append("content/shop.toml", "\n[images]\navif = true\n")
            .build()
    };
    let site = wanted();
    let files: Vec<PathBuf> = avif_files(&site).into_keys().collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for bytes in avif_files(&site).values() {
        assert_eq!(&bytes[4..12], b"ftypavif");
    }
    // The smallest first, before WebP, and the size of the picture stays said.
    let page = site.read("about.html");
    let (_, picture) = page.split_once("<picture>").expect("a picture");
    let (avif, rest) = picture.split_once("<source type=\"image/webp\"").expect("WebP after it");
    assert!(avif.starts_with("<source type=\"image/avif\" srcset=\"/assets/img/photo-400."), "{avif}");
    assert!(rest.contains("width=\"900\" height=\"600\"") && rest.contains(".jpg\""), "{rest}");
    assert_eq!(avif_files(&site), avif_files(&wanted()), "the same bytes each time");
}

fn avif_files(site: &SiteTest) -> BTreeMap<PathBuf, Vec<u8>> {
    site.output()
        .into_iter()
        .filter(|(path, _)| path.extension().is_some_and(|kind| kind == "avif"))
        .collect()
}

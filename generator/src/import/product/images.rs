//! The pictures of a product file.

use anyhow::Result;

use super::Maker;
use crate::import::goods::Goods;
use crate::import::pictures::{Found, file_name};

impl Maker<'_> {
    /// File names, descriptions and former addresses; at least one.
    pub(super) fn images(&mut self, slug: &str, goods: &Goods) -> Result<Vec<(String, String, String)>> {
        let mut images: Vec<(String, String, String)> = Vec::new();
        let mut undescribed = 0;
        for image in &goods.images {
            let name = match self.pictures.find(&image.url)? {
                Found::Here(name) => name,
                Found::Missing => {
                    self.leave("pictures that are not there to copy", slug, image.url.clone());
                    continue;
                }
                Found::Refused(reason) => {
                    self.leave(reason, slug, file_name(&image.url).unwrap_or_default());
                    continue;
                }
            };
            if images.iter().any(|(known, ..)| *known == name) {
                continue;
            }
            let chosen = goods.variants.iter().find(|sold| sold.image == image.url);
            let values = chosen.map(|sold| sold.values.join(", ")).filter(|values| !values.is_empty());
            let alt = match (image.alt.trim(), values) {
                ("", Some(values)) => format!("{}, {values}", goods.title),
                ("", None) => goods.title.clone(),
                (alt, _) => alt.to_owned(),
            };
            undescribed += usize::from(image.alt.trim().is_empty());
            images.push((name, alt, image.url.clone()));
        }
        if undescribed > 0 {
            self.leave("pictures without a description: the title stands in", slug, undescribed.to_string());
        }
        if images.is_empty() {
            self.leave("no picture: a drawing stands in", slug, "");
            images.push((
                self.pictures.stand_in(),
                format!("{}: the picture is to come", goods.title),
                String::new(),
            ));
        }
        Ok(images)
    }
}

//! Cards: what results are shown with.

use crate::bytes::{Bytes, Column, Corrupt, Write};
use crate::file::{File, Files, payload};
use crate::find::SearchError;
use crate::index::Index;
use crate::squeeze;
use crate::text::slug_of;

/// A product as a result shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Its name.
    pub title: String,
    /// Its page.
    pub url: String,
    /// Who makes it; empty if not said.
    pub brand: String,
    /// The lowest price of its variants, in minor units.
    pub price: u64,
    /// Whether its variants have different prices.
    pub price_varies: bool,
    /// The former price, in minor units.
    pub compare_at: Option<u64>,
    /// A picture.
    pub image: Option<Image>,
    /// Short words such as "New".
    pub badges: Vec<String>,
}

/// A picture with what an `img` element needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Its public address.
    pub src: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Cards that are squeezed together.
pub(crate) const BLOCK_CARDS: usize = 32;

const PRICE_VARIES: u8 = 1;
const COMPARED: u8 = 2;
const PICTURED: u8 = 4;
const BADGED: u8 = 8;
/// The address follows from the title.
const USUAL_URL: u8 = 16;

fn usual_url(title: &str) -> String {
    format!("/product/{}/", slug_of(title))
}

/// Writes what no column has.
pub(crate) fn write(card: &Card, to: &mut Vec<u8>) {
    let usual = card.url == usual_url(&card.title);
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    to.push(
        flag(card.price_varies, PRICE_VARIES)
            | flag(card.compare_at.is_some(), COMPARED)
            | flag(card.image.is_some(), PICTURED)
            | flag(!card.badges.is_empty(), BADGED)
            | flag(usual, USUAL_URL),
    );
    to.text(&card.title);
    if !usual {
        to.text(&card.url);
    }
    if let Some(former) = card.compare_at {
        to.varint(former);
    }
    if let Some(image) = &card.image {
        to.text(&image.src);
        to.varint(u64::from(image.width));
        to.varint(u64::from(image.height));
    }
    if !card.badges.is_empty() {
        to.varint(card.badges.len() as u64);
        card.badges.iter().for_each(|badge| to.text(badge));
    }
}

fn read(from: &mut Bytes<'_>) -> Result<Card, Corrupt> {
    let flags = from.byte()?;
    let has = |flag| flags & flag != 0;
    let pixels = |number: u64| u32::try_from(number).map_err(|_| Corrupt("a picture is too large"));
    let title = from.text()?.to_owned();
    let url = if has(USUAL_URL) { usual_url(&title) } else { from.text()?.to_owned() };
    let compare_at = if has(COMPARED) { Some(from.varint()?) } else { None };
    let mut image = None;
    if has(PICTURED) {
        let src = from.text()?.to_owned();
        image = Some(Image { src, width: pixels(from.varint()?)?, height: pixels(from.varint()?)? });
    }
    let mut badges = Vec::new();
    if has(BADGED) {
        for _ in 0..from.size()? {
            badges.push(from.text()?.to_owned());
        }
    }
    Ok(Card { title, url, price_varies: has(PRICE_VARIES), compare_at, image, badges, ..Card::default() })
}

impl Index<'_> {
    /// The cards of some products, in their order.
    ///
    /// # Errors
    /// When a file that [`Found::files`](crate::Found::files) names is missing or damaged.
    pub fn cards(&self, documents: &[u32], files: &dyn Files) -> Result<Vec<Card>, SearchError> {
        documents.iter().map(|document| self.card(*document, files)).collect()
    }

    fn card(&self, document: u32, files: &dyn Files) -> Result<Card, SearchError> {
        let file = self.card_file(document)?;
        let File::Cards(number) = file else { return Err(Corrupt("not a card").into()) };
        let mut bytes = Bytes::new(payload(files, file)?);
        let starts = Column::read(&mut bytes)?;
        let at = document as usize;
        let first = self.card_files.size(number as usize).ok_or(Corrupt("no such shard"))?;
        let place = at.checked_sub(first).ok_or(Corrupt("no such card"))?;
        let block = starts.size(place.wrapping_div(BLOCK_CARDS)).ok_or(Corrupt("no such card"))?;
        let block = bytes.rest().get(block..).ok_or(Corrupt("a card is cut off"))?;
        let block = squeeze::expand(&mut Bytes::new(block))?;
        let mut cards = Bytes::new(&block);
        for _ in 0..place.wrapping_rem(BLOCK_CARDS) {
            cards.part()?;
        }
        let card = read(&mut Bytes::new(cards.part()?))?;
        let price = self.price.get(at).unwrap_or(0);
        Ok(Card { brand: self.brand(at)?, price, ..card })
    }

    fn brand(&self, document: usize) -> Result<String, Corrupt> {
        let table = &self.facets;
        let Some(facet) = table.facets.iter().find(|facet| facet.key == "brand") else {
            return Ok(String::new());
        };
        let range = facet.first..facet.first.saturating_add(facet.count);
        match table.values_of(document).find(|value| range.contains(value)) {
            Some(value) => Ok(table.value(value)?.1.to_owned()),
            None => Ok(String::new()),
        }
    }
}

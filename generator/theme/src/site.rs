//! What every page shows: name, navigation, contact; and the small views pages are made of.

use ipswich_catalog::published::{ImageRecord, NavLink, ShopRecord};
use ipswich_catalog::tax::Prices;
use serde::Serialize;

/// The part of the shop record that templates see as `site`.
#[derive(Debug, Serialize)]
pub struct Site {
    /// The name of the shop.
    pub name: String,
    /// One line under the name.
    pub tagline: String,
    /// The public address without a slash at the end.
    pub base_url: String,
    /// Language of the pages.
    pub language: String,
    /// The home page in this language: `/` or `/de/`.
    pub home: String,
    /// What links and forms that lead to the shop carry, so that it answers in this language: `?lang=de`, or nothing
    /// if the shop has one language.
    pub query: String,
    /// Whether prices lack the tax, which is added at checkout.
    pub net_prices: bool,
    /// Three-letter code of the currency.
    pub currency: String,
    /// Where customers write to.
    pub email: String,
    /// Where customers call.
    pub phone: String,
    /// The postal address, a line each.
    pub address: Vec<String>,
    /// Opening hours in words.
    pub hours: String,
    /// The legal line.
    pub legal: String,
    /// One sentence above every page, or none.
    pub announcement: Option<String>,
    /// Category links with those of the level below in `children`.
    pub navigation: Vec<NavLink>,
    /// Links to the content pages.
    pub pages: Vec<NavLink>,
    /// The release the page belongs to.
    pub release: String,
}

impl Site {
    /// What templates may know of a shop record.
    pub fn new(record: &ShopRecord) -> Site {
        let settings = &record.settings;
        Site {
            name: settings.name.clone(),
            tagline: settings.tagline.clone(),
            base_url: settings.base_url.clone(),
            language: settings.language.tag().to_owned(),
            home: record.home(),
            query: record.query(),
            net_prices: settings.prices == Prices::Net,
            currency: settings.currency.code().to_owned(),
            email: settings.email.clone(),
            phone: settings.phone.clone(),
            address: settings.address.clone(),
            hours: settings.hours.clone(),
            legal: settings.legal.clone(),
            announcement: settings.announcement.clone(),
            navigation: record.navigation.clone(),
            pages: record.pages.clone(),
            release: record.release.clone(),
        }
    }
}

/// What a page is, in the vocabulary of Open Graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PageType {
    /// A page of the shop.
    #[default]
    Website,
    /// A post of the blog.
    Article,
    /// A product.
    Product,
}

/// What goes into the head of a page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Meta {
    /// The title without the name of the shop.
    pub title: String,
    /// One or two sentences for search results; empty for none.
    pub description: String,
    /// The path of the page (`/product/mug/`), or none where search engines have no business.
    pub canonical: Option<String>,
    /// What the page is, for link previews.
    pub page_type: PageType,
    /// A picture for link previews: a photo, because they show no drawings.
    pub image: Option<Image>,
    /// More for link previews: names and values such as `product:price:amount` and `16.00`.
    pub properties: Vec<(&'static str, String)>,
    /// Other forms of the page for programs: media type and address.
    pub alternates: Vec<(&'static str, String)>,
    /// Whether search engines should leave the page out, although it has a canonical address: another order of a list.
    pub noindex: bool,
    /// Structured data, ready for a script element.
    pub json_ld: Option<SafeHtml>,
    /// The same page in all languages, this one included; empty if the shop has one language.
    pub languages: Vec<Alternate>,
}

/// A page in one of the languages.
#[derive(Clone, Debug, Serialize)]
pub struct Alternate {
    /// The BCP 47 tag, such as `de-DE`.
    pub language: String,
    /// What its speakers call it.
    pub name: String,
    /// Where the page is.
    pub url: String,
    /// Whether it is this page.
    pub current: bool,
    /// Whether it is the shop's own language, for readers of none of them.
    pub default: bool,
}

/// One step of the way from the home page.
#[derive(Clone, Debug, Serialize)]
pub struct Breadcrumb {
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub url: String,
}

/// A picture.
#[derive(Clone, Debug, Serialize)]
pub struct Image {
    /// Its public address.
    pub src: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The same picture as WebP in several widths, for `srcset`; empty if there is only `src`.
    pub srcset: String,
    /// The same as AVIF; empty if there are none.
    pub srcset_avif: String,
    /// What it shows; empty for decoration.
    pub alt: String,
}

impl From<&ImageRecord> for Image {
    fn from(record: &ImageRecord) -> Image {
        Image {
            src: record.src.clone(),
            width: record.width,
            height: record.height,
            srcset: String::new(),
            srcset_avif: String::new(),
            alt: record.alt.clone(),
        }
    }
}

/// HTML that is safe to show as it is, because the generator made it from checked content.
///
/// Templates have no filter that turns text into HTML; this type is the only way.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct SafeHtml(minijinja::Value);

impl SafeHtml {
    /// Vouches for `html`. Only the generator calls this, on its own output.
    pub fn vouched(html: String) -> SafeHtml {
        SafeHtml(minijinja::Value::from_safe_string(html))
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        self.0.as_str().unwrap_or("")
    }
}

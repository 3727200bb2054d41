//! The views of the static pages, one struct per template.

use serde::Serialize;

pub use crate::cards::{Card, SharedCard};
use crate::site::{Breadcrumb, Image, Meta, SafeHtml};

/// The view of a static page.
pub trait Page: Serialize {
    /// The cards on it, which have to be prepared before it is rendered.
    fn cards(&self) -> Vec<&SharedCard> {
        Vec::new()
    }
}

impl<P: Page> Page for Option<P> {
    fn cards(&self) -> Vec<&SharedCard> {
        self.as_ref().map(Page::cards).unwrap_or_default()
    }
}

impl Page for HomePage {
    fn cards(&self) -> Vec<&SharedCard> {
        self.featured.iter().chain(&self.newest).collect()
    }
}

impl Page for CategoryPage {
    fn cards(&self) -> Vec<&SharedCard> {
        self.products.iter().collect()
    }
}

impl Page for ProductPage {
    fn cards(&self) -> Vec<&SharedCard> {
        self.related.iter().collect()
    }
}

impl Page for BlogPage {}
impl Page for PostPage {}
impl Page for ContentPage {}
impl Page for NotFoundPage {}

/// A category in a list.
#[derive(Clone, Debug, Serialize)]
pub struct CategoryTile {
    /// Its page.
    pub url: String,
    /// Its name.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// A picture.
    pub image: Option<Image>,
    /// Products in it and below it.
    pub count: usize,
}

/// The home page (`home.html`).
#[derive(Clone, Debug, Serialize)]
pub struct HomePage {
    /// Head of the page.
    pub meta: Meta,
    /// The first thing a visitor sees.
    pub hero: Feature,
    /// Chosen products.
    pub featured: Vec<SharedCard>,
    /// Name of the chosen products.
    pub featured_title: String,
    /// The newest products.
    pub newest: Vec<SharedCard>,
    /// Categories of the first level.
    pub categories: Vec<CategoryTile>,
    /// Collections: name and address.
    pub collections: Vec<(String, String)>,
    /// An editorial piece with a picture.
    pub story: Feature,
}

/// A picture with words and a link.
#[derive(Clone, Debug, Serialize)]
pub struct Feature {
    /// Headline.
    pub title: String,
    /// A short paragraph.
    pub text: String,
    /// Where the link leads.
    pub link: String,
    /// What the link says.
    pub link_title: String,
    /// The picture.
    pub image: Option<Image>,
}

/// A category (`category.html`).
#[derive(Clone, Debug, Serialize)]
pub struct CategoryPage {
    /// Head of the page.
    pub meta: Meta,
    /// The way from home.
    pub breadcrumbs: Vec<Breadcrumb>,
    /// Its name.
    pub title: String,
    /// Its text; shown on the first page only.
    pub body: Option<SafeHtml>,
    /// Categories of the level below.
    pub children: Vec<CategoryTile>,
    /// The products of this page.
    pub products: Vec<SharedCard>,
    /// Products on all pages.
    pub total: usize,
    /// Links to the other pages; absent if all fit on one.
    pub paging: Option<Paging>,
    /// The orders in which the list can be looked at; empty if there is one only.
    pub orders: Vec<OrderLink>,
}

/// An order of a list.
#[derive(Clone, Debug, Serialize)]
pub struct OrderLink {
    /// `newest`, `price-up` or `price-down`; empty for an order made by hand.
    pub name: &'static str,
    /// The first page in that order.
    pub url: String,
    /// Whether this page is in that order.
    pub current: bool,
}

/// Links between the pages of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Paging {
    /// This page, from 1.
    pub page: usize,
    /// The number of pages.
    pub pages: usize,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// The first page, the last, this one and its neighbours; the number of links does not grow with the pages.
    pub links: Vec<PageLink>,
}

/// One page of a list.
#[derive(Clone, Debug, Serialize)]
pub struct PageLink {
    /// Its number, from 1.
    pub number: usize,
    /// Its address.
    pub url: String,
    /// Whether it is this page.
    pub current: bool,
    /// Whether pages are left out before it.
    pub gap: bool,
}

/// A product (`product.html`).
#[derive(Clone, Debug, Serialize)]
pub struct ProductPage {
    /// Head of the page.
    pub meta: Meta,
    /// The way from home.
    pub breadcrumbs: Vec<Breadcrumb>,
    /// Its name.
    pub title: String,
    /// Who makes it; empty if not said.
    pub brand: String,
    /// Everything else by them.
    pub brand_url: Option<String>,
    /// Words it is filed under: name and address.
    pub tags: Vec<(String, String)>,
    /// One sentence.
    pub summary: String,
    /// A few words such as "New".
    pub badges: Vec<String>,
    /// All pictures, the main one first.
    pub images: Vec<Image>,
    /// The lowest price, in minor units.
    pub price: i64,
    /// Whether variants have different prices.
    pub price_varies: bool,
    /// The former price, in minor units.
    pub compare_at: Option<i64>,
    /// The tax in words, such as "Includes VAT at 20%".
    pub tax_note: String,
    /// Promotions that apply to it, on their days.
    pub promotions: Vec<PromotionNote>,
    /// About how many days pieces take that are not there; 0 if none are sold.
    pub lead_days: u32,
    /// Whether each piece is made when it is ordered.
    pub is_made: bool,
    /// The options, in order; empty for a product without variants.
    pub options: Vec<OptionView>,
    /// What can be bought; exactly one if there are no options.
    pub variants: Vec<VariantView>,
    /// The text.
    pub body: SafeHtml,
    /// Facts: name and value.
    pub attributes: Vec<(String, String)>,
    /// Delivery methods for this product: name, price in minor units, note.
    pub delivery: Vec<DeliveryNote>,
    /// How it can be returned, if the settings say so.
    pub returns: Option<ReturnNote>,
    /// Related products.
    pub related: Vec<SharedCard>,
}

/// One option of a product and its values.
#[derive(Clone, Debug, Serialize)]
pub struct OptionView {
    /// Its name, such as "Size".
    pub name: String,
    /// Its values, in order.
    pub values: Vec<String>,
}

/// One thing that can be bought.
#[derive(Clone, Debug, Serialize)]
pub struct VariantView {
    /// Its SKU.
    pub sku: String,
    /// The chosen options in words, such as "S, Navy"; empty without options.
    pub label: String,
    /// The chosen values in the order of the options.
    pub values: Vec<String>,
    /// Its price, in minor units.
    pub price: i64,
    /// Number of its picture among the product's, from 0.
    pub image_index: Option<usize>,
    /// Whether it is chosen when the page opens.
    pub chosen: bool,
}

/// A promotion on a product page. The page does not know the day, so it says the days and keeps the price.
#[derive(Clone, Debug, Serialize)]
pub struct PromotionNote {
    /// Its name.
    pub title: String,
    /// When it is valid, in words; empty if always.
    pub period: String,
    /// The small print; empty if none.
    pub terms: SafeHtml,
}

/// One way of delivery on a product page.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryNote {
    /// The method's name.
    pub title: String,
    /// When it arrives.
    pub note: String,
    /// Its price, in minor units.
    pub price: i64,
    /// The value of goods from which it is free, in minor units.
    pub free_from: Option<i64>,
}

/// How a product can be returned, on its page.
#[derive(Clone, Debug, Serialize)]
pub struct ReturnNote {
    /// For how many days after it arrived.
    pub days: u32,
    /// Whether the shop pays for sending it back.
    pub free: bool,
    /// The page about it.
    pub url: String,
}

/// A content page (`page.html`).
#[derive(Clone, Debug, Serialize)]
pub struct ContentPage {
    /// Head of the page.
    pub meta: Meta,
    /// The way from home.
    pub breadcrumbs: Vec<Breadcrumb>,
    /// Its name.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// The text.
    pub body: SafeHtml,
}

/// A post in a list, and the head of its page.
#[derive(Clone, Debug, Serialize)]
pub struct PostLink {
    /// Its page.
    pub url: String,
    /// Its name.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// The day for machines: 2026-09-14.
    pub date: String,
    /// The day for people: 14 September 2026.
    pub date_words: String,
    /// Who wrote it; empty if not said.
    pub author: String,
    /// Why visitors would not see it, for editors only.
    pub mark: Option<String>,
    /// The picture.
    pub image: Option<Image>,
}

/// One page of the blog (`blog.html`).
#[derive(Clone, Debug, Serialize)]
pub struct BlogPage {
    /// Head of the page.
    pub meta: Meta,
    /// The way from home.
    pub breadcrumbs: Vec<Breadcrumb>,
    /// Its name.
    pub title: String,
    /// The posts of this page, the newest first.
    pub posts: Vec<PostLink>,
    /// Links to the other pages; absent if all fit on one.
    pub paging: Option<Paging>,
}

/// A post of the blog (`post.html`).
#[derive(Clone, Debug, Serialize)]
pub struct PostPage {
    /// Head of the page.
    pub meta: Meta,
    /// The way from home.
    pub breadcrumbs: Vec<Breadcrumb>,
    /// What it is called, when it was written, and its picture.
    pub post: PostLink,
    /// The text.
    pub body: SafeHtml,
    /// The post after it: name and address.
    pub newer: Option<(String, String)>,
    /// The post before it: name and address.
    pub older: Option<(String, String)>,
}

/// The page for addresses that lead nowhere (`404.html`).
#[derive(Clone, Debug, Serialize)]
pub struct NotFoundPage {
    /// Head of the page.
    pub meta: Meta,
    /// Categories of the first level, as a way on.
    pub categories: Vec<CategoryTile>,
}

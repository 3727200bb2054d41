//! What the generator itself writes on pages, beside the templates.

use ipswich_catalog::Text;
use ipswich_server::shop;

/// The first step of the way to a page.
pub(crate) const HOME: Text = Text::new("site.home", "Home");
/// The title of the page for addresses that lead nowhere.
pub(crate) const NOT_FOUND: Text = Text::new("site.not_found", "Page not found");
/// The title of a further page of a list.
pub(crate) const FURTHER_PAGE: Text = Text::new("site.further_page", "{title}, page {page}");
/// The tax in a price.
pub(crate) const TAX_INCLUDED: Text = Text::new("tax.included", "Includes VAT at {rate}");
/// When a promotion is valid.
pub(crate) const PROMOTION_ON: Text = Text::new("promotion.on", "On {day}");
pub(crate) const PROMOTION_BETWEEN: Text = Text::new("promotion.between", "From {from} to {until}");
pub(crate) const PROMOTION_FROM: Text = Text::new("promotion.from", "From {day}");
pub(crate) const PROMOTION_UNTIL: Text = Text::new("promotion.until", "Until {day}");
/// The tax that comes on top of a price.
pub(crate) const TAX_ADDED: Text = Text::new("tax.added", "{gross} with VAT at {rate}");
/// The tax in a price that has none.
pub(crate) const TAX_NONE: Text = Text::new("tax.none", "No VAT is charged on this");
/// The name of the blog.
pub(crate) const BLOG: Text = Text::new("blog.title", "Blog");
/// What the blog is, for search results.
pub(crate) const BLOG_SUMMARY: Text = Text::new("blog.summary", "News and notes from {shop}.");
/// The name of the feed of the blog.
pub(crate) const BLOG_FEED: Text = Text::new("feeds.blog", "{shop}: blog");
/// The name of the feed of new products.
pub(crate) const PRODUCTS_FEED: Text = Text::new("feeds.products", "{shop}: new products");
/// What the page of a brand shows.
pub(crate) const BRAND_SUMMARY: Text = Text::new("lists.brand", "Everything by {brand} at {shop}.");
/// What the page of a tag shows.
pub(crate) const TAG_SUMMARY: Text = Text::new("lists.tag", "Everything at {shop} that goes under “{tag}”.");

/// Everything that programs say and a theme translates.
pub(crate) fn all() -> impl Iterator<Item = &'static Text> {
    OWN.iter().chain(shop::texts::ALL)
}

const OWN: [Text; 16] = [
    HOME,
    NOT_FOUND,
    FURTHER_PAGE,
    TAX_INCLUDED,
    PROMOTION_ON,
    PROMOTION_BETWEEN,
    PROMOTION_FROM,
    PROMOTION_UNTIL,
    TAX_ADDED,
    TAX_NONE,
    BLOG,
    BLOG_SUMMARY,
    BLOG_FEED,
    PRODUCTS_FEED,
    BRAND_SUMMARY,
    TAG_SUMMARY,
];

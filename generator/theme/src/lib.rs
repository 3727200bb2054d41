//! The template environment of the shop, and the view structs of the pages that both sides render.
//!
//! The generator takes the templates from `themes/<name>/templates/`; the shop takes the same texts from the
//! release. Both call [`Theme::new`], so a price or a card looks the same on a static page and in the cart.
//!
//! Every template sees two names: `site` ([`Site`], the same for all pages) and `page` (one view struct per
//! template).

mod cards;
mod environment;
mod filters;
mod fragments;
pub mod pages;
mod site;

pub use environment::{Theme, ThemeError};
pub use filters::date;
pub use site::{Alternate, Breadcrumb, Image, Meta, PageType, SafeHtml, Site};

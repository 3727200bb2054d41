//! Makes the views of the pages from the catalog: what templates see, and nothing else.

mod blog;
mod category;
mod home;
mod list;
mod product;

use std::sync::OnceLock;

use blake3::Hasher;
use ipswich_theme::pages::{Card, CategoryTile, ContentPage, NotFoundPage, PageLink, Paging, SharedCard};
use ipswich_theme::{Breadcrumb, Image, Meta};
use serde::Serialize;

pub(crate) use blog::{blog_page, post_page};
pub(crate) use category::{category_page, category_quick_key};
pub(crate) use home::home_page;
pub(crate) use list::{list_page, list_quick_key};
pub(crate) use product::{delivery, product_page, product_quick_key, tax_note};

use crate::assets::Assets;
use crate::catalog::Catalog;
use crate::content::Shown;
use crate::content::product::Product;
use crate::hash::full_hash;
use crate::json_ld;
use crate::memory::{Key, NO_KEY, key_of};
use crate::messages::texts;
use crate::names::{CategoryId, ProductId};
use crate::orders::Order;
use crate::pages::category_url;

/// The catalog with the small views that many pages share, made once.
pub(crate) struct Views<'c> {
    pub(crate) catalog: &'c Catalog,
    /// Made when a page first shows them: most builds make few pages.
    cards: Vec<OnceLock<SharedCard>>,
    root_tiles: Vec<CategoryTile>,
    /// The address of the theme's logo, or of its icon if it has none.
    logo: Option<&'c str>,
}

/// What a theme may call its logo, the best first.
const LOGOS: [&str; 4] = ["logo.svg", "logo.png", "favicon.svg", "favicon.png"];

impl<'c> Views<'c> {
    /// Makes the tiles of the first level.
    pub(crate) fn new(catalog: &'c Catalog, assets: &'c Assets) -> Views<'c> {
        let cards = catalog.products().iter().map(|_| OnceLock::new()).collect();
        let root_tiles = tiles(catalog, &catalog.roots);
        let logo = LOGOS.iter().find_map(|name| assets.addresses.get(*name)).map(String::as_str);
        Views { catalog, cards, root_tiles, logo }
    }

    fn cards<'i>(&self, ids: impl IntoIterator<Item = &'i ProductId>) -> Vec<SharedCard> {
        let card = |id: &ProductId| {
            let card = self.cards.get(id.0)?;
            Some(card.get_or_init(|| shared_card(self.catalog, self.catalog.product(*id))).clone())
        };
        ids.into_iter().filter_map(card).collect()
    }

    fn image(&self, shown: &Shown) -> Image {
        self.catalog.picture(shown.picture).view(&shown.alt)
    }

    /// A picture for link previews, if it is a photo: they show no drawings.
    fn preview(&self, shown: Option<&Shown>) -> Option<Image> {
        shown.map(|shown| self.image(shown)).filter(|image| !image.src.ends_with(".svg"))
    }
}

fn shared_card(catalog: &Catalog, product: &Product) -> SharedCard {
    let card = card(catalog, product);
    // A card that cannot be written as JSON would not reach a template either.
    let fingerprint = full_hash(&serde_json::to_vec(&card).unwrap_or_default());
    SharedCard::new(card, fingerprint)
}

fn card(catalog: &Catalog, product: &Product) -> Card {
    let image =
        |index: usize| product.images.get(index).map(|shown| catalog.picture(shown.picture).view(&shown.alt));
    Card {
        url: product.url(),
        title: product.title.clone(),
        brand: product.brand_name().to_owned(),
        image: image(0),
        image_hover: image(1),
        price: product.price().minor(),
        price_varies: product.price_varies(),
        compare_at: product.compare_at.map(|amount| amount.minor()),
        badges: product.badges.clone(),
        html: None,
    }
}

/// Stands for what a page of a list shows, by its number from 1: the world, the front matter of the products, and what
/// else it says.
fn listing_key(
    catalog: &Catalog,
    products: &[ProductId],
    order: Order,
    number: usize,
    says: &impl Serialize,
) -> Key {
    let Some(world) = catalog.world else { return NO_KEY };
    let mut hasher = Hasher::new();
    hasher.update(b"listing").update(&world);
    let per_page = catalog.settings.products_per_page;
    for id in order.sorted(catalog, products).iter().skip((number - 1) * per_page).take(per_page) {
        hasher.update(&catalog.product(*id).digest.front);
    }
    if serde_json::to_writer(&mut hasher, &(order.name(), number, says)).is_err() {
        return NO_KEY;
    }
    key_of(&hasher)
}

fn tiles(catalog: &Catalog, ids: &[CategoryId]) -> Vec<CategoryTile> {
    let tile = |id: &CategoryId| {
        let category = catalog.category(*id);
        let image = category.image.as_ref();
        CategoryTile {
            url: category_url(catalog, *id, 1),
            title: category.title.clone(),
            summary: category.summary.clone(),
            image: image.map(|shown| catalog.picture(shown.picture).view(&shown.alt)),
            count: catalog.listed(*id).len(),
        }
    };
    ids.iter().map(tile).collect()
}

/// Home and the categories down to this one.
fn trail(catalog: &Catalog, category: Option<CategoryId>) -> Vec<Breadcrumb> {
    let mut steps =
        vec![Breadcrumb { title: catalog.edition.say(&texts::HOME, &[]), url: catalog.edition.page("/") }];
    for id in category.map(|id| catalog.ancestry(id)).unwrap_or_default() {
        steps.push(Breadcrumb {
            title: catalog.category(id).title.clone(),
            url: category_url(catalog, id, 1),
        });
    }
    steps
}

/// The links between the pages of a list, if there are several. `url` makes the address of one, from 1.
fn paging(url: impl Fn(usize) -> String, pages: usize, number: usize) -> Option<Paging> {
    let mut before = 0;
    let link = |linked| {
        let gap = linked > before + 1;
        before = linked;
        PageLink { number: linked, url: url(linked), current: linked == number, gap }
    };
    (pages > 1).then(|| Paging {
        page: number,
        pages,
        previous: (number > 1).then(|| url(number - 1)),
        next: (number < pages).then(|| url(number + 1)),
        links: linked_pages(pages, number).into_iter().map(link).collect(),
    })
}

/// The pages that one page links to: the first, the last, its neighbours, and what would be left out alone.
fn linked_pages(pages: usize, number: usize) -> Vec<usize> {
    let first = if number <= 4 { 2 } else { number - 1 };
    let last = if number + 3 >= pages { pages } else { number + 1 };
    let mut linked: Vec<usize> = std::iter::once(1).chain(first..=last).chain([pages]).collect();
    linked.dedup();
    linked
}

/// The view of a content page.
pub(crate) fn content_page(views: &Views<'_>, index: usize) -> Option<ContentPage> {
    let page = views.catalog.pages.get(index)?;
    let url = views.catalog.edition.page(&format!("/{}/", page.slug));
    let breadcrumbs = trail(views.catalog, None);
    let json_ld = json_ld::breadcrumbs(views.catalog, &breadcrumbs, &page.title, &url);
    Some(ContentPage {
        meta: Meta {
            title: page.title.clone(),
            description: page.summary.clone(),
            languages: views.catalog.edition.alternates(&url),
            canonical: Some(url),
            json_ld: Some(json_ld::script(&[json_ld])),
            ..Meta::default()
        },
        breadcrumbs,
        title: page.title.clone(),
        summary: page.summary.clone(),
        body: page.body.html.clone(),
    })
}

/// The view of the page for addresses that lead nowhere.
pub(crate) fn not_found_page(views: &Views<'_>) -> NotFoundPage {
    NotFoundPage {
        meta: Meta { title: views.catalog.edition.say(&texts::NOT_FOUND, &[]), ..Meta::default() },
        categories: views.root_tiles.clone(),
    }
}

/// The title of one page of a list, from 1.
fn page_title(catalog: &Catalog, title: &str, number: usize) -> String {
    match number {
        1 => title.to_owned(),
        number => {
            let page = number.to_string();
            catalog.edition.say(&texts::FURTHER_PAGE, &[("title", title), ("page", &page)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pages: usize, number: usize) -> String {
        let links = paging(|number| number.to_string(), pages, number).unwrap().links;
        let text = |link: PageLink| format!("{}{}", if link.gap { "… " } else { "" }, link.url);
        links.into_iter().map(text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn links_between_pages_do_not_grow_with_them() {
        assert_eq!(shown(2, 2), "1 2");
        assert_eq!(shown(5, 3), "1 2 3 4 5");
        assert_eq!(shown(20, 1), "1 2 … 20");
        assert_eq!(shown(20, 4), "1 2 3 4 5 … 20");
        assert_eq!(shown(20, 5), "1 … 4 5 6 … 20");
        assert_eq!(shown(20, 17), "1 … 16 17 18 19 20");
        assert_eq!(shown(20, 20), "1 … 19 20");
        for pages in 2..30 {
            for number in 1..=pages {
                let linked = linked_pages(pages, number);
                assert!(linked.is_sorted() && linked.contains(&number), "{linked:?}");
                assert!(linked.windows(2).all(|pair| pair[1] != pair[0] + 2), "{linked:?} skips one page");
            }
        }
    }
}

//! The view of one page of a category.

use ipswich_theme::Meta;
use ipswich_theme::pages::CategoryPage;

use super::{Views, page_title, paging, tiles, trail};
use crate::catalog::Catalog;
use crate::json_ld;
use crate::memory::Key;
use crate::names::CategoryId;
use crate::orders::{self, Order};
use crate::pages::{category_url, page_count};

/// Stands for what the page shows. The file of the category is part of the world.
pub(crate) fn category_quick_key(views: &Views<'_>, id: CategoryId, order: Order, number: usize) -> Key {
    let catalog = views.catalog;
    let listed = catalog.listed(id);
    let image = views.preview(catalog.category(id).image.as_ref());
    let below = tiles(catalog, catalog.children(id));
    let says = ("category", id.0, listed.len(), image, below);
    super::listing_key(catalog, listed, order, number, &says)
}

/// Makes the view of the page with this number, from 1, in an order.
pub(crate) fn category_page(views: &Views<'_>, id: CategoryId, order: Order, number: usize) -> CategoryPage {
    let catalog = views.catalog;
    let category = catalog.category(id);
    let base = category_url(catalog, id, 1);
    let listed = catalog.listed(id);
    let sorted = order.sorted(catalog, listed);
    let per_page = catalog.settings.products_per_page;
    let shown = sorted.iter().skip((number - 1) * per_page).take(per_page);
    let mut breadcrumbs = trail(catalog, Some(id));
    breadcrumbs.pop();
    let list = json_ld::breadcrumbs(catalog, &breadcrumbs, &category.title, &base);
    let first_page = number == 1;
    CategoryPage {
        meta: Meta {
            title: page_title(catalog, &category.title, number),
            description: category.summary.clone(),
            image: views.preview(category.image.as_ref()),
            json_ld: Some(json_ld::script(&[list])),
            ..list_meta(catalog, order, &base, number)
        },
        breadcrumbs,
        title: category.title.clone(),
        body: first_page.then(|| category.body.html.clone()),
        children: tiles(catalog, catalog.children(id)),
        products: views.cards(shown),
        total: listed.len(),
        paging: paging(|number| order.url(&base, number), page_count(catalog, listed.len()), number),
        orders: orders::links(orders::of_list(catalog, false, listed.len()), false, &base, order),
    }
}

/// Search engines are sent from other orders to the list itself, which is there in every language.
pub(super) fn list_meta(catalog: &Catalog, order: Order, base: &str, number: usize) -> Meta {
    if order != Order::Own {
        let canonical = Some(Order::Own.url(base, 1));
        return Meta { canonical, noindex: true, ..Meta::default() };
    }
    let url = Order::Own.url(base, number);
    let languages = catalog.edition.alternates(&url);
    Meta { canonical: Some(url), languages, ..Meta::default() }
}

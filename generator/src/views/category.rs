//! The view of one page of a category.

use ipswich_theme::Meta;
use ipswich_theme::pages::CategoryPage;

use super::{Views, paging, tiles, trail};
use crate::json_ld;
use crate::memory::Key;
use crate::names::CategoryId;
use crate::pages::{category_url, page_count};

/// Stands for what the page shows. The file of the category is part of the world.
pub(crate) fn category_quick_key(views: &Views<'_>, id: CategoryId, number: usize) -> Key {
    let catalog = views.catalog;
    let listed = catalog.listed(id);
    let per_page = catalog.settings.products_per_page;
    let shown = listed.iter().skip((number - 1) * per_page).take(per_page);
    let image = views.preview(catalog.category(id).image.as_ref());
    let below = tiles(catalog, catalog.children(id));
    super::listing_key(catalog, shown, &("category", id.0, number, listed.len(), image, below))
}

/// Makes the view of the page with this number, from 1.
pub(crate) fn category_page(views: &Views<'_>, id: CategoryId, number: usize) -> CategoryPage {
    let catalog = views.catalog;
    let category = catalog.category(id);
    let url = category_url(catalog, id, number);
    let listed = catalog.listed(id);
    let per_page = catalog.settings.products_per_page;
    let shown = listed.iter().skip((number - 1) * per_page).take(per_page);
    let mut breadcrumbs = trail(catalog, Some(id));
    breadcrumbs.pop();
    let list = json_ld::breadcrumbs(catalog, &breadcrumbs, &category.title, &category_url(catalog, id, 1));
    let first_page = number == 1;
    CategoryPage {
        meta: Meta {
            title: match number {
                1 => category.title.clone(),
                number => format!("{}, page {number}", category.title),
            },
            description: category.summary.clone(),
            canonical: Some(url),
            image: views.preview(category.image.as_ref()),
            json_ld: Some(json_ld::script(&[list])),
            ..Meta::default()
        },
        breadcrumbs,
        title: category.title.clone(),
        body: first_page.then(|| category.body.html.clone()),
        children: tiles(catalog, catalog.children(id)),
        products: views.cards(shown),
        total: listed.len(),
        paging: paging(|number| category_url(catalog, id, number), page_count(catalog, id), number),
    }
}

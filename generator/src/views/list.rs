//! The view of one page of a brand, a tag or a collection. It is that of a category without categories below it.

use ipswich_theme::Meta;
use ipswich_theme::pages::CategoryPage;

use super::{Views, paging, trail};
use crate::json_ld;
use crate::memory::{Key, NO_KEY};
use crate::pages::{list_page_count, list_url};

/// Stands for what the page shows.
pub(crate) fn list_quick_key(views: &Views<'_>, index: usize, number: usize) -> Key {
    let catalog = views.catalog;
    let Some(list) = catalog.lists.get(index) else { return NO_KEY };
    let per_page = catalog.settings.products_per_page;
    let shown = list.products.iter().skip((number - 1) * per_page).take(per_page);
    let image = views.preview(list.image.as_ref());
    let says = (&list.title, &list.summary, &list.url, list.products.len(), number, image, &list.body);
    super::listing_key(catalog, shown, &("list", says))
}

/// Makes the view of the page with this number, from 1.
pub(crate) fn list_page(views: &Views<'_>, index: usize, number: usize) -> Option<CategoryPage> {
    let catalog = views.catalog;
    let list = catalog.lists.get(index)?;
    let per_page = catalog.settings.products_per_page;
    let shown = list.products.iter().skip((number - 1) * per_page).take(per_page);
    let breadcrumbs = trail(catalog, None);
    let way = json_ld::breadcrumbs(catalog, &breadcrumbs, &list.title, &list.url);
    Some(CategoryPage {
        meta: Meta {
            title: match number {
                1 => list.title.clone(),
                number => format!("{}, page {number}", list.title),
            },
            description: list.summary.clone(),
            canonical: Some(list_url(list, number)),
            image: views.preview(list.image.as_ref()),
            json_ld: Some(json_ld::script(&[way])),
            ..Meta::default()
        },
        breadcrumbs,
        title: list.title.clone(),
        body: list.body.clone().filter(|_| number == 1),
        children: Vec::new(),
        products: views.cards(shown),
        total: list.products.len(),
        paging: paging(|number| list_url(list, number), list_page_count(catalog, list), number),
    })
}

//! The view of one page of a brand, a tag or a collection. It is that of a category without categories below it.

use ipswich_theme::Meta;
use ipswich_theme::pages::CategoryPage;

use super::category::list_meta;
use super::{Views, page_title, paging, trail};
use crate::json_ld;
use crate::memory::{Key, NO_KEY};
use crate::orders::{self, Order};
use crate::pages::page_count;

/// Stands for what the page shows.
pub(crate) fn list_quick_key(views: &Views<'_>, index: usize, order: Order, number: usize) -> Key {
    let catalog = views.catalog;
    let Some(list) = catalog.lists.get(index) else { return NO_KEY };
    let image = views.preview(list.image.as_ref());
    let says = ("list", &list.title, &list.summary, &list.url, list.by_hand, image, &list.body);
    super::listing_key(catalog, &list.products, order, number, &(says, list.products.len()))
}

/// Makes the view of the page with this number, from 1, in an order.
pub(crate) fn list_page(
    views: &Views<'_>,
    index: usize,
    order: Order,
    number: usize,
) -> Option<CategoryPage> {
    let catalog = views.catalog;
    let list = catalog.lists.get(index)?;
    let (total, by_hand) = (list.products.len(), list.by_hand);
    let sorted = order.sorted(catalog, &list.products);
    let per_page = catalog.settings.products_per_page;
    let shown = sorted.iter().skip((number - 1) * per_page).take(per_page);
    let breadcrumbs = trail(catalog, None);
    let way = json_ld::breadcrumbs(catalog, &breadcrumbs, &list.title, &list.url);
    Some(CategoryPage {
        meta: Meta {
            title: page_title(catalog, &list.title, number),
            description: list.summary.clone(),
            image: views.preview(list.image.as_ref()),
            json_ld: Some(json_ld::script(&[way])),
            ..list_meta(catalog, order, &list.url, number)
        },
        breadcrumbs,
        title: list.title.clone(),
        body: list.body.clone().filter(|_| number == 1),
        children: Vec::new(),
        products: views.cards(shown),
        total,
        paging: paging(|number| order.url(&list.url, number), page_count(catalog, total), number),
        orders: orders::links(orders::of_list(catalog, by_hand, total), by_hand, &list.url, order),
    })
}

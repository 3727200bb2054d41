//! The view of the home page.

use ipswich_theme::Meta;
use ipswich_theme::pages::{Feature, HomePage};

use super::Views;
use crate::content::home;
use crate::json_ld;

/// How many of the newest products the home page shows.
const NEWEST: usize = 8;

/// Makes the view.
pub(crate) fn home_page(views: &Views<'_>) -> HomePage {
    let catalog = views.catalog;
    let home = &catalog.home;
    let hero = feature(views, &home.hero);
    let organization = json_ld::organization(catalog, views.logo);
    HomePage {
        meta: Meta {
            title: home.title.clone(),
            description: home.description.clone(),
            languages: catalog.edition.alternates(&catalog.edition.page("/")),
            canonical: Some(catalog.edition.page("/")),
            image: views.preview(home.hero.image.as_ref()),
            json_ld: Some(json_ld::script(&[organization])),
            ..Meta::default()
        },
        hero,
        featured: views.cards(home.featured.iter().map(|place| &place.value)),
        featured_title: home.featured_title.clone(),
        newest: views.cards(catalog.newest.iter().take(NEWEST)),
        categories: views.root_tiles.clone(),
        collections: catalog
            .lists
            .iter()
            .filter(|list| list.is_collection)
            .map(|list| (list.title.clone(), list.url.clone()))
            .collect(),
        story: feature(views, &home.story),
    }
}

fn feature(views: &Views<'_>, feature: &home::Feature) -> Feature {
    Feature {
        title: feature.title.clone(),
        text: feature.text.clone(),
        link: feature.link.target.clone(),
        link_title: feature.link_title.clone(),
        image: feature.image.as_ref().map(|shown| views.image(shown)),
    }
}

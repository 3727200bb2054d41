//! The views of the blog: one page of the list, and one post.

use ipswich_theme::pages::{BlogPage, PostLink, PostPage};
use ipswich_theme::{Breadcrumb, Meta, PageType};

use super::{Views, page_title, paging, trail};
use crate::content::post::Post;
use crate::json_ld;
use crate::messages::texts;
use crate::pages::{blog_page_count, blog_url};

/// Makes the view of one page of the list, from 1.
pub(crate) fn blog_page(views: &Views<'_>, number: usize) -> BlogPage {
    let catalog = views.catalog;
    let shop = catalog.settings.shop.name.as_str();
    let blog = catalog.edition.say(&texts::BLOG, &[]);
    let url = blog_url(catalog, number);
    let per_page = catalog.settings.products_per_page;
    let breadcrumbs = trail(catalog, None);
    let way = json_ld::breadcrumbs(catalog, &breadcrumbs, &blog, &blog_url(catalog, 1));
    let posts = catalog.posts.iter().skip((number - 1) * per_page).take(per_page);
    BlogPage {
        meta: Meta {
            title: page_title(catalog, &blog, number),
            description: catalog.edition.say(&texts::BLOG_SUMMARY, &[("shop", shop)]),
            languages: catalog.edition.alternates(&url),
            canonical: Some(url),
            json_ld: Some(json_ld::script(&[way])),
            ..Meta::default()
        },
        breadcrumbs,
        title: blog,
        posts: posts.map(|post| link(views, post)).collect(),
        paging: paging(|number| blog_url(catalog, number), blog_page_count(catalog), number),
    }
}

/// Makes the view of a post.
pub(crate) fn post_page(views: &Views<'_>, index: usize) -> Option<PostPage> {
    let catalog = views.catalog;
    let post = catalog.posts.get(index)?;
    let mut breadcrumbs = trail(catalog, None);
    breadcrumbs.push(Breadcrumb { title: catalog.edition.say(&texts::BLOG, &[]), url: blog_url(catalog, 1) });
    let way = json_ld::breadcrumbs(catalog, &breadcrumbs, &post.title, &post.url());
    let neighbour = |index: Option<usize>| {
        let post = catalog.posts.get(index?)?;
        Some((post.title.clone(), post.url()))
    };
    Some(PostPage {
        meta: Meta {
            title: post.title.clone(),
            description: post.summary.clone(),
            languages: catalog.edition.alternates(&post.url()),
            canonical: Some(post.url()),
            page_type: PageType::Article,
            image: views.preview(post.image.as_ref()),
            properties: article(post),
            json_ld: Some(json_ld::script(&[json_ld::post(catalog, post), way])),
            ..Meta::default()
        },
        breadcrumbs,
        post: link(views, post),
        body: post.body.html.clone(),
        newer: neighbour(index.checked_sub(1)),
        older: neighbour(index.checked_add(1)),
    })
}

/// When it was written and changed, and by whom.
fn article(post: &Post) -> Vec<(&'static str, String)> {
    let mut properties = vec![("article:published_time", post.published.to_string())];
    properties.extend(post.updated.map(|day| ("article:modified_time", day.to_string())));
    if !post.author.is_empty() {
        properties.push(("article:author", post.author.clone()));
    }
    properties
}

fn link(views: &Views<'_>, post: &Post) -> PostLink {
    PostLink {
        url: post.url(),
        title: post.title.clone(),
        summary: post.summary.clone(),
        date: post.published.to_string(),
        date_words: post.published.words(views.catalog.settings.shop.language),
        author: post.author.clone(),
        mark: post.mark.clone(),
        image: post.image.as_ref().map(|shown| views.image(shown)),
    }
}

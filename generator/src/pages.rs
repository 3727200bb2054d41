//! Plans the pages: which addresses the site has and what each shows. Nothing is rendered here.

use crate::catalog::Catalog;
use crate::names::{CategoryId, ProductId};
use crate::orders::{self, Order};

/// A page that will be rendered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PagePlan {
    /// Its address: `/product/mug/`.
    pub(crate) url: String,
    pub(crate) kind: PageKind,
}

/// What a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageKind {
    Home,
    /// One page of a category in an order, from 1.
    Category(CategoryId, Order, usize),
    Product(ProductId),
    /// One page of a brand, tag or collection, by its place in the catalog, in an order, from 1.
    List(usize, Order, usize),
    /// A content page, by its place in the catalog.
    Content(usize),
    /// One page of the blog, from 1.
    Blog(usize),
    /// A post, by its place in the catalog.
    Post(usize),
    NotFound,
}

impl PageKind {
    /// The template it is rendered with.
    pub(crate) fn template(self) -> &'static str {
        match self {
            PageKind::Home => "home.html",
            PageKind::Category(..) | PageKind::List(..) => "category.html",
            PageKind::Product(_) => "product.html",
            PageKind::Content(_) => "page.html",
            PageKind::Blog(_) => "blog.html",
            PageKind::Post(_) => "post.html",
            PageKind::NotFound => "404.html",
        }
    }
}

/// The templates that every theme has.
pub(crate) const TEMPLATES: [&str; 5] =
    ["404.html", "category.html", "home.html", "page.html", "product.html"];

/// The templates that a theme has if there is a blog.
pub(crate) const BLOG_TEMPLATES: [&str; 2] = ["blog.html", "post.html"];

impl PagePlan {
    /// The page of a product.
    pub(crate) fn of_product(catalog: &Catalog, id: ProductId) -> PagePlan {
        PagePlan { url: catalog.product(id).url(), kind: PageKind::Product(id) }
    }

    /// Its file in the output. Pages are flat files (`product/mug.html` for `/product/mug/`), because a folder per
    /// page is slower to write; the hosts add the slash.
    pub(crate) fn file(&self) -> String {
        match self.url.trim_matches('/') {
            "" => "index.html".to_owned(),
            inner => format!("{inner}.html"),
        }
    }

    /// Whether it is an address that search engines may list.
    pub(crate) fn is_listed(&self) -> bool {
        match self.kind {
            PageKind::Category(_, order, _) | PageKind::List(_, order, _) => order == Order::Own,
            kind => kind != PageKind::NotFound,
        }
    }
}

/// All pages, in a fixed order: home, categories, products, lists, content pages, the blog, not found.
pub(crate) fn plan(catalog: &Catalog) -> Vec<PagePlan> {
    let mut pages = vec![PagePlan { url: catalog.edition.page("/"), kind: PageKind::Home }];
    for (id, _) in catalog.categories() {
        let (base, products) = (category_url(catalog, id, 1), catalog.listed(id).len());
        for order in orders::of_list(catalog, false, products) {
            for number in 1..=page_count(catalog, products) {
                let kind = PageKind::Category(id, *order, number);
                pages.push(PagePlan { url: order.url(&base, number), kind });
            }
        }
    }
    pages.extend((0..catalog.products().len()).map(|index| PagePlan::of_product(catalog, ProductId(index))));
    for (index, list) in catalog.lists.iter().enumerate() {
        let products = list.products.len();
        for order in orders::of_list(catalog, list.by_hand, products) {
            for number in 1..=page_count(catalog, products) {
                let kind = PageKind::List(index, *order, number);
                pages.push(PagePlan { url: order.url(&list.url, number), kind });
            }
        }
    }
    for (index, page) in catalog.pages.iter().enumerate() {
        pages.push(PagePlan {
            url: catalog.edition.page(&format!("/{}/", page.slug)),
            kind: PageKind::Content(index),
        });
    }
    if !catalog.posts.is_empty() {
        for number in 1..=blog_page_count(catalog) {
            pages.push(PagePlan { url: blog_url(catalog, number), kind: PageKind::Blog(number) });
        }
    }
    for (index, post) in catalog.posts.iter().enumerate() {
        pages.push(PagePlan { url: post.url(), kind: PageKind::Post(index) });
    }
    pages.push(PagePlan { url: catalog.edition.page("/404/"), kind: PageKind::NotFound });
    pages
}

/// The number of pages of the blog's list.
pub(crate) fn blog_page_count(catalog: &Catalog) -> usize {
    catalog.posts.len().div_ceil(catalog.settings.products_per_page).max(1)
}

/// The address of one page of the blog's list.
pub(crate) fn blog_url(catalog: &Catalog, number: usize) -> String {
    let prefix = &catalog.edition.prefix;
    if number <= 1 { format!("{prefix}/blog/") } else { format!("{prefix}/blog/page/{number}/") }
}

/// The number of pages of a list of so many products; one if it is empty.
pub(crate) fn page_count(catalog: &Catalog, products: usize) -> usize {
    products.div_ceil(catalog.settings.products_per_page).max(1)
}

/// The address of one page of a category.
pub(crate) fn category_url(catalog: &Catalog, id: CategoryId, number: usize) -> String {
    let (prefix, path) = (&catalog.edition.prefix, &catalog.category(id).path);
    Order::Own.url(&format!("{prefix}/category/{path}/"), number)
}

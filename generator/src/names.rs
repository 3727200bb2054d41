//! What exists, by name, before anything is parsed: files name products, categories, pages and pictures.
//!
//! So a reference to a file that has a mistake of its own is not reported as a second mistake.

use std::collections::HashMap;

use ipswich_catalog::Slug;

use crate::content::languages::OtherLanguage;
use crate::problem::{Problem, did_you_mean};
use crate::source::{ContentFiles, TextFile};

/// A product of the catalog, by its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ProductId(pub(crate) usize);

/// A category of the catalog, by its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CategoryId(pub(crate) usize);

/// A picture, by its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PictureId(pub(crate) usize);

/// First segments of addresses that are not content pages.
pub(crate) const RESERVED: [&str; 24] = [
    "404",
    "_shop",
    "accounts",
    "admin",
    "assets",
    "blog",
    "brand",
    "cart",
    "category",
    "checkout",
    "collection",
    "feeds",
    "health",
    "index",
    "llms",
    "order",
    "orders",
    "product",
    "ready",
    "webhooks",
    "robots",
    "search",
    "sitemap",
    "tag",
];

/// Addresses of the shop, which are no files, that content may link to.
const DYNAMIC: [&str; 8] = [
    "/cart/",
    "/checkout/",
    "/orders/",
    "/accounts/",
    "/accounts/login/",
    "/accounts/sign-in/",
    "/accounts/register/",
    "/accounts/orders/",
];

/// Everything that has a name.
#[derive(Debug, Default)]
pub(crate) struct Names<'f> {
    products: HashMap<&'f str, ProductId>,
    categories: HashMap<&'f str, CategoryId>,
    pages: HashMap<&'f str, usize>,
    collections: HashMap<&'f str, usize>,
    posts: HashMap<&'f str, usize>,
    pictures: HashMap<&'f str, PictureId>,
    /// What precedes the addresses of pages in other languages: `/de`.
    prefixes: Vec<String>,
}

impl<'f> Names<'f> {
    /// Takes the names of the files; reports names that cannot be addresses, and names given twice.
    pub(crate) fn new(files: &'f ContentFiles, problems: &mut Vec<Problem>) -> Names<'f> {
        let mut names = Names::default();
        for (index, file) in files.products.iter().enumerate() {
            let slug = last_segment(file.stem());
            check_segment(file, slug, problems);
            if let Some(first) = names.products.get(slug) {
                let other = files.products.get(first.0).map_or("", |other| other.path.as_str());
                let message = format!("the product {slug:?} is also in {other}");
                let help = "the file's name is the address of the product; rename one of the two";
                problems.push(Problem::of_file(&file.path, message, help));
                continue;
            }
            names.products.insert(slug, ProductId(index));
        }
        for (index, file) in files.categories.iter().enumerate() {
            for segment in file.stem().split('/') {
                check_segment(file, segment, problems);
            }
            if last_segment(file.stem()) == "page" {
                let help = "\"page\" stands in the addresses of further pages of a list; rename the file";
                problems.push(Problem::of_file(&file.path, "a category cannot be called \"page\"", help));
            }
            names.categories.insert(file.stem(), CategoryId(index));
        }
        for (index, file) in files.pages.iter().enumerate() {
            check_page_name(file, problems);
            names.pages.insert(file.stem(), index);
        }
        for (index, file) in files.collections.iter().enumerate() {
            check_flat_name(file, "collections", problems);
            names.collections.insert(file.stem(), index);
        }
        for file in &files.promotions {
            check_flat_name(file, "promotions", problems);
        }
        for (index, file) in files.posts.iter().enumerate() {
            check_flat_name(file, "blog", problems);
            names.posts.insert(file.stem(), index);
        }
        for (index, file) in files.images.iter().enumerate() {
            names.pictures.insert(&file.name, PictureId(index));
        }
        names
    }

    /// Takes the languages that pages are in beside the shop's own.
    pub(crate) fn speak(&mut self, languages: &[OtherLanguage]) {
        self.prefixes = languages.iter().map(|other| other.language.prefix.clone()).collect();
    }

    /// The product with this slug.
    pub(crate) fn product(&self, slug: &str) -> Option<ProductId> {
        self.products.get(slug).copied()
    }

    /// The category at this path.
    pub(crate) fn category(&self, path: &str) -> Option<CategoryId> {
        self.categories.get(path).copied()
    }

    /// The place of the collection with this slug.
    pub(crate) fn collection(&self, slug: &str) -> Option<usize> {
        self.collections.get(slug).copied()
    }

    /// What to do about a collection that does not exist.
    pub(crate) fn collection_help(&self, slug: &str) -> String {
        did_you_mean(slug, self.collections.keys().copied(), || {
            "the name of a file in content/collections/ without \".md\"".to_owned()
        })
    }

    /// The picture with this file name.
    pub(crate) fn picture(&self, name: &str) -> Option<PictureId> {
        self.pictures.get(name).copied()
    }

    /// The content page with this slug.
    pub(crate) fn page(&self, slug: &str) -> Option<usize> {
        self.pages.get(slug).copied()
    }

    /// The post with this slug.
    pub(crate) fn post(&self, slug: &str) -> Option<usize> {
        self.posts.get(slug).copied()
    }

    /// Whether the shop answers at an address, not a page.
    pub(crate) fn is_of_shop(&self, path: &str) -> bool {
        DYNAMIC.contains(&path)
    }

    /// Whether an address is one of another language.
    pub(crate) fn has_prefix(&self, path: &str) -> bool {
        self.without_prefix(path) != path
    }

    fn without_prefix<'p>(&self, path: &'p str) -> &'p str {
        let rest = self.prefixes.iter().find_map(|prefix| path.strip_prefix(prefix.as_str()));
        rest.filter(|rest| rest.starts_with('/')).unwrap_or(path)
    }

    /// What to do about a product that does not exist.
    pub(crate) fn product_help(&self, slug: &str) -> String {
        did_you_mean(slug, self.products.keys().copied(), || {
            "the name of a file in content/products/ without \".md\"".to_owned()
        })
    }

    /// What to do about a category that does not exist.
    pub(crate) fn category_help(&self, path: &str) -> String {
        did_you_mean(path, self.categories.keys().copied(), || {
            "the path of a file in content/categories/ without \".md\", such as \"clothing/knitwear\""
                .to_owned()
        })
    }

    /// What to do about a picture that does not exist.
    pub(crate) fn picture_help(&self, name: &str) -> String {
        did_you_mean(name, self.pictures.keys().copied(), || {
            "the name of a file in content/images/".to_owned()
        })
    }

    /// The page at an address of this site (without `#…` and `?…`), if there is one.
    pub(crate) fn page_at(&self, path: &str) -> Option<LinkTarget> {
        let path = self.without_prefix(path);
        if path == "/" {
            return Some(LinkTarget::Other);
        }
        if DYNAMIC.contains(&path) {
            return Some(LinkTarget::Other);
        }
        let inner = path.strip_prefix('/')?.strip_suffix('/')?;
        if let Some(slug) = inner.strip_prefix("product/") {
            return self.product(slug).map(LinkTarget::Product);
        }
        if let Some(path) = inner.strip_prefix("category/") {
            return self.category(path).map(LinkTarget::Category);
        }
        if let Some(slug) = inner.strip_prefix("collection/") {
            return self.collections.get(slug).copied().map(LinkTarget::Collection);
        }
        if let Some(slug) = inner.strip_prefix("blog/") {
            return self.posts.get(slug).copied().map(LinkTarget::Post);
        }
        if inner == "blog" && !self.posts.is_empty() {
            return Some(LinkTarget::Other);
        }
        self.pages.get(inner).copied().map(LinkTarget::Page)
    }

    /// The address nearest to one that leads nowhere.
    pub(crate) fn address_help(&self, path: &str) -> String {
        let with_slash = format!("{}/", path.trim_end_matches('/'));
        if self.page_at(&with_slash).is_some() {
            return format!("did you mean {with_slash:?}?");
        }
        let products = self.products.keys().map(|slug| format!("/product/{slug}/"));
        let categories = self.categories.keys().map(|path| format!("/category/{path}/"));
        let pages = self.pages.keys().map(|slug| format!("/{slug}/"));
        let collections = self.collections.keys().map(|slug| format!("/collection/{slug}/"));
        let posts = self.posts.keys().map(|slug| format!("/blog/{slug}/"));
        let known: Vec<String> =
            products.chain(categories).chain(pages).chain(collections).chain(posts).collect();
        did_you_mean(path, known.iter().map(String::as_str), || {
            "link to /product/<slug>/, /category/<path>/ or /<page>/".to_owned()
        })
    }
}

/// What an address of this site leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkTarget {
    /// A product.
    Product(ProductId),
    /// A category.
    Category(CategoryId),
    /// A content page, by its place in the list.
    Page(usize),
    /// A collection, by its place in the list.
    Collection(usize),
    /// A post of the blog, by its place in the list.
    Post(usize),
    /// The home page, or a page of the shop; their anchors are not known.
    Other,
}

/// The part of a name after the last slash.
pub(crate) fn last_segment(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn check_segment(file: &TextFile, segment: &str, problems: &mut Vec<Problem>) {
    if let Err(error) = Slug::parse(segment) {
        problems.push(Problem::of_file(
            &file.path,
            format!("the name {segment:?} cannot be an address: {error}"),
            "rename the file, for example to \"waxed-cotton-cap.md\"",
        ));
    }
}

/// Files of this kind lie in one folder.
fn check_flat_name(file: &TextFile, kind: &str, problems: &mut Vec<Problem>) {
    if file.stem().contains('/') {
        let help = format!("move the file to content/{kind}/");
        problems.push(Problem::of_file(&file.path, format!("{kind} have no folders"), help));
        return;
    }
    check_segment(file, file.stem(), problems);
}

fn check_page_name(file: &TextFile, problems: &mut Vec<Problem>) {
    check_flat_name(file, "pages", problems);
    let slug = file.stem();
    if RESERVED.contains(&slug) {
        let message = format!("a page cannot be called {slug:?}, the shop uses that address");
        problems.push(Problem::of_file(&file.path, message, "rename the file"));
    }
}

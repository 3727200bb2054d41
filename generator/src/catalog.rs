//! The typed catalog: everything that is published, checked, with its cross references resolved.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use ipswich_catalog::tax::Prices;
use ipswich_catalog::{Amount, Sku};

use crate::content::category::Category;
use crate::content::collection::{Choice, Collection};
use crate::content::home::Home;
use crate::content::page::Page;
use crate::content::post::Post;
use crate::content::product::Product;
use crate::content::promotion::Promotion;
use crate::content::settings::Settings;
use crate::day::Day;
use crate::edition::Edition;
use crate::fields::Located;
use crate::lists::{self, List, Term};
use crate::memory::Key;
use crate::names::{CategoryId, Names, PictureId, ProductId};
use crate::pictures::Picture;
use crate::problem::Problem;
use crate::promotions;
use crate::redirects::Redirect;
use crate::source::{ContentFiles, TextFile};

/// What was parsed, with holes where a file has mistakes.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    pub(crate) home: Option<Home>,
    pub(crate) products: Vec<Option<Arc<Product>>>,
    pub(crate) categories: Vec<Option<Category>>,
    pub(crate) pages: Vec<Option<Page>>,
    pub(crate) collections: Vec<Option<Collection>>,
    pub(crate) posts: Vec<Option<Post>>,
    pub(crate) promotions: Vec<Option<Promotion>>,
    /// Addresses of brands and tags.
    pub(crate) words: HashSet<String>,
}

impl Drafts {
    /// Whether no file has a mistake.
    pub(crate) fn are_whole(&self, files: &ContentFiles) -> bool {
        self.home.is_some() && self.broken(files).is_empty()
    }

    /// The files with mistakes, but the home page.
    pub(crate) fn broken<'c>(&self, files: &'c ContentFiles) -> Vec<&'c TextFile> {
        fn of<'c, T>(files: &'c [TextFile], drafts: &[Option<T>]) -> impl Iterator<Item = &'c TextFile> {
            files.iter().zip(drafts).filter(|(_, draft)| draft.is_none()).map(|(file, _)| file)
        }
        let lists = of(&files.categories, &self.categories).chain(of(&files.collections, &self.collections));
        let texts = of(&files.pages, &self.pages).chain(of(&files.posts, &self.posts));
        let others = of(&files.promotions, &self.promotions);
        of(&files.products, &self.products).chain(lists).chain(texts).chain(others).collect()
    }
}

/// The catalog of the shop.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    /// The language of its texts.
    pub(crate) edition: Edition,
    /// Stands for everything but the texts of products, if that is known.
    pub(crate) world: Option<Key>,
    pub(crate) settings: Settings,
    pub(crate) home: Home,
    /// In the order of file names.
    products: Vec<Arc<Product>>,
    /// In the order of paths, so that a category comes after the one above it.
    categories: Vec<Category>,
    /// In the order of the settings of the pages, then by title.
    pub(crate) pages: Vec<Page>,
    /// The blog, the newest first.
    pub(crate) posts: Vec<Post>,
    /// Collections, brands and tags.
    pub(crate) lists: Vec<List>,
    /// In the order of their names.
    pub(crate) promotions: Vec<Promotion>,
    /// Old addresses, in their order.
    pub(crate) redirects: Vec<Redirect>,
    pictures: Arc<[Picture]>,
    /// Categories without one above them, in their order.
    pub(crate) roots: Vec<CategoryId>,
    /// The categories right below each category, in their order.
    children: Vec<Vec<CategoryId>>,
    /// The products of each category and of all below it, the newest first.
    listed: Vec<Vec<ProductId>>,
    /// All products, the newest first.
    pub(crate) newest: Vec<ProductId>,
    /// The day of the build.
    today: Day,
}

/// Reports each SKU that is given twice, at its second place.
pub(crate) fn check_skus(files: &ContentFiles, drafts: &Drafts, problems: &mut Vec<Problem>) {
    let mut seen: HashMap<&Sku, &str> = HashMap::new();
    for (file, product) in files.products.iter().zip(&drafts.products) {
        for (sku, span) in product.iter().flat_map(|product| &product.sku_places) {
            if let Some(first) = seen.get(sku) {
                let other = if *first == file.path { "above in this file" } else { first };
                let message = format!("the SKU {sku} is also in {other}");
                let help = "a SKU names one thing in the whole shop; give this one another";
                let message =
                    if *first == file.path { format!("the SKU {sku} is given {other}") } else { message };
                problems.push(file.problem(span.clone(), message, help));
            } else {
                seen.insert(sku, &file.path);
            }
        }
    }
}

impl Catalog {
    /// Puts the catalog together; `None` if a part of it is missing, which was reported when it was parsed.
    pub(crate) fn assemble(
        mut settings: Settings,
        edition: Edition,
        drafts: Drafts,
        redirects: Vec<Redirect>,
        names: &Names<'_>,
        today: Day,
        pictures: Vec<Picture>,
    ) -> Option<Catalog> {
        let mut home = drafts.home?;
        let mut collections: Vec<Collection> = drafts.collections.into_iter().collect::<Option<_>>()?;
        let products =
            visible(drafts.products.into_iter().collect::<Option<_>>()?, &mut home, &mut collections);
        let categories: Vec<Category> = drafts.categories.into_iter().collect::<Option<_>>()?;
        let mut posts: Vec<Post> = drafts.posts.into_iter().collect::<Option<_>>()?;
        posts.retain(|post| post.hidden.is_none());
        posts.sort_by(|a, b| (Reverse(a.published), &a.title).cmp(&(Reverse(b.published), &b.title)));
        let promotions: Vec<Promotion> = drafts.promotions.into_iter().collect::<Option<_>>()?;
        settings.shop.promotions = promotions.iter().map(promotions::published).collect();
        let mut pages: Vec<Page> = drafts.pages.into_iter().collect::<Option<_>>()?;
        pages.sort_by(|a, b| (a.order, &a.title, &a.slug).cmp(&(b.order, &b.title, &b.slug)));
        let mut catalog = Catalog {
            world: None,
            settings,
            edition,
            home,
            roots: Vec::new(),
            children: vec![Vec::new(); categories.len()],
            listed: vec![Vec::new(); categories.len()],
            newest: (0..products.len()).map(ProductId).collect(),
            products,
            categories,
            pages,
            posts,
            promotions,
            redirects,
            lists: Vec::new(),
            pictures: pictures.into(),
            today,
        };
        catalog.link_categories(names);
        catalog.sort_newest();
        catalog.file_products(names);
        catalog.lists = lists::assemble(&catalog, collections, today);
        Some(catalog)
    }

    fn link_categories(&mut self, names: &Names<'_>) {
        let mut order: Vec<CategoryId> = (0..self.categories.len()).map(CategoryId).collect();
        order.sort_by_key(|id| {
            let category = self.category(*id);
            (category.order, category.title.clone(), category.path.clone())
        });
        for id in order {
            match parent(names, &self.category(id).path) {
                Some(parent) => self.children[parent.0].push(id),
                None => self.roots.push(id),
            }
        }
    }

    fn sort_newest(&mut self) {
        let products = &self.products;
        self.newest.sort_by(|a, b| {
            let key = |id: &ProductId| &products[id.0];
            let (a, b) = (key(a), key(b));
            (Reverse(a.published), &a.title, &a.slug).cmp(&(Reverse(b.published), &b.title, &b.slug))
        });
    }

    fn file_products(&mut self, names: &Names<'_>) {
        for id in &self.newest {
            let mut filed = BTreeSet::new();
            for category in &self.products[id.0].categories {
                let mut at = Some(*category);
                while let Some(category) = at {
                    filed.insert(category);
                    at = parent(names, &self.categories[category.0].path);
                }
            }
            for category in filed {
                self.listed[category.0].push(*id);
            }
        }
    }

    /// The same catalog with other texts; the products and categories are to be changed in place.
    pub(crate) fn in_edition(&self, edition: Edition) -> Catalog {
        Catalog { edition, world: None, ..self.clone() }
    }

    /// All products, to put other texts in.
    pub(crate) fn products_mut(&mut self) -> impl Iterator<Item = &mut Product> {
        self.products.iter_mut().map(Arc::make_mut)
    }

    /// All categories, to put other texts in.
    pub(crate) fn categories_mut(&mut self) -> &mut [Category] {
        &mut self.categories
    }

    /// All products, in the order of file names.
    pub(crate) fn products(&self) -> &[Arc<Product>] {
        &self.products
    }

    /// All categories, in the order of paths.
    pub(crate) fn categories(&self) -> impl Iterator<Item = (CategoryId, &Category)> {
        self.categories.iter().enumerate().map(|(index, category)| (CategoryId(index), category))
    }

    /// A product. Ids come from this catalog, so it is there.
    pub(crate) fn product(&self, id: ProductId) -> &Product {
        &self.products[id.0]
    }

    /// A category.
    pub(crate) fn category(&self, id: CategoryId) -> &Category {
        &self.categories[id.0]
    }

    /// A picture.
    pub(crate) fn picture(&self, id: PictureId) -> &Picture {
        &self.pictures[id.0]
    }

    /// The categories right below one.
    pub(crate) fn children(&self, id: CategoryId) -> &[CategoryId] {
        &self.children[id.0]
    }

    /// The products of a category and of all below it, the newest first.
    pub(crate) fn listed(&self, id: CategoryId) -> &[ProductId] {
        &self.listed[id.0]
    }

    /// The way from the top to a category, itself included.
    pub(crate) fn ancestry(&self, id: CategoryId) -> Vec<CategoryId> {
        let path = &self.category(id).path;
        let prefix_ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let by_path =
            |path: &str| self.categories.binary_search_by(|known| known.path.as_str().cmp(path)).ok();
        prefix_ends.filter_map(|end| by_path(&path[..end])).map(CategoryId).collect()
    }

    /// The products related to one: those chosen by hand, then the newest of its category, `count` in all.
    pub(crate) fn related(&self, id: ProductId, count: usize) -> Vec<ProductId> {
        let product = self.product(id);
        let mut related: Vec<ProductId> = product.related.iter().map(|place| place.value).collect();
        for other in self.listed(product.category) {
            if related.len() >= count {
                break;
            }
            if *other != id && !related.contains(other) {
                related.push(*other);
            }
        }
        related.truncate(count);
        related
    }

    /// A tag, as it is called in this language, and its page.
    pub(crate) fn tag(&self, word: &str) -> (String, String) {
        let name = self.settings.tag_names.get(word).map_or(word, String::as_str);
        (name.to_owned(), self.edition.page(&Term::Tag.url(word)))
    }

    /// The promotions that apply to a product and were not over on the day of the build.
    pub(crate) fn promotions_of(&self, product: &Product) -> Vec<&Promotion> {
        let applies = |(index, promotion): &(usize, &Promotion)| {
            (promotion.scope.is_none() || product.promotions.contains(index))
                && promotion.until.is_none_or(|until| until >= self.today)
        };
        self.promotions.iter().enumerate().filter(applies).map(|(_, promotion)| promotion).collect()
    }

    /// A price of this tax class as it is paid in the shop's own country.
    pub(crate) fn gross(&self, price: Amount, class: &str) -> Amount {
        let shop = &self.settings.shop;
        let rate = shop.tax_rate(class).filter(|_| shop.prices == Prices::Net);
        rate.and_then(|rate| price.checked_add(rate.part_of(price)?)).unwrap_or(price)
    }

    /// An amount as a plain decimal for machines.
    pub(crate) fn decimal(&self, amount: Amount) -> String {
        self.settings.shop.money_format().decimal(amount)
    }

    /// A path of this site as a full address.
    pub(crate) fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.settings.shop.base_url)
    }

    /// All pictures that something published shows.
    pub(crate) fn used_pictures(&self) -> BTreeSet<PictureId> {
        let shown = |image: &Option<crate::content::Shown>| image.as_ref().map(|shown| shown.picture);
        let mut used = BTreeSet::new();
        used.extend(shown(&self.home.hero.image));
        used.extend(shown(&self.home.story.image));
        for product in &self.products {
            used.extend(product.images.iter().map(|shown| shown.picture));
            used.extend(&product.body.pictures);
        }
        for category in &self.categories {
            used.extend(shown(&category.image));
            used.extend(&category.body.pictures);
        }
        for post in &self.posts {
            used.extend(shown(&post.image));
            used.extend(&post.body.pictures);
        }
        for list in &self.lists {
            used.extend(shown(&list.image));
            used.extend(&list.pictures);
        }
        for promotion in &self.promotions {
            used.extend(&promotion.body.pictures);
        }
        for page in &self.pages {
            used.extend(&page.body.pictures);
        }
        used
    }
}

/// The products that visitors see, with the references to them put right. None leads to a hidden product:
/// [`crate::links`] has refused that.
fn visible(all: Vec<Arc<Product>>, home: &mut Home, collections: &mut [Collection]) -> Vec<Arc<Product>> {
    if all.iter().all(|product| product.hidden.is_none()) {
        return all;
    }
    let mut next = 0;
    let moved: Vec<Option<ProductId>> = all
        .iter()
        .map(|product| {
            let id = product.hidden.is_none().then_some(ProductId(next));
            next += usize::from(id.is_some());
            id
        })
        .collect();
    let renumber = |places: &mut Vec<Located<ProductId>>| {
        places.retain_mut(|place| match moved.get(place.value.0).copied().flatten() {
            Some(id) => {
                place.value = id;
                true
            }
            None => false,
        });
    };
    renumber(&mut home.featured);
    for collection in collections {
        if let Choice::ByHand(places) = &mut collection.choice {
            renumber(places);
        }
    }
    let mut shown: Vec<Arc<Product>> = all.into_iter().filter(|product| product.hidden.is_none()).collect();
    let related = shown.iter_mut().filter(|product| !product.related.is_empty());
    related.for_each(|product| renumber(&mut Arc::make_mut(product).related));
    shown
}

fn parent(names: &Names<'_>, path: &str) -> Option<CategoryId> {
    path.rsplit_once('/').and_then(|(parent, _)| names.category(parent))
}

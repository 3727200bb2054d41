//! Checks the links of all texts to pages of this site, and to headings on them.

use std::ops::Range;

use crate::catalog::Drafts;
use crate::content::collection::Choice;
use crate::content::visibility::Hidden;
use crate::fields::Located;
use crate::markdown::InternalLink;
use crate::names::{LinkTarget, Names, ProductId};
use crate::problem::{Problem, did_you_mean};
use crate::source::{ContentFiles, TextFile};
use crate::translation::Translations;

/// Reports links that lead nowhere. Files that could not be parsed are not blamed a second time: their anchors
/// are taken for granted.
pub(crate) fn check(
    files: &ContentFiles,
    names: &Names<'_>,
    drafts: &Drafts,
    redirects: &[InternalLink],
    problems: &mut Vec<Problem>,
) {
    let checker = Checker { files, names, drafts, translations: None };
    for (file, product) in files.products.iter().zip(&drafts.products) {
        if let Some(product) = product {
            let source = Source { file, shown: product.hidden.is_none(), anchors: &product.body.anchors };
            checker.document(&source, &product.body.links, problems);
            if source.shown {
                checker.products(file, &product.related, problems);
            }
        }
    }
    for (file, category) in files.categories.iter().zip(&drafts.categories) {
        if let Some(category) = category {
            let source = Source { file, shown: true, anchors: &category.body.anchors };
            checker.document(&source, &category.body.links, problems);
        }
    }
    for (file, page) in files.pages.iter().zip(&drafts.pages) {
        if let Some(page) = page {
            let source = Source { file, shown: true, anchors: &page.body.anchors };
            checker.document(&source, &page.body.links, problems);
        }
    }
    for (file, collection) in files.collections.iter().zip(&drafts.collections) {
        if let Some(collection) = collection {
            let source = Source { file, shown: true, anchors: &collection.body.anchors };
            checker.document(&source, &collection.body.links, problems);
            if let Choice::ByHand(places) = &collection.choice {
                checker.products(file, places, problems);
            }
        }
    }
    for (file, post) in files.posts.iter().zip(&drafts.posts) {
        if let Some(post) = post {
            let source = Source { file, shown: post.hidden.is_none(), anchors: &post.body.anchors };
            checker.document(&source, &post.body.links, problems);
        }
    }
    for (file, promotion) in files.promotions.iter().zip(&drafts.promotions) {
        if let Some(promotion) = promotion {
            let source = Source { file, shown: true, anchors: &promotion.body.anchors };
            checker.document(&source, &promotion.body.links, problems);
        }
    }
    if let Some(file) = &files.settings {
        checker.document(&Source { file, shown: true, anchors: &[] }, redirects, problems);
    }
    if let (Some(file), Some(home)) = (&files.home, &drafts.home) {
        checker.products(file, &home.featured, problems);
        for link in [&home.hero.link, &home.story.link] {
            problems.extend(checker.link(&Source { file, shown: true, anchors: &[] }, link));
        }
    }
}

/// Reports links of translated texts that lead nowhere, to headings in the same language.
pub(crate) fn check_translations(
    files: &ContentFiles,
    names: &Names<'_>,
    drafts: &Drafts,
    translations: &Translations<'_>,
    problems: &mut Vec<Problem>,
) {
    let checker = Checker { files, names, drafts, translations: Some(translations) };
    for (file, anchors, links) in translations.links() {
        checker.document(&Source { file, shown: true, anchors }, links, problems);
    }
}

struct Checker<'c> {
    files: &'c ContentFiles,
    names: &'c Names<'c>,
    drafts: &'c Drafts,
    /// The language of the texts, if it is not the shop's own.
    translations: Option<&'c Translations<'c>>,
}

/// A file that links stand in.
struct Source<'c> {
    file: &'c TextFile,
    /// Whether visitors see it. What is hidden may point to what is not ready either.
    shown: bool,
    /// The ids of its own headings.
    anchors: &'c [String],
}

impl Checker<'_> {
    fn document(&self, source: &Source<'_>, links: &[InternalLink], problems: &mut Vec<Problem>) {
        problems.extend(links.iter().filter_map(|link| self.link(source, link)));
    }

    /// Reports products that visitors do not see.
    fn products(&self, file: &TextFile, places: &[Located<ProductId>], problems: &mut Vec<Problem>) {
        problems.extend(places.iter().filter_map(|place| self.hidden(file, place.value, &place.span)));
    }

    /// The problem with showing a product here that visitors do not see.
    fn hidden(&self, file: &TextFile, id: ProductId, span: &Range<usize>) -> Option<Problem> {
        let product = self.drafts.products.get(id.0)?.as_ref()?;
        let what = format!("the product {:?}", product.slug.as_str());
        not_shown(file, span, &what, product.hidden.as_ref()?, self.files.products.get(id.0)?)
    }

    /// The problem with a link to what visitors do not see.
    fn link_to_hidden(&self, file: &TextFile, target: LinkTarget, span: &Range<usize>) -> Option<Problem> {
        match target {
            LinkTarget::Product(id) => self.hidden(file, id, span),
            LinkTarget::Post(index) => {
                let post = self.drafts.posts.get(index)?.as_ref()?;
                let what = format!("the post {:?}", post.slug);
                not_shown(file, span, &what, post.hidden.as_ref()?, self.files.posts.get(index)?)
            }
            _ => None,
        }
    }

    fn link(&self, source: &Source<'_>, link: &InternalLink) -> Option<Problem> {
        let file = source.file;
        let (address, anchor) = match link.target.split_once('#') {
            Some((address, anchor)) => (address, Some(anchor)),
            None => (link.target.as_str(), None),
        };
        let path = address.split_once('?').map_or(address, |(path, _)| path);
        let anchors = if path.is_empty() {
            Some(source.anchors)
        } else {
            if self.drafts.words.contains(path) {
                return None;
            }
            let blog_is_empty = || self.drafts.posts.iter().flatten().all(|post| post.hidden.is_some());
            let target = self.names.page_at(path).filter(|_| path != "/blog/" || !blog_is_empty());
            let Some(target) = target else {
                let message = format!("the link {:?} leads nowhere", link.target);
                return Some(file.problem(link.span.clone(), message, self.names.address_help(path)));
            };
            if source.shown
                && let Some(problem) = self.link_to_hidden(file, target, &link.span)
            {
                return Some(problem);
            }
            self.anchors_of(target)
        };
        let (anchors, anchor) = (anchors?, anchor?);
        if anchors.iter().any(|known| known == anchor) {
            return None;
        }
        let help = did_you_mean(anchor, anchors.iter().map(String::as_str), || {
            if anchors.is_empty() {
                "the page has no headings".to_owned()
            } else {
                format!("the page has {}", anchors.join(", "))
            }
        });
        let message = format!("the page has no heading for \"#{anchor}\"");
        Some(file.problem(link.span.clone(), message, help))
    }

    /// The anchors of a page, if they are known.
    fn anchors_of(&self, target: LinkTarget) -> Option<&[String]> {
        if let Some(document) = self.translations.and_then(|translations| translations.document(target)) {
            return Some(&document.anchors);
        }
        let document = match target {
            LinkTarget::Product(id) => &self.drafts.products.get(id.0)?.as_ref()?.body,
            LinkTarget::Category(id) => &self.drafts.categories.get(id.0)?.as_ref()?.body,
            LinkTarget::Page(index) => &self.drafts.pages.get(index)?.as_ref()?.body,
            LinkTarget::Collection(index) => &self.drafts.collections.get(index)?.as_ref()?.body,
            LinkTarget::Post(index) => &self.drafts.posts.get(index)?.as_ref()?.body,
            LinkTarget::Other => return None,
        };
        Some(&document.anchors)
    }
}

/// The problem with showing something here that visitors do not see, as its file says.
fn not_shown(
    file: &TextFile,
    span: &Range<usize>,
    what: &str,
    hidden: &Hidden,
    other: &TextFile,
) -> Option<Problem> {
    let message = format!("{what} {}", hidden.reason.sentence());
    let place = other.problem(hidden.span.clone(), "", "");
    let help = format!("remove it here, or publish it: {}:{}:{}", other.path, place.line, place.column);
    Some(file.problem(span.clone(), message, help))
}

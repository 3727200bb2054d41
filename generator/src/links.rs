//! Checks the links of all texts to pages of this site, and to headings on them.

use crate::catalog::Drafts;
use crate::markdown::InternalLink;
use crate::names::{LinkTarget, Names};
use crate::problem::{Problem, did_you_mean};
use crate::source::{ContentFiles, TextFile};

/// Reports links that lead nowhere. Files that could not be parsed are not blamed a second time: their anchors
/// are taken for granted.
pub(crate) fn check(files: &ContentFiles, names: &Names<'_>, drafts: &Drafts, problems: &mut Vec<Problem>) {
    let checker = Checker { names, drafts };
    for (file, product) in files.products.iter().zip(&drafts.products) {
        if let Some(product) = product {
            checker.document(file, &product.body.links, &product.body.anchors, problems);
        }
    }
    for (file, category) in files.categories.iter().zip(&drafts.categories) {
        if let Some(category) = category {
            checker.document(file, &category.body.links, &category.body.anchors, problems);
        }
    }
    for (file, page) in files.pages.iter().zip(&drafts.pages) {
        if let Some(page) = page {
            checker.document(file, &page.body.links, &page.body.anchors, problems);
        }
    }
    if let (Some(file), Some(home)) = (&files.home, &drafts.home) {
        for link in [&home.hero.link, &home.story.link] {
            problems.extend(checker.link(file, link, &[]));
        }
    }
}

struct Checker<'c> {
    names: &'c Names<'c>,
    drafts: &'c Drafts,
}

impl Checker<'_> {
    fn document(
        &self,
        file: &TextFile,
        links: &[InternalLink],
        anchors: &[String],
        problems: &mut Vec<Problem>,
    ) {
        problems.extend(links.iter().filter_map(|link| self.link(file, link, anchors)));
    }

    fn link(&self, file: &TextFile, link: &InternalLink, own_anchors: &[String]) -> Option<Problem> {
        let (address, anchor) = match link.target.split_once('#') {
            Some((address, anchor)) => (address, Some(anchor)),
            None => (link.target.as_str(), None),
        };
        let path = address.split_once('?').map_or(address, |(path, _)| path);
        let anchors = if path.is_empty() {
            Some(own_anchors)
        } else {
            let Some(target) = self.names.page_at(path) else {
                let message = format!("the link {:?} leads nowhere", link.target);
                return Some(file.problem(link.span.clone(), message, self.names.address_help(path)));
            };
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
        let document = match target {
            LinkTarget::Product(id) => &self.drafts.products.get(id.0)?.as_ref()?.body,
            LinkTarget::Category(id) => &self.drafts.categories.get(id.0)?.as_ref()?.body,
            LinkTarget::Page(index) => &self.drafts.pages.get(index)?.as_ref()?.body,
            LinkTarget::Other => return None,
        };
        Some(&document.anchors)
    }
}

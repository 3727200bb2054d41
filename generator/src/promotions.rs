//! Which products a promotion applies to, and the promotions as the shop reads them.

use std::sync::Arc;

use ipswich_catalog::promotion::Promotion as Published;

use crate::catalog::Drafts;
use crate::content::collection::Choice;
use crate::content::product::Product;
use crate::content::promotion::{Promotion, Scope};
use crate::day::Day;
use crate::fields::Located;
use crate::lists;
use crate::names::{CategoryId, ProductId};
use crate::problem::{Problem, did_you_mean};
use crate::source::{ContentFiles, TextFile};

/// The seconds of a day.
const DAY: i64 = 86_400;

/// Notes at each product which promotions apply to it, and reports promotions that apply to none. The categories,
/// brands and tags of a product with a mistake are not known, so then only named products are looked at.
pub(crate) fn resolve(files: &ContentFiles, drafts: &mut Drafts, today: Day, problems: &mut Vec<Problem>) {
    let whole = drafts.products.iter().all(Option::is_some) && drafts.collections.iter().all(Option::is_some);
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (index, (file, promotion)) in files.promotions.iter().zip(&drafts.promotions).enumerate() {
        let Some(Promotion { scope: Some(scope), .. }) = promotion else { continue };
        if whole {
            check_words(file, scope, drafts, problems);
        }
        let before = found.len();
        let products =
            drafts.products.iter().enumerate().filter_map(|(id, product)| Some((id, product.as_deref()?)));
        let fits =
            |(id, product): &(usize, &Product)| applies(scope, ProductId(*id), product, files, drafts, today);
        found.extend(products.filter(fits).map(|(id, _)| (id, index)));
        // A word that no product has was reported above.
        if whole && found.len() == before && scope.brands.is_empty() && scope.tags.is_empty() {
            let help =
                "the categories and collections it names have no products; name others, or remove the file";
            problems.push(Problem::of_file(&file.path, "the promotion applies to nothing", help));
        }
    }
    for (product, promotion) in found {
        if let Some(Some(product)) = drafts.products.get_mut(product) {
            // A product that is kept for the next build is copied: which promotions apply is found out anew then.
            Arc::make_mut(product).promotions.push(promotion);
        }
    }
}

/// Reports brands and tags that no product has.
fn check_words(file: &TextFile, scope: &Scope, drafts: &Drafts, problems: &mut Vec<Problem>) {
    let products = || drafts.products.iter().flatten();
    let mut known = |wanted: &[Located<String>], what: &str, all: Vec<&str>| {
        for wanted in wanted.iter().filter(|wanted| !all.contains(&wanted.value.as_str())) {
            let help = did_you_mean(&wanted.value, all.iter().copied(), || {
                "give it to a product, or remove it here".to_owned()
            });
            let message = format!("no product has the {what} {:?}", wanted.value);
            problems.push(file.problem(wanted.span.clone(), message, help));
        }
    };
    let brands = products().flat_map(|product| &product.brand).map(|brand| brand.value.as_str());
    known(&scope.brands, "brand", brands.collect());
    let tags = products().flat_map(|product| &product.tags).map(|tag| tag.value.as_str());
    known(&scope.tags, "tag", tags.collect());
}

fn applies(
    scope: &Scope,
    id: ProductId,
    product: &Product,
    files: &ContentFiles,
    drafts: &Drafts,
    today: Day,
) -> bool {
    let has =
        |wanted: &[Located<String>], word: &Located<String>| wanted.iter().any(|one| one.value == word.value);
    let in_collection = |index: &usize| match drafts.collections.get(*index).and_then(Option::as_ref) {
        None => false,
        Some(collection) => match &collection.choice {
            Choice::ByHand(places) => places.iter().any(|place| place.value == id),
            Choice::ByRule(rule) => {
                rule.category.is_none_or(|category| is_in(category, product, files))
                    && lists::fits(rule, product, today)
            }
        },
    };
    scope.products.contains(&id)
        || scope.categories.iter().any(|category| is_in(*category, product, files))
        || product.brand.iter().any(|brand| has(&scope.brands, brand))
        || product.tags.iter().any(|tag| has(&scope.tags, tag))
        || scope.collections.iter().any(in_collection)
}

/// Whether a product is filed under a category or under one below it.
fn is_in(category: CategoryId, product: &Product, files: &ContentFiles) -> bool {
    let path = |id: CategoryId| files.categories.get(id.0).map_or("", TextFile::stem);
    let wanted = path(category);
    product
        .categories
        .iter()
        .any(|id| path(*id).strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The promotion as the shop reads it: valid from the first moment of its first day to the last of its last.
pub(crate) fn published(promotion: &Promotion) -> Published {
    let begin = |day: Day| day.days_since(Day::from_unix(0)) * DAY;
    Published {
        id: promotion.id.clone(),
        title: promotion.title.clone(),
        effect: promotion.effect.clone(),
        everything: promotion.scope.is_none(),
        minimum: promotion.minimum,
        from: promotion.from.map(begin),
        until: promotion.until.map(|day| begin(day) + DAY),
        combinable: promotion.combinable,
    }
}

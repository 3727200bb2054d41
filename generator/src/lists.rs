//! Lists of products beside the categories: one for each brand, each tag and each collection.

use std::collections::{BTreeMap, HashMap};

use ipswich_theme::SafeHtml;

use crate::catalog::{Catalog, Drafts};
use crate::content::Shown;
use crate::content::collection::{Choice, Collection, Rule};
use crate::content::product::Product;
use crate::day::Day;
use crate::edition::Edition;
use crate::fields::Located;
use crate::messages::texts;
use crate::names::{CategoryId, PictureId, ProductId};
use crate::problem::{Problem, did_you_mean};
use crate::source::{ContentFiles, TextFile};

/// A list with pages of its own.
#[derive(Clone, Debug)]
pub(crate) struct List {
    /// The address of its first page.
    pub(crate) url: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) image: Option<Shown>,
    pub(crate) body: Option<SafeHtml>,
    /// The pictures in its text.
    pub(crate) pictures: Vec<PictureId>,
    pub(crate) products: Vec<ProductId>,
    /// Whether its order was made by hand; otherwise it is the newest first.
    pub(crate) by_hand: bool,
    /// Whether it is a collection, which the home page names.
    pub(crate) is_collection: bool,
    /// The word it is for, if it is one of a brand or a tag.
    pub(crate) word: Option<(Term, String)>,
}

/// What groups products by a word in their files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Term {
    Brand,
    Tag,
}

impl Term {
    fn noun(self) -> &'static str {
        match self {
            Term::Brand => "brand",
            Term::Tag => "tag",
        }
    }

    /// The first page for a word.
    pub(crate) fn url(self, word: &str) -> String {
        format!("/{}/{}/", self.noun(), slug_of(word))
    }
}

/// The words of a product.
fn words(product: &Product) -> impl Iterator<Item = (Term, &Located<String>)> {
    let brand = product.brand.iter().map(|brand| (Term::Brand, brand));
    brand.chain(product.tags.iter().map(|tag| (Term::Tag, tag)))
}

/// Letters with marks, and the plain ones that stand for them in addresses.
const PLAIN: [(&str, &str); 12] = [
    ("àáâãåā", "a"),
    ("ä", "ae"),
    ("æ", "ae"),
    ("ç", "c"),
    ("èéêëē", "e"),
    ("ìíîï", "i"),
    ("ñ", "n"),
    ("òóôõø", "o"),
    ("ö", "oe"),
    ("ùúû", "u"),
    ("ü", "ue"),
    ("ß", "ss"),
];

/// The part of an address for a word: small letters, digits, and hyphens between.
pub(crate) fn slug_of(word: &str) -> String {
    let mut slug = String::with_capacity(word.len());
    for c in word.to_lowercase().chars() {
        match PLAIN.iter().find(|(marked, _)| marked.contains(c)) {
            Some((_, plain)) => slug.push_str(plain),
            None if c.is_ascii_alphanumeric() => slug.push(c),
            None if matches!(c, '\'' | '’') => {}
            None if !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Reports words that cannot have a page, words written in two ways, and rules that name what no product has.
/// Returns the addresses of all words that visitors see.
pub(crate) fn check(files: &ContentFiles, drafts: &Drafts, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut seen: HashMap<String, (&str, &str)> = HashMap::new();
    let mut urls = Vec::new();
    for (file, product) in files.products.iter().zip(&drafts.products) {
        for (term, word) in product.iter().flat_map(|product| words(product)) {
            let url = term.url(&word.value);
            if slug_of(&word.value).is_empty() {
                let message = format!("the {} {:?} has no letters for an address", term.noun(), word.value);
                problems.push(file.problem(word.span.clone(), message, "write it with letters or digits"));
                continue;
            }
            let (first, path) = *seen.entry(url.clone()).or_insert((&word.value, &file.path));
            if product.as_ref().is_some_and(|product| product.hidden.is_none()) {
                urls.push(url);
            }
            if first != word.value {
                let message = format!("the {} {:?} is written {first:?} in {path}", term.noun(), word.value);
                problems.push(file.problem(word.span.clone(), message, "write it in one way"));
            }
        }
    }
    // What a product with a mistake would have said is not known.
    if drafts.products.iter().all(Option::is_some) {
        for (file, collection) in files.collections.iter().zip(&drafts.collections) {
            if let Some(Collection { choice: Choice::ByRule(rule), .. }) = collection {
                check_rule(file, rule, drafts, problems);
            }
        }
    }
    urls
}

fn check_rule(file: &TextFile, rule: &Rule, drafts: &Drafts, problems: &mut Vec<Problem>) {
    let products = || drafts.products.iter().flatten();
    let mut known = |wanted: &Located<String>, what: &str, all: Vec<&str>| {
        if !all.contains(&wanted.value.as_str()) {
            let help =
                did_you_mean(&wanted.value, all, || "give it to a product, or remove it here".to_owned());
            let message = format!("no product has the {what} {:?}", wanted.value);
            problems.push(file.problem(wanted.span.clone(), message, help));
        }
    };
    for (term, wanted) in [(Term::Tag, &rule.tag), (Term::Brand, &rule.brand)] {
        if let Some(wanted) = wanted {
            let all = products().flat_map(|product| words(product)).filter(|(other, _)| *other == term);
            known(wanted, term.noun(), all.map(|(_, word)| word.value.as_str()).collect());
        }
    }
    for (name, _) in &rule.attributes {
        let all = products().flat_map(|product| product.attributes.iter().map(|(name, _)| name.as_str()));
        known(name, "attribute", all.collect());
    }
}

/// All lists in a fixed order: collections, brands, tags.
pub(crate) fn assemble(catalog: &Catalog, mut collections: Vec<Collection>, today: Day) -> Vec<List> {
    collections.sort_by(|a, b| (a.order, &a.title, &a.slug).cmp(&(b.order, &b.title, &b.slug)));
    let mut lists: Vec<List> = collections
        .into_iter()
        .map(|collection| List {
            url: collection.url(),
            products: chosen(catalog, &collection.choice, today),
            title: collection.title,
            summary: collection.summary,
            image: collection.image,
            body: Some(collection.body.html),
            pictures: collection.body.pictures,
            by_hand: matches!(collection.choice, Choice::ByHand(_)),
            is_collection: true,
            word: None,
        })
        .collect();
    let mut terms: BTreeMap<(Term, String), (&str, Vec<ProductId>)> = BTreeMap::new();
    for id in &catalog.newest {
        for (term, word) in words(catalog.product(*id)) {
            let (_, products) =
                terms.entry((term, slug_of(&word.value))).or_insert_with(|| (&word.value, Vec::new()));
            if products.last() != Some(id) {
                products.push(*id);
            }
        }
    }
    lists.extend(
        terms.into_iter().map(|((term, _), (word, products))| of_word(catalog, term, word, products)),
    );
    lists
}

/// Title and summary of the list for a word, which is called `name` in the language of the edition.
pub(crate) fn words_of(edition: &Edition, shop: &str, term: Term, name: &str) -> (String, String) {
    let mut letters = name.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    match term {
        Term::Brand => {
            (name.to_owned(), edition.say(&texts::BRAND_SUMMARY, &[("brand", name), ("shop", shop)]))
        }
        Term::Tag => (capital, edition.say(&texts::TAG_SUMMARY, &[("tag", name), ("shop", shop)])),
    }
}

fn of_word(catalog: &Catalog, term: Term, word: &str, products: Vec<ProductId>) -> List {
    let (title, summary) = words_of(&catalog.edition, &catalog.settings.shop.name, term, word);
    List {
        url: term.url(word),
        title,
        summary,
        image: None,
        body: None,
        pictures: Vec::new(),
        products,
        by_hand: false,
        is_collection: false,
        word: Some((term, word.to_owned())),
    }
}

fn chosen(catalog: &Catalog, choice: &Choice, today: Day) -> Vec<ProductId> {
    match choice {
        Choice::ByHand(places) => places.iter().map(|place| place.value).collect(),
        Choice::ByRule(rule) => {
            let below: Option<&[ProductId]> = rule.category.map(|id: CategoryId| catalog.listed(id));
            let fits = |id: &&ProductId| {
                below.is_none_or(|listed| listed.contains(id)) && fits(rule, catalog.product(**id), today)
            };
            catalog.newest.iter().filter(fits).copied().collect()
        }
    }
}

/// Whether a product is all that a rule says, but for its category.
pub(crate) fn fits(rule: &Rule, product: &Product, today: Day) -> bool {
    let price = product.price();
    let is = |wanted: &Option<Located<String>>, found: &[Located<String>]| {
        wanted.as_ref().is_none_or(|wanted| found.iter().any(|word| word.value == wanted.value))
    };
    is(&rule.tag, &product.tags)
        && is(&rule.brand, product.brand.as_slice())
        && rule.price_min.is_none_or(|min| price >= min)
        && rule.price_max.is_none_or(|max| price <= max)
        && rule.new_days.is_none_or(|days| today.days_since(product.published) <= days)
        && rule.attributes.iter().all(|(name, value)| {
            product.attributes.iter().any(|(known, is)| *known == name.value && *is == value.value)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_addresses() {
        assert_eq!(slug_of("Walker & Sons"), "walker-sons");
        assert_eq!(slug_of("  St Peter’s Café "), "st-peters-cafe");
        assert_eq!(slug_of("Größe"), "groesse");
        assert_eq!(slug_of("***"), "");
    }
}

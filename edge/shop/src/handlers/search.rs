//! `/search/`: words, filters and order are in the address, so a result can be kept and sent to somebody.

use axum::response::Response;
use http::StatusCode;
use ipswich_catalog::Messages;
use ipswich_search::{Card as Hit, Facet, Found, PriceRange, QUERY_CHARS_MAX, Query, Sort};
use ipswich_theme::Image;
use ipswich_theme::pages::{Card, PageLink, Paging};

use crate::error::Error;
use crate::query::Pairs;
use crate::request::Visit;
use crate::respond::{meta, notice, page};
use crate::texts;
use crate::views::{FacetView, Link, Notice, NoticeKind, SearchChoice, SearchPage};

/// Products on one page.
const PER_PAGE: usize = 24;

/// Filters beyond these are not looked at.
const FILTERS_MAX: usize = 24;

/// The last page that can be asked for.
const PAGE_MAX: usize = 100_000;

/// How many pages before and after this one have a link.
const NEIGHBOURS: usize = 2;

/// What others add to addresses to follow people; it is no filter, and not worth a word.
const TRACKING: [&str; 4] = ["utm_", "gclid", "fbclid", "msclkid"];

/// `GET /search/`
pub(crate) async fn show(visit: Visit, Pairs(pairs): Pairs) -> Result<Response, Error> {
    let query = parse(pairs);
    let release = visit.release().await?;
    let (found, hits) = release.search().find(&query).await?;
    let view = view(&query, found, hits, release.messages());
    page(&release, StatusCode::OK, "shop/search.html", &view)
}

/// What an address asks for. What it says badly is as if it were not there.
fn parse(pairs: Vec<(String, String)>) -> Query {
    let mut query = Query { per_page: PER_PAGE, ..Query::default() };
    for (key, value) in pairs {
        match key.as_str() {
            "q" => query.text = value.chars().take(QUERY_CHARS_MAX).collect(),
            "sort" => query.sort = Sort::of_key(&value).unwrap_or_default(),
            // The language was understood before.
            "lang" => {}
            "page" => query.page = value.parse().unwrap_or(1).clamp(1, PAGE_MAX),
            "price" => (query.price_min, query.price_max) = price_range(&value),
            _ if value.is_empty() || TRACKING.iter().any(|one| key.starts_with(one)) => {}
            _ if query.filters.len() < FILTERS_MAX => query.filters.push((key, value)),
            _ => {}
        }
    }
    query
}

/// A range such as `1000-2499` or `10000-`, in minor units.
fn price_range(text: &str) -> (Option<u64>, Option<u64>) {
    let Some((min, max)) = text.split_once('-') else { return (None, None) };
    (min.parse().ok(), max.parse().ok())
}

fn price_text(min: Option<u64>, max: Option<u64>) -> String {
    let text = |end: Option<u64>| end.map(|end| end.to_string()).unwrap_or_default();
    format!("{}-{}", text(min), text(max))
}

fn view(query: &Query, found: Found, hits: Vec<Hit>, messages: &Messages) -> SearchPage {
    let address = Address::new(query, &found);
    let chips = chips(&address, query, &found, messages);
    let text = query.text.trim();
    let title = match text {
        "" => messages.say(&texts::SEARCH, &[]),
        words => messages.say(&texts::SEARCH_FOR, &[("words", words)]),
    };
    let mut facets: Vec<FacetView> = found.facets.iter().map(|facet| facet_view(facet, messages)).collect();
    facets.extend(price_view(&found.prices, messages));
    SearchPage {
        meta: meta(&title),
        notices: notices(&found, messages),
        q: query.text.clone(),
        total: found.total,
        products: hits.into_iter().map(card).collect(),
        paging: paging(&address, found.page, found.pages),
        facets,
        sorts: sorts(query.sort, messages),
        clear: (!chips.is_empty()).then(|| address.without_filters()),
        chips,
    }
}

fn notices(found: &Found, messages: &Messages) -> Vec<Notice> {
    let mut notices = Vec::new();
    let say = |text, name, value: &str| messages.say(text, &[(name, value)]);
    if let Some(corrected) = &found.corrected {
        let words = quoted([corrected].into_iter(), messages);
        notices.push(notice(NoticeKind::Info, say(&texts::SEARCH_CORRECTED, "words", &words)));
    }
    if !found.dropped.is_empty() && found.total > 0 {
        let words = quoted(found.dropped.iter(), messages);
        notices.push(notice(NoticeKind::Info, say(&texts::SEARCH_DROPPED, "words", &words)));
    }
    if !found.ignored.is_empty() {
        let names = quoted(found.ignored.iter().map(|(key, _)| key), messages);
        notices.push(notice(NoticeKind::Warning, say(&texts::SEARCH_IGNORED, "names", &names)));
    }
    notices
}

fn quoted<'t>(words: impl Iterator<Item = &'t String>, messages: &Messages) -> String {
    let short = |word: &String| {
        messages.say(&texts::SEARCH_QUOTED, &[("word", &word.chars().take(40).collect::<String>())])
    };
    words.take(5).map(short).collect::<Vec<_>>().join(", ")
}

fn sorts(chosen: Sort, messages: &Messages) -> Vec<SearchChoice> {
    let name = |sort| match sort {
        Sort::Relevance => &texts::SORT_BEST,
        Sort::PriceUp => &texts::SORT_PRICE_UP,
        Sort::PriceDown => &texts::SORT_PRICE_DOWN,
        Sort::Newest => &texts::SORT_NEWEST,
        Sort::Name => &texts::SORT_NAME,
    };
    let choice = |sort: Sort| SearchChoice {
        key: sort.key().to_owned(),
        name: messages.say(name(sort), &[]),
        selected: sort == chosen,
        ..SearchChoice::default()
    };
    Sort::ALL.into_iter().map(choice).collect()
}

/// What a facet is called. Those that every shop has are named here, attributes by the content.
fn facet_name(facet: &Facet, messages: &Messages) -> String {
    match facet.key.as_str() {
        "brand" => messages.say(&texts::SEARCH_BRAND, &[]),
        "category" => messages.say(&texts::SEARCH_DEPARTMENT, &[]),
        _ => facet.name.clone(),
    }
}

fn facet_view(facet: &Facet, messages: &Messages) -> FacetView {
    let choice = |value: &ipswich_search::FacetValue| SearchChoice {
        key: value.key.clone(),
        name: value.name.clone(),
        count: value.count,
        selected: value.selected,
        ..SearchChoice::default()
    };
    FacetView {
        key: facet.key.clone(),
        name: facet_name(facet, messages),
        open: facet.values.iter().any(|value| value.selected),
        single: false,
        values: facet.values.iter().map(choice).collect(),
    }
}

fn price_view(prices: &[PriceRange], messages: &Messages) -> Option<FacetView> {
    let choice = |range: &PriceRange| SearchChoice {
        key: price_text(Some(range.min), range.max),
        min: (range.min > 0).then(|| minor(range.min)),
        max: range.max.map(minor),
        count: range.count,
        selected: range.selected,
        ..SearchChoice::default()
    };
    let open = prices.iter().any(|range| range.selected);
    (prices.len() > 1 || open).then(|| FacetView {
        key: "price".to_owned(),
        name: messages.say(&texts::SEARCH_PRICE, &[]),
        open,
        single: true,
        values: prices.iter().map(choice).collect(),
    })
}

/// Amounts of the index come from amounts of the catalog, so they fit.
fn minor(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

fn card(hit: Hit) -> Card {
    let image = hit.image.map(|image| Image {
        src: image.src,
        width: image.width,
        height: image.height,
        srcset: String::new(),
        srcset_avif: String::new(),
        // The title beside it says what it shows.
        alt: String::new(),
    });
    Card {
        url: hit.url,
        title: hit.title,
        brand: hit.brand,
        image,
        image_hover: None,
        price: minor(hit.price),
        price_varies: hit.price_varies,
        compare_at: hit.compare_at.map(minor),
        badges: hit.badges,
        html: None,
    }
}

/// The address of a result, of which parts can be left out.
struct Address<'q> {
    query: &'q Query,
    /// The filters that this shop has.
    filters: Vec<&'q (String, String)>,
    price: Option<String>,
}

impl<'q> Address<'q> {
    fn new(query: &'q Query, found: &Found) -> Address<'q> {
        let filters = query.filters.iter().filter(|filter| !found.ignored.contains(filter)).collect();
        let has_price = query.price_min.is_some() || query.price_max.is_some();
        let price = has_price.then(|| price_text(query.price_min, query.price_max));
        Address { query, filters, price }
    }

    fn of(&self, filters: &[&(String, String)], price: Option<&str>, page: usize) -> String {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        if !self.query.text.is_empty() {
            pairs.push(("q", &self.query.text));
        }
        pairs.extend(filters.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        pairs.extend(price.map(|price| ("price", price)));
        if self.query.sort != Sort::default() {
            pairs.push(("sort", self.query.sort.key()));
        }
        let page = page.to_string();
        if page != "1" {
            pairs.push(("page", &page));
        }
        let parts = pairs.into_iter().map(|(key, value)| format!("{}={}", encoded(key), encoded(value)));
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() { "/search/".to_owned() } else { format!("/search/?{}", parts.join("&")) }
    }

    fn page(&self, page: usize) -> String {
        self.of(&self.filters, self.price.as_deref(), page)
    }

    fn without_filters(&self) -> String {
        self.of(&[], None, 1)
    }

    fn without(&self, key: &str, value: &str) -> String {
        let others = self.filters.iter().filter(|(k, v)| (k.as_str(), v.as_str()) != (key, value));
        self.of(&others.copied().collect::<Vec<_>>(), self.price.as_deref(), 1)
    }

    fn without_price(&self) -> String {
        self.of(&self.filters, None, 1)
    }
}

/// A part of an address, with everything escaped that may mean something in one.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// What is chosen, each with the address without it.
fn chips(address: &Address<'_>, query: &Query, found: &Found, messages: &Messages) -> Vec<Link> {
    let mut chips = Vec::new();
    for facet in &found.facets {
        for value in facet.values.iter().filter(|value| value.selected) {
            let title = format!("{}: {}", facet_name(facet, messages), value.name);
            chips.push(Link { title, url: address.without(&facet.key, &value.key) });
        }
    }
    if query.price_min.is_some() || query.price_max.is_some() {
        chips.push(Link { title: messages.say(&texts::SEARCH_PRICE, &[]), url: address.without_price() });
    }
    chips
}

/// The first page, the last, and those around this one.
fn paging(address: &Address<'_>, page: usize, pages: usize) -> Option<Paging> {
    let near = page.saturating_sub(NEIGHBOURS).max(1)..=page.saturating_add(NEIGHBOURS).min(pages);
    let first = (!near.contains(&1)).then_some(1);
    let last = (!near.contains(&pages)).then_some(pages);
    let mut before = 0_usize;
    let link = |number: usize| {
        let gap = number > before.saturating_add(1);
        before = number;
        PageLink { number, url: address.page(number), current: number == page, gap }
    };
    (pages > 1).then(|| Paging {
        page,
        pages,
        previous: page.checked_sub(1).filter(|before| *before > 0).map(|before| address.page(before)),
        next: (page < pages).then(|| address.page(page.saturating_add(1))),
        links: first.into_iter().chain(near).chain(last).map(link).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_forgivingly_and_written_safely() {
        let pairs =
            [("q", "a&b \"é\""), ("colour", "moss"), ("price", "1000-2499"), ("page", "x"), ("sort", "?")];
        let pairs = pairs.into_iter().chain([("utm_source", "mail"), ("brand", "")]);
        let query = parse(pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect());
        let address = Address::new(&query, &Found::default());
        assert_eq!(address.page(2), "/search/?q=a%26b%20%22%C3%A9%22&colour=moss&price=1000-2499&page=2");
        assert_eq!(address.without("colour", "moss"), "/search/?q=a%26b%20%22%C3%A9%22&price=1000-2499");
        assert_eq!(address.without_filters(), "/search/?q=a%26b%20%22%C3%A9%22");
    }

    #[test]
    fn paging_stays_short() {
        let query = Query::of("mug");
        let address = Address::new(&query, &Found::default());
        let numbers = |page, pages| -> Vec<usize> {
            let paging = paging(&address, page, pages);
            paging.map(|paging| paging.links.iter().map(|link| link.number).collect()).unwrap_or_default()
        };
        assert_eq!(numbers(1, 1), [0; 0]);
        assert_eq!(numbers(1, 3), [1, 2, 3]);
        assert_eq!(numbers(50, 834), [1, 48, 49, 50, 51, 52, 834]);
    }
}

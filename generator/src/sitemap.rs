//! The site map: all addresses that search engines may list. A large one is in parts, and `sitemap.xml` lists those.

use std::fmt::Write;

use crate::catalog::Catalog;
use crate::day::Day;
use crate::markdown::escape;
use crate::output::OutputFile;
use crate::pages::{PageKind, PagePlan};

/// Where search engines begin.
const PATH: &str = "sitemap.xml";

/// How much one file may hold.
#[derive(Clone, Copy)]
struct Limits {
    addresses: usize,
    bytes: usize,
}

/// How the paths of all its files begin.
pub(crate) const PREFIX: &str = "sitemap";

/// The protocol takes 50,000 addresses and 50 MB, Workers assets take files of 25 MiB.
const LIMITS: Limits = Limits { addresses: 50_000, bytes: 24 * 1024 * 1024 };

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SCHEMA: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
/// For the links between languages.
const XHTML: &str = " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\"";

/// All files of it: the pages in each language, in the same order.
pub(crate) fn files(catalog: &Catalog, plans: &[Vec<PagePlan>]) -> Vec<OutputFile> {
    let of_page = |index: usize| -> Vec<&PagePlan> {
        plans.iter().filter_map(|plans| plans.get(index)).filter(|plan| plan.is_listed()).collect()
    };
    let entries = (0..plans.first().map_or(0, Vec::len)).flat_map(|index| {
        let all = of_page(index);
        let links = languages(catalog, &all);
        let entry =
            |plan: &&PagePlan| entry("url", &catalog.absolute(&plan.url), changed(catalog, plan), &links);
        all.iter().map(entry).collect::<Vec<_>>()
    });
    in_parts(entries, LIMITS, |path| catalog.absolute(path))
}

/// Links to the same page in all languages; nothing if there is one.
fn languages(catalog: &Catalog, plans: &[&PagePlan]) -> String {
    let mut links = String::new();
    for (plan, language) in plans.iter().zip(catalog.edition.languages.iter()) {
        let url = escape(&catalog.absolute(&plan.url));
        let mut link = |name: &str| {
            let _ = write!(links, "<xhtml:link rel=\"alternate\" hreflang=\"{name}\" href=\"{url}\"/>");
        };
        link(language.locale.tag());
        if language.prefix.is_empty() {
            link("x-default");
        }
    }
    links
}

/// When the page changed last, as far as its file says so.
fn changed(catalog: &Catalog, plan: &PagePlan) -> Option<Day> {
    match plan.kind {
        PageKind::Product(id) => {
            let product = catalog.product(id);
            Some(product.updated.unwrap_or(product.published))
        }
        PageKind::Post(index) => catalog.posts.get(index).map(|post| post.updated.unwrap_or(post.published)),
        _ => None,
    }
}

fn entry(element: &str, address: &str, changed: Option<Day>, more: &str) -> String {
    let changed = changed.map_or(String::new(), |day| format!("<lastmod>{day}</lastmod>"));
    format!("<{element}><loc>{}</loc>{changed}{more}</{element}>\n", escape(address))
}

fn in_parts(
    entries: impl Iterator<Item = String>,
    limits: Limits,
    absolute: impl Fn(&str) -> String,
) -> Vec<OutputFile> {
    let mut parts: Vec<(usize, String)> = vec![(0, String::new())];
    for entry in entries {
        if let Some((count, text)) = parts.last_mut()
            && *count < limits.addresses
            && text.len() + entry.len() <= limits.bytes
        {
            *count += 1;
            text.push_str(&entry);
        } else {
            parts.push((1, entry));
        }
    }
    let file = |path: String, element: &str, entries: &str| {
        let xhtml = if entries.contains("<xhtml:") { XHTML } else { "" };
        let text = format!("{HEAD}<{element} xmlns=\"{SCHEMA}\"{xhtml}>\n{entries}</{element}>\n");
        OutputFile { path, bytes: text.into_bytes() }
    };
    if let [(_, only)] = parts.as_slice() {
        return vec![file(PATH.to_owned(), "urlset", only)];
    }
    let name = |index: usize| format!("sitemap-{}.xml", index + 1);
    let index: String = (0..parts.len())
        .map(|index| entry("sitemap", &absolute(&format!("/{}", name(index))), None, ""))
        .collect();
    let parts = parts.iter().enumerate().map(|(index, (_, entries))| file(name(index), "urlset", entries));
    std::iter::once(file(PATH.to_owned(), "sitemapindex", &index)).chain(parts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(count: usize, limits: Limits) -> Vec<(String, String)> {
        let entries =
            (0..count).map(|number| entry("url", &format!("https://x.example/{number}/"), None, ""));
        let files = in_parts(entries, limits, |path| format!("https://x.example{path}"));
        files.into_iter().map(|file| (file.path, String::from_utf8(file.bytes).unwrap())).collect()
    }

    #[test]
    fn what_fits_is_one_file() {
        let files = parts(3, Limits { addresses: 3, bytes: 1000 });
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].0, PATH);
        assert!(files[0].1.contains("<urlset") && files[0].1.contains("<loc>https://x.example/2/</loc>"));
    }

    #[test]
    fn more_is_in_parts_with_a_list_of_them() {
        for limits in [Limits { addresses: 2, bytes: 1000 }, Limits { addresses: 9, bytes: 90 }] {
            let files = parts(5, limits);
            let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, [PATH, "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]);
            assert!(files[0].1.contains("<sitemap><loc>https://x.example/sitemap-3.xml</loc></sitemap>"));
            let listed: usize = files.iter().map(|(_, text)| text.matches("<url>").count()).sum();
            assert_eq!(listed, 5);
        }
    }
}

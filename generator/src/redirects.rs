//! Old addresses: aliases of files and the redirects of the shop, as one list for the host. What is more than the host
//! takes goes into records of the shop, which answers for addresses that no file has.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};
use ipswich_catalog::published::{REDIRECTS_PATH, RedirectShard, redirects_path, shard_of_key};
use ipswich_server::shop::routes;

use crate::catalog::Drafts;
use crate::content::navigation::NavItem;
use crate::content::settings::Settings;
use crate::fields::Located;
use crate::markdown::InternalLink;
use crate::names::{LinkTarget, Names};
use crate::output::OutputFile;
use crate::problem::Problem;
use crate::source::{ContentFiles, TextFile};

/// Where the host reads the list.
const PATH: &str = "_redirects";

/// How many the host takes: the limit of Workers assets for redirects without placeholders.
const COUNT_MAX: usize = 2000;

/// The largest shard of the others, in bytes.
const SHARD_BYTES_MAX: usize = 64 * 1024;

/// The settings of the Worker, in the project.
pub(crate) const WORKER_SETTINGS: &str = "wrangler.toml";

/// Folders of files that are not pages.
const FILE_FOLDERS: [&str; 3] = ["/assets/", "/_", "/feeds/"];

/// Files that are not pages.
const FILES: [&str; 5] = ["/robots.txt", "/sitemap.xml", "/release.json", "/llms.txt", "/404/"];

/// How the parts of a large site map begin.
const SITEMAPS: &str = "/sitemap-";

/// An old address and the one it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Redirect {
    pub(crate) from: String,
    pub(crate) to: String,
}

/// The redirects, and the targets that [`crate::links`] has yet to check.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) redirects: Vec<Redirect>,
    /// Links in the file of the settings.
    pub(crate) targets: Vec<InternalLink>,
}

/// A redirect with its place.
struct Entry<'e> {
    file: &'e TextFile,
    from: &'e Located<String>,
    to: String,
    /// Where the target stands, unless it is the page of the file.
    to_span: Option<Range<usize>>,
}

/// Takes all old addresses and reports those that cannot be: in use, given twice, leading on or in a circle.
pub(crate) fn collect(
    files: &ContentFiles,
    names: &Names<'_>,
    drafts: &Drafts,
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> Collected {
    let mut entries = aliases(files, drafts);
    if let Some(file) = &files.settings {
        entries.extend(settings.redirects.iter().map(|moved| Entry {
            file,
            from: &moved.from,
            to: moved.to.target.clone(),
            to_span: Some(moved.to.span.clone()),
        }));
    }
    let mut by_from: HashMap<&str, &Entry<'_>> = HashMap::new();
    for entry in &entries {
        let from = entry.from.value.as_str();
        if is_in_use(from, names, drafts, settings) {
            let help =
                "an old address leads to another page only when nothing else is there; remove one of the two";
            let message = format!("{from:?} is an address of the shop as it is");
            problems.push(entry.file.problem(entry.from.span.clone(), message, help));
        } else if let Some(first) = by_from.get(from) {
            let message = format!("{from:?} leads to {} already, says {}", first.to, first.file.path);
            problems.push(entry.file.problem(entry.from.span.clone(), message, "remove one of the two"));
        } else {
            by_from.insert(from, entry);
        }
    }
    let navigation = settings.navigation.iter().flat_map(NavItem::internal_links);
    let returns = settings.returns.iter().map(|returns| &returns.page);
    let mut targets: Vec<InternalLink> = navigation.chain(returns).cloned().collect();
    for entry in &entries {
        let Some(span) = &entry.to_span else { continue };
        match leads_on(entry, &by_from) {
            Some((message, help)) => problems.push(entry.file.problem(span.clone(), message, help)),
            None if entry.to.starts_with('/') => {
                targets.push(InternalLink { target: entry.to.clone(), span: span.clone() });
            }
            None => {}
        }
    }
    let mut redirects: Vec<Redirect> =
        entries.into_iter().map(|entry| Redirect { from: entry.from.value.clone(), to: entry.to }).collect();
    redirects.sort_by(|a, b| a.from.cmp(&b.from));
    Collected { redirects, targets }
}

fn aliases<'e>(files: &'e ContentFiles, drafts: &'e Drafts) -> Vec<Entry<'e>> {
    let mut entries = Vec::new();
    let mut add = |file, aliases: &'e [Located<String>], to: String| {
        entries.extend(aliases.iter().map(|from| Entry { file, from, to: to.clone(), to_span: None }));
    };
    for (file, product) in files.products.iter().zip(&drafts.products) {
        if let Some(product) = product.as_ref().filter(|product| product.hidden.is_none()) {
            add(file, &product.aliases, product.url());
        }
    }
    for (file, category) in files.categories.iter().zip(&drafts.categories) {
        if let Some(category) = category {
            add(file, &category.aliases, format!("/category/{}/", category.path));
        }
    }
    for (file, collection) in files.collections.iter().zip(&drafts.collections) {
        if let Some(collection) = collection {
            add(file, &collection.aliases, collection.url());
        }
    }
    for (file, post) in files.posts.iter().zip(&drafts.posts) {
        if let Some(post) = post.as_ref().filter(|post| post.hidden.is_none()) {
            add(file, &post.aliases, post.url());
        }
    }
    for (file, page) in files.pages.iter().zip(&drafts.pages) {
        if let Some(page) = page {
            add(file, &page.aliases, format!("/{}/", page.slug));
        }
    }
    entries
}

/// Whether something answers at this address already. A page that visitors do not see does not.
fn is_in_use(path: &str, names: &Names<'_>, drafts: &Drafts, settings: &Settings) -> bool {
    let is_hidden = |target| match target {
        LinkTarget::Product(id) => {
            drafts.products.get(id.0).and_then(Option::as_ref).is_some_and(|product| product.hidden.is_some())
        }
        _ => false,
    };
    let is_page = |path: &str| {
        drafts.words.contains(path) || names.page_at(path).is_some_and(|target| !is_hidden(target))
    };
    // Further pages of a list: which of them there are changes with every product.
    let is_further = |(list, number): (&str, &str)| {
        number.trim_end_matches('/').parse::<u32>().is_ok() && is_page(&format!("{list}/"))
    };
    let is_twin = |path: &str| {
        let page = path.strip_suffix(".json").or_else(|| path.strip_suffix(".md"));
        settings.generated.twins && page.is_some_and(|page| is_page(&format!("{page}/")))
    };
    let is_sorted = |(list, _): (&str, &str)| is_page(&format!("{list}/"));
    is_page(path)
        || is_twin(path)
        || path.split_once("/sort/").is_some_and(is_sorted)
        || path.starts_with(SITEMAPS)
        || path.split_once("/page/").is_some_and(is_further)
        || routes::is_dynamic(path)
        || FILE_FOLDERS.iter().any(|folder| path.starts_with(folder))
        || FILES.contains(&path)
}

/// What is wrong with a redirect whose target is an old address itself.
fn leads_on(entry: &Entry<'_>, by_from: &HashMap<&str, &Entry<'_>>) -> Option<(String, String)> {
    let mut path = vec![entry.from.value.as_str()];
    let mut at = entry.to.as_str();
    while let Some(next) = by_from.get(at) {
        if path.contains(&at) {
            path.push(at);
            return Some((
                format!("the redirect goes in a circle: {}", path.join(" → ")),
                "lead it to a page".to_owned(),
            ));
        }
        path.push(at);
        at = &next.to;
    }
    (path.len() > 1).then(|| {
        (format!("{:?} is itself an old address", entry.to), format!("lead it on at once: to = {at:?}"))
    })
}

/// Whether the Worker of the project gets to see addresses that no file has; it must if there are more redirects than
/// its host takes. A project without a Worker has another host, which has no such limit.
pub(crate) fn check_worker(root: &Path, count: usize) -> Result<Option<Problem>> {
    let path = root.join(WORKER_SETTINGS);
    if count <= COUNT_MAX || !path.is_file() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let settings: Option<toml::Table> = text.parse().ok();
    let handling = settings.as_ref().and_then(|settings| settings.get("assets")?.get("not_found_handling"));
    // This is what it is if nothing is said.
    if handling.is_none_or(|value| value.as_str() == Some("none")) {
        return Ok(None);
    }
    let at = text.find("not_found_handling").unwrap_or(0);
    let line = text[at..].find('\n').map_or(text.len(), |length| at + length);
    let message = format!(
        "there are {count} old addresses, the host takes {COUNT_MAX}, and the shop does not see the others"
    );
    let help = "write not_found_handling = \"none\", so that the shop answers what no file does; or remove the aliases \
                and redirects that nobody follows any more";
    Ok(Some(Problem::in_text(WORKER_SETTINGS, &text, at..line, message, help)))
}

/// The list for the host, if there is anything in it, and the records of what it does not take.
pub(crate) fn files(redirects: &[Redirect]) -> Result<Vec<OutputFile>> {
    let (listed, others) = redirects.split_at(redirects.len().min(COUNT_MAX));
    let mut text = String::new();
    for Redirect { from, to } in listed {
        let _ = writeln!(text, "{from} {to} 301");
    }
    let mut files = Vec::new();
    if !text.is_empty() {
        files.push(OutputFile { path: PATH.to_owned(), bytes: text.into_bytes() });
    }
    if !others.is_empty() {
        let shards = shards(others)?;
        let bytes = serde_json::to_vec(&shards.len())?;
        files.push(OutputFile { path: REDIRECTS_PATH.to_owned(), bytes });
        files.extend(
            (0..).zip(shards).map(|(number, bytes)| OutputFile { path: redirects_path(number), bytes }),
        );
    }
    Ok(files)
}

/// As few shards as keep each below the limit. An address has at most some hundred bytes, so there is an end.
fn shards(redirects: &[Redirect]) -> Result<Vec<Vec<u8>>> {
    let mut count = 1_u32;
    loop {
        let mut shards = vec![RedirectShard::default(); count as usize];
        for Redirect { from, to } in redirects {
            shards[shard_of_key(from, count) as usize].insert(from.clone(), to.clone());
        }
        let files: Vec<Vec<u8>> = shards.iter().map(serde_json::to_vec).collect::<Result<_, _>>()?;
        if files.iter().all(|bytes| bytes.len() <= SHARD_BYTES_MAX) {
            return Ok(files);
        }
        count = count.saturating_mul(2);
    }
}

//! The one table of response headers: the generator writes it to `_headers` for static files, the shop adds it to
//! every answer. Sources: OWASP HTTP headers cheat sheet, CSP level 3.

/// What pages may load and do: only this shop's own files, no inline code, no frames.
///
/// `trusted-types 'none'` with `require-trusted-types-for` makes DOM injection from scripts an error.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self' https://checkout.stripe.com; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Headers of every answer, static or dynamic.
pub const SECURITY_HEADERS: [(&str, &str); 7] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
];

/// How long browsers keep a file whose name holds its hash.
pub const CACHE_HASHED: &str = "public, max-age=31536000, immutable";

/// Headers of static files that are neither pages nor assets: path with `*` for anything, name and value; those of a
/// path stand together. What repeats
/// a page for programs is not for search engines, which have the page.
pub const FILE_HEADERS: [(&str, &str, &str); 4] = [
    ("/product/*.md", "content-type", MARKDOWN),
    ("/product/*.md", "x-robots-tag", "noindex"),
    ("/product/*.json", "x-robots-tag", "noindex"),
    ("/llms.txt", "content-type", "text/plain; charset=utf-8"),
];

/// The media type of Markdown.
pub const MARKDOWN: &str = "text/markdown; charset=utf-8";

/// The headers of [`FILE_HEADERS`] for a path.
pub fn file_headers(path: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let fits = move |pattern: &str| match pattern.split_once('*') {
        Some((start, end)) => path.strip_prefix(start).is_some_and(|rest| rest.ends_with(end)),
        None => path == pattern,
    };
    FILE_HEADERS.into_iter().filter(move |(pattern, ..)| fits(pattern)).map(|(_, name, value)| (name, value))
}

/// How long browsers keep a page: they ask every time, and get `304` with its hash.
pub const CACHE_PAGE: &str = "public, max-age=0, must-revalidate";

/// Personal answers are kept nowhere.
pub const CACHE_PERSONAL: &str = "no-store";

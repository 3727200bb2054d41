//! Static files, as Workers assets with `html_handling = "force-trailing-slash"` serve them: `product/mug.html` is
//! `/product/mug/`, other spellings lead there, hidden files do not exist, and what is not found gets `404.html`.

use std::path::{Path, PathBuf};

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use ipswich_shop::headers::{CACHE_HASHED, CACHE_PAGE, SECURITY_HEADERS, file_headers};

use crate::published::SiteFolder;

/// Below this folder every name holds the hash of its file.
const HASHED: &str = "assets/";

/// A folder with the output of the generator.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    root: PathBuf,
}

/// What an address leads to.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// A file, relative to the folder.
    File(String),
    /// Another spelling of the same address.
    Redirect(String),
    /// Another page, for good: the address is an old one.
    Moved(String),
    /// Nothing.
    Missing,
}

impl Site {
    /// The files below `root`.
    pub(crate) fn new(root: &Path) -> Site {
        Site { root: root.to_owned() }
    }

    /// Answers a request for a static file.
    pub(crate) async fn answer(&self, request: Parts) -> Response<Body> {
        let mut response = self.route(&request).await;
        for (name, value) in SECURITY_HEADERS {
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        if request.method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        response
    }

    async fn route(&self, request: &Parts) -> Response<Body> {
        if request.method != Method::GET && request.method != Method::HEAD {
            let mut response = empty(StatusCode::METHOD_NOT_ALLOWED);
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        match self.target(request.uri.path()).await {
            Target::File(path) => match tokio::fs::read(self.root.join(&path)).await {
                Ok(bytes) => file(&path, bytes, StatusCode::OK, &request.headers),
                Err(_) => self.not_found(request).await,
            },
            Target::Redirect(path) => {
                let encoded: String = path.bytes().map(encode).collect();
                redirect(StatusCode::TEMPORARY_REDIRECT, &encoded, request.uri.query())
            }
            Target::Moved(to) => redirect(StatusCode::MOVED_PERMANENTLY, &to, request.uri.query()),
            Target::Missing => self.elsewhere(request).await,
        }
    }

    /// What no file answers: an address too old for the list of the host, or nothing.
    async fn elsewhere(&self, request: &Parts) -> Response<Body> {
        match ipswich_shop::moved(&SiteFolder::new(&self.root), &request.uri).await {
            Ok(Some(answer)) => answer,
            // What cannot be read leads nowhere.
            Ok(None) | Err(_) => self.not_found(request).await,
        }
    }

    /// The page for what is not there: the nearest above the address, as on Workers, because each language has its own.
    async fn not_found(&self, request: &Parts) -> Response<Body> {
        let path = clean_path(request.uri.path()).unwrap_or_default();
        let folders = path.rmatch_indices('/').filter_map(|(at, _)| path.get(..=at));
        for folder in folders.chain([""]) {
            let name = format!("{folder}404.html");
            if let Ok(bytes) = tokio::fs::read(self.root.join(&name)).await {
                return file(&name, bytes, StatusCode::NOT_FOUND, &request.headers);
            }
        }
        empty(StatusCode::NOT_FOUND)
    }

    /// Finds what an address means. The files decide, so there is no list to keep.
    async fn target(&self, path: &str) -> Target {
        if let Some(to) = self.moved(path).await {
            return Target::Moved(to);
        }
        let Some(clean) = clean_path(path) else {
            return Target::Missing;
        };
        let found = match clean.strip_suffix('/') {
            Some(folder) => self.page(folder).await.map(|file| (file, page_address(folder))),
            None => self.file(&clean).await,
        };
        match found {
            None => Target::Missing,
            Some((file, address)) if format!("/{address}") == path => Target::File(file),
            Some((_, address)) => Target::Redirect(format!("/{address}")),
        }
    }

    /// Where an old address leads, by the file `_redirects`: lines of address, target and status 301. It is read anew
    /// each time, because a save replaces it; on this machine that costs nothing worth keeping.
    async fn moved(&self, path: &str) -> Option<String> {
        let list = tokio::fs::read_to_string(self.root.join("_redirects")).await.ok()?;
        list.lines().find_map(|line| {
            let mut words = line.split_ascii_whitespace();
            (words.next()? == path && !line.starts_with('#'))
                .then(|| words.next().map(str::to_owned))
                .flatten()
        })
    }

    /// The file of an address that ends with a slash; the home page is the empty one.
    async fn page(&self, folder: &str) -> Option<String> {
        let flat = format!("{folder}.html");
        if !folder.is_empty() && self.is_file(&flat).await {
            return Some(flat);
        }
        let index = if folder.is_empty() { "index.html".to_owned() } else { format!("{folder}/index.html") };
        self.is_file(&index).await.then_some(index)
    }

    /// The file of an address without a slash at its end, and the address it ought to have.
    async fn file(&self, path: &str) -> Option<(String, String)> {
        let page = path.strip_suffix(".html").unwrap_or(path);
        let page =
            page.strip_suffix("index").filter(|rest| rest.is_empty() || rest.ends_with('/')).unwrap_or(page);
        let page = page.trim_end_matches('/');
        if path.ends_with(".html") || !self.is_file(path).await {
            let file = self.page(page).await?;
            return Some((file, page_address(page)));
        }
        Some((path.to_owned(), path.to_owned()))
    }

    async fn is_file(&self, path: &str) -> bool {
        tokio::fs::metadata(self.root.join(path)).await.is_ok_and(|metadata| metadata.is_file())
    }
}

/// The address of a page without its first slash; that of the home page is empty.
fn page_address(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!("{folder}/") }
}

/// The address without its first slash, decoded and with single slashes; `None` if nothing public can be meant.
///
/// A trailing slash stays, so that the home page is `/`.
fn clean_path(path: &str) -> Option<String> {
    let decoded = percent_decode(path)?;
    let segments: Vec<&str> = decoded.split('/').filter(|segment| !segment.is_empty()).collect();
    if segments.iter().any(|segment| is_hidden(segment)) {
        return None;
    }
    let slash = if decoded.ends_with('/') { "/" } else { "" };
    Some(format!("{}{slash}", segments.join("/")))
}

/// Dot files, the private records, the files for the platform, and what other systems read as paths.
fn is_hidden(segment: &str) -> bool {
    segment.starts_with('.')
        || segment.starts_with('_')
        || segment.chars().any(|c| c.is_control() || matches!(c, '\\' | ':'))
}

fn percent_decode(path: &str) -> Option<String> {
    let mut bytes = path.bytes();
    let mut decoded = Vec::with_capacity(path.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (high, low) = (digit()?, digit()?);
        decoded.push(high << 4 | low);
    }
    String::from_utf8(decoded).ok()
}

/// A file with its type, its tag and how long it may be kept; `304` if the browser has it.
fn file(path: &str, bytes: Vec<u8>, status: StatusCode, asked: &HeaderMap) -> Response<Body> {
    let hash = blake3::hash(&bytes).to_hex();
    let tag = format!("\"{}\"", hash.get(..32).unwrap_or_default());
    let known = status == StatusCode::OK && has_tag(asked, &tag);
    let length = bytes.len();
    let mut response = match known {
        true => empty(StatusCode::NOT_MODIFIED),
        false => Response::new(Body::from(Bytes::from(bytes))),
    };
    if !known {
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    let cache = if path.starts_with(HASHED) { CACHE_HASHED } else { CACHE_PAGE };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    for (name, value) in file_headers(&format!("/{path}")) {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Whether `If-None-Match` names the tag. Weak tags count, because proxies that compress weaken them.
fn has_tag(headers: &HeaderMap, tag: &str) -> bool {
    let asked = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    asked.flat_map(|value| value.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}

/// Leads to another address; a query goes along unless that address has its own, or an anchor.
fn redirect(status: StatusCode, to: &str, query: Option<&str>) -> Response<Body> {
    let query = query.filter(|_| !to.contains(['?', '#']));
    let location = query.map_or(to.to_owned(), |query| format!("{to}?{query}"));
    let mut response = empty(status);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// A byte of a path as it stands in an address.
fn encode(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    }
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// The media type by extension, of all that a generator writes.
fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("xml") => "application/xml",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("avif") => "image/avif",
        Some("gif") => "image/gif",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    }
}

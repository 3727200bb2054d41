//! Live reload for development: pages get a script that follows the builds. It loads the page anew where it was,
//! exchanges style sheets in place, and shows over the page what keeps a build from being made.
//!
//! Script and styles are files of their own, because the content security policy of the pages forbids inline code. The
//! script holds a request open rather than a stream: a request that ends is all there is to clean up when the server
//! stops, and each answer is the whole state, so that nothing is missed between two of them.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{RawQuery, Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use serde::Serialize;
use tokio::sync::watch;

const SCRIPT: &str = include_str!("reload/page.js");
const OVERLAY: &str = include_str!("reload/overlay.css");

/// What is shown while there is no site at all.
const WAITING: &str = include_str!("reload/waiting.html");

/// How long one request waits; below the time after which browsers and proxies give up.
const WAIT: Duration = Duration::from_secs(20);

/// Larger answers are sent as they are.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Tells browsers about builds. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Reload {
    state: watch::Sender<State>,
}

/// A build that browsers are told about.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// Its name. Another name is another build.
    pub release: String,
    /// The addresses of its style sheets.
    pub styles: Vec<String>,
    /// Whether nothing but style sheets differs from the build before.
    pub only_styles: bool,
}

/// What is to be mended before there can be a build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The file, relative to the project; empty if it is not about one.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// How many characters are meant.
    pub width: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
    /// The line of the file; empty if there is none to show.
    pub excerpt: String,
}

impl Mistake {
    /// Something that is wrong in no file in particular.
    pub fn of_no_file(message: impl Into<String>) -> Mistake {
        Mistake {
            file: String::new(),
            line: 1,
            column: 1,
            width: 1,
            message: message.into(),
            help: String::new(),
            excerpt: String::new(),
        }
    }
}

/// All that pages need to know.
#[derive(Clone, Debug, Default, Serialize)]
struct State {
    /// The name of the last build in which pages changed: those of another one are loaded anew.
    pages: String,
    /// The addresses of the style sheets.
    styles: Vec<String>,
    /// What is to be mended; until then the pages are those of the last build.
    mistakes: Vec<Mistake>,
    /// The name of the last build.
    #[serde(skip)]
    release: String,
}

impl State {
    /// A name that changes with every part of it that pages read.
    fn version(&self) -> String {
        blake3::hash(serde_json::json!(self).to_string().as_bytes()).to_hex().chars().take(16).collect()
    }

    /// As pages read it.
    fn told(&self) -> String {
        #[derive(Serialize)]
        struct Told<'s> {
            version: String,
            #[serde(flatten)]
            state: &'s State,
        }
        serde_json::json!(Told { version: self.version(), state: self }).to_string()
    }
}

impl Reload {
    /// Announces a build. Pages are loaded anew unless it is the one they are of, or only style sheets changed.
    pub fn built(&self, built: Built) {
        self.state.send_modify(|state| {
            let is_first = state.release.is_empty();
            if built.release != state.release && (is_first || !built.only_styles) {
                state.pages.clone_from(&built.release);
            }
            *state = State {
                pages: std::mem::take(&mut state.pages),
                styles: built.styles,
                mistakes: Vec::new(),
                release: built.release,
            };
        });
    }

    /// Announces what keeps a build from being made; there is at least one mistake.
    pub fn failed(&self, mistakes: Vec<Mistake>) {
        self.state.send_modify(|state| state.mistakes = mistakes);
    }

    /// Adds the script and its addresses to a router.
    pub(crate) fn wrap(&self, router: Router) -> Router {
        let file = |kind: &'static str, text: &'static str| {
            get(async move || ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], text))
        };
        let own = Router::new()
            .route("/__dev/page.js", file("text/javascript; charset=utf-8", SCRIPT))
            .route("/__dev/overlay.css", file("text/css; charset=utf-8", OVERLAY))
            .route("/__dev/wait", get(wait))
            .with_state(self.clone());
        router.layer(middleware::from_fn_with_state(self.clone(), inject)).merge(own)
    }

    /// The element that is put before the end of a page. A page that answers a form is marked, because to load it anew
    /// would send the form again.
    fn element(&self, method: &Method) -> String {
        let sent = if method == Method::GET || method == Method::HEAD { "" } else { " data-sent" };
        let pages = &self.state.borrow().pages;
        format!("<script src=\"/__dev/page.js\" data-pages=\"{pages}\"{sent} defer></script>")
    }
}

/// Answers with the state as soon as it is another one than the page has seen, or when the time is over.
async fn wait(Shared(reload): Shared<Reload>, RawQuery(query): RawQuery) -> impl IntoResponse {
    let seen = query.as_deref().and_then(|query| query.strip_prefix("seen=")).unwrap_or("").to_owned();
    let mut states = reload.state.subscribe();
    // Neither the end of the time nor that of the server is an error; the page asks again.
    let _ = tokio::time::timeout(WAIT, states.wait_for(|state| state.version() != seen)).await;
    let state = states.borrow().told();
    let kinds = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (kinds, state)
}

/// Puts the script into HTML answers.
async fn inject(Shared(reload): Shared<Reload>, request: Request, next: Next) -> Response {
    // Before the page is read: should a build come in between, the page counts as older and is loaded once more.
    let element = reload.element(request.method());
    let is_visit = accepts_html(request.headers());
    let (mut parts, body) = next.run(request).await.into_parts();
    let no_site =
        is_visit && parts.status == StatusCode::NOT_FOUND && reload.state.borrow().release.is_empty();
    let body = match (is_html(&parts.headers), no_site) {
        (true, _) => body,
        (false, true) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            parts.headers.insert(header::CONTENT_TYPE, kind);
            Body::from(WAITING)
        }
        (false, false) => return Response::from_parts(parts, body),
    };
    let Ok(bytes) = to_bytes(body, PAGE_BYTES_MAX).await else {
        return Response::from_parts(parts, Body::from("the page is too large for live reload\n"));
    };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    let page = match text.rsplit_once("</body>") {
        Some((head, tail)) => format!("{head}{element}</body>{tail}"),
        // Pages may leave out the end.
        None => format!("{text}{element}"),
    };
    parts.headers.remove(header::ETAG);
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(page.len()));
    Response::from_parts(parts, Body::from(page))
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let kinds = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    kinds.is_some_and(|kinds| kinds.contains("text/html"))
}

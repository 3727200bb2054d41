//! Live reload for development: pages get a script that waits for the next build and then loads the page anew.
//!
//! The script is a file of its own, because the content security policy of the pages forbids inline code. It holds a
//! request open rather than a stream: a request that ends is all there is to clean up when the server stops.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use tokio::sync::watch;

/// The element that is put before the end of each page.
const ELEMENT: &str = "<script src=\"/__dev/reload.js\" defer></script>";

/// Waits for a build that the page has not seen, and survives a restart of the server.
const SCRIPT: &str = r#"// Loads the page anew after each build.
(async () => {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1000));
  let seen = "";
  for (;;) {
    try {
      const answer = await fetch(`/__dev/wait?seen=${seen}`, { cache: "no-store" });
      const build = await answer.text();
      if (!answer.ok) await pause();
      else if (seen && build !== seen) return location.reload();
      else seen = build;
    } catch {
      await pause();
    }
  }
})();
"#;

/// How long one request waits; below the time after which browsers and proxies give up.
const WAIT: Duration = Duration::from_secs(20);

/// Larger answers are sent as they are.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Tells browsers about new builds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Reload {
    builds: watch::Sender<String>,
}

impl Reload {
    /// Starts with the name of the first build.
    pub fn new(build: &str) -> Reload {
        Reload { builds: watch::Sender::new(build.to_owned()) }
    }

    /// Announces a build. Pages are loaded anew if its name is another one.
    pub fn announce(&self, build: &str) {
        self.builds.send_if_modified(|current| {
            let changed = current != build;
            build.clone_into(current);
            changed
        });
    }

    /// Adds the script and its address to a router.
    pub(crate) fn wrap(&self, router: Router) -> Router {
        let own = Router::new()
            .route("/__dev/reload.js", get(script))
            .route("/__dev/wait", get(wait))
            .with_state(self.clone());
        router.layer(middleware::from_fn(inject)).merge(own)
    }
}

async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], SCRIPT)
}

async fn wait(State(reload): State<Reload>, RawQuery(query): RawQuery) -> impl IntoResponse {
    let seen = query.as_deref().and_then(|query| query.strip_prefix("seen=")).unwrap_or("").to_owned();
    let mut builds = reload.builds.subscribe();
    if !seen.is_empty() {
        // Neither the end of the time nor that of the server is an error; the page asks again.
        let _ = tokio::time::timeout(WAIT, builds.wait_for(|build| *build != seen)).await;
    }
    let build = builds.borrow().clone();
    ([(header::CACHE_CONTROL, "no-store")], build)
}

/// Puts the script into HTML answers.
async fn inject(request: Request, next: Next) -> Response {
    let (mut parts, body) = next.run(request).await.into_parts();
    if !is_html(&parts.headers) {
        return Response::from_parts(parts, body);
    }
    let Ok(bytes) = to_bytes(body, PAGE_BYTES_MAX).await else {
        return Response::from_parts(parts, Body::from("the page is too large for live reload\n"));
    };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    let Some((head, tail)) = text.rsplit_once("</body>") else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    let page = format!("{head}{ELEMENT}</body>{tail}");
    parts.headers.remove(header::ETAG);
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(page.len()));
    Response::from_parts(parts, Body::from(page))
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

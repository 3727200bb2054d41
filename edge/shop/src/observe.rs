//! The outermost layer: attaches a [`Visit`], renders errors, adds headers, writes the log line.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, header};
use ipswich_catalog::headers::{CACHE_PERSONAL, SECURITY_HEADERS};
use serde::Serialize;

use crate::app::App;
use crate::error::{Error, Fault};
use crate::request::Visit;
use crate::respond::{self, CacheFor};

/// A line of the log. Route templates instead of addresses: an order's address opens the order.
#[derive(Serialize)]
struct LogLine<'a> {
    level: &'a str,
    id: &'a str,
    environment: &'a str,
    at: i64,
    method: &'a str,
    route: &'a str,
    status: u16,
    trips: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'a str>,
}

/// Wraps every answer of the shop.
pub(crate) async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let visit = Visit::new(app.clone(), request.uri(), request.headers().clone());
    request.extensions_mut().insert(visit.clone());
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)".to_owned(), |path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    let fault = response.extensions_mut().remove::<Fault>();
    let error = fault.map(|Fault(error)| error);
    if let Some(error) = error.as_deref()
        && !matches!(error, Error::SignIn(_))
    {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = respond::error_page(&visit, error).await;
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    add_headers(&mut response, &visit);
    if let Some(cookie) = visit.language_cookie().await {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    let cause = error.as_deref().and_then(Error::cause);
    let line = LogLine {
        level: if response.status().is_server_error() { "error" } else { "info" },
        id: visit.id(),
        environment: app.config().environment(),
        at: visit.now(),
        method: method.as_str(),
        route: &route,
        status: response.status().as_u16(),
        trips: visit.trips(),
        cause,
    };
    if let Ok(line) = serde_json::to_string(&line) {
        app.ports().log.line(line);
    }
    response
}

fn add_headers(response: &mut Response, visit: &Visit) {
    let cache = response.extensions_mut().remove::<CacheFor>().map_or(CACHE_PERSONAL, |CacheFor(rule)| rule);
    let headers = response.headers_mut();
    for (name, value) in SECURITY_HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(id) = HeaderValue::from_str(visit.id()) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

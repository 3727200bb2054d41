//! The Worker: gives the shop its ports and hands it requests and the ticks of the clock. Behaviour is in
//! `ipswich-shop`; this package is the only one that names `worker`.
//!
//! A request: what no file answers and is none of the shop's is an old address, or nothing. Otherwise take the app of this isolate, or put it together from the bindings; let its router answer; after the
//! answer, send the mails it left. Nothing here panics, because a panic ends every request of the isolate.

#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
// Elsewhere `worker` compiles but its types panic, so there is nothing to build for the host.
#![cfg(target_arch = "wasm32")]

mod assets;
mod d1;
mod isolate;
mod mail;
mod outbound;
mod system;

use axum::body::Body;
use http::{Response, StatusCode};
use ipswich_shop::{AfterResponse, TickReport, moved, routes};
use tower::ServiceExt;
use worker::send::SendFuture;
use worker::{Context, Env, HttpRequest, ScheduleContext, ScheduledEvent, event};

use crate::assets::Assets;
use crate::isolate::{ASSETS, Isolate};

/// Answers a request below one of the shop's prefixes.
#[event(fetch)]
async fn fetch(request: HttpRequest, env: Env, context: Context) -> worker::Result<Response<Body>> {
    if !routes::is_dynamic(request.uri().path()) {
        return elsewhere(request, &env).await;
    }
    let isolate = match Isolate::get(&env) {
        Ok(isolate) => isolate,
        Err(cause) => return Ok(unconfigured(&cause)),
    };
    let Ok(response) = isolate.router.clone().oneshot(request.map(Body::new)).await;
    if let Some(AfterResponse::FlushOutbox) = response.extensions().get() {
        let app = isolate.app.clone();
        context.wait_until(SendFuture::new(async move { report("outbox", app.flush_outbox().await) }));
    }
    Ok(response)
}

/// Answers for an address that no file has. It gets here only if `not_found_handling` is `none`. Settings and database
/// are not needed, so that this works while they are broken.
async fn elsewhere(request: HttpRequest, env: &Env) -> worker::Result<Response<Body>> {
    let assets = Assets::new(env.assets(ASSETS)?);
    match moved(&assets, request.uri()).await {
        Ok(Some(answer)) => return Ok(answer),
        Ok(None) => {}
        Err(error) => worker::console_error!("{}", isolate::log_line("redirects", &error.0)),
    }
    let mut page = assets.not_found().await?.map(Body::new);
    *page.status_mut() = StatusCode::NOT_FOUND;
    Ok(page)
}

/// The tick of every minute.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    match Isolate::get(&env) {
        Ok(isolate) => report("tick", isolate.app.tick().await),
        Err(cause) => worker::console_error!("{}", isolate::log_line("unconfigured", &cause)),
    }
}

/// Logs what background work did, if it did anything.
fn report(event: &str, done: TickReport) {
    if done != TickReport::default() {
        worker::console_log!("{}", serde_json::json!({ "event": event, "done": done }));
    }
}

/// The answer of a deployment whose variables or bindings are wrong: the cause goes to the log only.
fn unconfigured(cause: &str) -> Response<Body> {
    worker::console_error!("{}", isolate::log_line("unconfigured", cause));
    let text = "The shop is being set up. Please try again in a few minutes.\n";
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(http::header::RETRY_AFTER, http::HeaderValue::from_static("60"));
    headers.insert(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

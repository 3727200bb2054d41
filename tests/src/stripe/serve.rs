//! The stand-in over HTTP on this machine, for shops in another process.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::response::Response;
use http_body_util::BodyExt;
use ipswich_shop::ports::{HttpMethod, HttpRequest};
use serde_json::json;

use super::FakeStripe;

/// Headers that the stand-in looks at.
const HEADERS: [&str; 2] = ["authorization", "idempotency-key"];

/// Serves on a free port of this machine until the process ends. Beside Stripe's endpoints there are
/// `POST /test/pay/<session>` and `GET /test/deliveries`, which play the shopper and the messages.
pub async fn serve(stripe: FakeStripe) -> std::io::Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new().fallback(move |request: Request| answer(stripe.clone(), request));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn answer(stripe: FakeStripe, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_else(|_| Bytes::new());
    let path = parts.uri.path();
    let (status, body) = if let Some(session) = path.strip_prefix("/test/pay/") {
        (200, json!({ "payment": stripe.pay(session) }).to_string().into_bytes())
    } else if path == "/test/deliveries" {
        let deliveries = stripe.undelivered().into_iter();
        let list: Vec<_> = deliveries
            .map(|one| json!({ "id": one.id, "body": one.body, "signature": one.signature }))
            .collect();
        (200, json!(list).to_string().into_bytes())
    } else {
        let header = |name: &'static str| Some((name, parts.headers.get(name)?.to_str().ok()?.to_owned()));
        let call = HttpRequest {
            method: if parts.method == http::Method::GET { HttpMethod::Get } else { HttpMethod::Post },
            url: format!("http://stripe{}", parts.uri),
            headers: HEADERS.into_iter().filter_map(header).collect(),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        match stripe.call(call) {
            Ok(answer) => (answer.status, answer.body),
            Err(_) => (504, vec![]),
        }
    };
    let mut response = Response::new(axum::body::Body::from(body));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::BAD_GATEWAY);
    response
}

//! Calls to services outside, over `fetch`.

use http_body_util::{BodyExt, Limited};
use ipswich_shop::ports::{
    HTTP_BYTES_MAX, HTTP_SECONDS_MAX, Http, HttpAnswer, HttpError, HttpMethod, HttpRequest, PortFuture,
};
use worker::send::SendFuture;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::AbortSignal;
use worker::{Fetch, Headers, HttpResponse, Method, Request, RequestInit, RequestRedirect};

/// How long the platform waits, in milliseconds.
const PATIENCE: u32 = HTTP_SECONDS_MAX * 1000;

/// `fetch` as [`Http`].
pub(crate) struct Outbound;

/// Calls a service once. The platform hands redirects back instead of following them, and breaks off in time.
async fn call(request: HttpRequest) -> Result<HttpAnswer, HttpError> {
    let failed = |error: worker::Error| HttpError(error.to_string());
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value).map_err(failed)?;
    }
    let mut init = RequestInit::new();
    init.with_headers(headers).with_redirect(RequestRedirect::Manual);
    if request.method == HttpMethod::Post {
        init.with_method(Method::Post).with_body(Some(JsValue::from_str(&request.body)));
    }
    let call = Fetch::Request(Request::new_with_init(&request.url, &init).map_err(failed)?);
    let signal = AbortSignal::timeout_with_u32(PATIENCE);
    let answer: HttpResponse =
        call.send_with_signal(&signal.into()).await.and_then(TryInto::try_into).map_err(failed)?;
    let status = answer.status().as_u16();
    let body = Limited::new(answer.into_body(), HTTP_BYTES_MAX).collect().await;
    let body = body.map_err(|error| HttpError(error.to_string()))?.to_bytes().to_vec();
    Ok(HttpAnswer { status, body })
}

impl Http for Outbound {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<HttpAnswer, HttpError>> {
        Box::pin(SendFuture::new(call(request)))
    }
}

//! Building answers: pages, redirects, cookies.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use ipswich_theme::Meta;
use serde::Serialize;

use crate::app::AfterResponse;
use crate::error::{Error, Refusal};
use crate::release::Release;
use crate::request::Visit;
use crate::views::{ErrorPage, Link, Notice, NoticeKind};

/// Seconds after which a client may try again when the shop has too much to do.
const RETRY_AFTER_SECONDS: &str = "10";

/// The head of a page that search engines have no business with.
pub(crate) fn meta(title: &str) -> Meta {
    Meta { title: title.to_owned(), ..Meta::default() }
}

/// A sentence above a page.
pub(crate) fn notice(kind: NoticeKind, text: impl Into<String>) -> Notice {
    Notice { kind, text: text.into() }
}

/// A way on.
pub(crate) fn link(title: &str, url: &str) -> Link {
    Link { title: title.to_owned(), url: url.to_owned() }
}

/// A clear no.
pub(crate) fn refuse(
    status: StatusCode,
    title: &str,
    sentence: impl Into<String>,
    links: Vec<Link>,
) -> Error {
    Error::Refused(Box::new(Refusal { status, title: title.to_owned(), sentence: sentence.into(), links }))
}

/// A page of the theme.
pub(crate) fn page<V: Serialize>(
    release: &Release,
    status: StatusCode,
    template: &str,
    view: &V,
) -> Result<Response, Error> {
    let html = release
        .theme()
        .render(template, view)
        .map_err(|error| Error::Broken(format!("template {template}: {error}")))?;
    Ok(html_response(status, html))
}

/// "Go on there", after a form.
pub(crate) fn see_other(location: &str) -> Result<Response, Error> {
    redirect(StatusCode::SEE_OTHER, location)
}

/// A redirect.
pub(crate) fn redirect(status: StatusCode, location: &str) -> Result<Response, Error> {
    let value = HeaderValue::from_str(location)
        .map_err(|_| Error::Broken("an address that does not fit a header".to_owned()))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(header::LOCATION, value);
    Ok(response)
}

/// Adds a `Set-Cookie` header.
pub(crate) fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// Asks the host to send mails once the answer is out.
pub(crate) fn flushing(mut response: Response) -> Response {
    response.extensions_mut().insert(AfterResponse::FlushOutbox);
    response
}

/// The page for an error.
pub(crate) async fn error_page(visit: &Visit, error: &Error) -> Response {
    let view = error_view(visit, error);
    let status = error.status();
    let rendered = match visit.release().await {
        Ok(release) => page(&release, status, "shop/error.html", &view).ok(),
        Err(_) => None,
    };
    let mut response = rendered.unwrap_or_else(|| html_response(status, plain_page(&view)));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
    }
    response
}

fn html_response(status: StatusCode, html: String) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

fn error_view(visit: &Visit, error: &Error) -> ErrorPage {
    let home = || link("To the shop", "/");
    let cart = || link("To your cart", "/cart/");
    let (title, sentence, links) = match error {
        Error::Refused(refusal) => (refusal.title.as_str(), refusal.sentence.as_str(), refusal.links.clone()),
        Error::NotFound => ("Page not found", "There is nothing at this address.", vec![home(), cart()]),
        Error::MethodNotAllowed => {
            ("This page cannot do that", "Open the page again and use the form on it.", vec![home(), cart()])
        }
        Error::ForeignForm => (
            "We could not accept this form",
            "It did not come from a page of this shop. Open the page again and send the form from there.",
            vec![home(), cart()],
        ),
        Error::TooLarge => (
            "That was too much",
            "The form is larger than any of ours. Shorten it and send it again.",
            vec![cart()],
        ),
        Error::NotAForm | Error::StrangeForm(_) => (
            "We did not understand this form",
            "Open the page again and send the form from there.",
            vec![home(), cart()],
        ),
        Error::SignIn(location) => {
            ("Please sign in", "This page is for you alone.", vec![link("Sign in", location)])
        }
        Error::Unavailable(_) => (
            "We cannot do this at the moment",
            "Part of the shop does not answer. Nothing was changed and your cart is safe. Please try again in a minute.",
            vec![cart(), home()],
        ),
        Error::Broken(_) => (
            "Something went wrong",
            "This is our mistake and we have a record of it. Nothing was charged. Please try again.",
            vec![cart(), home()],
        ),
    };
    let ours = matches!(error, Error::Unavailable(_) | Error::Broken(_));
    ErrorPage {
        meta: meta(title),
        status: error.status().as_u16(),
        title: title.to_owned(),
        sentence: sentence.to_owned(),
        links,
        request_id: if ours { visit.id().to_owned() } else { String::new() },
    }
}

/// The page when not even the templates can be read. Its texts are ours, so nothing needs escaping.
fn plain_page(view: &ErrorPage) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n<p>{sentence}</p>\n<p><a href=\"/\">To the shop</a></p>\n<p>{id}</p>\n",
        title = escaped(&view.title),
        sentence = escaped(&view.sentence),
        id = escaped(&view.request_id),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

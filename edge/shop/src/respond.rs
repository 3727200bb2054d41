//! Building answers: pages, redirects, cookies.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use ipswich_catalog::Messages;
use ipswich_theme::Meta;
use serde::Serialize;

use crate::app::AfterResponse;
use crate::error::{Error, Refusal};
use crate::release::Release;
use crate::request::Visit;
use crate::texts;
use crate::views::{ErrorPage, Link, Notice, NoticeKind};

/// Seconds after which a client may try again when the shop has too much to do.
const RETRY_AFTER_SECONDS: &str = "10";

/// An extension of an answer that is the same for everybody: how long caches may keep it, as `Cache-Control` says it.
#[derive(Clone, Copy)]
pub(crate) struct CacheFor(pub(crate) &'static str);

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
    let release = visit.release().await.ok();
    let english = Messages::default();
    let messages = release.as_ref().map_or(&english, |release| release.messages());
    let home = release.as_ref().map_or_else(|| "/".to_owned(), |release| release.home());
    let view = error_view(visit, error, messages, &home);
    let status = error.status();
    let rendered = release.and_then(|release| page(&release, status, "shop/error.html", &view).ok());
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

fn error_view(visit: &Visit, error: &Error, messages: &Messages, home: &str) -> ErrorPage {
    let say = |text| messages.say(text, &[]);
    let home = || link(&say(&texts::TO_SHOP), home);
    let cart = || link(&say(&texts::TO_CART), "/cart/");
    let (title, sentence, links) = match error {
        Error::Refused(refusal) => {
            return error_view_of(visit, error, &refusal.title, &refusal.sentence, refusal.links.clone());
        }
        Error::NotFound => (&texts::NOT_FOUND_TITLE, &texts::NOT_FOUND, vec![home(), cart()]),
        Error::MethodNotAllowed => (&texts::METHOD_TITLE, &texts::METHOD, vec![home(), cart()]),
        Error::ForeignForm => (&texts::FOREIGN_TITLE, &texts::FOREIGN, vec![home(), cart()]),
        Error::TooLarge => (&texts::TOO_LARGE_TITLE, &texts::TOO_LARGE, vec![cart()]),
        Error::NotAForm | Error::StrangeForm(_) => {
            (&texts::STRANGE_TITLE, &texts::STRANGE, vec![home(), cart()])
        }
        Error::SignIn(location) => {
            let ways = vec![link(&say(&texts::TITLE_SIGN_IN), location)];
            (&texts::SIGN_IN_FIRST_TITLE, &texts::SIGN_IN_FIRST, ways)
        }
        Error::Unavailable(_) => (&texts::UNAVAILABLE_TITLE, &texts::UNAVAILABLE, vec![cart(), home()]),
        Error::Broken(_) => (&texts::BROKEN_TITLE, &texts::BROKEN, vec![cart(), home()]),
    };
    error_view_of(visit, error, &say(title), &say(sentence), links)
}

fn error_view_of(visit: &Visit, error: &Error, title: &str, sentence: &str, links: Vec<Link>) -> ErrorPage {
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

//! Paying by card: `/order/<id>/pay/`, `/order/<id>/return/`, `/order/<id>/cancel/`, and messages at `/webhooks/stripe`.
//!
//! Nothing that stands in an address is believed: what is true is read at Stripe by the session that we noted.

use axum::body::Bytes;
use axum::extract::FromRequest;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::card::{End, Pay};
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::form::Fields;
use crate::order::{Order, OrderId, State};
use crate::query::OrderInPath;
use crate::request::Visit;
use crate::respond::{flushing, see_other};
use crate::store::card::Ender;
use crate::store::orders;
use crate::stripe::{Message, signature};

/// The most bytes of a message.
pub(crate) const MESSAGE_BYTES_MAX: usize = 256 * 1024;

/// `GET /order/<id>/pay/`: on to Stripe's page. Whoever has the link may ask as often as they like and is sent to the same
/// session, so this is safe to repeat.
pub(crate) async fn pay(visit: Visit, OrderInPath(id): OrderInPath) -> Result<Response, Error> {
    let order = read(&visit, id).await?;
    let Some(card) = visit.card() else { return see_other(&url(&order, "")) };
    match card.pay(&order).await? {
        Pay::Go(place) => see_other(&place),
        Pay::Look => Ok(flushing(see_other(&url(&order, ""))?)),
        Pay::Later => see_other(&url(&order, "?payment=later")),
    }
}

/// `GET /order/<id>/return/`: where Stripe sends the shopper, paid or not.
pub(crate) async fn back(visit: Visit, OrderInPath(id): OrderInPath) -> Result<Response, Error> {
    let order = read(&visit, id).await?;
    let known = match visit.card() {
        Some(card) if order.state == State::Pending => card.look(&order).await?,
        _ => true,
    };
    // "Thank you" is for the way back from paying; whether it is paid, the page itself knows.
    let query = if known { "?placed=1" } else { "?payment=asked" };
    Ok(flushing(see_other(&url(&order, query))?))
}

/// `POST /order/<id>/cancel/`: the shopper gives the order up.
pub(crate) async fn give_up(
    visit: Visit,
    OrderInPath(id): OrderInPath,
    _: CsrfChecked,
    fields: Fields,
) -> Result<Response, Error> {
    fields.only(&[], None)?;
    let order = read(&visit, id).await?;
    let by_card = order.is_by_card();
    let Some(card) = visit.card().filter(|_| by_card) else { return Err(Error::NotFound) };
    match card.end(&order, Ender::Customer).await? {
        End::Done | End::TooLate => Ok(flushing(see_other(&url(&order, ""))?)),
        End::Later => see_other(&url(&order, "?payment=kept")),
    }
}

/// `POST /webhooks/stripe`: a message. Stripe sends it again until it hears 200, so that is said only when the books have
/// it; and no other site's form gets past the signature.
pub(crate) async fn webhook(visit: Visit, headers: HeaderMap, request: Request) -> Response {
    let Some(card) = visit.card() else { return plain(StatusCode::NOT_FOUND, "not here") };
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(refused) => return plain(refused.into_response().status(), "not readable"),
    };
    let settings = visit.config().stripe();
    let Some(settings) = settings else { return plain(StatusCode::NOT_FOUND, "not here") };
    let signed = headers.get("stripe-signature").and_then(|header| header.to_str().ok());
    let genuine = |header| signature::is_genuine(header, &body, settings.webhook_secrets(), visit.now());
    if !signed.is_some_and(genuine) {
        return plain(StatusCode::BAD_REQUEST, "no valid signature");
    }
    let message = serde_json::from_slice(&body).ok().and_then(|value| Message::read(&value));
    let Some(message) = message else { return plain(StatusCode::BAD_REQUEST, "not a message") };
    if message.live != settings.is_live() {
        return plain(StatusCode::BAD_REQUEST, "of the other mode");
    }
    match card.hear(&message).await {
        Ok(()) => flushing(plain(StatusCode::OK, "ok")),
        Err(error) => {
            let fault = Error::from(error);
            visit.note(&fault);
            plain(StatusCode::SERVICE_UNAVAILABLE, "later")
        }
    }
}

async fn read(visit: &Visit, id: Option<OrderId>) -> Result<Order, Error> {
    let id = id.ok_or(Error::NotFound)?;
    let mut answers = visit.batch(orders::order(&id)).await?;
    orders::take_order(&mut answers)?.ok_or(Error::NotFound)
}

fn url(order: &Order, query: &str) -> String {
    format!("/order/{}/{query}", order.id.as_str())
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    let mut response = (status, text).into_response();
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

//! `/order/<id>/` for whoever has the link, and the order history of a customer.

use axum::response::Response;
use http::{StatusCode, Uri};

use crate::error::Error;
use crate::order::{Order, State, Summary};
use crate::order_view::{order_view, row_view};
use crate::query::{OrderInPath, Query, before, older};
use crate::release::Release;
use crate::request::Visit;
use crate::respond::{meta, notice, page};
use crate::session;
use crate::store::accounts::Kind;
use crate::store::orders;
use crate::texts;
use crate::views::{Notice, NoticeKind, OrderPage, OrdersPage};

/// Orders on one page of the history.
const PAGE: usize = 20;

/// `GET /order/<id>/`. A wrong id, a missing order and somebody else's look the same.
pub(crate) async fn show(
    visit: Visit,
    OrderInPath(id): OrderInPath,
    query: Query,
) -> Result<Response, Error> {
    let id = id.ok_or(Error::NotFound)?;
    let mut answers = visit.batch(orders::order(&id)).await?;
    let order = orders::take_order(&mut answers)?.ok_or(Error::NotFound)?;
    // Who comes from a mail reads on in the language of the order.
    let release = visit.release_or(order.language.as_deref()).await?;
    let view = OrderPage {
        meta: meta(&release.say(&texts::TITLE_ORDER, &[("number", &order.number)])),
        notices: payment_notice(query.get("payment"), &order, &release).into_iter().collect(),
        just_placed: query.get("placed") == "1" && !(order.is_by_card() && order.state == State::Pending),
        order: order_view(&order, &release).await?,
    };
    page(&release, StatusCode::OK, "shop/order.html", &view)
}

/// What the shopper should know of the payment; only while it is awaited.
fn payment_notice(what: &str, order: &Order, release: &Release) -> Option<Notice> {
    let text = match what {
        "later" => &texts::PAY_LATER,
        "asked" => &texts::PAY_ASKED,
        "kept" => &texts::PAY_KEPT,
        _ => return None,
    };
    let awaited = order.is_by_card() && order.state == State::Pending;
    awaited.then(|| notice(NoticeKind::Warning, release.say(text, &[])))
}

/// `GET /accounts/` and `GET /orders/`
pub(crate) async fn history(visit: Visit, uri: Uri, query: Query) -> Result<Response, Error> {
    let sign_in = || Error::SignIn(format!("/accounts/login/?next={}", uri.path()));
    let hash = session::token(&visit, Kind::Customer).ok_or_else(sign_in)?.hash();
    let mut batch = session::find_customer(&hash, visit.now());
    let limit = i64::try_from(PAGE.saturating_add(1)).unwrap_or(i64::MAX);
    batch.push(orders::of_session(&hash, visit.now(), &before(&query), limit));
    let mut answers = visit.batch(batch).await?;
    let customer = session::take_customer(&mut answers)?.ok_or_else(sign_in)?;
    let found = orders::take_summaries(&mut answers)?;
    let release = visit.release().await?;
    let url = |order: &Summary| format!("/order/{}/", order.id.as_str());
    let view = OrdersPage {
        meta: meta(&release.say(&texts::TITLE_ORDERS, &[])),
        notices: vec![],
        name: customer.name().to_owned(),
        email: customer.email().to_owned(),
        older: older(&found, PAGE).map(|cursor| format!("{}?before={cursor}", uri.path())),
        orders: found
            .iter()
            .take(PAGE)
            .map(|order| row_view(order, url(order), release.messages()))
            .collect(),
    };
    page(&release, StatusCode::OK, "shop/orders.html", &view)
}

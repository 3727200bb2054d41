//! `/admin/`: the list of orders, by state and page.

use axum::response::Response;
use http::StatusCode;
use ipswich_catalog::Messages;

use super::staff_view;
use crate::error::Error;
use crate::inspection::sentences;
use crate::order::{State, Summary};
use crate::order_view::row_view;
use crate::query::{Query, before, older};
use crate::request::Visit;
use crate::respond::{meta, notice, page};
use crate::session;
use crate::store::inspection::{self, DueRow};
use crate::store::orders::{self, CountRow};
use crate::views::{AdminOrdersPage, FilterView, NoticeKind};

/// Orders on one page.
const PAGE: usize = 50;

/// `GET /admin/` and `GET /admin/orders/`
pub(crate) async fn list(visit: Visit, query: Query) -> Result<Response, Error> {
    let state = State::parse(query.get("state"));
    let before = before(&query);
    let limit = i64::try_from(PAGE.saturating_add(1)).unwrap_or(i64::MAX);
    let found = match state {
        Some(state) => orders::in_state(state, &before, limit),
        None => orders::newest(&before, limit),
    };
    let questions = vec![found, orders::counts(), inspection::newest()];
    let (staff, mut answers) = session::staff(&visit, "/admin/", questions).await?;
    let found = orders::take_summaries(&mut answers)?;
    let counts = answers.all::<CountRow>()?;
    let alerts = answers.first::<DueRow>()?.map(|newest| sentences(&newest.findings)).unwrap_or_default();
    let url = |order: &Summary| format!("/admin/orders/{}/", order.id.as_str());
    let and_state = state.map_or_else(String::new, |state| format!("&state={}", state.as_str()));
    let view = AdminOrdersPage {
        meta: meta("Orders"),
        staff: staff_view(&staff),
        notices: alerts
            .into_iter()
            .map(|alert| notice(NoticeKind::Warning, format!("The nightly look at the books: {alert}")))
            .collect(),
        filters: filters(&counts, state),
        older: older(&found, PAGE).map(|cursor| format!("/admin/?before={cursor}{and_state}")),
        orders: found
            .iter()
            .take(PAGE)
            .map(|order| row_view(order, url(order), &Messages::default()))
            .collect(),
    };
    page(&*visit.release().await?, StatusCode::OK, "admin/orders.html", &view)
}

fn filters(counts: &[CountRow], current: Option<State>) -> Vec<FilterView> {
    let count =
        |state: State| counts.iter().find(|row| row.state == state.as_str()).map_or(0, |row| row.orders);
    let all = counts.iter().fold(0_i64, |sum, row| sum.saturating_add(row.orders));
    let small = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let first = FilterView {
        title: "All".to_owned(),
        url: "/admin/".to_owned(),
        count: small(all),
        current: current.is_none(),
    };
    let of = |state: State| FilterView {
        title: state.title(false).to_owned(),
        url: format!("/admin/?state={}", state.as_str()),
        count: small(count(state)),
        current: current == Some(state),
    };
    std::iter::once(first).chain(State::ALL.into_iter().map(of)).collect()
}

//! What addresses say beside the route, read forgivingly: what we do not understand is as if it were not there.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path, Query as AxumQuery};
use http::request::Parts;

use crate::order::{OrderId, Summary};
use crate::store::orders::Before;
use crate::token::Id;

/// The parameters by name.
pub(crate) struct Query(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query, Infallible> {
        let pairs =
            AxumQuery::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|AxumQuery(pairs)| pairs);
        Ok(Query(pairs.unwrap_or_default().into_iter().collect()))
    }
}

impl Query {
    /// The value of a parameter; empty if it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// The parameters in their order, those that are there several times too.
pub(crate) struct Pairs(pub(crate) Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Pairs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Pairs, Infallible> {
        let pairs = AxumQuery::try_from_uri(&parts.uri).map(|AxumQuery(pairs)| pairs);
        Ok(Pairs(pairs.unwrap_or_default()))
    }
}

/// The order an address names; none if it is not an id at all, not even text.
pub(crate) struct OrderInPath(pub(crate) Option<OrderId>);

impl<S: Send + Sync> FromRequestParts<S> for OrderInPath {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<OrderInPath, Infallible> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        Ok(OrderInPath(text.ok().and_then(|Path(text)| OrderId::parse(&text))))
    }
}

/// What an address names in its one open place; empty if it is not text.
pub(crate) struct TextInPath(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for TextInPath {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<TextInPath, Infallible> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        Ok(TextInPath(text.map(|Path(text)| text).unwrap_or_default()))
    }
}

/// Where a list of orders goes on: `before=<moment>-<id>`.
pub(crate) fn before(query: &Query) -> Before {
    let parse = || {
        let (at, id) = query.get("before").split_once('-')?;
        Some(Before {
            at: at.parse().ok().filter(|at| (0..1 << 52).contains(at))?,
            id: Id::parse(id)?.as_str().to_owned(),
        })
    };
    parse().unwrap_or_else(Before::newest)
}

/// The value of `before` for the page after this one, if more was found than fits.
pub(crate) fn older(found: &[Summary], page: usize) -> Option<String> {
    let last = found.get(..page).filter(|_| found.len() > page)?.last()?;
    Some(format!("{}-{}", last.placed_at, last.id.as_str()))
}

//! `/api/v1/stock`: what there is, for product pages. The answer is the same for everybody and may be seconds old;
//! what is charged and held is decided by the database.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ipswich_catalog::{Sku, StockState};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::query::Pairs;
use crate::request::Visit;
use crate::respond::CacheFor;
use crate::store::stock::{self, Shelf, StockRow};

/// The most SKUs of one answer; further ones are left out.
const SKUS_MAX: usize = 50;

/// How long browsers and caches may keep an answer.
const CACHE: &str = "public, max-age=15, s-maxage=10";

/// What there is of one SKU.
#[derive(Serialize)]
struct Live {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    available: Option<i64>,
}

impl From<StockState> for Live {
    fn from(state: StockState) -> Live {
        let (state, available) = match state {
            StockState::InStock => ("in_stock", None),
            StockState::Low(pieces) => ("low", Some(pieces)),
            StockState::Out => ("out", None),
            StockState::Backorder => ("backorder", None),
            StockState::MadeToOrder => ("made_to_order", None),
        };
        Live { state, available }
    }
}

/// `GET /api/v1/stock?sku=A&sku=B`
pub(crate) async fn live(visit: Visit, headers: HeaderMap, pairs: Pairs) -> Result<Response, Error> {
    let asked = pairs.0.iter().filter(|(name, _)| name == "sku");
    let asked: Vec<Sku> = asked.filter_map(|(_, sku)| Sku::parse(sku).ok()).take(SKUS_MAX).collect();
    let records = visit.release().await?.skus(&asked).await?;
    let shelves = if records.is_empty() {
        BTreeMap::new()
    } else {
        let mut answers = visit.batch(vec![stock::of_skus(stock::json_list(records.keys()))]).await?;
        stock::shelves(answers.all::<StockRow>()?)?
    };
    let live: BTreeMap<&str, Live> = records
        .iter()
        .map(|(sku, record)| {
            let shelf = shelves.get(sku).copied().unwrap_or_else(|| Shelf::opening(record.opening_stock));
            (sku.as_str(), Live::from(record.stock_policy.state(shelf.free, shelf.owed)))
        })
        .collect();
    let body = serde_json::to_string(&live).map_err(|error| Error::Broken(error.to_string()))?;
    respond(&headers, body)
}

fn respond(headers: &HeaderMap, body: String) -> Result<Response, Error> {
    let digest = Sha256::digest(body.as_bytes());
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(digest.get(..12).unwrap_or_default()));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    // A cache that compressed the answer made the tag a weak one.
    let same =
        known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response = Response::new(if same { Body::empty() } else { Body::from(body) });
    if same {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let tag = HeaderValue::from_str(&tag).map_err(|error| Error::Broken(error.to_string()))?;
    response.headers_mut().insert(header::ETAG, tag);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.extensions_mut().insert(CacheFor(CACHE));
    Ok(response)
}

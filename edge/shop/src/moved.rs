//! Old addresses that the host does not take: it leads on some thousands by itself, the others stand in records of the
//! release and are looked up when nothing else answers.
//!
//! Needs the published files and nothing else, so that it works while settings or database are broken.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use ipswich_catalog::headers::SECURITY_HEADERS;
use ipswich_catalog::published::{REDIRECTS_PATH, RedirectShard, redirects_path, shard_of_key};
use serde::de::DeserializeOwned;

use crate::ports::{Published, PublishedError};

/// The answer for an old address; `None` if it is none.
pub async fn moved(published: &dyn Published, uri: &Uri) -> Result<Option<Response>, PublishedError> {
    let Some(shards) = read::<u32>(published, REDIRECTS_PATH.to_owned()).await? else {
        return Ok(None);
    };
    let shard = redirects_path(shard_of_key(uri.path(), shards));
    let shard: Option<RedirectShard> = read(published, shard).await?;
    Ok(shard.and_then(|mut shard| shard.remove(uri.path())).and_then(|to| answer(&to, uri.query())))
}

async fn read<T: DeserializeOwned>(
    published: &dyn Published,
    path: String,
) -> Result<Option<T>, PublishedError> {
    let Some(bytes) = published.read(path.clone()).await? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| PublishedError(format!("{path}: {error}")))
}

/// Leads on for good. A query goes along unless the target has its own, or an anchor.
fn answer(to: &str, query: Option<&str>) -> Option<Response> {
    let location = match query.filter(|_| !to.contains(['?', '#'])) {
        Some(query) => HeaderValue::try_from(format!("{to}?{query}")),
        None => HeaderValue::from_str(to),
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response.headers_mut().insert(header::LOCATION, location.ok()?);
    Some(response)
}

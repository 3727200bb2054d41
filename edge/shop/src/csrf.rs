//! Proof that a form was sent by a page of this shop.

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, Uri, header};

use crate::config::Config;
use crate::error::Error;
use crate::request::Visit;

/// A request that comes from our own pages. Every handler that changes something takes one.
pub(crate) struct CsrfChecked(());

impl<S: Send + Sync> FromRequestParts<S> for CsrfChecked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<CsrfChecked, Error> {
        let visit = Visit::of(parts)?;
        if is_own(&parts.headers, visit.config()) { Ok(CsrfChecked(())) } else { Err(Error::ForeignForm) }
    }
}

/// Browsers say where a request comes from: `Sec-Fetch-Site` since 2023, `Origin` for longer. Whoever says neither is
/// refused.
fn is_own(headers: &HeaderMap, config: &Config) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site.as_bytes() == b"same-origin";
    }
    let Some(origin) = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()) else {
        return false;
    };
    if origin == config.base_url() {
        return true;
    }
    // Behind a preview address the host differs from the configured one, but is still the one that was asked.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let uri = origin.parse::<Uri>().ok();
    let scheme = if config.is_secure() { "https" } else { "http" };
    let own_scheme = uri.as_ref().and_then(Uri::scheme_str) == Some(scheme);
    let authority = uri.as_ref().and_then(Uri::authority).map(http::uri::Authority::as_str);
    own_scheme && host.is_some() && authority == host
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        is_own(&headers, &Config::for_testing())
    }

    #[test]
    fn believes_the_browser_only() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("origin", "https://shop.example")]));
        assert!(own(&[("origin", "https://preview.example"), ("host", "preview.example")]));
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(!own(&[("sec-fetch-site", site), ("origin", "https://shop.example")]), "{site}");
        }
        for origin in
            ["null", "https://evil.example", "https://sub.shop.example", "https://shop.example.evil", ""]
        {
            assert!(!own(&[("origin", origin), ("host", "shop.example")]), "{origin}");
        }
        // A page without https may come from anybody on the way, and "null" is no host.
        assert!(!own(&[("origin", "http://shop.example"), ("host", "shop.example")]));
        assert!(!own(&[("origin", "null"), ("host", "null")]));
        assert!(!own(&[]) && !own(&[("host", "shop.example")]));
    }
}

//! Forms as they arrive: names and values, with limits, and with no field that we did not ask for.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, Request};
use http::StatusCode;

use crate::error::Error;

/// The most bytes of a form.
pub(crate) const FORM_BYTES_MAX: usize = 64 * 1024;

/// The most fields of a form; checkout, the largest, has about twenty.
const FIELDS_MAX: usize = 64;

/// The fields of a form by name.
#[derive(Debug)]
pub(crate) struct Fields(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Fields, Error> {
        match Form::<Vec<(String, String)>>::from_request(request, state).await {
            Ok(Form(pairs)) => Fields::new(pairs),
            Err(FormRejection::InvalidFormContentType(_)) => Err(Error::NotAForm),
            Err(other) if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Error::TooLarge),
            Err(_) => Err(Error::StrangeForm("the body is not a form".to_owned())),
        }
    }
}

impl Fields {
    fn new(pairs: Vec<(String, String)>) -> Result<Fields, Error> {
        if pairs.len() > FIELDS_MAX {
            return Err(Error::StrangeForm("too many fields".to_owned()));
        }
        let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() < pairs.len() {
            return Err(Error::StrangeForm("a field came twice".to_owned()));
        }
        Ok(Fields(pairs))
    }

    /// Refuses the form if it has a field that is neither named here nor begins with `prefix`.
    pub(crate) fn only(self, names: &[&str], prefix: Option<&str>) -> Result<Fields, Error> {
        let known =
            |name: &str| names.contains(&name) || prefix.is_some_and(|prefix| name.starts_with(prefix));
        if self.0.iter().all(|(name, _)| known(name)) {
            Ok(self)
        } else {
            // The name is not quoted: it comes from outside and would end up in the log.
            Err(Error::StrangeForm("the form has a field that ours does not have".to_owned()))
        }
    }

    /// The value of a field; empty if it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// A path of this shop to go to afterwards, or `None` if the text could lead anywhere else.
///
/// Browsers take `//host`, `/\host` and a path with a tab in it for other sites.
pub(crate) fn own_path(text: &str) -> Option<&str> {
    let plain =
        text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>'));
    // Two slashes anywhere: after "/.." is resolved, they may be the first ones.
    let own = text.starts_with('/') && !text.contains("//") && text.len() <= 512;
    (plain && own).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_lead_on() {
        for good in ["/", "/checkout/", "/order/abc/?placed=1", "/product/mug/#buy"] {
            assert_eq!(own_path(good), Some(good));
        }
        for bad in [
            "",
            "checkout/",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\r\nset-cookie:a=b",
            " /x",
            "\\\\evil.example",
            "/ä",
            "/a b",
            "///evil.example",
            "/..//evil.example",
            "/.//evil.example",
        ] {
            assert_eq!(own_path(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn strange_forms_are_refused() {
        let pair = |name: &str| (name.to_owned(), "x".to_owned());
        assert!(Fields::new(vec![pair("a"), pair("a")]).is_err());
        assert!(Fields::new(vec![pair("a")]).unwrap().only(&["b"], None).is_err());
        let fields =
            Fields::new(vec![pair("a"), pair("total_1")]).unwrap().only(&["a"], Some("total_")).unwrap();
        assert_eq!((fields.get("a"), fields.get("missing")), ("x", ""));
    }
}

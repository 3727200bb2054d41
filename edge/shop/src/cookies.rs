//! The five cookies of the shop, and reading them back.

use http::{HeaderMap, HeaderValue, header};

use crate::config::Config;
use crate::error::Error;

/// How long browsers keep a cart, in seconds: 90 days.
pub(crate) const KEPT_SECONDS: i64 = 90 * 86_400;

/// A cookie of the shop. Without https the `__Host-` prefix would make browsers refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// A guest's cart.
    Cart,
    /// The session of a customer.
    Customer,
    /// The session of a staff member.
    Staff,
    /// What static pages show: `c<pieces>.s<0|1>`. Scripts can read it.
    State,
    /// The language of the shop, by its key, where it is not the shop's own. Scripts can read it too.
    Language,
}

impl Cookie {
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Cookie::Cart, true) => "__Host-cart",
            (Cookie::Cart, false) => "cart",
            (Cookie::Customer, true) => "__Host-sid",
            (Cookie::Customer, false) => "sid",
            (Cookie::Staff, true) => "__Host-staff",
            (Cookie::Staff, false) => "staff",
            (Cookie::State, _) => "shop_state",
            (Cookie::Language, _) => "shop_lang",
        }
    }

    /// The value a browser sent; empty values count as none.
    pub(crate) fn read(self, headers: &HeaderMap, config: &Config) -> Option<String> {
        let name = self.name(config.is_secure());
        let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value.to_owned())
    }

    /// The header that sets it for `seconds`; zero removes it.
    pub(crate) fn set(self, value: &str, seconds: i64, config: &Config) -> Result<HeaderValue, Error> {
        let name = self.name(config.is_secure());
        let secure = if config.is_secure() { "; Secure" } else { "" };
        let http_only = if matches!(self, Cookie::State | Cookie::Language) { "" } else { "; HttpOnly" };
        let text = format!("{name}={value}; Path=/; Max-Age={seconds}; SameSite=Lax{secure}{http_only}");
        HeaderValue::from_str(&text).map_err(|_| Error::Broken(format!("cookie {name} has odd characters")))
    }

    /// The header that removes it.
    pub(crate) fn remove(self, config: &Config) -> Result<HeaderValue, Error> {
        self.set("", 0, config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_cookie_among_others_and_over_several_headers() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; __Host-cartoon=x;__Host-cart=abc"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-sid=; junk"));
        let config = Config::for_testing();
        assert_eq!(Cookie::Cart.read(&headers, &config).as_deref(), Some("abc"));
        assert_eq!(Cookie::Customer.read(&headers, &config), None);
    }
}

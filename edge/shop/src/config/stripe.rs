//! Where Stripe is, and what proves who is who.

use std::fmt;

use http::Uri;

use super::ConfigError;

/// Where Stripe is unless the configuration says otherwise.
const URL: &str = "https://api.stripe.com";

/// How long goods are held for a payment, in minutes: what Stripe takes for a session is 30 minutes to 24 hours, and the
/// first minute may pass before it is asked.
const TERM_MINUTES: std::ops::RangeInclusive<i64> = 31..=1439;

/// The settings of a shop that takes cards.
#[derive(Clone)]
pub struct StripeConfig {
    key: String,
    url: String,
    webhook_secrets: Vec<String>,
    term_seconds: i64,
    live: bool,
}

impl StripeConfig {
    /// Reads `IPSWICH_STRIPE_KEY`, `IPSWICH_STRIPE_URL`, `IPSWICH_STRIPE_WEBHOOK_SECRET` (and `…_PREVIOUS` while a secret is
    /// rolled) and `IPSWICH_STRIPE_TERM_MINUTES`. Only `production` takes real money.
    pub(super) fn from_vars(
        var: impl Fn(&str) -> Option<String>,
        environment: &str,
    ) -> Result<StripeConfig, ConfigError> {
        let optional = |name: &str| var(name).filter(|value| !value.is_empty());
        let required = |name: &'static str| optional(name).ok_or(ConfigError::Missing(name));
        let live = environment == "production";
        let key = required("IPSWICH_STRIPE_KEY")?;
        let secret = required("IPSWICH_STRIPE_WEBHOOK_SECRET")?;
        let modes = if live { ["sk_live_", "rk_live_"] } else { ["sk_test_", "rk_test_"] };
        if !modes.iter().any(|mode| key.starts_with(mode)) || !key.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(ConfigError::StripeKey { live });
        }
        let previous = optional("IPSWICH_STRIPE_WEBHOOK_SECRET_PREVIOUS");
        let term =
            optional("IPSWICH_STRIPE_TERM_MINUTES").map_or(Ok(*TERM_MINUTES.start()), |text| text.parse());
        let term = term.ok().filter(|term| TERM_MINUTES.contains(term)).ok_or(ConfigError::StripeTerm)?;
        Ok(StripeConfig {
            key,
            url: service_url(&optional("IPSWICH_STRIPE_URL").unwrap_or_else(|| URL.to_owned()))?,
            webhook_secrets: std::iter::once(secret).chain(previous).collect(),
            term_seconds: term.saturating_mul(60),
            live,
        })
    }

    /// What tests use: keys that everybody knows.
    pub(super) fn for_testing() -> StripeConfig {
        StripeConfig {
            key: "sk_test_everybody_knows".to_owned(),
            url: URL.to_owned(),
            webhook_secrets: vec!["whsec_everybody_knows".to_owned(), "whsec_the_one_before".to_owned()],
            term_seconds: TERM_MINUTES.start().saturating_mul(60),
            live: false,
        }
    }

    /// The secret key.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Where Stripe's endpoints are, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The secrets that sign webhooks; any of them will do.
    pub(crate) fn webhook_secrets(&self) -> &[String] {
        &self.webhook_secrets
    }

    /// How long goods are held for a payment, in seconds.
    pub(crate) fn term_seconds(&self) -> i64 {
        self.term_seconds
    }

    /// Whether the money is real.
    pub(crate) fn is_live(&self) -> bool {
        self.live
    }
}

/// An address of a service: `https://`, or `http://` for a stand-in on this machine.
fn service_url(text: &str) -> Result<String, ConfigError> {
    let text = text.trim_end_matches('/');
    let uri: Uri = text.parse().map_err(|_| ConfigError::StripeUrl)?;
    let authority = uri.authority().ok_or(ConfigError::StripeUrl)?;
    let local = matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]");
    let safe = uri.scheme_str() == Some("https") || (uri.scheme_str() == Some("http") && local);
    if safe && !authority.as_str().contains('@') && uri.query().is_none() {
        Ok(text.to_owned())
    } else {
        Err(ConfigError::StripeUrl)
    }
}

impl fmt::Debug for StripeConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StripeConfig")
            .field("url", &self.url)
            .field("live", &self.live)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)], environment: &str) -> Result<StripeConfig, ConfigError> {
        let var = |name: &str| {
            let set = pairs.iter().find(|(known, _)| *known == name);
            set.map(|(_, value)| (*value).to_owned())
        };
        StripeConfig::from_vars(var, environment)
    }

    #[test]
    fn what_is_missing_is_named_and_keys_fit_the_environment() {
        let key = ("IPSWICH_STRIPE_KEY", "sk_test_1");
        let secret = ("IPSWICH_STRIPE_WEBHOOK_SECRET", "whsec_1");
        assert_eq!(with(&[], "test").err(), Some(ConfigError::Missing("IPSWICH_STRIPE_KEY")));
        assert_eq!(with(&[key], "test").err(), Some(ConfigError::Missing("IPSWICH_STRIPE_WEBHOOK_SECRET")));
        assert_eq!(with(&[key, secret], "production").err(), Some(ConfigError::StripeKey { live: true }));
        let live = ("IPSWICH_STRIPE_KEY", "rk_live_1");
        assert_eq!(with(&[live, secret], "staging").err(), Some(ConfigError::StripeKey { live: false }));
        assert!(with(&[live, secret], "production").is_ok_and(|config| config.is_live()));
        let config = with(&[key, secret], "staging").unwrap();
        assert_eq!((config.url(), config.term_seconds(), config.webhook_secrets().len()), (URL, 1860, 1));
        assert!(!format!("{config:?}").contains("sk_test_1"));
        for (name, bad) in
            [("IPSWICH_STRIPE_URL", "http://stripe.example"), ("IPSWICH_STRIPE_TERM_MINUTES", "30")]
        {
            assert!(with(&[key, secret, (name, bad)], "test").is_err(), "{name}");
        }
    }
}

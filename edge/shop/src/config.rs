//! What a host tells the shop about where it runs: address, secret, sender of mails.

use std::fmt;

use http::Uri;

mod stripe;

pub use stripe::StripeConfig;

/// The fewest bytes of a secret: as many as the hash it keys.
const SECRET_BYTES_MIN: usize = 32;

/// The settings of one environment, checked. Settings of the shop itself come from the release.
#[derive(Clone)]
pub struct Config {
    environment: String,
    base_url: String,
    authority: String,
    secure: bool,
    secret: Vec<u8>,
    mail_from: String,
    offline: bool,
    stripe: Option<StripeConfig>,
}

/// Why variables do not make a [`Config`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// The variable is not set.
    Missing(&'static str),
    /// `IPSWICH_BASE_URL` is not `https://host` (or `http://` for this machine), without a path.
    BaseUrl,
    /// `IPSWICH_SECRET` is shorter than 32 bytes.
    Secret,
    /// `IPSWICH_MAIL_FROM` is not one address.
    MailFrom,
    /// `IPSWICH_PAYMENTS` is not a list of `offline` and `stripe`.
    Payments,
    /// `IPSWICH_STRIPE_KEY` is no secret key, or not one of the mode that the environment needs.
    StripeKey {
        /// Whether it must be one for real money.
        live: bool,
    },
    /// `IPSWICH_STRIPE_URL` is not `https://host` (or `http://` for this machine).
    StripeUrl,
    /// `IPSWICH_STRIPE_TERM_MINUTES` is not a number from 31 to 1439.
    StripeTerm,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::Missing(name) => write!(f, "the variable {name} is not set"),
            ConfigError::BaseUrl => f.write_str(
                "IPSWICH_BASE_URL must be https://host, or http:// with localhost or 127.0.0.1, without a path",
            ),
            ConfigError::Secret => {
                write!(f, "IPSWICH_SECRET must have at least {SECRET_BYTES_MIN} bytes of randomness")
            }
            ConfigError::MailFrom => f.write_str("IPSWICH_MAIL_FROM must be one e-mail address"),
            ConfigError::Payments => f.write_str("IPSWICH_PAYMENTS must name offline, stripe, or both with a comma"),
            ConfigError::StripeKey { live } => {
                let mode = if *live { "live" } else { "test" };
                write!(f, "IPSWICH_STRIPE_KEY must begin with sk_{mode}_ or rk_{mode}_ in this environment")
            }
            ConfigError::StripeUrl => {
                f.write_str("IPSWICH_STRIPE_URL must be https://host, or http:// with localhost or 127.0.0.1")
            }
            ConfigError::StripeTerm => f.write_str("IPSWICH_STRIPE_TERM_MINUTES must be a number from 31 to 1439"),
        }
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads `IPSWICH_ENVIRONMENT` (a name such as `staging`; `production` if not set), `IPSWICH_BASE_URL`,
    /// `IPSWICH_SECRET`, `IPSWICH_MAIL_FROM` (`shop@<host>` if not set) and `IPSWICH_PAYMENTS` (`offline` if not set)
    /// through `var`, and with `stripe` among the payments those of [`StripeConfig`].
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        let required = |name: &'static str| {
            var(name).filter(|value| !value.is_empty()).ok_or(ConfigError::Missing(name))
        };
        let base_url = required("IPSWICH_BASE_URL")?;
        let base_url = base_url.trim_end_matches('/').to_owned();
        let uri: Uri = base_url.parse().map_err(|_| ConfigError::BaseUrl)?;
        let authority = uri.authority().ok_or(ConfigError::BaseUrl)?;
        let host = authority.host().to_owned();
        let local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if local => false,
            _ => return Err(ConfigError::BaseUrl),
        };
        let plain =
            !authority.as_str().contains('@') && matches!(uri.path(), "" | "/") && uri.query().is_none();
        if !plain {
            return Err(ConfigError::BaseUrl);
        }
        let secret = required("IPSWICH_SECRET")?.into_bytes();
        if secret.len() < SECRET_BYTES_MIN {
            return Err(ConfigError::Secret);
        }
        let mail_from = var("IPSWICH_MAIL_FROM").unwrap_or_else(|| format!("shop@{host}"));
        if !mail_from.contains('@') || mail_from.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(ConfigError::MailFrom);
        }
        let environment = var("IPSWICH_ENVIRONMENT").unwrap_or_else(|| "production".to_owned());
        let payments = var("IPSWICH_PAYMENTS").filter(|list| !list.is_empty());
        let payments = payments.unwrap_or_else(|| "offline".to_owned());
        let payments: Vec<&str> = payments.split(',').map(str::trim).collect();
        if payments.iter().any(|one| !matches!(*one, "offline" | "stripe")) {
            return Err(ConfigError::Payments);
        }
        let stripe =
            payments.contains(&"stripe").then(|| StripeConfig::from_vars(&var, &environment)).transpose()?;
        Ok(Config {
            environment,
            offline: payments.contains(&"offline"),
            stripe,
            authority: authority.as_str().to_owned(),
            base_url,
            secure,
            secret,
            mail_from,
        })
    }

    /// The settings of tests: `https://shop.example`, a secret everybody knows.
    pub fn for_testing() -> Config {
        Config {
            environment: "test".to_owned(),
            base_url: "https://shop.example".to_owned(),
            authority: "shop.example".to_owned(),
            secure: true,
            secret: b"a secret that is known to everybody".to_vec(),
            mail_from: "shop@shop.example".to_owned(),
            offline: true,
            stripe: None,
        }
    }

    /// The settings of tests of a shop that takes cards too.
    pub fn for_testing_with_stripe() -> Config {
        Config { stripe: Some(StripeConfig::for_testing()), ..Config::for_testing() }
    }

    /// Whether orders are paid by transfer and on collection.
    pub fn takes_offline(&self) -> bool {
        self.offline
    }

    /// The settings of card payments, if the shop takes cards.
    pub fn stripe(&self) -> Option<&StripeConfig> {
        self.stripe.as_ref()
    }

    /// The name of the environment, for logs.
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// The public address without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Host and port of the public address.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether the shop is reached by https, so that cookies are `Secure` and carry the `__Host-` prefix.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The sender of mails.
    pub fn mail_from(&self) -> &str {
        &self.mail_from
    }

    /// The key for hashes that outsiders must not be able to make.
    pub(crate) fn secret(&self) -> &[u8] {
        &self.secret
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("environment", &self.environment)
            .field("base_url", &self.base_url)
            .field("mail_from", &self.mail_from)
            .field("secret", &"(redacted)")
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(base_url: &str, secret: &str) -> Result<Config, ConfigError> {
        Config::from_vars(|name| match name {
            "IPSWICH_BASE_URL" => Some(base_url.to_owned()),
            "IPSWICH_SECRET" => Some(secret.to_owned()),
            _ => None,
        })
    }

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn plain_http_is_for_this_machine_only() {
        assert!(with("https://shop.example/", SECRET).is_ok_and(|config| config.is_secure()));
        assert!(with("http://localhost:8787", SECRET).is_ok_and(|config| !config.is_secure()));
        for bad in
            ["http://shop.example", "shop.example", "https://shop.example/de", "https://a@b", "https://", ""]
        {
            assert!(with(bad, SECRET).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_short_secret_is_refused_and_a_good_one_is_never_shown() {
        assert_eq!(with("https://shop.example", "short").err(), Some(ConfigError::Secret));
        let config = with("https://shop.example", SECRET).unwrap();
        assert!(!format!("{config:?}").contains(SECRET));
        assert_eq!(config.mail_from(), "shop@shop.example");
    }
}

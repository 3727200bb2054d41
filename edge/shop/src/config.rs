//! What a host tells the shop about where it runs: address, secret, sender of mails.

use std::fmt;

use http::Uri;

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
    alert_to: Option<String>,
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
    /// `IPSWICH_ALERT_TO` is not one address.
    AlertTo,
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
            ConfigError::AlertTo => f.write_str("IPSWICH_ALERT_TO must be one e-mail address"),
        }
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads `IPSWICH_ENVIRONMENT` (a name such as `staging`; `production` if not set), `IPSWICH_BASE_URL`,
    /// `IPSWICH_SECRET`, `IPSWICH_MAIL_FROM` (`shop@<host>` if not set) and `IPSWICH_ALERT_TO` through `var`.
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
        if !is_address(&mail_from) {
            return Err(ConfigError::MailFrom);
        }
        let alert_to = var("IPSWICH_ALERT_TO").filter(|to| !to.is_empty());
        if alert_to.as_ref().is_some_and(|to| !is_address(to)) {
            return Err(ConfigError::AlertTo);
        }
        Ok(Config {
            environment: var("IPSWICH_ENVIRONMENT").unwrap_or_else(|| "production".to_owned()),
            authority: authority.as_str().to_owned(),
            base_url,
            secure,
            secret,
            mail_from,
            alert_to,
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
            alert_to: None,
        }
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

    /// Who is told when the nightly look at the books finds something; the shop's own address if nobody is named.
    pub(crate) fn alert_to(&self) -> Option<&str> {
        self.alert_to.as_deref()
    }

    /// The key for hashes that outsiders must not be able to make.
    pub(crate) fn secret(&self) -> &[u8] {
        &self.secret
    }
}

fn is_address(text: &str) -> bool {
    text.contains('@') && !text.chars().any(|c| c.is_control() || c.is_whitespace())
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

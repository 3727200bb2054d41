//! Mails over a service that takes JSON: Resend, Postmark, and those that speak like them.

use std::fmt;
use std::sync::Arc;

use http::Uri;

use crate::config::ConfigError;
use crate::ports::{Http, HttpMethod, HttpRequest, Mail, MailError, Mailer, PortFuture};

/// The most characters of an answer that become part of a cause.
const ANSWER_CHARS_MAX: usize = 200;

/// How a service wants its mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// `from`, `to`, `subject`, `text`, `html`, with a bearer token.
    Resend,
    /// `From`, `To`, `Subject`, `TextBody`, `HtmlBody`, with a server token.
    Postmark,
}

/// A mail service and its key.
#[derive(Clone)]
pub struct MailService {
    dialect: Dialect,
    url: String,
    key: String,
    from: String,
}

impl MailService {
    /// Reads `IPSWICH_MAIL_URL` (the full address that mails are posted to), `IPSWICH_MAIL_KEY` (a secret) and
    /// `IPSWICH_MAIL_API` (`resend`, which holds if it is not set, or `postmark`) through `var`; `from` is the sender.
    pub fn from_vars(var: impl Fn(&str) -> Option<String>, from: &str) -> Result<MailService, ConfigError> {
        let required = |name: &'static str| {
            var(name).filter(|value| !value.is_empty()).ok_or(ConfigError::Missing(name))
        };
        let url = required("IPSWICH_MAIL_URL")?;
        let key = required("IPSWICH_MAIL_KEY")?;
        let uri: Option<Uri> = url.parse().ok();
        let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
        let local = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        let safe = match uri.as_ref().and_then(Uri::scheme_str) {
            Some("https") => !host.is_empty(),
            Some("http") => local,
            _ => false,
        };
        if !safe {
            return Err(ConfigError::Invalid("IPSWICH_MAIL_URL", "https://…, or http:// on this machine"));
        }
        if key.chars().any(|c| !c.is_ascii_graphic()) {
            return Err(ConfigError::Invalid("IPSWICH_MAIL_KEY", "one line of printable characters"));
        }
        let dialect = match var("IPSWICH_MAIL_API").as_deref() {
            None | Some("" | "resend") => Dialect::Resend,
            Some("postmark") => Dialect::Postmark,
            Some(_) => return Err(ConfigError::Invalid("IPSWICH_MAIL_API", "resend or postmark")),
        };
        Ok(MailService { dialect, url, key, from: from.to_owned() })
    }

    /// The request that hands a mail over. A service that has seen the key of a mail does not send it again.
    fn request(&self, mail: &Mail) -> HttpRequest {
        let Mail { to, subject, text, html, dedupe } = mail;
        let from = &self.from;
        let (body, credential) = match self.dialect {
            Dialect::Resend => (
                serde_json::json!({ "from": from, "to": [to], "subject": subject, "text": text, "html": html }),
                ("authorization", format!("Bearer {}", self.key)),
            ),
            Dialect::Postmark => (
                serde_json::json!({
                    "From": from, "To": to, "Subject": subject, "TextBody": text, "HtmlBody": html,
                    "Metadata": { "key": dedupe },
                }),
                ("x-postmark-server-token", self.key.clone()),
            ),
        };
        HttpRequest {
            method: HttpMethod::Post,
            url: self.url.clone(),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("accept", "application/json".to_owned()),
                ("idempotency-key", dedupe.clone()),
                credential,
            ],
            body: body.to_string(),
        }
    }
}

impl fmt::Debug for MailService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailService")
            .field("dialect", &self.dialect)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// The service as [`Mailer`].
pub struct ServiceMailer {
    http: Arc<dyn Http>,
    service: MailService,
}

impl ServiceMailer {
    /// The port over a service.
    pub fn new(http: Arc<dyn Http>, service: MailService) -> ServiceMailer {
        ServiceMailer { http, service }
    }

    async fn hand_over(&self, mail: Mail) -> Result<(), MailError> {
        let answer = self.http.send(self.service.request(&mail)).await;
        let answer = answer.map_err(|error| MailError(format!("the mail service: {}", error.0)))?;
        if (200..300).contains(&answer.status) {
            return Ok(());
        }
        // Services repeat what they were sent, and addresses have no place in a log.
        let text = String::from_utf8_lossy(&answer.body).replace(&mail.to, "the recipient");
        let text: String = text.chars().filter(|c| !c.is_control()).take(ANSWER_CHARS_MAX).collect();
        Err(MailError(format!("the mail service answered {}: {text}", answer.status)))
    }
}

impl Mailer for ServiceMailer {
    fn send(&self, mail: Mail) -> PortFuture<'_, Result<(), MailError>> {
        Box::pin(self.hand_over(mail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(pairs: &[(&str, &str)]) -> Result<MailService, ConfigError> {
        let var =
            |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        MailService::from_vars(var, "shop@shop.example")
    }

    #[test]
    fn what_is_missing_is_named_and_no_key_is_shown() {
        let url = ("IPSWICH_MAIL_URL", "https://api.mail.example/emails");
        let key = ("IPSWICH_MAIL_KEY", "hush");
        assert_eq!(service(&[]).err(), Some(ConfigError::Missing("IPSWICH_MAIL_URL")));
        assert_eq!(service(&[url]).err(), Some(ConfigError::Missing("IPSWICH_MAIL_KEY")));
        for bad in ["http://api.mail.example/", "api.mail.example", "ftp://x", "https://"] {
            assert!(service(&[("IPSWICH_MAIL_URL", bad), key]).is_err(), "{bad}");
        }
        assert!(service(&[url, ("IPSWICH_MAIL_KEY", "a\nb")]).is_err());
        assert!(service(&[url, key, ("IPSWICH_MAIL_API", "pigeon")]).is_err());
        assert!(!format!("{:?}", service(&[url, key]).unwrap()).contains("hush"));
    }
}

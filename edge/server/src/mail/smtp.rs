//! Mails over SMTP.

use std::time::Duration;

use ipswich_shop::ConfigError;
use ipswich_shop::ports::{Mail, MailError, Mailer, PortFuture};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// How long a server may take for each step.
const PATIENCE: Duration = Duration::from_secs(15);

/// A mail server, as [`Mailer`]. Cheap to clone; connections are kept open for the next mail.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// What the names of messages end in.
    domain: String,
}

impl Smtp {
    /// Reads `IPSWICH_SMTP_HOST`, `IPSWICH_SMTP_TLS` (`starttls`, which holds if it is not set, `implicit`, or `none`
    /// for a server on this machine), `IPSWICH_SMTP_PORT` (the usual one if not set), and `IPSWICH_SMTP_USER` with
    /// `IPSWICH_SMTP_PASSWORD`, which come together, through `var`; `from` is the sender.
    pub fn from_vars(var: impl Fn(&str) -> Option<String>, from: &str) -> Result<Smtp, ConfigError> {
        let given = |name: &'static str| var(name).filter(|value| !value.is_empty());
        let host = given("IPSWICH_SMTP_HOST").ok_or(ConfigError::Missing("IPSWICH_SMTP_HOST"))?;
        let local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
        let no_host = |_| ConfigError::Invalid("IPSWICH_SMTP_HOST", "the name of a mail server");
        let builder = match given("IPSWICH_SMTP_TLS").as_deref().unwrap_or("starttls") {
            "starttls" => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&host).map_err(no_host)?,
            "implicit" => AsyncSmtpTransport::<Tokio1Executor>::relay(&host).map_err(no_host)?,
            "none" if local => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&host),
            _ => {
                let rule = "starttls or implicit, or none for a server on this machine";
                return Err(ConfigError::Invalid("IPSWICH_SMTP_TLS", rule));
            }
        };
        let port = given("IPSWICH_SMTP_PORT").map(|port| port.parse::<u16>()).transpose();
        let port = port.map_err(|_| ConfigError::Invalid("IPSWICH_SMTP_PORT", "a number up to 65535"))?;
        let credentials = match (given("IPSWICH_SMTP_USER"), given("IPSWICH_SMTP_PASSWORD")) {
            (Some(user), Some(password)) => Some(Credentials::new(user, password)),
            (None, None) => None,
            (None, Some(_)) => return Err(ConfigError::Missing("IPSWICH_SMTP_USER")),
            (Some(_), None) => return Err(ConfigError::Missing("IPSWICH_SMTP_PASSWORD")),
        };
        let from: Mailbox = from.parse().map_err(|_| ConfigError::MailFrom)?;
        let builder = builder.timeout(Some(PATIENCE));
        let builder = port.into_iter().fold(builder, |builder, port| builder.port(port));
        let builder =
            credentials.into_iter().fold(builder, |builder, credentials| builder.credentials(credentials));
        let domain = from.email.domain().to_owned();
        Ok(Smtp { transport: builder.build(), from, domain })
    }

    async fn hand_over(&self, mail: Mail) -> Result<(), MailError> {
        let Mail { to, subject, text, html, dedupe } = mail;
        // An answer may repeat the address, which has no place in a log.
        let failed = |error: &dyn std::error::Error| {
            let causes = std::iter::successors(Some(error), |error| error.source());
            let causes: Vec<String> = causes.map(ToString::to_string).collect();
            MailError(format!("the mail server: {}", causes.join(": ").replace(&to, "the recipient")))
        };
        let mailbox: Mailbox =
            to.parse().map_err(|_| MailError("the recipient has no address".to_owned()))?;
        // The same mail has the same name each time, so that it can be told when it comes twice.
        let hash = blake3::hash(dedupe.as_bytes()).to_hex();
        let name = format!("<{}@{}>", hash.get(..32).unwrap_or(&hash), self.domain);
        let message = Message::builder()
            .from(self.from.clone())
            .to(mailbox)
            .subject(subject)
            .message_id(Some(name))
            .multipart(MultiPart::alternative_plain_html(text, html))
            .map_err(|error| failed(&error))?;
        self.transport.send(message).await.map(|_| ()).map_err(|error| failed(&error))
    }
}

impl Mailer for Smtp {
    fn send(&self, mail: Mail) -> PortFuture<'_, Result<(), MailError>> {
        Box::pin(self.hand_over(mail))
    }
}

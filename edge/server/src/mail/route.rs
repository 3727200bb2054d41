//! Which way mails leave a native host.

use std::path::Path;
use std::sync::Arc;

use ipswich_shop::ports::{Http, Mailer};
use ipswich_shop::{ConfigError, MailService, ServiceMailer};

use super::{MailFolder, Smtp};

/// The way mails leave.
#[derive(Clone, Default)]
pub enum MailRoute {
    /// Into the folder `mail/` of the data, to be looked at or picked up.
    #[default]
    Files,
    /// Over a mail server.
    Smtp(Smtp),
    /// Over a service that takes JSON.
    Service(MailService),
}

impl MailRoute {
    /// Reads `IPSWICH_MAIL` (`files`, which holds if it is not set, `smtp` or `http`) and the variables of that way
    /// through `var`; `from` is the sender.
    pub fn from_vars(var: impl Fn(&str) -> Option<String>, from: &str) -> Result<MailRoute, ConfigError> {
        match var("IPSWICH_MAIL").as_deref() {
            None | Some("" | "files") => Ok(MailRoute::Files),
            Some("smtp") => Smtp::from_vars(var, from).map(MailRoute::Smtp),
            Some("http") => MailService::from_vars(var, from).map(MailRoute::Service),
            Some(_) => Err(ConfigError::Invalid("IPSWICH_MAIL", "files, smtp or http")),
        }
    }

    /// The port; `data` is the folder of the host.
    pub(crate) fn mailer(self, data: &Path, from: &str, http: &Arc<dyn Http>) -> Arc<dyn Mailer> {
        match self {
            MailRoute::Files => Arc::new(MailFolder::new(&data.join("mail"), from)),
            MailRoute::Smtp(smtp) => Arc::new(smtp),
            MailRoute::Service(service) => Arc::new(ServiceMailer::new(Arc::clone(http), service)),
        }
    }
}

//! The app of an isolate, made from the bindings at its first request and kept.

use std::sync::{Arc, OnceLock};

use axum::Router;
use ipswich_shop::ports::{Http, Mailer};
use ipswich_shop::{App, Config, ConfigError, MailService, Ports, ServiceMailer};
use worker::Env;

use crate::assets::Assets;
use crate::d1::D1;
use crate::mail::Binding;
use crate::outbound::Outbound;
use crate::system::{ConsoleLog, SystemClock, SystemEntropy};

/// Name of the database binding in `wrangler.toml`.
const DB: &str = "DB";
/// Name of the assets binding in `wrangler.toml`.
pub(crate) const ASSETS: &str = "ASSETS";
/// Name of the e-mail binding in `wrangler.toml`.
const EMAIL: &str = "EMAIL";

/// What an isolate keeps between requests. Bindings may be kept; what belongs to one request may not.
pub(crate) struct Isolate {
    /// The shop.
    pub(crate) app: App,
    /// Its routes; cloning is cheap.
    pub(crate) router: Router,
}

static ISOLATE: OnceLock<Isolate> = OnceLock::new();

impl Isolate {
    /// The app of this isolate. The error is for the log.
    pub(crate) fn get(env: &Env) -> Result<&'static Isolate, String> {
        if let Some(isolate) = ISOLATE.get() {
            return Ok(isolate);
        }
        let isolate = Isolate::assemble(env)?;
        Ok(ISOLATE.get_or_init(|| isolate))
    }

    fn assemble(env: &Env) -> Result<Isolate, String> {
        let variable = |name: &str| env.var(name).ok().map(|value| value.to_string());
        let config = Config::from_vars(variable).map_err(|error| error.to_string())?;
        let failed = |name: &str, error: worker::Error| format!("binding {name}: {error}");
        let http: Arc<dyn Http> = Arc::new(Outbound);
        let mailer: Arc<dyn Mailer> = match variable("IPSWICH_MAIL").as_deref() {
            None | Some("" | "binding") => {
                let binding = env.send_email(EMAIL).map_err(|error| failed(EMAIL, error))?;
                Arc::new(Binding::new(binding, config.mail_from().to_owned()))
            }
            Some("http") => {
                let service = MailService::from_vars(variable, config.mail_from());
                Arc::new(ServiceMailer::new(Arc::clone(&http), service.map_err(|error| error.to_string())?))
            }
            Some(_) => return Err(ConfigError::Invalid("IPSWICH_MAIL", "binding or http").to_string()),
        };
        let ports = Ports {
            db: Arc::new(D1::new(env.d1(DB).map_err(|error| failed(DB, error))?)),
            published: Arc::new(Assets::new(env.assets(ASSETS).map_err(|error| failed(ASSETS, error))?)),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            mailer,
            http,
            log: Arc::new(ConsoleLog),
        };
        let app = App::new(ports, config);
        let router = app.router();
        Ok(Isolate { app, router })
    }
}

/// One line of the log about the host itself.
pub(crate) fn log_line(event: &str, cause: &str) -> String {
    serde_json::json!({ "event": event, "cause": cause }).to_string()
}

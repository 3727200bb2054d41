//! The host: ports, static files and the shop's router put together, served until somebody says stop.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use ipswich_shop::ports::{Http, Log};
use ipswich_shop::{AfterResponse, App, Config, Ports, TickReport, routes};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::mail::MailRoute;
use crate::outbound::Outbound;
use crate::published::SiteFolder;
use crate::reload::Reload;
use crate::site::Site;
use crate::sqlite::Sqlite;
use crate::system::{StderrLog, SystemClock, SystemEntropy};

/// How often the clock ticks.
const TICK: Duration = Duration::from_secs(60);

/// Where a host finds and keeps things.
#[derive(Clone)]
pub struct Options {
    site: PathBuf,
    data: PathBuf,
    config: Config,
    log: Arc<dyn Log>,
    mail: MailRoute,
}

impl Options {
    /// A host for the output of the generator in `site`, with its database (`shop.sqlite`) and its mails (`mail/`) in
    /// `data`, which is created if it is not there. The log goes to standard error.
    pub fn new(site: &Path, data: &Path, config: Config) -> Options {
        Options {
            site: site.to_owned(),
            data: data.to_owned(),
            config,
            log: Arc::new(StderrLog),
            mail: MailRoute::Files,
        }
    }

    /// The same with another way for mails, which are files otherwise.
    #[must_use]
    pub fn with_mail(self, mail: MailRoute) -> Options {
        Options { mail, ..self }
    }

    /// The same with another log.
    #[must_use]
    pub fn with_log(self, log: Arc<dyn Log>) -> Options {
        Options { log, ..self }
    }
}

/// A shop that is ready to be served. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    app: App,
    site: Site,
    reload: Option<Reload>,
}

/// Why a host does not run.
#[derive(Debug)]
pub enum ServeError {
    /// The port is taken.
    PortBusy(u16),
    /// The data folder cannot be used.
    Data(PathBuf, io::Error),
    /// The database cannot be opened or migrated.
    Database(PathBuf, rusqlite::Error),
    /// The network failed.
    Network(io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::PortBusy(port) => write!(
                f,
                "port {port} is in use by another program; stop that one, or choose another port with --port"
            ),
            ServeError::Data(path, error) => write!(f, "{}: {error}", path.display()),
            ServeError::Database(path, error) => write!(f, "{}: {error}", path.display()),
            ServeError::Network(error) => write!(f, "cannot listen: {error}"),
        }
    }
}

impl std::error::Error for ServeError {}

/// Listens on a port of this machine, which nobody outside reaches; port 0 takes a free one.
pub async fn bind(port: u16) -> Result<TcpListener, ServeError> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(|error| {
        match error.kind() {
            io::ErrorKind::AddrInUse => ServeError::PortBusy(port),
            _ => ServeError::Network(error),
        }
    })
}

impl Host {
    /// Opens the data folder and brings the database up to date.
    pub fn open(options: Options) -> Result<Host, ServeError> {
        let Options { site, data, config, log, mail } = options;
        std::fs::create_dir_all(&data).map_err(|error| ServeError::Data(data.clone(), error))?;
        let file = data.join("shop.sqlite");
        let failed = |error| ServeError::Database(file.clone(), error);
        let database = Sqlite::open(&file).map_err(failed)?;
        database.migrate().map_err(failed)?;
        let http: Arc<dyn Http> = Arc::new(Outbound::default());
        let ports = Ports {
            db: Arc::new(database),
            published: Arc::new(SiteFolder::new(&site)),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            mailer: mail.mailer(&data, config.mail_from(), &http),
            http,
            log,
        };
        Ok(Host { app: App::new(ports, config), site: Site::new(&site), reload: None })
    }

    /// The same host for development: pages follow the builds that `reload` announces.
    #[must_use]
    pub fn with_reload(self, reload: Reload) -> Host {
        Host { reload: Some(reload), ..self }
    }

    /// The shop, for what command lines do with it.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// All that is served: the shop below its prefixes, static files elsewhere.
    pub fn router(&self) -> Router {
        let (app, shop, site) = (self.app.clone(), self.app.router(), self.site.clone());
        let router = Router::new().fallback(move |request: Request| {
            let (app, shop, site) = (app.clone(), shop.clone(), site.clone());
            async move { answer(app, shop, site, request).await }
        });
        match &self.reload {
            Some(reload) => reload.wrap(router),
            None => router,
        }
    }

    /// Serves until the process is told to stop (SIGINT, SIGTERM); requests that have begun are answered.
    pub async fn serve(self, listener: TcpListener) -> Result<(), ServeError> {
        let clock = tokio::spawn(tick(self.app.clone()));
        let stopped = axum::serve(listener, self.router()).with_graceful_shutdown(stop_signal());
        // A browser that holds its connection open must not keep the process alive.
        let served = tokio::select! {
            served = async { stopped.await } => served,
            () = async { stop_signal().await; tokio::time::sleep(Duration::from_secs(5)).await } => Ok(()),
        };
        clock.abort();
        served.map_err(ServeError::Network)
    }
}

/// Answers one request and, after it, sends the mails it left.
async fn answer(app: App, shop: Router, site: Site, request: Request) -> Response<Body> {
    if !routes::is_dynamic(request.uri().path()) {
        let (parts, _) = request.into_parts();
        return site.answer(parts).await;
    }
    let Ok(response) = shop.oneshot(request).await;
    if let Some(AfterResponse::FlushOutbox) = response.extensions().get() {
        tokio::spawn(async move { report(&app, "outbox", app.flush_outbox().await) });
    }
    response
}

/// The work of the clock, until the task is ended.
async fn tick(app: App) {
    let mut minutes = tokio::time::interval(TICK);
    minutes.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        minutes.tick().await;
        report(&app, "tick", app.tick().await);
    }
}

/// Logs what background work did, if it did anything.
fn report(app: &App, event: &str, done: TickReport) {
    if done != TickReport::default() {
        app.ports().log.line(serde_json::json!({ "event": event, "done": done }).to_string());
    }
}

/// Ends when the process is told to stop.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        else {
            // Without the one signal there is still the other.
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => (),
            _ = terminate.recv() => (),
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}

//! The native host, with a rebuild on every save.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use ipswich::{BuildFailure, BuildOptions, BuildReport, Problem, Workspace};
use ipswich_server::shop::{CreateStaffError, StaffRole, create_staff};
use ipswich_server::{Built, FileLog, Host, Mistake, Options, Reload};

use super::watch::{Changes, Saved};
use crate::commands::local::{self, DEMO_EMAIL, DEMO_NAME};
use crate::commands::site::{self, Purpose, Site};

/// Builds and serves until the process is told to stop.
pub(super) fn serve(port: u16, data: Option<PathBuf>) -> Result<ExitCode> {
    let root = site::project_root()?;
    let data = data.unwrap_or_else(|| root.join(".data/dev"));
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = ipswich_server::bind(port).await?;
        let port = listener.local_addr()?.port();
        let (out, workspace) = (data.join("dist"), Mutex::new(Workspace::new()));
        let builds = Builds { root, out, base_url: local::base_url(port), workspace };
        let changes = Changes::watch(&builds.root)?;
        let reload = Reload::default();
        let first = builds.first(&reload)?;
        let secret = local::remembered(&data.join("secret"), local::random_secret)?;
        let log = data.join("shop.log");
        let options = Options::new(&builds.out, &data, local::config(port, &secret)?)
            .with_log(Arc::new(FileLog::create(&log)?));
        let host = Host::open(options)?.with_reload(reload.clone());
        let password = demo_account(&host, &data).await?;
        greet(first.as_ref(), &builds, &data, &password);
        let watched = host.clone();
        std::thread::spawn(move || builds.follow(&changes, &watched, &reload));
        host.serve(listener).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// What is built, and where to.
struct Builds {
    root: PathBuf,
    out: PathBuf,
    base_url: String,
    /// What builds keep for the next one.
    workspace: Mutex<Workspace>,
}

impl Builds {
    /// The first build. With mistakes in the content the last good site is served, if there is one.
    fn first(&self, reload: &Reload) -> Result<Option<BuildReport>> {
        match self.build()? {
            Site::Built(report) => {
                reload.built(self.told(&report, &Saved::default()));
                Ok(Some(report))
            }
            Site::Mistakes(problems) => {
                reload.failed(problems.into_iter().map(mistake).collect());
                let is_there = self.out.join("index.html").is_file();
                eprintln!("{}", if is_there { "serving the last good site" } else { "waiting for a save" });
                Ok(None)
            }
        }
    }

    /// Rebuilds on every save and tells shop and browsers.
    fn follow(&self, changes: &Changes, host: &Host, reload: &Reload) {
        // All that was saved since the last good build: it is what the next one differs by.
        let mut saved = Saved::default();
        while let Some(more) = changes.wait() {
            saved.add(more);
            match self.build() {
                Ok(Site::Built(report)) => {
                    host.app().forget_release();
                    reload.built(self.told(&report, &saved));
                    saved = Saved::default();
                    eprintln!("{}", site::summary(&report));
                    self.make_index(host);
                }
                Ok(Site::Mistakes(problems)) => {
                    reload.failed(problems.into_iter().map(mistake).collect());
                    eprintln!("still serving the last good site");
                }
                Err(error) => {
                    reload.failed(vec![Mistake::of_no_file(format!("{error:#}"))]);
                    eprintln!("error: {error:#}");
                }
            }
        }
    }

    /// Makes the search index, which the pages did not wait for. There are no mistakes that they do not have.
    fn make_index(&self, host: &Host) {
        match self.build_with(Workspace::build) {
            Ok(_) => host.app().forget_release(),
            Err(error) => eprintln!("error: {error:#}"),
        }
    }

    fn build(&self) -> Result<Site> {
        self.build_with(Workspace::build_pages)
    }

    fn build_with(
        &self,
        build: fn(&mut Workspace, &BuildOptions) -> Result<BuildReport, BuildFailure>,
    ) -> Result<Site> {
        // A build that broke off may have left anything there.
        let mut workspace = self.workspace.lock().unwrap_or_else(|broken| {
            let mut workspace = broken.into_inner();
            *workspace = Workspace::new();
            workspace
        });
        let mut build = |options: &BuildOptions| build(&mut workspace, options);
        site::build_with(&mut build, &self.root, &self.out, Some(&self.base_url), Purpose::Editing)
    }

    /// What browsers need to know of a build.
    fn told(&self, report: &BuildReport, saved: &Saved) -> Built {
        let names = std::fs::read_dir(self.out.join("assets")).into_iter().flatten().flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut styles: Vec<String> =
            names.filter(|name| name.ends_with(".css")).map(|name| format!("/assets/{name}")).collect();
        styles.sort();
        Built { release: report.release.clone(), styles, only_styles: saved.only_styles() }
    }
}

/// A problem as pages show it.
fn mistake(problem: Problem) -> Mistake {
    let Problem { file, line, column, message, help, excerpt, width } = problem;
    Mistake { file, line, column, width, message, help, excerpt }
}

/// Creates the demo staff account unless it is there, and returns its password.
async fn demo_account(host: &Host, data: &Path) -> Result<String> {
    let password = local::remembered(&data.join("staff-password"), local::random_password)?;
    match create_staff(host.app(), DEMO_EMAIL, DEMO_NAME, &password, StaffRole::Admin).await {
        Ok(()) | Err(CreateStaffError::Exists) => Ok(password),
        Err(error) => Err(error.into()),
    }
}

fn greet(first: Option<&BuildReport>, builds: &Builds, data: &Path, password: &str) {
    if let Some(report) = first {
        eprintln!("{}", site::summary(report));
    }
    let Builds { base_url, .. } = builds;
    println!("shop     {base_url}/");
    println!("staff    {base_url}/admin/  {DEMO_EMAIL}  {password}");
    println!("mails    {}", data.join("mail").display());
    println!("log      {}", data.join("shop.log").display());
    println!("Saving a file below content/ or themes/ rebuilds the site. Ctrl-C ends.");
}

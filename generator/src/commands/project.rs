//! The arguments that name a project, and how the outcome of a build is told.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use ipswich::{BuildFailure, BuildOptions, BuildReport, Day, Format, Since, Step, report};

use super::site::{project_root, theme_root, today};
use super::{EXIT_CONTENT, tell_error};

/// The arguments that `build` and `check` share.
#[derive(clap::Args)]
pub(crate) struct ProjectArgs {
    /// The project: the folder that holds content/ and themes/ [default: this one, or the nearest above it]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The folder with the content, if it is not content/ in the project. Then shop.toml and home.md may be missing,
    /// and themes/ may be beside the content
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// The public address, if it is not that of content/shop.toml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The day of the build, for what is published from or until a day [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Day>,
    /// Build drafts and what is for other days too, with a badge
    #[arg(long)]
    drafts: bool,
    /// The release that this one follows: no page of it may vanish, no price may jump [default: release.json in the
    /// output folder, if it is there]
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Let pages of the last release go without a redirect
    #[arg(long)]
    allow_vanished: bool,
    /// How mistakes are shown
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Say nothing but mistakes
    #[arg(long, short)]
    quiet: bool,
}

impl ProjectArgs {
    /// What to build; `out` is `dist` in the project if not given.
    pub(crate) fn options(&self, out: Option<PathBuf>) -> Result<BuildOptions> {
        let root = match (&self.root, &self.content) {
            (Some(root), _) => root.clone(),
            (None, Some(content)) => theme_root(content)?,
            (None, None) => project_root()?,
        };
        let out = out.unwrap_or_else(|| root.join("dist"));
        let base_url = self.base_url.as_ref().map(|url| url.trim_end_matches('/').to_owned());
        let today = self.date.unwrap_or_else(today);
        Ok(BuildOptions {
            content: self.content.clone(),
            out,
            base_url,
            drafts: self.drafts,
            since: self.since.clone().map_or(Since::Output, Since::File),
            allow_vanished: self.allow_vanished,
            ..BuildOptions::new(root, today)
        })
    }

    /// A line that says what is being done, if somebody is watching.
    pub(crate) fn progress(&self) -> Progress {
        let watched = std::io::stderr().is_terminal() && !self.quiet && self.format == Format::Human;
        Progress(watched.then(|| {
            let style = ProgressStyle::with_template("{spinner} {msg}");
            let line =
                ProgressBar::new_spinner().with_style(style.unwrap_or(ProgressStyle::default_spinner()));
            line.enable_steady_tick(Duration::from_millis(80));
            line
        }))
    }

    /// Tells the outcome and returns the exit code.
    pub(crate) fn tell(
        &self,
        outcome: Result<BuildReport, BuildFailure>,
        summary: impl FnOnce(&BuildReport) -> String,
    ) -> ExitCode {
        match outcome {
            Ok(done) => {
                done.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
                match self.format {
                    Format::Json => print!("{}", report(&[], Format::Json)),
                    Format::Human | Format::Github if !self.quiet => println!("{}", summary(&done)),
                    Format::Human | Format::Github => {}
                }
                ExitCode::SUCCESS
            }
            Err(BuildFailure::Content(problems)) => {
                let text = report(&problems, self.format);
                match self.format {
                    Format::Human => {
                        let noun = if problems.len() == 1 { "mistake" } else { "mistakes" };
                        eprint!("{text}");
                        eprintln!("{} {noun}. Nothing was written.", problems.len());
                    }
                    Format::Json | Format::Github => print!("{text}"),
                }
                ExitCode::from(EXIT_CONTENT)
            }
            Err(BuildFailure::Io(error)) => tell_error(&error),
        }
    }
}

/// Tells people why a command did not do its work, and returns the exit code.
pub(crate) fn tell_failure(failure: BuildFailure) -> ExitCode {
    match failure {
        BuildFailure::Content(problems) => {
            let noun = if problems.len() == 1 { "mistake" } else { "mistakes" };
            eprint!("{}", report(&problems, Format::Human));
            eprintln!("{} {noun}. Nothing was written.", problems.len());
            ExitCode::from(EXIT_CONTENT)
        }
        BuildFailure::Io(error) => tell_error(&error),
    }
}

/// A line on the terminal, or none.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Says which step begins.
    pub(crate) fn step(&self, step: Step) {
        if let Some(line) = &self.0 {
            line.set_message(match step {
                Step::Read => "Reading content and theme",
                Step::Check => "Checking the content",
                Step::Render => "Rendering pages",
                Step::Write => "Writing what changed",
            });
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if let Some(line) = &self.0 {
            line.finish_and_clear();
        }
    }
}

/// `67 products (210 SKUs), 22 categories`
pub(crate) fn counts(report: &BuildReport) -> String {
    format!(
        "{} products ({} SKUs), {} categories, {} pages",
        report.products, report.skus, report.categories, report.pages
    )
}

/// `0.67 s`
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

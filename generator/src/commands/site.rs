//! What several commands do with the site: find the project, build, tell the outcome.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use ipswich::{BuildFailure, BuildOptions, BuildReport, Day, Format, Problem, Since, report};

use super::project::counts;

/// The outcome of a build that could read and write its files.
pub(crate) enum Site {
    /// There is a new output.
    Built(BuildReport),
    /// The content has these mistakes, which have been printed; the last good output is as it was.
    Mistakes(Vec<Problem>),
}

/// What a site is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Somebody writes: drafts are shown, pages may go and prices may jump.
    Editing,
    /// Somebody tries the site out as visitors will see it.
    Trial,
    /// It is to follow the last release.
    Release,
}

/// The folder that holds `content/` and `themes/`: this one or one above it.
pub(crate) fn project_root() -> Result<PathBuf> {
    project_root_of(&std::env::current_dir().context("the current folder is not there any more")?)
}

fn project_root_of(here: &Path) -> Result<PathBuf> {
    let found =
        here.ancestors().find(|folder| folder.join("content").is_dir() && folder.join("themes").is_dir());
    match found {
        Some(root) => Ok(root.to_owned()),
        None => bail!("there is no content/ and themes/ in {} or above it", here.display()),
    }
}

/// The folder whose `themes/` content in any place is shown with: the nearest above the content, or the project.
pub(crate) fn theme_root(content: &Path) -> Result<PathBuf> {
    let content = content.canonicalize().with_context(|| format!("cannot read {}", content.display()))?;
    let above = content.ancestors().find(|folder| folder.join("themes").is_dir());
    above.map_or_else(project_root, |folder| Ok(folder.to_owned()))
}

/// The day it is now in UTC.
pub(crate) fn today() -> Day {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Day::from_unix(since.as_secs())
}

/// Builds the site and prints mistakes of the content.
pub(crate) fn build(root: &Path, out: &Path, base_url: Option<&str>, purpose: Purpose) -> Result<Site> {
    build_with(&mut |options| ipswich::build(options), root, out, base_url, purpose)
}

/// Builds the site in another way, for those who build often.
pub(crate) fn build_with(
    build: &mut dyn FnMut(&BuildOptions) -> Result<BuildReport, BuildFailure>,
    root: &Path,
    out: &Path,
    base_url: Option<&str>,
    purpose: Purpose,
) -> Result<Site> {
    let options = BuildOptions {
        out: out.to_owned(),
        base_url: base_url.map(str::to_owned),
        drafts: purpose == Purpose::Editing,
        since: if purpose == Purpose::Release { Since::Output } else { Since::Nothing },
        ..BuildOptions::new(root, today())
    };
    match build(&options) {
        Ok(report) => {
            report.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
            Ok(Site::Built(report))
        }
        Err(BuildFailure::Content(problems)) => {
            eprint!("{}", report(&problems, Format::Human));
            eprintln!(
                "{} {} to mend",
                problems.len(),
                if problems.len() == 1 { "mistake" } else { "mistakes" }
            );
            Ok(Site::Mistakes(problems))
        }
        Err(BuildFailure::Io(error)) => Err(error),
    }
}

/// One line about a build.
pub(crate) fn summary(report: &BuildReport) -> String {
    format!("{} in {:.0?}, {} files written", counts(report), report.elapsed, report.written)
}

//! `ipswich build`

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use ipswich::{BuildReport, Step, build_with_progress};

use super::project::{ProjectArgs, counts, seconds};

/// Arguments of `ipswich build`.
#[derive(clap::Args)]
#[command(after_help = "\
Pages of the release in the output folder must not vanish without an alias or a redirect, and prices must not jump;
--since names the release.json of another release, such as the one that is live. A failed build leaves the output as it
was, and files that are right already are not written again.

Examples:
  ipswich build
  ipswich build --root shop --out public --base-url https://staging.shop.example
  ipswich build --date 2026-12-01 --out preview    what visitors will see on that day
  ipswich build --drafts --out preview             with drafts, each with a badge

Exit codes: 0 built, 1 mistakes in content or theme, 2 wrong use, 3 a file could not be read or written.")]
pub(crate) struct Args {
    #[command(flatten)]
    project: ProjectArgs,
    /// The folder for the output [default: dist in the project]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> ExitCode {
    let options = match args.project.options(args.out.clone()) {
        Ok(options) => options,
        Err(error) => return args.project.tell(Err(error.into()), |_| String::new()),
    };
    let progress = args.project.progress();
    let outcome = build_with_progress(&options, &|step| progress.step(step));
    progress.clear();
    args.project.tell(outcome, |report| summary(report, &options.out.display().to_string()))
}

fn summary(report: &BuildReport, out: &str) -> String {
    let mut text = format!("{} in {}\n", counts(report), seconds(report.elapsed));
    let _ = writeln!(
        text,
        "{} files, {:.1} MB in {out}: {} written, {} removed",
        report.files,
        report.bytes as f64 / 1e6,
        report.written,
        report.removed
    );
    let step = |(step, time): &(Step, std::time::Duration)| {
        let name = match step {
            Step::Read => "read",
            Step::Check => "check",
            Step::Render => "render",
            Step::Write => "write",
        };
        format!("{name} {}", seconds(*time))
    };
    let steps: Vec<String> = report.steps.iter().map(step).collect();
    let _ = write!(text, "{}; release {}", steps.join(", "), report.release);
    text
}

//! `ipswich check`

use std::process::ExitCode;

use ipswich::BuildFailure;

use super::project::{ProjectArgs, counts, seconds};

/// Arguments of `ipswich check`.
#[derive(clap::Args)]
#[command(after_help = "\
Does everything that build does, but writing. All mistakes come out in one run, sorted by file and line.

Examples:
  ipswich check
  ipswich check --quiet && git push
  ipswich check --format github      annotations in a workflow of GitHub Actions
  ipswich check --format json        {\"problems\": [{\"file\", \"line\", \"column\", \"message\", \"help\"}]}

Exit codes: 0 no mistakes, 1 mistakes in content or theme, 2 wrong use, 3 a file could not be read.")]
pub(crate) struct Args {
    #[command(flatten)]
    project: ProjectArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> ExitCode {
    let options = args.project.options(None).map_err(BuildFailure::Io);
    let outcome = options.and_then(|options| ipswich::check(&options));
    args.project
        .tell(outcome, |report| format!("No mistakes: {} in {}", counts(report), seconds(report.elapsed)))
}

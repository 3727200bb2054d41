//! `ipswich check`

use std::process::ExitCode;

use ipswich::BuildFailure;

use super::project::{ProjectArgs, counts, seconds};

/// Arguments of `ipswich check`.
#[derive(clap::Args)]
#[command(after_help = "\
Does everything that build does, but writing.
Exit codes: 0 no mistakes, 1 mistakes in content or theme, 2 a file could not be read.")]
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

//! `ipswich export`

use std::path::PathBuf;
use std::process::ExitCode;

use ipswich::BuildFailure;
use ipswich::export::export;

use super::project::tell_failure;
use super::site::{project_root, today};

/// Arguments of `ipswich export`.
#[derive(clap::Args)]
#[command(after_help = "\
One row per SKU; weights are grams, amounts include tax. Stock is what the files say, not what the database counts.
Texts that a spreadsheet would take for a formula begin with an apostrophe; `ipswich import ipswich` takes it away.

Examples:
  ipswich export > products.csv
  ipswich export --root shop --out products.csv --quiet

Exit codes: 0 exported, 1 mistakes in the content, 2 wrong use, 3 a file could not be read or written.")]
pub(crate) struct Args {
    /// The project: the folder that holds content/ and themes/ [default: this one, or the nearest above it]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The file to write [default: the terminal]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Say nothing but mistakes
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> ExitCode {
    match export_to(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => tell_failure(failure),
    }
}

fn export_to(args: &Args) -> Result<(), BuildFailure> {
    let root = args.root.clone().map_or_else(project_root, Ok)?;
    let text = export(&root, today())?;
    match &args.out {
        None => print!("{text}"),
        Some(out) => {
            std::fs::write(out, &text)
                .map_err(|error| anyhow::anyhow!("cannot write {}: {error}", out.display()))?;
            if !args.quiet {
                println!("{} rows in {}", text.matches("\r\n").count().saturating_sub(1), out.display());
            }
        }
    }
    Ok(())
}

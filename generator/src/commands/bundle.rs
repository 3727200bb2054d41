//! `ipswich bundle`

use std::process::ExitCode;

use anyhow::Result;
use ipswich::bundle::bundle;
use ipswich::tools::Tools;

use super::site::{self, Purpose, Site};

/// Arguments of `ipswich bundle`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Build the site into dist/ as well. The variable IPSWICH_BASE_URL, if set, is its address
    #[arg(long)]
    site: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> ExitCode {
    super::exit(execute(args))
}

fn execute(args: &Args) -> Result<ExitCode> {
    let root = site::project_root()?;
    if args.site {
        let address = std::env::var("IPSWICH_BASE_URL").ok().filter(|address| !address.is_empty());
        // Another address than that of the settings is a machine of ours, not the public.
        let purpose = if address.is_some() { Purpose::Trial } else { Purpose::Release };
        match site::build(&root, &root.join("dist"), address.as_deref(), purpose)? {
            Site::Built(report) => eprintln!("{}", site::summary(&report)),
            Site::Mistakes(_) => return Ok(ExitCode::FAILURE),
        }
    }
    let bundle = bundle(&Tools::ensure(&root)?)?;
    eprintln!(
        "Worker: {} kB, {} kB gzipped{}",
        bundle.bytes.div_ceil(1000),
        bundle.gzipped.div_ceil(1000),
        if bundle.reused { ", unchanged" } else { "" }
    );
    Ok(ExitCode::SUCCESS)
}

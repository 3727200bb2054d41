//! `ipswich dev`

use std::path::PathBuf;
use std::process::ExitCode;

mod native;
mod watch;
mod worker;

/// Arguments of `ipswich dev`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The port on this machine
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// The folder for the built site, database and mails [default: .data/dev in the project]
    #[arg(long, conflicts_with = "edge")]
    data: Option<PathBuf>,
    /// Serve the Worker in workerd with a local D1, as in production, instead of the native host
    #[arg(long)]
    edge: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> ExitCode {
    super::exit(if args.edge {
        worker::serve(args.port)
    } else {
        native::serve(args.port, args.data.clone())
    })
}

//! `ipswich new`

use std::path::PathBuf;
use std::process::ExitCode;

use ipswich::new::new_product;

use super::exit;
use super::site::{project_root, today};

/// Arguments of `ipswich new`.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  ipswich new product \"Stoneware Mug\"

Prints the path of the file. Exit codes: 0 begun, 2 wrong use, 3 the file is there already or cannot be written.")]
pub(crate) struct Args {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(clap::Subcommand)]
enum Kind {
    /// Begin content/products/<slug>.md, with a comment on each key; nothing is sold until you say its stock
    Product {
        /// What the product is called
        title: String,
        /// The content folder to write to [default: content in the project]
        #[arg(long, value_name = "DIR")]
        into: Option<PathBuf>,
        /// Do not print the path
        #[arg(long, short)]
        quiet: bool,
    },
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> ExitCode {
    let Kind::Product { title, into, quiet } = &args.kind;
    let content = into.clone().map_or_else(|| project_root().map(|root| root.join("content")), Ok);
    let outcome = content.and_then(|content| new_product(&content, title, &today().to_string()));
    exit(outcome.map(|path| {
        if !quiet {
            println!("{}", path.display());
        }
        ExitCode::SUCCESS
    }))
}

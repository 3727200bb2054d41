//! `ipswich import`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use ipswich::import::{ImportOptions, Source, import};

use super::project::tell_failure;
use super::site::{project_root, today};

/// Arguments of `ipswich import`.
#[derive(clap::Args)]
#[command(after_help = "\
Each product becomes content/products/<slug>.md; categories that are missing are added. Prices are taken as amounts in
the currency of content/shop.toml. A report at the end lists what could not be carried, by reason and product.
Importing a file again changes nothing, and files that were edited since are left alone (see --overwrite).

Examples:
  ipswich import shopify products_export.csv --images photos/ --dry-run
  ipswich import woocommerce wc-product-export.csv --tax standard --stock 5
  ipswich import ipswich products.csv      what `ipswich export` wrote, perhaps with new prices

Exit codes: 0 imported, 1 mistakes in the file (nothing is written), 2 wrong use, 3 a file could not be read or
written.")]
pub(crate) struct Args {
    /// Whose export the file is
    source: Source,
    /// The CSV file
    file: PathBuf,
    /// A folder with the pictures that the file names
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// The content folder to write to [default: content in the project]
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// The tax class of goods that are taxed as usual [default: the first of shop.toml]
    #[arg(long, value_name = "ID")]
    tax: Option<String>,
    /// Pieces on hand of goods that are not counted there
    #[arg(long, value_name = "PIECES", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    stock: u32,
    /// Replace files that were edited since they were imported, and files of the same name that were not imported
    #[arg(long)]
    overwrite: bool,
    /// Write nothing, only report
    #[arg(long)]
    dry_run: bool,
    /// Say nothing but mistakes; the report too is left out
    #[arg(long, short, conflicts_with = "dry_run")]
    quiet: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> ExitCode {
    let outcome = options(args).map_err(Into::into).and_then(|options| import(&options));
    match outcome {
        Ok(report) => {
            if !args.quiet {
                print!("{report}");
            }
            if args.dry_run {
                println!("Nothing was written.");
            }
            ExitCode::SUCCESS
        }
        Err(failure) => tell_failure(failure),
    }
}

fn options(args: &Args) -> Result<ImportOptions> {
    let content = match &args.into {
        Some(into) => into.clone(),
        None => project_root().context("name the content folder with --into")?.join("content"),
    };
    let own = content.join("shop.toml");
    let settings = if own.is_file() { own } else { project_root()?.join("content/shop.toml") };
    Ok(ImportOptions {
        source: args.source,
        file: args.file.clone(),
        images: args.images.clone(),
        into: content,
        settings,
        tax: args.tax.clone(),
        stock: args.stock,
        published: today().to_string(),
        overwrite: args.overwrite,
        dry_run: args.dry_run,
    })
}

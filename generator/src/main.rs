//! The command line: reads arguments, runs one command, turns its outcome into an exit code.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod commands;

/// Builds make and drop many small values on all cores, which is a fifth slower with the allocator of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Builds, checks and serves the shop.
#[derive(Parser)]
#[command(name = "ipswich", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site from content/ and themes/ into dist/
    Build(commands::build::Args),
    /// Check the content and publish nothing
    Check(commands::check::Args),
    /// Write products from the CSV export of another shop into content/
    Import(commands::import::Args),
    /// Write all products and variants as CSV
    Export(commands::export::Args),
    /// Begin a content file
    New(commands::new::Args),
    /// Build and serve the whole shop on this machine, and rebuild on every save
    Dev(commands::dev::Args),
    /// Serve a built site and the shop on this machine
    Serve(commands::serve::Args),
    /// Create a staff account
    Staff(commands::staff::Args),
    /// Compile the Worker to WebAssembly into edge/build/
    Bundle(commands::bundle::Args),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Build(args) => commands::build::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Import(args) => commands::import::run(&args),
        Command::Export(args) => commands::export::run(&args),
        Command::New(args) => commands::new::run(&args),
        Command::Dev(args) => commands::dev::run(&args),
        Command::Serve(args) => commands::serve::run(&args),
        Command::Staff(args) => commands::staff::run(&args),
        Command::Bundle(args) => commands::bundle::run(&args),
    }
}

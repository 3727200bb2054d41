//! The command line: reads arguments, runs one command, turns its outcome into an exit code.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

mod commands;

/// Builds make and drop many small values on all cores, which is a fifth slower with the allocator of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Builds, checks and serves the shop.
///
/// A project is a folder with content/ (Markdown files, pictures, shop.toml) and themes/. Commands find it from the
/// folder they are run in; --root names another one.
#[derive(Parser)]
#[command(name = "ipswich", version, after_help = EXAMPLES, after_long_help = LONG_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str =
    "`ipswich help COMMAND` says more about a command; --help also lists examples and exit codes.";

const LONG_HELP: &str = "\
Examples:
  ipswich dev                                  write, and see each save in the browser
  ipswich check --format github                annotate a pull request with every mistake
  ipswich build --since live/release.json      build what is to follow a release
  ipswich import shopify export.csv --dry-run  see what an import would do
  ipswich completions bash > /etc/bash_completion.d/ipswich

Exit codes, of every command:
  0  done
  1  mistakes in content, theme or an imported file; all of them are listed, and nothing was written
  2  an argument makes no sense; nothing was done
  3  the work could not be done: a file cannot be read or written, a port is taken, a tool failed";

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
    /// Write the completion script of a shell to the terminal
    Completions(commands::completions::Args),
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
        Command::Completions(args) => commands::completions::run(&args, Cli::command()),
    }
}

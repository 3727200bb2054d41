//! One module per command: its arguments, and a `run` that returns the exit code.

use std::process::ExitCode;

use anyhow::Result;
use ipswich::WrongUse;

pub(crate) mod build;
pub(crate) mod bundle;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod dev;
pub(crate) mod export;
pub(crate) mod import;
mod local;
pub(crate) mod new;
mod project;
pub(crate) mod serve;
mod site;
pub(crate) mod staff;

/// Content, theme or an imported file have mistakes.
const EXIT_CONTENT: u8 = 1;

/// An argument makes no sense. The parser of the command line uses the same code.
const EXIT_USAGE: u8 = 2;

/// The work could not be done.
const EXIT_FAILED: u8 = 3;

/// The exit code of an outcome; an error is printed with its causes.
fn exit(outcome: Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| tell_error(&error))
}

/// Prints an error with its causes and returns its exit code.
fn tell_error(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::from(if error.is::<WrongUse>() { EXIT_USAGE } else { EXIT_FAILED })
}

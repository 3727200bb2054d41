//! One module per command: its arguments, and a `run` that returns the exit code.

use std::process::ExitCode;

use anyhow::Result;

pub(crate) mod build;
pub(crate) mod bundle;
pub(crate) mod check;
pub(crate) mod dev;
pub(crate) mod export;
pub(crate) mod import;
mod local;
pub(crate) mod new;
mod project;
pub(crate) mod serve;
mod site;
pub(crate) mod staff;

/// The exit code of an outcome; an error is printed with its causes.
fn exit(outcome: Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

//! One module per command: its arguments, and a `run` that returns the exit code.

pub(crate) mod build;
pub(crate) mod bundle;
pub(crate) mod check;
pub(crate) mod dev;
mod project;

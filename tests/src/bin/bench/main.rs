//! Measures builds.
//!
//! - `bench synth COUNT DIR` makes a large shop out of the real one.
//! - `bench convert NEUTRAL DIR` turns a neutral catalog of the comparison of generators into content of this one.
//!
//! `tests/bench/compare.sh` runs the comparison.

use std::path::Path;

use anyhow::{Result, bail};

mod convert;
mod synth;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["synth", count, target] => synth::run(count, Path::new(target)),
        ["convert", neutral, target] => convert::run(Path::new(neutral), Path::new(target)),
        _ => bail!("usage: bench synth COUNT DIR | bench convert NEUTRAL DIR"),
    }
}

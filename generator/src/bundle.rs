//! The Worker as WebAssembly: `edge/` in, `edge/build/` out.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use walkdir::WalkDir;

use crate::tools::{Tools, gather};

/// The cargo profile of the Worker.
const PROFILE: &str = "edge";

/// Where the hash of everything the Worker is made from is kept.
const STAMP: &str = "edge/build/.inputs";

/// What the Worker is made from, beside the versions of the tools. A package that the Worker comes to depend on must
/// stand here; the test of the arrows between packages keeps that list short.
const INPUTS: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "package-lock.json",
    "edge/Cargo.toml",
    "edge/src",
    "edge/shop",
    "generator/catalog",
    "generator/theme",
];

/// What a bundle weighs.
#[derive(Clone, Copy, Debug)]
pub struct Bundle {
    /// Bytes of WebAssembly and JavaScript.
    pub bytes: u64,
    /// The same after gzip, which is what the platform's limits count.
    pub gzipped: u64,
    /// Whether nothing had changed since the last run, so that nothing was done.
    pub reused: bool,
}

/// Compiles the Worker, unless nothing it is made from has changed.
pub fn bundle(tools: &Tools) -> Result<Bundle> {
    let root = tools.root();
    let inputs = hash_inputs(root)?;
    let stamp = root.join(STAMP);
    let reused = fs::read_to_string(&stamp).is_ok_and(|stamped| stamped == inputs)
        && outputs(root).iter().all(|file| file.is_file());
    if !reused {
        let mut build = tools.worker_build();
        build.args(["--profile", PROFILE]).stdout(Stdio::null());
        gather(&mut build).context("the Worker could not be compiled")?;
        fs::write(&stamp, inputs).with_context(|| format!("cannot write {}", stamp.display()))?;
    }
    let mut bundle = Bundle { bytes: 0, gzipped: 0, reused };
    for file in outputs(root) {
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        bundle.bytes += bytes.len() as u64;
        bundle.gzipped += gzip_size(&bytes)?;
    }
    Ok(bundle)
}

/// The files that are deployed.
fn outputs(root: &Path) -> [PathBuf; 2] {
    ["edge/build/index.js", "edge/build/index_bg.wasm"].map(|file| root.join(file))
}

fn gzip_size(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

/// One hash over names and bytes of all inputs.
fn hash_inputs(root: &Path) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    for input in INPUTS {
        let path = root.join(input);
        if !path.exists() {
            bail!("{} is not there", path.display());
        }
        for entry in WalkDir::new(&path).sort_by_file_name() {
            let entry = entry?;
            if entry.file_type().is_file() {
                let bytes = fs::read(entry.path())
                    .with_context(|| format!("cannot read {}", entry.path().display()))?;
                let name = entry.path().strip_prefix(root).unwrap_or(entry.path());
                hasher.update(name.to_string_lossy().as_bytes());
                hasher.update(&(bytes.len() as u64).to_le_bytes());
                hasher.update(&bytes);
            }
        }
    }
    Ok(hasher.finalize().to_hex().to_string())
}

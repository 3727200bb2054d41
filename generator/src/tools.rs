//! The tools that the edge side needs beside Rust: which, in which version, what for, and how they get here.
//!
//! Everything is installed into the project, into folders that git ignores (`.tools/`, `node_modules/`), and reused
//! as long as its version is the wanted one. Nothing is installed for the machine.

mod cargo;
mod node;
mod npm;
mod process;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

pub use process::{gather, run};

/// Compiles the Worker: cargo, wasm-bindgen, wasm-opt and esbuild in the right order. The version is that of `worker`.
const WORKER_BUILD: &str = "0.8.7";

/// The tools, all there and ready to be called.
#[derive(Clone, Debug)]
pub struct Tools {
    root: PathBuf,
    /// The `PATH` of called tools: the project's Node, if it has one, comes first.
    path: OsString,
    node: PathBuf,
}

impl Tools {
    /// Finds the tools of the project at `root` and installs what is missing. Says what it installs, and why, on
    /// standard error.
    pub fn ensure(root: &Path) -> Result<Tools> {
        let root = root.canonicalize().with_context(|| format!("no such folder: {}", root.display()))?;
        cargo::ensure(&root, "worker-build", WORKER_BUILD, cargo::Lock::Own, "compiles the Worker")?;
        let bindgen = cargo::locked_version(&root, "wasm-bindgen")?;
        let why = "makes the JavaScript side of the Worker; its version is that of Cargo.lock";
        cargo::ensure(&root, "wasm-bindgen-cli", &bindgen, cargo::Lock::Newest, why)?;
        let node = node::ensure(&root)?;
        npm::ensure(&root)?;
        let path = match node.parent() {
            Some(folder) => process::path_with(folder)?,
            None => std::env::var_os("PATH").unwrap_or_default(),
        };
        Ok(Tools { root, path, node })
    }

    /// The project.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Node, new enough for wrangler and the browser tests.
    pub fn node(&self) -> Command {
        self.command(&self.node)
    }

    /// Wrangler, which asks nothing and reports nothing home.
    pub fn wrangler(&self) -> Command {
        let mut command = self.node();
        command.arg(self.root.join("node_modules/wrangler/bin/wrangler.js"));
        command
    }

    /// `worker-build`, in the Worker's folder and with all its helpers, so that it downloads nothing.
    pub fn worker_build(&self) -> Command {
        let mut command = self.command(&cargo::binary(&self.root, "worker-build"));
        command
            .current_dir(self.root.join("edge"))
            .env("WASM_BINDGEN_BIN", cargo::binary(&self.root, "wasm-bindgen"))
            .env("ESBUILD_BIN", self.root.join("node_modules/.bin/esbuild"))
            // A shopper who closes the page must not stop a checkout half-way.
            .env("RUN_TO_COMPLETION", "1");
        command
    }

    /// `wasm-opt`, which makes WebAssembly smaller.
    pub fn wasm_opt(&self) -> Command {
        let mut command = self.node();
        command.arg(self.root.join("node_modules/binaryen/bin/wasm-opt"));
        command
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("PATH", &self.path)
            .env("WRANGLER_SEND_METRICS", "false")
            // The local runtime would ask the internet where this machine is.
            .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
            .env("CI", "true")
            .env("NO_UPDATE_NOTIFIER", "1");
        command
    }
}

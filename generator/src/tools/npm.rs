//! Tools from npm, exactly those of `package-lock.json`, in `node_modules/`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::process;

/// Where the hash of the lock file is kept that `node_modules/` was made from.
const STAMP: &str = "node_modules/.lock-hash";

/// Installs what the lock file lists, unless that is what there is.
pub(super) fn ensure(root: &Path) -> Result<()> {
    let lock = root.join("package-lock.json");
    let bytes = std::fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let hash = blake3::hash(&bytes).to_hex();
    let stamp = root.join(STAMP);
    if std::fs::read_to_string(&stamp).is_ok_and(|stamped| stamped == hash.as_str()) {
        return Ok(());
    }
    require()?;
    let why = "wrangler, wasm-opt, esbuild and the browser tests, as package-lock.json says";
    process::announce("npm packages", "", why, "node_modules/");
    let mut install = Command::new("npm");
    install.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(root);
    // Chromium comes from the system.
    install.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    process::gather(&mut install).context("the npm packages could not be installed")?;
    std::fs::write(&stamp, hash.as_str()).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Refuses to go on without npm, in words that help.
pub(super) fn require() -> Result<()> {
    if process::version(Path::new("npm"))?.is_none() {
        bail!(
            "npm is not there; it comes with Node.js: `apt-get install nodejs npm` on Debian, otherwise see \
             https://nodejs.org (plain `cargo dev` needs neither)"
        );
    }
    Ok(())
}

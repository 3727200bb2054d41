//! Tools written in Rust, compiled by `cargo install` into `.tools/cargo/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use super::process;

/// Which versions of its dependencies a tool is compiled with.
#[derive(Clone, Copy)]
pub(super) enum Lock {
    /// Those of the lock file that its authors published.
    Own,
    /// The newest that fit, because the published ones do not compile any more or are missing.
    Newest,
}

/// Where a compiled tool is.
pub(super) fn binary(root: &Path, name: &str) -> PathBuf {
    root.join(".tools/cargo/bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Compiles a tool unless the wanted version is there. A crate that ends in `-cli` makes a program without that end.
pub(super) fn ensure(root: &Path, krate: &str, version: &str, lock: Lock, why: &str) -> Result<()> {
    let program = binary(root, krate.strip_suffix("-cli").unwrap_or(krate));
    let found = process::version(&program)?;
    if found.is_some_and(|text| text.split_whitespace().any(|word| word == version)) {
        return Ok(());
    }
    process::announce(krate, version, why, ".tools/; a few minutes, once");
    let target = root.join(".tools/target");
    let mut install = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    install.args(["install", "--quiet", "--force", krate, "--version", &format!("={version}")]);
    install.arg("--root").arg(root.join(".tools/cargo")).env("CARGO_TARGET_DIR", &target);
    if matches!(lock, Lock::Own) {
        install.arg("--locked");
    }
    process::run(&mut install).with_context(|| format!("{krate} {version} could not be installed"))?;
    // The intermediate files are large and never used again.
    let _ = std::fs::remove_dir_all(&target);
    Ok(())
}

/// The version of a crate in the project's `Cargo.lock`.
pub(super) fn locked_version(root: &Path, krate: &str) -> Result<String> {
    let path = root.join("Cargo.lock");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let lock: toml::Table = text.parse().with_context(|| format!("cannot understand {}", path.display()))?;
    let packages = lock
        .get("package")
        .and_then(toml::Value::as_array)
        .ok_or_else(|| anyhow!("no packages in Cargo.lock"))?;
    let field = |package: &toml::Value, name: &str| {
        package.get(name).and_then(toml::Value::as_str).map(str::to_owned)
    };
    let versions: Vec<String> = packages
        .iter()
        .filter(|package| field(package, "name").as_deref() == Some(krate))
        .filter_map(|package| field(package, "version"))
        .collect();
    match versions.as_slice() {
        [version] => Ok(version.clone()),
        [] => bail!("Cargo.lock has no {krate}"),
        many => bail!("Cargo.lock has {} versions of {krate}: {}", many.len(), many.join(", ")),
    }
}

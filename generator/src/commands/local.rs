//! Secrets of this machine: made at random once, kept in a folder that git ignores.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use ipswich_server::SystemEntropy;
use ipswich_server::shop::Config;
use ipswich_server::shop::ports::Entropy;

/// The address of the demo staff account. The top-level domain `example` belongs to nobody.
pub(crate) const DEMO_EMAIL: &str = "owner@ipswich-retail.example";

/// The name of the demo staff account.
pub(crate) const DEMO_NAME: &str = "Demo Owner";

/// 64 random hexadecimal digits.
pub(crate) fn random_secret() -> Result<String> {
    let bytes = SystemEntropy.bytes().map_err(|_| anyhow!("the system has no randomness to give"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A password that can be typed: four groups of random letters and digits.
pub(crate) fn random_password() -> Result<String> {
    let secret = random_secret()?;
    let groups: Vec<&str> =
        secret.as_bytes().chunks(5).take(4).filter_map(|group| str::from_utf8(group).ok()).collect();
    Ok(groups.join("-"))
}

/// The text of a file, or what `make` makes if there is no such file; then it is there the next time. Only the owner
/// may read it.
pub(crate) fn remembered(path: &Path, make: impl FnOnce() -> Result<String>) -> Result<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => (),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
    let text = make()?;
    write_private(path, &format!("{text}\n"))?;
    Ok(text)
}

/// Writes a file that only its owner may read, with its folder.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    let failed = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(failed)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).and_then(|mut file| file.write_all(text.as_bytes())).with_context(failed)
}

/// The settings of a shop on this machine.
pub(crate) fn config(port: u16, secret: &str) -> Result<Config> {
    Ok(Config::from_vars(|name| match name {
        "IPSWICH_ENVIRONMENT" => Some("development".to_owned()),
        "IPSWICH_BASE_URL" => Some(base_url(port)),
        "IPSWICH_SECRET" => Some(secret.to_owned()),
        "IPSWICH_MAIL_FROM" => Some("hello@ipswich-retail.example".to_owned()),
        _ => None,
    })?)
}

/// The address of a shop on this machine.
pub(crate) fn base_url(port: u16) -> String {
    format!("http://localhost:{port}")
}

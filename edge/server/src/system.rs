//! Clock, randomness and log of the operating system.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use ipswich_shop::ports::{Clock, Entropy, EntropyError, Log};

/// The system's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }
}

/// The system's randomness.
#[derive(Clone, Copy, Debug)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn bytes(&self) -> Result<[u8; 32], EntropyError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| EntropyError)?;
        Ok(bytes)
    }
}

/// The log on standard error, a line of JSON each.
#[derive(Clone, Copy, Debug)]
pub struct StderrLog;

impl Log for StderrLog {
    fn line(&self, line: String) {
        // A closed standard error is no reason to stop selling.
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }
}

/// The log in a file, a line of JSON each.
#[derive(Debug)]
pub struct FileLog(Mutex<File>);

impl FileLog {
    /// Begins an empty file.
    pub fn create(path: &Path) -> std::io::Result<FileLog> {
        Ok(FileLog(Mutex::new(File::create(path)?)))
    }
}

impl Log for FileLog {
    fn line(&self, line: String) {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk is no reason to stop selling.
        let _ = writeln!(file, "{line}");
    }
}

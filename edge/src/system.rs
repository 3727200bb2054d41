//! Clock, randomness and log of the platform.

use ipswich_shop::ports::{Clock, Entropy, EntropyError, Log};
use worker::Date;

/// The clock of the platform: it stands still while the Worker computes and moves on with each wait.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        i64::try_from(Date::now().as_millis() / 1000).unwrap_or(i64::MAX)
    }
}

/// WebCrypto's random values.
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn bytes(&self) -> Result<[u8; 32], EntropyError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| EntropyError)?;
        Ok(bytes)
    }
}

/// `console.log`, which Workers Logs collects and `wrangler tail` shows.
pub(crate) struct ConsoleLog;

impl Log for ConsoleLog {
    fn line(&self, line: String) {
        worker::console_log!("{line}");
    }
}

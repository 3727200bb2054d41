//! Tries to sign in, and to be told of goods, counted exactly and before a password is looked at, so that trying many at once gains nothing.

use crate::ports::Statement;

/// Wrong passwords in one window after which an account is left alone.
pub(crate) const TRIES_MAX: i64 = 10;

/// Seconds a window lasts, from its first try.
const WINDOW_SECONDS: i64 = 15 * 60;

/// The tries of an account in the present window.
#[derive(Debug)]
pub(crate) struct TriesRow {
    tries: i64,
    until: i64,
}
crate::ports::from_row!(TriesRow { ; tries, until });

impl TriesRow {
    /// Seconds to wait if there were too many tries.
    pub(crate) fn wait(&self, now: i64) -> Option<i64> {
        (self.tries > TRIES_MAX).then(|| self.until.saturating_sub(now).max(1))
    }
}

/// Counts a try and returns the [`TriesRow`]. Tries that are refused do not make a window longer.
pub(crate) fn count(account: &str, now: i64) -> Statement {
    Statement::new(
        "insert into sign_in(account, tries, until) values(?1, 1, ?3)
         on conflict(account) do update set
           tries = iif(until <= ?2, 1, min(tries + 1, 1000)), until = iif(until <= ?2, ?3, until)
         returning tries, until",
        [account.into(), now.into(), now.saturating_add(WINDOW_SECONDS).into()],
    )
}

/// The password was right.
pub(crate) fn forget(account: &str) -> Statement {
    Statement::new("delete from sign_in where account = ?1", [account.into()])
}

/// Removes windows that are over.
pub(crate) fn purge(now: i64) -> Statement {
    Statement::new("delete from sign_in where until <= ?1", [now.into()])
}

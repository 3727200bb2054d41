//! An attempt to be paid by card: what was asked of Stripe, and when.

/// How long Stripe can take a request for a session: it wants 30 minutes until the session expires, and we ask for 31.
const TAKEN_SECONDS: i64 = 60;

/// How long Stripe knows our keys, with an hour to spare, in seconds.
const KEY_SECONDS: i64 = 23 * 3_600;

/// The most attempts of an order; the schema has the same number.
pub(crate) const ATTEMPTS_MAX: i64 = 9;

/// A session that Stripe was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// Counts from 1.
    pub(crate) n: i64,
    /// `cs_…`, once Stripe has answered.
    pub(crate) session: Option<String>,
    /// Whether it may still be paid as far as we know.
    pub(crate) is_live: bool,
    pub(crate) asked_at: i64,
    /// When the session ends, in Unix seconds; Stripe was asked for this moment.
    pub(crate) expires_at: i64,
}

impl Attempt {
    /// Whether a request that was lost can no longer be carried out: Stripe would refuse its `expires_at`.
    pub(crate) fn is_stale(&self, now: i64) -> bool {
        now.saturating_sub(self.asked_at) > TAKEN_SECONDS
    }

    /// Whether Stripe still knows the answer to our key.
    pub(crate) fn has_its_key(&self, now: i64) -> bool {
        now.saturating_sub(self.asked_at) < KEY_SECONDS
    }
}

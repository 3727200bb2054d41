//! Paying by card, against a stand-in that remembers.

mod checkout;
mod reconcile;
mod refunds;
mod webhooks;

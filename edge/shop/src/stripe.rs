//! Stripe as the shop sees it: calls, messages, signatures. Says what is; what follows from it is in [`crate::card`].

mod client;
mod event;
mod session;
pub(crate) mod signature;

pub(crate) use client::{CallError, Client};
pub(crate) use event::{Dispute, Message, News, Refund, RefundStatus};
pub(crate) use session::{CHECKOUT, Session, Status};

//! The simulator: a whole shop, many people and a bad network on one thread, all of it following from one seed.
//!
//! 1. An [`episode`] begins with an empty database and the real migrations ([`world`]).
//! 2. Each step begins an action of somebody ([`actors`]) or lets one that waits go on: every call to the database or
//!    to the mail waits once before and once after it runs ([`port`]), so that requests overtake each other there.
//! 3. Calls fail in seven ways, the shop is killed and started again, releases change, the clock jumps.
//! 4. After each step that wrote something, every invariant of the shop and what people were told ([`check`]) must
//!    hold.
//!
//! The same seed gives the same run, down to the last byte that goes to the database; [`Outcome::trace`] is a hash over
//! it. New people are added to the list in [`actors`]; what is told to them is remembered in [`model`].
//!
//! [`fail`] breaks each single call of each flow, [`mutate`] breaks each guard of the database to see whether any of
//! this notices.

mod actors;
mod check;
mod episode;
pub mod fail;
pub mod guards;
mod model;
pub mod mutate;
pub mod port;
mod rng;
mod vandal;
mod world;

pub use episode::{Outcome, Plan, Stats, run};
pub use guards::{Breaking, Guard};

/// Steps of one episode. Databases stay small, so that checking all of it after each step costs little.
pub const EPISODE_STEPS: u64 = 250;

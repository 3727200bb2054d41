//! Proof that the proof works: takes each guard of the database away and looks whether anything notices.
//!
//! First people use the shop as always, from several seeds. If all stays green, [`vandal`] sends what
//! the guard alone would refuse: then it is a second line of defence, behind code that is right today.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::episode::{Plan, run};
use super::guards::{self, Guard, Kind};
use super::vandal;

/// What noticed that a guard was gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// People who use the shop, after so many steps.
    ByPeople {
        /// The rule that was broken.
        rule: String,
        /// Steps until then.
        steps: u64,
    },
    /// Only a statement that no code of ours sends.
    ByVandal {
        /// The statement.
        statement: &'static str,
        /// Invariants that noticed it afterwards.
        noticed: Vec<&'static str>,
    },
    /// Nothing.
    ByNothing,
}

/// A guard and what noticed that it was gone.
#[derive(Clone, Debug)]
pub struct Row {
    /// The guard.
    pub guard: Guard,
    /// What noticed.
    pub seen: Seen,
}

/// Takes away each guard that `chosen` wants, each for up to `steps` steps, on all cores.
pub fn all(seed: u64, steps: u64, chosen: impl Fn(&Guard) -> bool) -> Vec<Row> {
    let healthy = run(&Plan::new(seed, 4_000));
    let mut list = guards::of_schema();
    list.extend(guards::of_statements(&healthy.stats.musts));
    list.retain(chosen);
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(guard) = list.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let row = Row { guard: guard.clone(), seen: without(guard, seed, steps) };
                    rows.lock().unwrap_or_else(PoisonError::into_inner).push(row);
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_by_key(|row| list.iter().position(|guard| *guard == row.guard));
    rows
}

fn without(guard: &Guard, seed: u64, steps: u64) -> Seen {
    let outcome = run(&Plan { breaking: Some(guard.breaking.clone()), ..Plan::new(seed, steps) });
    if let Some(violation) = outcome.violation {
        let rule = violation.what.split_whitespace().next().unwrap_or_default().to_owned();
        return Seen::ByPeople { rule, steps: violation.step };
    }
    match vandal::first_through(Some(&guard.breaking)) {
        Some(through) => Seen::ByVandal { statement: through.statement, noticed: through.noticed },
        None => Seen::ByNothing,
    }
}

impl fmt::Display for Row {
    /// A line of a table in Markdown: guard, how it was broken, what noticed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.guard.kind {
            Kind::Check => "always true",
            Kind::Unique => "not unique",
            Kind::Key => "no key",
            Kind::Trigger => "dropped",
            Kind::Must => "not sent",
        };
        let name = self.guard.name.replace('|', "\\|");
        let seen = match &self.seen {
            Seen::ByPeople { rule, steps } => format!("**{rule}** after {steps} steps"),
            Seen::ByVandal { statement, noticed } => {
                let short: String = statement.chars().take(60).collect();
                let noticed = if noticed.is_empty() { "no invariant".to_owned() } else { noticed.join(", ") };
                format!("second line: `{short}…` is taken, then {noticed}")
            }
            Seen::ByNothing => "**nothing**".to_owned(),
        };
        write!(f, "| {name} | {how} | {seen} |")
    }
}

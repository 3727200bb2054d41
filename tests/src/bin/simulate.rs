//! `simulate`: the simulator from the command line, for long runs and for replaying a seed.
//!
//! ```sh
//! cargo run -p ipswich-tests --bin simulate -- --seed 7 --steps 10000
//! cargo run -p ipswich-tests --bin simulate -- --seeds 50 --steps 200000
//! cargo run -p ipswich-tests --bin simulate -- --fail
//! cargo run -p ipswich-tests --bin simulate -- --mutate --steps 20000
//! ```

use std::process::ExitCode;
use std::time::Instant;

use ipswich_tests::sim::{Plan, fail, mutate, run};

struct Wish {
    seed: u64,
    seeds: u64,
    steps: u64,
    fail: bool,
    mutate: bool,
    guard: String,
}

fn main() -> ExitCode {
    let wish = match wish(std::env::args().skip(1)) {
        Ok(wish) => wish,
        Err(problem) => {
            eprintln!(
                "error: {problem}\nusage: simulate [--seed N] [--seeds COUNT] [--steps M] [--fail] [--mutate [--guard WORDS]]"
            );
            return ExitCode::from(2);
        }
    };
    let good = match &wish {
        Wish { mutate: true, .. } => guards(&wish),
        Wish { fail: true, .. } => failures(),
        _ => (wish.seed..wish.seed + wish.seeds).all(|seed| people(seed, wish.steps)),
    };
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn wish(mut arguments: impl Iterator<Item = String>) -> Result<Wish, String> {
    let mut wish =
        Wish { seed: 1, seeds: 1, steps: 10_000, fail: false, mutate: false, guard: String::new() };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        let number = |text: String| text.parse::<u64>().map_err(|error| format!("{text}: {error}"));
        match argument.as_str() {
            "--seed" => wish.seed = number(value()?)?,
            "--seeds" => wish.seeds = number(value()?)?,
            "--steps" => wish.steps = number(value()?)?,
            "--guard" => wish.guard = value()?,
            "--fail" => wish.fail = true,
            "--mutate" => wish.mutate = true,
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok(wish)
}

fn people(seed: u64, steps: u64) -> bool {
    let begun = Instant::now();
    let outcome = run(&Plan::new(seed, steps));
    let stats = &outcome.stats;
    println!(
        "seed {seed}: {} steps in {:.1} s, trace {:016x}, {} calls of which {} failed, {} orders told, {} receipts booked, {:?}",
        outcome.steps,
        begun.elapsed().as_secs_f64(),
        outcome.trace,
        stats.calls,
        stats.failed,
        stats.told,
        stats.booked,
        stats.states,
    );
    if let Some(violation) = outcome.violation {
        println!("broken at step {}: {}", violation.step, violation.what);
        println!(
            "again: cargo run -p ipswich-tests --bin simulate -- --seed {seed} --steps {}",
            violation.step
        );
        return false;
    }
    true
}

fn failures() -> bool {
    fail::Flow::ALL.into_iter().all(|flow| match fail::exhaust(flow) {
        Ok(runs) => {
            println!("{flow:?}: {runs} runs");
            true
        }
        Err(what) => {
            println!("{what}");
            false
        }
    })
}

fn guards(wish: &Wish) -> bool {
    let rows = mutate::all(wish.seed, wish.steps, |guard| guard.name.contains(&wish.guard));
    println!("| guard | broken how | red by |\n|---|---|---|");
    for row in &rows {
        println!("{row}");
    }
    rows.iter().all(|row| row.seen != mutate::Seen::ByNothing)
}

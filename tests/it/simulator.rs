//! The simulator: people, faults and restarts against the whole shop. See `ipswich_tests::sim`.

use ipswich_tests::sim::{Plan, fail, mutate, run};

/// Steps in all, over several seeds that run at the same time.
const STEPS: u64 = 2_600;

#[test]
fn ten_thousand_steps_break_nothing() {
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let runs: Vec<_> =
            (1..=4).map(|seed| scope.spawn(move || (seed, run(&Plan::new(seed, STEPS))))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let (mut steps, mut told, mut booked, mut failed) = (0, 0, 0, 0);
    let mut states = std::collections::BTreeSet::new();
    for (seed, outcome) in outcomes {
        if let Some(violation) = outcome.violation {
            panic!(
                "{}\nagain: cargo run -p ipswich-tests --bin simulate -- --seed {seed} --steps {}",
                violation.what, violation.step
            );
        }
        steps += outcome.steps;
        told += outcome.stats.told;
        booked += outcome.stats.booked;
        failed += outcome.stats.failed;
        states.extend(outcome.stats.states.into_keys());
    }
    assert!(steps >= 10_000, "{steps}");
    // A simulator in which nothing happens would be green too.
    assert!(told > 150 && booked > 30 && failed > 100, "{told} {booked} {failed}");
    let all = ["cancelled", "expired", "fulfilled", "paid", "pending"];
    assert_eq!(states.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

#[test]
fn the_same_seed_is_the_same_run() {
    let (one, two) = (run(&Plan::new(42, 500)), run(&Plan::new(42, 500)));
    assert_eq!((one.trace, one.steps), (two.trace, two.steps));
    assert_ne!(one.trace, run(&Plan::new(43, 500)).trace);
}

#[test]
fn whichever_call_fails_in_whichever_way_the_books_are_the_same() {
    for flow in fail::Flow::ALL {
        fail::exhaust(flow).unwrap();
    }
}

/// Guards without which people notice within this many steps, whatever else changes.
const NOTICED: [&str; 3] = [
    "CHECK(reserved >= 0 AND reserved <= on_hand)",
    "unique index one_order_per_cart",
    "trigger stock_apply",
];

#[test]
fn a_shop_without_one_of_its_guards_is_noticed() {
    let rows = mutate::all(1, 3_000, |guard| NOTICED.iter().any(|name| guard.name.ends_with(name)));
    assert_eq!(rows.len(), NOTICED.len());
    for row in rows {
        assert!(matches!(row.seen, mutate::Seen::ByPeople { .. }), "{row}");
    }
}

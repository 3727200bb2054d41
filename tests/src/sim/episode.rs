//! Episodes: steps until the end or until something must not be, and a run of many.

use std::rc::Rc;
use std::task::{Context, Waker};

use super::actors::{clock_ticks, somebody};
use super::guards::{Breaking, MustGuard};
use super::port::Faults;
use super::world::{Task, World};
use super::{EPISODE_STEPS, check};

/// People who are busy at the same time.
const TASKS_MAX: usize = 9;

/// Rounds in which everybody who is still busy gets to an end.
const ROUNDS_MAX: u32 = 5_000;

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where all chance comes from.
    pub seed: u64,
    /// Steps in all.
    pub steps: u64,
    /// How many of a thousand calls fail.
    pub faults: u64,
    /// A guard that the database does without.
    pub breaking: Option<Breaking>,
}

impl Plan {
    /// So many steps from a seed, with every thirtieth call failing.
    pub fn new(seed: u64, steps: u64) -> Plan {
        Plan { seed, steps, faults: 33, breaking: None }
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Steps that were made.
    pub steps: u64,
    /// A hash over everything that happened.
    pub trace: u64,
    /// What must not be, if it was: in words, with the episode's own seed and the step in it.
    pub violation: Option<Violation>,
    /// What happened, counted.
    pub stats: Stats,
}

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which rule, and what broke it.
    pub what: String,
    /// The step, from the start of the run.
    pub step: u64,
}

/// What happened, counted, so that a run that does nothing is noticed.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// Orders by state at the ends of the episodes.
    pub states: std::collections::BTreeMap<String, i64>,
    /// Calls to database and mail.
    pub calls: u64,
    /// Calls that failed on purpose.
    pub failed: u64,
    /// Orders that shoppers were told of.
    pub told: usize,
    /// Receipts that staff was told are booked.
    pub booked: usize,
    /// Every text that went to the database.
    pub seen: std::collections::BTreeSet<&'static str>,
    /// Every guard statement that went there.
    pub(crate) musts: std::collections::BTreeSet<MustGuard>,
}

impl Stats {
    fn add(&mut self, world: &World) {
        let rows = world.rows("select state, count(*) as orders from orders group by state", vec![]);
        for row in rows {
            let state = row["state"].as_str().unwrap_or_default().to_owned();
            *self.states.entry(state).or_default() += row["orders"].as_i64().unwrap_or_default();
        }
        let (calls, failed) = world.port.calls();
        self.calls += calls;
        self.failed += failed;
        self.told += world.model.borrow().told.len();
        self.booked += world.model.borrow().booked.len();
        self.seen.extend(world.port.seen());
        self.musts.extend(world.port.musts());
    }
}

/// Runs episode after episode until all steps are made or something must not be.
pub fn run(plan: &Plan) -> Outcome {
    let mut all = Outcome::default();
    let mut number = 0;
    while all.steps < plan.steps && all.violation.is_none() {
        let steps = EPISODE_STEPS.min(plan.steps - all.steps);
        let world =
            World::new(episode_seed(plan.seed, number), Faults::Some(plan.faults), plan.breaking.as_ref());
        let mut tasks = Vec::new();
        let (made, mut what) = steps_of(&world, &mut tasks, steps);
        if what.is_none() {
            what = rest(&world, &mut tasks);
        }
        all.violation = what.map(|what| Violation { what, step: all.steps + made });
        all.steps += made;
        all.trace = all.trace.rotate_left(1) ^ world.port.trace();
        all.stats.add(&world);
        number += 1;
    }
    all
}

fn episode_seed(seed: u64, number: u64) -> u64 {
    super::rng::Rng::new(seed.wrapping_mul(0x1_0000_0001).wrapping_add(number)).next()
}

fn steps_of(world: &Rc<World>, tasks: &mut Vec<Task>, steps: u64) -> (u64, Option<String>) {
    for step in 1..=steps {
        one_step(world, tasks);
        if let Some(what) = judge(world) {
            return (step, Some(what));
        }
    }
    (steps, None)
}

/// What the step broke, if it broke something.
fn judge(world: &World) -> Option<String> {
    let known = world.model.borrow().violation.clone();
    known.or_else(|| if world.port.take_wrote() { check::always(world) } else { None })
}

fn one_step(world: &Rc<World>, tasks: &mut Vec<Task>) {
    tasks.append(&mut world.begun.borrow_mut());
    if world.chance(30) {
        return world.clock.advance(world.within(1, 600));
    }
    if world.chance(4) {
        // The clock was not there for an hour, or for half a day: terms end meanwhile.
        return world.clock.advance(if world.chance(700) { 3_600 } else { 43_200 });
    }
    if world.chance(3) {
        return world.restart();
    }
    if world.chance(3) {
        return world.release(10 * world.within(-3, 6));
    }
    let more = tasks.is_empty() || (tasks.len() < TASKS_MAX && world.chance(120));
    if more {
        tasks.push(somebody(world));
    }
    let index = if more { tasks.len() - 1 } else { world.port.draw(|rng| rng.below(tasks.len())) };
    world.port.note(&format!("task {index}"));
    if poll(&mut tasks[index]) {
        drop(tasks.swap_remove(index));
    }
}

fn poll(task: &mut Task) -> bool {
    task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

/// Nothing fails any more: everybody gets to an end, the clock has its turns, and all accounts must be right.
pub(crate) fn rest(world: &Rc<World>, tasks: &mut Vec<Task>) -> Option<String> {
    world.port.set_faults(Faults::None);
    // Requests that nobody answers any more end with the host.
    finish(world, tasks);
    world.restart();
    for _ in 0..4 {
        // Leases of mails that nobody sends run out, and what was put off is due.
        world.clock.advance(5 * 3_600);
        for _ in 0..3 {
            tasks.push(Box::pin(clock_ticks(Rc::clone(world))));
            finish(world, tasks);
        }
    }
    let known = world.model.borrow().violation.clone();
    known.or_else(|| check::at_rest(world))
}

/// Lets everybody go on, in turn, until they are done.
pub(crate) fn finish(world: &Rc<World>, tasks: &mut Vec<Task>) {
    for _ in 0..ROUNDS_MAX {
        tasks.append(&mut world.begun.borrow_mut());
        if tasks.is_empty() {
            return;
        }
        tasks.retain_mut(|task| !poll(task));
    }
    world.fail(format!("M2 {} requests never end", tasks.len()));
}

//! Who there is, and what they do. A new kind of person is a function here and a line in [`ACTORS`].

mod shoppers;
mod staff;

use std::rc::Rc;

use super::world::{Task, World};

/// Somebody: a name, how often they come (in parts of all weights), and what they do.
struct Actor {
    weight: u64,
    act: fn(Rc<World>) -> Task,
}

const fn actor(weight: u64, act: fn(Rc<World>) -> Task) -> Actor {
    Actor { weight, act }
}

/// Everybody.
const ACTORS: [Actor; 10] = [
    actor(40, |world| Box::pin(shoppers::guest(world))),
    actor(14, |world| Box::pin(shoppers::customer(world))),
    actor(6, |world| Box::pin(shoppers::looks_at_an_order(world))),
    actor(18, |world| Box::pin(staff::bookkeeper(world))),
    actor(12, |world| Box::pin(staff::packer(world))),
    actor(6, |world| Box::pin(staff::gives_up(world))),
    actor(6, |world| Box::pin(staff::counts(world))),
    actor(3, |world| Box::pin(staff::reads_lists(world))),
    actor(12, |world| Box::pin(clock_ticks(world))),
    actor(4, |world| Box::pin(clock_ticks_twice(world))),
];

/// Lets somebody begin.
pub(crate) fn somebody(world: &Rc<World>) -> Task {
    let all: u64 = ACTORS.iter().map(|actor| actor.weight).sum();
    let mut drawn = world.port.draw(|rng| rng.next() % all);
    for actor in &ACTORS {
        if drawn < actor.weight {
            return (actor.act)(Rc::clone(world));
        }
        drawn -= actor.weight;
    }
    unreachable!("a number below the sum of all weights")
}

/// The clock of the host.
pub(crate) async fn clock_ticks(world: Rc<World>) {
    let app = world.app();
    let (report, id) = world.alive(async { app.tick().await }).await;
    let Some(report) = report else { return };
    world.port.note(&format!("tick {report:?}"));
    if report.failed > 0 && !world.port.was_faulted(id) {
        world.fail(format!("M2 a round of the clock failed without a reason: {report:?}"));
    }
}

async fn clock_ticks_twice(world: Rc<World>) {
    world.begin(clock_ticks(Rc::clone(&world)));
    clock_ticks(world).await;
}

//! Statements that no release of ours sends: what the guards of the schema are there to refuse.
//!
//! The simulator cannot bring the shop to send them, because the code in front of the guards is right. So they are sent
//! here, to a database with one order of each kind. Each must be refused; if one is not, the guard is gone.

use ipswich_server::Sqlite;
use ipswich_shop::invariants::INVARIANTS;
use ipswich_shop::ports::{Param, Statement};

use super::guards::Breaking;
use super::port::Faults;
use super::world::World;
use crate::shop::NOON;

/// A paid order, a pending one, a cancelled one, with all that hangs on them.
const FIXTURE: &str = include_str!("vandal/fixture.sql");

/// One statement a line, without comments.
const STATEMENTS: &str = include_str!("vandal/statements.sql");

/// The statements.
pub(crate) fn statements() -> Vec<&'static str> {
    STATEMENTS.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("--")).collect()
}

/// A statement that went through, and the invariants that noticed afterwards.
pub(crate) struct Through {
    pub(crate) statement: &'static str,
    pub(crate) noticed: Vec<&'static str>,
}

/// The first statement that a database without a guard takes.
pub(crate) fn first_through(breaking: Option<&Breaking>) -> Option<Through> {
    let world = World::new(0, Faults::None, breaking);
    if world.sqlite.script(FIXTURE).is_err() {
        return Some(Through { statement: "what is right is refused", noticed: vec![] });
    }
    let noticed = noticing(&world.sqlite);
    if !noticed.is_empty() {
        return Some(Through { statement: "what is right", noticed });
    }
    for statement in statements() {
        world.sqlite.script("savepoint vandal").expect("a savepoint");
        let taken = world.sqlite.script(statement).is_ok();
        let noticed = if taken { noticing(&world.sqlite) } else { vec![] };
        world.sqlite.script("rollback to vandal; release vandal").expect("undone");
        if taken {
            return Some(Through { statement, noticed });
        }
    }
    None
}

/// The invariants that do not hold. I14 is about time, which the fixture does not have.
pub(crate) fn noticing(sqlite: &Sqlite) -> Vec<&'static str> {
    let broken = INVARIANTS.iter().filter(|one| one.name != "I14").filter(|one| {
        let params = if one.sql.contains("?1") { vec![Param::from(NOON)] } else { vec![] };
        sqlite.read(&Statement { sql: one.sql, params }).is_ok_and(|rows| !rows.0.is_empty())
    });
    broken.map(|one| one.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixture_is_right_and_the_schema_takes_no_statement() {
        let world = World::new(0, Faults::None, None);
        world.sqlite.script(FIXTURE).unwrap();
        assert_eq!(noticing(&world.sqlite), Vec::<&str>::new());
        let through = first_through(None).map(|through| through.statement);
        assert_eq!(through, None);
    }
}

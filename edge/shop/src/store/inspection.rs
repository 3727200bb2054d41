//! The nightly look at the books: one host does it, one mail tells of it.

use crate::ports::Statement;

/// Seconds that a host has for looking and telling before another may try.
const LEASE_SECONDS: i64 = 600;

/// What is to be done for a day.
#[derive(Debug)]
pub(crate) struct DueRow {
    /// Days since 1970.
    pub(crate) day: i64,
    /// A JSON array, or empty if nobody has looked yet.
    pub(crate) findings: String,
}
crate::ports::from_row!(DueRow { findings; day });

/// Leases the day if there is something to do: nobody has looked, or something was found and nobody was told.
pub(crate) fn lease(day: i64, now: i64) -> Statement {
    Statement::new(
        "insert into inspection(day, lease_until) values(?1, ?3)
         on conflict(day) do update set lease_until = ?3
         where lease_until <= ?2 and (finished_at is null or (findings <> '[]' and told_at is null))
         returning day, ifnull(findings, '') as findings",
        [day.into(), now.into(), now.saturating_add(LEASE_SECONDS).into()],
    )
}

/// Somebody looked. Whoever was quicker is right.
pub(crate) fn looked(day: i64, findings: &str, now: i64) -> Statement {
    Statement::new(
        "update inspection set findings = ?2, finished_at = ?3 where day = ?1 and finished_at is null",
        [day.into(), findings.into(), now.into()],
    )
}

/// The operator was told.
pub(crate) fn told(day: i64, now: i64) -> Statement {
    Statement::new(
        "update inspection set told_at = ?2 where day = ?1 and finished_at is not null and told_at is null",
        [day.into(), now.into()],
    )
}

/// The newest look, as a [`DueRow`].
pub(crate) fn newest() -> Statement {
    Statement::new(
        "select day, findings from inspection where finished_at is not null order by day desc limit 1",
        [],
    )
}

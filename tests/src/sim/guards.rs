//! The guards of the database, found in the text of the migrations, and the database without one of them.
//!
//! A guard is a `CHECK`, something `UNIQUE`, a key of several columns, a trigger, or a statement that writes into the
//! table `must`. Keys of one column are names that the shop draws from 128 bits; nothing depends on the database
//! noticing that one comes twice.

use std::ops::Range;

use ipswich_server::MIGRATIONS;

/// What kind of guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A condition on a row.
    Check,
    /// Something that occurs once.
    Unique,
    /// A key of several columns.
    Key,
    /// A trigger.
    Trigger,
    /// A statement that aborts its batch.
    Must,
}

/// A guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// What it is called in tables: `orders CHECK(pieces > 0)`.
    pub name: String,
    /// What kind it is.
    pub kind: Kind,
    /// How to do without it.
    pub breaking: Breaking,
}

/// How to do without a guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breaking {
    /// Changes of the text of one migration, the last place first.
    Migration {
        /// The file.
        file: &'static str,
        /// Places and what stands there instead.
        edits: Vec<(Range<usize>, &'static str)>,
    },
    /// A statement that is not sent.
    Must(MustGuard),
}

/// A guard statement. The same text guards several steps, so the statement before it belongs to its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MustGuard {
    /// The text before it in its batch.
    pub before: &'static str,
    /// Its text.
    pub sql: &'static str,
}

impl MustGuard {
    pub(crate) fn of(before: &'static str, sql: &'static str) -> Option<MustGuard> {
        sql.trim_start().starts_with("insert into must").then_some(MustGuard { before, sql })
    }
}

impl Breaking {
    /// The text of a migration without the guard.
    pub(crate) fn edit(&self, name: &str, sql: &str) -> String {
        let mut text = sql.to_owned();
        if let Breaking::Migration { file, edits } = self
            && *file == name
        {
            for (range, instead) in edits {
                text.replace_range(range.clone(), instead);
            }
        }
        text
    }

    pub(crate) fn takes_out(&self, must: &MustGuard) -> bool {
        matches!(self, Breaking::Must(own) if own == must)
    }
}

/// The guards of the schema, in the order of the migrations, without those that a later one removes.
pub fn of_schema() -> Vec<Guard> {
    let removed: Vec<&str> = MIGRATIONS
        .iter()
        .flat_map(|(_, sql)| sql.lines())
        .filter_map(|line| line.strip_prefix("DROP INDEX ").or_else(|| line.strip_prefix("DROP TRIGGER ")))
        .map(|name| name.trim_end_matches(';'))
        .collect();
    let is_there = |guard: &Guard| {
        let name = guard.name.rsplit(' ').next().unwrap_or_default();
        !matches!(guard.kind, Kind::Unique | Kind::Trigger) || !removed.contains(&name)
    };
    MIGRATIONS.iter().flat_map(|(file, sql)| of_file(file, sql)).filter(is_there).collect()
}

/// The guard statements that a run has seen.
pub(crate) fn of_statements<'a>(seen: impl IntoIterator<Item = &'a MustGuard>) -> Vec<Guard> {
    let words = |sql: &str| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    seen.into_iter()
        .map(|must| {
            let mut before = words(must.before);
            before.truncate(90);
            let name = format!("`{}` after `{before}…`", words(must.sql));
            Guard { name, kind: Kind::Must, breaking: Breaking::Must(must.clone()) }
        })
        .collect()
}

fn of_file(file: &'static str, sql: &'static str) -> Vec<Guard> {
    let mut found = Vec::new();
    for range in statements(sql) {
        let text = &sql[range.clone()];
        let words: Vec<&str> = text.split_whitespace().take(4).collect();
        let one = |kind, name: String, range: Range<usize>, instead| Guard {
            name,
            kind,
            breaking: Breaking::Migration { file, edits: vec![(range, instead)] },
        };
        match words.as_slice() {
            ["CREATE", "TRIGGER", name, ..] => {
                found.push(one(Kind::Trigger, format!("trigger {name}"), range, ""));
            }
            ["CREATE", "UNIQUE", "INDEX", name] => {
                let at = range.start + text.find("UNIQUE ").expect("the word");
                found.push(one(Kind::Unique, format!("unique index {name}"), at..at + 7, ""));
            }
            ["CREATE" | "ALTER", "TABLE", name, ..] => {
                let table = name.split('(').next().unwrap_or(name);
                found.extend(of_table(file, table, text, range.start));
            }
            _ => {}
        }
    }
    found
}

/// The guards in the text of a table, which begins at `start`.
fn of_table(file: &'static str, table: &str, text: &str, start: usize) -> Vec<Guard> {
    let mut found = Vec::new();
    let mut push = |kind, what: &str, edits| {
        let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
        let breaking = Breaking::Migration { file, edits };
        found.push(Guard { name: format!("{table} {what}"), kind, breaking });
    };
    for (at, _) in text.match_indices("CHECK(") {
        let end = closing(text, at + 5);
        if text[..at].rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with("--")) {
            continue;
        }
        push(Kind::Check, &text[at..end], vec![(start + at..start + end, "CHECK(1)")]);
    }
    for (at, _) in text.match_indices("UNIQUE") {
        let rest = &text[at + 6..];
        if rest.starts_with('(') {
            let end = closing(text, at + 6);
            push(Kind::Unique, &text[at..end], vec![(start + at..start + end, "CHECK(1)")]);
        } else {
            let line = text[..at].rsplit('\n').next().unwrap_or_default();
            let column = line.split_whitespace().next().unwrap_or_default();
            push(Kind::Unique, &format!("{column} UNIQUE"), vec![(start + at..start + at + 6, "")]);
        }
    }
    if let Some(at) = text.find("PRIMARY KEY(") {
        let end = closing(text, at + 11);
        let mut edits = vec![(start + at..start + end, "CHECK(1)")];
        if let Some(rowid) = text.rfind(", WITHOUT ROWID") {
            edits.insert(0, (start + rowid..start + rowid + 15, ""));
        }
        push(Kind::Key, &text[at..end], edits);
    }
    found
}

/// The end of what opens at `open`, behind the bracket that closes it.
fn closing(text: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, c) in text[open..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + at + 1;
        }
    }
    text.len()
}

/// The places of the statements in a migration. A trigger is one line; comments are lines of their own.
fn statements(sql: &str) -> Vec<Range<usize>> {
    let (mut found, mut begin, mut at) = (Vec::new(), None, 0);
    for line in sql.split_inclusive('\n') {
        let text = line.trim();
        if begin.is_none() && (text.is_empty() || text.starts_with("--")) {
            at += line.len();
            continue;
        }
        let first = *begin.get_or_insert(at);
        at += line.len();
        if text.ends_with(';') {
            found.push(first..at);
            begin = None;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQL: &str = "-- A comment; with CHECK(1)\nCREATE TABLE t(\n  a TEXT NOT NULL UNIQUE CHECK(a IN ('x', f(1))),\n  b INTEGER,\n  PRIMARY KEY(a, b)\n) STRICT, WITHOUT ROWID;\nCREATE UNIQUE INDEX i ON t(b);\nCREATE TRIGGER g BEFORE UPDATE ON t BEGIN SELECT 1; END;\n";

    #[test]
    fn finds_each_guard_and_does_without_it() {
        let guards = of_file("f", SQL);
        let names: Vec<&str> = guards.iter().map(|guard| guard.name.as_str()).collect();
        assert_eq!(
            names,
            ["t CHECK(a IN ('x', f(1)))", "t a UNIQUE", "t PRIMARY KEY(a, b)", "unique index i", "trigger g"]
        );
        let edited: Vec<String> = guards.iter().map(|guard| guard.breaking.edit("f", SQL)).collect();
        assert!(edited[0].contains("UNIQUE CHECK(1),"), "{}", edited[0]);
        assert!(edited[1].contains("a TEXT NOT NULL  CHECK(a IN"), "{}", edited[1]);
        assert!(edited[2].contains("  CHECK(1)\n) STRICT;"), "{}", edited[2]);
        assert!(edited[3].contains("CREATE INDEX i") && !edited[4].contains("TRIGGER"));
        assert_eq!(guards[0].breaking.edit("other", SQL), SQL);
    }
}

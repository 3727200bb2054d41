//! Every statement of the shop, read out of its source: how SQLite would run it, and that none was forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ipswich_server::Sqlite;
use ipswich_shop::ports::{Param, Statement};
use ipswich_tests::sim::{Plan, run};

/// Tables that do not grow with the trade, so that reading all of them is fine, each with the reason.
const SMALL: [(&str, &str); 3] = [
    ("staff", "people who work in the shop"),
    ("d1_migrations", "a row for each migration"),
    ("transition", "the states of an order"),
];

/// Indexes that hold only what is not finished, so that reading all of one is reading what there is to do.
const UNFINISHED: [(&str, &str); 2] =
    [("outbox_due", "messages that wait"), ("orders_due", "orders that wait for money")];

/// Statements that read a whole table on purpose: their beginning, and the reason.
const ON_PURPOSE: [(&str, &str); 1] =
    [("select id from orders limit 1", "ends after one row; asks whether the table is there")];

/// The source of the shop without its tests and without the invariants, which look at everything on purpose.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../edge/shop/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") && !["tests.rs", "invariants.rs"].contains(&name) {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod ").next().unwrap().to_owned();
                found.push((path, code));
            }
        }
    }
    found
}

/// The text of the literal that begins `text`, and what follows it.
fn literal(text: &str) -> Option<String> {
    let rest = text.trim_start().strip_prefix('"')?;
    let (mut found, mut chars) = (String::new(), rest.chars());
    loop {
        match chars.next()? {
            '"' => return Some(found),
            '\\' => match chars.next()? {
                'n' => found.push('\n'),
                other => found.push(other),
            },
            other => found.push(other),
        }
    }
}

/// Every statement, by its text. A statement whose text stands elsewhere would escape this test, so there is none.
fn statements() -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for (path, code) in sources() {
        for (at, _) in code.match_indices("Statement::new(") {
            let sql = literal(&code[at + "Statement::new(".len()..]);
            let sql = sql.unwrap_or_else(|| {
                panic!("{}: write the text of a statement where it is made", path.display())
            });
            found.insert(sql, path.clone());
        }
        let by_hand = code.matches("Statement {").count();
        let allowed = if path.ends_with("ports.rs") { 5 } else { code.matches("-> Statement {").count() };
        assert!(by_hand <= allowed, "{}: use Statement::new", path.display());
    }
    found
}

/// How many values a statement takes.
fn values(sql: &str) -> usize {
    let numbers = sql.split('?').skip(1).filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<usize>().ok()
    });
    numbers.max().unwrap_or(0)
}

/// The names that tables have in a statement: `orders o` is found under `o`.
fn aliases<'a>(sql: &'a str, tables: &BTreeSet<String>) -> BTreeMap<&'a str, &'a str> {
    let words: Vec<&str> =
        sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    let mut found = BTreeMap::new();
    for pair in words.windows(2) {
        if tables.contains(pair[0]) {
            found.entry(pair[0]).or_insert(pair[0]);
            found.entry(pair[1]).or_insert(pair[0]);
        }
    }
    if let Some(last) = words.last().filter(|word| tables.contains(**word)) {
        found.entry(last).or_insert(last);
    }
    found
}

/// What reads a whole table that grows.
fn whole_table(detail: &str, sql: &str, tables: &BTreeSet<String>) -> Option<String> {
    let scanned = detail.strip_prefix("SCAN ")?;
    let mut words = scanned.split_whitespace();
    let name = words.next()?;
    let index = scanned.split("INDEX ").nth(1).and_then(|rest| rest.split_whitespace().next());
    if index.is_some_and(|index| UNFINISHED.iter().any(|(known, _)| *known == index)) {
        return None;
    }
    let aliases = aliases(sql, tables);
    // What is none of our tables is a list in a parameter or a part of the statement itself.
    let table = aliases.get(name).copied().or_else(|| tables.get(name).map(String::as_str))?;
    let small = SMALL.iter().any(|(known, _)| *known == table);
    (!small).then(|| format!("{detail} ({table})"))
}

#[test]
fn no_statement_reads_a_whole_table_that_grows() {
    let sqlite = Sqlite::in_memory().unwrap();
    sqlite.migrate().unwrap();
    let rows = |sql: String, count: usize| {
        let sql: &'static str = sql.leak();
        let rows = sqlite.read(&Statement { sql, params: vec![Param::Null; count] });
        rows.unwrap_or_else(|error| panic!("{sql}: {error:?}")).0
    };
    let tables: BTreeSet<String> = rows("select name from sqlite_master where type = 'table'".to_owned(), 0)
        .iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect();
    let statements = statements();
    assert!(statements.len() > 70, "{}", statements.len());
    let mut bad = Vec::new();
    for (sql, path) in &statements {
        if ON_PURPOSE.iter().any(|(begin, _)| sql.starts_with(begin)) {
            continue;
        }
        for row in rows(format!("explain query plan {sql}"), values(sql)) {
            if let Some(scan) = whole_table(row["detail"].as_str().unwrap(), sql, &tables) {
                bad.push(format!("{}: {scan}\n  {sql}", path.file_name().unwrap().display()));
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn what_goes_to_the_database_is_what_the_source_says() {
    let known = statements();
    let seen = run(&Plan::new(5, 1_500)).stats.seen;
    assert!(seen.len() > 40, "{}", seen.len());
    let unknown: Vec<&&str> = seen.iter().filter(|sql| !known.contains_key(**sql)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}

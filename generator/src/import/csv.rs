//! Reads a CSV file into rows whose cells know their place in the file.
//!
//! The `csv` crate splits the cells. What is added: the separator is found in the first line (comma, semicolon
//! or tab), a byte order mark is skipped, cells are trimmed, and a mistake names line and column of its cell.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use crate::problem::{Problem, did_you_mean};

/// The longest line that is shown with a problem.
const EXCERPT_BYTES_MAX: usize = 160;

/// A CSV file with a line of column names.
#[derive(Debug)]
pub(crate) struct Table {
    file: String,
    text: String,
    separator: u8,
    headers: Vec<String>,
    /// Column names in small letters.
    columns: HashMap<String, usize>,
    pub(crate) rows: Vec<Row>,
    /// Columns that somebody asked for.
    used: RefCell<BTreeSet<usize>>,
}

/// One record.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    cells: Vec<String>,
    /// Where it begins in the file, in bytes.
    start: usize,
}

impl Table {
    /// Splits the bytes of a file. Reports every row that cannot be read.
    pub(crate) fn read(file: &str, bytes: Vec<u8>) -> Result<Table, Vec<Problem>> {
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let help = "save the file as CSV with the encoding UTF-8";
            vec![short(Problem::in_text(file, &text, at..at + 1, "this is not UTF-8 text", help))]
        })?;
        let mut table = Table {
            file: file.to_owned(),
            separator: separator(&text),
            text,
            headers: Vec::new(),
            columns: HashMap::new(),
            rows: Vec::new(),
            used: RefCell::default(),
        };
        let mut problems = table.split();
        problems.extend(table.name_columns());
        if problems.is_empty() { Ok(table) } else { Err(problems) }
    }

    /// The first record becomes the column names, the others rows; returns what cannot be read.
    fn split(&mut self) -> Vec<Problem> {
        let skipped = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .from_reader(&self.text.as_bytes()[skipped..]);
        let mut records = Vec::new();
        let mut problems = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => records.push(record),
                Err(error) => {
                    let at = error.position().map_or(0, |position| position.byte() as usize) + skipped;
                    problems.push(self.at(at..at + 1, format!("the row cannot be read: {error}"), ""));
                }
            }
        }
        for record in records {
            let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
            let start = record.position().map_or(0, |position| position.byte() as usize) + skipped;
            let start = self.text.len() - self.text[start..].trim_start_matches(['\r', '\n']).len();
            let row = Row { cells, start };
            if row.cells.iter().all(String::is_empty) {
                continue;
            }
            if self.headers.is_empty() {
                self.headers = row.cells;
                continue;
            }
            problems.extend(self.check_length(&row));
            self.rows.push(row);
        }
        if let Some(last) = self.rows.last()
            && let Err(span) = scan(&self.text, last.start, usize::MAX, self.separator)
        {
            let help = "close it with \", and write a quotation mark inside as \"\"";
            problems.push(self.at(span, "the quotation mark is not closed", help));
        }
        problems
    }

    /// A row has a cell for every column; empty ones may follow.
    fn check_length(&self, row: &Row) -> Option<Problem> {
        let (wanted, found) = (self.headers.len(), row.cells.len());
        let further = row.cells.get(wanted..).unwrap_or_default();
        if found >= wanted && further.iter().all(String::is_empty) {
            return None;
        }
        let message = format!("the row has {found} cells, and the file has {wanted} columns");
        let help = "look for a missing or an additional separator, or a quotation mark that is not closed";
        Some(self.at(self.place(row, found.min(wanted)), message, help))
    }

    fn name_columns(&mut self) -> Option<Problem> {
        if self.headers.is_empty() {
            let help = "export it again, as CSV with a first line of column names";
            return Some(Problem::of_file(&self.file, "the file has no rows", help));
        }
        for (index, name) in self.headers.iter().enumerate() {
            self.columns.entry(name.to_lowercase()).or_insert(index);
        }
        None
    }

    /// Checks that the file is an export of the kind that was named.
    pub(crate) fn require(&self, kind: &str, columns: &[&str]) -> Result<(), Vec<Problem>> {
        let missing = columns.iter().find(|column| !self.has(column));
        let Some(missing) = missing else { return Ok(()) };
        let known = self.headers.iter().map(String::as_str);
        let help = did_you_mean(missing, known, || format!("a product export of {kind} has it"));
        Err(vec![Problem::of_file(&self.file, format!("the column {missing:?} is missing"), help)])
    }

    /// Whether there is such a column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(&column.to_lowercase())
    }

    /// The column names as they stand in the file.
    pub(crate) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The trimmed text of a cell; empty if there is no such column.
    pub(crate) fn cell<'r>(&self, row: &'r Row, column: &str) -> &'r str {
        let Some(index) = self.columns.get(&column.to_lowercase()) else { return "" };
        self.used.borrow_mut().insert(*index);
        row.cells.get(*index).map_or("", String::as_str)
    }

    /// A mistake in a cell.
    pub(crate) fn problem(&self, row: &Row, column: &str, message: String, help: &str) -> Problem {
        let index = self.columns.get(&column.to_lowercase()).copied().unwrap_or(0);
        self.at(self.place(row, index), message, help)
    }

    /// Columns with texts that nobody asked for, and in how many rows they have one.
    pub(crate) fn unused(&self) -> BTreeMap<&str, usize> {
        let used = self.used.borrow();
        let filled = |index: usize| {
            self.rows.iter().filter(|row| row.cells.get(index).is_some_and(|cell| !cell.is_empty())).count()
        };
        self.headers
            .iter()
            .enumerate()
            .filter(|(index, _)| !used.contains(index))
            .map(|(index, name)| (name.as_str(), filled(index)))
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    fn at(&self, span: Range<usize>, message: impl Into<String>, help: &str) -> Problem {
        short(Problem::in_text(&self.file, &self.text, span, message, help))
    }

    fn place(&self, row: &Row, index: usize) -> Range<usize> {
        scan(&self.text, row.start, index, self.separator).unwrap_or_else(|span| span)
    }
}

/// Product rows have long texts; a long line helps nobody on a terminal.
fn short(mut problem: Problem) -> Problem {
    if problem.excerpt.len() > EXCERPT_BYTES_MAX {
        problem.excerpt.clear();
    }
    problem
}

/// The character that stands most often between the column names.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: u8| first.bytes().filter(|byte| *byte == separator).count();
    [b';', b'\t']
        .into_iter()
        .filter(|other| count(*other) > count(b','))
        .max_by_key(|c| count(*c))
        .unwrap_or(b',')
}

/// Where the cell with this number stands in the record that begins at `start`, or the record's last cell. The
/// place of a quotation mark that is not closed is an error.
fn scan(text: &str, start: usize, index: usize, separator: u8) -> Result<Range<usize>, Range<usize>> {
    let bytes = text.as_bytes();
    let (mut at, mut field, mut begin) = (start, 0, start);
    loop {
        if bytes.get(at) == Some(&b'"') {
            at += 1;
            loop {
                match (bytes.get(at), bytes.get(at + 1)) {
                    (Some(b'"'), Some(b'"')) => at += 2,
                    (Some(b'"'), _) => break at += 1,
                    (Some(_), _) => at += 1,
                    (None, _) => return Err(begin..begin + 1),
                }
            }
        }
        let ends = |byte: &u8| *byte == separator || *byte == b'\n' || *byte == b'\r';
        while bytes.get(at).is_some_and(|byte| !ends(byte)) {
            at += 1;
        }
        if field == index || bytes.get(at) != Some(&separator) {
            return Ok(begin..at);
        }
        (at, field, begin) = (at + 1, field + 1, at + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Table, String> {
        Table::read("f.csv", text.into()).map_err(|problems| crate::report(&problems, crate::Format::Human))
    }

    #[test]
    fn takes_what_spreadsheets_write() {
        let table =
            read("\u{feff}Name; Price ;Note\r\n Mug ;12,50;\"a \"\"b\"\"\r\nc\"\r\n\r\nCap;3;\r\n").unwrap();
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.cell(&table.rows[0], "name"), "Mug");
        assert_eq!(table.cell(&table.rows[0], "PRICE"), "12,50");
        assert_eq!(table.cell(&table.rows[0], "Note"), "a \"b\"\r\nc");
        let problem = table.problem(&table.rows[1], "Price", "x".into(), "");
        assert_eq!((problem.line, problem.column), (5, 5));
        assert!(table.unused().is_empty());
    }

    #[test]
    fn names_the_place_of_what_cannot_be_read() {
        let wrong = |text| read(text).unwrap_err().lines().next().unwrap().to_owned();
        assert_eq!(wrong("a,b\n1\n"), "f.csv:2:1: the row has 1 cells, and the file has 2 columns");
        assert_eq!(wrong("a,b\n1,2,3\n"), "f.csv:2:5: the row has 3 cells, and the file has 2 columns");
        assert_eq!(wrong("a,b\n1,\"2\n3,4\n"), "f.csv:2:3: the quotation mark is not closed");
        assert_eq!(wrong(""), "f.csv:1:1: the file has no rows");
        let bytes = b"a,b\n1,\xe9\n".to_vec();
        let problem = Table::read("f.csv", bytes).unwrap_err().remove(0);
        assert_eq!(problem.to_string(), "f.csv:2:3: this is not UTF-8 text");
    }
}

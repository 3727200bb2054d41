//! Lists in one cell, and cells that a spreadsheet does not run.

/// What begins a formula in a spreadsheet.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The text without space around it, with an apostrophe before what would be a formula.
pub(crate) fn safe(text: &str) -> String {
    let text = text.trim();
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text of a cell that [`safe`] made.
pub(crate) fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Also what looks like one that was made safe already, so that it can be told from it.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// One text of several, with `between` between them; where a text has it, a backslash stands before it.
pub(crate) fn join<T: AsRef<str>>(items: impl IntoIterator<Item = T>, between: char) -> String {
    let escaped = |item: T| item.as_ref().replace('\\', "\\\\").replace(between, &format!("\\{between}"));
    let space = if between == '\n' { "" } else { " " };
    items.into_iter().map(escaped).collect::<Vec<_>>().join(&format!("{between}{space}"))
}

/// The texts that [`join`] put together, without space around them and without empty ones.
pub(crate) fn split(text: &str, between: char) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        let Some(last) = items.last_mut() else { break };
        match c {
            '\\' => last.extend(characters.next()),
            c if c == between => items.push(String::new()),
            c => last.push(c),
        }
    }
    items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_texts_and_back() {
        for (text, cell) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+44", "'+44"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("'=x", "''=x"),
            ("'Tis", "'Tis"),
            ("A=1", "A=1"),
        ] {
            assert_eq!((safe(text).as_str(), plain(cell)), (cell, text));
        }
    }

    #[test]
    fn lists_come_back() {
        for items in [vec![], vec!["a"], vec!["a, b", "c\\", "d\\,"], vec!["Size: S; M", "x"]] {
            for between in [',', ';', ':', '\n', '|'] {
                assert_eq!(split(&join(&items, between), between), items);
            }
        }
    }
}

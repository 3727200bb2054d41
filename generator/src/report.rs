//! How problems are shown: to people, to programs, and as annotations of GitHub.

use std::fmt::Write;

use crate::problem::Problem;

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// The place, the line with a caret, and the way out
    #[default]
    Human,
    /// One JSON object: {"problems": [{"file", "line", "column", "message", "help"}]}
    Json,
    /// Annotations in a workflow of GitHub Actions
    Github,
}

/// Writes the problems, which are expected in order.
pub fn report(problems: &[Problem], format: Format) -> String {
    match format {
        Format::Human => human(problems),
        Format::Json => json(problems),
        Format::Github => github(problems),
    }
}

fn human(problems: &[Problem]) -> String {
    let mut text = String::new();
    for problem in problems {
        let _ = writeln!(text, "{problem}");
        if !problem.excerpt.is_empty() {
            let number = problem.line.to_string();
            let gutter = " ".repeat(number.len());
            // Tabs stay tabs, so that the caret stands below what it points at.
            let indent: String = (problem.excerpt.chars())
                .take(problem.column - 1)
                .map(|c| if c == '\t' { '\t' } else { ' ' })
                .collect();
            let _ = writeln!(text, "  {number} | {}", problem.excerpt);
            let _ = writeln!(text, "  {gutter} | {indent}{}", "^".repeat(problem.width));
        }
        if !problem.help.is_empty() {
            let _ = writeln!(text, "  help: {}", problem.help);
        }
    }
    text
}

fn json(problems: &[Problem]) -> String {
    let mut text = serde_json::json!({ "problems": problems }).to_string();
    text.push('\n');
    text
}

fn github(problems: &[Problem]) -> String {
    let mut text = String::new();
    for problem in problems {
        let mut message = problem.message.clone();
        if !problem.help.is_empty() {
            let _ = write!(message, "\n{}", problem.help);
        }
        let _ = writeln!(
            text,
            "::error file={},line={},col={}::{}",
            escape(&problem.file).replace(':', "%3A").replace(',', "%2C"),
            problem.line,
            problem.column,
            escape(&message)
        );
    }
    text
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_annotations() {
        let problem = Problem::of_file("content/a,b.md", "100% wrong", "mend it");
        assert_eq!(
            github(&[problem]),
            "::error file=content/a%2Cb.md,line=1,col=1::100%25 wrong%0Amend it\n"
        );
    }
}

//! The nightly look at the books: every invariant is asked once a day, and whatever breaks one is an alert: a line of
//! the log, a mail to the operator, and a sentence for the staff.

use std::sync::atomic::AtomicU32;

use crate::app::{App, TickReport};
use crate::error::Error;
use crate::invariants::INVARIANTS;
use crate::ports::{DbError, Mail, Param, Statement};
use crate::request::{Answers, send};
use crate::store::inspection::{self, DueRow};

/// Seconds after midnight, in universal time, from which on the books are looked at.
const HOUR: i64 = 3 * 3_600;

const DAY: i64 = 86_400;

impl App {
    /// Looks at the books if this was not done today, and tells the operator if something was found.
    pub(crate) async fn inspect(&self, now: i64, report: &mut TickReport) {
        if now.rem_euclid(DAY) < HOUR {
            return;
        }
        if let Err(error) = self.inspect_day(now.div_euclid(DAY), now).await {
            report.failed = report.failed.saturating_add(1);
            let cause = error.cause().unwrap_or("refused");
            let line = serde_json::json!({ "level": "error", "step": "inspection", "cause": cause });
            self.ports().log.line(line.to_string());
        }
    }

    async fn inspect_day(&self, day: i64, now: i64) -> Result<(), Error> {
        let Some(due) = self.question(vec![inspection::lease(day, now)]).await?.first::<DueRow>()? else {
            return Ok(());
        };
        let findings = if due.findings.is_empty() { self.look(day, now).await? } else { due.findings };
        if findings == "[]" {
            return Ok(());
        }
        let release = self.release().await?;
        let to = self.config().alert_to().unwrap_or(&release.settings().email);
        let mail = letter(to, &release.settings().name, day, &findings);
        self.ports().mailer.send(mail).await.map_err(|error| Error::Unavailable(error.0))?;
        self.question(vec![inspection::told(day, now)]).await?;
        Ok(())
    }

    /// Asks every invariant and keeps what was found.
    async fn look(&self, day: i64, now: i64) -> Result<String, Error> {
        let statement = |sql: &'static str| {
            let params = if sql.contains("?1") { vec![Param::Int(now)] } else { vec![] };
            Statement { sql, params }
        };
        let mut answers = self.question(INVARIANTS.iter().map(|one| statement(one.sql)).collect()).await?;
        let mut found = Vec::new();
        for invariant in &INVARIANTS {
            let rows = answers.rows()?.0;
            if let Some(first) = rows.first() {
                let (name, rule) = (invariant.name, invariant.rule);
                found.push(serde_json::json!({ "name": name, "rule": rule, "rows": rows.len(), "first": first }));
            }
        }
        let findings = serde_json::Value::Array(found).to_string();
        self.question(vec![inspection::looked(day, &findings, now)]).await?;
        if findings != "[]" {
            let line = serde_json::json!({ "level": "alert", "what": "the books are wrong", "findings": findings });
            self.ports().log.line(line.to_string());
        }
        Ok(findings)
    }

    async fn question(&self, statements: Vec<Statement>) -> Result<Answers, DbError> {
        send(&*self.ports().db, statements, &AtomicU32::new(0)).await
    }
}

/// What was found, a sentence for each rule: for mails and for the staff.
pub(crate) fn sentences(findings: &str) -> Vec<String> {
    let found: Vec<serde_json::Value> = serde_json::from_str(findings).unwrap_or_default();
    let text = |one: &serde_json::Value, key: &str| one.get(key).map_or_else(String::new, |value| {
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    });
    found
        .iter()
        .map(|one| {
            format!(
                "{} ({}) does not hold: {} rows, the first is {}.",
                text(one, "name"),
                text(one, "rule"),
                text(one, "rows"),
                text(one, "first"),
            )
        })
        .collect()
}

fn letter(to: &str, shop: &str, day: i64, findings: &str) -> Mail {
    let sentences = sentences(findings).join("\n");
    let text = format!(
        "The nightly look at the books of {shop} found rows that must not be there:\n\n{sentences}\n\n\
         Nothing was changed. `ipswich verify` shows all of them.\n"
    );
    let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let subject: String = format!("{shop}: the books are wrong").chars().filter(|c| !c.is_control()).collect();
    Mail { to: to.to_owned(), subject, html: format!("<pre>{html}</pre>"), text, dedupe: format!("alert:{day}") }
}

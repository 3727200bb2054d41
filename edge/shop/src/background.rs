//! The work of the clock: orders whose term ends, mails that are due. Every step may run twice, at once or late; each
//! takes a bounded number of things and leaves the rest to the next round.

use std::sync::atomic::AtomicU32;

use crate::app::{App, TickReport};
use crate::error::Error;
use crate::ports::{DbError, Statement};
use crate::request::{Answers, send};
use crate::store::accounts::purge_sessions;
use crate::store::{attempts, notices, settling};

/// Orders that one round expires or reminds of at most.
const ORDERS_MAX: i64 = 50;

/// Goods that are back, of which one round tells.
const GOODS_MAX: i64 = 10;

/// Rounds of mails in one tick.
const MAIL_ROUNDS_MAX: u32 = 3;

struct IdRow {
    id: String,
}
crate::ports::from_row!(IdRow { id;  });

impl App {
    /// Ends orders whose term is over, reminds of those whose term ends soon, and sends mails.
    pub(crate) async fn run_tick(&self) -> TickReport {
        let now = self.ports().clock.now();
        let mut report = TickReport::default();
        let overdue = settling::overdue(now, ORDERS_MAX);
        report.expired = self.each("expire", overdue, |id| settling::expired(id, now), &mut report).await;
        let soon = settling::to_remind(now, ORDERS_MAX);
        report.reminded = self.each("remind", soon, |id| settling::reminded(id, now), &mut report).await;
        report.noticed =
            self.each("notices", notices::back(GOODS_MAX), |sku| notices::queue(sku, now), &mut report).await;
        if let Err(error) =
            self.ask(vec![purge_sessions(now), attempts::purge(now), notices::purge(now)]).await
        {
            self.note_failure("sessions", &error.into(), &mut report);
        }
        for _ in 0..MAIL_ROUNDS_MAX {
            if !self.send_due(&mut report).await {
                break;
            }
        }
        report
    }

    /// Sends mails only.
    pub(crate) async fn run_outbox(&self) -> TickReport {
        let mut report = TickReport::default();
        self.send_due(&mut report).await;
        report
    }

    /// Sends the batch of each row that `find` finds, and counts those that went through. A refused batch means that
    /// somebody else was quicker: paid, cancelled, or the clock of another host.
    async fn each(
        &self,
        step: &str,
        find: Statement,
        batch: impl Fn(&str) -> Vec<Statement>,
        report: &mut TickReport,
    ) -> u32 {
        let found = self.ask(vec![find]).await;
        let rows = match found.and_then(|mut answers| answers.all::<IdRow>()) {
            Ok(rows) => rows,
            Err(error) => {
                self.note_failure(step, &error.into(), report);
                return 0;
            }
        };
        let mut done: u32 = 0;
        for IdRow { id } in rows {
            match self.ask(batch(&id)).await {
                Ok(_) => done = done.saturating_add(1),
                Err(DbError::Constraint(_)) => {}
                Err(error) => self.note_failure(step, &error.into(), report),
            }
        }
        done
    }

    pub(crate) async fn ask(&self, statements: Vec<Statement>) -> Result<Answers, DbError> {
        send(&*self.ports().db, statements, &AtomicU32::new(0)).await
    }

    pub(crate) fn note_failure(&self, step: &str, error: &Error, report: &mut TickReport) {
        report.failed = report.failed.saturating_add(1);
        self.log_failure(step, error);
    }

    pub(crate) fn log_failure(&self, step: &str, error: &Error) {
        let cause = error.cause().unwrap_or("refused");
        self.ports()
            .log
            .line(serde_json::json!({ "level": "error", "step": step, "cause": cause }).to_string());
    }
}

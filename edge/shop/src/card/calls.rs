//! Calls to Stripe that were left in the outbox: refunds, and looks at what was refunded.

use super::flow::Card;
use crate::app::TickReport;
use crate::background::delay;
use crate::ports::DbError;
use crate::store::calls::{self as store, Call};
use crate::store::outbox::{self, MessageRow};
use crate::store::refunds::{self, DueRow};
use crate::stripe::{CallError, News, Refund, RefundStatus};

/// How long Stripe knows our keys, with an hour to spare, in seconds.
const KEY_SECONDS: i64 = 23 * 3_600;

/// Why a call is not done.
pub(super) enum Trouble {
    /// It is tried again later.
    Call(CallError),
    /// The lease runs out and it is tried again.
    Database(DbError),
}

impl From<CallError> for Trouble {
    fn from(error: CallError) -> Trouble {
        Trouble::Call(error)
    }
}

impl From<DbError> for Trouble {
    fn from(error: DbError) -> Trouble {
        Trouble::Database(error)
    }
}

impl Card<'_> {
    /// Makes the calls that are due.
    pub(crate) async fn make_calls(&self, report: &mut TickReport) -> Result<(), DbError> {
        let due = self.ask(vec![store::lease(self.now)]).await?.all::<MessageRow>()?;
        for message in due {
            let done = match serde_json::from_str::<Call>(&message.payload) {
                Ok(call) => self.make(&call).await,
                Err(error) => Err(Trouble::Call(CallError::Unknown(format!("outbox payload: {error}")))),
            };
            let statement = match done {
                Ok(()) => {
                    report.calls = report.calls.saturating_add(1);
                    outbox::done(message.id)
                }
                Err(Trouble::Database(error)) => {
                    report.failed = report.failed.saturating_add(1);
                    self.log("error", &format!("call: {error:?}"), "");
                    continue;
                }
                Err(Trouble::Call(error)) => {
                    self.log_call("call", &error);
                    if message.attempts >= outbox::TRIES_MAX {
                        report.dead = report.dead.saturating_add(1);
                        self.log("alert", "a call was given up", &message.id.to_string());
                        outbox::dead(message.id)
                    } else {
                        report.deferred = report.deferred.saturating_add(1);
                        outbox::later(message.id, self.now.saturating_add(delay(message.attempts)))
                    }
                }
            };
            self.ask(vec![statement]).await?;
        }
        Ok(())
    }

    async fn make(&self, call: &Call) -> Result<(), Trouble> {
        match call {
            Call::Refund { refund } => self.refund(refund).await,
            Call::RefundStray { payment } => self.refund_stray(payment).await,
            Call::Look { payment } => {
                for refund in self.client.refunds_of(payment).await? {
                    self.apply(&News::Refund(refund)).await?;
                }
                Ok(())
            }
            Call::Compare => self.compare().await,
        }
    }

    /// Sends a refund, whose id is its key: sent twice, it is one.
    async fn refund(&self, id: &str) -> Result<(), Trouble> {
        let due = self.ask(vec![refunds::due(id)]).await?.first::<DueRow>()?;
        let Some(due) = due.filter(|due| due.state == "requested") else { return Ok(()) };
        // Stripe forgets keys after a day; then only looking tells whether it was made.
        let known = self.now.saturating_sub(due.at) < KEY_SECONDS;
        let made = if known {
            self.client.refund(&due.payment, Some(due.amount), &format!("refund:{id}"), ("refund", id)).await
        } else {
            Err(CallError::KeyReused)
        };
        let refund = match made {
            Ok(refund) => refund,
            Err(error @ CallError::Unknown(_)) => return Err(error.into()),
            Err(error) => {
                let found = self.client.refunds_of(&due.payment).await?;
                match found.into_iter().find(|refund| refund.ours == id) {
                    Some(refund) => refund,
                    None if !known => {
                        let key = format!("refund:{id}:again");
                        self.client.refund(&due.payment, Some(due.amount), &key, ("refund", id)).await?
                    }
                    None if Self::is_passing(&error) => return Err(error.into()),
                    // Stripe says no and has none: the money stays, and a person has to look.
                    None => return self.give_up(id, &due, &error).await,
                }
            }
        };
        // Whatever Stripe has written on it, it is ours.
        self.apply(&News::Refund(Refund { ours: id.to_owned(), ..refund })).await?;
        Ok(())
    }

    async fn give_up(&self, id: &str, due: &DueRow, error: &CallError) -> Result<(), Trouble> {
        self.log_call("refund", error);
        let lost = Refund {
            id: format!("refused:{id}"),
            payment: due.payment.clone(),
            amount: due.amount,
            status: RefundStatus::Failed,
            ours: id.to_owned(),
        };
        self.apply(&News::Refund(lost)).await?;
        Ok(())
    }

    /// Sends stray money back, all of it.
    async fn refund_stray(&self, payment: &str) -> Result<(), Trouble> {
        let made =
            self.client.refund(payment, None, &format!("refund-stray:{payment}"), ("stray", payment)).await;
        let refunds = match made {
            Ok(refund) => vec![refund],
            Err(error) if Self::is_passing(&error) => return Err(error.into()),
            Err(error) => {
                // It may have gone back another way.
                let found = self.client.refunds_of(payment).await?;
                if found.is_empty() {
                    return Err(error.into());
                }
                found
            }
        };
        for refund in refunds {
            self.apply(&News::Refund(refund)).await?;
        }
        Ok(())
    }
}

//! The work of the clock for card payments: orders whose term has ended, and messages that did not arrive.

use super::flow::{Card, End};
use crate::app::TickReport;
use crate::order::OrderId;
use crate::ports::DbError;
use crate::store::card::{self as store, Ender, EventRow};
use crate::stripe::{CallError, Message};

/// Orders that one round looks at; the next round takes the rest.
const OVERDUE_MAX: i64 = 50;

/// How far back messages are looked for that could not be delivered, in seconds.
const EVENTS_SECONDS: i64 = 6 * 3_600;

struct IdRow {
    id: String,
}
crate::ports::from_row!(IdRow { id;  });

impl Card<'_> {
    /// Reads the messages that Stripe could not deliver. With every message lost, paid orders are paid by this.
    pub(crate) async fn catch_up(&self) -> Result<(), DbError> {
        let since = self.now.saturating_sub(EVENTS_SECONDS);
        let messages = match self.client.undelivered_since(since).await {
            Ok(messages) => messages,
            Err(error) => {
                self.log_call("events", &error);
                return Ok(());
            }
        };
        let live = self.client.settings().is_live();
        let ours = |message: &Message| message.news.is_some() && message.live == live;
        let mut messages: Vec<Message> = messages.into_iter().filter(ours).collect();
        if messages.is_empty() {
            return Ok(());
        }
        // The list begins with the newest.
        messages.reverse();
        let ids: Vec<&str> = messages.iter().map(|message| message.id.as_str()).collect();
        let seen =
            self.ask(vec![store::seen(serde_json::Value::from(ids).to_string())]).await?.all::<EventRow>()?;
        let is_new = |message: &&Message| seen.iter().all(|row| row.event_id != message.id);
        for message in messages.iter().filter(is_new) {
            self.hear(message).await?;
        }
        Ok(())
    }

    /// Asks Stripe about orders whose term has ended. Our clock says when to ask, never what became of them.
    pub(crate) async fn end_overdue(&self, report: &mut TickReport) -> Result<(), DbError> {
        let rows = self.ask(vec![store::overdue(self.now, OVERDUE_MAX)]).await?.all::<IdRow>()?;
        for IdRow { id } in rows {
            let Some(id) = OrderId::parse(&id) else { continue };
            match self.end_one(&id).await {
                Ok(true) => report.expired = report.expired.saturating_add(1),
                Ok(false) => {}
                Err(error) => {
                    report.failed = report.failed.saturating_add(1);
                    self.log("error", &format!("overdue: {error:?}"), "");
                }
            }
        }
        Ok(())
    }

    /// Whether the order has ended without a payment.
    async fn end_one(&self, id: &OrderId) -> Result<bool, DbError> {
        let Some(order) = self.order(id).await? else { return Ok(false) };
        Ok(self.end(&order, Ender::Time).await? == End::Done)
    }

    /// Whether a call failed because of what Stripe is, not what it says.
    pub(super) fn is_passing(error: &CallError) -> bool {
        matches!(error, CallError::Unknown(_) | CallError::KeyReused)
    }
}

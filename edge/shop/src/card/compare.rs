//! Once a day the books are compared with Stripe's, both ways.

use std::collections::BTreeSet;

use super::calls::Trouble;
use super::flow::Card;
use crate::store::calls;
use crate::store::card::{self as store, RefRow};
use crate::store::refunds::{self, KnownRow};
use crate::stripe::{News, Refund, RefundStatus, Session, Status};

/// How far back Stripe is read, and how far back our payments must be found there, in seconds. A session may be paid a day
/// after it was made.
const THEIRS_SECONDS: i64 = 50 * 3_600;
const OURS_SECONDS: i64 = 24 * 3_600;

/// Ids that are looked up at once.
const CHUNK: usize = 200;

const DAY: i64 = 86_400;

/// The hour of the comparison, in seconds after midnight UTC.
const HOUR: i64 = 3 * 3_600;

impl Card<'_> {
    /// Notes the comparison of today, once.
    pub(crate) async fn plan_comparison(&self) -> Result<(), crate::ports::DbError> {
        let day = self.now.div_euclid(DAY);
        let due = day.saturating_mul(DAY).saturating_add(HOUR);
        if self.now >= due {
            self.ask(vec![calls::compare(day, due.max(self.now))]).await?;
        }
        Ok(())
    }

    /// Books payments and refunds that nobody told us of, and names payments of ours that Stripe does not have.
    pub(super) async fn compare(&self) -> Result<(), Trouble> {
        let sessions =
            self.client.sessions_between(self.now.saturating_sub(THEIRS_SECONDS), self.now).await?;
        let paid: Vec<Session> =
            sessions.into_iter().filter(|session| session.status == Status::Paid).collect();
        let theirs: BTreeSet<&str> = paid.iter().map(|session| session.payment.as_str()).collect();
        for chunk in paid.chunks(CHUNK) {
            let refs: Vec<&str> = chunk.iter().map(|session| session.payment.as_str()).collect();
            let known = self.ask(vec![store::payments(json(refs))]).await?.all::<RefRow>()?;
            let is_new = |session: &&Session| known.iter().all(|row| row.r#ref != session.payment);
            for session in chunk.iter().filter(is_new) {
                self.log("alert", "a payment that no message told of", &session.payment);
                self.apply(&News::Session(session.clone())).await?;
            }
        }
        let ours = self.ask(vec![store::payments_since(self.now.saturating_sub(OURS_SECONDS))]).await?;
        let mut ours = ours;
        for RefRow { r#ref } in ours.all::<RefRow>()? {
            if !theirs.contains(r#ref.as_str()) {
                self.log("alert", "a payment in the books that Stripe does not have", &r#ref);
            }
        }
        self.compare_refunds().await
    }

    async fn compare_refunds(&self) -> Result<(), Trouble> {
        let refunds = self.client.refunds_since(self.now.saturating_sub(THEIRS_SECONDS)).await?;
        for chunk in refunds.chunks(CHUNK) {
            let refs: Vec<&str> = chunk.iter().map(|refund| refund.id.as_str()).collect();
            let known = self.ask(vec![refunds::known(json(refs))]).await?.all::<KnownRow>()?;
            let is_new = |refund: &&Refund| {
                let state = match refund.status {
                    RefundStatus::Pending => "requested",
                    RefundStatus::Succeeded => "succeeded",
                    RefundStatus::Failed => "failed",
                };
                known.iter().all(|row| row.provider_ref != refund.id || row.state != state)
            };
            for refund in chunk.iter().filter(is_new) {
                self.apply(&News::Refund(refund.clone())).await?;
            }
        }
        Ok(())
    }
}

fn json(ids: Vec<&str>) -> String {
    serde_json::Value::from(ids).to_string()
}

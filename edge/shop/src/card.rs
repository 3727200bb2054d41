//! Paying by card at Stripe: what follows from what Stripe says.
//!
//! The return page, messages, and the clock all hand what they heard to [`decide`], which looks at the books and answers
//! with one batch. The order in which they hear it changes nothing.

pub(crate) mod attempt;
mod calls;
mod compare;
mod flow;
mod rounds;

pub(crate) use flow::{Card, End, Pay};

use crate::order::State;
use crate::ports::Statement;
use crate::store::card::{self as store, Ender, Facts, OrderFacts, Subject};
use crate::store::{calls as outbox, refunds};
use crate::stripe::{News, Refund, RefundStatus, Session, Status};

/// How long goods are held on for money that is on its way, in seconds.
const WAIT_SECONDS: i64 = 3_600;

/// What the books say of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Applied,
    Ignored,
    Stray,
}

impl Verdict {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Verdict::Applied => "applied",
            Verdict::Ignored => "ignored",
            Verdict::Stray => "stray",
        }
    }
}

/// What is to be written, and what a person should know.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) statements: Vec<Statement>,
    pub(crate) verdict: Verdict,
    pub(crate) alert: Option<&'static str>,
}

impl Step {
    fn ignore() -> Step {
        Step { statements: vec![], verdict: Verdict::Ignored, alert: None }
    }

    fn apply(statements: Vec<Statement>) -> Step {
        Step { statements, verdict: Verdict::Applied, alert: None }
    }

    fn alert(self, text: &'static str) -> Step {
        Step { alert: Some(text), ..self }
    }
}

impl News {
    /// What has to be looked up.
    pub(crate) fn subject<'a>(&'a self, event: &'a str) -> Subject<'a> {
        let none = Subject { event, ..Subject::default() };
        match self {
            News::Session(session) => Subject { order: &session.order, payment: &session.payment, ..none },
            News::Refund(refund) => {
                Subject { payment: &refund.payment, refund: &refund.ours, refund_ref: &refund.id, ..none }
            }
            News::Refunded(payment) => Subject { payment, ..none },
            News::Dispute(dispute) => Subject { payment: &dispute.payment, ..none },
        }
    }
}

/// What follows from a piece of news.
pub(crate) fn decide(news: &News, facts: &Facts, event: &str, now: i64) -> Step {
    match news {
        News::Session(session) => session_step(session, facts, now),
        News::Refund(refund) => refund_step(refund, facts, now),
        News::Refunded(payment) if facts.payment.is_some() => {
            Step::apply(vec![outbox::look(event, payment, now)])
        }
        News::Dispute(dispute) => match &facts.order {
            Some(order) => {
                Step::apply(store::dispute(&order.id, dispute, now)).alert("a payment is disputed")
            }
            None => Step::ignore().alert("a dispute about a payment that is not in the books"),
        },
        News::Refunded(_) => Step::ignore(),
    }
}

fn session_step(session: &Session, facts: &Facts, now: i64) -> Step {
    let Some(order) = facts.order.as_ref().filter(|order| order.by_card && order.id == session.order) else {
        let step = Step::ignore();
        return match session.status {
            // It may belong to another shop of the same account, so nobody but a person gives it back.
            Status::Paid => step.alert("a payment for an order that is not in the books"),
            _ => step,
        };
    };
    match session.status {
        Status::Paid => paid_step(session, order, facts, now),
        Status::Expired | Status::Failed => over_step(session, order, facts, now),
        Status::Waiting if order.state == State::Pending => {
            let until = now.saturating_add(WAIT_SECONDS);
            Step::apply(vec![store::wait(&order.id, until.max(order.expires_at))])
        }
        Status::Waiting | Status::Open => Step::ignore(),
    }
}

fn paid_step(session: &Session, order: &OrderFacts, facts: &Facts, now: i64) -> Step {
    let (id, payment) = (order.id.as_str(), session.payment.as_str());
    let pending = order.state == State::Pending;
    if payment.is_empty() {
        return Step::ignore().alert("a paid session without a payment");
    }
    if let Some(known) = &facts.payment {
        // Money that was sent back pays for nothing: the order ends when its session has.
        return if known.is_stray && pending {
            over_step(session, order, facts, now)
        } else {
            Step::ignore()
        };
    }
    let over = over_statement(session, facts);
    if pending && session.amount == order.total && session.currency == order.currency {
        let mut batch: Vec<Statement> = over.into_iter().collect();
        batch.extend(store::paid(id, payment, session.amount, &session.currency, now));
        return Step::apply(batch);
    }
    let mut batch = store::stray(id, payment, session.amount, &session.currency, now);
    batch.extend(over);
    if pending && !other_is_live(session, facts) {
        batch.extend(store::ended(id, &Ender::Time, now));
    }
    Step { statements: batch, verdict: Verdict::Stray, alert: Some("stray money goes back") }
}

fn over_step(session: &Session, order: &OrderFacts, facts: &Facts, now: i64) -> Step {
    let mut batch: Vec<Statement> = over_statement(session, facts).into_iter().collect();
    if order.state == State::Pending && !other_is_live(session, facts) {
        batch.extend(store::ended(&order.id, &Ender::Time, now));
    }
    if batch.is_empty() { Step::ignore() } else { Step::apply(batch) }
}

/// Notes that the session is over, if we thought it was not.
fn over_statement(session: &Session, facts: &Facts) -> Option<Statement> {
    let mine = |attempt: &&attempt::Attempt| attempt.is_live && belongs(attempt, session);
    let attempt = facts.attempts.iter().find(mine)?;
    Some(store::session_over(&session.order, attempt.n, &session.id))
}

fn other_is_live(session: &Session, facts: &Facts) -> bool {
    facts.attempts.iter().any(|attempt| attempt.is_live && !belongs(attempt, session))
}

/// Whether a session is that of an attempt, also of one whose answer was lost.
fn belongs(attempt: &attempt::Attempt, session: &Session) -> bool {
    attempt.session.as_ref().map_or(attempt.n == session.attempt, |known| *known == session.id)
}

fn refund_step(refund: &Refund, facts: &Facts, now: i64) -> Step {
    match (&facts.refund, &facts.payment, &facts.order) {
        (Some(known), _, _) if known.amount != refund.amount => {
            Step::ignore().alert("a refund of another amount than ours")
        }
        (Some(known), _, _) => {
            let reference = Some(refund.id.as_str());
            match (known.state.as_str(), refund.status) {
                ("requested", RefundStatus::Succeeded) => {
                    Step::apply(refunds::succeeded(&known.id, &known.order, reference, now))
                }
                ("requested", RefundStatus::Pending) => {
                    Step::apply(vec![refunds::underway(&known.id, &refund.id)])
                }
                ("requested" | "succeeded", RefundStatus::Failed) => {
                    Step::apply(refunds::failed(&known.id, &known.order, reference, now))
                        .alert("a refund failed")
                }
                _ => Step::ignore(),
            }
        }
        (None, Some(payment), _) if payment.is_stray => match (refund.status, payment.returned) {
            (RefundStatus::Failed, true) => Step::apply(vec![refunds::stray_kept(&refund.payment)])
                .alert("stray money could not be returned"),
            (RefundStatus::Failed, false) => Step::ignore().alert("stray money could not be returned"),
            (_, false) => Step::apply(vec![refunds::stray_returned(&refund.payment, &refund.id, now)]),
            (_, true) => Step::ignore(),
        },
        (None, Some(_), Some(order)) if refund.status != RefundStatus::Failed => {
            found_step(refund, order, now)
        }
        _ => Step::ignore(),
    }
}

/// Somebody gave money back on Stripe's own pages.
fn found_step(refund: &Refund, order: &OrderFacts, now: i64) -> Step {
    if refund.amount <= 0 || refund.amount > order.captured.saturating_sub(order.refund_held) {
        return Step::ignore().alert("a refund at Stripe beyond what is left of the payment");
    }
    let mut batch = vec![refunds::found(&refund.id, &order.id, refund.amount, now)];
    if refund.status == RefundStatus::Succeeded {
        batch.extend(refunds::succeeded(&refund.id, &order.id, None, now));
    }
    Step::apply(batch)
}

//! What Stripe knows, and what happens to it.

use std::collections::BTreeMap;

use ipswich_shop::ports::HttpAnswer;
use serde_json::{Value, json};

use super::events::Event;

/// Where a Checkout Session is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// It can be paid.
    Open,
    /// The shopper went through with it.
    Complete,
    /// Its time ended, or the shop ended it.
    Expired,
}

/// A Checkout Session.
#[derive(Clone, Debug)]
pub struct Session {
    /// `cs_test_…`
    pub id: String,
    /// `client_reference_id`
    pub order: String,
    /// Where it is.
    pub state: SessionState,
    /// The sum of its lines in minor units.
    pub amount: i64,
    /// ISO 4217 in small letters.
    pub currency: String,
    /// When it expires, in Unix seconds.
    pub expires_at: i64,
    /// When it was made.
    pub created: i64,
    /// `pi_…`, once paid or being paid.
    pub payment: Option<String>,
    /// All that was sent to make it.
    pub params: Vec<(String, String)>,
}

/// Money of a shopper.
#[derive(Clone, Debug)]
pub struct Payment {
    /// `pi_…`
    pub id: String,
    /// The order it is for.
    pub order: String,
    /// In minor units.
    pub amount: i64,
    /// ISO 4217 in small letters.
    pub currency: String,
    /// Whether the money is there; a slow payment may fail.
    pub paid: bool,
    /// Whether it failed for good.
    pub failed: bool,
    /// What went back.
    pub refunded: i64,
}

/// Where a refund is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// On its way.
    Pending,
    /// Done.
    Succeeded,
    /// Impossible; the money is back with the shop.
    Failed,
}

/// Money that goes back.
#[derive(Clone, Debug)]
pub struct Refund {
    /// `re_…`
    pub id: String,
    /// Of this payment.
    pub payment: String,
    /// In minor units.
    pub amount: i64,
    /// Where it is.
    pub state: RefundState,
    /// When it was made.
    pub created: i64,
    /// What the shop wrote on it.
    pub metadata: Vec<(String, String)>,
}

/// A dispute.
#[derive(Clone, Debug)]
pub(super) struct Dispute {
    pub(super) payment: String,
    pub(super) status: &'static str,
}

/// An answer that is given again for its key.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) body: String,
    pub(super) answer: HttpAnswer,
}

/// Everything.
pub(super) struct Account {
    seed: u64,
    count: u32,
    pub(super) now: i64,
    pub(super) sessions: BTreeMap<String, Session>,
    pub(super) payments: BTreeMap<String, Payment>,
    pub(super) refunds: BTreeMap<String, Refund>,
    pub(super) disputes: BTreeMap<String, Dispute>,
    pub(super) events: Vec<Event>,
    pub(super) stored: BTreeMap<String, Stored>,
    pub(super) hold_refunds: bool,
    pub(super) surcharge: i64,
}

impl Account {
    pub(super) fn new(seed: u64) -> Account {
        Account {
            seed,
            count: 0,
            now: 0,
            sessions: BTreeMap::new(),
            payments: BTreeMap::new(),
            refunds: BTreeMap::new(),
            disputes: BTreeMap::new(),
            events: Vec::new(),
            stored: BTreeMap::new(),
            hold_refunds: false,
            surcharge: 0,
        }
    }

    /// An id that sorts by when it was made.
    pub(super) fn id(&mut self, prefix: &str) -> String {
        self.count += 1;
        format!("{prefix}_{:06}x{:x}", self.count, self.seed)
    }

    /// Ends sessions whose time is over.
    pub(super) fn pass_time(&mut self, now: i64) {
        self.now = now;
        let over = |s: &&Session| s.state == SessionState::Open && s.expires_at <= now;
        let over: Vec<String> =
            self.sessions.values().filter(over).map(|session| session.id.clone()).collect();
        for session in over {
            self.expire(&session);
        }
    }

    pub(super) fn expire(&mut self, id: &str) -> bool {
        let Some(session) = self.sessions.get_mut(id).filter(|session| session.state == SessionState::Open)
        else {
            return false;
        };
        session.state = SessionState::Expired;
        let object = self.session_json(id, false);
        self.tell("checkout.session.expired", object);
        true
    }

    pub(super) fn reopen(&mut self, id: &str) {
        if let Some(session) = self.sessions.get_mut(id) {
            session.state = SessionState::Open;
        }
    }

    pub(super) fn pay(&mut self, id: &str, at_once: bool) -> Option<String> {
        let payment = self.id("pi");
        let session = self.sessions.get_mut(id).filter(|session| session.state == SessionState::Open)?;
        session.state = SessionState::Complete;
        session.payment = Some(payment.clone());
        let money = Payment {
            id: payment.clone(),
            order: session.order.clone(),
            amount: session.amount,
            currency: session.currency.clone(),
            paid: at_once,
            failed: false,
            refunded: 0,
        };
        self.payments.insert(payment.clone(), money);
        let object = self.session_json(id, false);
        self.tell("checkout.session.completed", object);
        Some(payment)
    }

    pub(super) fn settle(&mut self, id: &str, succeeded: bool) {
        let payment = self.sessions.get(id).and_then(|session| session.payment.clone());
        let Some(payment) = payment.and_then(|id| self.payments.get_mut(&id)) else { return };
        payment.paid = succeeded;
        payment.failed = !succeeded;
        let object = self.session_json(id, false);
        let what = if succeeded { "succeeded" } else { "failed" };
        self.tell(&format!("checkout.session.async_payment_{what}"), object);
    }

    /// Gives money back, or says why not, as Stripe's error codes.
    pub(super) fn refund(
        &mut self,
        payment: &str,
        amount: i64,
        metadata: Vec<(String, String)>,
    ) -> Result<String, &'static str> {
        let money = self.payments.get_mut(payment).filter(|money| money.paid).ok_or("resource_missing")?;
        let left = money.amount - money.refunded;
        if left == 0 {
            return Err("charge_already_refunded");
        }
        if amount <= 0 || amount > left {
            return Err("amount_too_large");
        }
        money.refunded += amount;
        let id = self.id("re");
        let state = if self.hold_refunds { RefundState::Pending } else { RefundState::Succeeded };
        let payment = payment.to_owned();
        let refund =
            Refund { id: id.clone(), payment: payment.clone(), amount, state, created: self.now, metadata };
        self.refunds.insert(id.clone(), refund);
        let (refund, charge) = (self.refund_json(&id), self.charge_json(&payment));
        self.tell("refund.created", refund.clone());
        self.tell("charge.refunded", charge);
        self.tell("refund.updated", refund);
        Ok(id)
    }

    pub(super) fn fail_refund(&mut self, id: &str) {
        let Some(refund) = self.refunds.get_mut(id) else { return };
        refund.state = RefundState::Failed;
        let (payment, amount) = (refund.payment.clone(), refund.amount);
        if let Some(payment) = self.payments.get_mut(&payment) {
            payment.refunded -= amount;
        }
        let object = self.refund_json(id);
        self.tell("refund.failed", object);
    }

    pub(super) fn finish_refunds(&mut self) {
        let waiting: Vec<String> =
            self.refunds.values().filter(|r| r.state == RefundState::Pending).map(|r| r.id.clone()).collect();
        for id in waiting {
            if let Some(refund) = self.refunds.get_mut(&id) {
                refund.state = RefundState::Succeeded;
            }
            let object = self.refund_json(&id);
            self.tell("refund.updated", object);
        }
    }

    pub(super) fn dispute(&mut self, payment: &str) -> Option<String> {
        self.payments.get(payment)?;
        let id = self.id("dp");
        let dispute = Dispute { payment: payment.to_owned(), status: "needs_response" };
        self.disputes.insert(id.clone(), dispute);
        let object = self.dispute_json(&id);
        self.tell("charge.dispute.created", object);
        Some(id)
    }

    pub(super) fn close_dispute(&mut self, id: &str, won: bool) {
        let Some(dispute) = self.disputes.get_mut(id) else { return };
        dispute.status = if won { "won" } else { "lost" };
        let object = self.dispute_json(id);
        self.tell("charge.dispute.closed", object);
    }

    /// A session as Stripe shows it.
    pub(super) fn session_json(&self, id: &str, expanded: bool) -> Value {
        let Some(session) = self.sessions.get(id) else { return Value::Null };
        let payment = session.payment.as_ref().and_then(|id| self.payments.get(id));
        let status = match session.state {
            SessionState::Open => "open",
            SessionState::Complete => "complete",
            SessionState::Expired => "expired",
        };
        let intent = payment.map_or(Value::Null, |payment| {
            let status = match (payment.paid, payment.failed) {
                (true, _) => "succeeded",
                (_, true) => "requires_payment_method",
                _ => "processing",
            };
            if expanded {
                json!({ "id": payment.id, "object": "payment_intent", "status": status })
            } else {
                json!(payment.id)
            }
        });
        let url =
            (session.state == SessionState::Open).then(|| format!("https://checkout.stripe.com/c/pay/{id}"));
        json!({
            "id": id, "object": "checkout.session", "livemode": false, "mode": "payment", "status": status,
            "payment_status": if payment.is_some_and(|payment| payment.paid) { "paid" } else { "unpaid" },
            "client_reference_id": session.order, "amount_total": session.amount, "currency": session.currency,
            "expires_at": session.expires_at, "created": session.created, "payment_intent": intent, "url": url,
            "metadata": { "order": session.order },
        })
    }

    /// A refund as Stripe shows it.
    pub(super) fn refund_json(&self, id: &str) -> Value {
        let Some(refund) = self.refunds.get(id) else { return Value::Null };
        let currency = self.payments.get(&refund.payment).map_or("", |payment| payment.currency.as_str());
        let status = match refund.state {
            RefundState::Pending => "pending",
            RefundState::Succeeded => "succeeded",
            RefundState::Failed => "failed",
        };
        let metadata: serde_json::Map<String, Value> =
            refund.metadata.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        json!({
            "id": id, "object": "refund", "amount": refund.amount, "currency": currency, "status": status,
            "payment_intent": refund.payment, "created": refund.created, "metadata": metadata,
        })
    }

    fn charge_json(&self, payment: &str) -> Value {
        let money = self.payments.get(payment);
        json!({
            "id": payment.replacen("pi", "ch", 1), "object": "charge", "livemode": false, "payment_intent": payment,
            "amount": money.map(|money| money.amount), "amount_refunded": money.map(|money| money.refunded),
        })
    }

    fn dispute_json(&self, id: &str) -> Value {
        let Some(dispute) = self.disputes.get(id) else { return Value::Null };
        let money = self.payments.get(&dispute.payment);
        json!({
            "id": id, "object": "dispute", "livemode": false, "status": dispute.status, "reason": "fraudulent",
            "payment_intent": dispute.payment, "amount": money.map(|money| money.amount),
            "currency": money.map(|money| money.currency.clone()),
        })
    }
}

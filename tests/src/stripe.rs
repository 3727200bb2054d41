//! A stand-in for Stripe that remembers: sessions, payments, refunds, events, answers by idempotency key. It is the
//! truth about money at the end of a test.
//!
//! It does what the documentation of Stripe says of the endpoints that the shop uses, on one thread of its own mind:
//! the same calls give the same ids and answers. It can be told to answer late, twice, wrongly or not at all.

mod answer;
mod events;
mod model;
pub mod serve;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipswich_shop::ports::{Clock, Http, HttpAnswer, HttpError, HttpRequest, PortFuture};

pub use events::{Delivery, signature};
pub use model::{Payment, Refund, RefundState, Session, SessionState};

use crate::shop::{Browser, NOON};
use model::Account;

/// The secret key that the stand-in takes.
pub const KEY: &str = "sk_test_everybody_knows";

/// The secret of its webhooks.
pub const WEBHOOK_SECRET: &str = "whsec_everybody_knows";

/// How a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// As it should.
    Fine,
    /// Refused with this status before anything was done, such as 429 or 503; nothing is stored for its key.
    Refused(u16),
    /// An error inside Stripe that is stored for the key, so that sending it again gives the same 500.
    Failed,
    /// The call is lost before Stripe sees it.
    LostBefore,
    /// Stripe does it, and the answer is lost.
    LostAfter,
    /// The answer is lost, and Stripe does it only when [`FakeStripe::catch_up`] is called.
    Late,
    /// The call arrives twice; the second answer counts.
    Twice,
    /// Stripe does it and answers something that is no JSON.
    Garbage,
    /// A redirect to an address of this machine, and nothing is done.
    Redirect,
    /// Stripe does it, but the amounts of the answer and of what was made are one too high.
    WrongAmount,
}

/// The stand-in. Cheap to clone; clones share one account.
#[derive(Clone)]
pub struct FakeStripe(Arc<Inner>);

struct Inner {
    account: Mutex<Account>,
    plan: Mutex<(VecDeque<Behaviour>, Behaviour)>,
    late: Mutex<Vec<HttpRequest>>,
    calls: Mutex<Vec<HttpRequest>>,
    clock: Mutex<Option<Arc<dyn Clock>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl FakeStripe {
    /// An empty account whose ids come from this seed. Its clock stands at [`NOON`] until it is given one.
    pub fn new(seed: u64) -> FakeStripe {
        FakeStripe(Arc::new(Inner {
            account: Mutex::new(Account::new(seed)),
            plan: Mutex::new((VecDeque::new(), Behaviour::Fine)),
            late: Mutex::default(),
            calls: Mutex::default(),
            clock: Mutex::default(),
        }))
    }

    /// From now on time is what this clock says; sessions expire by it.
    pub fn follow(&self, clock: Arc<dyn Clock>) {
        *lock(&self.0.clock) = Some(clock);
    }

    fn now(&self) -> i64 {
        lock(&self.0.clock).as_ref().map_or(NOON, |clock| clock.now())
    }

    /// The account, with all that time did to it.
    fn account(&self) -> MutexGuard<'_, Account> {
        let now = self.now();
        let mut account = lock(&self.0.account);
        account.pass_time(now);
        account
    }

    /// How the next call goes; several are taken in order.
    pub fn next_call(&self, behaviour: Behaviour) {
        lock(&self.0.plan).0.push_back(behaviour);
    }

    /// How every call goes that [`FakeStripe::next_call`] says nothing about.
    pub fn always(&self, behaviour: Behaviour) {
        lock(&self.0.plan).1 = behaviour;
    }

    /// Everything that was asked so far.
    pub fn calls(&self) -> Vec<HttpRequest> {
        lock(&self.0.calls).clone()
    }

    /// Does what [`Behaviour::Late`] put off; nobody hears the answers.
    pub fn catch_up(&self) {
        let late = std::mem::take(&mut *lock(&self.0.late));
        for request in late {
            answer::answer(&mut self.account(), &request);
        }
    }

    /// The shopper pays. The id of the payment, or nothing if the session is not open.
    pub fn pay(&self, session: &str) -> Option<String> {
        self.account().pay(session, true)
    }

    /// The shopper chooses a way to pay that takes days: the session is complete, and not paid.
    pub fn pay_slowly(&self, session: &str) -> Option<String> {
        self.account().pay(session, false)
    }

    /// What became of [`FakeStripe::pay_slowly`].
    pub fn settle(&self, session: &str, succeeded: bool) {
        self.account().settle(session, succeeded);
    }

    /// Money arrives for a session whatever its state is, as no Stripe should let it happen.
    pub fn pay_regardless(&self, session: &str) -> Option<String> {
        let mut account = self.account();
        account.reopen(session);
        account.pay(session, true)
    }

    /// Ends an open session, as its time would. Whether it was open.
    pub fn expire(&self, session: &str) -> bool {
        self.account().expire(session)
    }

    /// Somebody gives money back on Stripe's own pages, without the shop. The id of the refund.
    pub fn refund_on_dashboard(&self, payment: &str, amount: i64) -> Option<String> {
        self.account().refund(payment, amount, vec![]).ok()
    }

    /// A refund that was made turns out impossible, such as when the card's account is closed.
    pub fn fail_refund(&self, refund: &str) {
        self.account().fail_refund(refund);
    }

    /// Refunds stay pending until [`FakeStripe::finish_refunds`].
    pub fn hold_refunds(&self, hold: bool) {
        self.account().hold_refunds = hold;
    }

    /// All pending refunds succeed.
    pub fn finish_refunds(&self) {
        self.account().finish_refunds();
    }

    /// The bank of a shopper takes the money back until somebody decides. The id of the dispute.
    pub fn dispute(&self, payment: &str) -> Option<String> {
        self.account().dispute(payment)
    }

    /// The end of a dispute.
    pub fn close_dispute(&self, dispute: &str, won: bool) {
        self.account().close_dispute(dispute, won);
    }

    /// What shoppers paid for an order.
    pub fn captured(&self, order: &str) -> i64 {
        self.account().payments.values().filter(|p| p.order == order && p.paid).map(|p| p.amount).sum()
    }

    /// What went back of it.
    pub fn refunded(&self, order: &str) -> i64 {
        self.account().payments.values().filter(|p| p.order == order).map(|p| p.refunded).sum()
    }

    /// All payments by id.
    pub fn payments(&self) -> Vec<Payment> {
        self.account().payments.values().cloned().collect()
    }

    /// All refunds by id.
    pub fn refunds(&self) -> Vec<Refund> {
        self.account().refunds.values().cloned().collect()
    }

    /// All sessions in the order they were made.
    pub fn sessions(&self) -> Vec<Session> {
        self.account().sessions.values().cloned().collect()
    }

    /// The newest session of an order.
    pub fn session_of(&self, order: &str) -> Option<Session> {
        self.sessions().into_iter().rfind(|session| session.order == order)
    }

    /// Messages that the shop has not taken yet, signed now.
    pub fn undelivered(&self) -> Vec<Delivery> {
        let now = self.now();
        self.account().undelivered(now)
    }

    /// Every message there ever was, signed now.
    pub fn all_events(&self) -> Vec<Delivery> {
        let now = self.now();
        self.account().all_events(now)
    }

    /// The shop has taken a message.
    pub fn acknowledge(&self, event: &str) {
        self.account().acknowledge(event);
    }

    /// Stripe gives up delivering, and no longer lists the messages as failed.
    pub fn lose_events(&self) {
        let events: Vec<String> = self.undelivered().into_iter().map(|delivery| delivery.id).collect();
        events.iter().for_each(|event| self.acknowledge(event));
    }

    /// Delivers what is not delivered yet, each message so many times, in order; returns the statuses.
    pub async fn deliver_events(&self, browser: &mut Browser, times: usize) -> Vec<u16> {
        let mut statuses = Vec::new();
        for delivery in self.undelivered() {
            for _ in 0..times {
                statuses.push(self.deliver(browser, &delivery).await);
            }
        }
        statuses
    }

    /// Delivers one message.
    pub async fn deliver(&self, browser: &mut Browser, delivery: &Delivery) -> u16 {
        let headers =
            [("content-type", "application/json"), ("stripe-signature", delivery.signature.as_str())];
        let page = browser.send("POST", "/webhooks/stripe", &headers, Some(delivery.body.clone())).await;
        if page.status == 200 {
            self.acknowledge(&delivery.id);
        }
        page.status
    }

    /// Answers one call, as told.
    pub fn call(&self, request: HttpRequest) -> Result<HttpAnswer, HttpError> {
        lock(&self.0.calls).push(request.clone());
        let behaviour = {
            let mut plan = lock(&self.0.plan);
            plan.0.pop_front().unwrap_or(plan.1)
        };
        let lost = || Err(HttpError("no answer".to_owned()));
        let mut account = self.account();
        match behaviour {
            Behaviour::Fine => Ok(answer::answer(&mut account, &request)),
            Behaviour::Refused(status) => Ok(answer::refusal(status)),
            Behaviour::Failed => Ok(answer::failure(&mut account, &request)),
            Behaviour::LostBefore => lost(),
            Behaviour::LostAfter => {
                answer::answer(&mut account, &request);
                lost()
            }
            Behaviour::Late => {
                lock(&self.0.late).push(request);
                lost()
            }
            Behaviour::Twice => {
                answer::answer(&mut account, &request);
                Ok(answer::answer(&mut account, &request))
            }
            Behaviour::Garbage => {
                answer::answer(&mut account, &request);
                Ok(HttpAnswer { status: 200, body: b"<html>Bad gateway</html>".to_vec() })
            }
            Behaviour::Redirect => Ok(HttpAnswer { status: 302, body: vec![] }),
            Behaviour::WrongAmount => {
                account.surcharge = 1;
                let answer = answer::answer(&mut account, &request);
                account.surcharge = 0;
                Ok(answer)
            }
        }
    }
}

impl Http for FakeStripe {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<HttpAnswer, HttpError>> {
        Box::pin(async move { self.call(request) })
    }
}

//! Messages to the shop, and their signatures.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::WEBHOOK_SECRET;
use super::model::Account;

/// A message as Stripe keeps it.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) created: i64,
    pub(super) object: Value,
    pub(super) delivered: bool,
}

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// `evt_…`
    pub id: String,
    /// Such as `checkout.session.completed`.
    pub kind: String,
    /// The bytes that are signed.
    pub body: String,
    /// The header `stripe-signature`.
    pub signature: String,
}

/// The header that signs a body with a secret at this moment.
pub fn signature(secret: &str, body: &str, at: i64) -> String {
    format!("t={at},v1={}", hex(secret, &format!("{at}.{body}")))
}

fn hex(secret: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Event {
    /// A message as Stripe shows it.
    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id, "object": "event", "type": self.kind, "created": self.created, "livemode": false,
            "api_version": "2024-06-20", "pending_webhooks": u8::from(!self.delivered), "data": { "object": self.object },
        })
    }

    fn delivery(&self, now: i64) -> Delivery {
        let body = self.json().to_string();
        let signature = signature(WEBHOOK_SECRET, &body, now);
        Delivery { id: self.id.clone(), kind: self.kind.clone(), body, signature }
    }
}

impl Account {
    /// Notes a message.
    pub(super) fn tell(&mut self, kind: &str, object: Value) {
        let id = self.id("evt");
        let event = Event { id, kind: kind.to_owned(), created: self.now, object, delivered: false };
        self.events.push(event);
    }

    pub(super) fn undelivered(&self, now: i64) -> Vec<Delivery> {
        self.events.iter().filter(|event| !event.delivered).map(|event| event.delivery(now)).collect()
    }

    pub(super) fn all_events(&self, now: i64) -> Vec<Delivery> {
        self.events.iter().map(|event| event.delivery(now)).collect()
    }

    pub(super) fn acknowledge(&mut self, id: &str) {
        if let Some(event) = self.events.iter_mut().find(|event| event.id == id) {
            event.delivered = true;
        }
    }
}

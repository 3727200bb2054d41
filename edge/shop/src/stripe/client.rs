//! Calls to Stripe's API. What makes something is sent with a key, so that sending it again makes nothing twice.
//!
//! Source: docs.stripe.com/api, docs.stripe.com/idempotency.

use serde_json::Value;

use super::event::{Message, Refund};
use super::session::{Session, form};
use crate::card::attempt::Attempt;
use crate::config::StripeConfig;
use crate::order::Order;
use crate::ports::{Http, HttpMethod, HttpRequest};

/// The version of the API that answers are read in; it has had every field of ours for years.
const VERSION: &str = "2024-06-20";

/// The most objects on a page of a list.
const PAGE: usize = 100;

/// The most pages of a list that are read.
const PAGES_MAX: usize = 100;

/// Why a call gave no answer that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallError {
    /// Nobody knows whether it was done: no answer, an error inside Stripe, too many calls. The text is for the log.
    Unknown(String),
    /// Stripe understood and says no; nothing was done. The code is Stripe's.
    Refused(String),
    /// The key was used for something else before.
    KeyReused,
    /// There is no such object.
    Missing,
}

impl CallError {
    /// For the log.
    pub(crate) fn cause(&self) -> String {
        match self {
            CallError::Unknown(cause) => format!("stripe: {cause}"),
            CallError::Refused(code) => format!("stripe refused: {code}"),
            CallError::KeyReused => "stripe: the key was used for something else".to_owned(),
            CallError::Missing => "stripe: no such object".to_owned(),
        }
    }
}

/// Stripe behind a port.
pub(crate) struct Client<'a> {
    http: &'a dyn Http,
    settings: &'a StripeConfig,
}

impl<'a> Client<'a> {
    pub(crate) fn new(http: &'a dyn Http, settings: &'a StripeConfig) -> Client<'a> {
        Client { http, settings }
    }

    pub(crate) fn settings(&self) -> &StripeConfig {
        self.settings
    }

    /// Makes the session of an attempt to pay; asked again, the same one.
    pub(crate) async fn create_session(
        &self,
        order: &Order,
        attempt: &Attempt,
        base_url: &str,
    ) -> Result<Session, CallError> {
        let body = form(order, attempt, base_url).ok_or_else(|| CallError::Refused("amounts".to_owned()))?;
        let key = format!("order:{}:session:{}", order.id.as_str(), attempt.n);
        session(&self.post("/v1/checkout/sessions", &key, body).await?)
    }

    /// A session as it is now.
    pub(crate) async fn session(&self, id: &str) -> Result<Session, CallError> {
        session(&self.get(&format!("/v1/checkout/sessions/{}?expand[]=payment_intent", encode(id))).await?)
    }

    /// Ends a session, which works only while it is open.
    pub(crate) async fn expire(&self, id: &str) -> Result<Session, CallError> {
        let path = format!("/v1/checkout/sessions/{}/expire", encode(id));
        // Without a key: Stripe would answer an error of its own once more, and ending twice ends once.
        session(&self.call(HttpMethod::Post, &path, vec![], String::new()).await?)
    }

    /// Gives money of a payment back: this amount, or all there is. `name` is what the refund is called with us.
    pub(crate) async fn refund(
        &self,
        payment: &str,
        amount: Option<i64>,
        key: &str,
        name: (&str, &str),
    ) -> Result<Refund, CallError> {
        let amount = amount.map_or_else(String::new, |amount| format!("&amount={amount}"));
        let body =
            format!("payment_intent={}{amount}&metadata[{}]={}", encode(payment), name.0, encode(name.1));
        let made = self.post("/v1/refunds", key, body).await?;
        Refund::read(&made).ok_or_else(|| unreadable("a refund"))
    }

    /// The refunds of a payment.
    pub(crate) async fn refunds_of(&self, payment: &str) -> Result<Vec<Refund>, CallError> {
        let list = self.list(&format!("/v1/refunds?payment_intent={}", encode(payment))).await?;
        Ok(list.iter().filter_map(Refund::read).collect())
    }

    /// Refunds made since then, newest first.
    pub(crate) async fn refunds_since(&self, since: i64) -> Result<Vec<Refund>, CallError> {
        let list = self.list(&format!("/v1/refunds?created[gte]={since}")).await?;
        Ok(list.iter().filter_map(Refund::read).collect())
    }

    /// Sessions made in a span of time, in Unix seconds.
    pub(crate) async fn sessions_between(&self, from: i64, to: i64) -> Result<Vec<Session>, CallError> {
        let list = self
            .list(&format!(
                "/v1/checkout/sessions?created[gte]={from}&created[lte]={to}&expand[]=data.payment_intent"
            ))
            .await?;
        Ok(list.iter().filter_map(Session::read).collect())
    }

    /// Messages since then that could not be delivered.
    pub(crate) async fn undelivered_since(&self, since: i64) -> Result<Vec<Message>, CallError> {
        let list = self.list(&format!("/v1/events?delivery_success=false&created[gte]={since}")).await?;
        Ok(list.iter().filter_map(Message::read).collect())
    }

    async fn list(&self, path: &str) -> Result<Vec<Value>, CallError> {
        let (mut found, mut after) = (Vec::new(), String::new());
        for _ in 0..PAGES_MAX {
            let mut page = self.get(&format!("{path}&limit={PAGE}{after}")).await?;
            let more = page.get("has_more").and_then(Value::as_bool) == Some(true);
            let Some(Value::Array(data)) = page.get_mut("data").map(Value::take) else {
                return Err(unreadable("a list"));
            };
            let last = data.last().and_then(|one| one.get("id")).and_then(Value::as_str).map(encode);
            found.extend(data);
            match last {
                Some(id) if more => after = format!("&starting_after={id}"),
                _ => return Ok(found),
            }
        }
        Err(CallError::Unknown("a list without an end".to_owned()))
    }

    async fn get(&self, path: &str) -> Result<Value, CallError> {
        self.call(HttpMethod::Get, path, vec![], String::new()).await
    }

    async fn post(&self, path: &str, key: &str, body: String) -> Result<Value, CallError> {
        let headers = vec![
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("idempotency-key", key.to_owned()),
        ];
        self.call(HttpMethod::Post, path, headers, body).await
    }

    /// The address begins with that of the configuration, so that nothing else is ever called.
    async fn call(
        &self,
        method: HttpMethod,
        path: &str,
        mut headers: Vec<(&'static str, String)>,
        body: String,
    ) -> Result<Value, CallError> {
        headers.push(("authorization", format!("Bearer {}", self.settings.key())));
        headers.push(("stripe-version", VERSION.to_owned()));
        let url = format!("{}{path}", self.settings.url());
        let answer = self.http.send(HttpRequest { method, url, headers, body }).await;
        let answer = answer.map_err(|error| CallError::Unknown(error.0))?;
        let read = serde_json::from_slice::<Value>(&answer.body);
        match (answer.status, read) {
            (200, Ok(value)) => Ok(value),
            (200, Err(_)) => Err(unreadable("an answer")),
            (404, Ok(_)) => Err(CallError::Missing),
            (400 | 402, Ok(value)) => Err(refusal(&value)),
            (status, _) => Err(CallError::Unknown(format!("status {status}"))),
        }
    }
}

fn session(value: &Value) -> Result<Session, CallError> {
    Session::read(value).ok_or_else(|| unreadable("a session"))
}

fn unreadable(what: &str) -> CallError {
    CallError::Unknown(format!("{what} that cannot be read"))
}

/// Only codes and types, never the message: it may repeat what was sent.
fn refusal(value: &Value) -> CallError {
    let text =
        |name: &str| value.pointer(&format!("/error/{name}")).and_then(Value::as_str).unwrap_or_default();
    match (text("type"), text("code")) {
        ("idempotency_error", _) => CallError::KeyReused,
        (kind, "") => CallError::Refused(kind.to_owned()),
        (_, code) => CallError::Refused(code.to_owned()),
    }
}

/// A text as forms and addresses carry it.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

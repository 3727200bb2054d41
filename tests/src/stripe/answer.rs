//! The endpoints of Stripe that the shop uses.

use ipswich_shop::ports::{HttpAnswer, HttpMethod, HttpRequest};
use serde_json::{Value, json};

use super::KEY;
use super::model::{Account, Session, SessionState, Stored};

/// Limits of `expires_at`, in seconds from now.
const TERM: std::ops::RangeInclusive<i64> = 30 * 60..=24 * 60 * 60;

/// How long answers are kept for their keys, in seconds.
const KEPT: i64 = 24 * 60 * 60;

fn reply(status: u16, body: &Value) -> HttpAnswer {
    HttpAnswer { status, body: body.to_string().into_bytes() }
}

fn error(status: u16, kind: &str, code: &str) -> HttpAnswer {
    reply(status, &json!({ "error": { "type": kind, "code": code, "message": "secret cause" } }))
}

fn invalid(code: &str) -> HttpAnswer {
    error(400, "invalid_request_error", code)
}

fn missing() -> HttpAnswer {
    error(404, "invalid_request_error", "resource_missing")
}

/// A refusal before anything is done.
pub(super) fn refusal(status: u16) -> HttpAnswer {
    error(status, "api_error", "rate_limit")
}

/// An error inside Stripe, which is stored like any answer.
pub(super) fn failure(account: &mut Account, request: &HttpRequest) -> HttpAnswer {
    let failed = refusal(500);
    store(account, request, &failed);
    failed
}

/// Answers a call. A key that was seen gets its answer again.
pub(super) fn answer(account: &mut Account, request: &HttpRequest) -> HttpAnswer {
    let header = |name: &str| {
        request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    };
    if header("authorization") != Some(&format!("Bearer {KEY}")) {
        return error(401, "invalid_request_error", "api_key");
    }
    let (path, query) = split(&request.url);
    if request.method == HttpMethod::Get {
        return read(account, &path, &pairs(&query));
    }
    if let Some(stored) = header("idempotency-key").and_then(|key| account.stored.get(key)) {
        let body = format!("{path} {}", request.body);
        return if stored.body == body { stored.answer.clone() } else { error(400, "idempotency_error", "") };
    }
    let answer = write(account, &path, pairs(&request.body));
    // What was refused for its form is not stored.
    if answer.status < 400 || answer.status >= 500 || answer.status == 402 {
        store(account, request, &answer);
    }
    answer
}

fn store(account: &mut Account, request: &HttpRequest, answer: &HttpAnswer) {
    let key = request.headers.iter().find(|(name, _)| *name == "idempotency-key");
    if let Some((_, key)) = key {
        let body = format!("{} {}", split(&request.url).0, request.body);
        account.stored.insert(key.clone(), Stored { body, answer: answer.clone() });
    }
}

fn split(url: &str) -> (String, String) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    (path.to_owned(), query.to_owned())
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    };
    text.split('&').filter(|pair| !pair.is_empty()).map(pair).collect()
}

fn decode(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let hex: String = rest.by_ref().take(2).map(char::from).collect();
                bytes.push(u8::from_str_radix(&hex, 16).expect("hex"));
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

fn get<'a>(params: &'a [(String, String)], name: &str) -> Option<&'a str> {
    params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn read(account: &Account, path: &str, query: &[(String, String)]) -> HttpAnswer {
    let parts: Vec<&str> = path.split('/').collect();
    let bound = |name: &str, other: i64| get(query, name).and_then(|text| text.parse().ok()).unwrap_or(other);
    let (since, until) = (bound("created[gte]", 0), bound("created[lte]", i64::MAX));
    let expanded = get(query, "expand[]").is_some();
    match parts.as_slice() {
        ["v1", "checkout", "sessions"] => {
            let fits = |s: &&Session| {
                (since..=until).contains(&s.created)
                    && get(query, "payment_intent").is_none_or(|wanted| s.payment.as_deref() == Some(wanted))
            };
            let found = account.sessions.values().filter(fits).map(|s| account.session_json(&s.id, expanded));
            list(found.collect(), query)
        }
        ["v1", "checkout", "sessions", id] if account.sessions.contains_key(*id) => {
            reply(200, &account.session_json(id, expanded))
        }
        ["v1", "refunds"] => {
            let of = |payment: &str| get(query, "payment_intent").is_none_or(|wanted| wanted == payment);
            let found =
                account.refunds.values().filter(|r| of(&r.payment) && (since..=until).contains(&r.created));
            list(found.map(|refund| account.refund_json(&refund.id)).collect(), query)
        }
        ["v1", "refunds", id] if account.refunds.contains_key(*id) => reply(200, &account.refund_json(id)),
        ["v1", "events"] => {
            let failed = get(query, "delivery_success") == Some("false");
            let found = account
                .events
                .iter()
                .filter(|event| (!failed || !event.delivered) && (since..=until).contains(&event.created));
            list(found.map(super::events::Event::json).collect(), query)
        }
        _ => missing(),
    }
}

/// A page of a list, newest first.
fn list(mut all: Vec<Value>, query: &[(String, String)]) -> HttpAnswer {
    all.reverse();
    let after = get(query, "starting_after");
    let from =
        after.map_or(0, |id| all.iter().position(|one| one["id"] == id).map_or(all.len(), |at| at + 1));
    let limit = get(query, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(10);
    let page: Vec<&Value> = all.iter().skip(from).take(limit).collect();
    reply(200, &json!({ "object": "list", "data": page, "has_more": all.len() > from + page.len() }))
}

fn write(account: &mut Account, path: &str, params: Vec<(String, String)>) -> HttpAnswer {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["v1", "checkout", "sessions"] => create_session(account, params),
        ["v1", "checkout", "sessions", id, "expire"] => {
            if !account.sessions.contains_key(*id) {
                missing()
            } else if account.expire(id) {
                reply(200, &account.session_json(id, false))
            } else {
                invalid("session_not_open")
            }
        }
        ["v1", "refunds"] => create_refund(account, &params),
        _ => missing(),
    }
}

fn create_session(account: &mut Account, params: Vec<(String, String)>) -> HttpAnswer {
    let text = |name: &str| get(&params, name).map(str::to_owned);
    let expires_at = text("expires_at").and_then(|at| at.parse().ok()).unwrap_or(account.now + KEPT);
    if !TERM.contains(&(expires_at - account.now)) {
        return invalid("expires_at");
    }
    let mut amount = account.surcharge;
    for n in 0.. {
        let line = format!("line_items[{n}]");
        let number =
            |name: &str| get(&params, &format!("{line}{name}")).and_then(|text| text.parse::<i64>().ok());
        let (Some(quantity), Some(unit)) = (number("[quantity]"), number("[price_data][unit_amount]")) else {
            break;
        };
        if quantity < 1
            || unit < 0
            || text(&format!("{line}[price_data][product_data][name]")).is_none_or(|name| name.is_empty())
        {
            return invalid("line_items");
        }
        amount += quantity * unit;
    }
    let (Some(currency), Some(_), Some("payment")) =
        (text("line_items[0][price_data][currency]"), text("success_url"), get(&params, "mode"))
    else {
        return invalid("parameter_missing");
    };
    if amount < 30 {
        return invalid("amount_too_small");
    }
    let (id, created) = (account.id("cs_test"), account.now);
    let order = text("client_reference_id").unwrap_or_default();
    let state = SessionState::Open;
    let session = Session {
        id: id.clone(),
        order,
        state,
        amount,
        currency,
        expires_at,
        created,
        payment: None,
        params,
    };
    account.sessions.insert(id.clone(), session);
    reply(200, &account.session_json(&id, false))
}

fn create_refund(account: &mut Account, params: &[(String, String)]) -> HttpAnswer {
    let Some(payment) = get(params, "payment_intent") else { return invalid("parameter_missing") };
    let left = account.payments.get(payment).map_or(0, |payment| payment.amount - payment.refunded);
    let amount = get(params, "amount").map_or(Some(left), |amount| amount.parse().ok()).unwrap_or(0);
    let metadata = params.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix("metadata[")?.strip_suffix(']')?;
        Some((name.to_owned(), value.clone()))
    });
    match account.refund(payment, amount, metadata.collect()) {
        Ok(id) => reply(200, &account.refund_json(&id)),
        Err(code) => invalid(code),
    }
}

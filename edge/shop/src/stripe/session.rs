//! Checkout Sessions: what is asked for, and what Stripe says of one.
//!
//! Source: docs.stripe.com/api/checkout/sessions.

use serde_json::Value;

use super::client::encode;
use crate::card::attempt::Attempt;
use crate::order::{Order, OrderLine};

/// Where shoppers are sent to pay, and nowhere else.
pub(crate) const CHECKOUT: &str = "https://checkout.stripe.com/";

/// Stripe takes names of so many characters; ours are shorter than a tenth of it, but a name must not stop a payment.
const NAME_CHARS_MAX: usize = 250;

/// Languages that Stripe's page speaks; in others it follows the browser, and a request that names one is refused.
const LANGUAGES: [&str; 33] = [
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "ja", "ko", "lt",
    "lv", "ms", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh",
];

/// Where a session is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// It can be paid.
    Open,
    /// Paid.
    Paid,
    /// The shopper went through with it, and the money is on its way.
    Waiting,
    /// The money did not come.
    Failed,
    /// It can no longer be paid.
    Expired,
}

/// What Stripe says of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) status: Status,
    /// The id of the order we gave it.
    pub(crate) order: String,
    /// The number of the attempt we gave it; 0 if it has none.
    pub(crate) attempt: i64,
    pub(crate) amount: i64,
    /// ISO 4217 in capitals.
    pub(crate) currency: String,
    /// `pi_…`; empty until somebody pays.
    pub(crate) payment: String,
    pub(crate) live: bool,
    /// Where it is paid; empty unless it is open.
    pub(crate) url: String,
}

impl Session {
    /// Reads a session; `None` if it is none.
    pub(crate) fn read(value: &Value) -> Option<Session> {
        let text = |path: &str| value.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let intent = match text("/payment_intent") {
            "" => text("/payment_intent/id"),
            id => id,
        };
        let paid = text("/payment_status") == "paid";
        let failed = matches!(text("/payment_intent/status"), "requires_payment_method" | "canceled");
        let status = match text("/status") {
            "open" => Status::Open,
            "complete" if paid => Status::Paid,
            "complete" if failed => Status::Failed,
            "complete" => Status::Waiting,
            "expired" => Status::Expired,
            _ => return None,
        };
        Some(Session {
            id: Some(text("/id")).filter(|id| id.starts_with("cs_"))?.to_owned(),
            status,
            order: text("/client_reference_id").to_owned(),
            attempt: text("/metadata/attempt").parse().unwrap_or(0),
            amount: value.get("amount_total").and_then(Value::as_i64)?,
            currency: text("/currency").to_ascii_uppercase(),
            payment: intent.to_owned(),
            live: value.get("livemode").and_then(Value::as_bool)?,
            url: text("/url").to_owned(),
        })
    }

    /// Whether it is for this order and for its amount to the penny.
    pub(crate) fn fits(&self, order: &Order, live: bool) -> bool {
        self.order == order.id.as_str()
            && self.amount == order.total.minor()
            && self.currency == order.currency
            && self.live == live
    }
}

/// What asks for a session: the lines of the order, to the penny, and nothing about the person. The same order and
/// attempt always give the same text, as its key demands. `None` if the lines do not add up to the order.
pub(super) fn form(order: &Order, attempt: &Attempt, base_url: &str) -> Option<String> {
    let id = order.id.as_str();
    let back = encode(&format!("{base_url}/order/{id}/return/"));
    let language =
        order.language.as_deref().filter(|language| LANGUAGES.contains(language)).unwrap_or("auto");
    let mut form = format!(
        "mode=payment&payment_method_types[0]=card&client_reference_id={id}&metadata[order]={id}&metadata[attempt]={n}\
         &payment_intent_data[metadata][order]={id}&payment_intent_data[description]={number}&expires_at={expires_at}\
         &locale={language}&success_url={back}&cancel_url={back}",
        n = attempt.n,
        number = encode(&order.number),
        expires_at = attempt.expires_at,
    );
    let mut sum = 0_i64;
    for (index, line) in lines(order)?.into_iter().enumerate() {
        sum = sum.checked_add(line.unit.checked_mul(i64::from(line.quantity))?)?;
        form.push_str(&format!(
            "&line_items[{index}][quantity]={}&line_items[{index}][price_data][currency]={}\
             &line_items[{index}][price_data][unit_amount]={}&line_items[{index}][price_data][product_data][name]={}",
            line.quantity,
            order.currency.to_ascii_lowercase(),
            line.unit,
            encode(&line.name.chars().take(NAME_CHARS_MAX).collect::<String>()),
        ));
    }
    (sum == order.total.minor()).then_some(form)
}

/// A line as Stripe shows it.
struct Line {
    name: String,
    quantity: u32,
    unit: i64,
}

fn lines(order: &Order) -> Option<Vec<Line>> {
    let mut lines = order.lines.iter().map(goods).collect::<Option<Vec<Line>>>()?;
    let one = |name: &str, unit: i64| Line { name: name.to_owned(), quantity: 1, unit };
    if !order.shipping.is_zero() {
        lines.push(one(&order.shipping_title, order.shipping.minor()));
    }
    if !order.tax.is_zero() {
        let named = order.taxes.iter().find(|tax| !tax.tax.is_zero());
        lines.push(one(named.map_or("Tax", |tax| tax.title.as_str()), order.tax.minor()));
    }
    Some(lines)
}

/// Goods at what they cost after promotions. If that cannot be split over the pieces, they are one line together.
fn goods(line: &OrderLine) -> Option<Line> {
    let pieces = i64::from(line.quantity);
    let paid = line.unit.minor().checked_mul(pieces)?.checked_sub(line.discount.minor())?;
    let mut name = line.title.clone();
    if !line.options.is_empty() {
        name = format!("{name}, {}", line.options);
    }
    if paid.checked_rem(pieces)? == 0 {
        Some(Line { name, quantity: line.quantity, unit: paid.checked_div(pieces)? })
    } else {
        Some(Line { name: format!("{pieces} × {name}"), quantity: 1, unit: paid })
    }
}

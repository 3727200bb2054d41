//! `/admin/orders/<id>/refund/`: money goes back, by line, and goods come back.

use axum::response::Response;
use http::StatusCode;
use ipswich_catalog::{Amount, Quantity};

use super::order::Desk;
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::fields::Line;
use crate::form::Fields;
use crate::order::{Order, OrderLine, State};
use crate::ports::DbError;
use crate::pricing::refund::{RefundError, SoldLine};
use crate::query::OrderInPath;
use crate::request::Visit;
use crate::respond::notice;
use crate::store::refunds::{self, NewLine, NewRefund};
use crate::token::Id;
use crate::views::{Field, NoticeKind, RefundForm, RefundLineView};

/// The prefix of the fields of lines: `line_qty_<n>` and `line_restock_<n>`.
const LINE_PREFIX: &str = "line_";

/// The most characters of a reason.
const REASON_CHARS_MAX: usize = 200;

/// `POST /admin/orders/<id>/refund/`: `key`, `reason`, `other` and, for each line, how many pieces and whether they are back
/// on the shelf.
pub(crate) async fn refund(
    visit: Visit,
    OrderInPath(id): OrderInPath,
    _: CsrfChecked,
    fields: Fields,
) -> Result<Response, Error> {
    let fields = fields.only(&["key", "reason", "other"], Some(LINE_PREFIX))?;
    let key = Id::parse(fields.get("key"));
    let key = key.ok_or_else(|| Error::StrangeForm("a refund without a key of ours".to_owned()))?;
    let desk = Desk::open(&visit, id.as_ref()).await?;
    let decimals = visit.release().await?.settings().currency.decimals();
    // The same form once more is the same refund, however the order is now.
    if desk.order.refunds.iter().any(|refund| refund.id == key.as_str()) {
        return desk.done("refunded");
    }
    let typed = TypedRefund::of(&fields, &desk.order, key);
    let wish = match typed.understand(&desk.order, decimals) {
        Ok(wish) => wish,
        Err(sentence) => {
            return desk.refund_page(&visit, StatusCode::UNPROCESSABLE_ENTITY, typed, sentence).await;
        }
    };
    let refund = NewRefund {
        id: typed.key.as_str(),
        amount: wish.amount.minor(),
        reason: wish.reason.as_str(),
        lines: &wish.lines,
        by_card: desk.order.is_by_card(),
    };
    match visit.batch(refunds::request(&desk.act(&visit), &refund)).await {
        Ok(_) => desk.done("refunded"),
        Err(DbError::Constraint(_)) => {
            let written = refunds::is_written(refund.id, desk.order.id.as_str(), refund.amount);
            if !visit.batch(vec![written]).await?.rows()?.0.is_empty() {
                return desk.done("refunded");
            }
            let sentence = desk.too_late("refunded");
            Desk::open(&visit, id.as_ref())
                .await?
                .refund_page(&visit, StatusCode::CONFLICT, typed, sentence)
                .await
        }
        Err(error) => Err(error.into()),
    }
}

/// The form as it was typed.
pub(super) struct TypedRefund {
    key: Id,
    reason: String,
    other: String,
    /// Pieces and whether they are back, by line.
    lines: Vec<(String, bool)>,
}

/// What the form means.
struct Wish<'a> {
    amount: Amount,
    reason: Line,
    lines: Vec<NewLine<'a>>,
}

impl TypedRefund {
    /// The form as it is first shown.
    pub(super) fn fresh(key: Id, order: &Order) -> TypedRefund {
        let lines = order.lines.iter().map(|_| ("0".to_owned(), false)).collect();
        TypedRefund { key, reason: String::new(), other: String::new(), lines }
    }

    fn of(fields: &Fields, order: &Order, key: Id) -> TypedRefund {
        let line = |n: usize| {
            let pieces = fields.get(&format!("line_qty_{n}"));
            (pieces.to_owned(), !fields.get(&format!("line_restock_{n}")).is_empty())
        };
        TypedRefund {
            key,
            reason: fields.get("reason").to_owned(),
            other: fields.get("other").to_owned(),
            lines: (0..order.lines.len()).map(line).collect(),
        }
    }

    /// Understands the form, or says what is wrong in a sentence.
    fn understand<'o>(&self, order: &'o Order, decimals: u8) -> Result<Wish<'o>, String> {
        let left = left(order);
        if !can_refund(order) {
            return Err("Nothing of this order can be paid back.".to_owned());
        }
        let reason = Line::required(&self.reason, REASON_CHARS_MAX);
        let reason = reason.map_err(|problem| problem.in_english("the reason"))?;
        let mut amount = match self.other.trim() {
            "" => Amount::ZERO,
            text => Amount::parse_decimal(text, decimals)
                .map_err(|_| "The other amount is no amount of money.".to_owned())?,
        };
        let mut lines = Vec::new();
        for (line, (pieces, restock)) in order.lines.iter().zip(&self.lines) {
            if let Some(part) = understand_line(line, pieces, *restock, order)? {
                let share = Amount::from_minor(part.amount).unwrap_or_default();
                amount = amount.checked_add(share).ok_or("That is more than can be counted.")?;
                lines.push(part);
            }
        }
        if amount.is_zero() {
            return Err("Choose pieces to pay back, or another amount.".to_owned());
        }
        if amount > left {
            return Err("That is more than is left of what the customer paid.".to_owned());
        }
        Ok(Wish { amount, reason, lines })
    }
}

/// What some pieces of a line are worth; `None` if it is none.
fn understand_line<'o>(
    line: &'o OrderLine,
    pieces: &str,
    restock: bool,
    order: &Order,
) -> Result<Option<NewLine<'o>>, String> {
    if matches!(pieces.trim(), "" | "0") {
        return Ok(None);
    }
    let pieces = Quantity::parse(pieces.trim())
        .map_err(|_| format!("Pieces of {} must be a number.", line.title))?
        .get();
    let sold = SoldLine {
        quantity: line.quantity,
        unit: line.unit,
        discount: line.discount,
        tax: line.tax,
        tax_added: !order.tax.is_zero(),
    };
    let share = sold.refund(line.refunded, pieces).map_err(|error| match error {
        RefundError::TooManyPieces(left) => format!("Of {} only {left} can still be paid back.", line.title),
        RefundError::NoSuchLine => format!("{} cannot be paid back by the piece.", line.title),
    })?;
    if restock && pieces > line.quantity.saturating_sub(line.restocked) {
        return Err(format!(
            "So many pieces of {} cannot come back: they are on the shelf already.",
            line.title
        ));
    }
    let amount = share.amount.minor();
    Ok(Some(NewLine { sku: &line.sku, qty: pieces, amount, restock: u8::from(restock) }))
}

fn left(order: &Order) -> Amount {
    order.captured.checked_sub(order.refund_held).unwrap_or_default()
}

fn can_refund(order: &Order) -> bool {
    matches!(order.state, State::Paid | State::Fulfilled) && !left(order).is_zero()
}

/// The form for the page, if anything can be paid back.
pub(super) fn form(order: &Order, typed: TypedRefund) -> Option<RefundForm> {
    let line = |(n, (line, (pieces, restock))): (usize, (&OrderLine, (String, bool)))| RefundLineView {
        n,
        sku: line.sku.clone(),
        title: line.title.clone(),
        options: line.options.clone(),
        left: line.quantity.saturating_sub(line.refunded.pieces),
        pieces,
        restock,
    };
    can_refund(order).then(|| RefundForm {
        key: typed.key.as_str().to_owned(),
        by_card: order.is_by_card(),
        left: left(order).minor(),
        lines: order.lines.iter().zip(typed.lines).enumerate().map(line).collect(),
        reason: Field { value: typed.reason, error: None },
        other: Field { value: typed.other, error: None },
    })
}

impl Desk {
    /// The page with the form as it was typed, and what is wrong with it.
    async fn refund_page(
        &self,
        visit: &Visit,
        status: StatusCode,
        typed: TypedRefund,
        sentence: String,
    ) -> Result<Response, Error> {
        let notices = vec![notice(NoticeKind::Warning, sentence)];
        self.page_with(visit, status, notices, Field::default(), typed).await
    }
}

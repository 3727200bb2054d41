//! `/admin/orders/<id>/`: one order, and what staff does with it.

use axum::response::Response;
use http::StatusCode;
use ipswich_catalog::Amount;

use super::staff_view;
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::fields::Line;
use crate::form::Fields;
use crate::order::{Order, OrderId, State};
use crate::order_view::{history, order_view};
use crate::ports::{DbError, Statement};
use crate::query::{OrderInPath, Query};
use crate::request::Visit;
use crate::respond::{flushing, meta, notice, page, see_other};
use crate::session::{self, Staff};
use crate::store::money::{self, StrayRow};
use crate::store::orders;
use crate::store::settling::{self, Act};
use crate::views::{AdminOrderPage, Field, Notice, NoticeKind, StrayView};

/// Length limits in characters.
const REFERENCE_CHARS_MAX: usize = 64;
const CARRIER_CHARS_MAX: usize = 60;

/// `GET /admin/orders/<id>/`
pub(crate) async fn show(
    visit: Visit,
    OrderInPath(id): OrderInPath,
    query: Query,
) -> Result<Response, Error> {
    let desk = Desk::open(&visit, id.as_ref()).await?;
    let done = match query.get("done") {
        "paid" => Some("Marked as paid. The customer gets a mail."),
        "shipped" => Some("Done. The customer gets a mail."),
        "stray" => {
            Some("Booked. It settles no order, so please send it back: it is in the list of money to return.")
        }
        "late" => Some(
            "The order had ended before the money came, so it stays as it is. The money is in the list of money to return.",
        ),
        "cancelled" => Some("Cancelled. The goods are for sale again and the customer gets a mail."),
        _ => None,
    };
    let notices = done.map(|text| notice(NoticeKind::Success, text)).into_iter().collect();
    desk.page(&visit, StatusCode::OK, notices, Typed::default()).await
}

/// `POST /admin/orders/<id>/paid/`: `reference`.
pub(crate) async fn paid(
    visit: Visit,
    OrderInPath(id): OrderInPath,
    _: CsrfChecked,
    fields: Fields,
) -> Result<Response, Error> {
    let fields = fields.only(&["reference"], None)?;
    let desk = Desk::open(&visit, id.as_ref()).await?;
    let typed = fields.get("reference").to_owned();
    let reference = match Line::required(&typed, REFERENCE_CHARS_MAX) {
        Ok(reference) => reference,
        Err(problem) => {
            let field = Field { value: typed, error: Some(problem.in_english("the receipt number")) };
            let typed = Typed { reference: field, ..Typed::default() };
            return desk.page(&visit, StatusCode::UNPROCESSABLE_ENTITY, vec![], typed).await;
        }
    };
    if desk.order.state.is_dead() {
        return desk.late(&visit, &reference).await;
    }
    let act = desk.act(&visit);
    let batch = settling::paid(&act, reference.as_str());
    let checks =
        vec![settling::is_done(&act, "paid", reference.as_str()), settling::booked_for(reference.as_str())];
    match desk.book(&visit, batch, checks).await? {
        Booking::Done => desk.done("paid"),
        Booking::NotThere | Booking::Refused(None) => {
            // The clock may have ended the order while its page was open; then the money is late.
            let desk = Desk::open(&visit, id.as_ref()).await?;
            if desk.order.state.is_dead() {
                return desk.late(&visit, &reference).await;
            }
            let notices = vec![notice(NoticeKind::Warning, desk.too_late("marked as paid"))];
            let field = Field { value: typed, error: None };
            let typed = Typed { reference: field, ..Typed::default() };
            desk.page(&visit, StatusCode::CONFLICT, notices, typed).await
        }
        Booking::Refused(Some(number)) => {
            let field = Field { value: typed, error: Some(booked_before(&number)) };
            let typed = Typed { reference: field, ..Typed::default() };
            Desk::open(&visit, id.as_ref()).await?.page(&visit, StatusCode::CONFLICT, vec![], typed).await
        }
    }
}

/// `POST /admin/orders/<id>/stray/`: `receipt` and `amount`, money that came for this order and settles it not.
pub(crate) async fn stray(
    visit: Visit,
    OrderInPath(id): OrderInPath,
    _: CsrfChecked,
    fields: Fields,
) -> Result<Response, Error> {
    let fields = fields.only(&["receipt", "amount"], None)?;
    let desk = Desk::open(&visit, id.as_ref()).await?;
    let currency = visit.release().await?.settings().currency;
    let (receipt, amount) = (fields.get("receipt"), fields.get("amount").trim());
    let mut typed = Typed {
        receipt: Field { value: receipt.to_owned(), error: None },
        amount: Field { value: amount.to_owned(), error: None },
        ..Typed::default()
    };
    let reference = Line::required(receipt, REFERENCE_CHARS_MAX)
        .map_err(|problem| typed.receipt.error = Some(problem.in_english("the receipt number")));
    let amount = Amount::parse_decimal(amount, currency.decimals());
    let amount = amount.ok().filter(|amount| !amount.is_zero());
    if amount.is_none() {
        let example = currency.decimal(desk.order.total);
        typed.amount.error = Some(format!("Enter the amount that came, such as {example}."));
    }
    let (Ok(reference), Some(amount)) = (reference, amount) else {
        return desk.page(&visit, StatusCode::UNPROCESSABLE_ENTITY, vec![], typed).await;
    };
    match desk.book_stray(&visit, reference.as_str(), amount).await? {
        None => desk.done("stray"),
        Some(problem) => {
            typed.receipt.error = Some(problem);
            desk.page(&visit, StatusCode::CONFLICT, vec![], typed).await
        }
    }
}

/// `POST /admin/orders/<id>/shipped/`: `carrier` and `tracking`, both optional.
pub(crate) async fn shipped(
    visit: Visit,
    OrderInPath(id): OrderInPath,
    _: CsrfChecked,
    fields: Fields,
) -> Result<Response, Error> {
    let fields = fields.only(&["carrier", "tracking"], None)?;
    let desk = Desk::open(&visit, id.as_ref()).await?;
    let line = |name: &str| Line::optional(fields.get(name), CARRIER_CHARS_MAX);
    let (carrier, tracking) = match (line("carrier"), line("tracking")) {
        (Ok(carrier), Ok(tracking)) => (carrier, tracking),
        (Err(problem), _) | (_, Err(problem)) => {
            let notices =
                vec![notice(NoticeKind::Warning, problem.in_english("carrier and tracking number"))];
            return desk.page(&visit, StatusCode::UNPROCESSABLE_ENTITY, notices, Typed::default()).await;
        }
    };
    let act = desk.act(&visit);
    let batch = settling::shipped(&act, carrier.as_str(), tracking.as_str());
    let detail = settling::shipment_detail(carrier.as_str(), tracking.as_str());
    let checks = vec![settling::is_done(&act, "fulfilled", &detail)];
    match desk.book(&visit, batch, checks).await? {
        Booking::Done => desk.done("shipped"),
        Booking::NotThere => {
            let text =
                "Not all of these goods have come yet, so they cannot be sent. Book the delivery first.";
            let notices = vec![notice(NoticeKind::Warning, text)];
            desk.page(&visit, StatusCode::CONFLICT, notices, Typed::default()).await
        }
        Booking::Refused(_) => desk.refused(&visit, "marked as sent").await,
    }
}

/// `POST /admin/orders/<id>/cancel/`
pub(crate) async fn cancel(
    visit: Visit,
    OrderInPath(id): OrderInPath,
    _: CsrfChecked,
    fields: Fields,
) -> Result<Response, Error> {
    fields.only(&[], None)?;
    let desk = Desk::open(&visit, id.as_ref()).await?;
    let act = desk.act(&visit);
    let checks = vec![settling::is_done(&act, "cancelled", "")];
    match desk.book(&visit, settling::cancelled(&act), checks).await? {
        Booking::Done => desk.done("cancelled"),
        Booking::NotThere | Booking::Refused(_) => desk.refused(&visit, "cancelled").await,
    }
}

/// An order on a staff member's desk.
struct Desk {
    staff: Staff,
    order: Order,
    strays: Vec<StrayRow>,
}

/// What was typed into the forms of the page.
#[derive(Default)]
struct Typed {
    /// The receipt that pays the order.
    reference: Field,
    /// The receipt of other money, and how much it is.
    receipt: Field,
    amount: Field,
}

/// How a booking ended.
enum Booking {
    Done,
    /// Pieces were promised that have not come.
    NotThere,
    /// It was refused; with the number of the order that its receipt belongs to, if it is that.
    Refused(Option<String>),
}

struct NumberRow {
    number: String,
}
crate::ports::from_row!(NumberRow { number;  });

impl Desk {
    async fn open(visit: &Visit, id: Option<&OrderId>) -> Result<Desk, Error> {
        let statements = id.map_or_else(Vec::new, |id| {
            let mut all = orders::order(id);
            all.push(money::strays_of(id.as_str()));
            all
        });
        let next = id.map_or_else(|| "/admin/".to_owned(), |id| format!("/admin/orders/{}/", id.as_str()));
        let (staff, mut answers) = session::staff(visit, &next, statements).await?;
        id.ok_or(Error::NotFound)?;
        let order = orders::take_order(&mut answers)?.ok_or(Error::NotFound)?;
        Ok(Desk { staff, order, strays: answers.all()? })
    }

    fn act(&self, visit: &Visit) -> Act<'_> {
        Act { order: self.order.id.as_str(), staff: self.staff.id(), now: visit.now() }
    }

    /// Sends a batch. If it is refused, `checks` tell why: the first finds this very act in the history if a first
    /// try went through unheard, the second an order with the same receipt.
    async fn book(
        &self,
        visit: &Visit,
        batch: Vec<Statement>,
        checks: Vec<Statement>,
    ) -> Result<Booking, Error> {
        match visit.batch(batch).await {
            Ok(_) => Ok(Booking::Done),
            Err(DbError::Constraint(text)) if text.contains("set_aside") => Ok(Booking::NotThere),
            Err(DbError::Constraint(_)) => {
                let asks_receipt = checks.len() > 1;
                let mut answers = visit.batch(checks).await?;
                if !answers.rows()?.0.is_empty() {
                    return Ok(Booking::Done);
                }
                let receipt = if asks_receipt { answers.first::<NumberRow>()? } else { None };
                Ok(Booking::Refused(receipt.map(|row| row.number)))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn done(&self, what: &str) -> Result<Response, Error> {
        Ok(flushing(see_other(&format!("{}?done={what}", self.url()))?))
    }

    fn url(&self) -> String {
        format!("/admin/orders/{}/", self.order.id.as_str())
    }

    fn too_late(&self, wanted: &str) -> String {
        format!(
            "Order {} could not be {wanted}: somebody was quicker. This is how it is now.",
            self.order.number
        )
    }

    /// Books money that came after the order had ended; what came is taken to be what was asked for.
    async fn late(&self, visit: &Visit, reference: &Line) -> Result<Response, Error> {
        match self.book_stray(visit, reference.as_str(), self.order.total).await? {
            None => self.done("late"),
            Some(problem) => {
                let receipt = Field { value: reference.as_str().to_owned(), error: Some(problem) };
                let typed = Typed { receipt, ..Typed::default() };
                self.page(visit, StatusCode::CONFLICT, vec![], typed).await
            }
        }
    }

    /// Books money beside the order; a sentence says why not.
    async fn book_stray(
        &self,
        visit: &Visit,
        receipt: &str,
        amount: Amount,
    ) -> Result<Option<String>, Error> {
        let act = self.act(visit);
        match visit.batch(money::stray(&act, receipt, amount)).await {
            Ok(_) => Ok(None),
            Err(DbError::Constraint(_)) => {
                let mut answers = visit.batch(vec![settling::booked_for(receipt)]).await?;
                let number = answers.first::<NumberRow>()?.map(|row| row.number).unwrap_or_default();
                Ok(Some(booked_before(&number)))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The order as it is now, with a sentence that it did not change.
    async fn refused(&self, visit: &Visit, wanted: &str) -> Result<Response, Error> {
        let notices = vec![notice(NoticeKind::Warning, self.too_late(wanted))];
        Desk::open(visit, Some(&self.order.id))
            .await?
            .page(visit, StatusCode::CONFLICT, notices, Typed::default())
            .await
    }

    async fn page(
        &self,
        visit: &Visit,
        status: StatusCode,
        notices: Vec<Notice>,
        typed: Typed,
    ) -> Result<Response, Error> {
        let release = visit.release().await?;
        let state = self.order.state;
        let view = AdminOrderPage {
            meta: meta(&format!("Order {}", self.order.number)),
            staff: staff_view(&self.staff),
            notices,
            order: order_view(&self.order, &release).await?,
            admin_url: self.url(),
            can_mark_paid: state == State::Pending,
            reference: typed.reference,
            receipt: typed.receipt,
            amount: typed.amount,
            strays: self.strays.iter().map(StrayView::from).collect(),
            can_mark_shipped: state == State::Paid,
            can_cancel: state == State::Pending,
            history: history(&self.order),
        };
        page(&release, status, "admin/order.html", &view)
    }
}

fn booked_before(number: &str) -> String {
    format!("This receipt number is booked for order {number} already.")
}

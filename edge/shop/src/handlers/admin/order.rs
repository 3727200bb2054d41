//! `/admin/orders/<id>/`: one order, and what staff does with it.

use axum::response::Response;
use http::StatusCode;

use super::refund::{self, TypedRefund};
use super::staff_view;
use crate::card::End;
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::fields::Line;
use crate::form::Fields;
use crate::order::{Order, OrderId, State};
use crate::order_view::{history, order_view, warnings};
use crate::ports::{DbError, Statement};
use crate::query::{OrderInPath, Query};
use crate::request::Visit;
use crate::respond::{flushing, meta, notice, page, see_other};
use crate::session::{self, Staff};
use crate::store::card::Ender;
use crate::store::orders;
use crate::store::settling::{self, Act};
use crate::views::{AdminOrderPage, Field, Notice, NoticeKind};

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
        "cancelled" => Some("Cancelled. The goods are for sale again and the customer gets a mail."),
        "refunded" => Some("Noted. The customer gets a mail when the money is on its way."),
        _ => None,
    };
    let notices = done.map(|text| notice(NoticeKind::Success, text)).into_iter().collect();
    desk.page(&visit, StatusCode::OK, notices, Field::default()).await
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
            return desk.page(&visit, StatusCode::UNPROCESSABLE_ENTITY, vec![], field).await;
        }
    };
    let act = desk.act(&visit);
    let batch = settling::paid(&act, reference.as_str());
    let checks =
        vec![settling::is_done(&act, "paid", reference.as_str()), settling::booked_for(reference.as_str())];
    match desk.book(&visit, batch, checks).await? {
        Booking::Done => desk.done("paid"),
        Booking::Refused(receipt) => {
            let conflict = |text: String| vec![notice(NoticeKind::Warning, text)];
            let (notices, error) = match receipt {
                Some(number) => {
                    let text = format!("This receipt number is booked for order {number} already.");
                    (vec![], Some(text))
                }
                None => (conflict(desk.too_late("marked as paid")), None),
            };
            let field = Field { value: typed, error };
            Desk::open(&visit, id.as_ref()).await?.page(&visit, StatusCode::CONFLICT, notices, field).await
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
            return desk.page(&visit, StatusCode::UNPROCESSABLE_ENTITY, notices, Field::default()).await;
        }
    };
    let act = desk.act(&visit);
    let batch = settling::shipped(&act, carrier.as_str(), tracking.as_str());
    let detail = settling::shipment_detail(carrier.as_str(), tracking.as_str());
    let checks = vec![settling::is_done(&act, "fulfilled", &detail)];
    match desk.book(&visit, batch, checks).await? {
        Booking::Done => desk.done("shipped"),
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
    if let Some(card) = visit.card().filter(|_| desk.order.is_by_card()) {
        // Stripe ends its session first, so that nobody pays for an order that is given up.
        return match card.end(&desk.order, Ender::Staff(act)).await? {
            End::Done => desk.done("cancelled"),
            End::TooLate => desk.refused(&visit, "cancelled").await,
            End::Later => {
                let text = "Stripe does not answer, so the order may still be paid. Try again in a minute.";
                let notices = vec![notice(NoticeKind::Warning, text)];
                desk.page(&visit, StatusCode::CONFLICT, notices, Field::default()).await
            }
        };
    }
    let checks = vec![settling::is_done(&act, "cancelled", "")];
    match desk.book(&visit, settling::cancelled(&act), checks).await? {
        Booking::Done => desk.done("cancelled"),
        Booking::Refused(_) => desk.refused(&visit, "cancelled").await,
    }
}

/// An order on a staff member's desk.
pub(super) struct Desk {
    staff: Staff,
    pub(super) order: Order,
}

/// How a booking ended.
enum Booking {
    Done,
    /// It was refused; with the number of the order that its receipt belongs to, if it is that.
    Refused(Option<String>),
}

struct NumberRow {
    number: String,
}
crate::ports::from_row!(NumberRow { number;  });

impl Desk {
    pub(super) async fn open(visit: &Visit, id: Option<&OrderId>) -> Result<Desk, Error> {
        let statements = id.map_or_else(Vec::new, orders::order);
        let next = id.map_or_else(|| "/admin/".to_owned(), |id| format!("/admin/orders/{}/", id.as_str()));
        let (staff, mut answers) = session::staff(visit, &next, statements).await?;
        id.ok_or(Error::NotFound)?;
        let order = orders::take_order(&mut answers)?.ok_or(Error::NotFound)?;
        Ok(Desk { staff, order })
    }

    pub(super) fn act(&self, visit: &Visit) -> Act<'_> {
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

    pub(super) fn done(&self, what: &str) -> Result<Response, Error> {
        Ok(flushing(see_other(&format!("{}?done={what}", self.url()))?))
    }

    fn url(&self) -> String {
        format!("/admin/orders/{}/", self.order.id.as_str())
    }

    pub(super) fn too_late(&self, wanted: &str) -> String {
        format!(
            "Order {} could not be {wanted}: somebody was quicker. This is how it is now.",
            self.order.number
        )
    }

    /// The order as it is now, with a sentence that it did not change.
    async fn refused(&self, visit: &Visit, wanted: &str) -> Result<Response, Error> {
        let notices = vec![notice(NoticeKind::Warning, self.too_late(wanted))];
        Desk::open(visit, Some(&self.order.id))
            .await?
            .page(visit, StatusCode::CONFLICT, notices, Field::default())
            .await
    }

    async fn page(
        &self,
        visit: &Visit,
        status: StatusCode,
        notices: Vec<Notice>,
        reference: Field,
    ) -> Result<Response, Error> {
        let refund = TypedRefund::fresh(visit.new_id()?, &self.order);
        self.page_with(visit, status, notices, reference, refund).await
    }

    pub(super) async fn page_with(
        &self,
        visit: &Visit,
        status: StatusCode,
        mut notices: Vec<Notice>,
        reference: Field,
        refund: TypedRefund,
    ) -> Result<Response, Error> {
        let release = visit.release().await?;
        notices.extend(warnings(&self.order, release.settings()));
        let state = self.order.state;
        let view = AdminOrderPage {
            meta: meta(&format!("Order {}", self.order.number)),
            staff: staff_view(&self.staff),
            notices,
            order: order_view(&self.order, &release).await?,
            admin_url: self.url(),
            can_mark_paid: state == State::Pending && !self.order.is_by_card(),
            reference,
            can_mark_shipped: state == State::Paid,
            can_cancel: state == State::Pending,
            refund: refund::form(&self.order, refund),
            history: history(&self.order, release.settings()),
        };
        page(&release, status, "admin/order.html", &view)
    }
}

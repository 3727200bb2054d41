//! `/admin/money/`: money that settles no order, until it was sent back.

use axum::response::Response;
use http::StatusCode;

use super::staff_view;
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::fields::Line;
use crate::form::Fields;
use crate::ports::DbError;
use crate::query::Query;
use crate::request::{Answers, Visit};
use crate::respond::{meta, notice, page, see_other};
use crate::session::{self, Staff};
use crate::store::money::{self, StrayRow};
use crate::views::{AdminMoneyPage, Field, Notice, NoticeKind, StrayView};

/// Rows on the page; the oldest come first, so that the others come up in their turn.
const PAGE: i64 = 100;

/// The longest receipt and reference, in characters.
const REFERENCE_CHARS_MAX: usize = 64;

/// `GET /admin/money/`
pub(crate) async fn list(visit: Visit, query: Query) -> Result<Response, Error> {
    let (staff, answers) = session::staff(&visit, "/admin/money/", vec![money::open_strays(PAGE)]).await?;
    let notices = match query.get("done") {
        "returned" => vec![notice(NoticeKind::Success, "Noted. It is no longer in the list.")],
        _ => vec![],
    };
    show(&visit, (&staff, answers), StatusCode::OK, notices, None).await
}

/// `POST /admin/money/`: `receipt` and `reference`.
pub(crate) async fn returned(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["receipt", "reference"], None)?;
    let (staff, _) = session::staff(&visit, "/admin/money/", vec![]).await?;
    let (receipt, typed) = (fields.get("receipt"), fields.get("reference"));
    let (status, error) = match Line::required(typed, REFERENCE_CHARS_MAX) {
        Ok(reference) => match book(&visit, &staff, receipt, reference.as_str()).await? {
            true => return see_other("/admin/money/?done=returned"),
            false => {
                let error = "This went back already, or the reference is that of another payment.";
                (StatusCode::CONFLICT, error.to_owned())
            }
        },
        Err(problem) => (StatusCode::UNPROCESSABLE_ENTITY, problem.in_english("the reference")),
    };
    let found = session::staff(&visit, "/admin/money/", vec![money::open_strays(PAGE)]).await?;
    let field = Field { value: typed.to_owned(), error: Some(error.clone()) };
    show(
        &visit,
        (&found.0, found.1),
        status,
        vec![notice(NoticeKind::Warning, error)],
        Some((receipt, field)),
    )
    .await
}

/// Books the return once; whether this very return is booked.
async fn book(visit: &Visit, staff: &Staff, receipt: &str, reference: &str) -> Result<bool, Error> {
    match visit.batch(money::returned(staff.id(), receipt, reference, visit.now())).await {
        Ok(_) => Ok(true),
        Err(DbError::Constraint(_)) => {
            let mut answers = visit.batch(vec![money::is_returned(receipt, reference)]).await?;
            Ok(!answers.rows()?.0.is_empty())
        }
        Err(error) => Err(error.into()),
    }
}

async fn show(
    visit: &Visit,
    (staff, mut answers): (&Staff, Answers),
    status: StatusCode,
    notices: Vec<Notice>,
    typed: Option<(&str, Field)>,
) -> Result<Response, Error> {
    let mut strays: Vec<StrayView> = answers.all::<StrayRow>()?.iter().map(StrayView::from).collect();
    if let Some((receipt, field)) = typed
        && let Some(stray) = strays.iter_mut().find(|stray| stray.receipt == receipt)
    {
        stray.reference = field;
    }
    let view = AdminMoneyPage { meta: meta("Money to return"), staff: staff_view(staff), notices, strays };
    page(&*visit.release().await?, status, "admin/money.html", &view)
}

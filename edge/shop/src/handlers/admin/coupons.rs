//! `/admin/coupons/`: the coupons, making one, ending one. Terms are never changed, because orders were placed on them.

use axum::response::Response;
use http::StatusCode;

use super::coupon_form::{self, TypedCoupon};
use super::staff_view;
use crate::coupon::{Code, Known, NO_LIMIT};
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::form::Fields;
use crate::ports::DbError;
use crate::query::Query;
use crate::release::Release;
use crate::request::Visit;
use crate::respond::{meta, notice, page, redirect};
use crate::session::{self, Staff};
use crate::store::coupons::{self, ListedRow};
use crate::store::orders::Before;
use crate::store::stock;
use crate::token::order_number;
use crate::views::{AdminCouponsPage, CouponRowView, FieldError, Notice, NoticeKind};

/// Coupons on one page.
const PAGE: usize = 50;
const PAGE_ROWS: i64 = 51;

const HERE: &str = "/admin/coupons/";

/// `GET /admin/coupons/`: `before` is `<moment>.<code>`, where the page before ended.
pub(crate) async fn list(visit: Visit, query: Query) -> Result<Response, Error> {
    let before = before(query.get("before"));
    let (staff, mut answers) =
        session::staff(&visit, HERE, vec![coupons::newest(&before, PAGE_ROWS)]).await?;
    let done = match (Code::parse(query.get("code")), query.get("done")) {
        (Some(code), "made") => Some(format!("{} is made.", code.as_str())),
        (Some(code), "ended") => Some(format!("{} has ended. Orders that have it keep it.", code.as_str())),
        _ => None,
    };
    let shown = Shown {
        rows: answers.all()?,
        notices: done.map(|text| notice(NoticeKind::Success, text)).into_iter().collect(),
        typed: TypedCoupon::default(),
        errors: vec![],
    };
    shown.page(&visit, &staff, StatusCode::OK).await
}

/// `POST /admin/coupons/`: a new coupon; see [`coupon_form`] for its fields.
pub(crate) async fn create(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let typed = coupon_form::read(fields)?;
    let newest = coupons::newest(&Before::newest(), PAGE_ROWS);
    let (staff, mut answers) = session::staff(&visit, HERE, vec![newest]).await?;
    let rows = answers.all::<ListedRow>()?;
    let release = visit.release().await?;
    let spare = order_number(visit.random()?);
    let again = |errors| Shown { rows, notices: vec![], typed: typed.clone(), errors };
    let coupon = match coupon_form::understand(&typed, &spare, &release).await? {
        Ok(coupon) => coupon,
        Err(errors) => return again(errors).page(&visit, &staff, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    let known = Known { coupon, uses: 0, own_uses: 0 };
    let code = known.coupon.code.as_str();
    let detail = terms(&known, &release).join("; ");
    let batch = vec![
        coupons::insert(&known.coupon, visit.now())?,
        stock::audit(staff.id(), "coupon.create", code, detail, visit.now()),
    ];
    match visit.batch(batch).await {
        Ok(_) => {}
        Err(DbError::Constraint(_)) => {
            // The same coupon is there if the answer to a first try was lost.
            let list = coupons::json_list([&known.coupon.code]);
            let found =
                visit.batch(vec![coupons::for_visitor(list, None, visit.now())]).await?.all::<Known>()?;
            if !found.iter().any(|found| found.coupon == known.coupon) {
                let message = format!("There is a coupon with the code {code} already. Choose another one.");
                let errors = vec![FieldError { field: "code".to_owned(), message }];
                return again(errors).page(&visit, &staff, StatusCode::CONFLICT).await;
            }
        }
        Err(error) => return Err(error.into()),
    }
    redirect(StatusCode::SEE_OTHER, &format!("{HERE}?done=made&code={code}"))
}

/// `POST /admin/coupons/end/`: `code`.
pub(crate) async fn end(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["code"], None)?;
    let (staff, _) = session::staff(&visit, HERE, vec![]).await?;
    let code = Code::parse(fields.get("code")).ok_or(Error::NotFound)?;
    let mut batch = Vec::from(coupons::end(&code, visit.now()));
    batch.push(stock::audit(staff.id(), "coupon.end", code.as_str(), String::new(), visit.now()));
    match visit.batch(batch).await {
        // It may have ended by itself, or in another window: either way it has ended now, if it is there at all.
        Ok(_) => {}
        Err(DbError::Constraint(_)) => {
            let list = coupons::json_list([&code]);
            let found =
                visit.batch(vec![coupons::for_visitor(list, None, visit.now())]).await?.all::<Known>()?;
            if found.is_empty() {
                return Err(Error::NotFound);
            }
        }
        Err(error) => return Err(error.into()),
    }
    redirect(StatusCode::SEE_OTHER, &format!("{HERE}?done=ended&code={}", code.as_str()))
}

/// The page: the list, and the form as it was typed.
struct Shown {
    rows: Vec<ListedRow>,
    notices: Vec<Notice>,
    typed: TypedCoupon,
    errors: Vec<FieldError>,
}

impl Shown {
    async fn page(self, visit: &Visit, staff: &Staff, status: StatusCode) -> Result<Response, Error> {
        let release = visit.release().await?;
        let last = self.rows.get(..PAGE).filter(|_| self.rows.len() > PAGE).and_then(<[ListedRow]>::last);
        let older =
            last.map(|row| format!("{HERE}?before={}.{}", row.created_at, row.known.coupon.code.as_str()));
        let view = AdminCouponsPage {
            meta: meta("Coupons"),
            staff: staff_view(staff),
            notices: self.notices,
            form: coupon_form::view(&self.typed, &self.errors),
            errors: self.errors,
            currency: release.settings().currency.code().to_owned(),
            coupons: self.rows.iter().take(PAGE).map(|row| row_view(row, &release, visit.now())).collect(),
            older,
        };
        page(&release, status, "admin/coupons.html", &view)
    }
}

fn row_view(row: &ListedRow, release: &Release, now: i64) -> CouponRowView {
    let Known { coupon, uses, .. } = &row.known;
    let (state, state_title) = match (coupon.from, coupon.until) {
        (_, Some(until)) if until <= now => ("expired", "Ended"),
        (Some(from), _) if now < from => ("pending", "Not yet"),
        _ if *uses >= coupon.uses_max => ("expired", "Used up"),
        _ => ("fulfilled", "Valid"),
    };
    CouponRowView {
        code: coupon.code.as_str().to_owned(),
        title: coupon.title.clone(),
        terms: terms(&row.known, release),
        from: coupon.from,
        // The last moment, so that its day is the last day.
        until: coupon.until.map(|until| until.saturating_sub(1)),
        uses: *uses,
        uses_max: Some(coupon.uses_max).filter(|most| *most < NO_LIMIT),
        state: state.to_owned(),
        state_title: state_title.to_owned(),
        can_end: coupon.until.is_none_or(|until| until > now),
    }
}

/// What a coupon gives, in words: for the list and for the audit.
fn terms(known: &Known, release: &Release) -> Vec<String> {
    use ipswich_catalog::promotion::Effect;
    let coupon = &known.coupon;
    let money = release.settings().money_format();
    let mut terms = vec![match &coupon.effect {
        Effect::Percent(part) => format!("{part} off"),
        Effect::Amount(amount) => format!("{} off", money.format(*amount)),
        Effect::FreeDelivery(_) => "Free delivery".to_owned(),
    }];
    let scope = &coupon.scope;
    for (what, names) in
        [("product", &scope.products), ("category", &scope.categories), ("brand", &scope.brands)]
    {
        if !names.is_empty() {
            terms.push(format!("{what}: {}", names.join(", ")));
        }
    }
    if !coupon.minimum.is_zero() {
        terms.push(format!("from {}", money.format(coupon.minimum)));
    }
    match coupon.per_customer {
        NO_LIMIT => {}
        1 => terms.push("once for each customer".to_owned()),
        times => terms.push(format!("{times} times for each customer")),
    }
    match (coupon.with_promotions, coupon.with_coupons) {
        (true, true) => terms.push("with promotions and other coupons".to_owned()),
        (true, false) => terms.push("with promotions".to_owned()),
        (false, true) => terms.push("with other coupons".to_owned()),
        (false, false) => {}
    }
    terms
}

/// Where the list goes on.
fn before(text: &str) -> Before {
    let parse = || {
        let (at, code) = text.split_once('.')?;
        let at = at.parse().ok().filter(|at| (0..1 << 52).contains(at))?;
        Some(Before { at, id: Code::parse(code)?.as_str().to_owned() })
    };
    parse().unwrap_or_else(Before::newest)
}

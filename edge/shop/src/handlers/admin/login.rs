//! `/admin/login/` and `/admin/logout/`. Staff sessions have their own cookie; a customer's is nothing here.

use axum::response::Response;
use http::StatusCode;
use ipswich_catalog::Text;

use crate::cookies::Cookie;
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::form::{Fields, own_path};
use crate::query::Query;
use crate::request::Visit;
use crate::respond::{meta, notice, page, see_other, with_cookie};
use crate::session;
use crate::sign_in::{self, Attempt, Failed};
use crate::store::accounts::{self, Kind};
use crate::token::Token;
use crate::views::{Field, LoginPage, NoticeKind};

/// The page to sign in: its template and title.
const PAGE: (&str, &Text) = ("admin/login.html", &Text::new("", "Staff sign-in"));

const HOME: &str = "/admin/";

/// `GET /admin/login/`
pub(crate) async fn form(visit: Visit, query: Query) -> Result<Response, Error> {
    let notices = match query.get("notice") {
        "bye" => vec![notice(NoticeKind::Success, "You are signed out.")],
        _ => vec![],
    };
    let next = admin_path(query.get("next")).to_owned();
    let view = LoginPage { meta: meta(PAGE.1.english), notices, error: None, email: Field::default(), next };
    page(&*visit.release().await?, StatusCode::OK, "admin/login.html", &view)
}

/// `POST /admin/login/`: `email`, `password`, `next`.
pub(crate) async fn login(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["email", "password", "next"], None)?;
    let next = admin_path(fields.get("next"));
    let typed = (fields.get("email"), next);
    let Some(attempt) = Attempt::read(&visit, Kind::Staff, &fields)? else {
        return sign_in::again(&visit, PAGE, typed, Failed::Wrong).await;
    };
    let mut answers =
        visit.batch(vec![attempt.count(visit.now()), accounts::staff_secret(&attempt.key)]).await?;
    let account = match attempt.judge(&mut answers, visit.now())? {
        Ok(account) => account,
        Err(failed) => return sign_in::again(&visit, PAGE, typed, failed).await,
    };
    let token = Token::new(visit.random()?);
    let mut batch =
        vec![accounts::open_session(Kind::Staff, &token.hash(), &account, visit.now()), attempt.forget()];
    if let Some(old) = session::token(&visit, Kind::Staff) {
        batch.push(accounts::close_session(&old.hash()));
    }
    visit.batch(batch).await?;
    let cookie = Cookie::Staff.set(token.as_str(), Kind::Staff.absolute_seconds(), visit.config())?;
    Ok(with_cookie(see_other(next)?, cookie))
}

/// `POST /admin/logout/`
pub(crate) async fn logout(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    fields.only(&[], None)?;
    if let Some(token) = session::token(&visit, Kind::Staff) {
        visit.batch(vec![accounts::close_session(&token.hash())]).await?;
    }
    Ok(with_cookie(see_other("/admin/login/?notice=bye")?, Cookie::Staff.remove(visit.config())?))
}

/// Staff signs in to go on in the staff's part.
fn admin_path(next: &str) -> &str {
    own_path(next).filter(|path| path.starts_with("/admin/")).unwrap_or(HOME)
}

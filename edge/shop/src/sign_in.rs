//! What signing in as a customer and as staff have in common: cheap checks first, tries counted, and one answer for
//! every way to fail.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use ipswich_catalog::Text;

use crate::error::Error;
use crate::fields::{Email, Password};
use crate::form::Fields;
use crate::ports::{DbError, Statement};
use crate::request::{Answers, Visit};
use crate::respond::page;
use crate::store::accounts::{Kind, SecretRow};
use crate::store::attempts::{self, TriesRow};
use crate::texts;
use crate::token::keyed_hash;
use crate::views::{Field, LoginPage};

/// An address and a password that are worth a look into the database.
pub(crate) struct Attempt {
    /// The address as accounts are looked up.
    pub(crate) key: String,
    password: Password,
    account: String,
}

/// Why somebody is not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// Address and password do not fit together, or cannot.
    Wrong,
    /// There were too many tries; the next one is welcome in so many seconds.
    TooMany(i64),
}

impl Attempt {
    /// Reads the form; `None` if no account can have this address or this password.
    pub(crate) fn read(visit: &Visit, kind: Kind, fields: &Fields) -> Result<Option<Attempt>, Error> {
        let (Ok(email), Some(password)) =
            (Email::parse(fields.get("email")), Password::typed(fields.get("password")))
        else {
            return Ok(None);
        };
        let key = email.key();
        let account = keyed_hash(visit.config().secret(), &["sign-in", kind.as_str(), &key])
            .ok_or_else(|| Error::Broken("the address could not be hashed".to_owned()))?;
        Ok(Some(Attempt { key, password, account }))
    }

    /// Counts this try; [`Attempt::judge`] takes its answer and that of the statement with the secret, in this order.
    pub(crate) fn count(&self, now: i64) -> Statement {
        attempts::count(&self.account, now)
    }

    /// The id of the account if the password is right. A password is only looked at while tries are left.
    pub(crate) fn judge(&self, answers: &mut Answers, now: i64) -> Result<Result<String, Failed>, DbError> {
        let tries = answers.first::<TriesRow>()?;
        let account = answers.first::<SecretRow>()?;
        if let Some(seconds) = tries.and_then(|tries| tries.wait(now)) {
            return Ok(Err(Failed::TooMany(seconds)));
        }
        let good = self.password.verify(account.as_ref().map(|row| row.password.as_str()));
        Ok(account.filter(|_| good).map(|row| row.id).ok_or(Failed::Wrong))
    }

    /// Forgets the tries, because this one was right.
    pub(crate) fn forget(&self) -> Statement {
        attempts::forget(&self.account)
    }
}

/// The form again.
pub(crate) async fn again(
    visit: &Visit,
    (template, title): (&str, &Text),
    (email, next): (&str, &str),
    failed: Failed,
) -> Result<Response, Error> {
    let release = visit.release().await?;
    let (status, error) = match failed {
        Failed::Wrong => (StatusCode::UNPROCESSABLE_ENTITY, release.say(&texts::WRONG_PASSWORD, &[])),
        Failed::TooMany(seconds) => {
            let minutes = u64::try_from(seconds.saturating_add(59).div_euclid(60)).unwrap_or(1);
            (StatusCode::TOO_MANY_REQUESTS, release.messages().count(&texts::TOO_MANY_TRIES, minutes, &[]))
        }
    };
    let view = LoginPage {
        meta: crate::respond::meta(&release.say(title, &[])),
        notices: vec![],
        error: Some(error),
        email: Field { value: email.to_owned(), error: None },
        next: next.to_owned(),
    };
    let mut response = page(&release, status, template, &view)?;
    if let Failed::TooMany(seconds) = failed {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

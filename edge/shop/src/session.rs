//! Who is asking. A [`Customer`] or [`Staff`] value exists only if a good session was found.

use crate::cookies::Cookie;
use crate::error::Error;
use crate::ports::{DbError, Statement};
use crate::request::{Answers, Visit};
use crate::store::accounts::{self, Kind, PersonRow};
use crate::token::Token;

/// A signed-in customer.
#[derive(Clone, Debug)]
pub(crate) struct Customer(Person);

/// A signed-in staff member.
#[derive(Clone, Debug)]
pub(crate) struct Staff(Person);

#[derive(Clone, Debug)]
struct Person {
    id: String,
    email: String,
    name: String,
}

impl Customer {
    pub(crate) fn id(&self) -> &str {
        &self.0.id
    }

    pub(crate) fn email(&self) -> &str {
        &self.0.email
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }
}

impl Staff {
    pub(crate) fn id(&self) -> &str {
        &self.0.id
    }

    pub(crate) fn email(&self) -> &str {
        &self.0.email
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }
}

/// The token a browser sent, if it looks like one of ours.
pub(crate) fn token(visit: &Visit, kind: Kind) -> Option<Token> {
    let cookie = match kind {
        Kind::Customer => Cookie::Customer,
        Kind::Staff => Cookie::Staff,
    };
    Token::parse(&visit.cookie(cookie)?)
}

/// The statements that find the customer of a session; [`take_customer`] takes their answers.
pub(crate) fn find_customer(token_hash: &str, now: i64) -> Vec<Statement> {
    vec![
        accounts::touch_session(Kind::Customer, token_hash, now),
        accounts::session_customer(token_hash, now),
    ]
}

/// The customer that [`find_customer`] found.
pub(crate) fn take_customer(answers: &mut Answers) -> Result<Option<Customer>, DbError> {
    answers.rows()?;
    Ok(answers.first::<PersonRow>()?.map(|row| Customer(person(row))))
}

/// Signs a staff member in with the answers to `statements` in the same trip; without a good session, the visitor is
/// sent to the staff's sign-in.
pub(crate) async fn staff(
    visit: &Visit,
    next: &str,
    statements: Vec<Statement>,
) -> Result<(Staff, Answers), Error> {
    let sign_in = || Error::SignIn(format!("/admin/login/?next={next}"));
    let hash = token(visit, Kind::Staff).ok_or_else(sign_in)?.hash();
    let mut batch = vec![
        accounts::touch_session(Kind::Staff, &hash, visit.now()),
        accounts::session_staff(&hash, visit.now()),
    ];
    batch.extend(statements);
    let mut answers = visit.batch(batch).await?;
    answers.rows()?;
    let row = answers.first::<PersonRow>()?.ok_or_else(sign_in)?;
    Ok((Staff(person(row)), answers))
}

fn person(row: PersonRow) -> Person {
    Person { id: row.id, email: row.email, name: row.name }
}

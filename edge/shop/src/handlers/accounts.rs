//! `/accounts/`: register, sign in, sign out.

use std::collections::BTreeMap;

use axum::response::Response;
use http::StatusCode;
use ipswich_catalog::{Quantity, Sku, Text};

use crate::basket::{self, merged};
use crate::cart::{Cart, CartLine};
use crate::cookies::Cookie;
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::fields::{Email, Line, Password};
use crate::form::{Fields, own_path};
use crate::ports::{DbError, Statement};
use crate::query::Query;
use crate::request::Visit;
use crate::respond::{meta, notice, page, see_other, with_cookie};
use crate::session;
use crate::sign_in::{self, Attempt, Failed};
use crate::store::accounts::{self, Kind, NewPerson};
use crate::store::carts::{self, CartRow};
use crate::store::stock::{self, Shelf, StockRow};
use crate::texts;
use crate::token::Token;
use crate::views::{Field, FieldError, LoginPage, NoticeKind, RegisterPage};

const NAME_CHARS_MAX: usize = 100;

/// The page to sign in: its template and title.
const PAGE: (&str, &Text) = ("shop/login.html", &texts::TITLE_SIGN_IN);

/// Where signing in leads if nothing else was asked for.
const HOME: &str = "/accounts/";

/// `GET /accounts/login/`
pub(crate) async fn login_form(visit: Visit, query: Query) -> Result<Response, Error> {
    let release = visit.release().await?;
    let notices = match query.get("notice") {
        "bye" => vec![notice(NoticeKind::Success, release.say(&texts::SIGNED_OUT, &[]))],
        _ => vec![],
    };
    let next = own_path(query.get("next")).unwrap_or("").to_owned();
    let view = LoginPage {
        meta: meta(&release.say(&texts::TITLE_SIGN_IN, &[])),
        notices,
        error: None,
        email: Field::default(),
        next,
    };
    page(&release, StatusCode::OK, "shop/login.html", &view)
}

/// `POST /accounts/login/`: `email`, `password`, `next`. Wrong address and wrong password get the same answer in the
/// same time, and after too many of them an account is left alone for a while.
pub(crate) async fn login(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["email", "password", "next"], None)?;
    let next = own_path(fields.get("next")).unwrap_or("");
    let typed = (fields.get("email"), next);
    let Some(attempt) = Attempt::read(&visit, Kind::Customer, &fields)? else {
        return sign_in::again(&visit, PAGE, typed, Failed::Wrong).await;
    };
    let key = &attempt.key;
    let guest = guest_cart(&visit);
    let skus = stock::json_list(guest.iter().flat_map(Cart::lines).map(|line| &line.sku));
    let batch = vec![
        attempt.count(visit.now()),
        accounts::customer_secret(key),
        carts::cart_of(key),
        stock::of_skus_and_customer(skus, key),
    ];
    let mut answers = visit.batch(batch).await?;
    let account = match attempt.judge(&mut answers, visit.now())? {
        Ok(account) => account,
        Err(failed) => return sign_in::again(&visit, PAGE, typed, failed).await,
    };
    let saved = answers.first::<CartRow>()?.map(CartRow::into_cart).transpose()?;
    let shelves = stock::shelves(answers.all::<StockRow>()?)?;
    let joined = join(&visit, saved, guest, &shelves).await?;
    let (token, mut batch) = new_session(&visit, &account)?;
    batch.push(attempt.forget());
    if let (Some(cart), true) = (&joined.cart, joined.changed) {
        batch.push(carts::save(&account, cart, visit.now())?);
    }
    visit.batch(batch).await?;
    signed_in(&visit, &token, &joined, next)
}

/// `POST /accounts/logout/`
pub(crate) async fn logout(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    fields.only(&[], None)?;
    if let Some(token) = session::token(&visit, Kind::Customer) {
        visit.batch(vec![accounts::close_session(&token.hash())]).await?;
    }
    let answer = see_other("/accounts/login/?notice=bye")?;
    let answer = with_cookie(answer, Cookie::Customer.remove(visit.config())?);
    let pieces = guest_cart(&visit).map_or(0, |cart| cart.pieces());
    basket::with_state(&visit, answer, pieces, false)
}

/// `GET /accounts/register/`
pub(crate) async fn register_form(visit: Visit, query: Query) -> Result<Response, Error> {
    let next = own_path(query.get("next")).unwrap_or("").to_owned();
    let empty = Field::default;
    let release = visit.release().await?;
    let view = RegisterPage {
        meta: meta(&release.say(&texts::TITLE_REGISTER, &[])),
        errors: vec![],
        name: empty(),
        email: empty(),
        password: empty(),
        next,
    };
    page(&release, StatusCode::OK, "shop/register.html", &view)
}

/// `POST /accounts/register/`: `name`, `email`, `password`, `next`.
pub(crate) async fn register(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["name", "email", "password", "next"], None)?;
    let release = visit.release().await?;
    let messages = release.messages();
    let mut errors = Vec::new();
    let mut say = |field: &str, message: String| errors.push(FieldError { field: field.to_owned(), message });
    let name = Line::required(fields.get("name"), NAME_CHARS_MAX)
        .map_err(|problem| say("name", problem.sentence(&texts::YOUR_NAME, messages)));
    let email = Email::parse(fields.get("email"))
        .map_err(|problem| say("email", problem.sentence(&texts::YOUR_EMAIL, messages)));
    let password = Password::choose(fields.get("password"))
        .map_err(|problem| say("password", problem.sentence(&texts::A_PASSWORD, messages)));
    let (Ok(name), Ok(email), Ok(password)) = (name, email, password) else {
        return register_again(&visit, &fields, errors).await;
    };
    // The hash is made before the address is looked up, so that the time of the answer does not tell.
    let hash =
        password.hash(visit.random()?).ok_or_else(|| Error::Unavailable("argon2 failed".to_owned()))?;
    let (id, key) = (visit.new_id()?, email.key());
    let person = NewPerson {
        id: id.as_str(),
        email: email.as_str(),
        email_key: &key,
        name: name.as_str(),
        password: &hash,
    };
    let (token, session) = new_session(&visit, id.as_str())?;
    let mut batch = vec![accounts::insert_customer(&person, visit.now())];
    batch.extend(session);
    let cart = guest_cart(&visit).filter(|cart| !cart.is_empty());
    if let Some(cart) = &cart {
        batch.push(carts::save(id.as_str(), cart, visit.now())?);
    }
    match visit.batch(batch).await {
        Ok(_) => {}
        Err(DbError::Constraint(_)) => {
            // A first try whose answer was lost may have made this very account; anything else is a known address.
            let mut answers = visit.batch(vec![accounts::customer_exists(id.as_str())]).await?;
            if answers.rows()?.0.is_empty() {
                let message = release.say(&texts::ACCOUNT_REFUSED, &[]);
                return register_again(
                    &visit,
                    &fields,
                    vec![FieldError { field: "email".to_owned(), message }],
                )
                .await;
            }
        }
        Err(error) => return Err(error.into()),
    }
    let joined = Joined { cart, changed: true, merged: false, shortened: false };
    signed_in(&visit, &token, &joined, own_path(fields.get("next")).unwrap_or(""))
}

async fn register_again(visit: &Visit, fields: &Fields, errors: Vec<FieldError>) -> Result<Response, Error> {
    let of = |name: &str| errors.iter().find(|error| error.field == name).map(|error| error.message.clone());
    let field = |name: &str| Field { value: fields.get(name).to_owned(), error: of(name) };
    let release = visit.release().await?;
    let view = RegisterPage {
        meta: meta(&release.say(&texts::TITLE_REGISTER, &[])),
        name: field("name"),
        email: field("email"),
        password: Field { value: String::new(), error: of("password") },
        next: own_path(fields.get("next")).unwrap_or("").to_owned(),
        errors,
    };
    page(&release, StatusCode::UNPROCESSABLE_ENTITY, "shop/register.html", &view)
}

/// A new token, and the statements that open its session and end the one the browser came with.
fn new_session(visit: &Visit, customer: &str) -> Result<(Token, Vec<Statement>), Error> {
    let token = Token::new(visit.random()?);
    let mut batch = vec![accounts::open_session(Kind::Customer, &token.hash(), customer, visit.now())];
    if let Some(old) = session::token(visit, Kind::Customer) {
        batch.push(accounts::close_session(&old.hash()));
    }
    Ok((token, batch))
}

/// The answer to a sign-in: cookies, and on to where the visitor wanted. If the carts were changed in a way one has
/// to know, the cart comes first and says so.
fn signed_in(visit: &Visit, token: &Token, joined: &Joined, next: &str) -> Result<Response, Error> {
    let location = match (joined.shortened, joined.merged, next) {
        (true, _, _) => "/cart/?notice=shortened",
        (false, true, _) => "/cart/?notice=merged",
        (false, false, "") => HOME,
        (false, false, next) => next,
    };
    let config = visit.config();
    let seconds = Kind::Customer.absolute_seconds();
    let answer = with_cookie(see_other(location)?, Cookie::Customer.set(token.as_str(), seconds, config)?);
    let answer = if visit.cookie(Cookie::Cart).is_some() {
        with_cookie(answer, Cookie::Cart.remove(config)?)
    } else {
        answer
    };
    basket::with_state(visit, answer, joined.cart.as_ref().map_or(0, Cart::pieces), true)
}

/// A customer's cart after the guest's was added.
struct Joined {
    cart: Option<Cart>,
    /// Whether it differs from what is saved.
    changed: bool,
    /// Whether both had something in them.
    merged: bool,
    /// Whether there is less of something than both wanted together.
    shortened: bool,
}

/// Adds a guest's cart to the saved one, as far as the stock goes.
async fn join(
    visit: &Visit,
    saved: Option<Cart>,
    guest: Option<Cart>,
    shelves: &BTreeMap<Sku, Shelf>,
) -> Result<Joined, Error> {
    let Some(guest) = guest.filter(|cart| !cart.is_empty()) else {
        return Ok(Joined { cart: saved, changed: false, merged: false, shortened: false });
    };
    let had_saved = saved.as_ref().is_some_and(|cart| !cart.is_empty());
    let Some(sum) = merged(saved, Some(guest)) else {
        return Err(Error::Broken("two carts became none".to_owned()));
    };
    let release = visit.release().await?;
    let records = release.skus(sum.lines().iter().map(|line| &line.sku)).await?;
    let capped = |line: &CartLine| {
        let record = records.get(&line.sku);
        let shelf = shelves.get(&line.sku).copied();
        let shelf = shelf.or(record.map(|record| Shelf::opening(record.opening_stock)))?;
        let policy = record.map(|record| record.stock_policy).unwrap_or_default();
        let left = policy.sellable(shelf.free, shelf.owed).min(i64::from(line.qty.get()));
        let qty = Quantity::new(u32::try_from(left).ok()?).ok()?;
        Some(CartLine { sku: line.sku.clone(), qty })
    };
    let cart = Cart::with_lines(sum.id().clone(), sum.lines().iter().filter_map(capped));
    Ok(Joined { shortened: cart != sum, cart: Some(cart), changed: true, merged: had_saved })
}

fn guest_cart(visit: &Visit) -> Option<Cart> {
    Cart::from_cookie(&visit.cookie(Cookie::Cart)?)
}

//! `/cart/coupon/`: putting the code of a coupon into a cart, and taking it out.
//!
//! Every code that is entered counts as a try of the client, known or not, and after too many of them none is looked
//! at for a while. A code that is in a cart was entered here: the cookie is signed.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use super::cart::show_cart;
use crate::basket::Basket;
use crate::coupon::{Bar, CODES_MAX, Code, Known};
use crate::coupon_view::Speaker;
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::form::Fields;
use crate::release::Release;
use crate::request::{Client, Visit};
use crate::respond::see_other;
use crate::session;
use crate::store::accounts::Kind;
use crate::store::attempts::{self, TriesRow};
use crate::store::coupons;
use crate::texts;
use crate::token::keyed_hash;
use crate::views::Field;

/// Tries of one client in a window; one that we cannot tell from others shares its tries with them.
const TRIES_MAX: i64 = 20;
const SHARED_TRIES_MAX: i64 = 400;

/// What is shown again of a code, in characters.
const SHOWN_CHARS_MAX: usize = 40;

/// Where the codes are on the page of the cart.
const CODES: &str = "/cart/#codes";

/// `POST /cart/coupon/`: `code`.
pub(crate) async fn add(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["code"], None)?;
    let typed = fields.get("code");
    let code = Code::parse(typed);
    let (account, tries_max) = tries_of(&visit)?;
    let hash = session::token(&visit, Kind::Customer).map(|token| token.hash());
    let extra = vec![
        attempts::count(&account, visit.now()),
        coupons::for_visitor(coupons::json_list(&code), hash.as_deref(), visit.now()),
    ];
    let (basket, answers) = Basket::load(&visit, None, extra).await?;
    basket.must_be_reachable()?;
    let Some((mut answers, mut cart)) = answers.zip(basket.cart.clone().filter(|cart| !cart.is_empty()))
    else {
        return see_other("/cart/");
    };
    let tries = answers.first::<TriesRow>()?;
    let found = answers.all::<Known>()?;
    let release = visit.release().await?;
    let again = Again { visit: &visit, basket: &basket, typed };
    if let Some(seconds) = tries.and_then(|tries| tries.wait_beyond(tries_max, visit.now())) {
        return again.too_many(&release, seconds).await;
    }
    let speaker = Speaker { settings: release.settings(), messages: release.messages(), now: visit.now() };
    let invalid = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(code) = code else {
        let missing = typed.trim().is_empty();
        let text = if missing { &texts::COUPON_MISSING } else { &texts::COUPON_UNKNOWN };
        return again.page(invalid, release.say(text, &[])).await;
    };
    let known = found.iter().find(|known| known.coupon.code == code);
    if let Some(bar) = known.map_or(Some(Bar::Unknown), |known| known.barred(visit.now())) {
        return again.page(invalid, speaker.sentence(&code, &bar)).await;
    }
    if !cart.add_code(code) {
        let most = CODES_MAX.to_string();
        return again
            .page(StatusCode::CONFLICT, release.say(&texts::COUPON_TOO_MANY, &[("most", &most)]))
            .await;
    }
    basket.keep(&visit, &cart, see_other(CODES)?).await
}

/// `POST /cart/coupon/remove/`: `code`. One that is not there is removed already.
pub(crate) async fn remove(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["code"], None)?;
    let (basket, _) = Basket::load(&visit, None, vec![]).await?;
    let (Some(mut cart), Some(code)) = (basket.cart.clone(), Code::parse(fields.get("code"))) else {
        basket.must_be_reachable()?;
        return see_other("/cart/");
    };
    cart.remove_code(&code);
    basket.keep(&visit, &cart, see_other(CODES)?).await
}

/// Under which name tries are counted, and how many there may be.
fn tries_of(visit: &Visit) -> Result<(String, i64), Error> {
    let (client, tries_max) = match visit.client() {
        Client::Known(address) => (address, TRIES_MAX),
        Client::Unknown => (String::new(), SHARED_TRIES_MAX),
    };
    let account = keyed_hash(visit.config().secret(), &["coupon tries", &client])
        .ok_or_else(|| Error::Broken("the address could not be hashed".to_owned()))?;
    Ok((account, tries_max))
}

/// The cart once more, with what is wrong with the code.
struct Again<'a> {
    visit: &'a Visit,
    basket: &'a Basket,
    typed: &'a str,
}

impl Again<'_> {
    async fn page(&self, status: StatusCode, error: String) -> Result<Response, Error> {
        let value = self.typed.trim().chars().take(SHOWN_CHARS_MAX).collect();
        show_cart(self.visit, self.basket, status, vec![], Field { value, error: Some(error) }).await
    }

    async fn too_many(&self, release: &Release, seconds: i64) -> Result<Response, Error> {
        let minutes = u64::try_from(seconds.saturating_add(59).div_euclid(60)).unwrap_or(1);
        let error = release.messages().count(&texts::COUPON_TRIES, minutes, &[]);
        let mut response = self.page(StatusCode::TOO_MANY_REQUESTS, error).await?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        Ok(response)
    }
}

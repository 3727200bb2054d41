//! The cart of a request, wherever it is kept: a guest's in the cookie, a customer's in the database.
//!
//! A guest's cart needs no database. If a customer's cannot be read, the cookie takes over and is merged into the
//! saved cart when the database is back.

use std::collections::BTreeMap;

use axum::response::Response;
use ipswich_catalog::Sku;

use crate::cart::Cart;
use crate::cookies::{Cookie, KEPT_SECONDS};
use crate::coupon::{Coupon, Known};
use crate::error::Error;
use crate::ports::{DbError, Statement};
use crate::request::{Answers, Visit};
use crate::respond::with_cookie;
use crate::session::{self, Customer};
use crate::store::accounts::Kind;
use crate::store::carts::{self, CartRow};
use crate::store::coupons::{self, UsesRow};
use crate::store::stock::{self, StockRow};

/// A cart with what is known about its owner and about stock.
#[derive(Clone)]
pub(crate) struct Basket {
    pub(crate) cart: Option<Cart>,
    pub(crate) owner: Option<Customer>,
    /// Pieces that can be sold, of the SKUs that have a row.
    pub(crate) available: BTreeMap<Sku, i64>,
    /// The coupons of the codes in the cart. A code that is not among them belongs to none.
    pub(crate) coupons: Vec<Known>,
    /// Why the database did not answer, if it did not.
    pub(crate) unreachable: Option<DbError>,
    has_cookie: bool,
    has_session: bool,
}

impl Basket {
    /// Loads the cart, its owner, its coupons, and the stock of its SKUs and of `also` in one trip, or in none for an
    /// empty cart.
    /// The answers to `extra` are returned as well, if the database answered.
    pub(crate) async fn load(
        visit: &Visit,
        also: Option<&Sku>,
        extra: Vec<Statement>,
    ) -> Result<(Basket, Option<Answers>), Error> {
        let cookie = Basket::in_cookie(visit);
        let hash = session::token(visit, Kind::Customer).map(|token| token.hash());
        let mut basket = Basket {
            has_cookie: visit.cookie(Cookie::Cart).is_some(),
            has_session: hash.is_some(),
            cart: cookie,
            owner: None,
            available: BTreeMap::new(),
            coupons: vec![],
            unreachable: None,
        };
        let in_cookie = basket.cart.iter().flat_map(Cart::lines).map(|line| &line.sku);
        let skus = stock::json_list(in_cookie.chain(also));
        let skus_asked = skus != "[]";
        let codes = coupons::json_list(basket.cart.iter().flat_map(Cart::codes));
        let asks_coupons = hash.is_some() || codes != "[]";
        let mut batch = Vec::new();
        if asks_coupons {
            batch.push(coupons::for_visitor(codes, hash.as_deref(), visit.now()));
        }
        match &hash {
            Some(hash) => {
                batch.extend(session::find_customer(hash, visit.now()));
                batch.push(carts::session_cart(hash, visit.now()));
                batch.push(stock::of_skus_and_session(skus, hash, visit.now()));
            }
            None if skus_asked => batch.push(stock::of_skus(skus)),
            None => {}
        }
        let asks_stock = hash.is_some() || skus_asked;
        batch.extend(extra);
        if batch.is_empty() {
            return Ok((basket, None));
        }
        let mut answers = match visit.batch(batch).await {
            Ok(answers) => answers,
            Err(error) => {
                basket.unreachable = Some(error);
                return Ok((basket, None));
            }
        };
        if asks_coupons {
            basket.coupons = answers.all::<Known>()?;
        }
        if hash.is_some() {
            basket.owner = session::take_customer(&mut answers)?;
            let saved = answers.first::<CartRow>()?.map(CartRow::into_cart).transpose()?;
            basket.has_session = basket.owner.is_some();
            if basket.owner.is_some() {
                basket.cart = merged(saved, basket.cart.take());
            }
        }
        if asks_stock {
            basket.available = stock::available(answers.all::<StockRow>()?)?;
        }
        Ok((basket, Some(answers)))
    }

    /// The cart in the browser, if there is one.
    pub(crate) fn in_cookie(visit: &Visit) -> Option<Cart> {
        Cart::from_cookie(&visit.cookie(Cookie::Cart)?, visit.config().secret())
    }

    /// The error that kept the database from answering, for pages that cannot do without.
    pub(crate) fn must_be_reachable(&self) -> Result<(), Error> {
        self.unreachable.clone().map_or(Ok(()), |error| Err(error.into()))
    }

    /// Whether the stock of the SKUs is known.
    pub(crate) fn knows_stock(&self) -> bool {
        self.unreachable.is_none()
    }

    /// Pieces of a SKU that can be sold; `opening` if nobody has bought it yet.
    pub(crate) fn available(&self, sku: &Sku, opening: u32) -> i64 {
        self.available.get(sku).copied().unwrap_or(i64::from(opening))
    }

    /// The same basket with stock that was read later.
    pub(crate) fn with_stock(&self, available: BTreeMap<Sku, i64>) -> Basket {
        Basket { available, ..self.clone() }
    }

    /// The coupons of the cart that can be used now, whatever is in it.
    pub(crate) fn usable_coupons(&self, now: i64) -> Vec<&Coupon> {
        let usable = self.coupons_in_order().filter(|known| known.barred(now).is_none());
        usable.map(|known| &known.coupon).collect()
    }

    /// The coupons in the order of their codes in the cart.
    pub(crate) fn coupons_in_order(&self) -> impl Iterator<Item = &Known> {
        let codes = self.cart.iter().flat_map(Cart::codes);
        codes.filter_map(|code| self.coupons.iter().find(|known| known.coupon.code == *code))
    }

    /// The same basket with coupons that were read later.
    pub(crate) fn with_coupons(&self, coupons: Vec<Known>) -> Basket {
        Basket { coupons, ..self.clone() }
    }

    /// The same basket with coupons whose uses by this person were counted by e-mail address.
    pub(crate) fn with_uses(&self, uses: &[UsesRow]) -> Basket {
        let mut basket = self.clone();
        for known in &mut basket.coupons {
            let counted = uses.iter().find(|row| row.code == known.coupon.code.as_str());
            known.own_uses = counted.map_or(0, |row| row.uses);
        }
        basket
    }

    /// Keeps a changed cart and adds the cookies to the answer.
    pub(crate) async fn keep(
        &self,
        visit: &Visit,
        cart: &Cart,
        response: Response,
    ) -> Result<Response, Error> {
        let config = visit.config();
        let Some(owner) = &self.owner else {
            let cookie = if cart.is_empty() {
                Cookie::Cart.remove(config)?
            } else {
                Cookie::Cart.set(&cart.to_cookie(config.secret()), KEPT_SECONDS, config)?
            };
            return with_state(visit, with_cookie(response, cookie), cart.pieces(), self.has_session);
        };
        visit.batch(vec![carts::save(owner.id(), cart, visit.now())?]).await?;
        let response =
            if self.has_cookie { with_cookie(response, Cookie::Cart.remove(config)?) } else { response };
        with_state(visit, response, cart.pieces(), true)
    }

    /// Forgets the cart in the browser, after it was ordered.
    pub(crate) fn emptied(&self, visit: &Visit, response: Response) -> Result<Response, Error> {
        let response = with_cookie(response, Cookie::Cart.remove(visit.config())?);
        with_state(visit, response, 0, self.has_session)
    }

    /// Corrects what static pages show, if it is not what the browser has.
    pub(crate) fn with_true_state(&self, visit: &Visit, response: Response) -> Result<Response, Error> {
        let pieces = self.cart.as_ref().map_or(0, Cart::pieces);
        if visit.cookie(Cookie::State) == state(pieces, self.has_session) {
            return Ok(response);
        }
        with_state(visit, response, pieces, self.has_session)
    }
}

/// Both carts together, under the id of the one from the browser: if the answer that removes it there is lost, the two
/// meet again under the same id, and nothing is added twice.
pub(crate) fn merged(saved: Option<Cart>, other: Option<Cart>) -> Option<Cart> {
    match (saved, other) {
        (Some(saved), Some(other)) if saved.id() == other.id() => Some(saved.at_least(&other)),
        (Some(saved), Some(other)) => {
            let mut all = saved.renamed(other.id().clone());
            for line in other.lines() {
                // What does not fit into a full cart stays out.
                let _ = all.add(line.sku.clone(), line.qty);
            }
            for code in other.codes() {
                all.add_code(code.clone());
            }
            Some(all)
        }
        (saved, other) => saved.or(other),
    }
}

/// Sets the cookie that static pages read.
pub(crate) fn with_state(
    visit: &Visit,
    response: Response,
    pieces: u32,
    signed_in: bool,
) -> Result<Response, Error> {
    let cookie = match state(pieces, signed_in) {
        Some(value) => Cookie::State.set(&value, KEPT_SECONDS, visit.config())?,
        None => Cookie::State.remove(visit.config())?,
    };
    Ok(with_cookie(response, cookie))
}

fn state(pieces: u32, signed_in: bool) -> Option<String> {
    (pieces > 0 || signed_in).then(|| format!("c{pieces}.s{}", u8::from(signed_in)))
}

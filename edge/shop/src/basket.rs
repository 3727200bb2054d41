//! The cart of a request, wherever it is kept: a guest's in the cookie, a customer's in the database.
//!
//! A guest's cart needs no database. If a customer's cannot be read, the cookie takes over and is merged into the
//! saved cart when the database is back.

use std::collections::BTreeMap;

use axum::response::Response;
use ipswich_catalog::published::SkuRecord;
use ipswich_catalog::{Quantity, Sku};

use crate::cart::Cart;
use crate::cookies::{Cookie, KEPT_SECONDS};
use crate::error::Error;
use crate::ports::{DbError, Statement};
use crate::request::{Answers, Visit};
use crate::respond::with_cookie;
use crate::session::{self, Customer};
use crate::store::accounts::Kind;
use crate::store::carts::{self, CartRow};
use crate::store::stock::{self, Shelf, StockRow};

/// A cart with what is known about its owner and about stock.
#[derive(Clone)]
pub(crate) struct Basket {
    pub(crate) cart: Option<Cart>,
    pub(crate) owner: Option<Customer>,
    /// What there is of the SKUs that have a row.
    pub(crate) shelves: BTreeMap<Sku, Shelf>,
    /// Why the database did not answer, if it did not.
    pub(crate) unreachable: Option<DbError>,
    has_cookie: bool,
    has_session: bool,
}

impl Basket {
    /// Loads the cart, its owner, and the stock of its SKUs and of `also` in one trip, or in none for an empty cart.
    /// The answers to `extra` are returned as well, if the database answered.
    pub(crate) async fn load(
        visit: &Visit,
        also: Option<&Sku>,
        extra: Vec<Statement>,
    ) -> Result<(Basket, Option<Answers>), Error> {
        let cookie = visit.cookie(Cookie::Cart).and_then(|text| Cart::from_cookie(&text));
        let hash = session::token(visit, Kind::Customer).map(|token| token.hash());
        let mut basket = Basket {
            has_cookie: visit.cookie(Cookie::Cart).is_some(),
            has_session: hash.is_some(),
            cart: cookie,
            owner: None,
            shelves: BTreeMap::new(),
            unreachable: None,
        };
        let in_cookie = basket.cart.iter().flat_map(Cart::lines).map(|line| &line.sku);
        let skus = stock::json_list(in_cookie.chain(also));
        let mut batch = Vec::new();
        match &hash {
            Some(hash) => {
                batch.extend(session::find_customer(hash, visit.now()));
                batch.push(carts::session_cart(hash, visit.now()));
                batch.push(stock::of_skus_and_session(skus, hash, visit.now()));
            }
            None if skus != "[]" => batch.push(stock::of_skus(skus)),
            None => {}
        }
        let asks_stock = !batch.is_empty();
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
        if hash.is_some() {
            basket.owner = session::take_customer(&mut answers)?;
            let saved = answers.first::<CartRow>()?.map(CartRow::into_cart).transpose()?;
            basket.has_session = basket.owner.is_some();
            if basket.owner.is_some() {
                basket.cart = merged(saved, basket.cart.take());
            }
        }
        if asks_stock {
            basket.shelves = stock::shelves(answers.all::<StockRow>()?)?;
        }
        Ok((basket, Some(answers)))
    }

    /// The error that kept the database from answering, for pages that cannot do without.
    pub(crate) fn must_be_reachable(&self) -> Result<(), Error> {
        self.unreachable.clone().map_or(Ok(()), |error| Err(error.into()))
    }

    /// Whether the stock of the SKUs is known.
    pub(crate) fn knows_stock(&self) -> bool {
        self.unreachable.is_none()
    }

    /// What there is of a SKU.
    fn shelf(&self, sku: &Sku, record: &SkuRecord) -> Shelf {
        self.shelves.get(sku).copied().unwrap_or_else(|| Shelf::opening(record.opening_stock))
    }

    /// Pieces of a SKU that can be ordered.
    pub(crate) fn available(&self, sku: &Sku, record: &SkuRecord) -> i64 {
        let shelf = self.shelf(sku, record);
        record.stock_policy.sellable(shelf.free, shelf.owed)
    }

    /// About how many days this many pieces take, if not all of them are there.
    pub(crate) fn wait(&self, sku: &Sku, record: &SkuRecord, wanted: Quantity) -> Option<u32> {
        record.stock_policy.wait(wanted.get(), self.shelf(sku, record).free)
    }

    /// The same basket with stock that was read later.
    pub(crate) fn with_stock(&self, shelves: BTreeMap<Sku, Shelf>) -> Basket {
        Basket { shelves, ..self.clone() }
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
                Cookie::Cart.set(&cart.to_cookie(), KEPT_SECONDS, config)?
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

/// Both carts together, under the id of the saved one.
pub(crate) fn merged(saved: Option<Cart>, other: Option<Cart>) -> Option<Cart> {
    match (saved, other) {
        (Some(mut saved), Some(other)) => {
            for line in other.lines() {
                // What does not fit into a full cart stays out.
                let _ = saved.add(line.sku.clone(), line.qty);
            }
            Some(saved)
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

//! `/checkout/`: the form, and placing the order.

use axum::response::Response;
use http::StatusCode;

use crate::basket::Basket;
use crate::cart::Cart;
use crate::cart_view::items;
use crate::checkout::{Submitted, Typed, Wish, read, request_hash, saw_less, understand};
use crate::checkout_view::{CheckoutState, checkout_page, fresh};
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::form::Fields;
use crate::handlers::cart::{records, show_basket};
use crate::order::OrderId;
use crate::ports::DbError;
use crate::pricing::{Goods, PricingError, Quote, Way};
use crate::release::Release;
use crate::request::Visit;
use crate::respond::{flushing, link, notice, page, refuse, see_other};
use crate::store::placing::{self, NewOrder, PlacedRow};
use crate::store::stock::{self, StockRow};
use crate::texts;
use crate::token::{Id, order_number};
use crate::views::{FieldError, Notice, NoticeKind};

/// How often another order number is tried when one is taken: one in a trillion is, for each order there is.
const NUMBERS_MAX: u32 = 3;

/// `GET /checkout/`
pub(crate) async fn show(visit: Visit) -> Result<Response, Error> {
    let (basket, _) = Basket::load(&visit, None, vec![]).await?;
    let Some(cart) = basket.cart.as_ref().filter(|cart| !cart.is_empty()) else {
        basket.must_be_reachable()?;
        return see_other("/cart/");
    };
    basket.must_be_reachable()?;
    let release = visit.release().await?;
    let Some(goods) = ready_goods(&basket, cart, &release).await? else { return see_other("/cart/") };
    let typed = fresh(basket.owner.as_ref(), &goods, release.settings());
    let state = CheckoutState {
        key: &visit.new_id()?,
        customer: basket.owner.as_ref(),
        typed,
        goods: &goods,
        errors: vec![],
        notices: vec![],
        now: visit.now(),
    };
    basket.with_true_state(&visit, form_page(&release, StatusCode::OK, state)?)
}

/// `POST /checkout/`
pub(crate) async fn place(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let Submitted { key, typed, shown, recount } = read(fields)?;
    let in_cookie = visit.cookie(crate::cookies::Cookie::Cart).and_then(|text| Cart::from_cookie(&text));
    let known = placing::placed(&key, in_cookie.as_ref().map(Cart::id));
    let (basket, answers) = Basket::load(&visit, None, vec![known]).await?;
    basket.must_be_reachable()?;
    let rows = match answers {
        Some(mut answers) => answers.all::<PlacedRow>()?,
        None => vec![],
    };
    let Some(cart) = basket.cart.as_ref().filter(|cart| !cart.is_empty()) else {
        // The cart is emptied when an order is placed, so this is the same form once more.
        return match rows.into_iter().find(|row| row.idem_key == key.as_str()) {
            Some(row) => see_other(&order_url(&row.id)),
            None => see_other("/cart/"),
        };
    };
    let release = visit.release().await?;
    let asked = Asked { visit: &visit, basket: &basket, cart, release: &release, key: &key, typed: &typed };
    if let Some(answer) = asked.answered_already(rows).await? {
        return Ok(answer);
    }
    let Some(goods) = ready_goods(&basket, cart, &release).await? else {
        return asked.shortage(&basket).await;
    };
    if recount {
        return asked.form(StatusCode::OK, &goods, vec![], vec![]);
    }
    let wish = match understand(&typed, &goods, release.settings(), release.messages()) {
        Ok(wish) => wish,
        Err(errors) => return asked.form(StatusCode::UNPROCESSABLE_ENTITY, &goods, errors, vec![]),
    };
    let way = Way { method: Some(wish.method), country: &typed.country, now: visit.now() };
    let quote = goods.quote(way, release.settings()).map_err(unpriced)?;
    if saw_less(shown, quote.total) {
        let notices = vec![notice(NoticeKind::Warning, release.say(&texts::PRICES_CHANGED, &[]))];
        return asked.form(StatusCode::CONFLICT, &goods, vec![], notices);
    }
    asked.place(&goods, &wish, &quote).await
}

/// A form that was sent, with what it was sent for.
struct Asked<'a> {
    visit: &'a Visit,
    basket: &'a Basket,
    cart: &'a Cart,
    release: &'a Release,
    key: &'a Id,
    typed: &'a Typed,
}

impl Asked<'_> {
    fn hash(&self) -> Result<String, Error> {
        request_hash(self.visit.config().secret(), self.cart, self.typed)
            .ok_or_else(|| Error::Broken("the request could not be hashed".to_owned()))
    }

    /// The answer if there is an order for this form or this cart: the same form gets its order again.
    async fn answered_already(&self, rows: Vec<PlacedRow>) -> Result<Option<Response>, Error> {
        let hash = self.hash()?;
        let own = |row: &&PlacedRow| row.idem_key == self.key.as_str();
        if let Some(row) = rows.iter().find(|row| row.req_hash == hash) {
            let answer = see_other(&order_url(&row.id))?;
            let same_cart = row.cart_id == self.cart.id().as_str();
            let answer = if same_cart { self.basket.emptied(self.visit, answer)? } else { answer };
            return Ok(Some(answer));
        }
        if let Some(row) = rows.iter().find(own) {
            let sentence = self.release.say(&texts::SENT_BEFORE, &[("number", &row.number)]);
            let ways = vec![
                link(&self.release.say(&texts::TO_ORDER, &[]), &order_url_plain(&row.id)),
                link(&self.release.say(&texts::TO_CHECKOUT, &[]), "/checkout/"),
            ];
            return Err(refuse(
                StatusCode::CONFLICT,
                &self.release.say(&texts::SENT_BEFORE_TITLE, &[]),
                sentence,
                ways,
            ));
        }
        match rows.first() {
            Some(row) => self.ordered_before(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The cart was ordered already, but with other details. It gets a new name, so that ordering it once more takes
    /// one deliberate step.
    async fn ordered_before(&self, row: &PlacedRow) -> Result<Response, Error> {
        let again = self.cart.clone().renamed(self.visit.new_id()?);
        let sentence = self.release.say(&texts::ORDERED_BEFORE, &[("number", &row.number)]);
        let ways = vec![
            link(&self.release.say(&texts::TO_ORDER, &[]), &order_url_plain(&row.id)),
            link(&self.release.say(&texts::TO_CART, &[]), "/cart/"),
        ];
        let title = self.release.say(&texts::ORDERED_BEFORE_TITLE, &[]);
        let view = crate::views::ErrorPage {
            meta: crate::respond::meta(&title),
            status: StatusCode::CONFLICT.as_u16(),
            title,
            sentence,
            links: ways,
            request_id: String::new(),
        };
        let answer = page(self.release, StatusCode::CONFLICT, "shop/error.html", &view)?;
        self.basket.keep(self.visit, &again, answer).await
    }

    /// Writes the order. A constraint tells what stood in the way.
    async fn place(&self, goods: &Goods, wish: &Wish<'_>, quote: &Quote) -> Result<Response, Error> {
        let (id, hash) = (OrderId::new(self.visit.random()?), self.hash()?);
        for _ in 0..NUMBERS_MAX {
            let number = order_number(self.visit.random()?);
            let order = NewOrder {
                id: &id,
                number: &number,
                key: self.key,
                request_hash: &hash,
                cart_id: self.cart.id(),
                customer: self.basket.owner.as_ref().map(crate::session::Customer::id),
                offline: wish.offline,
                goods,
                quote,
                method: wish.method,
                contact: &wish.contact,
                release: self.release.name(),
                language: self.release.key(),
                now: self.visit.now(),
            };
            match self.visit.batch(placing::place(&order, self.release.settings())?).await {
                Ok(_) => {
                    let answer = see_other(&order_url(id.as_str()))?;
                    return Ok(flushing(self.basket.emptied(self.visit, answer)?));
                }
                Err(DbError::Constraint(text)) => {
                    if let Some(answer) = self.refused(&text).await? {
                        return Ok(answer);
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Broken("no free order number".to_owned()))
    }

    /// Why the batch was refused: the form was answered by somebody quicker, or the goods are gone. Which constraint
    /// is named first says nothing, so the database is asked.
    async fn refused(&self, text: &str) -> Result<Option<Response>, Error> {
        let skus = stock::json_list(self.cart.lines().iter().map(|line| &line.sku));
        let batch = vec![placing::placed(self.key, Some(self.cart.id())), stock::of_skus(skus)];
        let mut answers = self.visit.batch(batch).await?;
        let rows = answers.all::<PlacedRow>()?;
        if let Some(answer) = self.answered_already(rows).await? {
            return Ok(Some(answer));
        }
        if text.contains("oversell") || text.contains("overpromise") {
            let shelves = stock::shelves(answers.all::<StockRow>()?)?;
            return self.shortage(&self.basket.with_stock(shelves)).await.map(Some);
        }
        if text.contains("orders.number") {
            Ok(None)
        } else {
            Err(DbError::Constraint(text.to_owned()).into())
        }
    }

    /// The cart with what is left of each of its goods.
    async fn shortage(&self, basket: &Basket) -> Result<Response, Error> {
        let text = self.release.say(&texts::JUST_SOLD, &[]);
        let notices = vec![notice(NoticeKind::Warning, text)];
        show_basket(self.visit, basket, StatusCode::CONFLICT, notices).await
    }

    /// The form again, with all that was typed.
    fn form(
        &self,
        status: StatusCode,
        goods: &Goods,
        errors: Vec<FieldError>,
        notices: Vec<Notice>,
    ) -> Result<Response, Error> {
        let state = CheckoutState {
            key: self.key,
            customer: self.basket.owner.as_ref(),
            typed: self.typed.clone(),
            goods,
            errors,
            notices,
            now: self.visit.now(),
        };
        form_page(self.release, status, state)
    }
}

fn form_page(release: &Release, status: StatusCode, state: CheckoutState<'_>) -> Result<Response, Error> {
    let view = checkout_page(state, release.settings(), release.messages()).map_err(unpriced)?;
    page(release, status, "shop/checkout.html", &view)
}

/// The goods with their prices, or `None` if something about the cart has to be put right first.
async fn ready_goods(basket: &Basket, cart: &Cart, release: &Release) -> Result<Option<Goods>, Error> {
    let records = records(release, Some(cart)).await?;
    let missing = |line: &crate::cart::CartLine| match records.get(&line.sku) {
        Some(record) => i64::from(line.qty.get()) > basket.available(&line.sku, record),
        None => true,
    };
    if cart.lines().iter().any(missing) {
        return Ok(None);
    }
    match Goods::price(items(cart, &records), release.settings()) {
        Ok(goods) => Ok(Some(goods)),
        Err(PricingError::TooMuch) => Ok(None),
        Err(error) => Err(unpriced(error)),
    }
}

fn unpriced(error: PricingError) -> Error {
    Error::Broken(format!("the cart has no price: {error:?}"))
}

fn order_url(id: &str) -> String {
    format!("/order/{id}/?placed=1")
}

fn order_url_plain(id: &str) -> String {
    format!("/order/{id}/")
}

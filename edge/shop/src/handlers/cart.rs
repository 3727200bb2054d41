//! `/cart/`: show, add, change, remove.

use std::collections::BTreeMap;

use axum::response::Response;
use http::StatusCode;
use ipswich_catalog::published::SkuRecord;
use ipswich_catalog::{Quantity, QuantityError, Sku};

use crate::basket::Basket;
use crate::cart::{Cart, LINES_MAX};
use crate::cart_view;
use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::form::{Fields, own_path};
use crate::pricing::{Goods, PricingError};
use crate::query::Query;
use crate::release::Release;
use crate::request::Visit;
use crate::respond::{link, notice, page, refuse, see_other};
use crate::views::{Notice, NoticeKind};

/// What signing in may have done to a cart.
const SHORTENED: &str = "We put your saved cart and this one together. Of some goods there is less than that, so the cart holds what is left.";

/// `GET /cart/`
pub(crate) async fn show(visit: Visit, query: Query) -> Result<Response, Error> {
    let (basket, _) = Basket::load(&visit, None, vec![]).await?;
    let notices = match query.get("notice") {
        "merged" => vec![notice(NoticeKind::Info, "We put your saved cart and this one together.")],
        "shortened" => vec![notice(NoticeKind::Warning, SHORTENED)],
        _ => vec![],
    };
    show_basket(&visit, &basket, StatusCode::OK, notices).await
}

/// The cart page with sentences above it: also the answer when something about the cart is wrong.
pub(crate) async fn show_basket(
    visit: &Visit,
    basket: &Basket,
    status: StatusCode,
    notices: Vec<Notice>,
) -> Result<Response, Error> {
    let release = visit.release().await?;
    let records = records(&release, basket.cart.as_ref()).await?;
    let view = cart_view::cart_page(basket, &records, release.settings(), notices, visit.now());
    basket.with_true_state(visit, page(&release, status, "shop/cart.html", &view)?)
}

/// `POST /cart/add/`: `sku`, `quantity` and, optionally, `next`.
pub(crate) async fn add(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["sku", "quantity", "next"], None)?;
    let release = visit.release().await?;
    let (sku, record) = sold(&release, fields.get("sku")).await?;
    let quantity = Quantity::parse(fields.get("quantity")).map_err(|error| bad_quantity(error, &record))?;
    let (basket, _) = Basket::load(&visit, Some(&sku), vec![]).await?;
    let mut cart = match &basket.cart {
        Some(cart) => cart.clone(),
        None => Cart::new(visit.new_id()?),
    };
    check_stock(&basket, &cart, &sku, &record, quantity)?;
    cart.add(sku, quantity).map_err(|_| full(&record))?;
    check_price(&release, &cart, &record).await?;
    let next = own_path(fields.get("next")).unwrap_or("/cart/");
    basket.keep(&visit, &cart, see_other(next)?).await
}

/// `POST /cart/change/`: `sku` and `quantity`.
pub(crate) async fn change(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["sku", "quantity"], None)?;
    let (basket, _) = Basket::load(&visit, None, vec![]).await?;
    let (cart, sku) = line_of(&basket, fields.get("sku"))?;
    let warn = |text: String| vec![notice(NoticeKind::Warning, text)];
    let quantity = match Quantity::parse(fields.get("quantity")) {
        Ok(quantity) => quantity,
        Err(error) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show_basket(&visit, &basket, status, warn(format!("{error} Nothing was changed."))).await;
        }
    };
    let release = visit.release().await?;
    let record = release.sku(&sku).await?;
    let available = record.as_ref().map_or(0, |record| basket.available(&sku, record.opening_stock));
    let more = quantity.get() > cart.quantity(&sku);
    if more && basket.knows_stock() && i64::from(quantity.get()) > available {
        let title = record.map_or_else(|| sku.to_string(), |record| record.title);
        let text = format!("{} Nothing was changed.", left_sentence(&title, available));
        return show_basket(&visit, &basket, StatusCode::CONFLICT, warn(text)).await;
    }
    let mut changed = cart.clone();
    changed.set(&sku, quantity);
    if let Some(record) = &record {
        check_price(&release, &changed, record).await?;
    }
    basket.keep(&visit, &changed, see_other("/cart/")?).await
}

/// `POST /cart/remove/`: `sku`.
pub(crate) async fn remove(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["sku"], None)?;
    let (basket, _) = Basket::load(&visit, None, vec![]).await?;
    let (cart, sku) = line_of(&basket, fields.get("sku"))?;
    let mut changed = cart.clone();
    changed.remove(&sku);
    basket.keep(&visit, &changed, see_other("/cart/")?).await
}

/// The records of what is in a cart.
pub(crate) async fn records(
    release: &Release,
    cart: Option<&Cart>,
) -> Result<BTreeMap<Sku, SkuRecord>, Error> {
    release.skus(cart.iter().flat_map(|cart| cart.lines()).map(|line| &line.sku)).await
}

/// "Only 2 left" in a sentence.
pub(crate) fn left_sentence(title: &str, available: i64) -> String {
    match available {
        ..=0 => format!("{title} is sold out."),
        1 => format!("Only 1 piece of {title} is left."),
        left => format!("Only {left} pieces of {title} are left."),
    }
}

async fn sold(release: &Release, text: &str) -> Result<(Sku, SkuRecord), Error> {
    let unknown = || {
        let ways = vec![link("To the shop", "/"), link("To your cart", "/cart/")];
        refuse(
            StatusCode::NOT_FOUND,
            "We do not sell this",
            "This product is not, or no longer, in the shop. Nothing was added to your cart.",
            ways,
        )
    };
    let sku = Sku::parse(text).map_err(|_| unknown())?;
    let record = release.sku(&sku).await?.ok_or_else(unknown)?;
    Ok((sku, record))
}

/// The cart and one of its SKUs.
fn line_of<'a>(basket: &'a Basket, sku: &str) -> Result<(&'a Cart, Sku), Error> {
    let sku = Sku::parse(sku).ok();
    match (&basket.cart, sku) {
        (Some(cart), Some(sku)) if cart.quantity(&sku) > 0 => Ok((cart, sku)),
        _ => {
            // While the saved cart cannot be read, nobody can say what is in it.
            basket.must_be_reachable()?;
            Err(refuse(
                StatusCode::NOT_FOUND,
                "This is not in your cart",
                "It may have been removed in another window. Nothing was changed.",
                vec![link("To your cart", "/cart/")],
            ))
        }
    }
}

fn ways_back(record: &SkuRecord) -> Vec<crate::views::Link> {
    vec![link(&format!("Back to {}", record.title), &record.url), link("To your cart", "/cart/")]
}

fn bad_quantity(error: QuantityError, record: &SkuRecord) -> Error {
    let sentence = format!("{error} Nothing was added to your cart.");
    refuse(StatusCode::UNPROCESSABLE_ENTITY, "How many would you like?", sentence, ways_back(record))
}

fn full(record: &SkuRecord) -> Error {
    let sentence = format!(
        "A cart holds {LINES_MAX} different products. Check out with these first, or remove one, and then add {}.",
        record.title
    );
    refuse(StatusCode::CONFLICT, "Your cart is full", sentence, ways_back(record))
}

/// Refuses more than there is. While the stock is not known, anything goes in: checkout looks again.
fn check_stock(
    basket: &Basket,
    cart: &Cart,
    sku: &Sku,
    record: &SkuRecord,
    quantity: Quantity,
) -> Result<(), Error> {
    let in_cart = cart.quantity(sku);
    let wanted = in_cart.saturating_add(quantity.get());
    if Quantity::new(wanted).is_err() {
        return Err(bad_quantity(QuantityError::TooMany, record));
    }
    let available = basket.available(sku, record.opening_stock);
    if !basket.knows_stock() || i64::from(wanted) <= available {
        return Ok(());
    }
    let had = if in_cart > 0 { format!(" You have {in_cart} in your cart already.") } else { String::new() };
    let sentence = format!("{}{had} Nothing was added.", left_sentence(&record.title, available));
    let title = if available > 0 { "We do not have that many" } else { "Sold out" };
    Err(refuse(StatusCode::CONFLICT, title, sentence, ways_back(record)))
}

/// Refuses a cart beyond the amounts the shop handles.
async fn check_price(release: &Release, cart: &Cart, record: &SkuRecord) -> Result<(), Error> {
    let records = records(release, Some(cart)).await?;
    match Goods::price(cart_view::items(cart, &records), release.settings()) {
        Ok(_) => Ok(()),
        Err(PricingError::TooMuch) => Err(refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "This is more than our till can count",
            "Please write to us for an order of this size. Nothing was changed.",
            ways_back(record),
        )),
        Err(error @ PricingError::UnknownTaxClass(_)) => Err(Error::Broken(format!("release: {error:?}"))),
    }
}

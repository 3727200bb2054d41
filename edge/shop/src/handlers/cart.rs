//! `/cart/`: show, add, change, remove.

use std::collections::BTreeMap;

use axum::response::Response;
use http::StatusCode;
use ipswich_catalog::published::SkuRecord;
use ipswich_catalog::quantity::QUANTITY_MAX;
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
use crate::texts;
use crate::views::{Link, Notice, NoticeKind};

/// `GET /cart/`
pub(crate) async fn show(visit: Visit, query: Query) -> Result<Response, Error> {
    let (basket, _) = Basket::load(&visit, None, vec![]).await?;
    let release = visit.release().await?;
    let notices = match query.get("notice") {
        "merged" => vec![notice(NoticeKind::Info, release.say(&texts::CART_MERGED, &[]))],
        // What signing in may have done to a cart.
        "shortened" => vec![notice(NoticeKind::Warning, release.say(&texts::CART_SHORTENED, &[]))],
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
    let view =
        cart_view::cart_page(basket, &records, release.settings(), release.messages(), notices, visit.now());
    basket.with_true_state(visit, page(&release, status, "shop/cart.html", &view)?)
}

/// `POST /cart/add/`: `sku`, `quantity` and, optionally, `next`.
pub(crate) async fn add(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["sku", "quantity", "next"], None)?;
    let release = visit.release().await?;
    let (sku, record) = sold(&release, fields.get("sku")).await?;
    let quantity =
        Quantity::parse(fields.get("quantity")).map_err(|error| bad_quantity(&release, error, &record))?;
    let (basket, _) = Basket::load(&visit, Some(&sku), vec![]).await?;
    let mut cart = match &basket.cart {
        Some(cart) => cart.clone(),
        None => Cart::new(visit.new_id()?),
    };
    check_stock(&release, &basket, &cart, &sku, &record, quantity)?;
    cart.add(sku, quantity).map_err(|_| full(&release, &record))?;
    check_price(&release, &cart, &record).await?;
    let next = own_path(fields.get("next")).unwrap_or("/cart/");
    basket.keep(&visit, &cart, see_other(next)?).await
}

/// `POST /cart/change/`: `sku` and `quantity`.
pub(crate) async fn change(visit: Visit, _: CsrfChecked, fields: Fields) -> Result<Response, Error> {
    let fields = fields.only(&["sku", "quantity"], None)?;
    let (basket, _) = Basket::load(&visit, None, vec![]).await?;
    let release = visit.release().await?;
    let (cart, sku) = line_of(&release, &basket, fields.get("sku"))?;
    let not_changed = release.say(&texts::NOT_CHANGED, &[]);
    let warn = |text: String| vec![notice(NoticeKind::Warning, text)];
    let quantity = match Quantity::parse(fields.get("quantity")) {
        Ok(quantity) => quantity,
        Err(error) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show_basket(
                &visit,
                &basket,
                status,
                warn(format!("{} {not_changed}", quantity_sentence(&release, error))),
            )
            .await;
        }
    };
    let record = release.sku(&sku).await?;
    let available = record.as_ref().map_or(0, |record| basket.available(&sku, record));
    let more = quantity.get() > cart.quantity(&sku);
    if more && basket.knows_stock() && i64::from(quantity.get()) > available {
        let title = record.map_or_else(|| sku.to_string(), |record| record.title);
        let text = format!("{} {not_changed}", left_sentence(&release, &title, available));
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
    let release = visit.release().await?;
    let (cart, sku) = line_of(&release, &basket, fields.get("sku"))?;
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
pub(crate) fn left_sentence(release: &Release, title: &str, available: i64) -> String {
    match u64::try_from(available) {
        Ok(left @ 1..) => release.messages().count(&texts::ONLY_LEFT, left, &[("title", title)]),
        _ => release.say(&texts::SOLD_OUT, &[("title", title)]),
    }
}

/// What is wrong with a quantity.
fn quantity_sentence(release: &Release, error: QuantityError) -> String {
    match error {
        QuantityError::NotAWholeNumber => release.say(&texts::QUANTITY_NOT_WHOLE, &[]),
        QuantityError::Zero => release.say(&texts::QUANTITY_ZERO, &[]),
        QuantityError::TooMany => {
            release.say(&texts::QUANTITY_TOO_MANY, &[("most", &QUANTITY_MAX.to_string())])
        }
    }
}

/// The way to the cart.
fn to_cart(release: &Release) -> Link {
    link(&release.say(&texts::TO_CART, &[]), "/cart/")
}

async fn sold(release: &Release, text: &str) -> Result<(Sku, SkuRecord), Error> {
    let unknown = || {
        let ways = vec![link(&release.say(&texts::TO_SHOP, &[]), &release.home()), to_cart(release)];
        let sentence = release.say(&texts::NOT_SOLD, &[]);
        refuse(StatusCode::NOT_FOUND, &release.say(&texts::NOT_SOLD_TITLE, &[]), sentence, ways)
    };
    let sku = Sku::parse(text).map_err(|_| unknown())?;
    let record = release.sku(&sku).await?.ok_or_else(unknown)?;
    Ok((sku, record))
}

/// The cart and one of its SKUs.
fn line_of<'a>(release: &Release, basket: &'a Basket, sku: &str) -> Result<(&'a Cart, Sku), Error> {
    let sku = Sku::parse(sku).ok();
    match (&basket.cart, sku) {
        (Some(cart), Some(sku)) if cart.quantity(&sku) > 0 => Ok((cart, sku)),
        _ => {
            // While the saved cart cannot be read, nobody can say what is in it.
            basket.must_be_reachable()?;
            Err(refuse(
                StatusCode::NOT_FOUND,
                &release.say(&texts::NOT_IN_CART_TITLE, &[]),
                release.say(&texts::NOT_IN_CART, &[]),
                vec![to_cart(release)],
            ))
        }
    }
}

fn ways_back(release: &Release, record: &SkuRecord) -> Vec<Link> {
    let back = release.say(&texts::BACK_TO, &[("title", &record.title)]);
    vec![link(&back, &record.url), to_cart(release)]
}

fn bad_quantity(release: &Release, error: QuantityError, record: &SkuRecord) -> Error {
    let not_added = release.say(&texts::NOT_ADDED_TO_CART, &[]);
    let sentence = format!("{} {not_added}", quantity_sentence(release, error));
    let title = release.say(&texts::HOW_MANY, &[]);
    refuse(StatusCode::UNPROCESSABLE_ENTITY, &title, sentence, ways_back(release, record))
}

fn full(release: &Release, record: &SkuRecord) -> Error {
    let most = LINES_MAX.to_string();
    let sentence = release.say(&texts::CART_FULL, &[("most", &most), ("title", &record.title)]);
    let title = release.say(&texts::CART_FULL_TITLE, &[]);
    refuse(StatusCode::CONFLICT, &title, sentence, ways_back(release, record))
}

/// Refuses more than there is. While the stock is not known, anything goes in: checkout looks again.
fn check_stock(
    release: &Release,
    basket: &Basket,
    cart: &Cart,
    sku: &Sku,
    record: &SkuRecord,
    quantity: Quantity,
) -> Result<(), Error> {
    let in_cart = cart.quantity(sku);
    let wanted = in_cart.saturating_add(quantity.get());
    if Quantity::new(wanted).is_err() {
        return Err(bad_quantity(release, QuantityError::TooMany, record));
    }
    let available = basket.available(sku, record);
    if !basket.knows_stock() || i64::from(wanted) <= available {
        return Ok(());
    }
    let mut sentence = left_sentence(release, &record.title, available);
    if in_cart > 0 {
        let quantity = in_cart.to_string();
        sentence = format!("{sentence} {}", release.say(&texts::IN_CART, &[("quantity", &quantity)]));
    }
    let sentence = format!("{sentence} {}", release.say(&texts::NOT_ADDED, &[]));
    let title = if available > 0 { &texts::NOT_THAT_MANY } else { &texts::SOLD_OUT_TITLE };
    let mut ways = ways_back(release, record);
    if available <= 0 {
        ways.insert(0, link(&release.say(&texts::TO_NOTIFY, &[]), &format!("/notify/?sku={sku}")));
    }
    Err(refuse(StatusCode::CONFLICT, &release.say(title, &[]), sentence, ways))
}

/// Refuses a cart beyond the amounts the shop handles.
async fn check_price(release: &Release, cart: &Cart, record: &SkuRecord) -> Result<(), Error> {
    let records = records(release, Some(cart)).await?;
    match Goods::price(cart_view::items(cart, &records), release.settings()) {
        Ok(_) => Ok(()),
        Err(PricingError::TooMuch) => Err(refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            &release.say(&texts::TOO_MUCH_TITLE, &[]),
            release.say(&texts::TOO_MUCH, &[]),
            ways_back(release, record),
        )),
        Err(error @ PricingError::UnknownTaxClass(_)) => Err(Error::Broken(format!("release: {error:?}"))),
    }
}

//! `/notify/`: telling somebody when goods are back.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ipswich_catalog::Sku;
use ipswich_catalog::published::SkuRecord;

use crate::csrf::CsrfChecked;
use crate::error::Error;
use crate::fields::Email;
use crate::form::Fields;
use crate::query::{Query, TextInPath};
use crate::release::Release;
use crate::request::Visit;
use crate::respond::{link, meta, page, refuse};
use crate::store::attempts::{self, TriesRow};
use crate::store::notices::{self, NewNotice};
use crate::store::stock::{self, Shelf, StockRow};
use crate::texts;
use crate::token::{Id, keyed_hash};
use crate::views::{Field, NotifyDone, NotifyPage, NotifyStop};

/// `GET /notify/?sku=…`
pub(crate) async fn form(visit: Visit, query: Query) -> Result<Response, Error> {
    let release = visit.release().await?;
    let (sku, record) = sold(&release, query.get("sku")).await?;
    show(&release, &sku, &record, StatusCode::OK, Field::default())
}

/// `POST /notify/`: `sku` and `email`. Asking twice is asking once, and the answer does not tell which it was.
pub(crate) async fn ask(
    visit: Visit,
    _: CsrfChecked,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Error> {
    let fields = fields.only(&["sku", "email"], None)?;
    let release = visit.release().await?;
    let (sku, record) = sold(&release, fields.get("sku")).await?;
    let typed = fields.get("email");
    let email = match Email::parse(typed) {
        Ok(email) => email,
        Err(problem) => {
            let error = problem.sentence(&texts::YOUR_EMAIL, release.messages());
            let field = Field { value: typed.to_owned(), error: Some(error) };
            return show(&release, &sku, &record, StatusCode::UNPROCESSABLE_ENTITY, field);
        }
    };
    let key = email.key();
    let client = headers.get("cf-connecting-ip").and_then(|ip| ip.to_str().ok());
    let counters = [counter(&visit, "mail", &key)?, counter(&visit, "client", client.unwrap_or(&key))?];
    let [by_mail, by_client] = &counters;
    let notice = NewNotice {
        id: &visit.new_id()?,
        sku: &sku,
        email: email.as_str(),
        email_key: &key,
        language: release.key().unwrap_or_default(),
        opening: record.opening_stock,
        counters: [by_mail, by_client],
        now: visit.now(),
    };
    let batch = vec![
        attempts::count(by_mail, visit.now()),
        attempts::count(by_client, visit.now()),
        stock::of_skus(stock::json_list([&sku])),
        notices::ask(&notice),
    ];
    let mut answers = visit.batch(batch).await?;
    for _ in &counters {
        if let Some(seconds) = answers.first::<TriesRow>()?.and_then(|tries| tries.wait(visit.now())) {
            return too_many(&release, (&sku, &record), typed, seconds);
        }
    }
    let row = answers.first::<StockRow>()?;
    let shelf = row.as_ref().map_or_else(|| Shelf::opening(record.opening_stock), Shelf::from);
    let view = NotifyDone {
        meta: meta(&release.say(&texts::TITLE_NOTIFY, &[])),
        title: record.title.clone(),
        url: record.url.clone(),
        is_there: shelf.free > 0,
    };
    page(&release, StatusCode::OK, "shop/notify_done.html", &view)
}

/// `GET /notify/stop/<id>/`. Programs that look at mails open links, so a button is pressed before anything happens.
pub(crate) async fn stop_form(visit: Visit, TextInPath(id): TextInPath) -> Result<Response, Error> {
    let id = Id::parse(&id).ok_or(Error::NotFound)?;
    let release = visit.release().await?;
    let action = format!("/notify/stop/{}/", id.as_str());
    let view = NotifyStop { meta: meta(&release.say(&texts::TITLE_NOTIFY_STOP, &[])), action, done: false };
    page(&release, StatusCode::OK, "shop/notify_stop.html", &view)
}

/// `POST /notify/stop/<id>/`
pub(crate) async fn stop(
    visit: Visit,
    TextInPath(id): TextInPath,
    _: CsrfChecked,
    fields: Fields,
) -> Result<Response, Error> {
    fields.only(&[], None)?;
    let id = Id::parse(&id).ok_or(Error::NotFound)?;
    visit.batch(vec![notices::stop(id.as_str())]).await?;
    let release = visit.release().await?;
    let title = release.say(&texts::TITLE_NOTIFY_STOP, &[]);
    let view = NotifyStop { meta: meta(&title), action: String::new(), done: true };
    page(&release, StatusCode::OK, "shop/notify_stop.html", &view)
}

/// The name of a counter: a keyed hash, so that it tells nobody whom it counts.
fn counter(visit: &Visit, kind: &str, value: &str) -> Result<String, Error> {
    keyed_hash(visit.config().secret(), &["notify", kind, value])
        .ok_or_else(|| Error::Broken("the counter could not be named".to_owned()))
}

async fn sold(release: &Release, text: &str) -> Result<(Sku, SkuRecord), Error> {
    let unknown = || {
        let ways = vec![link(&release.say(&texts::TO_SHOP, &[]), &release.home())];
        let title = release.say(&texts::NOT_SOLD_TITLE, &[]);
        refuse(StatusCode::NOT_FOUND, &title, release.say(&texts::NOTIFY_UNKNOWN, &[]), ways)
    };
    let sku = Sku::parse(text).map_err(|_| unknown())?;
    let record = release.sku(&sku).await?.ok_or_else(unknown)?;
    Ok((sku, record))
}

fn too_many(
    release: &Release,
    (sku, record): (&Sku, &SkuRecord),
    typed: &str,
    seconds: i64,
) -> Result<Response, Error> {
    let minutes = u64::try_from(seconds.saturating_add(59).div_euclid(60)).unwrap_or(1);
    let error = release.messages().count(&texts::NOTIFY_TRIES, minutes, &[]);
    let field = Field { value: typed.to_owned(), error: Some(error) };
    let mut response = show(release, sku, record, StatusCode::TOO_MANY_REQUESTS, field)?;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(response)
}

fn show(
    release: &Release,
    sku: &Sku,
    record: &SkuRecord,
    status: StatusCode,
    email: Field,
) -> Result<Response, Error> {
    let view = NotifyPage {
        meta: meta(&release.say(&texts::TITLE_NOTIFY, &[])),
        sku: sku.to_string(),
        title: record.title.clone(),
        options: record.options_text(),
        url: record.url.clone(),
        email,
    };
    page(release, status, "shop/notify.html", &view)
}

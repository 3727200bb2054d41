//! Each call of each flow fails once, in each way; then people do what people do: they try again.
//!
//! A flow is run without a fault first. What is in the books at its end is what must be there at the end of each run
//! with a fault, whichever call it hit.

use std::future::Future;
use std::rc::Rc;
use std::task::{Context, Waker};

use super::check;
use super::episode::rest;
use super::port::{Fault, Faults};
use super::world::{Ask, World};
use crate::shop::{Browser, Form, Page, STAFF, contact};

/// Something that people do from the beginning to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// A guest orders.
    Place,
    /// A guest orders what costs nothing, which is paid at once.
    PlaceFree,
    /// A guest fills a cart, signs in, and orders.
    SignInAndPlace,
    /// Staff signs in, books money, and sends the goods.
    PayAndShip,
    /// Staff cancels an order.
    Cancel,
    /// Staff counts a shelf.
    Count,
    /// The clock ends an order and sends mails.
    Expire,
}

impl Flow {
    /// All flows.
    pub const ALL: [Flow; 7] = [
        Flow::Place,
        Flow::PlaceFree,
        Flow::SignInAndPlace,
        Flow::PayAndShip,
        Flow::Cancel,
        Flow::Count,
        Flow::Expire,
    ];
}

/// Runs a flow once for each of its calls and each way to fail. Returns how many runs that were, or what went wrong.
pub fn exhaust(flow: Flow) -> Result<u64, String> {
    let (healthy, calls) =
        once(flow, Faults::None).map_err(|what| format!("{flow:?} without a fault: {what}"))?;
    let mut runs = 0;
    for call in 0..calls {
        for fault in Fault::ALL {
            let told = |what: String| format!("{flow:?}, call {call} of {calls}, {fault:?}: {what}");
            let (books, _) = once(flow, Faults::At(call, fault)).map_err(told)?;
            if books != healthy {
                return Err(told(format!("the books differ:\n{books:#?}\ninstead of\n{healthy:#?}")));
            }
            runs += 1;
        }
    }
    Ok(runs)
}

/// What is in the books, without names and times.
const BOOKS: [&str; 8] = [
    "select state, total, captured, pieces from orders order by created_at, total",
    "select sku, on_hand, reserved from stock order by sku",
    "select sku, kind, d_on_hand, d_reserved from stock_ledger order by sku, kind, d_on_hand",
    "select kind, amount, currency from payment order by amount",
    "select kind, actor from order_event order by kind, actor",
    "select substr(dedupe, 1, 9) as mail, state from outbox order by mail",
    "select action, subject <> '' as subject from audit order by action",
    "select customer, lines from customer_cart order by customer",
];

/// Runs a flow. The faults begin with it and not with what it needs before.
fn once(flow: Flow, faults: Faults) -> Result<(Vec<Vec<serde_json::Value>>, u64), String> {
    let world = World::new(7, Faults::None, None);
    let mut before = None;
    wait(async { before = prepare(&world, flow).await });
    let Some(before) = before else { return Err("nothing to begin with".to_owned()) };
    let (begin, _) = world.port.calls();
    world.port.set_faults(match faults {
        Faults::At(call, fault) => Faults::At(begin + call, fault),
        other => other,
    });
    let mut done = false;
    wait(async { done = act(&world, flow, before).await });
    let (end, _) = world.port.calls();
    if !done {
        return Err("it did not come to an end".to_owned());
    }
    let known = world.model.borrow().violation.clone();
    if let Some(what) = known.or_else(|| check::always(&world)) {
        return Err(what);
    }
    let books = BOOKS.iter().map(|sql| world.rows(sql, vec![])).collect();
    match rest(&world, &mut Vec::new()) {
        Some(what) => Err(what),
        None => Ok((books, end - begin)),
    }
}

/// Polls until the end. Nobody else is there.
fn wait(work: impl Future<Output = ()>) {
    let mut work = std::pin::pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    while work.as_mut().poll(&mut context).is_pending() {}
}

/// What a flow begins with.
struct Before {
    browser: Browser,
    order: String,
}

async fn prepare(world: &Rc<World>, flow: Flow) -> Option<Before> {
    let mut browser = world.guest();
    let mut order = String::new();
    match flow {
        Flow::Place | Flow::SignInAndPlace => {
            world.go(&mut browser, Ask::Post("/cart/add/", &[("sku", "MUG"), ("quantity", "2")])).await?;
        }
        Flow::PlaceFree => {
            world
                .go(&mut browser, Ask::Post("/cart/add/", &[("sku", "CATALOGUE"), ("quantity", "1")]))
                .await?;
        }
        Flow::PayAndShip | Flow::Cancel | Flow::Expire => {
            world.go(&mut browser, Ask::Post("/cart/add/", &[("sku", "MUG"), ("quantity", "2")])).await?;
            order = places(world, &mut browser).await?;
            let app = world.app();
            world.alive(async { app.flush_outbox().await }).await.0?;
        }
        Flow::Count => {}
    }
    if matches!(flow, Flow::Cancel | Flow::Count) {
        signs_in(world, &mut browser).await?;
    }
    if flow == Flow::Expire {
        world.clock.advance(2 * crate::shop::DAY);
    }
    Some(Before { browser, order })
}

async fn act(world: &Rc<World>, flow: Flow, before: Before) -> bool {
    let Before { mut browser, order } = before;
    match flow {
        Flow::Place | Flow::PlaceFree => places(world, &mut browser).await.is_some(),
        Flow::SignInAndPlace => {
            let fields = [("email", super::world::CUSTOMERS[0]), ("password", STAFF.1)];
            insists(world, &mut browser, &Ask::Post("/accounts/login/", &fields)).await.is_some()
                && places(world, &mut browser).await.is_some()
        }
        Flow::PayAndShip => {
            let paid = format!("/admin/orders/{order}/paid/");
            let shipped = format!("/admin/orders/{order}/shipped/");
            let fields = [("carrier", "Royal Mail"), ("tracking", "AB123")];
            let transfer = super::model::Transfer { reference: "R-1".to_owned(), order, amount: 2795 };
            world.model.borrow_mut().transfers.push(transfer);
            signs_in(world, &mut browser).await.is_some()
                && insists(world, &mut browser, &Ask::Post(&paid, &[("reference", "R-1")])).await.is_some()
                && insists(world, &mut browser, &Ask::Post(&shipped, &fields)).await.is_some()
        }
        Flow::Cancel => {
            let path = format!("/admin/orders/{order}/cancel/");
            insists(world, &mut browser, &Ask::Post(&path, &[])).await.is_some()
        }
        Flow::Count => {
            let fields = [("sku", "MUG"), ("expected", "4"), ("counted", "6"), ("reason", "counted")];
            insists(world, &mut browser, &Ask::Post("/admin/stock/", &fields)).await.is_some()
        }
        Flow::Expire => {
            for _ in 0..3 {
                super::actors::clock_ticks(Rc::clone(world)).await;
                // Leases run out.
                world.clock.advance(300);
            }
            true
        }
    }
}

async fn signs_in(world: &Rc<World>, browser: &mut Browser) -> Option<Page> {
    let fields = [("email", STAFF.0), ("password", STAFF.1)];
    insists(world, browser, &Ask::Post("/admin/login/", &fields)).await
}

/// Asks until there is an answer other than 503. A conflict is one: somebody was quicker, which was oneself.
async fn insists(world: &Rc<World>, browser: &mut Browser, ask: &Ask<'_>) -> Option<Page> {
    for _ in 0..3 {
        let again = match ask {
            Ask::Get(path) => Ask::Get(path),
            Ask::Post(path, fields) => Ask::Post(path, fields),
        };
        if let Some(page) = world.go(browser, again).await
            && page.status != 503
        {
            return Some(page);
        }
    }
    None
}

/// Goes through the checkout and is told of the order.
async fn places(world: &Rc<World>, browser: &mut Browser) -> Option<String> {
    let page = insists(world, browser, &Ask::Get("/checkout/")).await?;
    let way = if page.input("total_standard").is_some() { "standard" } else { "collection" };
    let total = page.input(&format!("total_{way}"))?;
    let mut form = Form(contact());
    form.0.extend(
        [
            ("key", page.input("key")?.as_str()),
            (&format!("total_{way}"), &total),
            ("delivery", way),
            ("payment", "transfer"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let fields: Vec<(&str, &str)> =
        form.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = insists(world, browser, &Ask::Post("/checkout/", &fields)).await?;
    if page.status != 303 || !page.location.starts_with("/order/") {
        return None;
    }
    let order = page.order_id();
    world.model.borrow_mut().tell(&form.0["key"], &order, total.parse().ok()?);
    Some(order)
}

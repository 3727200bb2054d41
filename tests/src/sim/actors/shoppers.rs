//! Guests and customers: they look, change their mind, race, send twice, and are told of orders.

use std::rc::Rc;

use ipswich_shop::ports::Param;

use crate::shop::{Browser, Form, Page, STAFF, contact};
use crate::sim::world::{Ask, CUSTOMERS, GOODS, World};

/// How often somebody sends a form again that got no answer.
const TRIES: u32 = 4;

const DELIVERIES: [&str; 4] = ["standard", "collection", "next-day", "pallet"];

pub(super) async fn guest(world: Rc<World>) {
    let mut browser = world.guest();
    if fills_a_cart(&world, &mut browser).await {
        buys(&world, browser).await;
    }
}

/// A customer, perhaps in two windows at once; the cart of a guest is merged when she signs in.
pub(super) async fn customer(world: Rc<World>) {
    let who = usize::from(world.chance(500));
    let known = world.customers.borrow()[who].clone();
    let mut browser = known.unwrap_or_else(|| world.guest());
    if world.chance(900) && !fills_a_cart(&world, &mut browser).await {
        return;
    }
    let page = world.go(&mut browser, Ask::Get("/accounts/")).await;
    if page.is_none_or(|page| page.status == 303) {
        let fields = [("email", CUSTOMERS[who]), ("password", STAFF.1)];
        let page = world.go(&mut browser, Ask::Post("/accounts/login/", &fields)).await;
        if page.is_none_or(|page| page.status != 303) {
            return;
        }
        world.customers.borrow_mut()[who] = Some(browser.clone());
        if world.chance(300) {
            world.go(&mut browser, Ask::Get("/cart/?notice=merged")).await;
        }
    }
    if world.chance(20) {
        world.go(&mut browser, Ask::Post("/accounts/logout/", &[])).await;
        world.customers.borrow_mut()[who] = None;
        return;
    }
    buys(&world, browser).await;
}

/// Somebody opens an order they were told of, however long ago.
pub(super) async fn looks_at_an_order(world: Rc<World>) {
    let told: Vec<String> = world.model.borrow().told.keys().cloned().collect();
    let Some(order) = world.choose(&told) else { return };
    sees_order(&world, &mut world.guest(), order).await;
}

/// Puts things into the cart; `false` if she leaves.
async fn fills_a_cart(world: &Rc<World>, browser: &mut Browser) -> bool {
    for _ in 0..world.within(1, 3) {
        // The first is what everybody wants.
        let sku =
            if world.chance(400) { GOODS[0].0 } else { world.choose(&GOODS).map_or("MUG", |one| one.0) };
        let quantity = world.within(1, 2).to_string();
        world.go(browser, Ask::Post("/cart/add/", &[("sku", sku), ("quantity", &quantity)])).await;
        if world.chance(150) {
            let quantity = world.within(0, 5).to_string();
            world.go(browser, Ask::Post("/cart/change/", &[("sku", sku), ("quantity", &quantity)])).await;
        }
        if world.chance(60) {
            world.go(browser, Ask::Post("/cart/remove/", &[("sku", sku)])).await;
        }
    }
    if world.chance(200) {
        world.go(browser, Ask::Get("/cart/")).await;
    }
    world.chance(900)
}

/// Goes to the checkout and places the order, in one of the ways people do.
async fn buys(world: &Rc<World>, mut browser: Browser) {
    let Some(form) = opens_checkout(world, &mut browser).await else { return };
    if world.chance(80) {
        return;
    }
    if world.chance(250) {
        // Twice on the button: the same form at the same time.
        let (world, window, form) = (Rc::clone(world), browser.clone(), form.clone());
        let again = Rc::clone(&world);
        world.begin(async move { drop(sends(&again, window, form).await) });
    }
    if world.chance(100) {
        // The same cart in another window, with a form of its own, perhaps with another address.
        let mut window = browser.clone();
        if let Some(mut other) = opens_checkout(world, &mut window).await {
            if world.chance(500) {
                other = other.with("city", "Woodbridge");
            }
            let world = Rc::clone(world);
            let again = Rc::clone(&world);
            world.begin(async move { drop(sends(&again, window, other).await) });
        }
    }
    let Some(order) = sends(world, browser.clone(), form.clone()).await else { return };
    sees_order(world, &mut browser, &order).await;
    if world.chance(150) {
        // Back, and the form once more.
        drop(sends(world, browser.clone(), form.clone()).await);
    }
    let used = world.model.borrow().keys.get(&form.0["key"]).cloned();
    if let Some(used) = used
        && world.chance(80)
    {
        let other = form.with("note", "Leave it in the shed");
        let page = posts(world, &mut browser, &other).await;
        // With an empty cart it is the same form once more; otherwise it is refused.
        if page.is_some_and(|page| page.location.starts_with("/order/") && page.order_id() != used) {
            world.fail("M1 a used form with other content made an order".to_owned());
        }
    }
}

/// The form of the checkout, filled in, with the totals it showed; `None` if there is none.
async fn opens_checkout(world: &Rc<World>, browser: &mut Browser) -> Option<Form> {
    for _ in 0..TRIES {
        match world.go(browser, Ask::Get("/checkout/")).await {
            Some(page) if page.status == 200 => return fills_in(world, browser, &page),
            Some(page) if page.status == 503 => {}
            Some(page) if page.status == 303 => return None,
            Some(page) => {
                world.fail(format!("M2 the checkout answered {}", page.status));
                return None;
            }
            None => {}
        }
    }
    None
}

fn fills_in(world: &World, browser: &Browser, page: &Page) -> Option<Form> {
    let mut fields = contact();
    fields.insert("key".to_owned(), page.input("key")?);
    let mut ways = Vec::new();
    for way in DELIVERIES {
        let name = format!("total_{way}");
        let Some(shown) = page.input(&name) else { continue };
        if let Some(lines) = cart_in_cookie(browser) {
            check_shown(world, &lines, way, &shown);
        }
        ways.push(way);
        fields.insert(name, shown);
    }
    let way = world.choose(&ways)?;
    fields.insert("delivery".to_owned(), (*way).to_owned());
    let pays_there = *way == "collection" && world.chance(500);
    fields.insert("payment".to_owned(), if pays_there { "on_collection" } else { "transfer" }.to_owned());
    Some(Form(fields))
}

/// A total that a shopper sees is what the goods in her cart cost in a release that was there just now.
fn check_shown(world: &World, lines: &[(String, i64)], way: &str, shown: &str) {
    let model = world.model.borrow();
    let newest = model.releases.iter().rev().take(3);
    let mut right = newest.filter_map(|release| release.total(lines, way));
    if !right.any(|total| total.to_string() == shown) {
        drop(model);
        world.fail(format!("M3 the checkout shows {shown} for {lines:?} by {way}"));
    }
}

/// The lines of a guest's cart, as her cookie has them. A customer's is in the database.
fn cart_in_cookie(browser: &Browser) -> Option<Vec<(String, i64)>> {
    if browser.cookies.contains_key("__Host-sid") {
        return None;
    }
    let lines = browser.cookies.get("__Host-cart")?.splitn(3, '.').nth(2)?;
    let line = |line: &str| {
        let (sku, quantity) = line.split_once(':')?;
        Some((sku.to_owned(), quantity.parse().ok()?))
    };
    lines.split('_').map(line).collect()
}

async fn posts(world: &Rc<World>, browser: &mut Browser, form: &Form) -> Option<Page> {
    let fields: Vec<(&str, &str)> =
        form.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    if let Some(total) = form.0.get(&format!("total_{}", form.0["delivery"])) {
        world.model.borrow_mut().agree(&form.0["key"], total.parse().unwrap_or(-1));
    }
    world.go(browser, Ask::Post("/checkout/", &fields)).await
}

/// Sends the form until there is an answer; returns the order it became.
async fn sends(world: &Rc<World>, mut browser: Browser, mut form: Form) -> Option<String> {
    for _ in 0..TRIES {
        let Some(page) = posts(world, &mut browser, &form).await else {
            if world.chance(150) {
                return None;
            }
            continue;
        };
        match page.status {
            303 if page.location.starts_with("/order/") => {
                let order = page.order_id();
                is_told(world, &form, &order);
                return Some(order);
            }
            303 => return None,
            503 => {}
            409 if page.says("The total has changed") => {
                for way in DELIVERIES {
                    let name = format!("total_{way}");
                    if let Some(shown) = page.input(&name) {
                        form = form.with(&name, &shown);
                    }
                }
            }
            409 => return None,
            // Another window made the cart too heavy, or too light, for the way that was chosen.
            422 if page.says("Choose how the goods reach you.") => return None,
            status => {
                world.fail(format!("M2 placing was answered with {status}"));
                return None;
            }
        }
    }
    None
}

/// The shopper was told "this is your order". It must be there, must cost what its lines cost in the release that it
/// names, and no more than the shopper saw.
fn is_told(world: &World, form: &Form, order: &str) {
    let key = &form.0["key"];
    let found = world.rows(
        "select total, catalog, shipping_id, idem_key from orders where id = ?1",
        vec![Param::from(order)],
    );
    let Some(row) = found.first() else {
        return world.fail(format!("M1 a shopper was told of order {order}, which is not there"));
    };
    let total = row["total"].as_i64().unwrap_or(-1);
    let lines = world.rows("select sku, qty from order_line where order_id = ?1", vec![Param::from(order)]);
    let lines: Vec<(String, i64)> = lines
        .iter()
        .filter_map(|line| Some((line["sku"].as_str()?.to_owned(), line["qty"].as_i64()?)))
        .collect();
    let mut model = world.model.borrow_mut();
    let release =
        model.releases.iter().find(|release| Some(release.release.as_str()) == row["catalog"].as_str());
    let way = row["shipping_id"].as_str().unwrap_or_default();
    let right = release.and_then(|release| release.total(&lines, way));
    if right != Some(total) {
        model.fail(format!("M3 order {order} costs {total}, its lines {right:?}"));
    }
    // Another window of the same cart may have been quicker, with the same content.
    if row["idem_key"].as_str() == Some(key) {
        let agreed = model.agreed.get(key).copied();
        if agreed.is_none_or(|agreed| agreed < total) {
            model.fail(format!("M3 order {order} costs {total}, the shopper agreed to {agreed:?}"));
        }
        model.tell(key, order, total);
    } else {
        let own = row["idem_key"].as_str().unwrap_or_default().to_owned();
        model.tell(&own, order, total);
    }
}

/// Opens the page of an order: it is there and shows the total.
async fn sees_order(world: &Rc<World>, browser: &mut Browser, order: &str) {
    let Some(page) = world.go(browser, Ask::Get(&format!("/order/{order}/"))).await else { return };
    let Some(total) = world.model.borrow().told.get(order).map(|told| told.total) else { return };
    let shown = format!("£{}.{:02}", total / 100, total % 100);
    let shown = if total >= 100_000 { shown.replacen('1', "1,", 1) } else { shown };
    let fine = page.status == 503 || (page.status == 200 && page.says(&shown));
    if !fine {
        world.fail(format!("M3 the page of order {order} ({}) does not show {shown}", page.status));
    }
}

//! Staff: books money, packs, gives orders up, counts shelves; twice, late, and against each other.

use std::rc::Rc;

use ipswich_shop::ports::Param;

use crate::shop::{Browser, Page, STAFF};
use crate::sim::model::{COUPON, Transfer};
use crate::sim::world::{Ask, GOODS, World};

/// A browser that is signed in, most of the time.
async fn desk(world: &Rc<World>) -> Option<Browser> {
    let known = world.staff.borrow().clone();
    if let Some(browser) = known {
        return Some(browser);
    }
    signs_in(world).await
}

async fn signs_in(world: &Rc<World>) -> Option<Browser> {
    let mut browser = world.guest();
    let fields = [("email", STAFF.0), ("password", STAFF.1)];
    let page = world.go(&mut browser, Ask::Post("/admin/login/", &fields)).await?;
    (page.status == 303).then(|| {
        *world.staff.borrow_mut() = Some(browser.clone());
        browser
    })
}

/// Sends a form, signing in again if the session has ended.
async fn acts(world: &Rc<World>, path: &str, fields: &[(&str, &str)]) -> Option<Page> {
    let mut browser = desk(world).await?;
    let page = world.go(&mut browser, Ask::Post(path, fields)).await?;
    if page.location.starts_with("/admin/login/") {
        let mut browser = signs_in(world).await?;
        return world.go(&mut browser, Ask::Post(path, fields)).await;
    }
    Some(page)
}

fn some_order(world: &World) -> Option<String> {
    let told: Vec<String> = world.model.borrow().told.keys().cloned().collect();
    world.choose(&told).cloned()
}

/// A customer pays, now and then twice; the bookkeeper books it, now and then twice or for the wrong order.
pub(super) async fn bookkeeper(world: Rc<World>) {
    let Some(order) = some_order(&world) else { return };
    let total = world.model.borrow().told[&order].total;
    let paid_before = world.model.borrow().transfers.iter().find(|one| one.order == order).cloned();
    let transfer = match paid_before {
        Some(transfer) if world.chance(850) => transfer,
        _ => {
            let reference = format!("R-{}", world.model.borrow().transfers.len() + 1);
            let transfer = Transfer { reference, order: order.clone(), amount: total };
            world.model.borrow_mut().transfers.push(transfer.clone());
            transfer
        }
    };
    if world.chance(250) {
        world.begin(books(Rc::clone(&world), order.clone(), transfer.reference.clone()));
    }
    if world.chance(120)
        && let Some(other) = some_order(&world)
    {
        // The wrong line of the list.
        let amount = world.model.borrow().told[&other].total;
        let wrong = Transfer { reference: transfer.reference.clone(), order: other.clone(), amount };
        world.model.borrow_mut().transfers.push(wrong);
        world.begin(books(Rc::clone(&world), other, transfer.reference.clone()));
    }
    books(world, order, transfer.reference).await;
}

async fn books(world: Rc<World>, order: String, reference: String) {
    let path = format!("/admin/orders/{order}/paid/");
    let Some(page) = acts(&world, &path, &[("reference", &reference)]).await else { return };
    if page.status == 303 && page.location.ends_with("?done=paid") {
        let known = world.model.borrow_mut().booked.insert(reference.clone(), order.clone());
        if known.is_some_and(|known| known != order) {
            world.fail(format!("M4 receipt {reference} was booked for two orders"));
        }
    } else if !matches!(page.status, 303 | 409 | 503) {
        world.fail(format!("M2 booking was answered with {}", page.status));
    }
}

/// Packs what is paid, and tries to pack what is not.
pub(super) async fn packer(world: Rc<World>) {
    let Some(order) = some_order(&world) else { return };
    if world.chance(200) {
        world.begin(ships(Rc::clone(&world), order.clone()));
    }
    ships(world, order).await;
}

async fn ships(world: Rc<World>, order: String) {
    let fields = [("carrier", "Royal Mail"), ("tracking", "AB123")];
    let path = format!("/admin/orders/{order}/shipped/");
    let Some(page) = acts(&world, &path, &fields).await else { return };
    if page.status == 303 && page.location.ends_with("?done=shipped") {
        world.model.borrow_mut().shipped.insert(order);
    }
}

/// Cancels an order, while others pay it.
pub(super) async fn gives_up(world: Rc<World>) {
    let Some(order) = some_order(&world) else { return };
    if world.chance(250) {
        let (again, order) = (Rc::clone(&world), order.clone());
        world.begin(async move { drop(acts(&again, &format!("/admin/orders/{order}/cancel/"), &[]).await) });
    }
    acts(&world, &format!("/admin/orders/{order}/cancel/"), &[]).await;
}

/// Counts a shelf: reads what the page says, and books later, when others may have sold.
pub(super) async fn counts(world: Rc<World>) {
    let Some((sku, _, _, _, opening)) = world.choose(&GOODS).copied() else { return };
    let found = world.rows("select on_hand from stock where sku = ?1", vec![Param::from(sku)]);
    let expected = found.first().and_then(|row| row["on_hand"].as_i64()).unwrap_or(i64::from(opening));
    if world.chance(300) {
        let Some(mut browser) = desk(&world).await else { return };
        world.go(&mut browser, Ask::Get(&format!("/admin/stock/?q={sku}"))).await;
    }
    let counted = (expected + world.within(-2, 3)).max(0).to_string();
    let expected = expected.to_string();
    let fields = [("sku", sku), ("counted", &counted), ("expected", &expected), ("reason", "counted")];
    acts(&world, "/admin/stock/", &fields).await;
}

/// Looks through the lists.
pub(super) async fn reads_lists(world: Rc<World>) {
    let Some(mut browser) = desk(&world).await else { return };
    for path in ["/admin/", "/admin/?state=pending", "/admin/stock/"] {
        world.go(&mut browser, Ask::Get(path)).await;
    }
    if let Some(order) = some_order(&world) {
        world.go(&mut browser, Ask::Get(&format!("/admin/orders/{order}/"))).await;
    }
    if world.chance(200) {
        let code = format!("NEW-{}", world.within(1, 3));
        let fields = [
            ("code", code.as_str()),
            ("title", "New"),
            ("kind", "percent"),
            ("value", "10"),
            ("uses_max", "5"),
            ("per_customer", "1"),
        ];
        world.go(&mut browser, Ask::Post("/admin/coupons/", &fields)).await;
        world.go(&mut browser, Ask::Get("/admin/coupons/")).await;
        // Two colleagues end it.
        let code = if world.chance(150) { COUPON.0 } else { &code };
        world.go(&mut browser, Ask::Post("/admin/coupons/end/", &[("code", code)])).await;
        world.go(&mut browser, Ask::Post("/admin/coupons/end/", &[("code", code)])).await;
    }
}

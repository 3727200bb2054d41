//! What must hold: the invariants of the shop, and what people outside know.
//!
//! | name | rule |
//! |---|---|
//! | M1 | an order that a shopper was told of is there, with its total; one form is one order |
//! | M2 | no answer says 500, and 503 only when something failed on purpose |
//! | M3 | a total that is shown is what the goods cost, worked out a second time |
//! | M4 | money in the books is money that was sent, each once; what was said to be booked or sent is |
//! | M5 | pieces promised are never more than pieces there were, without looking at the stock |
//! | M6 | at the end everybody got their mails, and no mail names an order that is not there |

use std::collections::BTreeMap;

use ipswich_shop::invariants::INVARIANTS;
use ipswich_shop::ports::{Param, Statement};

use super::world::{GOODS, World};

/// The invariant that may be broken until the clock had its turn.
const AFTER_THE_CLOCK: &str = "I14";

/// Checks everything that holds after each step.
pub(crate) fn always(world: &World) -> Option<String> {
    invariants(world, |name| name != AFTER_THE_CLOCK)
        .or_else(|| told(world))
        .or_else(|| money(world))
        .or_else(|| pieces(world))
}

/// Checks what holds when everybody has gone home and the clock had its turns.
pub(crate) fn at_rest(world: &World) -> Option<String> {
    always(world).or_else(|| invariants(world, |name| name == AFTER_THE_CLOCK)).or_else(|| mails(world))
}

/// The first invariant that does not hold.
pub(crate) fn invariants(world: &World, chosen: impl Fn(&str) -> bool) -> Option<String> {
    let now = || vec![Param::from(world.clock.get())];
    let statements: Vec<(&str, Statement)> = INVARIANTS
        .iter()
        .filter(|one| chosen(one.name))
        .map(|one| {
            let params = if one.sql.contains("?1") { now() } else { vec![] };
            (one.name, Statement { sql: one.sql, params })
        })
        .collect();
    let batch: Vec<Statement> = statements.iter().map(|(_, statement)| statement.clone()).collect();
    let answers = match world.sqlite.run(&batch) {
        Ok(answers) => answers,
        Err(error) => return Some(format!("an invariant cannot be asked: {error:?}")),
    };
    let broken = statements.iter().zip(answers).find(|(_, rows)| !rows.0.is_empty());
    broken.map(|((name, _), rows)| format!("{name} {:?}", rows.0.first()))
}

fn first(world: &World, name: &str, sql: &'static str, params: Vec<Param>) -> Option<String> {
    let rows = world.rows(sql, params);
    rows.first().map(|row| format!("{name} {row}"))
}

fn told(world: &World) -> Option<String> {
    let model = world.model.borrow();
    let told: Vec<_> =
        model.told.iter().map(|(id, told)| serde_json::json!([id, told.total, told.key])).collect();
    let told = Param::from(serde_json::Value::from(told).to_string());
    first(
        world,
        "M1",
        "select j.value as told from json_each(?1) j where not exists (
           select 1 from orders o where o.id = j.value->>0 and o.total = j.value->>1 and o.idem_key = j.value->>2)",
        vec![told],
    )
}

fn money(world: &World) -> Option<String> {
    let model = world.model.borrow();
    let sent: Vec<_> =
        model.transfers.iter().map(|one| serde_json::json!([one.reference, one.order, one.amount])).collect();
    let sent = Param::from(serde_json::Value::from(sent).to_string());
    let booked: Vec<_> =
        model.booked.iter().map(|(reference, order)| serde_json::json!([reference, order])).collect();
    let booked = Param::from(serde_json::Value::from(booked).to_string());
    let shipped: Vec<&str> = model.shipped.iter().map(String::as_str).collect();
    let shipped = Param::from(serde_json::Value::from(shipped).to_string());
    first(
        world,
        "M4 booked but never sent",
        "select ref from payment p where provider = 'offline' and not exists (
           select 1 from json_each(?1) j where j.value->>0 = p.ref and j.value->>1 = p.order_id and j.value->>2 = p.amount)",
        vec![sent],
    )
    .or_else(|| first(world, "M4 booked twice", "select ref from payment group by provider, ref having count(*) > 1", vec![]))
    .or_else(|| {
        first(
            world,
            "M4 said to be booked",
            "select j.value as said from json_each(?1) j where not exists (
               select 1 from payment p where p.provider = 'offline' and p.ref = j.value->>0 and p.order_id = j.value->>1)",
            vec![booked],
        )
    })
    .or_else(|| {
        first(
            world,
            "M4 said to have left",
            "select j.value as said from json_each(?1) j where not exists (
               select 1 from orders o where o.id = j.value and o.state in ('fulfilled', 'refunded'))",
            vec![shipped],
        )
    })
}

fn pieces(world: &World) -> Option<String> {
    let opening: BTreeMap<&str, u32> = GOODS.iter().map(|(sku, _, _, _, stock)| (*sku, *stock)).collect();
    let opening = Param::from(serde_json::json!(opening).to_string());
    first(
        world,
        "M5",
        "select l.sku, sum(l.qty) as promised from order_line l join orders o on o.id = l.order_id
         where o.state not in ('expired', 'cancelled') group by l.sku
         having promised > (select value from json_each(?1) where key = l.sku)
           + (select ifnull(sum(d_on_hand), 0) from stock_ledger g where g.sku = l.sku and g.kind in ('adjust', 'restock'))",
        vec![opening],
    )
}

fn mails(world: &World) -> Option<String> {
    let delivered = world.mails.all();
    let names: Vec<&str> = delivered.iter().map(|mail| mail.dedupe.as_str()).collect();
    for order in world.model.borrow().told.keys() {
        if !names.contains(&format!("mail:received:{order}").as_str()) {
            return Some(format!("M6 nobody wrote about order {order}"));
        }
    }
    let names = Param::from(serde_json::json!(names).to_string());
    first(
        world,
        "M6 a mail about nothing",
        "select value from json_each(?1) j where not exists (select 1 from outbox b where b.dedupe = j.value)",
        vec![names],
    )
}

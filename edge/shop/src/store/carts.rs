//! Carts of signed-in customers. A cart is found through its owner's session, so that reading it needs no trip of
//! its own.

use crate::cart::Cart;
use crate::coupon::Code;
use crate::ports::{DbError, Statement};
use crate::store::accounts::Kind;
use crate::store::coupons;
use crate::token::Id;

/// A saved cart.
#[derive(Debug)]
pub(crate) struct CartRow {
    cart_id: String,
    lines: String,
    coupons: String,
}
crate::ports::from_row!(CartRow { cart_id, lines, coupons;  });

impl CartRow {
    pub(crate) fn into_cart(self) -> Result<Cart, DbError> {
        let id = Id::parse(&self.cart_id).ok_or_else(|| DbError::Row("customer_cart.cart_id".to_owned()))?;
        let lines: Vec<crate::cart::CartLine> =
            serde_json::from_str(&self.lines).map_err(|_| DbError::Row("customer_cart.lines".to_owned()))?;
        let codes: Vec<String> = serde_json::from_str(&self.coupons)
            .map_err(|_| DbError::Row("customer_cart.coupons".to_owned()))?;
        let mut cart = Cart::with_lines(id, lines);
        for code in codes.iter().filter_map(|code| Code::parse(code)) {
            cart.add_code(code);
        }
        Ok(cart)
    }
}

/// The cart of a session's customer.
pub(crate) fn session_cart(token_hash: &str, now: i64) -> Statement {
    Statement::new(
        "select c.cart_id, c.lines, c.coupons from session s join customer_cart c on c.customer = s.subject
         where s.token_hash = ?1 and s.kind = 'customer' and s.seen_at >= ?2 and s.expires_at > ?3",
        [token_hash.into(), now.saturating_sub(Kind::Customer.idle_seconds()).into(), now.into()],
    )
}

/// The cart of the customer with this address.
pub(crate) fn cart_of(email_key: &str) -> Statement {
    Statement::new(
        "select c.cart_id, c.lines, c.coupons from customer p join customer_cart c on c.customer = p.id where p.email_key = ?1",
        [email_key.into()],
    )
}

/// Saves a customer's cart over the one that is there.
pub(crate) fn save(customer: &str, cart: &Cart, now: i64) -> Result<Statement, DbError> {
    let lines = serde_json::to_string(cart.lines()).map_err(|error| DbError::Other(error.to_string()))?;
    Ok(Statement::new(
        "insert into customer_cart(customer, cart_id, lines, updated_at, coupons) values(?1, ?2, ?3, ?4, ?5)
         on conflict(customer) do update set
           cart_id = excluded.cart_id, lines = excluded.lines, updated_at = excluded.updated_at, coupons = excluded.coupons",
        [
            customer.into(),
            cart.id().as_str().into(),
            lines.into(),
            now.into(),
            coupons::json_list(cart.codes()).into(),
        ],
    ))
}

/// Removes a customer's cart.
pub(crate) fn clear(customer: &str) -> Statement {
    Statement::new("delete from customer_cart where customer = ?1", [customer.into()])
}

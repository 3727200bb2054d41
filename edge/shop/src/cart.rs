//! A cart: SKUs and quantities. No prices: those come from the release when they are needed.

use ipswich_catalog::{Quantity, Sku};
use serde::{Deserialize, Serialize};

use crate::token::Id;

/// The most lines of a cart, so that a guest's fits a cookie.
pub(crate) const LINES_MAX: usize = 50;

/// The longest cookie we read or write, in bytes; browsers keep 4096 with name and attributes.
const COOKIE_BYTES_MAX: usize = 3_500;

/// The layout of the cookie. A cookie of another version counts as no cart.
const COOKIE_VERSION: &str = "1";

/// What somebody wants to buy. Each SKU is in it once, in the order it was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cart {
    id: Id,
    lines: Vec<CartLine>,
}

/// One SKU of a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CartLine {
    /// What.
    pub(crate) sku: Sku,
    /// How many.
    pub(crate) qty: Quantity,
}

/// The cart has [`LINES_MAX`] lines already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CartFull;

impl Cart {
    /// An empty cart. The id makes sure that it is ordered once.
    pub(crate) fn new(id: Id) -> Cart {
        Cart { id, lines: Vec::new() }
    }

    /// A cart with these lines; a SKU that comes twice is added up, lines beyond the limit are dropped.
    pub(crate) fn with_lines(id: Id, lines: impl IntoIterator<Item = CartLine>) -> Cart {
        let mut cart = Cart::new(id);
        for line in lines {
            // A full cart only loses what no cart of ours can hold.
            let _ = cart.add(line.sku, line.qty);
        }
        cart
    }

    /// Identifies the cart until it is ordered.
    pub(crate) fn id(&self) -> &Id {
        &self.id
    }

    /// The lines in the order they were added.
    pub(crate) fn lines(&self) -> &[CartLine] {
        &self.lines
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Pieces in all.
    pub(crate) fn pieces(&self) -> u32 {
        self.lines.iter().fold(0, |pieces, line| pieces.saturating_add(line.qty.get()))
    }

    /// How many of a SKU are in the cart.
    pub(crate) fn quantity(&self, sku: &Sku) -> u32 {
        self.lines.iter().find(|line| line.sku == *sku).map_or(0, |line| line.qty.get())
    }

    /// Puts more of a SKU in.
    pub(crate) fn add(&mut self, sku: Sku, qty: Quantity) -> Result<(), CartFull> {
        if let Some(line) = self.lines.iter_mut().find(|line| line.sku == sku) {
            line.qty = line.qty.saturating_add(qty);
            return Ok(());
        }
        if self.lines.len() >= LINES_MAX {
            return Err(CartFull);
        }
        self.lines.push(CartLine { sku, qty });
        Ok(())
    }

    /// Changes the quantity of a SKU that is in the cart.
    pub(crate) fn set(&mut self, sku: &Sku, qty: Quantity) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.sku == *sku) {
            line.qty = qty;
        }
    }

    /// Takes a SKU out.
    pub(crate) fn remove(&mut self, sku: &Sku) {
        self.lines.retain(|line| line.sku != *sku);
    }

    /// Two states of one cart: of each SKU the larger quantity.
    pub(crate) fn at_least(mut self, other: &Cart) -> Cart {
        for line in &other.lines {
            match self.quantity(&line.sku) {
                // A full cart only loses what no cart of ours can hold.
                0 => drop(self.add(line.sku.clone(), line.qty)),
                own if own < line.qty.get() => self.set(&line.sku, line.qty),
                _ => {}
            }
        }
        self
    }

    /// The same goods under another id, for a second order.
    pub(crate) fn renamed(self, id: Id) -> Cart {
        Cart { id, lines: self.lines }
    }

    /// The cart as a cookie: `1.<id>.<SKU>:<quantity>_<SKU>:<quantity>`.
    pub(crate) fn to_cookie(&self) -> String {
        let lines: Vec<String> =
            self.lines.iter().map(|line| format!("{}:{}", line.sku, line.qty.get())).collect();
        format!("{COOKIE_VERSION}.{}.{}", self.id.as_str(), lines.join("_"))
    }

    /// Reads a cookie. Whatever is not exactly a cookie of ours is no cart.
    pub(crate) fn from_cookie(text: &str) -> Option<Cart> {
        if text.len() > COOKIE_BYTES_MAX {
            return None;
        }
        let mut parts = text.splitn(3, '.');
        let (version, id, lines) = (parts.next()?, parts.next()?, parts.next()?);
        if version != COOKIE_VERSION {
            return None;
        }
        let mut cart = Cart::new(Id::parse(id)?);
        for line in lines.split('_').filter(|line| !line.is_empty()) {
            let (sku, qty) = line.split_once(':')?;
            cart.add(Sku::parse(sku).ok()?, Quantity::parse(qty).ok()?).ok()?;
        }
        Some(cart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cart() -> Cart {
        Cart::new(Id::new([3; 32]))
    }

    fn sku(text: &str) -> Sku {
        Sku::parse(text).unwrap()
    }

    #[test]
    fn the_largest_cart_survives_its_cookie() {
        let mut full = cart();
        for n in 0..LINES_MAX {
            full.add(sku(&format!("{n:0>32}")), Quantity::new(999).unwrap()).unwrap();
        }
        assert_eq!(full.add(sku("ONE-MORE"), Quantity::ONE), Err(CartFull));
        let cookie = full.to_cookie();
        assert!(
            cookie.len() < COOKIE_BYTES_MAX
                && cookie.bytes().all(|b| b.is_ascii_graphic() && !b";,\"\\".contains(&b))
        );
        assert_eq!(Cart::from_cookie(&cookie), Some(full));
    }

    #[test]
    fn garbage_is_no_cart() {
        let good = {
            let mut c = cart();
            c.add(sku("MUG"), Quantity::ONE).unwrap();
            c.to_cookie()
        };
        assert!(Cart::from_cookie(&good).is_some());
        for bad in [
            "",
            "1",
            "1..",
            "2.x.y",
            &good.replace("1.", "2."),
            &good.replace(":1", ":0"),
            &good.replace("MUG", "mug"),
            &"a".repeat(9000),
            "\u{0}",
            &format!("{good}:"),
            &good.replace(":1", ""),
        ] {
            assert_eq!(Cart::from_cookie(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_same_sku_twice_is_one_line() {
        let mut cart = cart();
        cart.add(sku("MUG"), Quantity::ONE).unwrap();
        cart.add(sku("MUG"), Quantity::new(998).unwrap()).unwrap();
        cart.add(sku("MUG"), Quantity::new(5).unwrap()).unwrap();
        assert_eq!((cart.lines().len(), cart.pieces(), cart.quantity(&sku("MUG"))), (1, 999, 999));
    }
}

//! A cart: SKUs, quantities and the codes of coupons. No prices: those come from the release when they are needed.

use ipswich_catalog::{Quantity, Sku};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::coupon::{CODES_MAX, Code};
use crate::token::{Id, keyed_hash};

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
    codes: Vec<Code>,
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
        Cart { id, lines: Vec::new(), codes: Vec::new() }
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

    /// The codes of coupons, in the order they were added.
    pub(crate) fn codes(&self) -> &[Code] {
        &self.codes
    }

    /// Puts a code in. One that is there already, or too many, change nothing; returns whether it is in.
    pub(crate) fn add_code(&mut self, code: Code) -> bool {
        if self.codes.contains(&code) {
            return true;
        }
        let fits = self.codes.len() < CODES_MAX;
        if fits {
            self.codes.push(code);
        }
        fits
    }

    /// Takes a code out.
    pub(crate) fn remove_code(&mut self, code: &Code) {
        self.codes.retain(|known| known != code);
    }

    /// Takes a SKU out.
    pub(crate) fn remove(&mut self, sku: &Sku) {
        self.lines.retain(|line| line.sku != *sku);
    }

    /// Two states of one cart: of each SKU the larger quantity, and all codes.
    pub(crate) fn at_least(mut self, other: &Cart) -> Cart {
        for line in &other.lines {
            match self.quantity(&line.sku) {
                // A full cart only loses what no cart of ours can hold.
                0 => drop(self.add(line.sku.clone(), line.qty)),
                own if own < line.qty.get() => self.set(&line.sku, line.qty),
                _ => {}
            }
        }
        for code in &other.codes {
            self.add_code(code.clone());
        }
        self
    }

    /// The same goods under another id, for a second order.
    pub(crate) fn renamed(self, id: Id) -> Cart {
        Cart { id, ..self }
    }

    /// The cart as a cookie: `1.<id>.<SKU>:<quantity>_<SKU>:<quantity>`, and `.<code>_<code>.<signature>` if it has
    /// codes. Without the signature, trying out cookies would be a way to guess codes that nobody counts.
    pub(crate) fn to_cookie(&self, secret: &[u8]) -> String {
        let lines: Vec<String> =
            self.lines.iter().map(|line| format!("{}:{}", line.sku, line.qty.get())).collect();
        let cart = format!("{COOKIE_VERSION}.{}.{}", self.id.as_str(), lines.join("_"));
        let codes: Vec<&str> = self.codes.iter().map(Code::as_str).collect();
        let codes = codes.join("_");
        match signature(secret, &self.id, &codes).filter(|_| !codes.is_empty()) {
            Some(signature) => format!("{cart}.{codes}.{signature}"),
            None => cart,
        }
    }

    /// Reads a cookie. Whatever is not exactly a cookie of ours is no cart; codes that we did not sign are left out.
    pub(crate) fn from_cookie(text: &str, secret: &[u8]) -> Option<Cart> {
        if text.len() > COOKIE_BYTES_MAX {
            return None;
        }
        let parts: Vec<&str> = text.split('.').collect();
        let (version, id, lines, codes) = match parts.as_slice() {
            [version, id, lines] => (version, id, lines, None),
            [version, id, lines, codes, signed] => (version, id, lines, Some((*codes, *signed))),
            _ => return None,
        };
        if *version != COOKIE_VERSION {
            return None;
        }
        let mut cart = Cart::new(Id::parse(id)?);
        for line in lines.split('_').filter(|line| !line.is_empty()) {
            let (sku, qty) = line.split_once(':')?;
            cart.add(Sku::parse(sku).ok()?, Quantity::parse(qty).ok()?).ok()?;
        }
        if let Some((codes, signed)) = codes
            && let Some(signature) = signature(secret, &cart.id, codes)
            && bool::from(signature.as_bytes().ct_eq(signed.as_bytes()))
        {
            for code in codes.split('_').filter_map(Code::parse) {
                cart.add_code(code);
            }
        }
        Some(cart)
    }
}

fn signature(secret: &[u8], id: &Id, codes: &str) -> Option<String> {
    keyed_hash(secret, &["cart", id.as_str(), codes])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"a secret of 32 bytes or a bit more";

    fn cart() -> Cart {
        Cart::new(Id::new([3; 32]))
    }

    fn sku(text: &str) -> Sku {
        Sku::parse(text).unwrap()
    }

    #[test]
    fn two_states_of_a_cart_keep_the_codes_of_both() {
        let mut other = cart();
        assert!(other.add_code(Code::parse("TIDE").unwrap()));
        assert_eq!(cart().at_least(&other), other);
        assert_eq!(other.clone().at_least(&cart()), other);
    }

    #[test]
    fn the_largest_cart_survives_its_cookie() {
        let mut full = cart();
        for n in 0..LINES_MAX {
            full.add(sku(&format!("{n:0>32}")), Quantity::new(999).unwrap()).unwrap();
        }
        for n in 0..CODES_MAX {
            assert!(full.add_code(Code::parse(&format!("{n:0>24}")).unwrap()));
        }
        assert!(!full.add_code(Code::parse("ONE-MORE").unwrap()));
        assert_eq!(full.add(sku("ONE-MORE"), Quantity::ONE), Err(CartFull));
        let cookie = full.to_cookie(SECRET);
        assert!(
            cookie.len() < COOKIE_BYTES_MAX
                && cookie.bytes().all(|b| b.is_ascii_graphic() && !b";,\"\\".contains(&b))
        );
        assert_eq!(Cart::from_cookie(&cookie, SECRET), Some(full));
    }

    #[test]
    fn garbage_is_no_cart() {
        let good = {
            let mut c = cart();
            c.add(sku("MUG"), Quantity::ONE).unwrap();
            c.to_cookie(SECRET)
        };
        assert!(Cart::from_cookie(&good, SECRET).is_some());
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
            &format!("{good}.TIDE"),
            &format!("{good}.TIDE.x.y"),
        ] {
            assert_eq!(Cart::from_cookie(bad, SECRET), None, "{bad:?}");
        }
    }

    #[test]
    fn codes_that_we_did_not_sign_are_left_out() {
        let mut tide = cart();
        tide.add(sku("MUG"), Quantity::ONE).unwrap();
        assert!(tide.add_code(Code::parse("TIDE").unwrap()));
        let cookie = tide.to_cookie(SECRET);
        assert_eq!(Cart::from_cookie(&cookie, SECRET), Some(tide));
        let other_id = Id::new([4; 32]);
        let forged = [
            cookie.replace("TIDE", "TIDY"),
            cookie.replace("TIDE", "TIDE_TIDY"),
            cookie.replace(cart().id.as_str(), other_id.as_str()),
            format!("{cookie}x"),
        ];
        for cookie in forged {
            let cart = Cart::from_cookie(&cookie, SECRET).unwrap();
            assert_eq!((cart.codes().len(), cart.pieces()), (0, 1), "{cookie}");
        }
        assert_eq!(Cart::from_cookie(&cookie, b"another secret").unwrap().codes(), []);
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

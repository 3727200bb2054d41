//! The share of a refund: what pieces of a line are worth when they come back.
//!
//! Every share is the difference of two sums that were rounded down, so the shares of a line add up to what was paid
//! for it, however its pieces are split, and never to more.

use ipswich_catalog::Amount;

/// What was paid for a line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SoldLine {
    pub(crate) quantity: u32,
    /// The price of one.
    pub(crate) unit: Amount,
    /// What promotions and coupons took off all pieces.
    pub(crate) discount: Amount,
    /// The tax of all pieces, as the order keeps it.
    pub(crate) tax: Amount,
    /// Whether that tax was added to the price; it is contained in it otherwise.
    pub(crate) tax_added: bool,
}

/// What of a line was refunded before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refunded {
    pub(crate) pieces: u32,
    /// For these pieces, or for none: an amount that staff chose counts too.
    pub(crate) amount: Amount,
}

/// What is refunded for some pieces of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RefundShare {
    pub(crate) amount: Amount,
    /// The tax contained in `amount`.
    pub(crate) tax: Amount,
}

/// Why pieces cannot be refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefundError {
    /// Fewer pieces are left than asked for; so many are.
    TooManyPieces(u32),
    /// The numbers are no line that the shop has sold.
    NoSuchLine,
}

impl SoldLine {
    /// What was paid for all pieces, with tax.
    pub(crate) fn paid(&self) -> Option<Amount> {
        let goods = self.unit.checked_mul(self.quantity)?.checked_sub(self.discount)?;
        goods.checked_add(if self.tax_added { self.tax } else { Amount::ZERO })
    }

    /// What `pieces` more are worth. The last piece of a line gets whatever is left of it.
    pub(crate) fn refund(&self, before: Refunded, pieces: u32) -> Result<RefundShare, RefundError> {
        let left = self.quantity.saturating_sub(before.pieces);
        if pieces > left {
            return Err(RefundError::TooManyPieces(left));
        }
        if pieces == 0 {
            return Ok(RefundShare::default());
        }
        self.share(before, pieces).ok_or(RefundError::NoSuchLine)
    }

    fn share(&self, before: Refunded, pieces: u32) -> Option<RefundShare> {
        let paid = self.paid()?;
        let all = before.pieces.checked_add(pieces)?;
        let worth = part(paid, i64::from(all), i64::from(self.quantity))?;
        // More than these pieces are worth was refunded before: nothing is left for them.
        let amount = worth.checked_sub(before.amount).unwrap_or_default();
        let so_far = before.amount.min(paid);
        let tax_up_to = |amount: Amount| part(self.tax, amount.minor(), paid.minor());
        let tax = tax_up_to(so_far.checked_add(amount)?)?.checked_sub(tax_up_to(so_far)?)?;
        Some(RefundShare { amount, tax })
    }
}

/// What was paid for the delivery of an order, with tax: what its lines leave of its total.
#[cfg(test)]
pub(crate) fn delivery_paid(total: Amount, lines: &[SoldLine]) -> Option<Amount> {
    lines.iter().try_fold(total, |left, line| left.checked_sub(line.paid()?))
}

/// `share` parts of `whole` in which an amount is cut, rounded down; all of it if there are no parts.
fn part(amount: Amount, share: i64, whole: i64) -> Option<Amount> {
    if share >= whole {
        return Some(amount);
    }
    let product = i128::from(amount.minor()).checked_mul(i128::from(share))?;
    Amount::from_minor(i64::try_from(product.checked_div(i128::from(whole))?).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn amount(minor: i64) -> Amount {
        Amount::from_minor(minor).unwrap()
    }

    fn line(quantity: u32, unit: i64, discount: i64, tax: i64) -> SoldLine {
        let (unit, discount, tax) = (amount(unit), amount(discount), amount(tax));
        SoldLine { quantity, unit, discount, tax, tax_added: false }
    }

    #[test]
    fn three_for_ten_come_back_for_ten() {
        // Three at 3.67 with 1.01 off were 10.00, of it 1.67 tax.
        let line = line(3, 367, 101, 167);
        let mut before = Refunded::default();
        let mut shares = Vec::new();
        for _ in 0..3 {
            let share = line.refund(before, 1).unwrap();
            before = Refunded {
                pieces: before.pieces + 1,
                amount: amount(before.amount.minor() + share.amount.minor()),
            };
            shares.push((share.amount.minor(), share.tax.minor()));
        }
        assert_eq!(shares, [(333, 55), (333, 56), (334, 56)]);
        assert_eq!(line.refund(before, 1), Err(RefundError::TooManyPieces(0)));
        let all = line.refund(Refunded::default(), 3);
        assert_eq!(all, Ok(RefundShare { amount: amount(1000), tax: amount(167) }));
    }

    #[test]
    fn an_amount_that_staff_chose_is_taken_off_what_pieces_are_worth() {
        let line = line(2, 500, 0, 0);
        let goodwill = Refunded { pieces: 0, amount: amount(200) };
        assert_eq!(line.refund(goodwill, 1).unwrap().amount, amount(300));
        assert_eq!(line.refund(Refunded { pieces: 1, amount: amount(500) }, 1).unwrap().amount, amount(500));
        assert_eq!(line.refund(Refunded { pieces: 0, amount: amount(900) }, 1).unwrap().amount, Amount::ZERO);
        assert_eq!(line.refund(Refunded { pieces: 0, amount: amount(900) }, 2).unwrap().amount, amount(100));
    }

    #[test]
    fn odd_lines_are_refused() {
        assert_eq!(line(1, 100, 200, 0).refund(Refunded::default(), 1), Err(RefundError::NoSuchLine));
        assert_eq!(line(0, 100, 0, 0).refund(Refunded::default(), 1), Err(RefundError::TooManyPieces(0)));
        assert_eq!(line(2, 0, 0, 0).refund(Refunded::default(), 2), Ok(RefundShare::default()));
        assert_eq!(delivery_paid(amount(100), &[line(1, 101, 0, 0)]), None);
    }

    proptest! {
        #[test]
        fn the_parts_of_any_split_are_the_whole(
            unit in 0i64..=100_000,
            off in 0i64..=1_000,
            tax in 0i64..=1_000,
            tax_added in any::<bool>(),
            splits in prop::collection::vec(0u32..=20, 1..20),
            chosen in prop::collection::vec(0i64..=500_000, 20),
        ) {
            let quantity = splits.iter().sum::<u32>().max(1);
            let price = unit * i64::from(quantity);
            let discount = price * off / 1_000;
            let tax = (price - discount) * tax / 1_000;
            let line = SoldLine { tax_added, ..line(quantity, unit, discount, tax) };
            let paid = line.paid().unwrap();
            let (mut before, mut taxes) = (Refunded::default(), 0);
            let mut splits = splits;
            splits.push(quantity - splits.iter().sum::<u32>());
            for (pieces, chosen) in splits.iter().zip(chosen) {
                // Now and then staff gives something back without a piece.
                if chosen % 7 == 0 {
                    let given = amount(chosen).min(amount(paid.minor() - before.amount.minor()));
                    let tax_of = |upto: i64| if paid.is_zero() { 0 } else { i128::from(tax) * i128::from(upto) / i128::from(paid.minor()) };
                    taxes += i64::try_from(tax_of(before.amount.minor() + given.minor()) - tax_of(before.amount.minor())).unwrap();
                    before.amount = amount(before.amount.minor() + given.minor());
                }
                let share = line.refund(before, *pieces).unwrap();
                before.pieces += pieces;
                before.amount = amount(before.amount.minor() + share.amount.minor());
                taxes += share.tax.minor();
                prop_assert!(before.amount <= paid && share.tax <= share.amount);
            }
            if before.pieces == quantity {
                prop_assert_eq!(before.amount, paid);
                prop_assert_eq!(taxes, if paid.is_zero() { 0 } else { tax });
                prop_assert_eq!(line.refund(before, 1), Err(RefundError::TooManyPieces(0)));
            }
        }
    }
}

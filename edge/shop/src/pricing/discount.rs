//! What promotions take off the goods.

use ipswich_catalog::Amount;
use ipswich_catalog::promotion::{Effect, Promotion};
use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::shipping::ShippingMethod;

use super::GoodsLine;

/// A promotion that makes a difference to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    pub(crate) id: String,
    pub(crate) title: String,
    /// What it takes off the goods; nothing for free delivery.
    pub(crate) discount: Amount,
}

/// What some promotions take off the goods.
pub(super) struct Discount<'a> {
    /// For each line, never more than it costs.
    pub(super) lines: Vec<Amount>,
    pub(super) applied: Vec<Applied>,
    free_delivery: Vec<(&'a Promotion, &'a [String])>,
}

/// The ways promotions can be put together, in the order of preference: none, all that are combinable, and each one
/// alone. A promotion that is not combinable never meets another.
pub(super) fn choices<'s>(
    lines: &[GoodsLine],
    settings: &'s ShopSettings,
    now: i64,
) -> Vec<Vec<&'s Promotion>> {
    let reached = |promotion: &&Promotion| promotion.is_valid_at(now) && is_reached(promotion, lines);
    let valid: Vec<&Promotion> = settings.promotions.iter().filter(reached).collect();
    let mut together: Vec<&Promotion> = valid.iter().copied().filter(|known| known.combinable).collect();
    // Parts are taken off before amounts, so that an amount is an amount.
    together.sort_by_key(|promotion| matches!(promotion.effect, Effect::Amount(_)));
    let mut choices = vec![Vec::new()];
    if together.len() > 1 {
        choices.push(together);
    }
    choices.extend(valid.into_iter().map(|promotion| vec![promotion]));
    choices
}

/// Whether there are goods for it, and enough of them.
fn is_reached(promotion: &Promotion, lines: &[GoodsLine]) -> bool {
    let mut goods = lines.iter().filter(|line| applies(promotion, line)).peekable();
    goods.peek().is_some()
        && Amount::checked_sum(goods.map(|line| line.total)).is_some_and(|worth| worth >= promotion.minimum)
}

fn applies(promotion: &Promotion, line: &GoodsLine) -> bool {
    promotion.everything || line.record.promotions.contains(&promotion.id)
}

impl<'a> Discount<'a> {
    /// Takes off what the promotions say, one after the other, each shared over its lines by what is left of them.
    /// `None` if the numbers are too large to calculate with.
    pub(super) fn of(lines: &[GoodsLine], promotions: &[&'a Promotion]) -> Option<Discount<'a>> {
        let mut discount =
            Discount { lines: vec![Amount::ZERO; lines.len()], applied: vec![], free_delivery: vec![] };
        for promotion in promotions {
            match &promotion.effect {
                Effect::FreeDelivery(methods) => discount.free_delivery.push((promotion, methods)),
                _ => discount.take_off(lines, promotion)?,
            }
        }
        Some(discount)
    }

    fn take_off(&mut self, lines: &[GoodsLine], promotion: &Promotion) -> Option<()> {
        let mut left = Vec::with_capacity(lines.len());
        for (line, cut) in lines.iter().zip(&self.lines) {
            let rest = line.total.checked_sub(*cut)?;
            left.push(if applies(promotion, line) { rest } else { Amount::ZERO });
        }
        let worth = Amount::checked_sum(left.iter().copied())?;
        let weights: Vec<i64> = left.iter().map(|rest| rest.minor()).collect();
        let cut = match &promotion.effect {
            Effect::Percent(part) => part.part_of(worth)?,
            Effect::Amount(amount) => worth.min(*amount),
            Effect::FreeDelivery(_) => Amount::ZERO,
        };
        if cut.is_zero() {
            return Some(());
        }
        // What is shared out is at most the sum of the weights, so no part is more than its weight.
        for (line, part) in self.lines.iter_mut().zip(cut.split_by(&weights)?) {
            *line = line.checked_add(part)?;
        }
        self.applied.push(applied(promotion, cut));
        Some(())
    }

    /// The price of a delivery after promotions; the first that makes it free is noted.
    pub(super) fn delivery(&mut self, method: &ShippingMethod, price: Amount) -> Amount {
        let covers = |methods: &[String]| methods.is_empty() || methods.contains(&method.id);
        match self.free_delivery.iter().find(|(_, methods)| covers(methods)) {
            Some((promotion, _)) if !price.is_zero() => {
                self.applied.push(applied(promotion, Amount::ZERO));
                Amount::ZERO
            }
            _ => price,
        }
    }
}

fn applied(promotion: &Promotion, discount: Amount) -> Applied {
    Applied { id: promotion.id.clone(), title: promotion.title.clone(), discount }
}

//! What promotions and coupons take off the goods.

use ipswich_catalog::Amount;
use ipswich_catalog::promotion::{Effect, Promotion};
use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::shipping::ShippingMethod;

use super::{GoodsLine, Way};
use crate::coupon::{Bar, Coupon};

/// A promotion or a coupon that makes a difference to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    /// The id of the promotion or the code of the coupon.
    pub(crate) id: String,
    pub(crate) title: String,
    /// Whether it is a coupon.
    pub(crate) is_coupon: bool,
    /// What it takes off the goods; nothing for free delivery.
    pub(crate) discount: Amount,
    /// The same for each line, in their order.
    pub(crate) shares: Vec<Amount>,
}

impl Applied {
    /// Its name on carts and orders: a coupon says its code too.
    pub(crate) fn label(&self) -> String {
        if self.is_coupon { format!("{} ({})", self.title, self.id) } else { self.title.clone() }
    }
}

/// Something that can be taken off.
#[derive(Clone, Copy, Debug)]
pub(super) enum Offer<'a> {
    Promotion(&'a Promotion),
    Coupon(&'a Coupon),
}

impl<'a> Offer<'a> {
    fn effect(self) -> &'a Effect {
        match self {
            Offer::Promotion(promotion) => &promotion.effect,
            Offer::Coupon(coupon) => &coupon.effect,
        }
    }

    fn minimum(self) -> Amount {
        match self {
            Offer::Promotion(promotion) => promotion.minimum,
            Offer::Coupon(coupon) => coupon.minimum,
        }
    }

    fn applies(self, line: &GoodsLine) -> bool {
        match self {
            Offer::Promotion(promotion) => {
                promotion.everything || line.record.promotions.contains(&promotion.id)
            }
            Offer::Coupon(coupon) => coupon.scope.covers(&line.record),
        }
    }

    /// Why these goods do not get it: there are none for it, or not enough of them.
    fn barred(self, lines: &[GoodsLine]) -> Option<Bar> {
        let mut goods = lines.iter().filter(|line| self.applies(line)).peekable();
        if goods.peek().is_none() {
            return Some(Bar::OtherGoods);
        }
        // Their sum is within the limits, because the sum of all goods is.
        let worth = Amount::checked_sum(goods.map(|line| line.total)).unwrap_or_default();
        self.minimum().checked_sub(worth).filter(|missing| !missing.is_zero()).map(Bar::Minimum)
    }

    fn applied(self, discount: Amount, shares: Vec<Amount>) -> Applied {
        let (id, title, is_coupon) = match self {
            Offer::Promotion(promotion) => (promotion.id.clone(), promotion.title.clone(), false),
            Offer::Coupon(coupon) => (coupon.code.as_str().to_owned(), coupon.title.clone(), true),
        };
        Applied { id, title, is_coupon, discount, shares }
    }
}

/// Why these goods do not get what a coupon gives.
pub(crate) fn coupon_barred(coupon: &Coupon, lines: &[GoodsLine]) -> Option<Bar> {
    Offer::Coupon(coupon).barred(lines)
}

/// The ways offers can be put together, in the order of preference: first those without coupons, so that a coupon
/// which gains nothing is kept.
pub(super) fn choices<'a>(
    lines: &[GoodsLine],
    settings: &'a ShopSettings,
    way: Way<'a>,
) -> Vec<Vec<Offer<'a>>> {
    let without = promotion_choices(lines, settings, way.now);
    let fitting: Vec<&Coupon> =
        way.coupons.iter().copied().filter(|coupon| coupon_barred(coupon, lines).is_none()).collect();
    let mut choices = Vec::new();
    for coupons in subsets(&fitting) {
        let alone = coupons.len() < 2 || coupons.iter().all(|coupon| coupon.with_coupons);
        let open = coupons.iter().all(|coupon| coupon.with_promotions);
        for promotions in &without {
            let combinable = promotions.iter().all(|promotion| promotion.combinable);
            if !alone || !(coupons.is_empty() || promotions.is_empty() || (open && combinable)) {
                continue;
            }
            let promotions = promotions.iter().copied().map(Offer::Promotion);
            let mut choice: Vec<Offer<'_>> =
                promotions.chain(coupons.iter().copied().map(Offer::Coupon)).collect();
            // Parts are taken off before amounts, so that an amount is an amount.
            choice.sort_by_key(|offer| matches!(offer.effect(), Effect::Amount(_)));
            choices.push(choice);
        }
    }
    choices
}

/// None, all that are combinable, and each one alone. A promotion that is not combinable never meets another.
fn promotion_choices<'s>(
    lines: &[GoodsLine],
    settings: &'s ShopSettings,
    now: i64,
) -> Vec<Vec<&'s Promotion>> {
    let reached = |promotion: &&Promotion| {
        promotion.is_valid_at(now) && Offer::Promotion(promotion).barred(lines).is_none()
    };
    let valid: Vec<&Promotion> = settings.promotions.iter().filter(reached).collect();
    let together: Vec<&Promotion> = valid.iter().copied().filter(|known| known.combinable).collect();
    let mut choices = vec![Vec::new()];
    if together.len() > 1 {
        choices.push(together);
    }
    choices.extend(valid.into_iter().map(|promotion| vec![promotion]));
    choices
}

/// All ways to choose some of the coupons, the fewest first; a cart has three at most.
fn subsets<'a>(coupons: &[&'a Coupon]) -> Vec<Vec<&'a Coupon>> {
    let mut subsets: Vec<Vec<&Coupon>> = vec![Vec::new()];
    for coupon in coupons {
        let with = |subset: &Vec<&'a Coupon>| subset.iter().copied().chain([*coupon]).collect();
        let more: Vec<Vec<&Coupon>> = subsets.iter().map(with).collect();
        subsets.extend(more);
    }
    subsets.sort_by_key(Vec::len);
    subsets
}

/// What some offers take off the goods.
pub(super) struct Discount<'a> {
    /// For each line, never more than it costs.
    pub(super) lines: Vec<Amount>,
    pub(super) applied: Vec<Applied>,
    free_delivery: Vec<(Offer<'a>, &'a [String])>,
}

impl<'a> Discount<'a> {
    /// Takes off what the offers say, one after the other, each shared over its lines by what is left of them. `None`
    /// if the numbers are too large to calculate with.
    pub(super) fn of(lines: &[GoodsLine], offers: &[Offer<'a>]) -> Option<Discount<'a>> {
        let mut discount =
            Discount { lines: vec![Amount::ZERO; lines.len()], applied: vec![], free_delivery: vec![] };
        for offer in offers {
            match offer.effect() {
                Effect::FreeDelivery(methods) => discount.free_delivery.push((*offer, methods)),
                Effect::Percent(_) | Effect::Amount(_) => discount.take_off(lines, *offer)?,
            }
        }
        Some(discount)
    }

    fn take_off(&mut self, lines: &[GoodsLine], offer: Offer<'_>) -> Option<()> {
        let mut left = Vec::with_capacity(lines.len());
        for (line, cut) in lines.iter().zip(&self.lines) {
            let rest = line.total.checked_sub(*cut)?;
            left.push(if offer.applies(line) { rest } else { Amount::ZERO });
        }
        let worth = Amount::checked_sum(left.iter().copied())?;
        let weights: Vec<i64> = left.iter().map(|rest| rest.minor()).collect();
        let cut = match offer.effect() {
            Effect::Percent(part) => part.part_of(worth)?,
            Effect::Amount(amount) => worth.min(*amount),
            Effect::FreeDelivery(_) => Amount::ZERO,
        };
        if cut.is_zero() {
            return Some(());
        }
        // What is shared out is at most the sum of the weights, so no part is more than its weight.
        let shares = cut.split_by(&weights)?;
        for (line, part) in self.lines.iter_mut().zip(&shares) {
            *line = line.checked_add(*part)?;
        }
        self.applied.push(offer.applied(cut, shares));
        Some(())
    }

    /// The price of a delivery after promotions; the first that makes it free is noted.
    pub(super) fn delivery(&mut self, method: &ShippingMethod, price: Amount) -> Amount {
        let covers = |methods: &[String]| methods.is_empty() || methods.contains(&method.id);
        match self.free_delivery.iter().find(|(_, methods)| covers(methods)) {
            Some((offer, _)) if !price.is_zero() => {
                let nothing = vec![Amount::ZERO; self.lines.len()];
                self.applied.push(offer.applied(Amount::ZERO, nothing));
                Amount::ZERO
            }
            _ => price,
        }
    }
}

//! What a cart costs: pure arithmetic over the release.
//!
//! 1. Goods are priced from their records ([`Goods::price`]).
//! 2. Promotions take something off their lines ([`discount`]); the shopper gets the choice that costs least.
//! 3. The delivery is added, and the tax of the country it goes to is taken out of each line or added to it.

mod discount;
pub(crate) mod refund;

use ipswich_catalog::published::SkuRecord;
use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::shipping::{ShippingKind, ShippingMethod};
use ipswich_catalog::tax::{BasisPoints, Prices, TaxClass};
use ipswich_catalog::{Amount, Quantity, Sku};

pub(crate) use discount::Applied;
use discount::Discount;

/// Why a cart has no price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PricingError {
    /// The sum is beyond what the shop handles.
    TooMuch,
    /// The release names a tax class it does not have.
    UnknownTaxClass(String),
}

/// Goods with their prices, before promotions.
#[derive(Clone, Debug)]
pub(crate) struct Goods {
    pub(crate) lines: Vec<GoodsLine>,
    /// The sum of the lines.
    pub(crate) subtotal: Amount,
    /// In grams.
    pub(crate) weight: u64,
}

/// One SKU with its price.
#[derive(Clone, Debug)]
pub(crate) struct GoodsLine {
    pub(crate) sku: Sku,
    pub(crate) record: SkuRecord,
    pub(crate) quantity: Quantity,
    /// The price of all pieces.
    pub(crate) total: Amount,
}

/// Where the goods go, how, and when that is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way<'a> {
    /// The delivery; none while nobody knows it.
    pub(crate) method: Option<&'a ShippingMethod>,
    /// The country of the address.
    pub(crate) country: &'a str,
    /// In Unix seconds.
    pub(crate) now: i64,
}

/// Goods, promotions, delivery and tax: what is charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(crate) subtotal: Amount,
    /// What promotions take off the goods.
    pub(crate) discount: Amount,
    pub(crate) shipping: Amount,
    /// The tax that is added to the prices; nothing where they contain it.
    pub(crate) tax: Amount,
    pub(crate) total: Amount,
    /// The tax contained in `total`, however it came there.
    pub(crate) tax_included: Amount,
    /// The same by rate, in the order of the settings.
    pub(crate) taxes: Vec<TaxShare>,
    /// The promotions that make a difference.
    pub(crate) promotions: Vec<Applied>,
    /// For each line of the goods, in their order.
    pub(crate) lines: Vec<LineShare>,
}

/// What promotions and tax do to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineShare {
    /// What promotions take off it.
    pub(crate) discount: Amount,
    pub(crate) rate: BasisPoints,
    /// The tax on what is left, contained in it or added to it.
    pub(crate) tax: Amount,
}

/// The part of a total that one tax rate applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TaxShare {
    pub(crate) title: String,
    pub(crate) rate: BasisPoints,
    pub(crate) gross: Amount,
    pub(crate) tax: Amount,
}

impl Goods {
    /// Prices each line and adds up. The sum is within the limits with any delivery and tax.
    pub(crate) fn price(
        items: Vec<(Sku, SkuRecord, Quantity)>,
        settings: &ShopSettings,
    ) -> Result<Goods, PricingError> {
        let mut lines = Vec::with_capacity(items.len());
        for (sku, record, quantity) in items {
            if settings.tax_classes.iter().all(|class| class.id != record.tax) {
                return Err(PricingError::UnknownTaxClass(record.tax));
            }
            let total = record.unit.checked_mul(quantity.get()).ok_or(PricingError::TooMuch)?;
            lines.push(GoodsLine { sku, record, quantity, total });
        }
        let subtotal = sum(lines.iter().map(|line| line.total))?;
        // Goods that could only just be counted must not become too much once there is an address.
        dearest(subtotal, lines.len(), settings).ok_or(PricingError::TooMuch)?;
        let weight = lines.iter().fold(0_u64, |sum, line| {
            sum.saturating_add(line.record.weight.saturating_mul(u64::from(line.quantity.get())))
        });
        Ok(Goods { lines, subtotal, weight })
    }

    /// Pieces in all.
    pub(crate) fn pieces(&self) -> u32 {
        self.lines.iter().fold(0, |sum, line| sum.saturating_add(line.quantity.get()))
    }

    /// What the goods cost on this way, with the promotions that are best for the shopper.
    pub(crate) fn quote(&self, way: Way<'_>, settings: &ShopSettings) -> Result<Quote, PricingError> {
        let mut best: Option<Quote> = None;
        for promotions in discount::choices(&self.lines, settings, way.now) {
            let quote = self.quote_with(&promotions, way, settings)?;
            // The first of those that cost the same.
            if best.as_ref().is_none_or(|best| quote.total < best.total) {
                best = Some(quote);
            }
        }
        best.ok_or(PricingError::TooMuch)
    }

    fn quote_with(
        &self,
        promotions: &[&ipswich_catalog::promotion::Promotion],
        way: Way<'_>,
        settings: &ShopSettings,
    ) -> Result<Quote, PricingError> {
        let mut cut = Discount::of(&self.lines, promotions).ok_or(PricingError::TooMuch)?;
        let discount = sum(cut.lines.iter().copied())?;
        let discounted = self.subtotal.checked_sub(discount).ok_or(PricingError::TooMuch)?;
        let shipping = match way.method {
            Some(method) => cut.delivery(method, method.price_for(self.weight, discounted)),
            None => Amount::ZERO,
        };
        let collected = way.method.is_some_and(|method| method.kind == ShippingKind::Collection);
        let country = if collected { settings.home_country() } else { way.country };
        let mut taxed = Taxed { prices: settings.prices, lines: Vec::new(), shares: Vec::new() };
        taxed.goods(&self.lines, &cut.lines, settings, country)?;
        taxed.delivery(shipping)?;
        let shares = taxed.merged()?;
        let tax_included = sum(shares.iter().map(|share| share.tax))?;
        let tax = if settings.prices == Prices::Net { tax_included } else { Amount::ZERO };
        Ok(Quote {
            subtotal: self.subtotal,
            discount,
            shipping,
            tax,
            total: add(add(discounted, shipping)?, tax)?,
            tax_included,
            taxes: shares,
            promotions: cut.applied,
            lines: taxed.lines,
        })
    }
}

/// Works out the tax, class by class.
struct Taxed {
    prices: Prices,
    lines: Vec<LineShare>,
    /// One for each tax class of the goods, with their price before delivery.
    shares: Vec<(TaxShare, i64)>,
}

impl Taxed {
    /// The tax on a price that is shown.
    fn on(&self, rate: BasisPoints, price: Amount) -> Result<Amount, PricingError> {
        match self.prices {
            Prices::Gross => Ok(rate.contained_in(price)),
            Prices::Net => rate.part_of(price).ok_or(PricingError::TooMuch),
        }
    }

    /// Taxes each line on what is left of its price.
    fn goods(
        &mut self,
        lines: &[GoodsLine],
        cuts: &[Amount],
        settings: &ShopSettings,
        country: &str,
    ) -> Result<(), PricingError> {
        for (line, cut) in lines.iter().zip(cuts) {
            let class = class_of(line, settings)?;
            let (_, rate) = class.rate_in(country);
            let left = line.total.checked_sub(*cut).ok_or(PricingError::TooMuch)?;
            self.lines.push(LineShare { discount: *cut, rate, tax: self.on(rate, left)? });
        }
        for class in &settings.tax_classes {
            let (title, rate) = class.rate_in(country);
            let mut share =
                TaxShare { title: title.to_owned(), rate, gross: Amount::ZERO, tax: Amount::ZERO };
            let mut found = false;
            for (line, part) in lines.iter().zip(&self.lines).filter(|(line, _)| line.record.tax == class.id)
            {
                found = true;
                let left = line.total.checked_sub(part.discount).ok_or(PricingError::TooMuch)?;
                share.gross = add(share.gross, left)?;
                share.tax = add(share.tax, part.tax)?;
            }
            if found {
                let worth = share.gross.minor();
                self.shares.push((share, worth));
            }
        }
        Ok(())
    }

    /// Delivery is taxed like the goods it delivers (VAT Notice 700/24): its price is shared out over their tax
    /// classes by value.
    fn delivery(&mut self, price: Amount) -> Result<(), PricingError> {
        let worths: Vec<i64> = self.shares.iter().map(|(_, worth)| *worth).collect();
        let parts = price.split_by(&worths).unwrap_or_else(|| {
            // Goods that cost nothing have no value to share by: the highest of their rates applies.
            let highest = self.shares.iter().map(|(share, _)| share.rate).max();
            let mut left = Some(price);
            let part = |(share, _): &(TaxShare, i64)| {
                if Some(share.rate) == highest { left.take().unwrap_or_default() } else { Amount::ZERO }
            };
            self.shares.iter().map(part).collect()
        });
        for (index, part) in parts.into_iter().enumerate() {
            let Some(rate) = self.shares.get(index).map(|(share, _)| share.rate) else { continue };
            let tax = self.on(rate, part)?;
            if let Some((share, _)) = self.shares.get_mut(index) {
                share.gross = add(share.gross, part)?;
                share.tax = add(share.tax, tax)?;
            }
        }
        Ok(())
    }

    /// The shares by rate: classes that are taxed alike in a country become one. Their sum is the total.
    fn merged(&mut self) -> Result<Vec<TaxShare>, PricingError> {
        let mut merged: Vec<TaxShare> = Vec::new();
        for (mut share, _) in self.shares.drain(..) {
            if self.prices == Prices::Net {
                share.gross = add(share.gross, share.tax)?;
            }
            match merged.iter_mut().find(|known| known.rate == share.rate && known.title == share.title) {
                Some(known) => {
                    known.gross = add(known.gross, share.gross)?;
                    known.tax = add(known.tax, share.tax)?;
                }
                None => merged.push(share),
            }
        }
        Ok(merged)
    }
}

fn class_of<'a>(line: &GoodsLine, settings: &'a ShopSettings) -> Result<&'a TaxClass, PricingError> {
    let found = settings.tax_classes.iter().find(|class| class.id == line.record.tax);
    found.ok_or_else(|| PricingError::UnknownTaxClass(line.record.tax.clone()))
}

/// More than any delivery and tax can make of goods; `None` beyond what the shop handles.
fn dearest(subtotal: Amount, lines: usize, settings: &ShopSettings) -> Option<Amount> {
    let prices = settings
        .shipping
        .iter()
        .flat_map(|method| method.tiers.iter().map(|tier| tier.price).chain(std::iter::once(method.price)));
    let most = subtotal.checked_add(prices.max().unwrap_or_default())?;
    if settings.prices == Prices::Gross {
        return Some(most);
    }
    let rates = settings
        .tax_classes
        .iter()
        .flat_map(|class| class.rates.iter().map(|known| known.rate).chain(std::iter::once(class.rate)));
    // Each line and each share of the delivery may be rounded up by less than one unit.
    let rounded = lines.checked_add(settings.tax_classes.len())?;
    let rounding = Amount::from_minor(i64::try_from(rounded).ok()?).ok()?;
    most.checked_add(rates.max()?.part_of(most)?)?.checked_add(rounding)
}

fn add(a: Amount, b: Amount) -> Result<Amount, PricingError> {
    a.checked_add(b).ok_or(PricingError::TooMuch)
}

fn sum(amounts: impl Iterator<Item = Amount>) -> Result<Amount, PricingError> {
    Amount::checked_sum(amounts).ok_or(PricingError::TooMuch)
}

#[cfg(test)]
mod tests;

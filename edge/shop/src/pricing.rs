//! What a cart costs: pure arithmetic over the release. Prices include tax.

use ipswich_catalog::published::SkuRecord;
use ipswich_catalog::settings::ShopSettings;
use ipswich_catalog::shipping::ShippingMethod;
use ipswich_catalog::tax::BasisPoints;
use ipswich_catalog::{Amount, Quantity, Sku};

/// Why a cart has no price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PricingError {
    /// The sum is beyond what the shop handles.
    TooMuch,
    /// The release names a tax class it does not have.
    UnknownTaxClass(String),
}

/// Goods with their prices.
#[derive(Clone, Debug)]
pub(crate) struct Goods {
    pub(crate) lines: Vec<GoodsLine>,
    /// The sum of the lines.
    pub(crate) subtotal: Amount,
    /// In grams.
    pub(crate) weight: u64,
    /// The tax contained in the lines.
    pub(crate) tax_included: Amount,
}

/// One SKU with its price.
#[derive(Clone, Debug)]
pub(crate) struct GoodsLine {
    pub(crate) sku: Sku,
    pub(crate) record: SkuRecord,
    pub(crate) quantity: Quantity,
    /// The price of all pieces.
    pub(crate) total: Amount,
    pub(crate) rate: BasisPoints,
    /// The tax contained in `total`.
    pub(crate) tax: Amount,
}

/// Goods and delivery: what is charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(crate) subtotal: Amount,
    pub(crate) shipping: Amount,
    pub(crate) total: Amount,
    /// The tax contained in `total`.
    pub(crate) tax_included: Amount,
    /// The same by tax class, in the order of the settings.
    pub(crate) taxes: Vec<TaxShare>,
}

/// The part of a total that one tax class applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TaxShare {
    pub(crate) title: String,
    pub(crate) rate: BasisPoints,
    pub(crate) gross: Amount,
    pub(crate) tax: Amount,
}

impl Goods {
    /// Prices each line and adds up. The sum is within the limits with any delivery.
    pub(crate) fn price(
        items: Vec<(Sku, SkuRecord, Quantity)>,
        settings: &ShopSettings,
    ) -> Result<Goods, PricingError> {
        let mut lines = Vec::with_capacity(items.len());
        for (sku, record, quantity) in items {
            let class = || PricingError::UnknownTaxClass(record.tax.clone());
            let rate = settings.tax_rate(&record.tax).ok_or_else(class)?;
            let total = record.unit.checked_mul(quantity.get()).ok_or(PricingError::TooMuch)?;
            let tax = rate.contained_in(total);
            lines.push(GoodsLine { sku, record, quantity, total, rate, tax });
        }
        let sum = |part: fn(&GoodsLine) -> Amount| {
            Amount::checked_sum(lines.iter().map(part)).ok_or(PricingError::TooMuch)
        };
        let (subtotal, tax_included) = (sum(|line| line.total)?, sum(|line| line.tax)?);
        // Goods that could only just be counted must not become too much once a delivery is chosen.
        for method in &settings.shipping {
            subtotal.checked_add(method.price_for(subtotal)).ok_or(PricingError::TooMuch)?;
        }
        let weight = lines.iter().fold(0_u64, |sum, line| {
            sum.saturating_add(line.record.weight.saturating_mul(u64::from(line.quantity.get())))
        });
        Ok(Goods { lines, subtotal, weight, tax_included })
    }

    /// Pieces in all.
    pub(crate) fn pieces(&self) -> u32 {
        self.lines.iter().fold(0, |sum, line| sum.saturating_add(line.quantity.get()))
    }

    /// What the goods cost with this delivery.
    ///
    /// Delivery is taxed like the goods it delivers (VAT Notice 700/24): its price is shared out over the tax classes
    /// of the goods by value.
    pub(crate) fn quote(
        &self,
        method: &ShippingMethod,
        settings: &ShopSettings,
    ) -> Result<Quote, PricingError> {
        let shipping = method.price_for(self.subtotal);
        let total = self.subtotal.checked_add(shipping).ok_or(PricingError::TooMuch)?;
        let mut taxes = Vec::new();
        for class in &settings.tax_classes {
            let lines = || self.lines.iter().filter(|line| line.record.tax == class.id);
            if lines().next().is_some() {
                let gross =
                    Amount::checked_sum(lines().map(|line| line.total)).ok_or(PricingError::TooMuch)?;
                let tax = Amount::checked_sum(lines().map(|line| line.tax)).ok_or(PricingError::TooMuch)?;
                taxes.push(TaxShare { title: class.title.clone(), rate: class.rate, gross, tax });
            }
        }
        for (share, part) in taxes.iter_mut().zip(delivery_shares(&self.lines, settings, shipping)) {
            let tax = share.rate.contained_in(part);
            share.gross = share.gross.checked_add(part).ok_or(PricingError::TooMuch)?;
            share.tax = share.tax.checked_add(tax).ok_or(PricingError::TooMuch)?;
        }
        let tax_included =
            Amount::checked_sum(taxes.iter().map(|share| share.tax)).ok_or(PricingError::TooMuch)?;
        Ok(Quote { subtotal: self.subtotal, shipping, total, tax_included, taxes })
    }
}

/// The parts of the delivery price, one for each tax class that the goods have, in the order of the settings.
fn delivery_shares(lines: &[GoodsLine], settings: &ShopSettings, shipping: Amount) -> Vec<Amount> {
    let classes =
        settings.tax_classes.iter().filter(|class| lines.iter().any(|line| line.record.tax == class.id));
    let (mut weights, mut rates) = (Vec::new(), Vec::new());
    for class in classes {
        let of_class = lines.iter().filter(|line| line.record.tax == class.id);
        weights.push(of_class.fold(0_i64, |sum, line| sum.saturating_add(line.total.minor())));
        rates.push(class.rate);
    }
    shipping.split_by(&weights).unwrap_or_else(|| {
        // Goods that cost nothing have no value to share by: the highest of their rates applies.
        let highest = rates.iter().max().copied();
        let mut left = Some(shipping);
        rates
            .iter()
            .map(|rate| if Some(*rate) == highest { left.take().unwrap_or_default() } else { Amount::ZERO })
            .collect()
    })
}

#[cfg(test)]
mod tests;

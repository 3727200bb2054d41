//! Prices always add up.

use ipswich_catalog::currency::Currency;
use ipswich_catalog::settings::OfflinePayment;
use ipswich_catalog::shipping::ShippingKind;
use ipswich_catalog::tax::TaxClass;
use ipswich_catalog::{Locale, Slug, amount::AMOUNT_MAX_MINOR};
use proptest::prelude::*;

use super::*;

fn settings() -> ShopSettings {
    let class = |id: &str, rate| TaxClass {
        id: id.to_owned(),
        title: format!("VAT {id}"),
        rate: BasisPoints::new(rate).unwrap(),
    };
    ShopSettings {
        name: "Shop".into(),
        tagline: String::new(),
        base_url: "https://shop.example".into(),
        language: Locale::EnGb,
        currency: Currency::Gbp,
        email: "hello@shop.example".into(),
        phone: String::new(),
        address: vec![],
        hours: String::new(),
        legal: String::new(),
        announcement: None,
        tax_classes: vec![class("standard", 2000), class("reduced", 500), class("zero", 0)],
        shipping: vec![],
        countries: vec![],
        offline: OfflinePayment { term_days: 7, bank: vec![] },
    }
}

fn item(n: usize, minor: i64, tax: &str, quantity: u32) -> (Sku, SkuRecord, Quantity) {
    let record = SkuRecord {
        product: Slug::parse("thing").unwrap(),
        url: "/product/thing/".into(),
        title: "Thing".into(),
        options: vec![],
        unit: Amount::from_minor(minor).unwrap(),
        tax: tax.into(),
        weight: 100,
        opening_stock: 1,
        image: None,
        translations: Default::default(),
    };
    (Sku::parse(&format!("SKU-{n}")).unwrap(), record, Quantity::new(quantity).unwrap())
}

fn delivery(minor: i64) -> ShippingMethod {
    ShippingMethod {
        id: "standard".into(),
        title: "Standard".into(),
        note: String::new(),
        kind: ShippingKind::Delivery,
        price: Amount::from_minor(minor).unwrap(),
        free_from: None,
        weight_min: 0,
        weight_below: None,
        countries: vec!["GB".into()],
    }
}

fn taxes(items: Vec<(Sku, SkuRecord, Quantity)>, shipping: i64) -> Vec<(i64, i64)> {
    let goods = Goods::price(items, &settings()).unwrap();
    let quote = goods.quote(&delivery(shipping), &settings()).unwrap();
    quote.taxes.iter().map(|share| (share.gross.minor(), share.tax.minor())).collect()
}

#[test]
fn delivery_follows_the_goods() {
    // A jumper at 20 % and a book at 0 %, both £30: half of the delivery is taxed.
    let mixed = vec![item(1, 3000, "standard", 1), item(2, 3000, "zero", 1)];
    assert_eq!(taxes(mixed, 395), [(3198, 533), (3197, 0)]);
    assert_eq!(taxes(vec![item(1, 3000, "zero", 1)], 395), [(3395, 0)], "books travel without tax");
    assert_eq!(taxes(vec![item(1, 0, "zero", 1), item(2, 0, "reduced", 1)], 395), [(395, 19), (0, 0)]);
}

#[test]
fn what_cannot_be_priced_is_an_error() {
    let too_much = Goods::price(vec![item(1, AMOUNT_MAX_MINOR, "zero", 2)], &settings());
    assert_eq!(too_much.err(), Some(PricingError::TooMuch));
    let unknown = Goods::price(vec![item(1, 1, "luxury", 1)], &settings());
    assert_eq!(unknown.err(), Some(PricingError::UnknownTaxClass("luxury".to_owned())));
}

proptest! {
    #[test]
    fn sums_equal_totals(
        items in prop::collection::vec((0i64..=20_000, 0usize..3, 1u32..=40), 1..30),
        shipping in 0i64..=100_000,
    ) {
        let classes = ["standard", "reduced", "zero"];
        let items = items.iter().enumerate().map(|(n, (minor, class, quantity))| item(n, *minor, classes[*class], *quantity));
        let goods = Goods::price(items.collect(), &settings()).unwrap();
        let quote = goods.quote(&delivery(shipping), &settings()).unwrap();
        let sum = |parts: &mut dyn Iterator<Item = Amount>| Amount::checked_sum(parts).unwrap();
        prop_assert_eq!(sum(&mut goods.lines.iter().map(|line| line.total)), quote.subtotal);
        prop_assert_eq!(quote.subtotal.minor() + shipping, quote.total.minor());
        prop_assert_eq!(sum(&mut quote.taxes.iter().map(|share| share.gross)), quote.total);
        prop_assert_eq!(sum(&mut quote.taxes.iter().map(|share| share.tax)), quote.tax_included);
        prop_assert!(quote.tax_included.minor() >= goods.tax_included.minor());
        for share in &quote.taxes {
            prop_assert!(share.tax <= share.gross);
        }
    }
}

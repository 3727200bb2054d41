//! Prices always add up.

use ipswich_catalog::currency::Currency;
use ipswich_catalog::promotion::{Effect, Promotion};
use ipswich_catalog::settings::{Country, OfflinePayment};
use ipswich_catalog::shipping::ShippingTier;
use ipswich_catalog::tax::CountryRate;
use ipswich_catalog::{Locale, Slug, amount::AMOUNT_MAX_MINOR};
use proptest::prelude::*;

mod coupons;

use super::*;
use crate::coupon::{Code, NO_LIMIT, Scope};

fn settings() -> ShopSettings {
    let rate = |points| BasisPoints::new(points).unwrap();
    let class = |id: &str, points, german| TaxClass {
        id: id.to_owned(),
        title: format!("VAT {}", rate(points)),
        rate: rate(points),
        rates: vec![CountryRate {
            country: "DE".into(),
            title: format!("VAT {}", rate(german)),
            rate: rate(german),
        }],
    };
    let country = |code: &str| Country { code: code.to_owned(), name: code.to_owned() };
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
        prices: Prices::Gross,
        tax_classes: vec![class("standard", 2000, 1900), class("reduced", 500, 700), class("zero", 0, 700)],
        shipping: vec![],
        promotions: vec![],
        countries: vec![country("GB"), country("DE")],
        offline: OfflinePayment { term_days: 7, bank: vec![] },
    }
}

fn amount(minor: i64) -> Amount {
    Amount::from_minor(minor).unwrap()
}

fn item(n: usize, minor: i64, tax: &str, quantity: u32) -> (Sku, SkuRecord, Quantity) {
    let record = SkuRecord {
        product: Slug::parse("thing").unwrap(),
        url: "/product/thing/".into(),
        title: "Thing".into(),
        options: vec![],
        unit: amount(minor),
        tax: tax.into(),
        weight: 100,
        opening_stock: 1,
        image: None,
        translations: Default::default(),
        brand: String::new(),
        categories: vec![],
        promotions: vec![],
    };
    (Sku::parse(&format!("SKU-{n}")).unwrap(), record, Quantity::new(quantity).unwrap())
}

fn delivery(minor: i64) -> ShippingMethod {
    ShippingMethod {
        id: "standard".into(),
        title: "Standard".into(),
        note: String::new(),
        kind: ShippingKind::Delivery,
        price: amount(minor),
        tiers: vec![],
        free_from: None,
        weight_min: 0,
        weight_below: None,
        subtotal_min: Amount::ZERO,
        subtotal_below: None,
        countries: vec!["GB".into(), "DE".into()],
    }
}

/// A promotion for everything that is combinable.
fn promotion(id: &str, effect: Effect) -> Promotion {
    Promotion {
        id: id.to_owned(),
        title: format!("The {id} sale"),
        effect,
        everything: true,
        minimum: Amount::ZERO,
        from: None,
        until: None,
        combinable: true,
    }
}

/// A coupon for everything that goes together with nothing.
fn coupon(code: &str, effect: Effect) -> Coupon {
    Coupon {
        code: Code::parse(code).unwrap(),
        title: format!("{code} for you"),
        effect,
        scope: Scope::default(),
        minimum: Amount::ZERO,
        from: None,
        until: None,
        uses_max: NO_LIMIT,
        per_customer: 1,
        with_promotions: false,
        with_coupons: false,
    }
}

fn percent(points: u32) -> Effect {
    Effect::Percent(BasisPoints::new(points).unwrap())
}

fn quote_to(
    country: &str,
    items: Vec<(Sku, SkuRecord, Quantity)>,
    method: &ShippingMethod,
    settings: &ShopSettings,
) -> Quote {
    let way = Way { method: Some(method), country, now: 1_000, coupons: &[] };
    Goods::price(items, settings).unwrap().quote(way, settings).unwrap()
}

fn taxes(items: Vec<(Sku, SkuRecord, Quantity)>, shipping: i64) -> Vec<(i64, i64)> {
    shares(&quote_to("GB", items, &delivery(shipping), &settings()))
}

fn shares(quote: &Quote) -> Vec<(i64, i64)> {
    quote.taxes.iter().map(|share| (share.gross.minor(), share.tax.minor())).collect()
}

fn applied(quote: &Quote) -> Vec<(&str, i64)> {
    quote.promotions.iter().map(|applied| (applied.id.as_str(), applied.discount.minor())).collect()
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
    let net = ShopSettings { prices: Prices::Net, ..settings() };
    let too_much = Goods::price(vec![item(1, 90_000_000, "zero", 1)], &net);
    assert_eq!(too_much.err(), Some(PricingError::TooMuch), "another country may tax it");
}

#[test]
fn the_tax_in_a_price_follows_the_country_and_the_price_does_not() {
    let goods =
        || vec![item(1, 11_900, "standard", 1), item(2, 10_700, "zero", 1), item(3, 1070, "reduced", 1)];
    let at_home = quote_to("GB", goods(), &delivery(0), &settings());
    assert_eq!(shares(&at_home), [(11_900, 1983), (1070, 51), (10_700, 0)]);
    let abroad = quote_to("DE", goods(), &delivery(0), &settings());
    assert_eq!(shares(&abroad), [(11_900, 1900), (11_770, 770)], "classes taxed alike are one line");
    assert_eq!((at_home.total, abroad.total, abroad.tax), (amount(23_670), amount(23_670), Amount::ZERO));
    let fetched = ShippingMethod { kind: ShippingKind::Collection, ..delivery(0) };
    assert_eq!(quote_to("DE", goods(), &fetched, &settings()).taxes, at_home.taxes, "sold in the shop");
}

#[test]
fn tax_is_added_to_net_prices() {
    let net = ShopSettings { prices: Prices::Net, ..settings() };
    let goods = || vec![item(1, 1250, "standard", 1), item(2, 1000, "zero", 2)];
    let at_home = quote_to("GB", goods(), &delivery(390), &net);
    // 12.50 and 1.50 of the delivery at 20 %.
    assert_eq!(shares(&at_home), [(1680, 280), (2240, 0)]);
    assert_eq!((at_home.tax, at_home.tax_included, at_home.total), (amount(280), amount(280), amount(3920)));
    let abroad = quote_to("DE", goods(), &delivery(390), &net);
    assert_eq!(shares(&abroad), [(1667, 267), (2397, 157)]);
    assert_eq!((abroad.subtotal, abroad.shipping, abroad.total), (amount(3250), amount(390), amount(4064)));
}

#[test]
fn tax_is_on_what_is_left_after_a_promotion() {
    let sale = ShopSettings { promotions: vec![promotion("sale", percent(2500))], ..settings() };
    let goods = vec![item(1, 1200, "standard", 1), item(2, 1001, "zero", 1)];
    let quote = quote_to("GB", goods, &delivery(0), &sale);
    assert_eq!(applied(&quote), [("sale", 550)], "550.25 rounds down");
    let cuts: Vec<i64> = quote.lines.iter().map(|line| line.discount.minor()).collect();
    assert_eq!((cuts.as_slice(), shares(&quote)), ([300, 250].as_slice(), vec![(900, 150), (751, 0)]));
}

#[test]
fn the_best_choice_for_the_shopper_wins() {
    let alone = |promotion| Promotion { combinable: false, ..promotion };
    let offer = |promotions: &[Promotion], minor| {
        let settings = ShopSettings { promotions: promotions.to_vec(), ..settings() };
        let method = ShippingMethod { free_from: Some(amount(6000)), ..delivery(395) };
        let quote = quote_to("GB", vec![item(1, minor, "standard", 1)], &method, &settings);
        (
            applied(&quote).into_iter().map(|(id, cut)| (id.to_owned(), cut)).collect::<Vec<_>>(),
            quote.total.minor(),
        )
    };
    let one = |id: &str, cut| vec![(id.to_owned(), cut)];
    let fiver = promotion("fiver", Effect::Amount(amount(500)));
    let tenth = promotion("tenth", percent(1000));
    let post = promotion("post", Effect::FreeDelivery(vec![]));
    // Together: a tenth first, then the fiver.
    assert_eq!(offer(&[fiver.clone(), tenth.clone()], 4000).1, 3100 + 395);
    // Alone: the better one, and the first of two that are as good.
    let apart = [alone(fiver.clone()), alone(tenth.clone())];
    assert_eq!(offer(&apart, 4000), (one("fiver", 500), 3895));
    assert_eq!(offer(&apart, 5500), (one("tenth", 550), 5345));
    assert_eq!(offer(&apart, 5000), (one("fiver", 500), 4895));
    // One that is not combinable does not join those that are.
    assert_eq!(offer(&[alone(fiver.clone()), tenth.clone(), post.clone()], 1000).1, 895);
    assert_eq!(offer(&[alone(fiver.clone()), tenth.clone(), post.clone()], 2000).1, 1800);
    // An amount is never more than the goods, and free delivery is named only where it was not free.
    assert_eq!(offer(std::slice::from_ref(&fiver), 300), (one("fiver", 300), 395));
    assert_eq!(offer(std::slice::from_ref(&post), 300), (one("post", 0), 300));
    assert_eq!(offer(std::slice::from_ref(&post), 6000), (vec![], 6000));
    // A promotion that would cost the free delivery more than it gives does not apply.
    assert_eq!(offer(&[promotion("hundredth", percent(100))], 6000), (vec![], 6000));
}

#[test]
fn promotions_know_their_goods_their_days_and_their_minimum() {
    let of = |promotion: Promotion, now| {
        let settings = ShopSettings { promotions: vec![promotion], ..settings() };
        let (mut goods, other) = (item(1, 1000, "standard", 2), item(2, 9000, "standard", 1));
        goods.1.promotions = vec!["sale".to_owned()];
        let way = Way { method: None, country: "GB", now, coupons: &[] };
        let quote = Goods::price(vec![goods, other], &settings).unwrap().quote(way, &settings).unwrap();
        quote.discount.minor()
    };
    let some = Promotion { everything: false, ..promotion("sale", percent(5000)) };
    assert_eq!(of(some.clone(), 0), 1000);
    assert_eq!(of(Promotion { id: "other".into(), ..some.clone() }, 0), 0, "no goods of it");
    assert_eq!(of(Promotion { minimum: amount(2000), ..some.clone() }, 0), 1000);
    assert_eq!(of(Promotion { minimum: amount(2001), ..some.clone() }, 0), 0, "other goods do not count");
    let days = Promotion { from: Some(100), until: Some(200), ..some };
    assert_eq!([99, 100, 199, 200].map(|now| of(days.clone(), now)), [0, 1000, 1000, 0]);
}

#[test]
fn free_delivery_names_its_methods() {
    let post = promotion("post", Effect::FreeDelivery(vec!["standard".to_owned()]));
    let settings = ShopSettings { promotions: vec![post], ..settings() };
    let goods = || vec![item(1, 1000, "standard", 1)];
    assert_eq!(quote_to("GB", goods(), &delivery(395), &settings).shipping, Amount::ZERO);
    let pallet = ShippingMethod { id: "pallet".into(), ..delivery(1495) };
    assert_eq!(quote_to("GB", goods(), &pallet, &settings).shipping, amount(1495));
}

/// What a promotion takes off: a part, an amount, or the delivery.
fn any_promotions() -> impl Strategy<Value = Vec<Promotion>> {
    let effect = prop_oneof![
        (1u32..=10_000).prop_map(percent),
        (1i64..=1_000_000).prop_map(|minor| Effect::Amount(amount(minor))),
        Just(Effect::FreeDelivery(vec![])),
    ];
    let one = (effect, any::<bool>(), any::<bool>(), 0i64..=50_000);
    prop::collection::vec(one, 0..5).prop_map(|all| {
        let make = |(n, (effect, everything, combinable, minimum))| Promotion {
            everything,
            combinable,
            minimum: amount(minimum),
            ..promotion(&format!("p{n}"), effect)
        };
        all.into_iter().enumerate().map(make).collect()
    })
}

fn any_coupons() -> impl Strategy<Value = Vec<Coupon>> {
    let effect = prop_oneof![
        (1u32..=10_000).prop_map(percent),
        (1i64..=1_000_000).prop_map(|minor| Effect::Amount(amount(minor))),
        Just(Effect::FreeDelivery(vec![])),
    ];
    let scope = prop::sample::select(vec!["", "brand", "category", "product"]);
    let one = (effect, scope, any::<bool>(), any::<bool>(), 0i64..=50_000);
    prop::collection::vec(one, 0..=3).prop_map(|all| {
        let make = |(n, (effect, scope, with_promotions, with_coupons, minimum))| {
            let named = |what: &str, name: &str| if scope == what { vec![name.to_owned()] } else { vec![] };
            Coupon {
                scope: Scope {
                    products: named("product", "thing"),
                    categories: named("category", "home/c1"),
                    brands: named("brand", "Brand 1"),
                },
                with_promotions,
                with_coupons,
                minimum: amount(minimum),
                ..coupon(&format!("CODE{n}"), effect)
            }
        };
        all.into_iter().enumerate().map(make).collect()
    })
}

proptest! {
    #[test]
    fn sums_equal_totals(
        items in prop::collection::vec((0i64..=20_000, 0usize..3, 1u32..=40, 0u8..32), 1..30),
        shipping in 0i64..=100_000,
        promotions in any_promotions(),
        coupons in any_coupons(),
        net in any::<bool>(),
        country in prop::sample::select(vec!["GB", "DE"]),
        currency in prop::sample::select(Currency::ALL.to_vec()),
    ) {
        let prices = if net { Prices::Net } else { Prices::Gross };
        let settings = ShopSettings { promotions, prices, currency, ..settings() };
        let classes = ["standard", "reduced", "zero"];
        let goods = items.iter().enumerate().map(|(n, (minor, class, quantity, scope))| {
            let mut item = item(n, *minor, classes[*class], *quantity);
            item.1.brand = format!("Brand {}", scope % 3);
            item.1.categories = vec![format!("home/c{}", scope % 4)];
            item.1.promotions = (0..5).filter(|bit| scope >> bit & 1 == 1).map(|bit| format!("p{bit}")).collect();
            item
        });
        let goods = Goods::price(goods.collect(), &settings).unwrap();
        let method = ShippingMethod {
            tiers: vec![ShippingTier { weight_below: 1000, price: amount(shipping / 2) }],
            free_from: Some(amount(100_000)),
            ..delivery(shipping)
        };
        let coupons: Vec<&Coupon> = coupons.iter().collect();
        let way = Way { method: Some(&method), country, now: 0, coupons: &coupons };
        let quote = goods.quote(way, &settings).unwrap();
        let sum = |parts: &mut dyn Iterator<Item = Amount>| Amount::checked_sum(parts).unwrap();
        prop_assert_eq!(sum(&mut goods.lines.iter().map(|line| line.total)), quote.subtotal);
        prop_assert_eq!(sum(&mut quote.lines.iter().map(|line| line.discount)), quote.discount);
        prop_assert_eq!(sum(&mut quote.promotions.iter().map(|applied| applied.discount)), quote.discount);
        prop_assert_eq!(
            quote.subtotal.minor() - quote.discount.minor() + quote.shipping.minor() + quote.tax.minor(),
            quote.total.minor()
        );
        prop_assert_eq!(sum(&mut quote.taxes.iter().map(|share| share.gross)), quote.total);
        prop_assert_eq!(sum(&mut quote.taxes.iter().map(|share| share.tax)), quote.tax_included);
        prop_assert_eq!(quote.tax, if net { quote.tax_included } else { Amount::ZERO });
        for applied in &quote.promotions {
            prop_assert_eq!(sum(&mut applied.shares.iter().copied()), applied.discount);
        }
        for (index, (line, share)) in goods.lines.iter().zip(&quote.lines).enumerate() {
            let shares = &mut quote.promotions.iter().map(|applied| applied.shares[index]);
            prop_assert_eq!(sum(shares), share.discount);
            prop_assert!(share.discount <= line.total);
            // Half a unit of rounding at most, checked by multiplying out.
            let left = i128::from(line.total.minor() - share.discount.minor());
            let (rate, tax) = (i128::from(share.rate.get()), i128::from(share.tax.minor()));
            let divisor = if net { 10_000 } else { 10_000 + rate };
            prop_assert!((tax * divisor - left * rate).abs() * 2 <= divisor);
        }
        for share in &quote.taxes {
            prop_assert!(share.tax <= share.gross);
        }
        // No choice the shopper could have made costs less.
        for offers in discount::choices(&goods.lines, &settings, way) {
            prop_assert!(goods.quote_with(&offers, way, &settings).unwrap().total >= quote.total);
        }
        // What is written for people adds up as well.
        let written = |amount: Amount| settings.money_format().decimal(amount);
        let read = |text: String| Amount::parse_decimal(&text, currency.decimals()).unwrap();
        prop_assert_eq!(sum(&mut quote.taxes.iter().map(|share| read(written(share.gross)))), quote.total);
    }
}

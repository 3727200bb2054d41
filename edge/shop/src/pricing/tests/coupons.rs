//! What coupons take off, and what goes together.

use super::*;
use crate::coupon::Bar;

/// What the best quote for £40 of mugs and £10 of books takes off with these coupons.
fn with_coupons(promotions: Vec<Promotion>, coupons: &[Coupon]) -> Vec<(String, i64)> {
    let settings = ShopSettings { promotions, ..settings() };
    let (mut mugs, books) = (item(1, 4000, "standard", 1), item(2, 1000, "zero", 1));
    mugs.1.categories = vec!["home/mugs".to_owned()];
    mugs.1.brand = "Deben".to_owned();
    let coupons: Vec<&Coupon> = coupons.iter().collect();
    let method = delivery(395);
    let way = Way { method: Some(&method), country: "GB", now: 0, coupons: &coupons };
    let quote = Goods::price(vec![mugs, books], &settings).unwrap().quote(way, &settings).unwrap();
    applied(&quote).into_iter().map(|(id, cut)| (id.to_owned(), cut)).collect()
}

fn cuts(cuts: &[(&str, i64)]) -> Vec<(String, i64)> {
    cuts.iter().map(|(id, cut)| ((*id).to_owned(), *cut)).collect()
}

#[test]
fn coupons_know_their_goods() {
    let scoped = |scope: Scope| [Coupon { scope, ..coupon("HALF", percent(5000)) }];
    let named = |name: &str| vec![name.to_owned()];
    let of = |scope: Scope| with_coupons(vec![], &scoped(scope));
    assert_eq!(of(Scope::default()), cuts(&[("HALF", 2500)]));
    assert_eq!(of(Scope { categories: named("home"), ..Scope::default() }), cuts(&[("HALF", 2000)]));
    assert_eq!(of(Scope { categories: named("home/mugs"), ..Scope::default() }), cuts(&[("HALF", 2000)]));
    assert_eq!(of(Scope { categories: named("home/mug"), ..Scope::default() }), []);
    assert_eq!(of(Scope { brands: named("Deben"), ..Scope::default() }), cuts(&[("HALF", 2000)]));
    assert_eq!(of(Scope { brands: named("Orwell"), products: named("thing"), ..Scope::default() }).len(), 1);
    let minimum = |minor| Coupon { minimum: amount(minor), ..coupon("HALF", percent(5000)) };
    assert_eq!(with_coupons(vec![], &[minimum(5000)]).len(), 1);
    assert_eq!(with_coupons(vec![], &[minimum(5001)]), []);
    let goods = Goods::price(vec![item(1, 4000, "standard", 1)], &settings()).unwrap();
    assert_eq!(coupon_barred(&minimum(5001), &goods.lines), Some(Bar::Minimum(amount(1001))));
}

#[test]
fn coupons_go_together_only_with_what_they_say() {
    let sale = promotion("sale", percent(1000));
    let fiver = coupon("FIVER", Effect::Amount(amount(500)));
    let tenth = coupon("TENTH", percent(1000));
    let post = coupon("POST", Effect::FreeDelivery(vec![]));
    let social = |coupon: &Coupon| Coupon { with_coupons: true, ..coupon.clone() };
    let open = |coupon: &Coupon| Coupon { with_promotions: true, ..coupon.clone() };
    // Apart: the best one; what costs the same without a coupon keeps the coupon.
    assert_eq!(with_coupons(vec![], &[post.clone(), fiver.clone()]), cuts(&[("FIVER", 500)]));
    assert_eq!(with_coupons(vec![sale.clone()], std::slice::from_ref(&fiver)), cuts(&[("sale", 500)]));
    // Both coupons must agree to be together.
    assert_eq!(with_coupons(vec![], &[social(&post), fiver.clone()]), cuts(&[("FIVER", 500)]));
    assert_eq!(
        with_coupons(vec![], &[social(&post), social(&fiver), social(&tenth)]),
        cuts(&[("TENTH", 500), ("FIVER", 500), ("POST", 0)])
    );
    // So must a coupon and a promotion; parts come before amounts.
    assert_eq!(with_coupons(vec![sale.clone()], &[open(&fiver)]), cuts(&[("sale", 500), ("FIVER", 500)]));
    assert_eq!(with_coupons(vec![sale.clone()], &[open(&tenth)]), cuts(&[("sale", 500), ("TENTH", 450)]));
    let stubborn = Promotion { combinable: false, ..sale.clone() };
    assert_eq!(with_coupons(vec![stubborn], &[open(&fiver)]), cuts(&[("sale", 500)]));
    let both = |coupon: &Coupon| open(&social(coupon));
    assert_eq!(
        with_coupons(vec![sale], &[both(&fiver), social(&post)]),
        cuts(&[("sale", 500), ("FIVER", 500)]),
        "the third would send the promotion away"
    );
}

#[test]
fn everything_off_leaves_nothing_to_pay() {
    for (currency, minor) in [(Currency::Jpy, 1999), (Currency::Gbp, 1999), (Currency::Kwd, 19_999)] {
        for prices in [Prices::Gross, Prices::Net] {
            let settings = ShopSettings { currency, prices, ..settings() };
            let all = coupon("ALL", percent(10_000));
            let post = Coupon { with_coupons: true, ..coupon("POST", Effect::FreeDelivery(vec![])) };
            let coupons = [&Coupon { with_coupons: true, ..all }, &post];
            let method = delivery(395);
            let way = Way { method: Some(&method), country: "DE", now: 0, coupons: &coupons };
            let goods = vec![item(1, minor, "standard", 3), item(2, minor, "reduced", 1)];
            let quote = Goods::price(goods, &settings).unwrap().quote(way, &settings).unwrap();
            assert_eq!((quote.total, quote.tax, quote.tax_included), Default::default());
            assert_eq!(quote.discount, quote.subtotal);
            assert!(quote.taxes.iter().all(|share| share.gross.is_zero() && share.tax.is_zero()));
        }
    }
}

#[test]
fn money_is_counted_in_the_units_of_its_currency() {
    // Three at 333 yen, 3.33 pounds and 0.333 dinar, a tenth off: the same whole units, written differently.
    for (currency, written) in [(Currency::Jpy, "899"), (Currency::Gbp, "8.99"), (Currency::Kwd, "0.899")] {
        let settings = ShopSettings { currency, ..settings() };
        let tenth = coupon("TENTH", percent(1000));
        let way = Way { method: None, country: "GB", now: 0, coupons: &[&tenth] };
        let goods = vec![item(1, 333, "standard", 3)];
        let quote = Goods::price(goods, &settings).unwrap().quote(way, &settings).unwrap();
        assert_eq!(settings.money_format().decimal(quote.total), written);
        // 149.83 of 899 are tax at 20 %, and 149.5 of 897 would be 150: half a unit goes up.
        assert_eq!(quote.tax_included, amount(150));
    }
}

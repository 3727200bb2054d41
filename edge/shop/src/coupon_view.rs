//! The codes in a cart as shoppers see them: what each takes off, or why it does not. Pure.

use ipswich_catalog::Messages;
use ipswich_catalog::settings::ShopSettings;

use crate::basket::Basket;
use crate::cart::Cart;
use crate::coupon::{Bar, Code, Known};
use crate::pricing::{Applied, Goods, Quote, coupon_barred};
use crate::texts;
use crate::views::CouponView;

/// What codes are looked at with.
#[derive(Clone, Copy)]
pub(crate) struct Speaker<'a> {
    pub(crate) settings: &'a ShopSettings,
    pub(crate) messages: &'a Messages,
    /// In Unix seconds.
    pub(crate) now: i64,
}

impl Speaker<'_> {
    /// Every code of a cart, with what it does in this quote.
    pub(crate) fn views(
        &self,
        basket: &Basket,
        goods: Option<&Goods>,
        quote: Option<&Quote>,
    ) -> Vec<CouponView> {
        let codes = basket.cart.iter().flat_map(Cart::codes);
        codes.map(|code| self.view(code, basket, goods, quote)).collect()
    }

    /// Sentences about codes that cannot be used any more.
    pub(crate) fn lost(&self, basket: &Basket) -> Vec<String> {
        let barred = |known: &Known| Some(self.sentence(&known.coupon.code, &known.barred(self.now)?));
        basket.coupons_in_order().filter_map(barred).collect()
    }

    fn view(&self, code: &Code, basket: &Basket, goods: Option<&Goods>, quote: Option<&Quote>) -> CouponView {
        let known = basket.coupons.iter().find(|known| known.coupon.code == *code);
        let applied = quote.and_then(|quote| of_code(&quote.promotions, code));
        let problem = match (known, applied) {
            _ if basket.unreachable.is_some() => Some(self.messages.say(&texts::COUPON_UNCHECKED, &[])),
            (_, Some(_)) => None,
            (None, None) => Some(self.sentence(code, &Bar::Unknown)),
            (Some(known), None) => Some(self.sentence(code, &self.bar(known, basket, goods, quote))),
        };
        CouponView {
            code: code.as_str().to_owned(),
            title: known.map_or_else(String::new, |known| known.coupon.title.clone()),
            discount: applied.map_or(0, |applied| applied.discount.minor()),
            applied: applied.is_some(),
            problem,
        }
    }

    /// Why a coupon is not in a quote.
    fn bar(&self, known: &Known, basket: &Basket, goods: Option<&Goods>, quote: Option<&Quote>) -> Bar {
        let coupon = &known.coupon;
        let by_goods = || goods.and_then(|goods| coupon_barred(coupon, &goods.lines));
        let rival = |applied: &&Applied| {
            if applied.is_coupon {
                let other = basket.coupons.iter().find(|known| known.coupon.code.as_str() == applied.id);
                !(coupon.with_coupons && other.is_some_and(|other| other.coupon.with_coupons))
            } else {
                let promotion = self.settings.promotions.iter().find(|known| known.id == applied.id);
                !(coupon.with_promotions && promotion.is_some_and(|promotion| promotion.combinable))
            }
        };
        let by_others = || {
            let rival = quote?.promotions.iter().find(rival)?;
            Some(Bar::NotTogether(rival.title.clone()))
        };
        known.barred(self.now).or_else(by_goods).or_else(by_others).unwrap_or(Bar::NothingToGain)
    }

    /// Why a code takes nothing off, in a sentence.
    pub(crate) fn sentence(&self, code: &Code, bar: &Bar) -> String {
        let code = ("code", code.as_str());
        let say = |text, values: &[(&str, &str)]| self.messages.say(text, values);
        match bar {
            Bar::Unknown => say(&texts::COUPON_UNKNOWN, &[]),
            Bar::NotYet(from) => {
                let day = ipswich_theme::date(self.messages.locale, *from);
                say(&texts::COUPON_NOT_YET, &[code, ("day", &day)])
            }
            Bar::Ended => say(&texts::COUPON_ENDED, &[code]),
            Bar::UsedUp => say(&texts::COUPON_USED_UP, &[code]),
            Bar::UsedByYou => say(&texts::COUPON_USED, &[code]),
            Bar::OtherGoods => say(&texts::COUPON_OTHER_GOODS, &[code]),
            Bar::Minimum(missing) => {
                let amount = self.settings.money_format().format(*missing);
                say(&texts::COUPON_MINIMUM, &[code, ("amount", &amount)])
            }
            Bar::NotTogether(title) => say(&texts::COUPON_NOT_TOGETHER, &[code, ("title", title)]),
            Bar::NothingToGain => say(&texts::COUPON_NO_GAIN, &[code]),
        }
    }
}

fn of_code<'q>(applied: &'q [Applied], code: &Code) -> Option<&'q Applied> {
    applied.iter().find(|applied| applied.is_coupon && applied.id == code.as_str())
}

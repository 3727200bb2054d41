//! Verbs of card payments.

use super::{Browser, ShopTest};
use crate::stripe::Session;

impl ShopTest {
    /// A shop that takes cards, with the usual goods.
    pub async fn with_cards() -> ShopTest {
        ShopTest::with(super::Catalog::usual(), ipswich_shop::Config::for_testing_with_stripe()).await
    }

    /// The newest session that Stripe has for an order.
    #[track_caller]
    pub fn session(&self, order: &str) -> Session {
        self.stripe.session_of(order).unwrap_or_else(|| panic!("no session for {order}"))
    }

    /// The state of an order in the books.
    pub async fn state(&self, order: &str) -> String {
        let sql = "select state from orders where id = ?1";
        let rows = self.rows(sql, vec![order.into()]).await;
        rows.first().and_then(|row| row["state"].as_str()).unwrap_or("none").to_owned()
    }
}

impl Browser {
    /// Fills in the checkout form with a card as the way to pay, and sends it; returns the id of the order.
    pub async fn order_by_card(&mut self) -> String {
        let form = self.fill_in().await.with("payment", "card");
        let page = self.place(&form).await;
        assert_eq!(page.status, 303, "{}", page.body);
        assert!(page.location.ends_with("/pay/"), "{}", page.location);
        page.order_id()
    }

    /// Goes on to Stripe's page, and returns the id of the session.
    pub async fn go_to_stripe(&mut self, order: &str) -> String {
        let page = self.get(&format!("/order/{order}/pay/")).await;
        assert_eq!(page.status, 303, "{}", page.body);
        let session = page.location.strip_prefix("https://checkout.stripe.com/c/pay/");
        session.unwrap_or_else(|| panic!("not Stripe: {}", page.location)).to_owned()
    }

    /// As Stripe sends the shopper back; the page of the order.
    pub async fn come_back(&mut self, order: &str) -> super::Page {
        let page = self.get(&format!("/order/{order}/return/")).await;
        assert_eq!(page.status, 303, "{}", page.body);
        self.get(&page.location).await
    }

    /// As a shopper: gives an order up.
    pub async fn give_up(&mut self, order: &str) -> super::Page {
        self.post(&format!("/order/{order}/cancel/"), &[]).await
    }

    /// As staff: pays money back. The fields are those of the form beside its key and the reason.
    pub async fn refund(&mut self, order: &str, fields: &[(&str, &str)]) -> super::Page {
        let path = format!("/admin/orders/{order}/");
        let key = self.get(&path).await.input("key").unwrap_or_else(|| "0".repeat(26));
        let mut all = vec![("key", key.as_str()), ("reason", "Came back")];
        all.extend_from_slice(fields);
        self.post(&format!("{path}refund/"), &all).await
    }
}

//! Telling somebody when goods are back.

use ipswich_shop::Config;
use ipswich_tests::shop::{Catalog, ShopTest};

async fn asked(shop: &ShopTest) -> i64 {
    shop.number("select count(*) from stock_notice").await
}

#[tokio::test]
async fn who_asked_gets_one_mail_and_is_forgotten() {
    let shop = ShopTest::new().await;
    let page = shop.guest().add("SOLD-OUT", "1").await;
    assert!(page.says("href=\"/notify/?sku=SOLD-OUT\""), "{}", page.body);
    let mut guest = shop.guest();
    let page = guest.get("/notify/?sku=SOLD-OUT").await;
    assert!(page.says("Brass Compass") && page.says("delete it then"), "{}", page.body);
    for _ in 0..3 {
        let page = guest.ask_for("SOLD-OUT", "Grace@Example.com").await;
        assert!(page.status == 200 && page.says("We will write to you"), "{}", page.body);
    }
    guest.ask_for("SOLD-OUT", "grace@example.com").await;
    assert_eq!(asked(&shop).await, 1);
    shop.tick().await;
    assert!(shop.mails.all().is_empty());
    let mut staff = shop.staff().await;
    staff.receive("SOLD-OUT", "3", "N-1").await;
    let (one, two) = tokio::join!(shop.tick(), shop.tick());
    assert_eq!((one.sent + two.sent, one.failed + two.failed), (1, 0));
    let mails = shop.mails.all();
    assert_eq!(
        (mails.len(), mails[0].to.as_str(), mails[0].subject.as_str()),
        (1, "Grace@Example.com", "Brass Compass is back")
    );
    let stop = mails[0].text.split("/notify/stop/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    assert_eq!(stop.len(), 26, "128 bits");
    insta::assert_snapshot!(mails[0].text.replace(&stop, "[id]"));
    assert_eq!(asked(&shop).await, 0, "no personal data is left");
    assert_eq!(shop.number("select count(*) from stock_back").await, 0);
    for sql in ["select * from outbox", "select * from stock_notice", "select * from sign_in"] {
        let text = serde_json::to_string(&shop.rows(sql, vec![]).await).unwrap().to_lowercase();
        assert!(!text.contains("grace@"), "{sql}: {text}");
    }
    shop.finish().await;
}

#[tokio::test]
async fn whatever_makes_goods_available_tells_of_it() {
    for way in ["cancel", "count", "expire"] {
        let shop = ShopTest::new().await;
        let mut guest = shop.guest();
        guest.has("MUG", 5).await;
        let order = guest.check_out().await;
        shop.guest().ask_for("MUG", "ada@example.com").await;
        let mut staff = shop.staff().await;
        match way {
            "cancel" => staff.cancel(&order).await.status,
            "count" => staff.count("MUG", "5", "6").await.status,
            _ => {
                shop.clock.advance(8 * ipswich_tests::shop::DAY);
                303
            }
        };
        shop.tick().await;
        let told = shop.mails.all().iter().filter(|mail| mail.dedupe.starts_with("notice:")).count();
        assert_eq!(told, 1, "{way}");
        shop.finish().await;
    }
}

#[tokio::test]
async fn many_who_wait_are_told_in_rounds() {
    let shop = ShopTest::new().await;
    for n in 0..120 {
        shop.guest().ask_for("SOLD-OUT", &format!("p{n}@example.com")).await;
    }
    let mut staff = shop.staff().await;
    staff.receive("SOLD-OUT", "1", "N-1").await;
    for expected in [50, 100, 120] {
        shop.tick().await;
        assert_eq!(shop.mails.all().len(), expected);
        shop.clock.advance(60);
    }
    assert_eq!(asked(&shop).await, 0);
    shop.finish().await;
}

#[tokio::test]
async fn goods_that_are_gone_again_are_not_promised() {
    let shop = ShopTest::new().await;
    shop.guest().ask_for("SOLD-OUT", "ada@example.com").await;
    let mut staff = shop.staff().await;
    staff.receive("SOLD-OUT", "1", "N-1").await;
    let mut guest = shop.guest();
    guest.has("SOLD-OUT", 1).await;
    let order = guest.check_out().await;
    shop.tick().await;
    assert_eq!(asked(&shop).await, 1, "still waiting");
    staff.cancel(&order).await;
    shop.tick().await;
    assert_eq!(asked(&shop).await, 0);
    shop.finish().await;
}

#[tokio::test]
async fn the_link_in_the_mail_stops_it_after_a_click_on_a_button() {
    let shop = ShopTest::new().await;
    shop.guest().ask_for("SOLD-OUT", "ada@example.com").await;
    let id = shop.rows("select id from stock_notice", vec![]).await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/notify/stop/{id}/");
    let page = shop.guest().get(&path).await;
    assert!(page.says("Do you want no mail?"), "{}", page.body);
    assert_eq!(asked(&shop).await, 1, "looking changes nothing");
    for _ in 0..2 {
        let page = shop.guest().post(&path, &[]).await;
        assert!(page.status == 200 && page.says("Your address is deleted"), "{}", page.body);
    }
    assert_eq!(asked(&shop).await, 0);
    let foreign = shop.guest().send("POST", &path, &[("sec-fetch-site", "cross-site")], None).await;
    assert_eq!(foreign.status, 403);
    for bad in ["x", "..", &"0".repeat(27)] {
        assert_eq!(shop.guest().get(&format!("/notify/stop/{bad}/")).await.status, 404);
    }
    shop.finish().await;
}

#[tokio::test]
async fn what_is_there_needs_no_notice_and_nonsense_is_refused() {
    let shop = ShopTest::new().await;
    let page = shop.guest().ask_for("MUG", "ada@example.com").await;
    assert!(page.status == 200 && page.says("It is in stock"), "{}", page.body);
    for email in ["", "ada", "ada@", "a\r\nb@example.com", "<script>@example.com"] {
        assert_eq!(shop.guest().ask_for("SOLD-OUT", email).await.status, 422, "{email:?}");
    }
    assert_eq!(shop.guest().ask_for("NONE", "ada@example.com").await.status, 404);
    assert_eq!(shop.guest().get("/notify/").await.status, 404);
    let extra = [("sku", "SOLD-OUT"), ("email", "ada@example.com"), ("admin", "1")];
    assert_eq!(shop.guest().post("/notify/", &extra).await.status, 400);
    assert_eq!(asked(&shop).await, 0);
    shop.finish().await;
}

#[tokio::test]
async fn nobody_floods_the_list() {
    let shop = ShopTest::new().await;
    let from = |n: u32| {
        [
            ("sec-fetch-site", "same-origin"),
            ("cf-connecting-ip", if n < 99 { "192.0.2.1" } else { "192.0.2.2" }),
        ]
    };
    let body = |n: u32| Some(format!("sku=SOLD-OUT&email=p{n}%40example.com"));
    for n in 0..12 {
        let page = shop.guest().send("POST", "/notify/", &from(n), body(n)).await;
        assert_eq!(page.status, if n < 10 { 200 } else { 429 }, "{n}");
        assert_eq!(page.header("retry-after").is_empty(), n < 10);
    }
    assert_eq!(asked(&shop).await, 10, "exactly as many as were let in");
    assert_eq!(shop.guest().send("POST", "/notify/", &from(99), body(99)).await.status, 200);
    shop.clock.advance(15 * 60);
    assert_eq!(shop.guest().send("POST", "/notify/", &from(50), body(50)).await.status, 200);
    shop.finish().await;
}

#[tokio::test]
async fn a_notice_is_in_the_language_of_whoever_asked() {
    let shop = ShopTest::with(Catalog::bilingual(), Config::for_testing()).await;
    let mut guest = shop.guest();
    guest.has("MUG", 5).await;
    let order = guest.check_out().await;
    let fields = [("sku", "MUG"), ("email", "grete@example.com")];
    let page = shop.guest().post("/notify/?lang=de", &fields).await;
    assert!(page.says("Wir schreiben Ihnen"), "{}", page.body);
    let mut staff = shop.staff().await;
    staff.cancel(&order).await;
    shop.tick().await;
    let mails = shop.mails.all();
    let mail = mails.iter().find(|mail| mail.dedupe.starts_with("notice:")).unwrap();
    assert_eq!(mail.subject, "Steinzeugbecher ist wieder da");
    assert!(
        mail.text.contains("https://shop.example/de/product/mug/") && mail.text.contains("/?lang=de"),
        "{}",
        mail.text
    );
    shop.finish().await;
}

#[tokio::test]
async fn giving_a_notice_up_and_a_year_of_waiting_forget_it_too() {
    let shop = ShopTest::new().await;
    shop.guest().ask_for("SOLD-OUT", "ada@example.com").await;
    shop.clock.advance(366 * ipswich_tests::shop::DAY);
    shop.tick().await;
    assert_eq!(asked(&shop).await, 0);
    shop.guest().ask_for("SOLD-OUT", "ada@example.com").await;
    let mut staff = shop.staff().await;
    staff.receive("SOLD-OUT", "1", "N-1").await;
    shop.mails.refuse(true);
    for _ in 0..12 {
        shop.tick().await;
        shop.clock.advance(6 * 3_600);
    }
    let mut staff = shop.staff().await;
    let page = staff.get("/admin/outbox/").await;
    assert!(page.says("Mail: goods are back"), "{}", page.body);
    let id = page.input("id").unwrap();
    staff.post("/admin/outbox/", &[("id", &id), ("decision", "give-up")]).await;
    assert_eq!(asked(&shop).await, 0);
    shop.finish().await;
}

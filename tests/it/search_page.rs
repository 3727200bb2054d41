//! `/search/`: results, filters and order without JavaScript, and an answer to any address.

use ipswich_tests::ShopTest;
use proptest::prelude::*;

#[tokio::test]
async fn a_search_finds_mends_and_says_so() {
    let shop = ShopTest::new().await;
    let mut browser = shop.guest();
    let page = browser.get("/search/?q=stonware+mugs").await;
    assert_eq!(page.status, 200);
    for text in [
        "Results for “stonware mugs”",
        "1 product<",
        "<a href=\"/product/mug/\">Stoneware Mug</a>",
        "£12.00",
        "These are the results for “stoneware mugs”.",
        "name=\"robots\" content=\"noindex\"",
    ] {
        assert!(page.body.contains(text), "{text}:\n{}", page.body);
    }
    let page = browser.get("/search/?q=mug+helicopter").await;
    assert!(page.body.contains("Left out: “helicopter”."), "{}", page.body);
    let page = browser.get("/search/?q=qqqqqqq").await;
    assert!(page.status == 200 && page.body.contains("Nothing in the shop fits"), "{}", page.body);
    let page = browser.get("/search/?q=sold-out").await;
    assert!(page.body.contains("Brass Compass"), "{}", page.body);
    shop.finish().await;
}

#[tokio::test]
async fn filters_and_order_are_in_the_address() {
    let shop = ShopTest::new().await;
    let mut browser = shop.guest();
    let page = browser.get("/search/?brand=heron-sons&sort=price-down&utm_source=mail").await;
    let at = |title: &str| page.body.find(&format!("/\">{title}</a>")).unwrap_or(usize::MAX);
    assert!(
        at("Brass Compass") < at("Printed Catalogue") && at("Stoneware Mug") == usize::MAX,
        "{}",
        page.body
    );
    assert!(page.body.contains("name=\"brand\" value=\"heron-sons\" checked"), "{}", page.body);
    assert!(page.body.contains("Brand: Heron &amp; Sons"), "{}", page.body);
    assert!(
        page.body.contains("href=\"/search/?sort=price-down\""),
        "a chip leads to the rest:\n{}",
        page.body
    );
    assert!(!page.body.contains("no such filter"), "{}", page.body);
    let page = browser.get("/search/?price=1000-1999").await;
    assert!(page.body.contains("1 product<") && page.body.contains("Stoneware Mug"), "{}", page.body);
    let page = browser.get("/search/?flavour=sour&brand=nobody&page=99").await;
    assert!(page.body.contains("left out: “flavour”, “brand”."), "{}", page.body);
    assert!(page.body.contains("7 products<"), "{}", page.body);
    shop.finish().await;
}

#[tokio::test]
async fn what_is_written_never_becomes_markup() {
    let shop = ShopTest::new().await;
    let page = shop.guest().get("/search/?q=%3Cscript%3E%22%27&%3Cb%3E=%3Ci%3E").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("value=\"&lt;script&gt;&quot;&#39;\""), "{}", page.body);
    assert!(!page.body.contains("<b>") && !page.body.contains("<i>"), "{}", page.body);
    shop.finish().await;
}

#[tokio::test]
async fn a_damaged_index_is_told_and_mended_with_the_next_release() {
    let shop = ShopTest::new().await;
    let mut browser = shop.guest();
    let path = "_shop/search/head.bin";
    for bytes in [None, Some(Vec::new()), Some(b"IPSX\x01\x00\x01\x00garbage garbage".to_vec())] {
        shop.published.replace(path, bytes);
        shop.app.forget_release();
        let page = browser.get("/search/?q=mug").await;
        assert_eq!(page.status, 503);
        assert!(page.body.contains("Part of the shop does not answer"), "{}", page.body);
    }
    assert!(shop.log.all().iter().any(|line| line.contains(path)), "the log names the file");
    assert_eq!(browser.post("/search/", &[("q", "mug")]).await.status, 405);
    shop.finish().await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_address_has_a_page(query in "([a-z%0-9=&+.]|\\PC){0,120}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let shop = ShopTest::new().await;
            let mut browser = shop.guest();
            let as_is = |one: char| one.is_ascii_alphanumeric() || "=&+%.".contains(one);
            let escape = |one: char| match as_is(one) {
                true => one.to_string(),
                false => one.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
            };
            let escaped: String = query.chars().map(escape).collect();
            let page = browser.get(&format!("/search/?{escaped}")).await;
            assert_eq!(page.status, 200, "{escaped}");
            shop.finish().await;
        });
    }
}

//! What the output may weigh.

use insta::assert_snapshot;
use ipswich_tests::SiteTest;

fn with_budget(budget: &str) -> SiteTest {
    SiteTest::new().append("content/shop.toml", &format!("\n[budget]\n{budget}\n"))
}

#[test]
fn pages_have_a_budget() {
    with_budget("html_kb = 20").build();
    let long = "A long sentence about tea. ".repeat(800);
    let site = with_budget("html_kb = 20").append("content/products/mug.md", &long);
    assert_snapshot!(site.problems(), @r#"
    content/shop.toml:1:1: product/mug.html weighs 25 kB, above the budget of 20 kB
      help: shorten the page, or raise html_kb in [budget]
    "#);
}

#[test]
fn the_plan_takes_so_many_files() {
    let count = SiteTest::new().build().report().files;
    assert!(with_budget(&format!("files = {}", count * 2)).build().report().warnings.is_empty());
    let near = with_budget(&format!("files = {count}")).build();
    assert_eq!(near.report().warnings.len(), 1);
    let told = with_budget("files = 5").problems();
    assert!(told.contains(&format!("the site has {count} files, and the plan takes 5")), "{told}");
}

//! The links at the top of every page: the departments, or what the settings say.

use insta::assert_snapshot;
use ipswich_tests::SiteTest;

fn with_navigation(lines: &str) -> SiteTest {
    SiteTest::new().append("content/shop.toml", &format!("\n[[navigation]]\n{lines}\n"))
}

fn nav_of(site: &SiteTest) -> String {
    let page = site.read("index.html");
    page.lines().filter(|line| line.starts_with("<nav>")).collect()
}

#[test]
fn is_made_of_the_departments_if_nothing_is_said() {
    assert_snapshot!(nav_of(&SiteTest::new().build()), @r#"<nav><a href="/category/home/">Home</a> <a href="/category/home/mugs/">Mugs</a> <a href="/category/clothes/">Clothes</a> </nav>"#);
}

#[test]
fn is_what_the_settings_say() {
    let site = with_navigation(
        "title = \"Gifts\"\nlink = \"/category/home/\"\nchildren = [{ title = \"The mug\", link = \"/product/mug/\" }]\n\
         \n[[navigation]]\ntitle = \"Trade\"\nlink = \"https://trade.example/\"",
    )
    .build();
    assert_snapshot!(nav_of(&site), @r#"<nav><a href="/category/home/">Gifts</a> <a href="/product/mug/">The mug</a> <a href="https://trade.example/">Trade</a> </nav>"#);
}

#[test]
fn leads_to_pages_that_exist() {
    assert_snapshot!(with_navigation("title = \"Mugs\"\nlink = \"/product/mugg/\"").problems(), @r#"
    content/shop.toml:51:8: the link "/product/mugg/" leads nowhere
      51 | link = "/product/mugg/"
         |        ^^^^^^^^^^^^^^^^
      help: did you mean "/product/mug/"?
    "#);
    assert_snapshot!(with_navigation("title = \"Mugs\"\nlink = \"product/mug/\"").problems(), @r#"
    content/shop.toml:51:8: the link "product/mug/" leads nowhere
      51 | link = "product/mug/"
         |        ^^^^^^^^^^^^^^
      help: begin it with "/" for a page of this site, or with "https://" for another
    "#);
    let child =
        "title = \"Mugs\"\nlink = \"/product/mug/\"\nchildren = [{ title = \"More\", link = \"/more/\" }]";
    assert_snapshot!(with_navigation(child).problems(), @r#"
    content/shop.toml:52:38: the link "/more/" leads nowhere
      52 | children = [{ title = "More", link = "/more/" }]
         |                                      ^^^^^^^^
      help: link to /product/<slug>/, /category/<path>/ or /<page>/
    "#);
}

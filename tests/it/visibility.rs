//! Drafts, and what is published from or until a day.

use insta::assert_snapshot;
use ipswich_catalog::published::ShopRecord;
use ipswich_tests::SiteTest;

/// The small shop with a second mug, which nothing refers to, and this line in its front matter.
fn second_mug(line: &str) -> SiteTest {
    let mug =
        include_str!("../src/site/mug.md").replace("MUG-BLUE", "MUG-RED").replace("Blue Mug", "Red Mug");
    SiteTest::new()
        .write("content/products/red-mug.md", mug.replace("stock = 6\n", &format!("stock = 6\n{line}\n")))
}

/// Whether a build on that day publishes the second mug: page, SKU record and lists together.
#[track_caller]
fn is_published(line: &str, day: &str) -> bool {
    let site = second_mug(line).date(day).build();
    let record: ShopRecord = serde_json::from_str(&site.read("_shop/shop.json")).expect("a record");
    let page = site.output().keys().any(|path| path.ends_with("product/red-mug.html"));
    let listed = ["sitemap.xml", "category/home/mugs.html", "index.html", "product/mug.html"]
        .map(|path| site.read(path).to_lowercase().contains("red"));
    assert_eq!(listed, [page; 4], "{line} on {day}");
    assert_eq!(record.skus == 4, page, "{line} on {day}");
    page
}

#[test]
fn drafts_are_not_published() {
    assert!(!is_published("draft = true", "2026-11-23"));
    assert!(is_published("draft = false", "2026-11-23"));
}

#[test]
fn days_bound_what_is_published() {
    let lines = "publish_from = 2026-12-01\npublish_until = 2026-12-24";
    for (day, published) in
        [("2026-11-30", false), ("2026-12-01", true), ("2026-12-24", true), ("2026-12-25", false)]
    {
        assert_eq!(is_published(lines, day), published, "{day}");
    }
}

#[test]
fn editors_may_see_drafts() {
    let site = second_mug("publish_from = 2026-12-01").drafts().build();
    site.check_file("product/red-mug.html", "Red Mug");
}

#[test]
fn editors_see_which_posts_are_drafts() {
    let post =
        "+++\ntitle = \"Tea\"\nsummary = \"About tea.\"\npublished = 2026-11-01\ndraft = true\n+++\nHot.\n";
    let site = SiteTest::new().write("content/blog/tea.md", post);
    site.drafts().build().check_file("blog.html", "<strong class=\"mark\">Draft</strong>");
}

#[test]
fn nothing_leads_to_what_is_hidden() {
    let site = SiteTest::new()
        .replace("content/products/mug.md", "stock = 6\n", "stock = 6\ndraft = true\n")
        .replace("content/home.md", r#"products = ["cap"]"#, r#"products = ["mug"]"#);
    assert_snapshot!(site.problems(), @r#"
    content/home.md:15:13: the product "mug" is a draft
      15 | products = ["mug"]
         |             ^^^^^
      help: remove it here, or publish it: content/products/mug.md:11:9
    content/pages/about.md:8:63: the product "mug" is a draft
      8 | Two people. Write to <https://friends.example> or look at the [mug](/product/mug/).
        |                                                               ^^^^^^^^^^^^^^^^^^^^
      help: remove it here, or publish it: content/products/mug.md:11:9
    content/products/cap.md:11:12: the product "mug" is a draft
      11 | related = ["mug"]
         |            ^^^^^
      help: remove it here, or publish it: content/products/mug.md:11:9
    "#);
}

#[test]
fn the_reason_is_told() {
    let site = SiteTest::new().replace(
        "content/products/mug.md",
        "stock = 6\n",
        "stock = 6\npublish_until = 2026-11-22\n",
    );
    assert_snapshot!(site.problems(), @r#"
    content/pages/about.md:8:63: the product "mug" is not published after 2026-11-22
      8 | Two people. Write to <https://friends.example> or look at the [mug](/product/mug/).
        |                                                               ^^^^^^^^^^^^^^^^^^^^
      help: remove it here, or publish it: content/products/mug.md:11:17
    content/products/cap.md:11:12: the product "mug" is not published after 2026-11-22
      11 | related = ["mug"]
         |            ^^^^^
      help: remove it here, or publish it: content/products/mug.md:11:17
    "#);
}

#[test]
fn what_is_hidden_may_lead_to_what_is_hidden() {
    let hidden = |site: SiteTest, path| site.replace(path, "summary =", "draft = true\nsummary =");
    let site = hidden(hidden(SiteTest::new(), "content/products/mug.md"), "content/products/cap.md")
        .replace("content/home.md", r#"products = ["cap"]"#, "products = []")
        .replace("content/pages/about.md", "the [mug](/product/mug/)", "the mug");
    assert_eq!(site.build().report().products, 0);
}

#[test]
fn draft_is_a_text() {
    assert_snapshot!(second_mug("draft = \"yes\"").problems(), @r#"
    content/products/red-mug.md:11:9: "draft" must be true or false, not a text
      11 | draft = "yes"
         |         ^^^^^
      help: write draft = true
    "#);
}

#[test]
fn days_leave_none_between() {
    let site = second_mug("publish_from = 2026-12-24\npublish_until = 2026-12-01");
    assert_snapshot!(site.problems(), @r#"
    content/products/red-mug.md:12:17: there is no day on which this is published
      12 | publish_until = 2026-12-01
         |                 ^^^^^^^^^^
      help: "publish_until" is the last day and comes after "publish_from"
    "#);
}

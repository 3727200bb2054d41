//! Old addresses: aliases and redirects, and what cannot be one.

use insta::assert_snapshot;
use ipswich_catalog::published::{RedirectShard, redirects_path, shard_of_key};
use ipswich_tests::SiteTest;

fn with_alias(alias: &str) -> SiteTest {
    SiteTest::new().replace(
        "content/products/mug.md",
        "stock = 6\n",
        &format!("stock = 6\naliases = [\"{alias}\"]\n"),
    )
}

fn with_redirects(redirects: &[(&str, &str)]) -> SiteTest {
    redirects.iter().fold(SiteTest::new(), |site, (from, to)| {
        site.append("content/shop.toml", &format!("\n[[redirects]]\nfrom = \"{from}\"\nto = \"{to}\"\n"))
    })
}

#[test]
fn old_addresses_are_listed_for_the_host() {
    let site =
        with_redirects(&[("/shop.php", "/"), ("/history", "/about/#who"), ("/forum/", "https://f.example/")])
            .replace(
                "content/products/mug.md",
                "stock = 6\n",
                "stock = 6\naliases = [\"/products/mug.html\"]\n",
            )
            .replace("content/categories/home.md", "order = 10\n", "order = 10\naliases = [\"/house/\"]\n")
            .replace("content/pages/about.md", "order = 10\n", "order = 10\naliases = [\"/about-us/\"]\n")
            .build();
    assert_snapshot!(site.read("_redirects"), @r#"
    /about-us/ /about/ 301
    /forum/ https://f.example/ 301
    /history /about/#who 301
    /house/ /category/home/ 301
    /products/mug.html /product/mug/ 301
    /shop.php / 301
    "#);
}

#[test]
fn a_shop_without_old_addresses_has_no_list() {
    SiteTest::new().build().check_no_file("_redirects");
}

#[test]
fn aliases_are_no_addresses_of_the_shop() {
    for used in [
        "/product/mug/",
        "/category/home/",
        "/category/home/page/2/",
        "/about/",
        "/cart/",
        "/admin/x/",
        "/",
        "/assets/site.css",
        "/sitemap.xml",
    ] {
        let problems = with_alias(used).problems();
        assert!(problems.contains("is an address of the shop as it is"), "{used}: {problems}");
    }
    assert_snapshot!(with_alias("/product/cap/").problems(), @r#"
    content/products/mug.md:11:12: "/product/cap/" is an address of the shop as it is
      11 | aliases = ["/product/cap/"]
         |            ^^^^^^^^^^^^^^^
      help: an old address leads to another page only when nothing else is there; remove one of the two
    "#);
}

#[test]
fn aliases_are_paths() {
    for text in ["old/", "//x.example/", "/a b/", "/a?b=1", "/a#b", "/a*", "/:slug/", "https://x.example/"] {
        let problems = with_alias(text).problems();
        assert!(problems.contains("is no address that could have been a page"), "{text}: {problems}");
    }
    assert_snapshot!(with_alias("/mug?id=5").problems(), @r##"
    content/products/mug.md:11:12: "/mug?id=5" is no address that could have been a page
      11 | aliases = ["/mug?id=5"]
         |            ^^^^^^^^^^^
      help: write the path as it stood in the address line, such as "/old/mug.html", without "?" and "#"
    "##);
}

#[test]
fn an_address_leads_to_one_page() {
    let site =
        with_alias("/cup/").append("content/shop.toml", "\n[[redirects]]\nfrom = \"/cup/\"\nto = \"/\"\n");
    assert_snapshot!(site.problems(), @r#"
    content/shop.toml:50:8: "/cup/" leads to /product/mug/ already, says content/products/mug.md
      50 | from = "/cup/"
         |        ^^^^^^^
      help: remove one of the two
    "#);
}

#[test]
fn redirects_do_not_lead_on_to_others() {
    let site = with_redirects(&[("/a/", "/b/"), ("/b/", "/about/")]);
    assert_snapshot!(site.problems(), @r#"
    content/shop.toml:51:6: "/b/" is itself an old address
      51 | to = "/b/"
         |      ^^^^^
      help: lead it on at once: to = "/about/"
    "#);
}

#[test]
fn redirects_do_not_go_in_a_circle() {
    let site = with_redirects(&[("/a/", "/b/"), ("/b/", "/a/")]);
    assert_snapshot!(site.problems(), @r#"
    content/shop.toml:51:6: the redirect goes in a circle: /a/ → /b/ → /a/
      51 | to = "/b/"
         |      ^^^^^
      help: lead it to a page
    content/shop.toml:55:6: the redirect goes in a circle: /b/ → /a/ → /b/
      55 | to = "/a/"
         |      ^^^^^
      help: lead it to a page
    "#);
}

#[test]
fn redirects_lead_somewhere() {
    let site = with_redirects(&[("/a/", "/abuot/"), ("/b/", "/about/#whom"), ("/c/", "about")]);
    assert_snapshot!(site.problems(), @r##"
    content/shop.toml:51:6: the link "/abuot/" leads nowhere
      51 | to = "/abuot/"
         |      ^^^^^^^^^
      help: did you mean "/about/"?
    content/shop.toml:55:6: the page has no heading for "#whom"
      55 | to = "/about/#whom"
         |      ^^^^^^^^^^^^^^
      help: did you mean "who"?
    content/shop.toml:59:6: nothing can be at "about"
      59 | to = "about"
         |      ^^^^^^^
      help: begin it with "/" for a page of this site, or with "https://" for another
    "##);
}

#[test]
fn redirects_do_not_lead_to_drafts() {
    let site = with_redirects(&[("/a/", "/product/mug/")])
        .replace("content/products/mug.md", "stock = 6\n", "stock = 6\ndraft = true\n")
        .replace("content/products/cap.md", "related = [\"mug\"]\n", "")
        .replace("content/pages/about.md", "the [mug](/product/mug/)", "the mug");
    assert_snapshot!(site.problems(), @r#"
    content/shop.toml:51:6: the product "mug" is a draft
      51 | to = "/product/mug/"
         |      ^^^^^^^^^^^^^^^
      help: remove it here, or publish it: content/products/mug.md:11:9
    "#);
}

/// The small shop with this many redirects to its page "about".
fn with_many(count: usize) -> SiteTest {
    let many: String =
        (0..count).map(|n| format!("[[redirects]]\nfrom = \"/old/{n}/\"\nto = \"/about/\"\n")).collect();
    SiteTest::new().append("content/shop.toml", &many)
}

#[test]
fn the_shop_answers_what_the_host_does_not_take() {
    let site = with_many(2000).build().check_no_file("_shop/redirects.json");
    assert_eq!(site.read("_redirects").lines().count(), 2000);

    let site = with_many(6000).build();
    assert_eq!(site.read("_redirects").lines().count(), 2000);
    let shards: u32 = serde_json::from_str(&site.read("_shop/redirects.json")).unwrap();
    let mut others = 0;
    for number in 0..shards {
        let file = site.read(&redirects_path(number));
        assert!(file.len() <= 64 * 1024, "shard {number} has {} bytes", file.len());
        let shard: RedirectShard = serde_json::from_str(&file).unwrap();
        assert!(shard.keys().all(|from| shard_of_key(from, shards) == number));
        others += shard.len();
    }
    assert!(shards > 1 && others == 4000, "{others} in {shards} shards");
}

#[test]
fn the_worker_must_see_what_the_shop_answers() {
    let asset_settings =
        |handling: &str| format!("name = \"shop\"\n\n[assets]\n{handling}directory = \"dist\"\n");
    let site = |count, handling| with_many(count).write("wrangler.toml", asset_settings(handling));
    site(2000, "not_found_handling = \"404-page\"\n").build();
    site(2001, "not_found_handling = \"none\"\n").build();
    site(2001, "").build();
    assert_snapshot!(site(2001, "not_found_handling = \"404-page\"\n").problems(), @r#"
    wrangler.toml:4:1: there are 2001 old addresses, the host takes 2000, and the shop does not see the others
      4 | not_found_handling = "404-page"
        | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: write not_found_handling = "none", so that the shop answers what no file does; or remove the aliases and redirects that nobody follows any more
    "#);
}

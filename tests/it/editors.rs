//! The page for editors: its examples are one shop, and that shop has no mistakes.

use ipswich_tests::SiteTest;

const PAGE: &str = include_str!("../../generator/EDITORS.md");

/// The files that the page shows: a path in bold on a line of its own, then the text between two fences.
fn examples() -> Vec<(&'static str, String)> {
    let mut examples = Vec::new();
    let mut lines = PAGE.lines();
    while let Some(line) = lines.next() {
        let Some(path) = line.strip_prefix("**`").and_then(|rest| rest.strip_suffix("`**")) else { continue };
        let inside = lines.by_ref().skip_while(|line| !line.starts_with("```")).skip(1);
        let text: Vec<&str> = inside.take_while(|line| *line != "```").collect();
        examples.push((path, text.join("\n") + "\n"));
    }
    examples
}

#[test]
fn the_examples_are_a_shop_without_mistakes() {
    const DRAWING: &str = include_str!("../src/site/mug.svg");
    let mut site = SiteTest::new();
    for path in ["products/mug.md", "products/cap.md", "categories/home/mugs.md", "categories/home.md"] {
        site = site.remove(&format!("content/{path}"));
    }
    for path in ["categories/clothes.md", "pages/about.md", "images/mug.svg", "images/cap.svg"] {
        site = site.remove(&format!("content/{path}"));
    }
    for name in ["stoneware-mug", "linen-tea-towel"] {
        site = site.write(&format!("content/images/{name}.svg"), DRAWING);
    }
    let examples = examples();
    for kind in
        ["products", "categories", "collections", "promotions", "pages", "blog", "home.md", "shop.toml"]
    {
        let prefix = format!("content/{kind}");
        assert!(examples.iter().any(|(path, _)| path.starts_with(&prefix)), "no example of {kind}");
    }
    let site = examples.iter().fold(site, |site, (path, text)| site.write(path, text)).build();
    assert_eq!(site.report().products, 2);
    site.check_file("product/stoneware-mug.html", "role=\"doc-endnotes\"")
        .check_file("product/stoneware-mug.html", "width=\"400\" height=\"500\"")
        .check_file("collection/new-from-suffolk.html", "Stoneware Mug")
        .check_file("delivery.html", "<summary>What is heavy?</summary>");
}

//! Front matter in TOML and in YAML: the same file written both ways is the same page.

use ipswich_tests::SiteTest;

const MUG: &str = "content/products/mug.md";
const CAP: &str = "content/products/cap.md";

pub(crate) const YAML_MUG: &str = r#"---
title: Blue Mug
sku: MUG-BLUE
brand: 'Orwell Pottery'
category: home/mugs
price: 12.50          # no rounding: these are the digits
compare_at: "15.00"
tax: standard
weight: 400
stock: 6
summary: >
  A mug
  for tea.
published: 2026-10-02
tags:
  - tea
badges: [New]
images:
  - src: mug.svg
    alt: A blue mug
attributes:
  Material: Stoneware
  Capacity: 300 ml
---
"#;

pub(crate) const YAML_CAP: &str = r#"---
title: "Waxed Cap"
sku: CAP
category: clothes
categories: [home]
price: 30.00
tax: standard
weight: 200
summary: A cap for rain.
published: 2026-09-01
related: [mug]
images:
- src: cap.svg
  alt: A green cap
- {src: mug.svg, alt: A mug beside it}
options:
  - name: Size
    values: [S, M]
variants:
  - sku: CAP-S
    options: {Size: S}
    stock: 1
    image: cap.svg
  - sku: CAP-M
    options:
      Size: M
    stock: 2
    price: 32.00
---
"#;

/// The text of a file below its front matter.
fn body(text: &str) -> &str {
    text.splitn(3, "+++\n").nth(2).expect("a text")
}

#[test]
fn a_product_is_the_same_in_toml_and_in_yaml() {
    let toml = SiteTest::new().build();
    let mug = format!("{YAML_MUG}{}", body(include_str!("../src/site/mug.md")));
    let cap = format!("{YAML_CAP}{}", body(include_str!("../src/site/cap.md")));
    let yaml = SiteTest::new().write(MUG, &mug).write(CAP, &cap).build();
    assert!(toml.output() == yaml.output(), "the sites differ");
    let windows = SiteTest::new().write(MUG, mug.replace('\n', "\r\n")).write(CAP, &cap).build();
    assert_eq!(windows.read("_shop/shop.json"), toml.read("_shop/shop.json"));
}

#[test]
fn every_kind_of_file_may_be_yaml() {
    let toml = SiteTest::new().build();
    let about = body(include_str!("../src/site/about.md"));
    let yaml = SiteTest::new()
        .write("content/pages/about.md", format!("---\ntitle: About\nsummary: Who we are.\norder: 10\n---\n{about}"))
        .write(
            "content/home.md",
            "---\ntitle: Small Shop\ndescription: A mug and a cap.\nhero:\n  title: Welcome\n  text: Look around.\n  \
             link: /category/home/\n  link_title: To the house\n  image: mug.svg\n  image_alt: A mug\nfeatured:\n  \
             title: Chosen\n  products: [cap]\nstory:\n  title: About us\n  text: We are small.\n  link: \"/about/#who\"\n  \
             link_title: More\n---\n",
        )
        .build();
    assert!(toml.output() == yaml.output(), "the sites differ");
}

/// The page of the mug whose front matter has this line instead of its title.
#[track_caller]
fn title(line: &str) -> String {
    let yaml = format!("{YAML_MUG}Text.\n").replace("title: Blue Mug", line);
    let page = SiteTest::new().write(MUG, yaml).build().read("product/mug.html");
    let (_, rest) = page.split_once("<h1>").expect("a heading");
    rest.split_once("</h1>").expect("its end").0.to_owned()
}

#[test]
fn words_that_yaml_may_misread_are_what_they_say() {
    for (line, expected) in [
        ("title: 1984", "1984"),
        ("title: 16.00", "16.00"),
        ("title: no", "no"),
        ("title: 0x10", "0x10"),
        ("title: 2026-10-02", "2026-10-02"),
        ("title: 12:30", "12:30"),
        ("title: .5", ".5"),
        ("title: 'It''s'", "It&#39;s"),
        ("title: \"a\\tb\"", "a\tb"),
        ("title: |\n  Two\n  lines", "Two\nlines"),
        ("title: >-\n  One\n  line", "One line"),
        ("title: One\n  line", "One line"),
        ("title: \"true\"", "true"),
        ("title: Mug # for tea", "Mug"),
        ("title: Mug #1", "Mug"),
        ("title: Mug#1", "Mug#1"),
        ("\"title\": Mug", "Mug"),
    ] {
        assert_eq!(title(line), expected, "{line}");
    }
}

#[test]
fn long_lines_are_no_keys() {
    let long = "word ".repeat(2000);
    assert_eq!(title(&format!("title: {long}")), long.trim());
}

#[test]
fn an_alias_does_not_unfold() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        bomb += &format!("a{level}: &a{level} [{before}*a{}]\n", level - 1);
    }
    let told = SiteTest::new().write(MUG, format!("---\n{bomb}---\n")).problems();
    assert!(told.contains("an alias (\"*\") cannot stand in front matter"), "{told}");
    assert!(told.len() < 100_000, "{}", told.len());
}

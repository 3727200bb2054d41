//! Mistakes in the settings and in the theme.

use insta::assert_snapshot;
use ipswich_tests::SiteTest;

use super::changed;

#[test]
fn currency_is_unknown() {
    let problems = changed("content/shop.toml", r#"currency = "GBP""#, r#"currency = "GPB""#);
    assert_snapshot!(problems, @r#"
    content/shop.toml:5:12: the currency "GPB" is not known
      5 | currency = "GPB"
        |            ^^^^^
      help: use one of GBP, EUR, USD, JPY, KWD, PLN, SEK, CHF
    "#);
}

#[test]
fn language_is_unknown() {
    let problems = changed("content/shop.toml", "\"en-GB\"", "\"en\"");
    assert_snapshot!(problems, @r#"
    content/shop.toml:4:12: the language "en" is not known
      4 | language = "en"
        |            ^^^^
      help: use one of en-GB, en-US, en-IE, de-DE, de-AT, fr-FR, es-ES, it-IT, nl-NL, pl-PL, sv-SE
    "#);
}

#[test]
fn theme_is_unknown() {
    let problems = changed("content/shop.toml", r#"theme = "plain""#, r#"theme = "plane""#);
    assert_snapshot!(problems, @r#"
    content/shop.toml:6:9: there is no theme "plane"
      6 | theme = "plane"
        |         ^^^^^^^
      help: themes/ has plain
    "#);
}

#[test]
fn public_address_ends_with_a_slash() {
    let problems = changed("content/shop.toml", "https://small.example", "https://small.example/");
    assert_snapshot!(problems, @r#"
    content/shop.toml:3:12: the address must end with the name of the host, without "/"
      3 | base_url = "https://small.example/"
        |            ^^^^^^^^^^^^^^^^^^^^^^^^
      help: write it like "https://www.shop.example"
    "#);
}

#[test]
fn delivery_to_an_unknown_country() {
    let problems = changed("content/shop.toml", r#"countries = ["GB"]"#, r#"countries = ["FR"]"#);
    assert_snapshot!(problems, @r#"
    content/shop.toml:31:14: there is no country "FR"
      31 | countries = ["FR"]
         |              ^^^^
      help: add it to [[countries]]
    "#);
}

#[test]
fn tax_rate_is_too_high() {
    let problems = changed("content/shop.toml", r#"rate = "20""#, r#"rate = "120""#);
    assert_snapshot!(problems, @r#"
    content/shop.toml:17:8: "120" will not do: a rate is at most 100 percent
      17 | rate = "120"
         |        ^^^^^
      help: write percent, such as "20" or "5.5"
    "#);
}

#[test]
fn template_does_not_compile() {
    let problems =
        changed("themes/plain/templates/product.html", "{% endfor %}\n{{ page.body }}", "{{ page.body }}");
    assert_snapshot!(problems, @r#"
    themes/plain/templates/product.html:21:1: unknown statement endblock
      21 | {% endblock %}
         | ^^^^^^^^^^^^^^
    "#);
}

#[test]
fn template_uses_an_unknown_name() {
    let problems = changed("themes/plain/templates/product.html", "{{ page.body }}", "{{ page.boddy }}");
    assert_snapshot!(problems, @r#"
    themes/plain/templates/product.html:12:1: undefined value
      12 | {{ page.boddy }}
         | ^^^^^^^^^^^^^^^^
      help: seen when rendering /product/cap/
    "#);
}

#[test]
fn template_asks_for_an_unknown_asset() {
    let problems = changed("themes/plain/templates/base.html", "css/site.css", "css/sight.css");
    assert_snapshot!(problems, @r#"
    themes/plain/templates/base.html:10:1: the theme has no file "css/sight.css"; it has css/site.css
      10 | <link rel="stylesheet" href="{{ asset("css/sight.css") }}">
         | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: seen when rendering /
    "#);
}

#[test]
fn settings_are_missing() {
    let site = SiteTest::new().remove("content/shop.toml");
    assert_snapshot!(site.problems(), @r#"
    content/shop.toml:1:1: the file is missing
      help: add it; the settings of the shop are its name, address, currency, taxes and delivery methods
    "#);
}

#[test]
fn home_page_is_missing() {
    let site = SiteTest::new().remove("content/home.md");
    assert_snapshot!(site.problems(), @r#"
    content/home.md:1:1: the file is missing
      help: add it, with title, description, [hero], [featured] and [story]
    "#);
}

#[test]
fn template_is_missing() {
    let site = SiteTest::new().remove("themes/plain/templates/product.html");
    assert_snapshot!(site.problems(), @r#"
    themes/plain/templates/product.html:1:1: the theme lacks this template
      help: add the file
    "#);
}

#[test]
fn style_sheet_loads_what_is_not_there() {
    let site = SiteTest::new().append("themes/plain/static/css/site.css", "b { src: url(../f.woff2) }\n");
    assert_snapshot!(site.problems(), @r#"
    themes/plain/static/css/site.css:2:14: the theme has no file "../f.woff2"
      2 | b { src: url(../f.woff2) }
        |              ^^^^^^^^^^
      help: name a file of static/ by its path from the style sheet, such as "../fonts/serif.woff2"
    "#);
}

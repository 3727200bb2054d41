//! What templates say in the language of the shop.

use insta::assert_snapshot;
use ipswich_tests::SiteTest;

const ENGLISH: &str = r#"
[cart]
title = "Your <cart> & \"more\""
pieces = { one = "1 piece", other = "{count} pieces" }
kept = "Kept for {name} until {day}"
link = "Go {back} now"

[site]
home = "Start"
"#;

/// The small shop with messages and a page that says them.
fn site(template: &str) -> SiteTest {
    SiteTest::new()
        .write("themes/plain/messages/en.toml", ENGLISH)
        .write("themes/plain/templates/404.html", template)
}

const ALL: &str = r#"{% extends "base.html" %}
{% macro a(url, text) %}<a href="{{ url }}">{{ text }}</a>{% endmacro %}
{% block main %}
<h1 title="{{ t("cart.title") }}">{{ t("cart.title") }}</h1>
{% set title = t("cart.title") %}
<p>{{ title }}, {{ t("cart.title")|upper }}</p>
<p>{{ t("cart.pieces", count=1) }}, {{ t("cart.pieces", count=1 + 1) }}: {{ t("cart.pieces", count=3)|upper }}</p>
<p>{{ t("cart.kept", name="A & B", day=1795435200|date) }}</p>
<p>{{ t("cart.link", back=a("/?a=(1)", t("cart.title"))) }}</p>
<p>{{ t(
  "cart.pieces",
  count=5
) }}</p>
{# t("nothing") #}
<p>{{ "t(\"nothing\")" }}</p>
{% endblock %}
"#;

#[test]
fn messages_stand_in_the_page() {
    let page = site(ALL).build().read("404.html");
    let body = page.split("</nav>").nth(1).expect("a body");
    assert_snapshot!(body, @r#"
    <h1 title="Your &lt;cart&gt; &amp; &quot;more&quot;">Your &lt;cart&gt; &amp; &quot;more&quot;</h1>
    <p>Your &lt;cart&gt; &amp; &quot;more&quot;, YOUR &lt;CART&gt; &amp; &quot;MORE&quot;</p>
    <p>1 piece, 2 pieces: 3 PIECES</p>
    <p>Kept for A &amp; B until 23 November 2026</p>
    <p>Go <a href="/?a=(1)">Your &lt;cart&gt; &amp; &quot;more&quot;</a> now</p>
    <p>5 pieces</p>
    <p>t(&quot;nothing&quot;)</p>
    <footer><a href="/about/">About</a></footer>
    "#);
}

#[test]
fn the_shop_gets_templates_without_calls() {
    let site = site(ALL).build();
    assert!(!site.read("_shop/templates.json").contains("t(\\\"cart"));
}

#[test]
fn programs_say_what_the_theme_says() {
    site(ALL).build().check_file("product/mug.html", "<a href=\"/\">Start</a>");
}

#[test]
fn mistakes_of_calls() {
    let problems = site(concat!(
        "{{ t(\"cart.titel\") }}\n",
        "{{ t(title) }} {{ t(\"cart.title\", 5) }}\n",
        "{{ t(\"cart.title\", name=1) }} {{ t(\"cart.pieces\") }}\n",
        "{{ t(\"cart.kept\", name=1) }} {{ t(\"cart.link\", back=1) }}\n",
    ))
    .problems();
    assert_snapshot!(problems, @r#"
    themes/plain/messages/en.toml:3:9: the message does not show {name}
      3 | title = "Your <cart> & \"more\""
        |         ^^^^^^^^^^^^^^^^^^^^^^^^
      help: themes/plain/templates/404.html:3:4 gives it {name}
    themes/plain/messages/en.toml:4:10: the message has forms, and it is given no count
      4 | pieces = { one = "1 piece", other = "{count} pieces" }
        |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: themes/plain/templates/404.html:3:34 gives it no values
    themes/plain/messages/en.toml:5:8: the message shows {day}, which it is not given
      5 | kept = "Kept for {name} until {day}"
        |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: themes/plain/templates/404.html:4:4 gives it {name}
    themes/plain/templates/404.html:1:6: there is no message "cart.titel"
      1 | {{ t("cart.titel") }}
        |      ^^^^^^^^^^^^
      help: did you mean "cart.title"?
    themes/plain/templates/404.html:2:4: this call of a message cannot be read
      2 | {{ t(title) }} {{ t("cart.title", 5) }}
        |    ^^
      help: write it like t("cart.title") or t("cart.pieces", count=page.pieces)
    themes/plain/templates/404.html:2:19: this call of a message cannot be read
      2 | {{ t(title) }} {{ t("cart.title", 5) }}
        |                   ^^
      help: write it like t("cart.title") or t("cart.pieces", count=page.pieces)
    "#);
}

#[test]
fn mistakes_of_messages() {
    let file = r#"
[cart]
title = 5
brace = "a { b"
lines = "a\nb"
forms = { one = "1", few = "2" }
unused = "x"
"#;
    let problems = SiteTest::new()
        .write("themes/plain/messages/en.toml", file)
        .write("themes/plain/messages/notes.txt", "x")
        .problems();
    assert_snapshot!(problems, @r#"
    themes/plain/messages/en.toml:3:9: a message is a text
      3 | title = 5
        |         ^
      help: write it in double quotes
    themes/plain/messages/en.toml:4:9: this brace belongs to no placeholder
      4 | brace = "a { b"
        |         ^^^^^^^
      help: braces stand around the name of a value only, such as {count}
    themes/plain/messages/en.toml:5:9: a message is one line
      5 | lines = "a\nb"
        |         ^^^^^^
      help: split it into several messages
    themes/plain/messages/en.toml:6:9: the message has the forms one, few
      6 | forms = { one = "1", few = "2" }
        |         ^^^^^^^^^^^^^^^^^^^^^^^^
      help: en counts with one, other
    themes/plain/messages/en.toml:7:1: nothing uses the message "cart.unused"
      7 | unused = "x"
        | ^^^^^^
      help: remove it, or correct its name
    themes/plain/messages/notes.txt:1:1: files of messages end with ".toml"
      help: name it by its language, such as "de.toml"
    "#);
}

#[test]
fn a_mistake_of_a_template_stays_at_its_line() {
    let problems =
        site(&ALL.replace("</p>\n{% endblock %}", "</p>\n{{ nothing }}\n{% endblock %}")).problems();
    assert!(problems.contains("themes/plain/templates/404.html:16:1"), "{problems}");
}

#[test]
fn a_language_without_messages() {
    let problems = site(ALL).replace("content/shop.toml", "en-GB", "fr-FR").problems();
    assert_snapshot!(problems, @r#"
    themes/plain/messages/fr.toml:1:1: the theme has no messages for fr-FR
      help: add the file; it says everything that the messages of the other languages say
    "#);
}

//! Mistakes in texts, links and pictures.

use insta::assert_snapshot;

use super::changed;

#[test]
fn link_leads_nowhere() {
    let problems = changed("content/products/mug.md", "(/about/#who)", "(/abuot/)");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:24:26: the link "/abuot/" leads nowhere
      24 | Thrown in one piece. See [about us](/abuot/).
         |                          ^^^^^^^^^^^^^^^^^^^
      help: did you mean "/about/"?
    "#);
}

#[test]
fn link_lacks_its_last_slash() {
    let problems = changed("content/products/mug.md", "(/about/#who)", "(/about)");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:24:26: the link "/about" leads nowhere
      24 | Thrown in one piece. See [about us](/about).
         |                          ^^^^^^^^^^^^^^^^^^
      help: did you mean "/about/"?
    "#);
}

#[test]
fn link_is_relative() {
    let problems = changed("content/products/mug.md", "(/about/#who)", "(about.md)");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:24:26: the link "about.md" leads nowhere
      24 | Thrown in one piece. See [about us](about.md).
         |                          ^^^^^^^^^^^^^^^^^^^^
      help: begin links to this site with "/", links to others with "https://", "mailto:" or "tel:"
    "#);
}

#[test]
fn link_is_a_script() {
    let problems = changed("content/products/mug.md", "(/about/#who)", "(javascript:alert)");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:24:26: the link "javascript:alert" leads nowhere
      24 | Thrown in one piece. See [about us](javascript:alert).
         |                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: begin links to this site with "/", links to others with "https://", "mailto:" or "tel:"
    "#);
}

#[test]
fn anchor_is_unknown() {
    let problems = changed("content/products/mug.md", "(/about/#who)", "(/about/#whom)");
    assert_snapshot!(problems, @r##"
    content/products/mug.md:24:26: the page has no heading for "#whom"
      24 | Thrown in one piece. See [about us](/about/#whom).
         |                          ^^^^^^^^^^^^^^^^^^^^^^^^
      help: did you mean "who"?
    "##);
}

#[test]
fn html_is_in_a_text() {
    let problems = changed("content/products/mug.md", "Thrown in", "<b>Thrown</b> in");
    assert_snapshot!(problems, @r#"
    content/products/mug.md:24:1: <b> cannot stand in a text
      24 | <b>Thrown</b> in one piece. See [about us](/about/#who).
         | ^^^
      help: write it in Markdown: **words**
    "#);
}

#[test]
fn heading_is_of_the_first_level() {
    let problems = changed("content/products/mug.md", "## Care", "# Care");
    assert_snapshot!(problems, @r###"
    content/products/mug.md:26:1: headings of a text start at the second level
      26 | # Care
         | ^^^^^^
      help: begin the line with "##"; the title of the file is the heading above them
    "###);
}

#[test]
fn picture_in_a_text_has_no_description() {
    let problems = changed("content/pages/about.md", "Two people.", "![](mug.svg)");
    assert_snapshot!(problems, @r#"
    content/pages/about.md:8:1: the picture has no description
      8 | ![](mug.svg) Write to <https://friends.example> or look at the [mug](/product/mug/).
        | ^^^^^^^^^^^^
      help: describe the picture between the square brackets: ![A blue mug on a shelf](mug.svg)
    "#);
}

#[test]
fn picture_in_a_text_is_unknown() {
    let problems = changed("content/pages/about.md", "Two people.", "![A mug](nug.svg)");
    assert_snapshot!(problems, @r#"
    content/pages/about.md:8:1: there is no picture "nug.svg"
      8 | ![A mug](nug.svg) Write to <https://friends.example> or look at the [mug](/product/mug/).
        | ^^^^^^^^^^^^^^^^^
      help: did you mean "mug.svg"?
    "#);
}

#[test]
fn home_page_features_an_unknown_product() {
    let problems = changed("content/home.md", r#"products = ["cap"]"#, r#"products = ["cup"]"#);
    assert_snapshot!(problems, @r#"
    content/home.md:15:13: there is no product "cup"
      15 | products = ["cup"]
         |             ^^^^^
      help: did you mean "cap"?
    "#);
}

#[test]
fn home_page_links_to_nowhere() {
    let problems = changed("content/home.md", r#"link = "/category/home/""#, r#"link = "/category/house/""#);
    assert_snapshot!(problems, @r#"
    content/home.md:8:8: the link "/category/house/" leads nowhere
      8 | link = "/category/house/"
        |        ^^^^^^^^^^^^^^^^^^
      help: did you mean "/category/home/"?
    "#);
}

#[test]
fn home_page_has_a_description_without_picture() {
    let problems = changed("content/home.md", "image = \"mug.svg\"\n", "");
    assert_snapshot!(problems, @r#"
    content/home.md:10:13: "image_alt" describes no picture
      10 | image_alt = "A mug"
         |             ^^^^^^^
      help: add "image", or remove the description
    "#);
}

#[test]
fn drawing_holds_a_script() {
    let problems = changed("content/images/mug.svg", "<title>Mug</title>", "<script>x</script>");
    assert_snapshot!(problems, @r##"
    content/images/mug.svg:1:64: the element "script" is not allowed
      1 | <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 1000"><script>x</script><rect width="800" height="1000" fill="#24364B"/></svg>
        |                                                                ^^^^^^^
      help: a drawing holds shapes, gradients and text only; remove it
    "##);
}

#[test]
fn drawing_is_not_well_formed() {
    let problems = changed("content/images/mug.svg", "</svg>", "");
    assert_snapshot!(problems, @r##"
    content/images/mug.svg:1:130: the element svg is not closed
      1 | <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 1000"><title>Mug</title><rect width="800" height="1000" fill="#24364B"/>
        |                                                                                                                                  ^
      help: open the file in a drawing program and save it again
    "##);
}

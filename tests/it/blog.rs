//! The blog and the feeds.

use insta::assert_snapshot;
use ipswich_tests::SiteTest;

const POST: &str = "+++\ntitle = \"Tea & us\"\nsummary = \"At four.\"\npublished = 2026-11-01\nauthor = \"Ann\"\n\
    image = \"mug.svg\"\nimage_alt = \"A mug\"\n+++\nPut the [kettle](/product/mug/) on.\n\n## Milk\n\nLast.\n";

/// The small shop with posts of these names, each a day later.
fn with_posts(names: &[&str]) -> SiteTest {
    names.iter().enumerate().fold(SiteTest::new(), |site, (index, name)| {
        let post = POST.replace("2026-11-01", &format!("2026-11-{:02}", index + 1));
        site.write(&format!("content/blog/{name}.md"), post)
    })
}

#[test]
fn a_post_has_a_page() {
    let site = with_posts(&["tea", "cake"]).build();
    assert_snapshot!(site.read("blog/tea.html"), @r#"
    <!doctype html>
    <html lang="en-GB">
    <title>Tea &amp; us · Small Shop</title>
    <link rel="canonical" href="https://small.example/blog/tea/">
    <link rel="stylesheet" href="/assets/site.3af6b037.css">
    <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"BlogPosting","author":{"@type":"Person","name":"Ann"},"datePublished":"2026-11-01","description":"At four.","headline":"Tea \u0026 us","image":"https://small.example/assets/img/mug.37f33fe3.svg","inLanguage":"en-GB","publisher":{"@type":"Organization","name":"Small Shop"},"url":"https://small.example/blog/tea/"},{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","item":"https://small.example/","name":"Home","position":1},{"@type":"ListItem","item":"https://small.example/blog/","name":"Blog","position":2},{"@type":"ListItem","item":"https://small.example/blog/tea/","name":"Tea \u0026 us","position":3}]}]}</script>
    <nav><a href="/category/home/">Home</a> <a href="/category/home/mugs/">Mugs</a> <a href="/category/clothes/">Clothes</a> </nav>
    <h1>Tea &amp; us</h1>
    <p>1 November 2026 by Ann</p>
    <p>Put the <a href="/product/mug/">kettle</a> on.</p>
    <h2 id="milk">Milk</h2>
    <p>Last.</p>

    <p>Then <a href="/blog/cake/">Tea &amp; us</a></p>
    <footer><a href="/about/">About</a><a href="/blog/">Blog</a></footer>
    "#);
}

#[test]
fn the_blog_lists_its_posts() {
    let site = with_posts(&["one", "two", "three"]).build();
    assert_snapshot!(site.read("blog.html"), @r#"
    <!doctype html>
    <html lang="en-GB">
    <title>Blog · Small Shop</title>
    <link rel="canonical" href="https://small.example/blog/">
    <link rel="stylesheet" href="/assets/site.3af6b037.css">
    <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","item":"https://small.example/","name":"Home","position":1},{"@type":"ListItem","item":"https://small.example/blog/","name":"Blog","position":2}]}]}</script>
    <nav><a href="/category/home/">Home</a> <a href="/category/home/mugs/">Mugs</a> <a href="/category/clothes/">Clothes</a> </nav>
    <h1>Blog</h1>
    <p>2026-11-03 <a href="/blog/three/">Tea &amp; us</a> At four.</p>
    <p>2026-11-02 <a href="/blog/two/">Tea &amp; us</a> At four.</p>
    <p>Page 1 of 2</p>
    <footer><a href="/about/">About</a><a href="/blog/">Blog</a></footer>
    "#);
    site.check_file("blog/page/2.html", "/blog/one/")
        .check_file("sitemap.xml", "https://small.example/blog/one/")
        .check_file("index.html", "<a href=\"/blog/\">Blog</a>");
}

#[test]
fn without_posts_there_is_no_blog() {
    let site = SiteTest::new()
        .remove("themes/plain/templates/blog.html")
        .remove("themes/plain/templates/post.html")
        .build();
    site.check_no_file("blog.html").check_no_file("blog/feed.xml");
}

#[test]
fn the_blog_has_a_feed() {
    assert_snapshot!(with_posts(&["tea"]).build().read("blog/feed.xml"), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">
    <title>Small Shop: blog</title>
    <id>https://small.example/blog/feed.xml</id>
    <link rel="self" href="https://small.example/blog/feed.xml"/>
    <link href="https://small.example/blog/"/>
    <author><name>Small Shop</name></author>
    <updated>2026-11-01T00:00:00Z</updated>
    <entry>
    <title>Tea &amp; us</title>
    <id>https://small.example/blog/tea/</id>
    <link href="https://small.example/blog/tea/"/>
    <updated>2026-11-01T00:00:00Z</updated>
    <author><name>Ann</name></author>
    <summary>At four.</summary>
    <content type="html" xml:base="https://small.example/">&lt;p&gt;Put the &lt;a href=&quot;/product/mug/&quot;&gt;kettle&lt;/a&gt; on.&lt;/p&gt;
    &lt;h2 id=&quot;milk&quot;&gt;Milk&lt;/h2&gt;
    &lt;p&gt;Last.&lt;/p&gt;
    </content>
    </entry>
    </feed>
    "#);
}

#[test]
fn new_products_have_a_feed() {
    assert_snapshot!(SiteTest::new().build().read("feeds/products.xml"), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">
    <title>Small Shop: new products</title>
    <id>https://small.example/feeds/products.xml</id>
    <link rel="self" href="https://small.example/feeds/products.xml"/>
    <link href="https://small.example/"/>
    <author><name>Small Shop</name></author>
    <updated>2026-10-02T00:00:00Z</updated>
    <entry>
    <title>Blue Mug</title>
    <id>https://small.example/product/mug/</id>
    <link href="https://small.example/product/mug/"/>
    <updated>2026-10-02T00:00:00Z</updated>
    <summary>A mug for tea.</summary>
    </entry>
    <entry>
    <title>Waxed Cap</title>
    <id>https://small.example/product/cap/</id>
    <link href="https://small.example/product/cap/"/>
    <updated>2026-09-01T00:00:00Z</updated>
    <summary>A cap for rain.</summary>
    </entry>
    </feed>
    "#);
}

#[test]
fn merchants_feed_has_every_sku() {
    let site = SiteTest::new()
        .replace("content/products/mug.md", "stock = 6\n", "stock = 6\ngtin = \"4006381333931\"\n")
        .build();
    assert_snapshot!(site.read("feeds/google.xml"), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">
    <channel>
    <title>Small Shop</title>
    <link>https://small.example/</link>
    <description>Two things</description>
    <item>
    <g:id>CAP-S</g:id>
    <g:title>Waxed Cap, S</g:title>
    <g:description>A cap for rain.</g:description>
    <g:link>https://small.example/product/cap/</g:link>
    <g:image_link>https://small.example/assets/img/cap.b6535749.svg</g:image_link>
    <g:availability>in_stock</g:availability>
    <g:condition>new</g:condition>
    <g:price>30.00 GBP</g:price>
    <g:identifier_exists>no</g:identifier_exists>
    <g:item_group_id>CAP</g:item_group_id>
    <g:size>S</g:size>
    <g:shipping_weight>200 g</g:shipping_weight>
    <g:product_type>Clothes</g:product_type>
    </item>
    <item>
    <g:id>CAP-M</g:id>
    <g:title>Waxed Cap, M</g:title>
    <g:description>A cap for rain.</g:description>
    <g:link>https://small.example/product/cap/</g:link>
    <g:image_link>https://small.example/assets/img/cap.b6535749.svg</g:image_link>
    <g:availability>in_stock</g:availability>
    <g:condition>new</g:condition>
    <g:price>32.00 GBP</g:price>
    <g:identifier_exists>no</g:identifier_exists>
    <g:item_group_id>CAP</g:item_group_id>
    <g:size>M</g:size>
    <g:shipping_weight>200 g</g:shipping_weight>
    <g:product_type>Clothes</g:product_type>
    </item>
    <item>
    <g:id>MUG-BLUE</g:id>
    <g:title>Blue Mug</g:title>
    <g:description>A mug for tea.</g:description>
    <g:link>https://small.example/product/mug/</g:link>
    <g:image_link>https://small.example/assets/img/mug.37f33fe3.svg</g:image_link>
    <g:availability>in_stock</g:availability>
    <g:condition>new</g:condition>
    <g:price>15.00 GBP</g:price>
    <g:sale_price>12.50 GBP</g:sale_price>
    <g:brand>Orwell Pottery</g:brand>
    <g:gtin>4006381333931</g:gtin>
    <g:shipping_weight>400 g</g:shipping_weight>
    <g:product_type>Home &gt; Mugs</g:product_type>
    </item>
    </channel>
    </rss>
    "#);
    site.check_file("product/mug.html", "\"gtin\":\"4006381333931\"");
}

#[test]
fn links_lead_to_posts_and_their_headings() {
    let to = |target: &str| {
        with_posts(&["tea"]).replace("content/pages/about.md", "Two people.", &format!("[Tea]({target})."))
    };
    to("/blog/tea/#milk").build();
    to("/blog/").build();
    assert_snapshot!(to("/blog/tee/").problems(), @r#"
    content/pages/about.md:8:1: the link "/blog/tee/" leads nowhere
      8 | [Tea](/blog/tee/). Write to <https://friends.example> or look at the [mug](/product/mug/).
        | ^^^^^^^^^^^^^^^^^
      help: did you mean "/blog/tea/"?
    "#);
    let draft = to("/blog/tea/").replace("content/blog/tea.md", "summary", "draft = true\nsummary");
    assert_snapshot!(draft.problems(), @r#"
    content/pages/about.md:8:1: the post "tea" is a draft
      8 | [Tea](/blog/tea/). Write to <https://friends.example> or look at the [mug](/product/mug/).
        | ^^^^^^^^^^^^^^^^^
      help: remove it here, or publish it: content/blog/tea.md:3:9
    "#);
    let hidden = with_posts(&["tea"]).replace("content/blog/tea.md", "summary", "draft = true\nsummary");
    hidden.build().check_no_file("blog/tea.html").check_no_file("blog.html");
}

#[test]
fn a_theme_for_a_blog_has_its_templates() {
    let problems = with_posts(&["tea"]).remove("themes/plain/templates/post.html").problems();
    assert!(problems.contains("post.html:1:1: the theme lacks this template"), "{problems}");
}

#[test]
fn bar_codes_are_checked() {
    let mug = |line: &str| {
        SiteTest::new().replace("content/products/mug.md", "stock = 6\n", &format!("stock = 6\n{line}\n"))
    };
    assert_snapshot!(mug("gtin = \"4006381333932\"").problems(), @r#"
    content/products/mug.md:11:8: "4006381333932" will not do: its last digit does not fit the others
      11 | gtin = "4006381333932"
         |        ^^^^^^^^^^^^^^^
      help: copy all digits below the bar code, as a text: "5012345678900"
    "#);
    let cap = SiteTest::new().replace(
        "content/products/cap.md",
        "weight = 200\n",
        "weight = 200\ngtin = \"4006381333931\"\n",
    );
    assert_snapshot!(cap.problems(), @r#"
    content/products/cap.md:9:8: each variant has a number of its own
      9 | gtin = "4006381333931"
        |        ^^^^^^^^^^^^^^^
      help: move "gtin" to each of the [[variants]]
    "#);
}

//! Rules of texts, of what they point to, and of the files beside products.

use super::{Edit, MUG, PAGE, Pair};

pub(super) fn pairs() -> Vec<Pair> {
    [links(), markdown(), hidden(), other_kinds(), drawings()].concat()
}

fn page(name: &'static str, good: &str, bad: &str) -> Pair {
    Pair::file(name, &format!("content/pages/{}.md", name.replace('_', "-")), PAGE, good, bad)
}

fn links() -> Vec<Pair> {
    vec![
        page("link_to_nowhere", "(/product/mug/)", "(/product/mugg/)"),
        page("link_without_slash", "(/product/mug/)", "(/product/mug)"),
        page("link_relative", "(/product/mug/)", "(../product/mug/)"),
        page("link_of_unknown_kind", "(/product/mug/)", "(javascript:alert)"),
        page("anchor_unknown", "(/product/mug/)", "(/product/mug/#caring)"),
        page("anchor_unknown_on_the_page", "(/product/mug/)", "(#whom)"),
        page("anchor_on_a_page_without_headings", "(/product/mug/)", "(/product/cap/#care)"),
        page("link_behind_a_reference", "(/product/mug/)", "[it]\n\n[it]: /product/mugg/\n\n"),
    ]
}

fn markdown() -> Vec<Pair> {
    vec![
        page("html_in_a_text", "Two people", "<b onclick=\"x()\">Two</b> people"),
        page("script_in_a_text", "Two people.", "Two people.\n\n<script>x()</script>\n\nAnd"),
        page("html_unclosed", "Two people", "<sup>Two people"),
        page("html_across_paragraphs", "Two people", "*<kbd>Two* people</kbd>"),
        page("html_with_attributes", "Two people", "<kbd class=\"x\">Two</kbd> people"),
        page("html_of_no_form", "Two people.", "Two people.\n\n<figure\n\nAnd"),
        page("footnote_unknown", "Two people.", "Two people.[^who]"),
        page("footnote_unused", "Two people.", "Two people.\n\n[^who]: Us.\n\n"),
        page("picture_width_wrong", "Two people.", "![A mug](mug.svg){width=wide}"),
        page("picture_size_unknown", "Two people.", "![A mug](mug.svg){widht=400}"),
        page("heading_of_the_title", "## Who", "# Who"),
        page("text_picture_without_alt", "Two people.", "![](mug.svg)"),
        page("text_picture_unknown", "Two people.", "![A mug](mog.svg)"),
    ]
}

/// What visitors do not see is not pointed to.
fn hidden() -> Vec<Pair> {
    let pair = |name: &'static str, slug: &'static str, line: &str| {
        let text = MUG.replace("MUG-BLUE", &slug.to_uppercase());
        let text = text.replace("tags =", &format!("{line}\ntags ="));
        let hidden = Edit::Write(format!("content/products/{slug}.md"), text.into_bytes());
        let mut pair = page(name, "(/product/mug/)", &format!("(/product/{slug}/)"));
        pair.good.push(hidden);
        pair
    };
    vec![
        pair("draft_linked", "drafted", "draft = true"),
        pair("expired_linked", "expired", "publish_until = 2026-01-31"),
        pair("future_linked", "expected", "publish_from = 2027-01-31"),
    ]
}

const CATEGORY: &str =
    "+++\ntitle = \"Cups\"\nsummary = \"Small mugs.\"\nimage = \"mug.svg\"\nimage_alt = \"A cup\"\n+++\n";
const COLLECTION: &str = "+++\ntitle = \"Gifts\"\nsummary = \"For others.\"\nproducts = [\"mug\"]\n+++\n";
const RULE: &str = "+++\ntitle = \"Tea\"\nsummary = \"For tea.\"\n\n[rule]\ntag = \"tea\"\nprice_min = \"1.00\"\nprice_max = \"20.00\"\n+++\n";
const POST: &str =
    "+++\ntitle = \"News\"\nsummary = \"What is new.\"\npublished = 2026-10-01\n+++\nOld mugs.\n";

fn other_kinds() -> Vec<Pair> {
    let file = |kind: &str, name: &'static str, text, good, bad| {
        Pair::file(name, &format!("content/{kind}/{}.md", name.replace('_', "-")), text, good, bad)
    };
    let collection = |name, good, bad| file("collections", name, COLLECTION, good, bad);
    let rule = |name, good, bad| file("collections", name, RULE, good, bad);
    vec![
        Pair::new(
            "category_without_parent",
            vec![Edit::Write("content/categories/home/cups.md".to_owned(), CATEGORY.into())],
            vec![Edit::Write("content/categories/hom/cups.md".to_owned(), CATEGORY.into())],
        ),
        file("categories", "category_alt_missing", CATEGORY, "image_alt = \"A cup\"\n", ""),
        file("categories", "category_alt_alone", CATEGORY, "image = \"mug.svg\"\n", ""),
        collection("collection_product_unknown", "[\"mug\"]", "[\"mugg\"]"),
        collection("collection_chosen_twice", "[\"mug\"]", "[\"mug\"]\n\n[rule]\ntag = \"tea\""),
        // A product with a mistake may be the one that has the tag.
        rule("rule_tag_unknown", "tag = \"tea\"", "tag = \"toa\"").alone(),
        rule("rule_price_impossible", "price_max = \"20.00\"", "price_max = \"0.50\""),
        rule("rule_empty", "tag = \"tea\"\nprice_min = \"1.00\"\nprice_max = \"20.00\"\n", ""),
        file("blog", "post_date_missing", POST, "published = 2026-10-01\n", ""),
        file("blog", "post_link_to_nowhere", POST, "Old mugs", "[Old](/blog/older/) mugs"),
        Pair::new(
            "page_name_taken",
            Vec::new(),
            vec![Edit::Write("content/pages/cart.md".to_owned(), PAGE.into())],
        ),
    ]
}

fn drawings() -> Vec<Pair> {
    const DRAWING: &str = include_str!("../../../src/site/mug.svg");
    let drawing = |name: &'static str, good, bad| {
        Pair::file(name, &format!("content/images/{}.svg", name.replace('_', "-")), DRAWING, good, bad)
    };
    vec![
        drawing("drawing_with_a_script", "<title>Mug</title>", "<script>x</script>"),
        drawing("drawing_unclosed", "</svg>", ""),
        Pair::new(
            "picture_of_no_kind",
            Vec::new(),
            vec![Edit::Write("content/images/picture.gif".to_owned(), b"GIF89a".to_vec())],
        ),
        Pair::new(
            "photo_broken",
            Vec::new(),
            vec![Edit::Write("content/images/photo.jpg".to_owned(), b"\xff\xd8\xff".to_vec())],
        ),
    ]
}

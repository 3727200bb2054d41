//! Rules of the settings, of redirects, of the theme, and of what the output may weigh.

use super::{Edit, MUG, Pair, SHOP};

pub(super) fn pairs() -> Vec<Pair> {
    [settings(), redirects(), theme(), limits()].concat()
}

fn settings() -> Vec<Pair> {
    vec![
        Pair::settings("setting_unknown", "hours =", "hour ="),
        Pair::settings("setting_type_wrong", "products_per_page = 2", "products_per_page = \"2\""),
        Pair::settings("currency_unknown", "currency = \"GBP\"", "currency = \"GPB\"").alone(),
        Pair::settings("base_url_with_path", "https://small.example", "https://small.example/"),
        Pair::settings("email_wrong", "hello@small.example", "hello.small.example"),
        Pair::settings("tax_rate_too_high", "rate = \"20\"", "rate = \"120\"").alone(),
        Pair::settings("country_unknown", "countries = [\"GB\"]", "countries = [\"FR\"]"),
        Pair::settings("theme_unknown", "theme = \"plain\"", "theme = \"plane\"").alone(),
        Pair::settings("settings_invalid", "hours = \"Monday\"", "hours = Monday").alone(),
        Pair::new("settings_missing", Vec::new(), vec![Edit::Remove(SHOP.to_owned())]).alone(),
        Pair::new("home_missing", Vec::new(), vec![Edit::Remove("content/home.md".to_owned())]).alone(),
        home("home_key_unknown", "description =", "descripton ="),
        home("home_product_unknown", "products = [\"cap\"]", "products = [\"cup\"]"),
        home("home_link_to_nowhere", "link = \"/category/home/\"", "link = \"/category/house/\""),
    ]
}

fn home(name: &'static str, good: &'static str, bad: &'static str) -> Pair {
    let pair = Pair::new(name, Vec::new(), vec![Edit::Replace("content/home.md".to_owned(), good, bad)]);
    // A home page with a mistake is not looked at for its links.
    if name == "home_link_to_nowhere" { pair.alone() } else { pair }
}

fn redirects() -> Vec<Pair> {
    const LAST: &str = "value = \"00000000\"\n";
    let pair = |name, good, bad| {
        let with = |more: &'static str| vec![Edit::Replace(SHOP.to_owned(), LAST, more)];
        Pair {
            bad: vec![Edit::Replace(SHOP.to_owned(), good, bad)],
            ..Pair::new(name, with(good), Vec::new())
        }
    };
    vec![
        pair(
            "redirect_loop",
            "value = \"00000000\"\n\n[[redirects]]\nfrom = \"/l1/\"\nto = \"/about/\"\n",
            "value = \"00000000\"\n\n[[redirects]]\nfrom = \"/l1/\"\nto = \"/l2/\"\n\n[[redirects]]\nfrom = \"/l2/\"\nto = \"/l1/\"\n",
        )
        .alone(),
        pair(
            "redirect_chain",
            "value = \"00000000\"\n\n[[redirects]]\nfrom = \"/c1/\"\nto = \"/about/\"\n",
            "value = \"00000000\"\n\n[[redirects]]\nfrom = \"/c1/\"\nto = \"/c2/\"\n\n[[redirects]]\nfrom = \"/c2/\"\nto = \"/about/\"\n",
        )
        .alone(),
        pair(
            "redirect_to_nowhere",
            "value = \"00000000\"\n\n[[redirects]]\nfrom = \"/n1/\"\nto = \"/about/\"\n",
            "value = \"00000000\"\n\n[[redirects]]\nfrom = \"/n1/\"\nto = \"/abuot/\"\n",
        )
        .alone(),
        pair(
            "redirect_of_a_page",
            "value = \"00000000\"\n\n[[redirects]]\nfrom = \"/p1/\"\nto = \"/about/\"\n",
            "value = \"00000000\"\n\n[[redirects]]\nfrom = \"/product/mug/\"\nto = \"/about/\"\n",
        )
        .alone(),
    ]
}

fn theme() -> Vec<Pair> {
    let file = |name, path: &str, good, bad| {
        Pair::new(name, Vec::new(), vec![Edit::Replace(format!("themes/plain/{path}"), good, bad)])
    };
    vec![
        file("template_invalid", "templates/404.html", "{% endblock %}", ""),
        // Only rendering finds these, and nothing is rendered while there are other mistakes.
        file("template_name_unknown", "templates/product.html", "{{ page.body }}", "{{ page.boddy }}")
            .alone(),
        file("template_asset_unknown", "templates/base.html", "css/site.css", "css/sight.css").alone(),
        Pair::new(
            "template_missing",
            Vec::new(),
            vec![Edit::Remove("themes/plain/templates/product.html".to_owned())],
        ),
        file("style_file_unknown", "static/css/site.css", "color: #222", "background: url(a.png)"),
    ]
}

/// Only finished pages can be weighed.
fn limits() -> Vec<Pair> {
    const LAST: &str = "value = \"00000000\"\n";
    let budget = |budget: &'static str| vec![Edit::Replace(SHOP.to_owned(), LAST, budget)];
    let long = format!("{MUG}{}", "A long sentence about tea. ".repeat(800));
    let file = |bytes: usize| vec![Edit::Write("themes/plain/static/film.webm".to_owned(), vec![0; bytes])];
    vec![
        Pair::new(
            "page_too_heavy",
            budget("value = \"00000000\"\n\n[budget]\nhtml_kb = 20\n"),
            vec![Edit::Write("content/products/mug.md".to_owned(), long.into_bytes())],
        )
        .alone(),
        Pair::new(
            "files_too_many",
            budget("value = \"00000000\"\n\n[budget]\nfiles = 500\n"),
            vec![Edit::Replace(SHOP.to_owned(), "files = 500", "files = 5")],
        )
        .alone(),
        Pair::new("file_too_large", file(25 * 1024 * 1024), file(25 * 1024 * 1024 + 1)).alone(),
    ]
}

//! Live reload: only in development, never against the content security policy.

use axum::body::Body;
use http::{Request, Response};
use http_body_util::BodyExt;
use ipswich_server::{Built, Host, Mistake, Options, Reload};
use ipswich_shop::Config;
use tempfile::TempDir;
use tower::ServiceExt;

/// The end of a page of that build.
fn element(build: &str) -> String {
    format!("<script src=\"/__dev/page.js\" data-pages=\"{build}\" defer></script></body>")
}

fn build(release: &str) -> Built {
    Built { release: release.to_owned(), ..Built::default() }
}

fn built(release: &str) -> Reload {
    let reload = Reload::default();
    reload.built(build(release));
    reload
}

fn host(folder: &TempDir) -> Host {
    let site = folder.path().join("site");
    std::fs::create_dir_all(&site).unwrap();
    std::fs::write(site.join("index.html"), "<body><p>home</p></body>").unwrap();
    std::fs::write(site.join("404.html"), "<body><p>not here</p></body>").unwrap();
    std::fs::write(site.join("site.css"), "a{} /* </body> */").unwrap();
    Host::open(Options::new(&site, &folder.path().join("data"), Config::for_testing())).unwrap()
}

async fn get(host: &Host, path: &str) -> Response<Body> {
    host.router().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// What a page is told that has seen that state.
async fn state(host: &Host, seen: &str) -> serde_json::Value {
    serde_json::from_str(&text(get(host, &format!("/__dev/wait?seen={seen}")).await).await).unwrap()
}

#[tokio::test]
async fn pages_get_the_script_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder).with_reload(built("one"));
    for path in ["/", "/nowhere/"] {
        let page = get(&host, path).await;
        let length = page.headers()["content-length"].to_str().unwrap().to_owned();
        assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
        let page = text(page).await;
        assert!(page.ends_with(&element("one")), "{page}");
        assert_eq!(length, page.len().to_string());
    }
    assert_eq!(text(get(&host, "/site.css").await).await, "a{} /* </body> */");
    assert!(text(get(&host, "/__dev/page.js").await).await.contains("location.reload()"));
    assert!(text(get(&host, "/__dev/overlay.css").await).await.contains("dialog"));
}

#[tokio::test]
async fn a_page_that_answers_a_form_is_not_loaded_anew() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder).with_reload(built("one"));
    let post =
        Request::post("/cart/add/").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    let answer = text(host.router().oneshot(post).await.unwrap()).await;
    assert!(answer.contains("data-pages=\"one\" data-sent defer"), "{answer}");
}

#[tokio::test]
async fn a_page_hears_of_the_build_it_has_not_seen() {
    let folder = tempfile::tempdir().unwrap();
    let reload = built("one");
    let host = host(&folder).with_reload(reload.clone());
    let first = state(&host, "").await;
    assert_eq!(first["pages"], "one");
    assert_eq!(state(&host, "zero").await, first);
    let seen = first["version"].as_str().unwrap().to_owned();
    let waiting = {
        let (host, seen) = (host.clone(), seen.clone());
        tokio::spawn(async move { state(&host, &seen).await })
    };
    // A build that changed nothing says nothing.
    reload.built(build("one"));
    reload.built(build("two"));
    let next = waiting.await.unwrap();
    assert_eq!(next["pages"], "two");
    assert_ne!(next["version"], seen);
    assert!(text(get(&host, "/").await).await.ends_with(&element("two")));
}

#[tokio::test]
async fn styles_alone_leave_pages_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let reload = built("one");
    let host = host(&folder).with_reload(reload.clone());
    let styles = vec!["/assets/site.2.css".to_owned()];
    reload.built(Built { release: "two".into(), styles: styles.clone(), only_styles: true });
    let restyled = state(&host, "").await;
    assert_eq!(restyled["pages"], "one");
    assert_eq!(restyled["styles"], serde_json::json!(styles));
    reload.built(build("three"));
    assert_eq!(state(&host, "").await["pages"], "three");
}

#[tokio::test]
async fn mistakes_are_told_until_they_are_mended() {
    let folder = tempfile::tempdir().unwrap();
    let reload = built("one");
    let host = host(&folder).with_reload(reload.clone());
    let mistake = Mistake {
        file: "content/products/mug.md".into(),
        line: 3,
        column: 7,
        width: 5,
        message: "unknown key \"titel\"".into(),
        help: "did you mean \"title\"?".into(),
        excerpt: "titel = \"Mug\"".into(),
    };
    reload.failed(vec![mistake, Mistake::of_no_file("the disk is full")]);
    let told = state(&host, "").await;
    assert_eq!(told["pages"], "one", "the last good page stays");
    assert_eq!(
        told["mistakes"][0],
        serde_json::json!({
            "file": "content/products/mug.md", "line": 3, "column": 7, "width": 5,
            "message": "unknown key \"titel\"", "help": "did you mean \"title\"?", "excerpt": "titel = \"Mug\"",
        })
    );
    assert_eq!(told["mistakes"][1]["message"], "the disk is full");
    // Taking the mistake back leads to the build there was.
    reload.built(build("one"));
    let mended = state(&host, "").await;
    assert_eq!((&mended["pages"], &mended["mistakes"]), (&"one".into(), &serde_json::json!([])));
}

#[tokio::test]
async fn without_any_site_there_is_a_page_that_waits() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    let options = Options::new(&site, &folder.path().join("data"), Config::for_testing());
    let reload = Reload::default();
    reload.failed(vec![Mistake::of_no_file("no shop.toml")]);
    let host = Host::open(options).unwrap().with_reload(reload);
    let visit = Request::get("/").header("accept", "text/html,*/*").body(Body::empty()).unwrap();
    let page = host.router().oneshot(visit).await.unwrap();
    assert_eq!(
        (page.status().as_u16(), &page.headers()["content-type"]),
        (404, &"text/html; charset=utf-8".parse().unwrap())
    );
    let page = text(page).await;
    assert!(page.contains("Nothing is built yet") && page.contains("/__dev/page.js"), "{page}");
    assert_eq!(text(get(&host, "/site.css").await).await, "");
}

#[tokio::test]
async fn a_shop_that_is_open_has_none_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder);
    assert_eq!(text(get(&host, "/").await).await, "<body><p>home</p></body>");
    for path in ["/__dev/page.js", "/__dev/overlay.css", "/__dev/wait?seen="] {
        assert_eq!(get(&host, path).await.status(), 404);
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = ipswich_server::bind(0).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let refused = ipswich_server::bind(port).await.unwrap_err().to_string();
    assert_eq!(
        refused,
        format!(
            "port {port} is in use by another program; stop that one, or choose another port with --port"
        )
    );
}

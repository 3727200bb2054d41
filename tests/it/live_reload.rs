//! Live reload: only in development, never against the content security policy.

use axum::body::Body;
use http::{Request, Response};
use http_body_util::BodyExt;
use ipswich_server::{Host, Options, Reload};
use ipswich_shop::Config;
use tempfile::TempDir;
use tower::ServiceExt;

const ELEMENT: &str = "<script src=\"/__dev/reload.js\" defer></script></body>";

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

#[tokio::test]
async fn pages_get_the_script_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder).with_reload(Reload::new("one"));
    for path in ["/", "/nowhere/"] {
        let page = get(&host, path).await;
        let length = page.headers()["content-length"].to_str().unwrap().to_owned();
        assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
        let page = text(page).await;
        assert!(page.ends_with(ELEMENT), "{page}");
        assert_eq!(length, page.len().to_string());
    }
    assert_eq!(text(get(&host, "/site.css").await).await, "a{} /* </body> */");
    assert!(text(get(&host, "/__dev/reload.js").await).await.contains("location.reload()"));
}

#[tokio::test]
async fn a_page_hears_of_the_build_it_has_not_seen() {
    let folder = tempfile::tempdir().unwrap();
    let reload = Reload::new("one");
    let host = host(&folder).with_reload(reload.clone());
    assert_eq!(text(get(&host, "/__dev/wait?seen=").await).await, "one");
    assert_eq!(text(get(&host, "/__dev/wait?seen=zero").await).await, "one");
    let waiting = tokio::spawn(async move { text(get(&host, "/__dev/wait?seen=one").await).await });
    // A build that changed nothing says nothing.
    reload.announce("one");
    reload.announce("two");
    assert_eq!(waiting.await.unwrap(), "two");
}

#[tokio::test]
async fn a_shop_that_is_open_has_none_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder);
    assert_eq!(text(get(&host, "/").await).await, "<body><p>home</p></body>");
    assert_eq!(get(&host, "/__dev/reload.js").await.status(), 404);
    assert_eq!(get(&host, "/__dev/wait?seen=").await.status(), 404);
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

//! The native host's static files, which must behave as those of Workers assets.

use std::path::Path;

use axum::body::Body;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use ipswich_server::{Host, Options};
use ipswich_shop::Config;
use tempfile::TempDir;
use tower::ServiceExt;

/// A host over a few files.
struct Served {
    host: Host,
    _folder: TempDir,
}

impl Served {
    fn start() -> Served {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        for (path, text) in [
            ("index.html", "home"),
            ("product/mug.html", "mug"),
            ("blog/index.html", "blog"),
            ("404.html", "not here"),
            ("assets/site.0a1b2c3d.css", "a{}"),
            ("robots.txt", "User-agent: *"),
            ("_redirects", "/old/mug.html /product/mug/ 301\n/cups/ https://cups.example/ 301\n"),
            ("_shop/redirects.json", "1"),
            ("_shop/redirects/0.json", r#"{"/older/":"/product/mug/","/oldest/":"/product/mug/?from=old"}"#),
            ("_headers", "secret"),
            ("_shop/shop.json", "secret"),
            (".env", "secret"),
            ("product/.mug.html.swp", "secret"),
        ] {
            write(&site.join(path), text);
        }
        let options = Options::new(&site, &folder.path().join("data"), Config::for_testing());
        Served { host: Host::open(options).unwrap(), _folder: folder }
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.host.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    /// Status, target of a redirect, and body in one line.
    async fn get(&self, path: &str) -> String {
        let response = self.send("GET", path, &[]).await;
        let status = response.status().as_u16();
        let location = header(&response, "location").to_owned();
        format!("{status} {location}{}", text(response).await)
    }
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn pages_end_with_a_slash_and_other_spellings_lead_there() {
    let served = Served::start();
    // What workerd answers for the same files.
    for (path, expected) in [
        ("/", "200 home"),
        ("/product/mug/", "200 mug"),
        ("/blog/", "200 blog"),
        ("/assets/site.0a1b2c3d.css", "200 a{}"),
        ("/product/mug", "307 /product/mug/"),
        ("/product/mug?size=1&x=%20", "307 /product/mug/?size=1&x=%20"),
        ("/product/mug.html", "307 /product/mug/"),
        ("/product/mug/index", "307 /product/mug/"),
        ("/product//mug/", "307 /product/mug/"),
        ("/product/mug//", "307 /product/mug/"),
        ("/product/m%75g/", "307 /product/mug/"),
        ("/index.html", "307 /"),
        ("/index", "307 /"),
        ("/blog", "307 /blog/"),
        ("/blog/index.html", "307 /blog/"),
        ("/404", "307 /404/"),
        ("/product", "404 not here"),
        ("/product/", "404 not here"),
        ("/product/mug.html/", "404 not here"),
        ("/assets/site.0a1b2c3d.css/", "404 not here"),
        ("/nowhere/", "404 not here"),
    ] {
        assert_eq!(served.get(path).await, expected, "{path}");
    }
}

#[tokio::test]
async fn old_addresses_lead_on_for_good() {
    let served = Served::start();
    for (path, expected) in [
        ("/old/mug.html", "301 /product/mug/"),
        ("/old/mug.html?from=mail", "301 /product/mug/?from=mail"),
        ("/cups/", "301 https://cups.example/"),
        ("/cups", "404 not here"),
        ("/older/", "301 /product/mug/"),
        ("/older/?from=mail", "301 /product/mug/?from=mail"),
        ("/oldest/?from=mail", "301 /product/mug/?from=old"),
        ("/older", "404 not here"),
        ("/_redirects", "404 not here"),
    ] {
        assert_eq!(served.get(path).await, expected, "{path}");
    }
}

#[tokio::test]
async fn what_is_hidden_is_not_there() {
    let served = Served::start();
    for path in [
        "/_headers",
        "/%5fheaders",
        "/.env",
        "/product/.mug.html.swp",
        "/../data/shop.sqlite",
        "/%2e%2e/data/shop.sqlite",
        "/..%2fdata/shop.sqlite",
        "/product/%00",
        "/product/%zz",
        "/product/%ff",
        "/C:/x",
        "/a%5cb",
    ] {
        assert_eq!(served.get(path).await, "404 not here", "{path}");
    }
    let records = served.send("GET", "/_shop/shop.json", &[]).await;
    assert_eq!(records.status(), StatusCode::NOT_FOUND);
    assert!(!text(records).await.contains("secret"));
}

#[tokio::test]
async fn only_reading_is_possible() {
    let served = Served::start();
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        for path in ["/", "/product/mug/", "/nowhere/"] {
            let response = served.send(method, path, &[]).await;
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
    let head = served.send("HEAD", "/product/mug/", &[]).await;
    assert_eq!((head.status(), header(&head, "content-length")), (StatusCode::OK, "3"));
    assert_eq!(text(head).await, "");
}

#[tokio::test]
async fn browsers_keep_what_has_not_changed() {
    let served = Served::start();
    let page = served.send("GET", "/product/mug/", &[]).await;
    let tag = header(&page, "etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 16);
    assert_eq!(header(&page, "cache-control"), "public, max-age=0, must-revalidate");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let again = served.send("GET", "/product/mug/", &[("if-none-match", &known)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(header(&again, "etag"), tag);
        assert_eq!(text(again).await, "");
    }
    let other = served.send("GET", "/product/mug/", &[("if-none-match", "\"other\"")]).await;
    assert_eq!(other.status(), StatusCode::OK);
    let hashed = served.send("GET", "/assets/site.0a1b2c3d.css", &[]).await;
    assert_eq!(header(&hashed, "cache-control"), "public, max-age=31536000, immutable");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let served = Served::start();
    for path in ["/", "/product/mug", "/nowhere/", "/assets/site.0a1b2c3d.css", "/robots.txt"] {
        let response = served.send("GET", path, &[]).await;
        for (name, value) in ipswich_shop::headers::SECURITY_HEADERS {
            assert_eq!(header(&response, name), value, "{path}");
        }
    }
}

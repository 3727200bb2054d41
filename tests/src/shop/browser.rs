//! A browser without JavaScript: it keeps cookies and sends forms.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use ipswich_shop::AfterResponse;
use tower::ServiceExt;

/// A browser with its cookies.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    /// The cookies by name.
    pub cookies: BTreeMap<String, String>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// Where a redirect leads; empty without one.
    pub location: String,
    /// All headers.
    pub headers: HeaderMap,
    /// The text.
    pub body: String,
    /// Whether the host is asked to send mails now.
    pub flushes: bool,
}

/// The checkout form, filled in.
#[derive(Clone, Debug)]
pub struct Form(pub BTreeMap<String, String>);

/// Who orders and where it goes, as the fields of the checkout form.
pub fn contact() -> BTreeMap<String, String> {
    [
        ("email", "grace@example.com"),
        ("name", "Grace Hopper"),
        ("line1", "1 Orwell Quay"),
        ("line2", ""),
        ("city", "Ipswich"),
        ("postcode", "ip4 1ab"),
        ("country", "GB"),
        ("phone", ""),
        ("note", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

impl Form {
    /// Types something into a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Form {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }
}

impl Page {
    /// The id of an order, from the address of its page.
    #[track_caller]
    pub fn order_id(&self) -> String {
        let id = self.location.strip_prefix("/order/").and_then(|rest| rest.split('/').next());
        id.unwrap_or_else(|| panic!("not an order: {} {}\n{}", self.status, self.location, self.body))
            .to_owned()
    }

    /// The value of an input.
    pub fn input(&self, name: &str) -> Option<String> {
        let at = self.body.find(&format!("name=\"{name}\""))?;
        let tag = &self.body[at..at + self.body[at..].find('>')?];
        let value = tag.split("value=\"").nth(1)?.split('"').next()?;
        Some(value.to_owned())
    }

    /// Whether the page says this.
    pub fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// A header as text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// The `Set-Cookie` headers.
    pub fn set_cookies(&self) -> Vec<String> {
        let all = self.headers.get_all(header::SET_COOKIE).into_iter();
        all.map(|value| value.to_str().expect("ASCII").to_owned()).collect()
    }
}

impl Browser {
    pub(crate) fn new(router: Router) -> Browser {
        Browser { router, cookies: BTreeMap::new() }
    }

    /// The same browser at a shop that was started again.
    pub(crate) fn follow(&mut self, router: &Router) {
        self.router = router.clone();
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, &[], None).await
    }

    /// Sends a form from a page of the shop.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        self.send("POST", path, &[("sec-fetch-site", "same-origin")], Some(pairs.join("&"))).await
    }

    /// Sends anything. A body is sent as a form.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Page {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "shop.example");
        if !self.cookies.is_empty() {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let has_type = headers.iter().any(|(name, _)| *name == "content-type");
        if body.is_some() && !has_type {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.map_or_else(Body::empty, Body::from)).expect("request");
        let response = self.router.clone().oneshot(request).await.expect("router");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("body").to_bytes();
        let location =
            parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("");
        let page = Page {
            status: parts.status.as_u16(),
            location: location.to_owned(),
            flushes: parts.extensions.get::<AfterResponse>().is_some(),
            body: String::from_utf8(bytes.to_vec()).expect("UTF-8"),
            headers: parts.headers,
        };
        self.keep_cookies(&page);
        page
    }

    fn keep_cookies(&mut self, page: &Page) {
        for cookie in page.set_cookies() {
            let (pair, attributes) = cookie.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a pair");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Puts something into the cart.
    pub async fn add(&mut self, sku: &str, quantity: &str) -> Page {
        self.post("/cart/add/", &[("sku", sku), ("quantity", quantity)]).await
    }

    /// Puts something into the cart, which must work.
    pub async fn has(&mut self, sku: &str, quantity: u32) {
        let page = self.add(sku, &quantity.to_string()).await;
        assert_eq!((page.status, page.location.as_str()), (303, "/cart/"), "{}", page.body);
    }

    /// Changes a quantity in the cart.
    pub async fn change(&mut self, sku: &str, quantity: &str) -> Page {
        self.post("/cart/change/", &[("sku", sku), ("quantity", quantity)]).await
    }

    /// Takes something out of the cart.
    pub async fn remove(&mut self, sku: &str) -> Page {
        self.post("/cart/remove/", &[("sku", sku)]).await
    }

    /// Opens the checkout and fills in the form: delivery by standard, payment by transfer.
    pub async fn fill_in(&mut self) -> Form {
        let page = self.get("/checkout/").await;
        assert_eq!(page.status, 200, "{} {}", page.location, page.body);
        let mut fields = contact();
        fields.extend(
            [("delivery", "standard"), ("payment", "transfer")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        for name in ["key", "total_standard", "total_next-day", "total_pallet", "total_collection"] {
            if let Some(value) = page.input(name) {
                fields.insert(name.to_owned(), value);
            }
        }
        Form(fields)
    }

    /// Sends the checkout form.
    pub async fn place(&mut self, form: &Form) -> Page {
        let fields: Vec<(&str, &str)> =
            form.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post("/checkout/", &fields).await
    }

    /// Fills in the checkout form and sends it; returns the id of the order.
    pub async fn check_out(&mut self) -> String {
        let form = self.fill_in().await;
        let page = self.place(&form).await;
        assert_eq!(page.status, 303, "{}", page.body);
        page.order_id()
    }

    /// Makes an account.
    pub async fn register(&mut self, name: &str, email: &str, password: &str) -> Page {
        self.post("/accounts/register/", &[("name", name), ("email", email), ("password", password)]).await
    }

    /// Signs in as a customer.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Page {
        self.post("/accounts/login/", &[("email", email), ("password", password)]).await
    }

    /// As staff: the money for an order has arrived.
    pub async fn mark_paid(&mut self, order: &str, reference: &str) -> Page {
        self.post(&format!("/admin/orders/{order}/paid/"), &[("reference", reference)]).await
    }

    /// As staff: an order has left.
    pub async fn mark_shipped(&mut self, order: &str) -> Page {
        let fields = [("carrier", "Royal Mail"), ("tracking", "AB123")];
        self.post(&format!("/admin/orders/{order}/shipped/"), &fields).await
    }

    /// As staff: gives an order up.
    pub async fn cancel(&mut self, order: &str) -> Page {
        self.post(&format!("/admin/orders/{order}/cancel/"), &[]).await
    }

    /// As staff: corrects the stock of a SKU.
    pub async fn count(&mut self, sku: &str, expected: &str, counted: &str) -> Page {
        let fields = [("sku", sku), ("expected", expected), ("counted", counted), ("reason", "Stocktaking")];
        self.post("/admin/stock/", &fields).await
    }
}

fn encode(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}

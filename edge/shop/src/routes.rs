//! Every address the shop answers. The router, `run_worker_first` in `wrangler.toml` and the native host all follow
//! this list; a test compares them.

/// First path segments that belong to the shop. Everything else is a static page.
pub const PREFIXES: [&str; 12] = [
    "/cart",
    "/checkout",
    "/order",
    "/orders",
    "/accounts",
    "/admin",
    "/search",
    "/notify",
    "/api",
    "/health",
    "/ready",
    "/_shop",
];

/// The patterns that send a request to the shop before static files are looked at: each prefix alone and with all
/// that is below it.
pub fn patterns() -> Vec<String> {
    PREFIXES.iter().flat_map(|prefix| [(*prefix).to_owned(), format!("{prefix}/*")]).collect()
}

/// Whether the shop, not a static file, answers for this path.
pub fn is_dynamic(path: &str) -> bool {
    PREFIXES
        .iter()
        .any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_segments_count() {
        assert!(is_dynamic("/cart") && is_dynamic("/cart/") && is_dynamic("/order/abc/"));
        assert!(!is_dynamic("/cartoon/") && !is_dynamic("/") && !is_dynamic("/product/order/"));
    }
}

//! Addresses that once were pages: the key `aliases` of a file, and `[[redirects]]` of the shop.

use crate::fields::{Fields, Located, Value};
use crate::markdown::InternalLink;

/// The longest address.
const LENGTH_MAX: usize = 500;

/// Reads an address of this site.
pub(crate) fn here(value: &Value<'_, '_>) -> Option<InternalLink> {
    let target = value.str()?.to_owned();
    if !target.starts_with('/') || target.starts_with("//") || target.contains(char::is_whitespace) {
        let help = "write the path of a page of this site, such as \"/returns/\"";
        return value.reject(format!("no page can be at {target:?}"), help);
    }
    Some(InternalLink { target, span: value.span.clone() })
}

/// An old address that leads to another one.
#[derive(Clone, Debug)]
pub(crate) struct Moved {
    pub(crate) from: Located<String>,
    /// An address of this site, or a full one.
    pub(crate) to: InternalLink,
}

/// Reads `aliases`: addresses that lead to this file's page.
pub(crate) fn aliases(fields: &mut Fields<'_, '_>) -> Vec<Located<String>> {
    fields.optional("aliases", |value| value.list(|item| old(&item))).unwrap_or_default()
}

/// Reads one of `[[redirects]]`.
pub(crate) fn moved(fields: &mut Fields<'_, '_>) -> Option<Moved> {
    let from = fields.required("from", |value| old(&value));
    let to = fields.required("to", |value| {
        let target = value.str()?.to_owned();
        let inside = target.starts_with('/') && !target.starts_with("//");
        if !(inside || target.starts_with("https://")) || target.contains(char::is_whitespace) {
            let help = "begin it with \"/\" for a page of this site, or with \"https://\" for another";
            return value.reject(format!("nothing can be at {target:?}"), help);
        }
        Some(InternalLink { target, span: value.span })
    });
    Some(Moved { from: from?, to: to? })
}

/// An address that may stand in the list of redirects, which is lines of words.
fn old(value: &Value<'_, '_>) -> Option<Located<String>> {
    let text = value.str()?;
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '.' | '_' | '~' | '%' | '+' | ',');
    if !text.starts_with('/') || text.contains("//") || text.len() > LENGTH_MAX || !text.chars().all(plain) {
        let help = "write the path as it stood in the address line, such as \"/old/mug.html\", without \"?\" and \"#\"";
        return value.reject(format!("{text:?} is no address that could have been a page"), help);
    }
    Some(Located { value: text.to_owned(), span: value.span.clone() })
}

//! The navigation at the top of every page, where the settings give it by hand: `[[navigation]]`.

use crate::fields::{Fields, Value};
use crate::markdown::InternalLink;

/// A link of the navigation, with the links below it.
#[derive(Clone, Debug)]
pub(crate) struct NavItem {
    /// What it says.
    pub(crate) title: String,
    /// An address of this site, or a full one.
    pub(crate) link: InternalLink,
    /// The second level; there is no third.
    pub(crate) children: Vec<NavItem>,
}

impl NavItem {
    /// Reads one of `[[navigation]]`.
    pub(crate) fn read(fields: &mut Fields<'_, '_>) -> Option<NavItem> {
        let item = NavItem::read_link(fields);
        let children = fields
            .optional("children", |value| value.tables("a link of the second level", NavItem::read_link));
        Some(NavItem { children: children.unwrap_or_default(), ..item? })
    }

    fn read_link(fields: &mut Fields<'_, '_>) -> Option<NavItem> {
        let title = fields.required("title", Value::text);
        let link = fields.required("link", |value| {
            let target = value.str()?.to_owned();
            let inside = target.starts_with('/') && !target.starts_with("//");
            if !(inside || target.starts_with("https://")) || target.contains(char::is_whitespace) {
                let help = "begin it with \"/\" for a page of this site, or with \"https://\" for another";
                return value.reject(format!("the link {target:?} leads nowhere"), help);
            }
            Some(InternalLink { target, span: value.span })
        });
        Some(NavItem { title: title?, link: link?, children: Vec::new() })
    }

    /// The link and those below it, as far as they lead to pages of this site.
    pub(crate) fn internal_links(&self) -> impl Iterator<Item = &InternalLink> {
        std::iter::once(self)
            .chain(&self.children)
            .map(|item| &item.link)
            .filter(|link| link.target.starts_with('/'))
    }
}

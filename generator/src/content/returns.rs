//! How goods can be returned: `[returns]` in the settings.

use crate::content::address;
use crate::fields::Fields;
use crate::markdown::InternalLink;

/// How goods can be returned. The page says it in full; this is what search engines and product pages say of it.
#[derive(Clone, Debug)]
pub(crate) struct Returns {
    /// For how many days after they arrived.
    pub(crate) days: u32,
    /// Whether the shop pays for sending them back.
    pub(crate) free: bool,
    /// The page about it.
    pub(crate) page: InternalLink,
}

impl Returns {
    /// Reads the table.
    pub(crate) fn read(fields: &mut Fields<'_, '_>) -> Option<Returns> {
        let days = fields.required("days", |value| value.number(1..=730));
        let free = fields.required("paid_by", |value| match value.str()? {
            "shop" => Some(true),
            "customer" => Some(false),
            other => {
                let help = "write who pays for sending goods back: \"customer\" or \"shop\"";
                value.reject(format!("{other:?} cannot pay"), help)
            }
        });
        let page = fields.required("page", |value| address::here(&value));
        Some(Returns { days: u32::try_from(days?).ok()?, free: free?, page: page? })
    }
}

//! What is generated beside the pages, if the settings ask for it: `[generate]`.

use crate::fields::Fields;

/// Which further files there are. Each counts in the files that the hosting plan takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Generated {
    /// A JSON and a Markdown twin of each product.
    pub(crate) twins: bool,
    /// Pages of lists in other orders: by price, the newest first.
    pub(crate) sort_orders: bool,
}

impl Default for Generated {
    fn default() -> Generated {
        Generated { twins: false, sort_orders: true }
    }
}

impl Generated {
    /// Reads the table.
    pub(crate) fn read(fields: &mut Fields<'_, '_>) -> Option<Generated> {
        let default = Generated::default();
        let twins = fields.optional("twins", |value| value.flag()).unwrap_or(default.twins);
        let sort_orders = fields.optional("sort_orders", |value| value.flag()).unwrap_or(default.sort_orders);
        Some(Generated { twins, sort_orders })
    }
}

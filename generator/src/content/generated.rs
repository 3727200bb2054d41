//! What is generated beside the pages, if the settings ask for it: `[generate]`.

use crate::fields::Fields;

/// Which further files there are. Each counts in the files that the hosting plan takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Generated {
    /// A JSON and a Markdown twin of each product.
    pub(crate) twins: bool,
}

impl Generated {
    /// Reads the table.
    pub(crate) fn read(fields: &mut Fields<'_, '_>) -> Option<Generated> {
        let twins = fields.optional("twins", |value| value.flag()).unwrap_or(false);
        Some(Generated { twins })
    }
}

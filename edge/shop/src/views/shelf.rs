//! The ledger of a SKU.

use ipswich_theme::Meta;
use serde::Serialize;

use super::admin::StaffView;
use super::form::Field;
use super::parts::Notice;

/// `admin/shelf.html`. Forms post `kind`, `key`, `pieces` and what belongs to the kind to the page itself.
#[derive(Clone, Debug, Serialize)]
pub struct AdminShelfPage {
    /// Head of the page.
    pub meta: Meta,
    /// Who is signed in.
    pub staff: StaffView,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// The SKU.
    pub sku: String,
    /// The product's name.
    pub title: String,
    /// The chosen options in words.
    pub options: String,
    /// The product's page.
    pub url: String,
    /// How it is sold when nothing is there.
    pub policy: String,
    /// Pieces in the house.
    pub on_hand: i64,
    /// Of these, pieces held for orders.
    pub reserved: i64,
    /// Pieces that are promised and not in the house.
    pub owed: i64,
    /// Pieces that can be sold at once.
    pub available: i64,
    /// Names the booking that the forms make.
    pub key: String,
    /// `kind=receive`: what was typed as `pieces`.
    pub received: Field,
    /// `kind=receive`: the number of the delivery note.
    pub note: Field,
    /// `kind=restock`: what was typed as `pieces`.
    pub returned: Field,
    /// `kind=restock`: the order it comes from.
    pub order: Field,
    /// `kind=adjust`: what was typed as `pieces`, with a sign.
    pub changed: Field,
    /// `kind=adjust`: the choices of `reason`.
    pub reasons: Vec<String>,
    /// `kind=adjust`: the reason that was chosen.
    pub reason: String,
    /// `kind=adjust`: further words.
    pub words: Field,
    /// The ledger, newest first.
    pub entries: Vec<EntryView>,
    /// The page of older entries.
    pub older: Option<String>,
}

/// An entry of the ledger.
#[derive(Clone, Debug, Serialize)]
pub struct EntryView {
    /// When.
    pub at: i64,
    /// What, in words.
    pub what: String,
    /// Why; may be empty.
    pub reason: String,
    /// The number of its order; empty if it has none.
    pub order: String,
    /// The page of that order.
    pub order_url: String,
    /// The change of what is in the house, with its sign; empty for none.
    pub on_hand: String,
    /// The change of what is held, with its sign; empty for none.
    pub reserved: String,
}

//! `/admin/`: what staff does. Every handler takes a [`Staff`], every change writes an audit
//! row in its own batch.

pub(crate) mod login;
pub(crate) mod money;
pub(crate) mod order;
pub(crate) mod orders;
pub(crate) mod outbox;
pub(crate) mod shelf;
pub(crate) mod stock;

use crate::session::Staff;
use crate::views::StaffView;

/// Who is signed in, for the page.
fn staff_view(staff: &Staff) -> StaffView {
    StaffView { name: staff.name().to_owned(), email: staff.email().to_owned() }
}

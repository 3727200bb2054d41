//! Signing in and registering.

use ipswich_theme::Meta;
use serde::Serialize;

use super::form::{Field, FieldError};
use super::parts::Notice;

/// `shop/login.html` and `admin/login.html`
#[derive(Clone, Debug, Serialize)]
pub struct LoginPage {
    /// Head of the page.
    pub meta: Meta,
    /// Sentences above the content.
    pub notices: Vec<Notice>,
    /// What is wrong, in one sentence that does not tell which part.
    pub error: Option<String>,
    /// Input `email`.
    pub email: Field,
    /// Hidden input `next`: where to go afterwards, a path of this shop.
    pub next: String,
}

/// `shop/register.html`
#[derive(Clone, Debug, Serialize)]
pub struct RegisterPage {
    /// Head of the page.
    pub meta: Meta,
    /// All mistakes, for the summary.
    pub errors: Vec<FieldError>,
    /// Input `name`.
    pub name: Field,
    /// Input `email`.
    pub email: Field,
    /// Input `password`; the value is never sent back.
    pub password: Field,
    /// Hidden input `next`: where to go afterwards, a path of this shop.
    pub next: String,
}

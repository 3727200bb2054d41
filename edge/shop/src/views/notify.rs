//! Telling somebody when goods are back: pages and the mail.

use ipswich_theme::Meta;
use serde::Serialize;

use super::form::Field;

/// `shop/notify.html`: the form posts `sku` and `email` to `/notify/`.
#[derive(Clone, Debug, Serialize)]
pub struct NotifyPage {
    /// Head of the page.
    pub meta: Meta,
    /// The SKU.
    pub sku: String,
    /// The product's name.
    pub title: String,
    /// The chosen options in words; empty without options.
    pub options: String,
    /// The product's page.
    pub url: String,
    /// What was typed as `email`.
    pub email: Field,
}

/// `shop/notify_done.html`
#[derive(Clone, Debug, Serialize)]
pub struct NotifyDone {
    /// Head of the page.
    pub meta: Meta,
    /// The product's name.
    pub title: String,
    /// The product's page.
    pub url: String,
    /// Whether it can be bought at once, so that no mail is needed.
    pub is_there: bool,
}

/// `shop/notify_stop.html`: the form posts nothing to `action`.
#[derive(Clone, Debug, Serialize)]
pub struct NotifyStop {
    /// Head of the page.
    pub meta: Meta,
    /// Where the form goes.
    pub action: String,
    /// Whether it is done.
    pub done: bool,
}

/// `mail/back.txt` and `mail/back.html`
#[derive(Clone, Debug, Serialize)]
pub struct NoticeMail {
    /// The product's name.
    pub title: String,
    /// The chosen options in words; empty without options.
    pub options: String,
    /// The full address of the product's page.
    pub link: String,
    /// The full address where the notice is stopped.
    pub stop_link: String,
}

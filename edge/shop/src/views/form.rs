//! Forms: fields with what is wrong with them, and choices.

use serde::Serialize;

/// A form field shown again: what was typed and what is wrong with it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Field {
    /// What was typed.
    pub value: String,
    /// A sentence for the person who typed it.
    pub error: Option<String>,
}

/// A mistake in a form, for the summary above it.
#[derive(Clone, Debug, Serialize)]
pub struct FieldError {
    /// The id of the field, for the link.
    pub field: String,
    /// The sentence at the field.
    pub message: String,
}

/// An option of a list or a radio button.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// The value that is sent.
    pub value: String,
    /// What it says.
    pub title: String,
    /// A few words more.
    pub note: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

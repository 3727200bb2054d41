//! The answers the shop gives when it does not give the page that was asked for.
//!
//! A handler returns an [`Error`]; the outermost layer turns it into a page for the shopper and, with its cause,
//! into the log line.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::ports::{DbError, EntropyError, PublishedError};
use crate::views::Link;

/// Why a request does not get its page.
#[derive(Clone, Debug)]
pub(crate) enum Error {
    /// There is no such page, or it is not the visitor's.
    NotFound,
    /// The page exists, but not for this method.
    MethodNotAllowed,
    /// A form came from another site.
    ForeignForm,
    /// More bytes than any form of ours has.
    TooLarge,
    /// The body is not a form.
    NotAForm,
    /// A form with fields ours does not have, or one twice.
    StrangeForm(String),
    /// The visitor has to sign in first.
    SignIn(String),
    /// A clear no with a sentence and ways on.
    Refused(Box<Refusal>),
    /// Something behind the shop does not answer at present.
    Unavailable(String),
    /// A mistake of ours.
    Broken(String),
}

/// A no that a shopper can do something about.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) title: String,
    pub(crate) sentence: String,
    pub(crate) links: Vec<Link>,
}

/// The extension that carries an error to the layer that renders it.
#[derive(Clone)]
pub(crate) struct Fault(pub(crate) Arc<Error>);

impl Error {
    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Error::ForeignForm => StatusCode::FORBIDDEN,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Error::StrangeForm(_) => StatusCode::BAD_REQUEST,
            Error::SignIn(_) => StatusCode::SEE_OTHER,
            Error::Refused(refusal) => refusal.status,
            Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What the log says about it; answers that are the visitor's business have no cause.
    pub(crate) fn cause(&self) -> Option<&str> {
        match self {
            Error::Unavailable(cause) | Error::Broken(cause) | Error::StrangeForm(cause) => Some(cause),
            _ => None,
        }
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Error {
        match error {
            // Constraints that can happen are handled where they can happen, so these two are mistakes of ours.
            DbError::Constraint(text) | DbError::Row(text) => Error::Broken(format!("database: {text}")),
            DbError::Transient(text) | DbError::Overloaded(text) | DbError::Other(text) => {
                Error::Unavailable(format!("database: {text}"))
            }
        }
    }
}

impl From<PublishedError> for Error {
    fn from(error: PublishedError) -> Error {
        Error::Unavailable(format!("published files: {}", error.0))
    }
}

impl From<EntropyError> for Error {
    fn from(_: EntropyError) -> Error {
        Error::Unavailable("the host has no randomness to give".to_owned())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Error::SignIn(location) = &self
            && let Ok(location) = HeaderValue::from_str(location)
        {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response.extensions_mut().insert(Fault(Arc::new(self)));
        response
    }
}

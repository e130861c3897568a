//! What the routes `/err`, `/jerr` and `/ret` answer on demand, and what a database that fails is to clients.

use std::{collections::BTreeMap, error::Error};

use auth_api_key::{
    odoo::{
        AccessDenied, AccessError, BadRequest, Exception, Forbidden, ImATeapot,
        InternalServerError, MissingError, NotFound, SessionExpiredException, Unauthorized,
        UserError, ValidationError,
    },
    openapi::utoipa::{
        IntoResponses,
        openapi::{self, RefOr},
    },
};
use axum::response::{IntoResponse, Response};

/// The database cannot be asked. What is wrong with it goes to the log.
pub(crate) fn failed(error: impl Error) -> Exception {
    tracing::error!(%error, "the database of Odoo cannot be asked");
    Exception::other("psycopg2.OperationalError", "the database cannot be asked")
}

/// The page that it is on an http route.
pub(crate) fn page(_: Exception) -> InternalServerError {
    InternalServerError::default()
}

/// An answer, or an exception, of any kind that is asked for.
pub(crate) struct Shown(Response);

impl Shown {
    pub(crate) fn new(answer: impl IntoResponse) -> Self {
        Self(answer.into_response())
    }
}

impl IntoResponse for Shown {
    fn into_response(self) -> Response {
        self.0
    }
}

// An `Exception` says nothing of its status to documents.
impl IntoResponses for Shown {
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        let statuses = [200, 201, 303, 400, 401, 403, 404, 418, 500];
        let answers = statuses.map(|status: u16| {
            let mut answer = openapi::Response::new("What was asked for.");
            if status >= 400 {
                let page = openapi::Content::default().into();
                answer.content.insert("text/html".to_owned(), page);
            }
            (status.to_string(), answer.into())
        });
        answers.into()
    }
}

/// The exception of this kind.
pub(crate) fn named(kind: &str) -> Option<Exception> {
    Some(match kind {
        "access" => AccessError::new("no access to that").into(),
        "denied" => AccessDenied::default().into(),
        "denied_msg" => AccessDenied::new("denied, with a text").into(),
        "user" => UserError::new("a user error").into(),
        "validation" => ValidationError::new("a validation error").into(),
        "missing" => MissingError::new("a record is missing").into(),
        "notfound" => NotFound::default().into(),
        "notfound_msg" => NotFound::new("no such thing").into(),
        "forbidden" => Forbidden::default().into(),
        "unauthorized" => Unauthorized::default().into(),
        "badrequest" => BadRequest::new("bad <b>thing</b>").into(),
        "teapot" => ImATeapot::default().into(),
        "http_session_expired" => SessionExpiredException::new("session expired").into(),
        "keyerror" => Exception::other("builtins.KeyError", "a key"),
        "value" => Exception::other("builtins.ValueError", "a value error"),
        "plain" => Exception::other("builtins.Exception", "a plain exception"),
        "zero" => Exception::other("builtins.ZeroDivisionError", "division by zero"),
        _ => return None,
    })
}

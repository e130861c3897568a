//! What the routes `/err` and `/jerr` raise on demand, and what a database that fails is to clients.

use std::error::Error;

use auth_api_key::odoo::{
    AccessDenied, AccessError, BadRequest, Exception, Forbidden, ImATeapot, MissingError, NotFound,
    SessionExpiredException, Unauthorized, UserError, ValidationError,
};

/// The database cannot be asked. What is wrong with it goes to the log.
pub(crate) fn failed(error: impl Error) -> Exception {
    tracing::error!(%error, "the database of Odoo cannot be asked");
    Exception::other("psycopg2.OperationalError", "the database cannot be asked")
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

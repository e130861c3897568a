//! What goes wrong in a handler, as Odoo's clients know it.

use std::{collections::BTreeMap, error::Error, fmt};

use auth_api_key::{
    openapi::utoipa::{
        IntoResponses,
        openapi::{self, RefOr},
    },
    routing::JsonRpcError,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::Value;

/// The database cannot be asked. What is wrong with it goes to the log.
pub(crate) struct Failure(());

impl Failure {
    pub(crate) fn new(error: impl Error) -> Self {
        tracing::error!(%error, "the database of Odoo cannot be asked");
        Self(())
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::new(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the database cannot be asked")
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.to_string()).into_response()
    }
}

impl IntoResponses for Failure {
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        let answer = openapi::Response::new("The database cannot be asked.");
        BTreeMap::from([("500".to_owned(), answer.into())])
    }
}

impl JsonRpcError for Failure {
    fn name(&self) -> &str {
        "psycopg2.OperationalError"
    }
}

/// An exception that the route `/jerr` raises on demand.
pub(crate) struct Raised {
    kind: &'static str,
    name: &'static str,
    text: &'static str,
}

impl Raised {
    const fn new(kind: &'static str, name: &'static str, text: &'static str) -> Self {
        Self { kind, name, text }
    }
}

const RAISED: [Raised; 10] = [
    Raised::new("access", "odoo.exceptions.AccessError", "no access to that"),
    Raised::new("user", "odoo.exceptions.UserError", "a user error"),
    Raised::new(
        "validation",
        "odoo.exceptions.ValidationError",
        "a validation error",
    ),
    Raised::new(
        "notfound",
        "werkzeug.exceptions.NotFound",
        "404 Not Found: The requested URL was not found on the server. If you entered the URL \
         manually please check your spelling and try again.",
    ),
    Raised::new(
        "notfound_msg",
        "werkzeug.exceptions.NotFound",
        "404 Not Found: no such thing",
    ),
    Raised::new(
        "unauthorized",
        "werkzeug.exceptions.Unauthorized",
        "401 Unauthorized: The server could not verify that you are authorized to access the URL \
         requested. You either supplied the wrong credentials (e.g. a bad password), or your \
         browser doesn't understand how to supply the credentials required.",
    ),
    Raised::new(
        "badrequest",
        "werkzeug.exceptions.BadRequest",
        "400 Bad Request: bad <b>thing</b>",
    ),
    Raised::new(
        "teapot",
        "werkzeug.exceptions.ImATeapot",
        "418 I'm a teapot: This server is a teapot, not a coffee machine",
    ),
    Raised::new(
        "http_session_expired",
        "odoo.http.SessionExpiredException",
        "session expired",
    ),
    Raised::new("keyerror", "builtins.KeyError", "a key"),
];

/// The exception of this kind.
pub(crate) fn named(kind: &str) -> Option<Raised> {
    RAISED.into_iter().find(|raised| raised.kind == kind)
}

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl JsonRpcError for Raised {
    fn code(&self) -> i64 {
        match self.name {
            "werkzeug.exceptions.NotFound" => 404,
            "odoo.http.SessionExpiredException" => 100,
            _ => 200,
        }
    }

    fn message(&self) -> &str {
        match self.code() {
            404 => "404: Not Found",
            100 => "Odoo Session Expired",
            _ => "Odoo Server Error",
        }
    }

    fn name(&self) -> &str {
        self.name
    }

    fn arguments(&self) -> Vec<Value> {
        match self.name.starts_with("werkzeug") {
            true => Vec::new(),
            false => vec![self.text.into()],
        }
    }
}

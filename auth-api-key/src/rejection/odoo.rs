//! Answers in Odoo's style: its exceptions, and its JSON-RPC 2.0 envelope around an error.

use serde_json::{Value, json};

use super::reason::Case;

/// An exception of Odoo, with the text that its clients know.
pub(super) struct Exception {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    pub(super) arguments: &'static [&'static str],
}

const UNAUTHORIZED: Exception = Exception {
    name: "werkzeug.exceptions.Unauthorized",
    text: "401 Unauthorized: The server could not verify that you are authorized to access the URL \
           requested. You either supplied the wrong credentials (e.g. a bad password), or your \
           browser doesn't understand how to supply the credentials required.",
    arguments: &[],
};
const ACCESS_DENIED: Exception = Exception {
    name: "odoo.exceptions.AccessDenied",
    text: "Access Denied",
    arguments: &["Access Denied"],
};
const SERVICE_UNAVAILABLE: Exception = Exception {
    name: "werkzeug.exceptions.ServiceUnavailable",
    text: "503 Service Unavailable: API keys cannot be checked at the moment.",
    arguments: &[],
};

/// The exception that Odoo raises in this case.
pub(super) fn exception(case: Case) -> &'static Exception {
    match case {
        Case::MissingKey => &UNAUTHORIZED,
        Case::InvalidKey | Case::ForbiddenGroup | Case::ForbiddenNetwork => &ACCESS_DENIED,
        Case::Unavailable => &SERVICE_UNAVAILABLE,
    }
}

pub(crate) const JSON: &str = "application/json; charset=utf-8";
pub(crate) const ODOO_SERVER_ERROR: &str = "Odoo Server Error";

/// Odoo's JSON-RPC 2.0 envelope with an error; `debug`, where Odoo puts a traceback, is empty.
pub(crate) fn jsonrpc_error(
    id: &Value,
    code: i64,
    message: &str,
    name: &str,
    text: &str,
    arguments: Vec<Value>,
) -> String {
    let data = json!({
        "name": name,
        "debug": "",
        "message": text,
        "arguments": arguments,
        "context": {},
    });
    let error = json!({"code": code, "message": message, "data": data});
    json!({"jsonrpc": "2.0", "id": id, "error": error}).to_string()
}

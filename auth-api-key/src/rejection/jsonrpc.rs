//! The JSON-RPC 2.0 envelope of an error, as Odoo writes it.

use serde_json::{Value, json};

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

//! Answers as a controller of Odoo's makes them: JSON, and files.

use std::fmt::Write;

use axum::{
    body::Bytes,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};
use headers::{ETag, HeaderMapExt, IfNoneMatch};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::exceptions::Exception;
use crate::rejection::JSON;

/// As Odoo's `request.make_json_response`: the content type is `application/json; charset=utf-8`. What
/// serde cannot write is a 500, and the log says why. Return `Json<T>` if an OpenAPI document must have the
/// schema of the answer.
///
/// ```
/// use auth_api_key::{odoo::make_json_response, route};
/// use axum::{http::StatusCode, response::IntoResponse};
/// use serde_json::json;
///
/// #[route("/orders", auth = "api_key", methods = ["POST"])]
/// async fn create() -> impl IntoResponse {
///     // Another status, or other headers, stand before it.
///     (StatusCode::CREATED, make_json_response(json!({"created": true})))
/// }
/// ```
pub fn make_json_response(data: impl Serialize) -> Response {
    match serde_json::to_string(&data) {
        Ok(body) => ([(CONTENT_TYPE, JSON)], body).into_response(),
        Err(error) => Exception::other("builtins.TypeError", error.to_string()).into_response(),
    }
}

/// What RFC 8187 allows in the name of a file without an escape.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// As Odoo's `content_disposition`: the value of `Content-Disposition` by which browsers save an answer
/// as a file of this name.
///
/// A file on disk is served by tower-http's `ServeFile`, which knows its type, `ETag`, 304 and ranges. This
/// gives it a name:
///
/// ```
/// use auth_api_key::odoo::content_disposition;
///
/// let value = content_disposition("Prices 2026.pdf");
/// assert_eq!(value, "attachment; filename*=UTF-8''Prices%202026.pdf");
/// ```
pub fn content_disposition(name: &str) -> HeaderValue {
    disposition("attachment", name)
}

fn disposition(kind: &str, name: &str) -> HeaderValue {
    let name = utf8_percent_encode(name, PLAIN);
    HeaderValue::try_from(format!("{kind}; filename*=UTF-8''{name}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// A file that is in memory, such as a report or what Odoo's `ir.attachment` holds: answered with its
/// type, its name, and an `ETag`, by which a client that has it already gets a 304.
///
/// ```
/// use auth_api_key::{odoo::{File, FileResponse}, route};
/// use axum::http::HeaderMap;
///
/// #[route("/offer/{id}", auth = "api_key")]
/// async fn offer(id: i64, headers: HeaderMap) -> FileResponse {
///     let pdf = format!("%PDF-1.7 offer {id}");
///     File::new(pdf).name(format!("Offer {id}.pdf")).as_attachment().answer(&headers)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct File {
    bytes: Bytes,
    content_type: HeaderValue,
    name: Option<String>,
    disposition: &'static str,
}

impl File {
    /// A file without a name, which browsers show if they can; its type is
    /// `application/octet-stream`.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            content_type: HeaderValue::from_static("application/octet-stream"),
            name: None,
            disposition: "inline",
        }
    }

    /// Its name, by which the type is guessed.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        if let Some(guess) = mime_guess::from_path(&name).first_raw() {
            self.content_type = HeaderValue::from_static(guess);
        }
        self.name = Some(name);
        self
    }

    /// Its type, if the name does not say it.
    pub fn content_type(mut self, content_type: HeaderValue) -> Self {
        self.content_type = content_type;
        self
    }

    /// Browsers save the file instead of showing it.
    pub fn as_attachment(mut self) -> Self {
        self.disposition = "attachment";
        self
    }

    /// The answer to a request with these headers: the file, or 304 if `If-None-Match` says that
    /// the client has it.
    pub fn answer(self, request: &HeaderMap) -> FileResponse {
        let mut tag = String::from("\"");
        for byte in Sha256::digest(&self.bytes) {
            let _ = write!(tag, "{byte:02x}");
        }
        tag.push('"');
        let Ok(tag) = tag.parse::<ETag>() else {
            return FileResponse(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let known = request.typed_get::<IfNoneMatch>();
        let is_known = known.is_some_and(|known| !known.precondition_passes(&tag));
        let mut response = match is_known {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => ([(CONTENT_TYPE, self.content_type)], self.bytes).into_response(),
        };
        let headers = response.headers_mut();
        headers.typed_insert(tag);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        let disposition = match &self.name {
            Some(name) => disposition(self.disposition, name),
            None => HeaderValue::from_static(self.disposition),
        };
        headers.insert(CONTENT_DISPOSITION, disposition);
        FileResponse(response)
    }
}

/// A [`File`], answered.
#[derive(Debug)]
pub struct FileResponse(Response);

impl IntoResponse for FileResponse {
    fn into_response(self) -> Response {
        self.0
    }
}

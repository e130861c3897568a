//! Problem documents (RFC 9457), and answers that no HTTP cache may store.

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::Response,
};
use serde_json::json;

/// A problem document (RFC 9457) with a `code` for programs.
pub(super) fn problem_json(status: StatusCode, code: &str, detail: &str) -> Bytes {
    let title = status.canonical_reason();
    let status = status.as_u16();
    let document = json!({"title": title, "status": status, "code": code, "detail": detail});
    document.to_string().into()
}

pub(super) fn problem(status: StatusCode, body: Bytes) -> Response {
    uncached(status, "application/problem+json", body)
}

pub(super) fn uncached(status: StatusCode, content_type: &'static str, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(
        CACHE_CONTROL,
        const { HeaderValue::from_static("no-store") },
    );
    response
}

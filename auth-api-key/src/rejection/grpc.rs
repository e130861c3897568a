//! Answers that gRPC clients understand: status 200, and the status of the call in a header
//! ([gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md), "Trailers-Only").

use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::Response,
};

use super::reason::Case;

const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
const GRPC_MESSAGE: HeaderName = HeaderName::from_static("grpc-message");

/// The content type of a call by gRPC or gRPC-Web; `None` for any other request.
pub(crate) fn grpc(headers: &HeaderMap) -> Option<HeaderValue> {
    let sent = headers.get(CONTENT_TYPE)?;
    match sent.as_bytes().strip_prefix(b"application/grpc")? {
        [] | [b'+' | b';' | b'-', ..] => Some(sent.clone()),
        _ => None,
    }
}

pub(super) fn trailers_only(case: Case, content_type: HeaderValue) -> Response {
    let status = match case {
        Case::MissingKey | Case::InvalidKey => "16", // UNAUTHENTICATED
        Case::ForbiddenGroup | Case::ForbiddenNetwork => "7", // PERMISSION_DENIED
        Case::Unavailable => "14",                   // UNAVAILABLE
    };
    let mut answer = Response::new(Body::empty());
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    headers.insert(GRPC_STATUS, HeaderValue::from_static(status));
    headers.insert(GRPC_MESSAGE, HeaderValue::from_static(case.detail()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

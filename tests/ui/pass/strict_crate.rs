//! A crate that denies all that can be denied.

#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused)]
#![deny(clippy::pedantic)]
#![forbid(deprecated, unused_mut, unused_variables)]
#![no_implicit_prelude]

use ::auth_api_key::{ApiKey, route, routes};

/// A service.
#[route("/my_service/{id}?page&tag", auth = "api_key", groups = ["shop"])]
pub async fn my_service(
    key: ApiKey,
    id: u8,
    page: ::std::option::Option<u8>,
    tag: ::std::vec::Vec<::std::string::String>,
    ::axum::extract::State(auth): ::axum::extract::State<::auth_api_key::Authenticator>,
    headers: ::axum::http::HeaderMap,
    body: ::axum::body::Bytes,
) -> impl ::axum::response::IntoResponse {
    let _ = (key, id, page, tag, auth, headers);
    body
}

/// Another one.
#[route("/open", auth = "none", cors = "http://[::1]:3000")]
pub async fn open() {}

/// An old one.
#[deprecated]
#[route("/old", auth = "none")]
pub async fn old() {}

/// A call.
#[route("/call?name", auth = "api_key", type = "jsonrpc")]
pub async fn call(name: ::std::string::String) -> ::std::string::String {
    name
}

/// A call that takes nothing.
#[route("/empty_call", auth = "none", type = "jsonrpc", cors = "https://app.example.com:8443")]
pub async fn empty_call() {}

/// Why a call fails.
#[derive(Debug)]
pub struct OutOfStock;

impl ::std::fmt::Display for OutOfStock {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str("out of stock")
    }
}

impl ::auth_api_key::routing::JsonRpcError for OutOfStock {}

/// A call that fails.
#[route("/failing_call", auth = "none", type = "jsonrpc")]
pub async fn failing_call() -> ::std::result::Result<u8, OutOfStock> {
    ::std::result::Result::Err(OutOfStock)
}

/// The list of them.
///
/// # Panics
///
/// If one is missing.
pub fn main() {
    let routes: ::auth_api_key::Routes<::auth_api_key::Authenticator> =
        routes![my_service, open, call, empty_call, failing_call];
    ::std::assert_eq!(::std::iter::ExactSizeIterator::len(&routes.iter()), 5);
    let none: ::auth_api_key::Routes<()> = routes![];
    ::std::assert_eq!(::std::iter::ExactSizeIterator::len(&none.iter()), 0);
}

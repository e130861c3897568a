//! The caller's address as an axum extractor.

use std::{convert::Infallible, net::IpAddr};

use axum::{extract::FromRequestParts, http::request::Parts};

use super::state::ProvidesAuthenticator;

/// An extractor: the address of the caller, against which keys with
/// [networks](crate::NewKey::networks) are checked.
///
/// It is the address of the peer. If the peer is one of your [proxies](crate::Builder::proxies), it is
/// the address that they name. It is `None` if the router is not served by
/// `into_make_service_with_connect_info::<SocketAddr>()`, or if proxies name nobody. In tests, axum's
/// `MockConnectInfo` sets it.
///
/// ```
/// use auth_api_key::{Authenticator, extract::Caller};
/// use axum::{Router, routing::get};
///
/// async fn whence(Caller(address): Caller) -> String {
///     address.map_or("from anywhere".to_owned(), |address| format!("from {address}"))
/// }
///
/// let app: Router<Authenticator> = Router::new().route("/whence", get(whence));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller(pub Option<IpAddr>);

impl<S> FromRequestParts<S> for Caller
where
    S: ProvidesAuthenticator + Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let authenticator = state.authenticator();
        Ok(Self(
            authenticator.caller_address(&parts.headers, &parts.extensions),
        ))
    }
}

//! [`ApiKey`] as an axum extractor.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};

use super::state::ProvidesAuthenticator;
use crate::{key::ApiKey, rejection::Rejection};

/// In a handler without the [`route`](macro@crate::route) attribute: verifies the request's key.
///
/// The handler is guarded as long as it has this argument. Put it first: axum runs extractors in
/// order. Below an [`ApiKeyLayer`](crate::ApiKeyLayer) or inside a guarded route it verifies the key
/// again, so that a key that was revoked in between is refused; the key is logged and counted once.
/// Unlike the attribute, an extractor cannot add `Cache-Control` and `Vary` to the answer.
///
/// ```
/// use auth_api_key::{ApiKey, Authenticator};
/// use axum::{Router, routing::get};
///
/// async fn whoami(key: ApiKey) -> String {
///     key.name.clone()
/// }
///
/// let app: Router<Authenticator> = Router::new().route("/whoami", get(whoami));
/// ```
impl<S> FromRequestParts<S> for ApiKey
where
    S: ProvidesAuthenticator + Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        state.authenticator().authenticate_inside(parts).await
    }
}

/// `Option<ApiKey>`: no key is `None`, a wrong key is still refused.
impl<S> OptionalFromRequestParts<S> for ApiKey
where
    S: ProvidesAuthenticator + Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Rejection> {
        state
            .authenticator()
            .authenticate_optional_inside(parts)
            .await
    }
}

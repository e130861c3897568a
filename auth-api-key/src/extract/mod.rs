//! [`ApiKey`] as an axum extractor, and as a tower layer.

mod layer;

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};

pub use self::layer::{ApiKeyLayer, ApiKeyService};
use crate::{ApiKey, Authenticator, Rejection};

/// A router state in which guarded handlers find their [`Authenticator`].
///
/// It is implemented for every state from which an `Authenticator` can be had by axum's
/// [`FromRef`], for an `Arc` of such a state, and for `Authenticator` itself.
///
/// ```
/// use std::sync::Arc;
///
/// use auth_api_key::{Authenticator, ProvidesAuthenticator};
/// use axum::extract::FromRef;
///
/// #[derive(Clone, FromRef)]
/// struct AppState {
///     auth: Authenticator,
///     greeting: &'static str,
/// }
///
/// fn usable_as_router_state<S: ProvidesAuthenticator>() {}
/// usable_as_router_state::<AppState>();
/// usable_as_router_state::<Arc<AppState>>();
/// usable_as_router_state::<Authenticator>();
/// ```
#[diagnostic::on_unimplemented(
    message = "router state `{Self}` has no API-key authenticator",
    label = "this route asks for `auth = \"api_key\"`",
    note = "put an `Authenticator` in the state: `#[derive(Clone, FromRef)] struct AppState {{ auth: Authenticator, .. }}`",
    note = "if `{Self}` is not the state that was meant: call `.with_state(..)` after mounting the routes, and see that it has the `T` of each `State<T>` argument"
)]
pub trait ProvidesAuthenticator {
    /// The authenticator of this state.
    fn authenticator(&self) -> Authenticator;
}

#[diagnostic::do_not_recommend]
impl<S> ProvidesAuthenticator for S
where
    Authenticator: FromRef<S>,
{
    fn authenticator(&self) -> Authenticator {
        Authenticator::from_ref(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T> ProvidesAuthenticator for Arc<T>
where
    Authenticator: FromRef<T>,
{
    fn authenticator(&self) -> Authenticator {
        Authenticator::from_ref(self)
    }
}

/// In a handler without the [`route`](macro@crate::route) attribute: verifies the request's key.
///
/// The handler is guarded as long as it has this argument. Put it first: axum runs extractors in
/// order. Unlike the attribute, an extractor cannot add `Cache-Control` and `Vary` to the answer.
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
        state.authenticator().authenticate::<&str>(parts, &[]).await
    }
}

/// `Option<ApiKey>`: no key is `None`, a wrong key is still refused.
impl<S> OptionalFromRequestParts<S> for ApiKey
where
    S: ProvidesAuthenticator + Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Rejection> {
        state.authenticator().authenticate_optional(parts).await
    }
}

//! The guards that an expanded handler begins with.

use std::{convert::Infallible, fmt, pin::Pin};

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};

use super::{answer::RouteAnswer, argument::Provides, info::Route};
use crate::{
    authenticator::{Authenticator, Begun},
    extract::ProvidesAuthenticator,
    key::ApiKey,
    rejection::{Rejection, grpc},
};

/// A way of your own to authenticate requests: `#[route("/me", auth = MyJwt)]`.
///
/// ```
/// use auth_api_key::{AuthMethod, Identity, route};
/// use axum::http::{StatusCode, request::Parts};
///
/// #[derive(Clone)]
/// struct AppState {
///     password: &'static str,
/// }
///
/// struct Password;
///
/// impl AuthMethod for Password {
///     type State = AppState;
///     type Identity = &'static str;
///     type Rejection = StatusCode;
///
///     async fn authenticate(parts: &mut Parts, state: &AppState) -> Result<&'static str, StatusCode> {
///         match parts.headers.get("password") {
///             Some(sent) if sent == state.password => Ok("someone who knows the password"),
///             _ => Err(StatusCode::UNAUTHORIZED),
///         }
///     }
/// }
///
/// #[route("/secret", auth = Password)]
/// async fn secret(Identity(who): Identity<Password>) -> String {
///     format!("hello {who}")
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no way to authenticate a request",
    label = "does not implement `AuthMethod`",
    note = "implement it: `impl AuthMethod for {Self} {{ type State = AppState; type Identity = User; type Rejection = StatusCode; async fn authenticate(parts: &mut Parts, state: &AppState) -> Result<User, StatusCode> {{ .. }} }}`"
)]
pub trait AuthMethod: 'static {
    /// What it needs of the router's state, taken by [`FromRef`](axum::extract::FromRef).
    type State: Send + Sync;

    /// Who is calling. A handler has it as its argument of type [`Identity`].
    type Identity: Send + 'static;

    /// The answer to a request that is refused.
    type Rejection: IntoResponse;

    /// Says who is calling, or refuses the request. No argument of the handler has been extracted
    /// yet, and nothing of the body has been read.
    fn authenticate(
        parts: &mut Parts,
        state: &Self::State,
    ) -> impl Future<Output = Result<Self::Identity, Self::Rejection>> + Send;

    /// What an [OpenAPI document](crate::openapi) calls the method, and how it describes it: nothing
    /// unless said otherwise.
    #[cfg(feature = "openapi")]
    fn scheme() -> Option<(&'static str, utoipa::openapi::security::SecurityScheme)> {
        None
    }
}

/// An [`AuthMethod`] whose state can be had from the router's state `S`.
#[diagnostic::on_unimplemented(
    message = "router state `{S}` has not what `auth = {Self}` needs",
    label = "this route asks for `auth = {Self}`",
    note = "`<{Self} as AuthMethod>::State` must be the router's state, or a field of it by `#[derive(Clone, FromRef)]`"
)]
pub trait Authenticates<S>: AuthMethod {
    /// Takes what the method needs out of the router's state.
    fn state(state: &S) -> Self::State;
}

#[diagnostic::do_not_recommend]
impl<M, S> Authenticates<S> for M
where
    M: AuthMethod,
    S: Provides<M::State>,
{
    fn state(state: &S) -> M::State {
        state.provide()
    }
}

/// The argument of a handler with `auth = M`: who is calling.
pub struct Identity<M: AuthMethod>(pub M::Identity);

impl<M: AuthMethod<Identity: fmt::Debug>> fmt::Debug for Identity<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Identity").field(&self.0).finish()
    }
}

/// What a handler's `call` gives: one allocation a request.
pub type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A router's state.
pub trait RouterState: Send + Sync + 'static {}

impl<S: Send + Sync + 'static> RouterState for S {}

/// Begins to verify a request's key: before anything else is done with the request, and without
/// keeping it.
pub fn begin<R: Route, S: ProvidesAuthenticator>(request: &Request, state: &S) -> Admission {
    let groups = R::INFO.groups;
    let authenticator = state.authenticator();
    let begun = authenticator.begin(request.headers(), request.extensions(), groups);
    let grpc = match begun {
        Begun::Admitted(..) => None,
        _ => grpc(request.headers()),
    };
    Admission {
        authenticator,
        begun,
        groups,
        grpc,
    }
}

/// A request whose key is being verified.
pub struct Admission {
    authenticator: Authenticator,
    begun: Begun,
    groups: &'static [&'static str],
    grpc: Option<HeaderValue>,
}

impl Admission {
    /// Hides the key from what logs the request after the guard.
    pub fn mark_sensitive(&self, parts: &mut Parts) {
        self.authenticator
            .header()
            .mark_sensitive(&mut parts.headers);
    }

    /// For `auth = "api_key"`.
    pub async fn api_key(self) -> Result<(ByKey, ApiKey), Rejection> {
        match self.authenticator.finish(self.begun, self.groups).await {
            Ok(key) => Ok((ByKey::new(self.authenticator), key)),
            Err(refusal) => Err(self.authenticator.refuse(refusal, self.grpc)),
        }
    }

    /// For `auth = "public"`.
    pub async fn public(self) -> Result<(ByKey, Option<ApiKey>), Rejection> {
        let decision = self.authenticator.finish_optional(self.begun, || self.grpc);
        let key = decision.await?;
        Ok((ByKey::new(self.authenticator), key))
    }
}

/// The guard of `auth = M`.
pub async fn custom<M: Authenticates<S>, S>(
    parts: &mut Parts,
    state: &S,
) -> Result<(ByOther, Identity<M>), OwnRejection<M::Rejection>> {
    let identity = M::authenticate(parts, &M::state(state)).await;
    let identity = identity.map_err(OwnRejection)?;
    Ok((ByOther(()), Identity(identity)))
}

/// What an own method refuses a request with. Tests of programs recognise it.
pub struct OwnRejection<R>(R);

#[cfg(feature = "test")]
#[derive(Clone)]
pub(crate) struct RefusedByOwnMethod;

impl<R: IntoResponse> IntoResponse for OwnRejection<R> {
    fn into_response(self) -> Response {
        let answer = self.0.into_response();
        #[cfg(feature = "test")]
        let answer = (axum::Extension(RefusedByOwnMethod), answer).into_response();
        answer
    }
}

/// The guard of `auth = "none"`.
pub fn none() -> Result<(ByOther, ()), Infallible> {
    Ok((ByOther(()), ()))
}

/// A request was admitted by its key.
pub struct ByKey {
    authenticator: Authenticator,
    /// What layers around the route find.
    left: Option<ApiKey>,
}

impl ByKey {
    fn new(authenticator: Authenticator) -> Self {
        Self {
            authenticator,
            left: None,
        }
    }

    /// Leaves the key to arguments that may look for it, and to layers around the route: where no
    /// argument does, nothing is allocated for either.
    pub fn leave<'a>(mut self, parts: &mut Parts, key: impl Into<Option<&'a ApiKey>>) -> Self {
        self.left = key.into().cloned();
        self.authenticator.leave(parts, self.left.as_ref());
        self
    }

    pub fn answer(self, response: impl RouteAnswer) -> Response {
        let mut response = response.into_answer();
        self.authenticator.answers().keep_private(&mut response);
        if let Some(key) = self.left {
            response.extensions_mut().insert(key);
        }
        response
    }

    /// The status where a capture cannot be read.
    pub fn unreadable_capture(&self) -> StatusCode {
        match self.authenticator.answers().is_odoo() {
            true => StatusCode::NOT_FOUND,
            false => StatusCode::BAD_REQUEST,
        }
    }
}

/// A request was admitted by an own method, or by none.
pub struct ByOther(());

impl ByOther {
    pub fn answer(&self, response: impl RouteAnswer) -> Response {
        response.into_answer()
    }

    pub fn unreadable_capture(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }
}

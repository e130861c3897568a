//! The guards that an expanded handler begins with.

use std::{fmt, marker::PhantomData, pin::Pin};

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::future::BoxFuture;

use super::{
    argument::{KeptRequest, Provides},
    info::RouteInfo,
    source::Kept,
};
use crate::{
    authenticator::{Authenticator, EarlyDecision},
    extract::ProvidesAuthenticator,
    key::ApiKey,
    rejection::grpc,
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
    message = "`{Self}` cannot authenticate a request",
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

    /// What an [OpenAPI document](crate::openapi) calls the method, and how it describes it. `None` unless you
    /// implement it.
    #[cfg(feature = "openapi")]
    fn scheme() -> Option<(&'static str, utoipa::openapi::security::SecurityScheme)> {
        None
    }
}

/// An [`AuthMethod`] whose state is in the router's state `S`.
pub trait Authenticates<S>: AuthMethod {
    /// Takes what the method needs out of the router's state.
    fn state(state: &S) -> Self::State;
}

impl<M, S> Authenticates<S> for M
where
    M: AuthMethod,
    S: ProvidesFor<M, M::State>,
{
    fn state(state: &S) -> M::State {
        state.provide()
    }
}

/// A router state with what the [`AuthMethod`] `M` needs: the compile error names both.
#[diagnostic::on_unimplemented(
    message = "router state `{Self}` has no `{T}`, which `auth = {M}` needs",
    label = "this route asks for `auth = {M}`",
    note = "give the state a field of type `{T}`: `#[derive(Clone, FromRef)] struct AppState {{ part: {T}, .. }}`; a field of type `Option<{T}>` or `Arc<{T}>` is not found",
    note = "`<{M} as AuthMethod>::State` is the type that `{M}` needs: a field of the router's state, or the router's state itself"
)]
pub trait ProvidesFor<M, T>: Provides<T> {}

#[diagnostic::do_not_recommend]
impl<M, T, S: Provides<T>> ProvidesFor<M, T> for S {}

/// The argument of a handler with `auth = M`: who is calling.
pub struct Identity<M: AuthMethod>(pub M::Identity);

impl<M: AuthMethod<Identity: fmt::Debug>> fmt::Debug for Identity<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Identity").field(&self.0).finish()
    }
}

/// Holds if an argument `Identity<T>` has the type in `auth`.
#[diagnostic::on_unimplemented(
    message = "a route with `auth = {Self}` has no `Identity<{T}>`",
    label = "not the type in `auth`",
    note = "write `Identity<{Self}>`: in it is what `<{Self} as AuthMethod>::Identity` names"
)]
pub trait Identifies<T> {}

#[diagnostic::do_not_recommend]
impl<T> Identifies<T> for T {}

/// For the macro: compiles only if `T` is `M`.
pub const fn identifies<M: Identifies<T>, T>() {}

/// What a handler's `call` gives: one allocation a request.
pub type AnswerFuture = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A router's state.
pub trait RouterState: Send + Sync + 'static {}

impl<S: Send + Sync + 'static> RouterState for S {}

/// Who may call a route, as its `auth` says. `K` is what is kept of the request.
pub trait Guard<S, K>: 'static {
    /// What is known of the caller before anything of the request is kept.
    type Begun: Send;
    /// How an admitted request is answered.
    type Admitted: Admitted;
    /// Who is calling.
    type Who: Send;

    /// Where keys are verified, if they are.
    fn authenticator(state: &S) -> Option<Authenticator>;

    /// Begins to verify the caller, before anything else is done with the request.
    fn begin(request: &mut Request, state: &S, route: &'static RouteInfo) -> Self::Begun;

    /// Says who is calling, or refuses the request.
    fn admit<'a>(
        begun: Self::Begun,
        kept: &'a mut K,
        state: &'a S,
        route: &'static RouteInfo,
    ) -> Decision<'a, Self::Admitted, Self::Who>;
}

/// What a guard decides. Most keys are in memory, and their requests need not await anything.
pub enum Decision<'a, A, W> {
    /// Memory was enough: who is calling.
    Admitted(A, W),
    /// Who is calling, or the answer to a request that is refused.
    Awaited(BoxFuture<'a, Result<(A, W), Response>>),
}

/// An admitted request.
pub trait Admitted: Send {
    /// Makes a response this route's.
    fn answer(self, response: &mut Response);

    /// The status for an unreadable capture.
    fn unreadable_capture(&self) -> StatusCode;
}

/// For `auth = "api_key"`. `SHARED`: arguments may look for the key, so the request and the response carry it.
pub enum ByKey<const SHARED: bool> {}

/// For `auth = "public"`.
pub enum Public<const SHARED: bool> {}

/// For `auth = M`.
pub struct ByMethod<M>(PhantomData<M>);

/// For `auth = "none"`.
pub enum Open {}

impl<const SHARED: bool, S, K> Guard<S, K> for ByKey<SHARED>
where
    S: ProvidesAuthenticator + RouterState,
    K: Kept,
{
    type Begun = Verification;
    type Admitted = Verified;
    type Who = ApiKey;

    fn authenticator(state: &S) -> Option<Authenticator> {
        Some(state.authenticator())
    }

    fn begin(request: &mut Request, state: &S, route: &'static RouteInfo) -> Verification {
        Verification::begin::<K>(request, state.authenticator(), route)
    }

    fn admit<'a>(
        begun: Verification,
        kept: &'a mut K,
        _: &'a S,
        route: &'static RouteInfo,
    ) -> Decision<'a, Verified, ApiKey> {
        let Verification {
            authenticator,
            begun,
            grpc,
        } = begun;
        match authenticator.finish_from_memory(begun) {
            Ok(key) => {
                let verified = Verified::new::<K, SHARED>(authenticator, kept, Some(&key));
                Decision::Admitted(verified, key)
            }
            Err(begun) => Decision::Awaited(Box::pin(async move {
                match authenticator.finish(begun, route.groups).await {
                    Ok(key) => {
                        let verified = Verified::new::<K, SHARED>(authenticator, kept, Some(&key));
                        Ok((verified, key))
                    }
                    Err(refusal) => Err(K::refuse(
                        authenticator.refuse(refusal, grpc.map(|sent| *sent)),
                    )),
                }
            })),
        }
    }
}

impl<const SHARED: bool, S, K> Guard<S, K> for Public<SHARED>
where
    S: ProvidesAuthenticator + RouterState,
    K: Kept,
{
    type Begun = Verification;
    type Admitted = Verified;
    type Who = Option<ApiKey>;

    fn authenticator(state: &S) -> Option<Authenticator> {
        Some(state.authenticator())
    }

    fn begin(request: &mut Request, state: &S, route: &'static RouteInfo) -> Verification {
        Verification::begin::<K>(request, state.authenticator(), route)
    }

    fn admit<'a>(
        begun: Verification,
        kept: &'a mut K,
        _: &'a S,
        _: &'static RouteInfo,
    ) -> Decision<'a, Verified, Option<ApiKey>> {
        let Verification {
            authenticator,
            begun,
            grpc,
        } = begun;
        Decision::Awaited(Box::pin(async move {
            let key = authenticator
                .finish_optional(begun, || grpc.map(|sent| *sent))
                .await;
            let key = key.map_err(K::refuse)?;
            let verified = Verified::new::<K, SHARED>(authenticator, kept, key.as_ref());
            Ok((verified, key))
        }))
    }
}

impl<M, S, K> Guard<S, K> for ByMethod<M>
where
    M: Authenticates<S>,
    S: RouterState,
    K: KeptRequest,
{
    type Begun = ();
    type Admitted = NotVerified;
    type Who = Identity<M>;

    fn authenticator(_: &S) -> Option<Authenticator> {
        None
    }

    fn begin(_: &mut Request, _: &S, _: &'static RouteInfo) {}

    fn admit<'a>(
        (): (),
        kept: &'a mut K,
        state: &'a S,
        _: &'static RouteInfo,
    ) -> Decision<'a, NotVerified, Identity<M>> {
        Decision::Awaited(Box::pin(async move {
            let state = M::state(state);
            match M::authenticate(kept.request().parts(), &state).await {
                Ok(identity) => Ok((NotVerified, Identity(identity))),
                Err(rejection) => Err(refused_by_method(rejection)),
            }
        }))
    }
}

/// The answer to a request that an own method refuses. Tests of programs recognise it.
fn refused_by_method(rejection: impl IntoResponse) -> Response {
    let answer = rejection.into_response();
    #[cfg(feature = "test")]
    let answer = (axum::Extension(RefusedByOwnMethod), answer).into_response();
    answer
}

#[cfg(feature = "test")]
#[derive(Clone)]
pub(crate) struct RefusedByOwnMethod;

impl<S: RouterState, K: Kept> Guard<S, K> for Open {
    type Begun = ();
    type Admitted = NotVerified;
    type Who = ();

    fn authenticator(_: &S) -> Option<Authenticator> {
        None
    }

    fn begin(_: &mut Request, _: &S, _: &'static RouteInfo) {}

    fn admit<'a>(
        (): (),
        _: &'a mut K,
        _: &'a S,
        _: &'static RouteInfo,
    ) -> Decision<'a, NotVerified, ()> {
        Decision::Admitted(NotVerified, ())
    }
}

/// A request whose key is being verified.
pub struct Verification {
    authenticator: Authenticator,
    begun: EarlyDecision,
    /// Boxed, since few requests have it and all move it.
    grpc: Option<Box<HeaderValue>>,
}

impl Verification {
    fn begin<K: Kept>(
        request: &mut Request,
        authenticator: Authenticator,
        route: &'static RouteInfo,
    ) -> Self {
        let begun = authenticator.begin(request.headers(), request.extensions(), route.groups);
        let grpc = match begun {
            EarlyDecision::Admitted(..) => None,
            _ => grpc(request.headers()).map(Box::new),
        };
        if K::IS_THE_REQUEST {
            // So that no later log shows the key.
            authenticator.header().mark_sensitive(request.headers_mut());
        }
        Self {
            authenticator,
            begun,
            grpc,
        }
    }
}

/// A request was admitted by its key.
pub struct Verified {
    authenticator: Authenticator,
    /// What layers around the route find.
    shared: Option<ApiKey>,
}

impl Verified {
    /// Shares the key with arguments that may look for it, and with layers around the route. If no argument
    /// may, nothing is allocated.
    fn new<K: Kept, const SHARED: bool>(
        authenticator: Authenticator,
        kept: &mut K,
        key: Option<&ApiKey>,
    ) -> Self {
        let mut shared = None;
        if SHARED && let Some(parts) = kept.parts() {
            authenticator.share(parts, key);
            shared = key.cloned();
        }
        Self {
            authenticator,
            shared,
        }
    }
}

impl Admitted for Verified {
    fn answer(self, response: &mut Response) {
        self.authenticator.answers().keep_private(response);
        if let Some(key) = self.shared {
            response.extensions_mut().insert(key);
        }
    }

    fn unreadable_capture(&self) -> StatusCode {
        match self.authenticator.answers().is_odoo() {
            true => StatusCode::NOT_FOUND,
            false => StatusCode::BAD_REQUEST,
        }
    }
}

/// A request was admitted by an own method, or by none.
pub struct NotVerified;

impl Admitted for NotVerified {
    fn answer(self, _: &mut Response) {}

    fn unreadable_capture(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }
}

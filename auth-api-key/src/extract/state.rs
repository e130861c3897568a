//! Where guarded handlers find their [`Authenticator`].

use std::sync::Arc;

use axum::extract::FromRef;

use crate::authenticator::Authenticator;

/// A router state in which guarded handlers find their [`Authenticator`].
///
/// It is implemented for every state from which axum's [`FromRef`] gives an `Authenticator`, for an
/// `Arc` of such a state, and for `Authenticator` itself.
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
///
/// # Several authenticators
///
/// If some routes need keys of one store and others need keys of another, make a state for each, with
/// the rest of the program's state in it. Give routes their state before you merge them:
///
/// ```
/// use auth_api_key::{ApiKey, Authenticator, route, routes};
/// use axum::{Router, extract::{FromRef, State}};
///
/// #[derive(Clone, FromRef)]
/// struct Internal {
///     auth: Authenticator,
///     greeting: &'static str,
/// }
///
/// #[derive(Clone, FromRef)]
/// struct External {
///     auth: Authenticator,
///     greeting: &'static str,
/// }
///
/// #[route("/accounts", auth = "api_key", groups = ["staff"])]
/// async fn accounts(State(greeting): State<&'static str>) -> &'static str {
///     greeting
/// }
///
/// #[route("/orders", auth = "api_key")]
/// async fn orders(key: ApiKey) -> String {
///     key.name.clone()
/// }
///
/// fn app(internal: Internal, external: External) -> Router {
///     let internal = Router::new().merge(routes![accounts]).with_state(internal);
///     let external = Router::new().merge(routes![orders]).with_state(external);
///     internal.merge(external)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "router state `{Self}` has no API-key authenticator",
    label = "this route verifies API keys",
    note = "if the state is `()`, the router has no state yet: call `.with_state(auth)` after `.merge(routes![..])`, and name the state in the type of a router without it: `Router<Authenticator>`",
    note = "if there is a `#[debug_handler]`, delete it: it looks for the authenticator in `()`, and `#[route]` makes the same checks",
    note = "if the state is yours, put an `Authenticator` in it: `#[derive(Clone, FromRef)] struct AppState {{ auth: Authenticator, .. }}`; the field is not found without the derive of `axum::extract::FromRef`, in an `Arc<Authenticator>` (an `Authenticator` is cheap to clone), or if the state is in a `Mutex`",
    note = "if the state is another type, name your state in `Router<AppState>` and `Routes<AppState>`, and check that it has the `T` of each `State<T>` argument",
    note = "`Authenticator::connect(..)` gives an `Authenticator` after `.await?`"
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

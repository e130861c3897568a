//! How a request comes to a route: the argument of the function that a route is, and the handler by
//! which lists mount it.

use std::{convert::Infallible, fmt, marker::PhantomData, ops::Deref};

use axum::{
    extract::{FromRequest, Request},
    handler::Handler,
};

#[cfg(feature = "openapi")]
use super::describe::Described;
use super::{argument::Provides, guard::AnswerFuture, info::Route};
use crate::{authenticator::Authenticator, extract::ProvidesAuthenticator};

/// Without the feature `openapi`, nothing describes a route.
#[cfg(not(feature = "openapi"))]
pub trait Described {}

#[cfg(not(feature = "openapi"))]
impl<T> Described for T {}

/// A route that answers requests if the router's state is an `S`.
pub trait Run<S>: Described + Route {
    /// Verifies the request's key, and then runs the body.
    fn run(request: Request, state: S) -> Ran<Self>;
}

/// The answer of a route: only its expansion can make one.
pub struct Ran<R: Route>(AnswerFuture, PhantomData<fn() -> R::Seal>);

impl<R: Route> Ran<R> {
    /// What [`run`](super::run::run) gives.
    pub(super) fn new(_: R::Seal, answer: AnswerFuture) -> Self {
        Self(answer, PhantomData)
    }
}

/// A request for the route `R`, which nobody has verified yet: all that can be done with it is to run
/// the route, guard and body.
pub type Call<R, S> =
    OnlyARouterCallsARoute_MoveSharedCodeIntoAFunction_InTestsCall_unguarded<R, S>;

/// Its name is what rustc says to whoever calls a route: that it expected this type.
#[allow(non_camel_case_types)]
pub struct OnlyARouterCallsARoute_MoveSharedCodeIntoAFunction_InTestsCall_unguarded<R, S> {
    request: Request,
    state: S,
    route: PhantomData<fn() -> R>,
}

/// The answer of a route for the router's state `S`. Whoever calls a route has no `S`, so rustc does not know
/// the answer, and reports no second error.
pub trait HasAnswer {
    /// [`AnswerFuture`], for each state.
    type Answer;
}

impl<S> HasAnswer for S {
    type Answer = AnswerFuture;
}

impl<R: Run<S>, S> Call<R, S> {
    /// Verifies the request's key, and then runs the body.
    pub fn run(self) -> AnswerFuture {
        R::run(self.request, self.state).0
    }
}

/// Only moves the request and the state.
impl<R: 'static, S: Clone + Send + Sync> FromRequest<S> for Call<R, S> {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        Ok(Self {
            request,
            state: state.clone(),
            route: PhantomData,
        })
    }
}

/// The handler of a route, by which lists mount a function. The constants of a controller are such values.
pub type Guarded<R> = OnlyARouterCallsARoute_MoveSharedCodeIntoAMethod<R>;

/// Its name is what rustc says to whoever calls `Shop::orders(…)`.
#[allow(non_camel_case_types)]
pub struct OnlyARouterCallsARoute_MoveSharedCodeIntoAMethod<R>(PhantomData<fn() -> R>);

impl<R> Guarded<R> {
    /// The only value.
    pub const NEW: Self = Self(PhantomData);
}

impl<R> Clone for Guarded<R> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<R: Route> fmt::Debug for Guarded<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(R::INFO.handler)
    }
}

impl<R: Run<S>, S> Handler<(), S> for Guarded<R> {
    type Future = AnswerFuture;

    fn call(self, request: Request, state: S) -> AnswerFuture {
        R::run(request, state).0
    }
}

/// What a call `shop.orders(…)` asks for: nothing implements it.
#[diagnostic::on_unimplemented(
    message = "only a router calls the routes of `{Self}`",
    label = "this is a route",
    note = "move the shared code into a method without `#[route]`, and call that from both",
    note = "a test asks the router, or runs the body without its guard: `{Self}::my_route.unguarded(…)`"
)]
pub trait CalledByARouter {}

/// What `Shop::orders.unguarded(…)` asks for outside of tests: nothing implements it. In tests the route has a
/// method of this name, which rustc finds behind [`Guarded`].
#[diagnostic::on_unimplemented(
    message = "only a test runs the body of a route without its guard",
    label = "`unguarded` exists under `#[cfg(test)]`",
    note = "move the shared code into a method without `#[route]`, and call that from both"
)]
pub trait RunsWithoutItsGuard {}

impl<R> Guarded<R>
where
    Self: RunsWithoutItsGuard,
{
    /// See [`RunsWithoutItsGuard`].
    pub fn unguarded(&self) {}
}

/// What the name of a route is as a type, outside of tests: its own name is what rustc says of `orders::unguarded(…)`.
#[allow(non_camel_case_types)]
pub struct OnlyATestRunsABodyWithoutItsGuard_MoveSharedCodeIntoAFunction(());

/// A route of a controller.
pub trait RouteValue: 'static {
    /// The one value of its type.
    const ROUTE: &'static Self;
}

/// For `Shop::orders.unguarded(…)`, which is a method of the route in tests.
impl<R: RouteValue> Deref for Guarded<R> {
    type Target = R;

    fn deref(&self) -> &R {
        R::ROUTE
    }
}

/// What stands for the route `R` in a list: its function, or the constant of a controller. `M` says
/// which of the two.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a route",
    label = "not made by `#[route]`",
    note = "put `#[route(\"/path\", auth = \"api_key\")]` above the function, or mount it with `Router::route`; a function that gives a list is merged: `routes![..].merge(list())`"
)]
pub trait StandsFor<R, M> {}

/// See [`StandsFor`].
pub enum ByFunction {}
/// See [`StandsFor`].
pub enum ByConstant {}

#[diagnostic::do_not_recommend]
impl<F: FnOnce(Call<R, AnyState>) -> AnswerFuture, R> StandsFor<R, ByFunction> for F {}

// For all types, as above: if neither holds, rustc then reports `StandsFor`, not `FnOnce`.
#[diagnostic::do_not_recommend]
impl<F: Constant<Route = R>, R> StandsFor<R, ByConstant> for F {}

/// The constant of a controller.
pub trait Constant {
    /// Its route.
    type Route;
}

impl<R> Constant for Guarded<R> {
    type Route = R;
}

/// A state that has everything and that nobody can make. Functions are named for it if the router's state is
/// not known yet, or must be checked only once.
pub enum AnyState {}

#[diagnostic::do_not_recommend]
impl<T> Provides<T> for AnyState {
    fn provide(&self) -> T {
        match *self {}
    }
}

#[diagnostic::do_not_recommend]
impl ProvidesAuthenticator for AnyState {
    fn authenticator(&self) -> Authenticator {
        match *self {}
    }
}

//! How a request comes to a route: the argument of the function that a route is, and the handler by
//! which lists mount it.

use std::{convert::Infallible, fmt, marker::PhantomData, ops::Deref};

use axum::{
    extract::{FromRequest, Request},
    handler::Handler,
};

#[cfg(feature = "openapi")]
use super::describe::Described;
use super::{argument::Provides, guard::Answer, info::Route};
use crate::{authenticator::Authenticator, extract::ProvidesAuthenticator};

/// Without documents, nothing is said of a route.
#[cfg(not(feature = "openapi"))]
pub trait Described {}

#[cfg(not(feature = "openapi"))]
impl<T> Described for T {}

/// A route that answers requests where the router's state is an `S`.
pub trait Run<S>: Described + Route {
    /// Verifies the request's key, and then runs the body.
    fn run(request: Request, state: S) -> Ran<Self>;
}

/// The answer of a route: only its expansion can make one.
pub struct Ran<R: Route>(Answer, PhantomData<fn() -> R::Seal>);

impl<R: Route> Ran<R> {
    /// What [`run`](super::run::run) gives.
    pub(super) fn new(_: R::Seal, answer: Answer) -> Self {
        Self(answer, PhantomData)
    }
}

/// A request for the route `R`, which nobody has verified yet: all that can be done with it is to run
/// the route, guard and body.
pub type Call<R, S> = OnlyARouterCallsARoute_MoveWhatBothDoIntoAFunction<R, S>;

/// Its name is what rustc says to whoever calls a route: that it expected this type.
#[allow(non_camel_case_types)]
pub struct OnlyARouterCallsARoute_MoveWhatBothDoIntoAFunction<R, S> {
    request: Request,
    state: S,
    route: PhantomData<fn() -> R>,
}

/// The answer of a route where the router's state is an `S`. Whoever calls a route has no such `S`: so
/// rustc does not know the answer, and reports no second error at what is done with it.
pub trait Answers {
    /// [`Answer`], for each state.
    type Answer;
}

impl<S> Answers for S {
    type Answer = Answer;
}

impl<R: Run<S>, S> Call<R, S> {
    /// Verifies the request's key, and then runs the body.
    pub fn run(self) -> Answer {
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

/// The handler of a route: lists mount a function by it, and a controller's routes are it.
pub type Guarded<R> = OnlyARouterCallsARoute_MoveWhatBothDoIntoAMethod<R>;

/// Its name is what rustc says to whoever calls `Shop::orders(…)`.
#[allow(non_camel_case_types)]
pub struct OnlyARouterCallsARoute_MoveWhatBothDoIntoAMethod<R>(PhantomData<fn() -> R>);

impl<R> Guarded<R> {
    /// The handler.
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
    type Future = Answer;

    fn call(self, request: Request, state: S) -> Answer {
        R::run(request, state).0
    }
}

/// What a call `shop.orders(…)` asks for: nothing implements it.
#[diagnostic::on_unimplemented(
    message = "only a router calls the routes of `{Self}`",
    label = "this is a route",
    note = "move what both do into a method without `#[route]`, and call that from both",
    note = "a test asks the router, or runs the body without its guard: `{Self}::my_route.unguarded(…)`"
)]
pub trait CalledByARouter {}

/// A route of a controller.
pub trait OfAConstant: 'static {
    /// The one value of its type.
    const ROUTE: &'static Self;
}

/// For `Shop::orders.unguarded(…)`, which is a method of the route in tests.
impl<R: OfAConstant> Deref for Guarded<R> {
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
    note = "put `#[route(\"/path\", auth = \"api_key\")]` above the function, or mount it with `Router::route`"
)]
pub trait Names<R, M> {}

/// See [`Names`].
pub enum ByFunction {}
/// See [`Names`].
pub enum ByConstant {}

#[diagnostic::do_not_recommend]
impl<F: FnOnce(Call<R, AnyState>) -> Answer, R> Names<R, ByFunction> for F {}

// For all types, as the other one: where neither holds, rustc tells of `Names`, not of `FnOnce`.
#[diagnostic::do_not_recommend]
impl<F: Constant<Route = R>, R> Names<R, ByConstant> for F {}

/// The constant of a controller.
pub trait Constant {
    /// Its route.
    type Route;
}

impl<R> Constant for Guarded<R> {
    type Route = R;
}

/// A state of which there is none, and in which everything is found: a function is named for it where
/// the router's state is not known yet, or shall be looked at once, and not with each use of the name.
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

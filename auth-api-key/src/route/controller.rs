//! What the [`controller`](macro@crate::controller) attribute makes of an `impl`, and what stands
//! in its place where there is none, or one with a mistake.

use std::{future, marker::PhantomData};

use axum::{extract::Request, response::IntoResponse};

use super::{
    call::{Ran, Run},
    info::{ControllerRoutes, Route, RouteInfo, route_info},
    list::{List, ListedController},
};

/// For the macro: what `Shop::__CONTROLLER` is where `Shop` has none of its own.
pub trait NoController: Sized {
    /// Not a controller's.
    const __CONTROLLER: NotAController<Self> = NotAController(PhantomData);
}

impl<T> NoController for T {}

/// A type without `#[controller]`.
pub struct NotAController<T>(PhantomData<T>);

/// A type whose `#[controller]` has a mistake, of which there is an error already.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a controller",
    label = "not made by `#[controller]`",
    note = "put `#[controller(\"/path\", auth = \"api_key\")]` above `impl {Self}`, and `#[route(\"/path\")]` above each handler in it",
    note = "if `#[cfg]` removes that `impl`, write the same `#[cfg]` above `{Self}` in the list, too"
)]
pub trait Controller {}

impl<T: Controller> ControllerRoutes for NotAController<T> {
    const ROUTES: &'static [RouteInfo] = &[];
}

impl<T, S, const LENGTH: usize> ListedController<S, LENGTH> for NotAController<T> {
    fn list(self, _: &mut List<S, LENGTH>) {}
}

/// A route with a mistake.
pub struct Stub;

impl Route for Stub {
    const INFO: RouteInfo = route_info("", &[], &[], "", &[]);
    type Seal = ();
}

#[cfg(feature = "openapi")]
impl super::describe::Described for Stub {
    fn describe(_: &mut super::describe::Description) {}
}

impl<S> Run<S> for Stub {
    fn run(_: Request, _: S) -> Ran<Self> {
        Ran::new((), Box::pin(future::ready(().into_response())))
    }
}

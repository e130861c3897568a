//! What [`controller`](macro@crate::controller) makes of an `impl`, and what replaces it if there is none or
//! a mistake.

use std::{future, marker::PhantomData};

use axum::{extract::Request, response::IntoResponse};

use super::{
    handler::{Ran, Run},
    info::{ControllerRoutes, Route, RouteInfo, route_info},
    list::{List, ListedController},
};

/// For the macro: gives `Shop::__A_TYPE_HAS_ONE_CONTROLLER` to a `Shop` that has none.
pub trait NoController: Sized {
    /// Not a controller.
    const __A_TYPE_HAS_ONE_CONTROLLER: NotAController<Self> = NotAController(PhantomData);
}

impl<T> NoController for T {}

/// A type without `#[controller]`.
pub struct NotAController<T>(PhantomData<T>);

/// Only a type whose `#[controller]` has a mistake, which is reported already, implements this.
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

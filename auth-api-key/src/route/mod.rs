//! What the [`route`](macro@crate::route) attribute and [`routes!`](crate::routes) make: routes
//! that know themselves, and lists of them.

pub(crate) mod argument;
pub(crate) mod controller;
pub(crate) mod cors;
pub(crate) mod guard;
pub(crate) mod jsonrpc;
pub(crate) mod list;
pub(crate) mod overlap;

pub use self::{
    guard::{AuthMethod, Identity},
    jsonrpc::{JsonRpcError, Params},
    list::{RouteInfo, Routes},
};

/// A handler made by the [`route`](macro@crate::route) attribute.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a route",
    label = "not made by `#[route]`",
    note = "put `#[route(\"/path\", auth = \"api_key\")]` above the function, or mount it with `Router::route`"
)]
pub trait Route {
    /// What was written in the attribute, and where.
    const INFO: RouteInfo;
}

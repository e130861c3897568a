//! What the [`route`](macro@crate::route) attribute and [`routes!`](crate::routes) make: routes
//! that know themselves, and lists of them.

pub(crate) mod answer;
pub(crate) mod argument;
pub(crate) mod call;
pub(crate) mod controller;
pub(crate) mod cors;
#[cfg(feature = "openapi")]
pub(crate) mod describe;
pub(crate) mod guard;
pub(crate) mod info;
pub(crate) mod jsonrpc;
pub(crate) mod list;
pub(crate) mod overlap;

pub use self::{
    guard::{AuthMethod, Identity},
    info::RouteInfo,
    jsonrpc::{JsonRpcError, Params},
    list::{Nested, Routes},
};

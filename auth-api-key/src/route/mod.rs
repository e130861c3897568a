//! What [`route`](macro@crate::route) and [`routes!`](crate::routes) make: routes with their description, and
//! lists of them.

pub(crate) mod answer;
pub(crate) mod argument;
pub(crate) mod controller;
pub(crate) mod cors;
#[cfg(feature = "openapi")]
pub(crate) mod describe;
pub(crate) mod guard;
pub(crate) mod handler;
pub(crate) mod info;
pub(crate) mod jsonrpc;
pub(crate) mod list;
#[cfg(feature = "odoo")]
pub(crate) mod odoo;
pub(crate) mod overlap;
pub(crate) mod run;
pub(crate) mod source;

pub use self::{
    guard::{AuthMethod, Identity},
    info::RouteInfo,
    jsonrpc::{JsonRequest, JsonRpcError, Params},
    list::{Nested, Routes},
};

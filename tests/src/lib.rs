//! What the tests share: a listening server, requests as raw bytes, a throwaway PostgreSQL, nodes as
//! processes, a log, and a store that can be made to wait, to fail and to count.

mod client;
pub mod cluster;
pub mod flood;
mod gate;
mod log;
pub mod postgres;
mod server;
mod wire;

pub use self::{
    client::Client,
    gate::GatedStore,
    log::Log,
    server::{Answer, Server, send},
    wire::Wire,
};

/// Every Rust block of the README is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub mod readme {}

/// Every block of the attributes' references is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../auth-api-key-macros/src/route/reference.md")]
#[doc = include_str!("../../auth-api-key-macros/src/controller/reference.md")]
pub mod references {}

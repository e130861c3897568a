//! What the tests share: a listening server, requests as raw bytes, a throwaway PostgreSQL, a
//! log, and a store that can be made to wait, to fail and to count.

mod gate;
mod log;
pub mod postgres;
mod server;

pub use self::{
    gate::GatedStore,
    log::Log,
    server::{Answer, Server, send},
};

/// Every Rust block of the README is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub mod readme {}

/// Every block of the attribute's reference is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../auth-api-key-macros/src/route/reference.md")]
pub mod reference {}

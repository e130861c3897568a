//! What the tests share.

/// Every Rust block of the README is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub mod readme {}

/// Every block of the attribute's reference is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../auth-api-key-macros/src/route/reference.md")]
pub mod reference {}

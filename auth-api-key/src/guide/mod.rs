//! The guide: pages on what spans the modules.

#[doc = include_str!("choosing.md")]
pub mod choosing {}

#[doc = include_str!("faults.md")]
pub mod faults {}

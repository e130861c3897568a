//! The guide: pages on what spans the modules.

#[doc = include_str!("faults.md")]
pub mod faults {}

#[doc = include_str!("trail.md")]
pub mod trail {}

#[doc = include_str!("lifetimes.md")]
pub mod lifetimes {}

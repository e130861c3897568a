//! From tokens to what was written, with nothing decided yet.

pub(crate) mod attribute;
mod broken;
pub(crate) mod function;
pub(crate) mod path;

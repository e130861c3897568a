//! From tokens to what was written. It decides nothing.

pub(crate) mod attribute;
mod broken;
pub(crate) mod constant;
pub(crate) mod function;
pub(crate) mod marker;
pub(crate) mod path;

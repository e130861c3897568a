//! From tokens to what was written: it finds the pieces, and does not read their values.

pub(crate) mod attribute;
mod broken;
pub(crate) mod constant;
pub(crate) mod function;
pub(crate) mod marker;

//! From tokens to what was written, with nothing decided yet.

pub(crate) mod attribute;
pub(crate) mod function;
pub(crate) mod path;

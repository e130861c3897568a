//! What controllers of Odoo's take and give, beyond what axum has.

pub(crate) mod answers;
pub(crate) mod arguments;
pub(crate) mod converters;
pub(crate) mod exceptions;
#[cfg(feature = "openapi")]
mod schemas;

//! The attribute macros of `auth-api-key`, which re-exports them: use them from there.

#![warn(missing_docs)]

mod attributes;
mod controller;
mod errors;
mod place;
mod quotes;
#[cfg(test)]
mod reviewed;
mod route;
mod routes;
mod tokens;
mod types;
mod values;

use proc_macro::TokenStream;

#[doc = include_str!("route/reference.md")]
#[proc_macro_attribute]
pub fn route(attribute: TokenStream, item: TokenStream) -> TokenStream {
    route::route(attribute.into(), item.into()).into()
}

#[doc = include_str!("controller/reference.md")]
#[proc_macro_attribute]
pub fn controller(attribute: TokenStream, item: TokenStream) -> TokenStream {
    controller::controller(attribute.into(), item.into()).into()
}

/// Expands `routes![…]` of `auth-api-key`, which puts its path first: `routes!($crate; a, b)`.
#[doc(hidden)]
#[proc_macro]
pub fn routes(input: TokenStream) -> TokenStream {
    routes::routes(input.into()).into()
}

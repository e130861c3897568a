//! From the name of a function to that of the type that stands for the route.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::ext::IdentExt;

/// The name of the hidden type of a route. It has the line, so that two functions of one name have
/// different types: rustc then reports only that the name is taken.
pub(crate) fn marker(name: &Ident) -> Ident {
    let line = match proc_macro::is_available() {
        true => format!("_{}", name.span().unwrap().line()),
        false => String::new(),
    };
    format_ident!("__route_{}{line}", name.unraw(), span = Span::call_site())
}

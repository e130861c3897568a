//! Guesses where an attribute is written. rustc does not say this to a macro, but the column helps.

use proc_macro2::Span;

/// Whether the attribute may be in an `impl` or in a trait, where functions are allowed and most other
/// items are not. An item in one is indented, so the column decides.
///
/// A wrong guess does not change what a correct route does. For a route with a mistake, it makes rustc add errors
/// to ours: for a function without a body in an indented module, and for each item that cannot be in an `impl`
/// that is not indented.
pub(crate) fn may_be_in_an_impl() -> bool {
    proc_macro::is_available() && Span::call_site().unwrap().column() > 1
}

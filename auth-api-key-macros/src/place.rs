//! Where an attribute stands. rustc does not tell a macro; the column does, nearly.

use proc_macro2::Span;

/// Whether the attribute may stand in an `impl` or in a trait, where a function can be and most other
/// items cannot: what stands in one is indented.
///
/// Of a route that is right and where it belongs, nothing depends on the answer but the steps in which
/// it is expanded. Where it is wrong, rustc adds errors of its own to ours: in a module that is
/// indented, of a function without a body; in an `impl` that is not, of each item that cannot be there.
pub(crate) fn may_be_an_impl() -> bool {
    proc_macro::is_available() && Span::call_site().unwrap().column() > 1
}

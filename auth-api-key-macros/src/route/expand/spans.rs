//! Sets the spans of an expansion, so that rustc reports a mistake in a type once, where the developer wrote
//! it.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// The span for all tokens of a call: where the developer wrote the type that the call is about. So rustc
/// reports a wrong type once, and there.
pub(super) fn located(place: Span) -> Span {
    Span::call_site().located_at(place)
}

/// Gives all tokens one span.
pub(super) fn respanned(span: Span, tokens: TokenStream) -> TokenStream {
    let respan = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), respanned(span, group.stream())).into();
        }
        token.set_span(span);
        token
    };
    tokens.into_iter().map(respan).collect()
}

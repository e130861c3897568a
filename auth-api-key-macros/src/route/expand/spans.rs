//! Where the tokens of an expansion stand, so that rustc reports what is wrong with a type once, and
//! where the user wrote it.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// The span of a call's tokens, all of which stand where the user wrote what it is about, so that
/// rustc reports a type that will not do once, and there.
pub(super) fn located(place: Span) -> Span {
    Span::call_site().located_at(place)
}

/// Tokens, each of which stands in one place.
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

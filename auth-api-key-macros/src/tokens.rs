//! Helpers over tokens: what stands between commas, and at the beginning of a block.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    AttrStyle, Attribute, Expr, ExprLit, Ident, Lit, LitStr,
    parse::{ParseStream, Parser},
};

use crate::errors::Errors;

/// Without the invisible delimiters in which a `$path:literal` of a `macro_rules!` comes.
pub(crate) fn ungrouped(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                ungrouped(group.stream())
            }
            TokenTree::Group(group) => {
                TokenTree::Group(with_inside(&group, ungrouped(group.stream()))).into()
            }
            other => other.into(),
        })
        .collect()
}

fn with_inside(group: &Group, tokens: TokenStream) -> Group {
    let mut inside = Group::new(group.delimiter(), tokens);
    inside.set_span(group.span());
    inside
}

/// The `#![…]` at the beginning of a block, as if they stood above its item, and the block without
/// them.
pub(crate) fn inner_attributes(block: &Group) -> Option<(Vec<Attribute>, Group)> {
    let parts = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_inner)?;
        Ok((attributes, input.parse::<TokenStream>()?))
    };
    let (attributes, inside) = parts.parse2(block.stream()).ok()?;
    let outer = |attribute| Attribute {
        style: AttrStyle::Outer,
        ..attribute
    };
    let attributes = attributes.into_iter().map(outer).collect();
    Some((attributes, with_inside(block, inside)))
}

/// The options of an attribute, which are between commas.
pub(crate) fn options(tokens: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
    let begins = |token: &TokenTree| matches!(token, TokenTree::Ident(_));
    split_at_commas(tokens, |last, next| is_value(last) && begins(next), errors)
}

/// The entries of a list, which are between commas.
pub(crate) fn entries(tokens: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
    let is_whole = |token: &TokenTree| match token {
        TokenTree::Literal(_) => true,
        TokenTree::Ident(name) => !is_keyword(name),
        _ => false,
    };
    let apart = |last: &TokenTree, next: &TokenTree| is_whole(last) && is_whole(next);
    split_at_commas(tokens, apart, errors)
}

fn is_keyword(name: &Ident) -> bool {
    syn::parse2::<Ident>(name.to_token_stream()).is_err()
}

/// The pieces between the commas, one of which is missing between two tokens that are `apart`; a
/// comma within `<…>` separates nothing.
fn split_at_commas(
    tokens: TokenStream,
    apart: impl Fn(&TokenTree, &TokenTree) -> bool,
    errors: &mut Errors,
) -> Vec<TokenStream> {
    let mut pieces: Vec<Vec<TokenTree>> = vec![Vec::new()];
    let mut angles = 0_u32;
    let mut previous = ' ';
    for token in tokens {
        let mut character = ' ';
        if let TokenTree::Punct(punct) = &token {
            character = punct.as_char();
            match character {
                '<' => angles += 1,
                '>' if !matches!(previous, '-' | '=') => angles = angles.saturating_sub(1),
                ';' => {
                    errors.push(&token, "`;` separates nothing here", "write `,`");
                    pieces.push(Vec::new());
                    continue;
                }
                ',' if angles == 0 => {
                    if pieces.last().is_some_and(Vec::is_empty) {
                        errors.push(&token, "there is nothing before this comma", "delete it");
                    }
                    pieces.push(Vec::new());
                    continue;
                }
                _ => {}
            }
        }
        let last = pieces.last().and_then(|piece| piece.last());
        if last.is_some_and(|last| apart(last, &token)) {
            let wrong = format!("there is no comma before `{token}`");
            errors.push(&token, &wrong, &format!("write `, {token}`"));
            pieces.push(Vec::new());
        }
        previous = character;
        if let Some(piece) = pieces.last_mut() {
            piece.push(token);
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
        .into_iter()
        .map(|piece| piece.into_iter().collect())
        .collect()
}

/// Whether a value ends here: a string, or a list.
fn is_value(token: &TokenTree) -> bool {
    match token {
        TokenTree::Literal(_) => true,
        TokenTree::Group(group) => group.delimiter() == Delimiter::Bracket,
        _ => false,
    }
}

pub(crate) fn string(expr: &Expr) -> Option<&LitStr> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(literal),
            ..
        }) => Some(literal),
        _ => None,
    }
}

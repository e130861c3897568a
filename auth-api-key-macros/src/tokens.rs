//! Helpers over tokens: what stands between commas, and what no value of an attribute may have.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    AttrStyle, Attribute, Expr, ExprArray, ExprLit, Ident, Lit, LitStr,
    parse::{ParseStream, Parser},
    token::Bracket,
};

use crate::{
    attributes::Given,
    errors::{Errors, written},
};

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

/// Tokens that are in brackets, as a list of what can be read as expressions.
pub(crate) fn array(tokens: &TokenStream, errors: &mut Errors) -> Option<ExprArray> {
    let mut all = tokens.clone().into_iter();
    let (Some(TokenTree::Group(group)), None) = (all.next(), all.next()) else {
        return None;
    };
    if group.delimiter() != Delimiter::Bracket {
        return None;
    }
    let entries = match repeated(tokens) {
        Some(entry) => {
            let help = format!("write `[{}]`", written(&entry));
            errors.push(tokens, "a list has no length here", &help);
            vec![entry.into_token_stream()]
        }
        None => entries(group.stream(), errors),
    };
    let expression =
        |entry: TokenStream| syn::parse2(entry.clone()).unwrap_or(Expr::Verbatim(entry));
    Some(ExprArray {
        attrs: Vec::new(),
        bracket_token: Bracket {
            span: group.delim_span(),
        },
        elems: entries.into_iter().map(expression).collect(),
    })
}

/// The entry of `[entry; 2]`. A string for a length is the second one of two entries.
pub(crate) fn repeated(tokens: &TokenStream) -> Option<Expr> {
    match syn::parse2(tokens.clone()) {
        Ok(Expr::Repeat(list)) if string(&list.len).is_none() => Some(*list.expr),
        _ => None,
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

/// What was meant to be a list, ready to paste: what is in its brackets, or in its parentheses.
pub(crate) fn list_meant(tokens: &TokenStream) -> String {
    let groups: Vec<Group> = tokens
        .clone()
        .into_iter()
        .filter_map(|token| match token {
            TokenTree::Group(group) => Some(group),
            _ => None,
        })
        .collect();
    let in_brackets = |group: &&Group| group.delimiter() == Delimiter::Bracket;
    let is_alone = tokens.clone().into_iter().count() == groups.len();
    let inside: Vec<String> = match groups.iter().any(|group| in_brackets(&group)) {
        true => groups
            .iter()
            .filter(in_brackets)
            .map(|group| written(group.stream()))
            .collect(),
        false if is_alone => groups
            .iter()
            .map(|group| list_meant(&group.stream()))
            .collect(),
        false => vec![written(tokens)],
    };
    inside.join(", ")
}

/// Without what no value of an attribute may have: attributes, and literals that are almost strings.
/// Each is a fault.
pub(crate) fn cleaned(tokens: TokenStream, errors: &mut Errors) -> TokenStream {
    let mut clean = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(pound) if pound.as_char() == '#' => {
                match tokens.next_if(|next| matches!(next, TokenTree::Group(_))) {
                    Some(brackets) => refuse(quote!(#pound #brackets), errors),
                    None => clean.extend([TokenTree::Punct(pound)]),
                }
            }
            TokenTree::Group(group) => {
                let inside = cleaned(group.stream(), errors);
                clean.extend([TokenTree::Group(with_inside(&group, inside))]);
            }
            TokenTree::Literal(literal) => {
                let literal = TokenTree::Literal(literal);
                let text = almost_a_string(&literal);
                if let Some(text) = &text {
                    let wrong = format!("`{literal}` is not a plain string");
                    let help = format!("write `{}`", text.token());
                    errors.push(&literal, &wrong, &help);
                }
                clean.extend(text.map_or(literal.into_token_stream(), LitStr::into_token_stream));
            }
            other => clean.extend([other]),
        }
    }
    clean
}

/// An attribute among the arguments of another.
fn refuse(tokens: TokenStream, errors: &mut Errors) {
    let Ok(attributes) = Attribute::parse_outer.parse2(tokens.clone()) else {
        let wrong = format!("`{}` has no effect here", written(&tokens));
        errors.push(tokens, &wrong, "delete it");
        return;
    };
    for given in Given::all(attributes) {
        match given.left_if().filter(|_| given.is(&["cfg"])) {
            Some(condition) => {
                let condition = written(condition);
                let help = format!(
                    "write the whole item twice, below `#[cfg({condition})]` and below \
                     `#[cfg(not({condition}))]`"
                );
                errors.push(given, "no part of an attribute can be conditional", &help);
            }
            None => given.refuse(errors),
        }
    }
}

/// The string that was meant by one with a suffix, of bytes, or of C.
fn almost_a_string(literal: &TokenTree) -> Option<LitStr> {
    let literal = literal.to_token_stream();
    let span = syn::spanned::Spanned::span(&literal);
    let text = match syn::parse2(literal).ok()? {
        Lit::Str(text) if text.suffix().is_empty() => return None,
        Lit::Str(text) => text.value(),
        Lit::ByteStr(text) => String::from_utf8_lossy(&text.value()).into_owned(),
        Lit::CStr(text) => text.value().to_string_lossy().into_owned(),
        _ => return None,
    };
    Some(LitStr::new(&text, span))
}

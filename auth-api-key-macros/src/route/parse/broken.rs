//! From tokens that rustc cannot read to the function that was meant. rustc has reported them before it
//! called the macro. If it has said what to write, the macro reports nothing more.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Expr, FnArg, Pat, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser, discouraged::Speculative},
};

use super::marker::marker;
use crate::{
    attributes::{Conditional, with_allow_for_expect},
    errors::{Errors, Mistake},
    route::model::Function,
    tokens::{as_text, is_keyword, with_inside},
    types::named,
};

/// The function with only its name: its arguments and its body are left out.
pub(super) fn broken(item: TokenStream, errors: &mut Errors) -> Option<Function> {
    let head = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        while !input.peek(Token![fn]) {
            input.parse::<TokenTree>()?;
        }
        input.parse::<Token![fn]>()?;
        let name = input.call(Ident::parse_any)?;
        Ok((attributes, visibility, name, input.parse::<TokenStream>()?))
    };
    let (attributes, visibility, name, rest) = head.parse2(item).ok()?;
    let is_of_arguments = |token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group),
        _ => None,
    };
    let mut rest = rest.into_iter();
    let arguments = rest.find_map(is_of_arguments);
    let refused = arguments.and_then(|group| refused.parse2(group.stream()).ok()?);
    // `: String` in the place of `-> String`
    let is_colon =
        |token: &TokenTree| matches!(token, TokenTree::Punct(colon) if colon.as_char() == ':');
    let refused = refused.or(rest.next().filter(is_colon).map(|_| Refused::Explained));
    match refused {
        Some(Refused::Explained) => errors.note_error_of_rustc(),
        Some(Refused::Meant(tokens, mistake)) => errors.add(tokens, mistake),
        None => errors.add(
            &name,
            Mistake::new(
                format!("`{name}` cannot be read as a function"),
                "write each argument as `name: Type`",
            ),
        ),
    }
    Some(Function {
        attributes: with_allow_for_expect(Conditional::all(attributes)),
        visibility,
        qualifiers: Vec::new(),
        marker: marker(&name),
        signature: syn::parse2(quote!(async fn #name())).ok()?,
        body: Group::new(Delimiter::Brace, TokenStream::new()),
        method: None,
    })
}

/// An argument that rustc refuses.
enum Refused {
    /// rustc has said what to write.
    Explained,
    Meant(TokenStream, Mistake),
}

/// The first argument that rustc refuses.
fn refused(arguments: ParseStream<'_>) -> syn::Result<Option<Refused>> {
    while !arguments.is_empty() {
        let ahead = arguments.fork();
        match ahead.parse::<FnArg>() {
            Ok(_) if ahead.is_empty() || ahead.peek(Token![,]) => {
                arguments.advance_to(&ahead);
                arguments.parse::<Option<Token![,]>>()?;
            }
            Ok(FnArg::Typed(argument)) if ahead.peek(Token![=]) => {
                ahead.parse::<Token![=]>()?;
                let default: Expr = ahead.parse()?;
                arguments.parse::<TokenStream>()?;
                return Ok(with_a_default(&argument.pat, &argument.ty, &default));
            }
            _ => return Ok(unreadable(arguments.parse()?)),
        }
    }
    Ok(None)
}

/// `page: u32 = 1`
fn with_a_default(name: &Pat, ty: &syn::Type, default: &Expr) -> Option<Refused> {
    let Pat::Ident(name) = name else {
        return Some(Refused::Explained);
    };
    let name = &name.ident;
    let whole = quote!(#name: #ty = #default);
    let optional = match named(ty, &["Option"]) {
        Some(_) => as_text(ty),
        None => format!("Option<{}>", as_text(ty)),
    };
    let help = format!(
        "write `{name}: {optional}`, and `{name}.unwrap_or({})` in the body",
        as_text(default)
    );
    let wrong = format!("`{name}` cannot have a default");
    Some(Refused::Meant(whole, Mistake::new(wrong, help)))
}

/// The item without `= 1` in its arguments, so that what they use is not reported as unused.
pub(super) fn without_defaults(item: TokenStream) -> TokenStream {
    let without = |token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            let mut is_default = false;
            let is_kept = |token: &TokenTree| {
                if let TokenTree::Punct(sign) = token {
                    is_default = sign.as_char() == '=' || is_default && sign.as_char() != ',';
                }
                !is_default
            };
            let inside = group.stream().into_iter().filter(is_kept).collect();
            with_inside(&group, inside).into()
        }
        other => other,
    };
    item.into_iter().map(without).collect()
}

/// Arguments of which the first cannot be read: `**kwargs`, `type: String`, `id i64`, `id:`.
fn unreadable(arguments: TokenStream) -> Option<Refused> {
    let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(end) if end.as_char() == ',');
    let argument: Vec<_> = arguments
        .into_iter()
        .take_while(|token| !is_end(token))
        .collect();
    match argument.as_slice() {
        [TokenTree::Punct(star), .., TokenTree::Ident(name)] if star.as_char() == '*' => {
            let help = format!("write `Query({name}): Query<HashMap<String, String>>`");
            let whole = argument.iter().map(ToTokens::to_token_stream).collect();
            let wrong = "an argument has a name and a type";
            Some(Refused::Meant(whole, Mistake::new(wrong, help)))
        }
        [TokenTree::Ident(name), ..] if is_keyword(name) => Some(Refused::Explained),
        [TokenTree::Ident(_)] | [TokenTree::Ident(_), TokenTree::Ident(_), ..] => {
            Some(Refused::Explained)
        }
        [TokenTree::Ident(_), TokenTree::Punct(colon)] if colon.as_char() == ':' => {
            Some(Refused::Explained)
        }
        _ => None,
    }
}

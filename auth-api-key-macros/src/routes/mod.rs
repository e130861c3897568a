//! `routes![…]`: a list of handlers by their names.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Path, Token, parse::Parser, punctuated::Punctuated, spanned::Spanned};

use crate::errors::Errors;

/// Expands `krate; a, b::c`.
pub(crate) fn routes(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut tokens = input.into_iter();
    let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(end) if end.as_char() == ';');
    let krate: TokenStream = tokens.by_ref().take_while(|token| !is_end(token)).collect();
    let mut list = quote!(#krate::Routes::new());
    let help = "write the name of a function with `#[route]`, such as `my_service`";
    match Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens.collect()) {
        Ok(elements) => {
            for element in &elements {
                match handler(element) {
                    Some(path) => list.extend(quote_spanned!(path.span()=> .route(#path))),
                    None => {
                        let wrong =
                            format!("`{}` is not the name of a route", element.to_token_stream());
                        errors.push(element, &wrong, help);
                    }
                }
            }
        }
        Err(error) => errors.push_at(error.span(), "this cannot be read as a list of names", help),
    }
    let faults = errors.report();
    quote!({ #faults #list })
}

fn handler(element: &Expr) -> Option<&Path> {
    match element {
        Expr::Path(path) if path.qself.is_none() => Some(&path.path),
        _ => None,
    }
}

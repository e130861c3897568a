//! `routes![…]`: a list of handlers by their names.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Path, Token, parse::Parser, punctuated::Punctuated};

use crate::errors::Errors;

/// Expands `krate; a, b::c`.
pub(crate) fn routes(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut tokens = input.into_iter();
    let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(end) if end.as_char() == ';');
    let krate: TokenStream = tokens.by_ref().take_while(|token| !is_end(token)).collect();
    let help = "write the name of a function with `#[route]`, such as `my_service`";
    let mut handlers = Vec::new();
    match Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens.collect()) {
        Ok(elements) => {
            for element in elements {
                match handler(&element) {
                    Some(path) => handlers.push(path.clone()),
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
    let each = |call: fn(usize, &Path) -> TokenStream| {
        let call = move |(index, path)| call(index, path);
        handlers.iter().enumerate().map(call)
    };
    let infos = each(|_, path| quote_spanned!(place(path)=> __info(#path)));
    let checks = each(|index, path| quote_spanned!(place(path)=> __ROUTES.check(#index);));
    let routes = each(|_, path| quote_spanned!(place(path)=> .route(#path)));
    let count = handlers.len();
    quote!({
        #faults
        #[allow(long_running_const_eval)]
        let __list = #krate::__private::List::<_, {
            use #krate::__private::{Infos as __Infos, info as __info};
            const __ROUTES: __Infos<#count> = __Infos::new([#(#infos),*]);
            #(#checks)*
            #count
        }>::empty();
        __list #(#routes)* .done()
    })
}

/// Where rustc reports what is wrong with a handler.
fn place(path: &Path) -> Span {
    path.segments
        .last()
        .map_or_else(Span::call_site, |last| last.ident.span())
}

fn handler(element: &Expr) -> Option<&Path> {
    match element {
        Expr::Path(path) if path.qself.is_none() => Some(&path.path),
        // A `$handler:path` of a `macro_rules!`.
        Expr::Group(group) => handler(&group.expr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use crate::reviewed::assert_reviewed;

    #[test]
    fn list_of_routes() {
        let list = super::routes(quote!(::auth_api_key; my_service, shop::orders));
        assert_reviewed("routes", quote!(fn routes() -> Routes { #list }));
    }
}

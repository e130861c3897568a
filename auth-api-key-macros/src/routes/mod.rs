//! `routes![…]`: a list of handlers and controllers by their names.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Path, Token, ext::IdentExt, parse::Parser, punctuated::Punctuated};

use crate::errors::Errors;

/// Expands `krate; a, b::c`.
pub(crate) fn routes(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut tokens = input.into_iter();
    let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(end) if end.as_char() == ';');
    let krate: TokenStream = tokens.by_ref().take_while(|token| !is_end(token)).collect();
    let help = "write the name of a function with `#[route]`, such as `my_service`, or of a \
                controller, such as `Shop`";
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
    let infos = each(|_, path| match is_controller(path) {
        true => quote_spanned!(place(path)=> __infos(#path::__CONTROLLER)),
        false => quote_spanned!(place(path)=> __info(#path)),
    });
    let checks = each(|index, path| quote_spanned!(place(path)=> __ROUTES.check(#index);));
    let routes = each(|_, path| match is_controller(path) {
        true => quote_spanned!(place(path)=> .controller(#path::__CONTROLLER)),
        false => quote_spanned!(place(path)=> .route(#path)),
    });
    let count = handlers.len();
    let no_controller = handlers.iter().any(is_controller).then(|| {
        quote!(
            #[allow(unused_imports)]
            use #krate::__private::NoController as _;
        )
    });
    quote!({
        #faults
        #no_controller
        #[allow(long_running_const_eval)]
        let __list = #krate::__private::List::<_, {
            use #krate::__private::{
                Infos as __Infos, RouteInfo as __RouteInfo, info as __info, infos as __infos,
                total as __total,
            };
            const __NAMES: [&[__RouteInfo]; #count] = [#(#infos),*];
            const __ROUTES: __Infos<#count, { __total(&__NAMES) }> = __Infos::new(__NAMES);
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

/// A handler is named like a function, a controller like a type.
fn is_controller(path: &Path) -> bool {
    let last = path
        .segments
        .last()
        .map(|last| last.ident.unraw().to_string());
    last.is_some_and(|name| name.starts_with(char::is_uppercase))
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

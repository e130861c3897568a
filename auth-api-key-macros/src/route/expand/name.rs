//! The items that have the name of a route: a function and a type, or a constant of a controller.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use crate::{
    attributes::{Attributes, Conditional},
    place::names_unguarded,
    route::model::Function,
};

/// The name of the handler in its module.
pub(super) fn text(function: &Function) -> String {
    let name = function.signature.ident.unraw();
    match &function.method {
        Some(method) => format!("{}::{name}", method.controller),
        None => name.to_string(),
    }
}

/// The handler that a method of a controller becomes: `Shop::orders`.
pub(crate) fn constant(
    function: &Function,
    attributes: &Attributes<'_>,
    krate: &TokenStream,
    route: &TokenStream,
) -> TokenStream {
    let (visibility, name) = (&function.visibility, &function.signature.ident);
    let must_use = |given: &&&Conditional| given.is(&["must_use"]);
    let on_constant = attributes.on_name.iter().filter(|on| !must_use(on));
    // The expansion of a deprecated handler does not name it: that would warn.
    let allow_unused = attributes
        .are_deprecated()
        .then(|| quote!(#[allow(dead_code)]));
    let guarded = quote!(#krate::__private::Guarded);
    let item = quote_spanned!(name.span()=> const #name: #guarded<#route> = #guarded::NEW;);
    quote! {
        #(#on_constant)*
        #[allow(non_upper_case_globals)]
        #allow_unused
        #visibility #item
    }
}

/// The hidden type of the route, the function of its name, and the private items.
pub(super) fn items(
    function: &Function,
    attributes: &Attributes<'_>,
    krate: &TokenStream,
    behind_the_name: &TokenStream,
) -> TokenStream {
    let cfgs = &attributes.cfgs;
    let named = match &function.method {
        None => Some(named(function, attributes, krate)),
        Some(_) => None,
    };
    let route = type_of_the_route(function);
    quote! {
        #(#cfgs)*
        #[doc(hidden)]
        #route

        #named

        #(#cfgs)*
        const _: () = {
            use #krate::__private;

            #behind_the_name
        };
    }
}

/// The hidden type that stands for the route. It is as visible as the function that names it; a constant of a
/// controller may be public. Tokens of a macro get no lints.
fn type_of_the_route(function: &Function) -> TokenStream {
    let marker = &function.marker;
    let visibility = match &function.method {
        None => function.visibility.to_token_stream(),
        Some(_) => quote!(pub),
    };
    quote!(#visibility struct #marker;)
}

/// The function and the type of the route's name.
fn named(function: &Function, attributes: &Attributes<'_>, krate: &TokenStream) -> TokenStream {
    let cfgs = &attributes.cfgs;
    let route = function.marker.to_token_stream();
    let handler = handler(function, attributes, krate, &route, None);
    let name_of_a_type = name_of_a_type(function, attributes, krate);
    quote! {
        #(#cfgs)*
        #handler
        #name_of_a_type
    }
}

/// The function that axum and lists mount. It gets the request unread.
pub(crate) fn handler(
    function: &Function,
    attributes: &Attributes<'_>,
    krate: &TokenStream,
    route: &TokenStream,
    inside: Option<TokenStream>,
) -> TokenStream {
    let (visibility, name) = (&function.visibility, &function.signature.ident);
    let on_name = &attributes.on_name;
    // With the developer's span: otherwise rustc does not warn if the handler is unused.
    let item = quote_spanned! {name.span()=>
        fn #name<__S>(
            __call: #krate::__private::Call<#route, __S>,
        ) -> <__S as #krate::__private::HasAnswer>::Answer
        where
            #route: #krate::__private::Run<__S>,
        {
            #inside
            __call.run()
        }
    };
    quote!(#(#on_name)* #visibility #item)
}

/// In tests the name is also a type, which has `unguarded`. A glob import brings it, so any other item of this name in the
/// module wins. Elsewhere the type is there only if the file names its `unguarded`: then rustc says to whoever calls it
/// that only tests can.
fn name_of_a_type(
    function: &Function,
    attributes: &Attributes<'_>,
    krate: &TokenStream,
) -> TokenStream {
    let cfgs = &attributes.cfgs;
    let module = module_of_the_type(function);
    // Tokens of a macro get no lints.
    let mut name = function.signature.ident.clone();
    name.set_span(Span::call_site());
    // Another path may have its meaning only outside of the module.
    let is_absolute = krate.to_string().starts_with("::");
    let in_tests = quote!(#[cfg(test)]);
    let (outside, inside, elsewhere) = match is_absolute && names_unguarded(&name.to_string()) {
        false => (Some(in_tests), None, None),
        true => (
            None,
            Some(in_tests),
            Some(quote! {
                #[cfg(not(test))]
                pub use #krate::__private::OnlyATestRunsABodyWithoutItsGuard_MoveSharedCodeIntoAFunction as #name;
            }),
        ),
    };
    quote! {
        #(#cfgs)*
        #outside
        use #module::*;
        #(#cfgs)*
        #outside
        mod #module {
            #inside
            pub struct #name {}
            #elsewhere
        }
    }
}

pub(super) fn module_of_the_type(function: &Function) -> Ident {
    format_ident!("{}_type", function.marker)
}

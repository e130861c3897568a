//! What a route says of itself for OpenAPI documents. The runtime crate finds out what its types are.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Meta, ReturnType, Type};

use crate::{
    route::model::{Argument, Arity, Auth, Function, Kind, Route, Source},
    tokens::string,
    types::{named, only_type_argument},
};

/// Whether the runtime crate makes documents. In tests of this crate it does not, so that the reviewed
/// expansions do not depend on what is built beside them.
pub(super) const IS_WANTED: bool = cfg!(all(feature = "openapi", not(test)));

/// The implementation of `Described`.
pub(super) fn described(route: &Route, function: &Function) -> TokenStream {
    let marker = &function.marker;
    let documentation = documentation(function);
    let tag = function.method.as_ref().map(|method| {
        let name = &method.controller;
        quote!(__said.tag(#name);)
    });
    let method = match route.auth {
        Auth::Custom(_) => Some(quote! {
            let __method = __Probe::<__Method>::NEW;
            __said.method(__method.scheme(), __method.refusal().answers());
        }),
        Auth::ApiKey | Auth::Public | Auth::None => None,
    };
    let arguments = route
        .arguments
        .iter()
        .filter_map(|from| argument(route, from));
    let answer = answer(route, function);
    let body = quote! {
        #[allow(unused_imports)]
        use __private::describe::{Probe as __Probe, traits::*};
        #documentation
        #tag
        #method
        #(#arguments)*
        #answer
    };
    // rustc reports a missing type in each function that names it, but once if the functions are at one
    // place: here that of the handler, whose body is a function, too.
    let body = match function.method {
        Some(_) => body,
        None => {
            let describe = Ident::new("__describe", function.signature.ident.span());
            quote! {
                fn #describe(__said: &mut __private::describe::Description) {
                    #body
                }
                #describe(__said);
            }
        }
    };
    quote! {
        #[automatically_derived]
        impl __private::describe::Described for #marker {
            fn describe(__said: &mut __private::describe::Description) {
                #body
            }
        }
    }
}

fn documentation(function: &Function) -> TokenStream {
    let mut all = TokenStream::new();
    for given in &function.attributes {
        let condition = given.condition.iter();
        let on = quote!(#(#[cfg(#condition)])*);
        match &given.attribute.meta {
            Meta::NameValue(doc) if given.is(&["doc"]) => {
                let text = &doc.value;
                // For a text in the source, and for `include_str!`.
                let text = string(text).map_or_else(|| quote!(#text), |text| quote!(#text));
                all.extend(quote!(#on __said.doc(#text);));
            }
            _ if given.is(&["deprecated"]) => all.extend(quote!(#on __said.deprecated();)),
            _ => {}
        }
    }
    all
}

fn argument(route: &Route, argument: &Argument) -> Option<TokenStream> {
    let ty = &argument.ty;
    Some(match &argument.source {
        Source::Guard | Source::State(_) => return None,
        Source::Capture(name) => quote!(__said.capture(#name, __Probe::<#ty>::NEW.schema());),
        Source::OptionalCapture(name) => {
            let ty = inner(ty, "Option");
            quote!(__said.capture(#name, __Probe::<#ty>::NEW.schema());)
        }
        Source::Query(name, arity) if route.kind == Kind::JsonRpc => {
            let (ty, is_required) = match arity {
                Arity::Optional => (inner(ty, "Option"), false),
                Arity::One | Arity::Many => (ty, true),
            };
            let schema = quote!(__Probe::<#ty>::NEW.element().schema());
            quote!(__said.param(#name, #is_required, #schema);)
        }
        Source::Query(name, arity) => {
            let (ty, is_required, is_repeated) = match arity {
                Arity::One => (ty, true, false),
                Arity::Optional => (inner(ty, "Option"), false, false),
                Arity::Many => (inner(ty, "Vec"), false, true),
            };
            let schema = quote!(__Probe::<#ty>::NEW.schema());
            quote!(__said.query(#name, #is_required, #is_repeated, #schema);)
        }
        Source::Params => {
            quote!(__said.other_params(__Probe::<#ty>::NEW.read().element().schema());)
        }
        Source::WholeCall => {
            quote!(__said.whole_call(__Probe::<#ty>::NEW.read().element().schema());)
        }
        Source::Extractor | Source::Last => {
            let state = match &route.state {
                Some(state) => state.to_token_stream(),
                None => quote!(__private::describe::AnyState),
            };
            quote! {
                let __read = __Probe::<#ty>::NEW.read();
                __said.extractor(
                    __read.parameters(),
                    __read.element().schema(),
                    __Probe::<(#ty, #state)>::NEW.rejection().answers(),
                );
            }
        }
    })
}

/// The `T` of an `Option<T>` as it is written, or the type itself.
fn inner<'a>(ty: &'a Type, of: &str) -> &'a Type {
    named(ty, &[of]).and_then(only_type_argument).unwrap_or(ty)
}

fn answer(route: &Route, function: &Function) -> TokenStream {
    let ty = match &function.signature.output {
        ReturnType::Default => quote!(()),
        // An `impl Trait` has no name.
        ReturnType::Type(_, ty) if has_impl(ty.to_token_stream()) => {
            quote!(__private::describe::Opaque)
        }
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    };
    let of = quote!(__Probe::<#ty>::NEW);
    match route.kind {
        Kind::JsonRpc => quote!(__said.result(#of.success().element().schema());),
        Kind::Http | Kind::Form => quote! {
            let __answer = #of.success().rest();
            __said.answer(
                __answer.read().element().schema(),
                __answer.answers(),
                #of.failure().rest().answers(),
            );
        },
    }
}

fn has_impl(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "impl",
        TokenTree::Group(group) => has_impl(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

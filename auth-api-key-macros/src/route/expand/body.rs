//! The function that the developer wrote, which only the guard calls, and `unguarded`, which tests call.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{FnArg, ext::IdentExt, spanned::Spanned};

use super::{
    arguments::value,
    name::{constant, module_of_the_type},
};
use crate::{
    attributes::{Attributes, Conditional},
    route::model::{Auth, Function, Route},
};

/// The function that the developer wrote.
pub(super) fn body(
    function: &Function,
    attributes: &Attributes<'_>,
    krate: &TokenStream,
    bounds: &TokenStream,
) -> TokenStream {
    let on_body = &attributes.on_body;
    let many = many_arguments(function);
    let (inputs, output) = (&function.signature.inputs, &function.signature.output);
    let body = &function.body;
    let Some(method) = &function.method else {
        let name = name_of_body(function);
        return quote! {
            #(#on_body)*
            #many
            async fn #name(_: __Pass, #inputs) #output #bounds #body
        };
    };
    let (of, marker, receiver) = (&method.of, &function.marker, method.receiver.iter());
    let constant = constant(function, attributes, krate, &marker.to_token_stream());
    quote! {
        impl #of {
            #constant

            #(#on_body)*
            #many
            async fn #marker(#(#receiver,)* _: __Pass, #inputs) #output #bounds #body
        }
    }
}

/// The name of the function that has the body. It is the handler's, so that a span of `#[tracing::instrument]` has this
/// name. A body without such attributes may name its own handler, as in `routes![index]`, and then it has another name.
fn name_of_body(function: &Function) -> Ident {
    let name = &function.signature.ident;
    let is_alone = |given: &&Conditional| given.is_level();
    let attributes = Attributes::of(&function.attributes);
    match attributes.on_body.iter().all(is_alone) && is_named_in(name, function.body.stream()) {
        true => format_ident!("__{}", name.unraw(), span = name.span()),
        false => name.clone(),
    }
}

fn is_named_in(name: &Ident, tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == *name,
        TokenTree::Group(group) => is_named_in(name, group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Clippy allows seven arguments, and also counts those that the expansion adds.
fn many_arguments(function: &Function) -> Option<TokenStream> {
    let are_many = function.signature.inputs.len() > 5;
    are_many.then(|| quote!(#[allow(clippy::too_many_arguments)]))
}

/// How to call the function that has the body.
pub(super) fn called(function: &Function) -> TokenStream {
    match &function.method {
        Some(_) => {
            let marker = &function.marker;
            quote!(__Self::#marker)
        }
        None => name_of_body(function).into_token_stream(),
    }
}

/// What the developer wrote after `where`. The bound before it makes rustc report a type in `auth` that is not
/// an `AuthMethod` there, and not again at an argument `Identity<…>`.
pub(super) fn bounds_of_body(route: &Route, function: &Function) -> TokenStream {
    let method = match &route.auth {
        Auth::Custom(method) => {
            Some(quote_spanned!(method.span()=> __Method: __private::AuthMethod,))
        }
        Auth::ApiKey | Auth::Public | Auth::None => None,
    };
    let written = predicates(function);
    match method.is_none() && written.is_empty() {
        true => TokenStream::new(),
        false => quote!(where #method #written),
    }
}

pub(super) fn predicates(function: &Function) -> TokenStream {
    let clause = &function.signature.generics.where_clause;
    let predicates = clause.as_ref().map(|clause| &clause.predicates);
    predicates.to_token_stream()
}

/// For unit tests of the body: `handler::unguarded(…)`, only in the developer's tests.
pub(super) fn unguarded(function: &Function, bounds: &TokenStream) -> TokenStream {
    let (visibility, signature) = (&function.visibility, &function.signature);
    let output = &signature.output;
    let of = match function.method {
        Some(_) => function.marker.to_token_stream(),
        None => {
            let (module, name) = (module_of_the_type(function), &signature.ident);
            quote!(#module::#name)
        }
    };
    let called = called(function);
    let receiver = function
        .method
        .as_ref()
        .map(|method| match method.receiver {
            Some(_) => (quote!(&self, __this: &__Self,), quote!(__this,)),
            None => (quote!(&self,), TokenStream::new()),
        });
    let (receiver, this) = receiver.unwrap_or_default();
    let types = signature
        .inputs
        .iter()
        .filter_map(|argument| match argument {
            FnArg::Typed(argument) => Some(&argument.ty),
            FnArg::Receiver(_) => None,
        });
    let names: Vec<Ident> = (0..signature.inputs.len()).map(value).collect();
    let many = many_arguments(function);
    quote! {
        #[cfg(test)]
        #[automatically_derived]
        impl #of {
            /// Runs the body without its guard, in tests.
            #[allow(dead_code)]
            #many
            #visibility async fn unguarded(#receiver #(#names: #types),*) #output #bounds {
                #called(#this __Pass, #(#names),*).await
            }
        }
    }
}

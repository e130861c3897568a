//! Replaces a route that has a mistake by a handler of the same name and shape, so that the rest of the
//! developer's crate gives no further errors.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{FnArg, Signature, parse_quote};

use super::{
    expand::name::{constant, handler},
    model::Function,
};
use crate::{
    attributes::Attributes,
    place::enclosing_block,
    tokens::{inside, is_refutable},
    types::extractor_left_out,
};

pub(crate) fn route(function: &Function, krate: &TokenStream) -> TokenStream {
    let attributes = Attributes::of(&function.attributes);
    let stub = quote!(#krate::__private::Stub);
    let mut signature = plain(function.signature.clone());
    let (cfgs, on_body) = (&attributes.cfgs, &attributes.on_body);
    let block = enclosing_block();
    if block.as_ref().is_some_and(|block| !block.is_inherent) {
        // The trait decides which items its `impl` has, so no item is added.
        let (visibility, body) = (&function.visibility, &function.body);
        let (on_name, signature) = (&attributes.on_name, &function.signature);
        return quote!(#(#cfgs)* #(#on_name)* #visibility #signature #body);
    }
    if block.is_some() || function.signature.receiver().is_some() {
        let constant = constant(function, &attributes, krate, &stub);
        // What the method uses is not reported as unused.
        let method = block.map(|_| {
            signature.ident = function.marker.clone();
            let body = &function.body;
            quote!(#(#cfgs)* #[allow(unused)] #signature #body)
        });
        return quote!(#(#cfgs)* #constant #method);
    }
    // Editors understand the body, and what it uses is not reported as unused.
    let body = body(function, &mut signature);
    let body = is_valid(&function.signature)
        .then(|| quote!(#(#on_body)* #[allow(unused)] #signature #body));
    let handler = handler(function, &attributes, krate, &stub, body);
    quote!(#(#cfgs)* #handler)
}

/// The body as it was written. If it returns what it borrows, it stands behind `unimplemented!()`, so
/// that rustc does not check its borrows.
pub(crate) fn body(function: &Function, signature: &mut Signature) -> TokenStream {
    let body = &function.body;
    let Some((_, lasting)) = function.borrowed_output() else {
        return body.to_token_stream();
    };
    signature.output = parse_quote!(-> #lasting);
    quote!({ ::core::unimplemented!(); #body })
}

/// Removes what rustc would report further errors for: the attributes of arguments, and patterns of references.
pub(crate) fn plain(mut signature: Signature) -> Signature {
    for argument in &mut signature.inputs {
        match argument {
            FnArg::Typed(argument) => {
                argument.attrs.clear();
                *argument.pat = inside(&argument.pat).clone();
                if let Some((pattern, _)) = extractor_left_out(argument) {
                    let (path, ty) = (&pattern.path, &argument.ty);
                    *argument.ty = parse_quote!(#path<#ty>);
                }
            }
            FnArg::Receiver(receiver) => receiver.attrs.clear(),
        }
    }
    signature
}

/// Whether rustc accepts the signature for a function outside an `impl`.
pub(crate) fn is_valid(signature: &Signature) -> bool {
    let const_async = signature.constness.is_some() && signature.asyncness.is_some();
    let is_refused =
        |argument: &FnArg| matches!(argument, FnArg::Typed(of) if is_refutable(&of.pat));
    signature.receiver().is_none()
        && signature.variadic.is_none()
        && !const_async
        && !signature.inputs.iter().any(is_refused)
}

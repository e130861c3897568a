//! What rustc says of an argument that is neither named in the path nor an extractor. rustc alone knows whether a type
//! is an extractor; the macro knows what else the argument may be meant as.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{FnArg, Pat, PatType, Type, ext::IdentExt, spanned::Spanned};

use super::spans::{located, respanned};
use crate::{
    route::{
        model::{Argument, Auth, Function, Kind, Route, Source},
        options::{may_have_a_body, may_have_no_body},
    },
    tokens::as_text,
    types::{
        ALSO_EXTRACTED, EXTRACTORS, first_type_argument, is_a_part_of_the_state, named,
        reads_the_body,
    },
};

/// The source of an extractor whose type is not known, with its own error. `state` is the type of the router's state.
pub(super) fn extractor(
    route: &Route,
    function: &Function,
    at: usize,
    state: &TokenStream,
) -> Option<TokenStream> {
    let is_last = match route.arguments[at].source {
        Source::Extractor => false,
        Source::Last => true,
        _ => return None,
    };
    let FnArg::Typed(typed) = &function.signature.inputs[at] else {
        return None;
    };
    let special = special(&typed.ty, route.kind);
    if special.is_none() && is_known(&typed.ty) {
        return None;
    }
    // rustc reports an error where the first parameter is.
    let place = located(typed.ty.span());
    let state = respanned(place, state.clone());
    // A last argument is read from the whole request or from its parts: `M` says from which.
    let (of, source, parameters, given, marker) = match is_last {
        true => (
            quote!(LastArgument),
            quote!(last),
            quote!(S, M),
            quote!(#state, _),
            quote!(, M),
        ),
        false => (
            quote!(Argument),
            quote!(argument),
            quote!(S),
            state,
            quote!(),
        ),
    };
    let wrong = format!("`{}` cannot be an argument of a route", as_text(&typed.ty));
    let (label, notes) = match special {
        Some(special) => ("not an extractor here", vec![special]),
        None => (
            "neither named in the path nor an extractor",
            notes(route, typed, is_last),
        ),
    };
    // rustc proposes a `where` clause for a trait that is missing, and would put it after the attribute. Here it cannot:
    // the clause would have to name `N`, the type of a function. The UI test is `types/extractor_for_one_state`.
    let signature = quote! {
        fn source<K: __private::KeptRequest>(_: N)
        -> __private::Unknown<Self, impl __private::Source<S, K, Value = Self>>
    };
    let call = quote_spanned!(place=> __Extractor::<#given, _>::source(__private::unnamed));
    Some(quote!({
        #[diagnostic::on_unimplemented(
            message = #wrong,
            label = #label,
            #(note = #notes),*
        )]
        trait __Extractor<#parameters, N>: Sized {
            #signature;
        }
        #[diagnostic::do_not_recommend]
        impl<T: __private::#of<#parameters> + Send, S: Send + Sync #marker, N> __Extractor<#parameters, N> for T {
            #signature {
                __private::Unknown(__private::#source(), ::core::marker::PhantomData)
            }
        }
        #call
    }))
}

/// Whether it is an extractor by its name. What is in it may be wrong.
fn is_known(ty: &Type) -> bool {
    let inner = named(ty, &["Option", "Result"]).and_then(first_type_argument);
    let ty = inner.unwrap_or(ty);
    named(ty, &EXTRACTORS).is_some() || named(ty, &ALSO_EXTRACTED).is_some()
}

/// What to write, the likeliest first.
fn notes(route: &Route, argument: &PatType, is_last: bool) -> Vec<String> {
    let (pattern, ty) = (as_text(&argument.pat), as_text(&argument.ty));
    let write = |extractor: &str, meant: &str| {
        format!("write `{extractor}({pattern}): {extractor}<{ty}>` if it is {meant}")
    };
    if let Some(note) = certain(argument) {
        return vec![note];
    }
    let mut derive = derive(&argument.ty);
    let mut read_by_serde = |extractor: &str, meant: &str| {
        let derive = derive.take().unwrap_or_default();
        format!("{}{derive}", write(extractor, meant))
    };
    let mut notes = Vec::new();
    let mut arguments = route.arguments.iter();
    let caller = match &route.auth {
        Auth::Custom(_) if arguments.any(|other| matches!(other.source, Source::Guard)) => None,
        Auth::Custom(method) => Some(as_text(method)),
        Auth::ApiKey | Auth::Public | Auth::None => None,
    };
    if let Some(method) = &caller {
        notes.push(format!(
            "write `Identity({pattern}): Identity<{method}>` if it says who is calling"
        ));
    }
    match route.kind {
        Kind::Http => {
            if may_have_a_body(&route.methods) && (is_last || !body_is_read(&route.arguments)) {
                let body = match is_last {
                    true => "the body of the request",
                    false => "the body of the request, and move it to the end",
                };
                notes.push(read_by_serde("Json", body));
            }
            if may_have_no_body(&route.methods) {
                notes.push(read_by_serde("Query", "the whole query string"));
            }
        }
        Kind::JsonRpc => notes.push(read_by_serde("Params", "all other params of the call")),
        Kind::Form => {}
    }
    notes.push(write("State", "a part of the router's state"));
    if let (None, Pat::Ident(name)) = (caller, &*argument.pat) {
        let name = name.ident.unraw().to_string();
        let path = route.paths[0].with_query_name(&name);
        let value = match route.kind {
            Kind::Http => "one value of the query string",
            Kind::Form => "one value of the query string or of the form",
            Kind::JsonRpc => "one of the call's params",
        };
        notes.push(format!("write `\"{path}\"` if it is {value}"));
    }
    notes.push(format!(
        "if `{ty}` is an extractor for one router's state only, name that type in the attribute: `state = …`"
    ));
    notes
}

/// What to write if the pattern or the type says it.
fn certain(argument: &PatType) -> Option<String> {
    let (pattern, ty) = (as_text(&argument.pat), as_text(&argument.ty));
    if let Pat::TupleStruct(taken) = &*argument.pat
        && let Some(last) = taken.path.segments.last()
        && EXTRACTORS.iter().any(|extractor| last.ident == extractor)
    {
        return Some(format!("write `{pattern}: {}<{ty}>`", last.ident));
    }
    is_a_part_of_the_state(argument).then(|| {
        format!("write `State({pattern}): State<{ty}>`: it is a part of the router's state")
    })
}

/// What a type needs so that serde reads it, if it may be one of the program's own.
fn derive(ty: &Type) -> Option<String> {
    let is_known = named(ty, &["Value"]).is_some();
    let text = as_text(ty);
    let is_own = !is_known && !text.contains('<');
    is_own.then(|| format!(", with `#[derive(serde::Deserialize)]` above `{text}`"))
}

/// Whether another argument reads the body.
fn body_is_read(arguments: &[Argument]) -> bool {
    let mut last = arguments.iter();
    last.any(|argument| matches!(argument.source, Source::Last) && reads_the_body(&argument.ty))
}

/// What to write instead of a type that is an extractor elsewhere, or with something else in it.
fn special(ty: &Type, kind: Kind) -> Option<String> {
    if let (Kind::JsonRpc, Some(kwargs)) = (kind, named(ty, &["Kwargs"])) {
        let inner = first_type_argument(kwargs).map_or("Map<String, Value>".to_owned(), as_text);
        return Some(format!(
            "write `Params<{inner}>`: with `type = \"jsonrpc\"`, it has the params of the call that are not arguments"
        ));
    }
    if let Some(inner) = named(ty, &["Option"]).and_then(first_type_argument) {
        let extractor = named(
            inner,
            &["Query", "Form", "HeaderMap", "Bytes", "Method", "Uri"],
        )?;
        let fields = match extractor.ident == "Query" || extractor.ident == "Form" {
            true => ", and the fields that may be missing are `Option`s",
            false => "",
        };
        return Some(format!(
            "write `{}`: each request has one{fields}",
            as_text(inner)
        ));
    }
    let extractor = named(ty, &["Extension", "Params", "JsonRequest"])?;
    if extractor.ident != "Extension" {
        return Some(format!(
            "write `type = \"jsonrpc\"` in the attribute: `{}` is read from a call",
            as_text(ty)
        ));
    }
    let inner = first_type_argument(extractor).map(as_text)?;
    Some(format!(
        "put `#[derive(Clone)]` above `{inner}`: each request gets a clone of an extension"
    ))
}

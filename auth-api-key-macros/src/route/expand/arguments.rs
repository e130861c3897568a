//! The steps that read the arguments.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::spans::located;
use crate::{
    route::model::{Argument, Arity, Kind, Route, Source},
    types::named,
};

/// What the body is given for the argument at this place.
pub(super) fn value(at: usize) -> Ident {
    format_ident!("__a{at}")
}

/// Whether something of the request is kept for an argument, or for the call that holds them.
pub(super) fn keep_the_request(route: &Route) -> bool {
    let is_kept =
        |argument: &Argument| !matches!(argument.source, Source::Guard | Source::State(_));
    route.kind == Kind::JsonRpc || route.arguments.iter().any(is_kept)
}

/// Whether an argument may be an extractor that looks for the key that was verified.
pub(super) fn may_look_for_the_key(route: &Route) -> bool {
    let known = [
        "Body",
        "Bytes",
        "Form",
        "HeaderMap",
        "Json",
        "MatchedPath",
        "Method",
        "Multipart",
        "OriginalUri",
        "Path",
        "Query",
        "RawPathParams",
        "RawQuery",
        "String",
        "Uri",
        "Version",
    ];
    route.arguments.iter().any(|argument| {
        let extracted = matches!(argument.source, Source::Extractor | Source::Last);
        extracted && named(&argument.ty, &known).is_none()
    })
}

/// Where a step stands: what is read of the body comes last, and of a call the rest of its params
/// after those that have a name. A form is read as a call is.
enum When {
    First,
    OfTheCall,
    RestOfTheCall,
    OfTheBody,
}

/// Reads the arguments, one after the other. Their types are those that the body's function asks for:
/// written again, a mistake in one would be said again.
pub(super) fn steps(route: &Route) -> Vec<TokenStream> {
    let mut first = before(route);
    let (mut of_the_call, mut rest, mut of_the_body) = (Vec::new(), None, None);
    for (at, argument) in route.arguments.iter().enumerate() {
        let Some((when, step)) = step(at, argument, route.kind) else {
            continue;
        };
        match when {
            When::First => first.push(step),
            When::OfTheCall => of_the_call.push(step),
            When::RestOfTheCall => rest = Some(step),
            When::OfTheBody => of_the_body = Some(step),
        }
    }
    if route.kind == Kind::Form && !of_the_call.is_empty() {
        let read = quote!(__private::form(__parts, __body).await);
        first.push(or_answer(quote!(__query), read));
    }
    if route.kind == Kind::JsonRpc {
        let pattern = match of_the_call.is_empty() && rest.is_none() {
            true => quote!(__call),
            false => quote!(mut __call),
        };
        let read = quote!(__private::call(__parts, __body).await);
        first.push(or_answer(pattern, read));
    }
    first
        .into_iter()
        .chain(of_the_call)
        .chain(rest)
        .chain(of_the_body)
        .collect()
}

/// What several arguments are read from: the captures, and the query string.
fn before(route: &Route) -> Vec<TokenStream> {
    let any = |is: fn(&Source) -> bool| route.arguments.iter().any(|from| is(&from.source));
    let captures = any(|source| matches!(source, Source::Capture(_) | Source::OptionalCapture(_)));
    let captures = captures.then(|| {
        let unreadable = quote!(__guard.unreadable_capture());
        quote!(let __captures = __private::captures::<Self>(&mut __parts, #unreadable).await;)
    });
    let has_query = route.kind == Kind::Http && any(|source| matches!(source, Source::Query(..)));
    let query = has_query.then(|| quote!(let __query = __private::query(&__parts);));
    captures.into_iter().chain(query).collect()
}

/// Reads one argument, unless the guard has it.
fn step(at: usize, argument: &Argument, kind: Kind) -> Option<(When, TokenStream)> {
    let is_call = kind == Kind::JsonRpc;
    let place = located(argument.ty.span());
    let method = |name: &str| Ident::new(name, place);
    let (when, read) = match &argument.source {
        Source::Guard => return None,
        Source::State(_) => {
            let value = value(at);
            let read = quote!(__private::State(__private::Provides::provide(&__state)));
            return Some((When::First, quote!(let #value = #read;)));
        }
        Source::Capture(name) => (When::First, quote_spanned!(place=> __captures.read(#name))),
        Source::OptionalCapture(name) => (
            When::First,
            quote_spanned!(place=> __captures.optional(#name)),
        ),
        Source::Query(name, arity) if is_call => {
            let read = method(match arity {
                Arity::Optional => "optional",
                Arity::One | Arity::Many => "required",
            });
            (When::OfTheCall, quote_spanned!(place=> __call.#read(#name)))
        }
        Source::Query(name, arity) => {
            let read = method(match arity {
                Arity::One => "one",
                Arity::Optional => "optional",
                Arity::Many => "many",
            });
            let when = match kind {
                Kind::Form => When::OfTheCall,
                Kind::Http | Kind::JsonRpc => When::First,
            };
            (when, quote_spanned!(place=> __query.#read(#name)))
        }
        Source::Params => (When::RestOfTheCall, quote_spanned!(place=> __call.rest())),
        Source::WholeCall => (When::OfTheCall, quote_spanned!(place=> __call.whole())),
        Source::Extractor => {
            let read = method(if is_call { "call_argument" } else { "argument" });
            let read = quote_spanned!(place=> __private::#read(&mut __parts, &__state).await);
            (When::First, read)
        }
        Source::Last => {
            let read = quote_spanned!(place=> __private::last(__parts, __body, &__state).await);
            (When::OfTheBody, read)
        }
    };
    Some((when, or_answer(value(at), read)))
}

/// Gives a name to what was read; or answers why it cannot be had.
fn or_answer(name: impl ToTokens, read: TokenStream) -> TokenStream {
    quote! {
        let #name = match #read {
            __private::Ok(__value) => __value,
            __private::Err(__error) => return __guard.answer(__error),
        };
    }
}

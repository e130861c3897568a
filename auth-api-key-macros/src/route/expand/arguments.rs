//! The code that reads each argument from the source that `validate/argument_sources.rs` chose.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::{hints::extractor, spans::located};
use crate::{
    route::model::{Argument, Arity, Function, Kind, Route, Source},
    types::{EXTRACTORS, named},
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
    route.arguments.iter().any(|argument| {
        let extracted = matches!(argument.source, Source::Extractor | Source::Last);
        extracted && named(&argument.ty, &EXTRACTORS).is_none()
    })
}

/// What the arguments are read from, in turn, and a pattern for their values.
pub(super) struct Read {
    pub(super) sources: TokenStream,
    pub(super) values: TokenStream,
}

/// The longest tuple of sources that the runtime reads.
const LONGEST: usize = 8;

/// Reads the arguments, in turn. The function of the body states their types: stated again, a mistake in one
/// would be two errors. A controller, source and pattern, comes first.
pub(super) fn read(
    route: &Route,
    function: &Function,
    state: &TokenStream,
    controller: Option<(TokenStream, TokenStream)>,
) -> Read {
    let mut sources: Vec<_> = route
        .arguments
        .iter()
        .enumerate()
        .filter_map(|(at, argument)| {
            let (when, known) = source(argument, route.kind)?;
            let source = extractor(route, function, at, state).unwrap_or(known);
            Some((when, source, value(at).into_token_stream()))
        })
        .collect();
    sources.sort_by_key(|(when, ..)| *when);
    let arguments = sources
        .into_iter()
        .map(|(_, source, value)| (source, value));
    let (sources, values): (Vec<_>, Vec<_>) = controller.into_iter().chain(arguments).unzip();
    Read {
        sources: tuple(&sources),
        values: tuple(&values),
    }
}

/// A tuple. What is too long goes into another one at its end.
fn tuple(tokens: &[TokenStream]) -> TokenStream {
    match tokens.split_at_checked(LONGEST - 1) {
        Some((first, others)) if others.len() > 1 => {
            let others = tuple(others);
            quote!((#(#first,)* #others))
        }
        _ => quote!((#(#tokens,)*)),
    }
}

/// When a source is read: those of the body come last; of a call, named params come before the others. A form
/// is read like a call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    First,
    OfTheCall,
    Last,
}

/// What an argument is read from, unless the guard has it.
fn source(argument: &Argument, kind: Kind) -> Option<(When, TokenStream)> {
    let is_call = kind == Kind::JsonRpc;
    let place = located(argument.ty.span());
    let of_name = |make: &str, name: &String| {
        let make = Ident::new(make, place);
        quote_spanned!(place=> __private::#make(#name))
    };
    Some(match &argument.source {
        Source::Guard => return None,
        Source::State(_) => (When::First, quote!(__private::part())),
        Source::Capture(name) => (When::First, of_name("capture", name)),
        Source::OptionalCapture(name) => (When::First, of_name("optional_capture", name)),
        Source::Query(name, arity) if is_call => {
            let make = match arity {
                Arity::Optional => "optional_param",
                Arity::One | Arity::Many => "param",
            };
            (When::OfTheCall, of_name(make, name))
        }
        Source::Query(name, arity) => {
            let make = match arity {
                Arity::One => "one",
                Arity::Optional => "optional",
                Arity::Many => "many",
            };
            let when = match kind {
                Kind::Form => When::OfTheCall,
                Kind::Http | Kind::JsonRpc => When::First,
            };
            (when, of_name(make, name))
        }
        Source::Params => (When::Last, quote_spanned!(place=> __private::rest())),
        Source::WholeCall => (When::OfTheCall, quote_spanned!(place=> __private::whole())),
        Source::Extractor if is_call => {
            let source = quote_spanned!(place=> __private::call_argument());
            (When::First, source)
        }
        Source::Extractor => {
            let source = quote_spanned!(place=> __private::argument());
            (When::First, source)
        }
        Source::Last => (When::Last, quote_spanned!(place=> __private::last())),
    })
}

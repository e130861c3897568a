//! How a route answers a request: the guard, the arguments, the body, one after the other.
//!
//! The names that the expansion makes begin with `__`: no item of the developer's crate does.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ReturnType, spanned::Spanned};

use super::{
    arguments::{Read, keep_the_request, may_look_for_the_key, read, value},
    body::{called, predicates},
    spans::{located, respanned},
};
use crate::route::model::{Argument, Auth, Function, Kind, Route, Source};

/// The implementation of `Run`.
pub(super) fn run(route: &Route, function: &Function) -> TokenStream {
    let marker = &function.marker;
    let bounds = bounds(route, function);
    // Also here, so that rustc reports a wrong one once.
    let predicates = predicates(function);
    let part = part_of_the_state(route);
    let run = match function.receiver() {
        None => of_a_function(route, function),
        Some(_) => of_a_method(route, function),
    };
    quote! {
        #[automatically_derived]
        impl<__S> __private::Run<__S> for #marker
        where
            #(#bounds,)*
            #predicates
        {
            fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
                #part
                #run
            }
        }
    }
}

/// Whether a key of this crate's is verified.
fn is_keyed(route: &Route) -> bool {
    matches!(route.auth, Auth::ApiKey | Auth::Public)
}

/// The type of the state in the body of `run`: the router's, or the part of it that is asked for.
fn state(route: &Route) -> TokenStream {
    match &route.state {
        Some(ty) => ty.to_token_stream(),
        None => quote!(__S),
    }
}

/// What the router's state must have.
fn bounds(route: &Route, function: &Function) -> Vec<TokenStream> {
    let state = state(route);
    let mut bounds = Vec::new();
    if let Auth::Custom(method) = &route.auth {
        // At the place of the type: rustc reports there that it is not an `AuthMethod`. It is first:
        // otherwise rustc shows a bound that spans the whole attribute.
        let place = method.span();
        let state = respanned(place, state.clone());
        bounds.push(quote_spanned!(place=> __Method: __private::Authenticates<#state>));
    }
    bounds.push(quote!(#state: __private::RouterState));
    if let Some(part) = &route.state {
        bounds.push(quote_spanned!(part.span()=> __S: __private::Provides<#part>));
    }
    if is_keyed(route) {
        bounds.push(quote!(#state: __private::ProvidesAuthenticator));
    }
    for argument in &route.arguments {
        if let Source::State(part) = &argument.source {
            bounds.push(quote_spanned!(part.span()=> #state: __private::Provides<#part>));
        }
    }
    if let Some(receiver) = function.receiver() {
        let place = receiver.self_token.span;
        bounds.push(quote_spanned!(place=> #state: __private::Provides<__Self>));
    }
    bounds
}

fn part_of_the_state(route: &Route) -> Option<TokenStream> {
    let part = route.state.as_ref()?;
    Some(quote!(let __state: #part = __private::Provides::provide(&__state);))
}

/// Who may call.
fn guard(route: &Route) -> TokenStream {
    let is_left = may_look_for_the_key(route);
    match &route.auth {
        Auth::ApiKey => quote!(__private::ByKey<#is_left>),
        Auth::Public => quote!(__private::Public<#is_left>),
        Auth::Custom(_) => quote!(__private::ByMethod<__Method>),
        Auth::None => quote!(__private::Open),
    }
}

/// What is kept of the request. The rest is not moved into the future.
fn kept(route: &Route) -> TokenStream {
    let is_kept = matches!(route.auth, Auth::Custom(_)) || keep_the_request(route);
    match route.kind {
        Kind::JsonRpc => quote!(__private::JsonRpc),
        Kind::Form => quote!(__private::FormRequest),
        Kind::Http if is_kept => quote!(__private::WholeRequest),
        Kind::Http => quote!(__private::Nothing),
    }
}

/// The type of the sources, to be inferred. rustc also reports here a last argument that cannot be read; at
/// the place of the argument, that is one error.
fn sources_type(route: &Route, function: &Function) -> TokenStream {
    let is_last = |argument: &&Argument| matches!(argument.source, Source::Last);
    let last = route.arguments.iter().find(is_last);
    let place = last.map_or(function.signature.ident.span(), |last| last.ty.span());
    quote_spanned!(located(place)=> _)
}

/// Runs a body that borrows nothing. The call is at the name: rustc reports there a future that is not
/// `Send`.
fn of_a_function(route: &Route, function: &Function) -> TokenStream {
    let (guard, kept) = (guard(route), kept(route));
    let Read { sources, values } = read(route, function, &state(route), None);
    let (who, call) = call(route, function, None);
    let answer = match route.kind {
        Kind::Http | Kind::Form => {
            quote_spanned!(answer_place(function)=> __private::answer())
        }
        Kind::JsonRpc => {
            let answer = answer_of_a_call(function, &quote!(__call));
            quote!(|__returned, __call| #answer)
        }
    };
    let of_sources = sources_type(route, function);
    quote_spanned! {located(function.signature.ident.span())=>
        __private::run::<Self, #guard, #kept, _, #of_sources, _, _, _>(
            __Seal(__Pass), #sources, __request, __state, |#who, #values| #call, #answer,
        )
    }
}

/// Runs a body that borrows its controller. What it returns may also borrow from the controller.
fn of_a_method(route: &Route, function: &Function) -> TokenStream {
    let controller = (
        quote!(__private::part::<_, _, __Self>()),
        quote!(__private::State(__this)),
    );
    let Read { sources, values } = read(route, function, &state(route), Some(controller));
    let (guard, kept) = (guard(route), kept(route));
    let (who, call) = call(route, function, Some(quote!(&__this,)));
    let answer = match route.kind {
        Kind::Http | Kind::Form => {
            quote_spanned!(answer_place(function)=> __private::answer()(__returned, &__call))
        }
        Kind::JsonRpc => answer_of_a_call(function, &quote!(&__call)),
    };
    let of_sources = sources_type(route, function);
    quote_spanned! {located(function.signature.ident.span())=>
        __private::run_method::<Self, #guard, #kept, _, #of_sources, _, _>(
            __Seal(__Pass), #sources, __request, __state, |#who, #values, __call| async move {
                let __returned = #call.await;
                #answer
            },
        )
    }
}

/// What the guard gives, and the call of the body.
fn call(
    route: &Route,
    function: &Function,
    this: Option<TokenStream>,
) -> (TokenStream, TokenStream) {
    let is_guard = |argument: &Argument| matches!(argument.source, Source::Guard);
    let who = match route.arguments.iter().any(is_guard) {
        true => quote!(__who),
        false => quote!(_),
    };
    let arguments = route.arguments.iter().enumerate();
    let arguments = arguments.map(|(at, argument)| match is_guard(argument) {
        true => who.clone(),
        false => value(at).into_token_stream(),
    });
    let (place, called) = (located(function.signature.ident.span()), called(function));
    let call = quote_spanned!(place=> #called(#this __Pass, #(#arguments),*));
    (who, call)
}

/// Where rustc reports what a route cannot answer with.
fn answer_place(function: &Function) -> Span {
    located(match &function.signature.output {
        ReturnType::Default => Span::call_site(),
        ReturnType::Type(_, ty) => ty.span(),
    })
}

fn answer_of_a_call(function: &Function, call: &TokenStream) -> TokenStream {
    let place = answer_place(function);
    let answer = quote_spanned!(place=> __private::Returned(__returned).answer(#call));
    quote!({
        use __private::ReturnedValue as _;
        #answer
    })
}

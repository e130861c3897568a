//! How a route answers a request: the guard, the arguments, the body, one after the other.
//!
//! What the expansion names itself begins with `__`: no item of the user's crate does.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ReturnType, spanned::Spanned};

use super::{
    arguments::{keep_the_request, may_look_for_the_key, steps, value},
    body::{called, predicates},
    spans::{located, respanned},
};
use crate::route::model::{Auth, Function, Kind, Route, Source};

/// The implementation of `Run`.
pub(super) fn run(
    route: &Route,
    function: &Function,
    allow_deprecated: &Option<TokenStream>,
) -> TokenStream {
    let marker = &function.marker;
    let bounds = bounds(route, function);
    // Here, too, so that one that does not hold is reported once.
    let predicates = predicates(function);
    let (part, preflight, begin) = (part_of_the_state(route), preflight(route), begin(route));
    let (into_parts, future) = (into_parts(route), future(route, function));
    quote! {
        #[automatically_derived]
        #allow_deprecated
        impl<__S> __private::Run<__S> for #marker
        where
            #(#bounds,)*
            #predicates
        {
            fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
                #part
                #preflight
                #begin
                #into_parts
                __private::Ran::new(__Seal(__Pass), #future)
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
        // In one place with the type, so that rustc reports a type that is no method there.
        // It comes first: a bound that spans the whole attribute would be shown instead.
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
    let receiver = function.method.as_ref();
    if let Some(receiver) = receiver.and_then(|method| method.receiver.as_ref()) {
        let place = receiver.self_token.span;
        bounds.push(quote_spanned!(place=> #state: __private::Provides<__Self>));
    }
    bounds
}

fn part_of_the_state(route: &Route) -> Option<TokenStream> {
    let part = route.state.as_ref()?;
    Some(quote!(let __state: #part = __private::Provides::provide(&__state);))
}

/// Answers a preflight, which has no key.
fn preflight(route: &Route) -> Option<TokenStream> {
    if route.cors.is_empty() {
        return None;
    }
    let authenticator = match is_keyed(route) {
        true => quote!(__private::Some(
            __private::ProvidesAuthenticator::authenticator(&__state)
        )),
        false => quote!(__private::None),
    };
    Some(quote! {
        let __sharing = match __private::preflight(
            &__request,
            &<Self as __private::Route>::INFO,
            || #authenticator,
        ) {
            __private::Ok(__sharing) => __sharing,
            __private::Err(__answer) => return __private::Ran::new(__Seal(__Pass), __answer),
        };
    })
}

/// Begins to verify the key, before anything of the request is kept for the arguments.
fn begin(route: &Route) -> Option<TokenStream> {
    is_keyed(route)
        .then(|| quote!(let __admission = __private::begin::<Self, _>(&__request, &__state);))
}

/// Takes the request apart: what is not kept is not moved into the future.
fn into_parts(route: &Route) -> Option<TokenStream> {
    let is_kept = matches!(route.auth, Auth::Custom(_)) || keep_the_request(route);
    let mark = match is_keyed(route) {
        true => quote!(__admission.mark_sensitive(&mut __parts);),
        // Not every argument needs the parts to be mutable.
        false => quote!(let _ = &mut __parts;),
    };
    is_kept.then(|| {
        quote! {
            let (mut __parts, __body) = __request.into_parts();
            #mark
        }
    })
}

/// What the one boxed future does.
fn future(route: &Route, function: &Function) -> TokenStream {
    let (admit, steps) = (admit(route), steps(route));
    let (this, call) = call(route, function);
    let answer = answer(route, function);
    let run = quote! {
        async move {
            #admit
            #(#steps)*
            #this
            let __response = #call.await;
            #answer
        }
    };
    let run = match route.cors.is_empty() {
        true => run,
        false => quote!(__private::shared(__sharing, #run)),
    };
    // Here rustc reports a future that is not `Send`.
    let place = located(function.signature.ident.span());
    quote_spanned!(place=> __private::Box::pin(#run))
}

/// Says who is calling, or answers that the request is refused.
fn admit(route: &Route) -> TokenStream {
    let admitted = match &route.auth {
        Auth::ApiKey => quote!(__admission.api_key().await),
        Auth::Public => quote!(__admission.public().await),
        Auth::Custom(method) => {
            let place = located(method.span());
            let state = respanned(place, state(route));
            quote_spanned!(place=> __private::custom::<__Method, #state>(&mut __parts, &__state).await)
        }
        Auth::None => quote!(__private::none()),
    };
    let refusal = match route.kind {
        Kind::JsonRpc if is_keyed(route) => quote!(__private::refused_call(__refused)),
        _ => quote!(__private::IntoResponse::into_response(__refused)),
    };
    let leave = (is_keyed(route) && may_look_for_the_key(route))
        .then(|| quote!(let __guard = __guard.leave(&mut __parts, &__who);));
    quote! {
        let (__guard, __who) = match #admitted {
            __private::Ok(__admitted) => __admitted,
            __private::Err(__refused) => return #refusal,
        };
        #leave
    }
}

/// The controller, where the body takes it, and the call of the body.
fn call(route: &Route, function: &Function) -> (Option<TokenStream>, TokenStream) {
    let method = function.method.as_ref();
    let receiver = method.and_then(|method| method.receiver.as_ref());
    let this =
        receiver.map(|_| quote!(let __this: __Self = __private::Provides::provide(&__state);));
    let this_argument = receiver.map(|_| quote!(&__this,));
    let arguments = route.arguments.iter().enumerate();
    let values = arguments.map(|(at, argument)| match argument.source {
        Source::Guard => quote!(__who),
        _ => value(at).to_token_stream(),
    });
    let called = called(function);
    (this, quote!(#called(#this_argument __Pass, #(#values),*)))
}

/// The answer to what the body returned, where rustc reports a type that is none.
fn answer(route: &Route, function: &Function) -> TokenStream {
    let place = match &function.signature.output {
        ReturnType::Default => Span::call_site(),
        ReturnType::Type(_, ty) => ty.span(),
    };
    let place = located(place);
    match route.kind {
        Kind::Http | Kind::Form => quote_spanned!(place=> __guard.answer(__response)),
        Kind::JsonRpc => {
            let answer = quote_spanned!(place=> __private::Returned(__response).answer(&__call));
            quote!({
                use __private::ReturnedValue as _;
                __guard.answer(#answer)
            })
        }
    }
}

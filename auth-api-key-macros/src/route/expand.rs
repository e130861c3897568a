//! From a route to what the user's crate is given: a handler whose body cannot be reached without
//! passing the guard.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{FnArg, ReturnType, spanned::Spanned};

use super::{
    arguments::{Argument, Arity, Source},
    parse::Function,
    validate::{Auth, Kind, Route},
    warnings::warnings,
};
use crate::{
    attributes::{Attributes, Given},
    errors::written,
};

pub(crate) fn route(route: &Route, function: &Function) -> TokenStream {
    let krate = &route.krate;
    let attributes = Attributes::of(&function.attributes);
    let allow_deprecated = attributes.allow_deprecated();
    let guarded = guarded(route, function, &allow_deprecated);
    let bounds = bounds_of_body(route, function);
    let method = match &route.auth {
        Auth::Custom(method) => Some(quote!(type __Method = #method;)),
        Auth::ApiKey | Auth::Public | Auth::None => None,
    };
    let body = body(function, &attributes, krate, &bounds);
    let unguarded = unguarded(function, &bounds, &allow_deprecated);
    let warnings = warnings(route, function, &attributes.levels);
    let behind_the_name = quote! {
        #warnings

        // Proof that the guard was passed. Nothing that axum can extract gives one.
        struct __Pass;
        // Proof that an answer is this expansion's: nothing else has a pass.
        pub struct __Seal(#[allow(dead_code)] __Pass);
        #method

        #body
        #guarded
        #unguarded
    };
    items(function, &attributes, krate, &behind_the_name)
}

/// What the user wrote.
fn body(
    function: &Function,
    attributes: &Attributes<'_>,
    krate: &TokenStream,
    bounds: &TokenStream,
) -> TokenStream {
    let (name, on_body) = (&function.signature.ident, &attributes.on_body);
    let (inputs, output) = (&function.signature.inputs, &function.signature.output);
    let body = &function.body;
    let Some(method) = &function.method else {
        // Named like the handler: so a span of `#[tracing::instrument]` is called.
        return quote! {
            #(#on_body)*
            #[allow(clippy::too_many_arguments)]
            async fn #name(_: __Pass, #inputs) #output #bounds #body
        };
    };
    let (of, marker, receiver) = (&method.of, &function.marker, method.receiver.iter());
    let constant = constant(function, attributes, krate, &marker.to_token_stream());
    quote! {
        impl #of {
            #constant

            #(#on_body)*
            #[allow(clippy::too_many_arguments)]
            async fn #marker(#(#receiver,)* _: __Pass, #inputs) #output #bounds #body
        }
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
    let must_use = |given: &&&Given| given.is(&["must_use"]);
    let on_constant = attributes.on_name.iter().filter(|on| !must_use(on));
    let allow_deprecated = attributes.allow_deprecated();
    let guarded = quote!(#krate::__private::Guarded);
    let item = quote_spanned!(name.span()=> const #name: #guarded<#route> = #guarded::NEW;);
    quote! {
        #(#on_constant)*
        #[allow(non_upper_case_globals)]
        #allow_deprecated
        #visibility #item
    }
}

/// The type that stands for the route, the function of its name, and what is behind them.
fn items(
    function: &Function,
    attributes: &Attributes<'_>,
    krate: &TokenStream,
    behind_the_name: &TokenStream,
) -> TokenStream {
    let (cfgs, marker) = (&attributes.cfgs, &function.marker);
    let item = quote_spanned!(function.signature.ident.span()=> pub struct #marker;);
    // No less visible than what names it, the function or a constant.
    let marker = quote! {
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(
            missing_copy_implementations, missing_debug_implementations,
            non_camel_case_types, unreachable_pub
        )]
        #item
    };
    let named = function.method.is_none().then(|| {
        let handler = handler(
            function,
            attributes,
            krate,
            &function.marker.to_token_stream(),
            None,
        );
        let name_in_tests = name_in_tests(function, attributes);
        quote! {
            #(#cfgs)*
            #handler
            #name_in_tests
        }
    });
    let others = quote! {
        #named

        #(#cfgs)*
        const _: () = {
            use #krate::__private;

            #behind_the_name
        };
    };
    match function.method.is_none() && may_be_in_an_impl() {
        true => quote!(#[#krate::__private::followed_by(#others)] #marker),
        false => quote!(#marker #others),
    }
}

/// The function that axum and lists mount, to which a request comes as it is.
pub(crate) fn handler(
    function: &Function,
    attributes: &Attributes<'_>,
    krate: &TokenStream,
    route: &TokenStream,
    inside: Option<TokenStream>,
) -> TokenStream {
    let (visibility, name) = (&function.visibility, &function.signature.ident);
    let on_name = &attributes.on_name;
    // As if the user had written it: rustc does not warn of an unused item of a macro's.
    let item = quote_spanned! {name.span()=>
        fn #name<S>(call: #krate::__private::Call<#route, S>) -> #krate::__private::Answer
        where
            #route: #krate::__private::Run<S>,
        {
            #inside
            call.run()
        }
    };
    quote!(#(#on_name)* #visibility #item)
}

/// What the name is in tests besides: a type that has `unguarded`. It is seen where the tests of a
/// module are, and gives way to all that is called so in the module, as what a glob brings does.
fn name_in_tests(function: &Function, attributes: &Attributes<'_>) -> TokenStream {
    let cfgs = &attributes.cfgs;
    let (name, module) = (&function.signature.ident, module_of_tests(function));
    quote! {
        #(#cfgs)*
        #[cfg(test)]
        use #module::*;
        #(#cfgs)*
        #[cfg(test)]
        mod #module {
            #[allow(dead_code, non_camel_case_types, unreachable_pub)]
            pub struct #name {}
        }
    }
}

fn module_of_tests(function: &Function) -> Ident {
    format_ident!("{}_in_tests", function.marker)
}

/// In an `impl`, all items but the first would be further errors. What stands in one is indented.
pub(crate) fn may_be_in_an_impl() -> bool {
    proc_macro::is_available() && Span::call_site().unwrap().column() > 1
}

/// What the list of routes tells of this one.
fn info(route: &Route, function: &Function) -> TokenStream {
    let text = function.text();
    let place = function
        .method
        .as_ref()
        .map_or_else(Span::call_site, |method| method.place);
    let paths = route.paths.iter().map(|path| &path.route);
    let shapes = route.paths.iter().map(|path| &path.shape);
    let (methods, groups) = (&route.methods, &route.groups);
    let auth = match &route.auth {
        Auth::ApiKey => "api_key".to_owned(),
        Auth::Public => "public".to_owned(),
        Auth::None => "none".to_owned(),
        Auth::Custom(ty) => written(ty),
    };
    let info = quote_spanned! {place=>
        __private::route_info(
            ::core::concat!(::core::module_path!(), "::", #text),
            &[#((#paths, #shapes)),*],
            &[#(#methods),*],
            #auth,
            &[#(#groups),*],
        )
    };
    let info = match route.kind {
        Kind::Http => info,
        Kind::JsonRpc => quote!(__private::jsonrpc(#info)),
    };
    match &route.cors {
        None => info,
        Some(origin) => quote!(__private::cors(#info, #origin)),
    }
}

fn guarded(
    route: &Route,
    function: &Function,
    allow_deprecated: &Option<TokenStream>,
) -> TokenStream {
    // What the expansion names itself begins with `__`: no item of the user's crate does.
    let (name, marker) = (&function.signature.ident, &function.marker);
    let state_type = match &route.state {
        Some(ty) => ty.to_token_stream(),
        None => quote!(__S),
    };

    let mut bounds = vec![quote!(#state_type: __private::RouterState)];
    // A part of the router's state, or all of it.
    let part = route.state.as_ref().map(|ty| {
        bounds.push(quote_spanned!(ty.span()=> __S: __private::Provides<#ty>));
        quote!(let __state: #ty = __private::Provides::provide(&__state);)
    });
    // A key is verified before anything of the request is kept for the arguments.
    let begin = matches!(route.auth, Auth::ApiKey | Auth::Public).then(|| {
        bounds.push(quote!(#state_type: __private::ProvidesAuthenticator));
        quote! {
            let __admission = __private::begin(
                &__request,
                &__state,
                <Self as __private::Route>::INFO.groups,
            );
        }
    });
    let admitted = match &route.auth {
        Auth::ApiKey => quote!(__admission.api_key().await),
        Auth::Public => quote!(__admission.public().await),
        Auth::Custom(method) => {
            let place = method.span();
            // In one place with the type, so that rustc reports a type that is no method there.
            // It comes first: a bound that spans the whole attribute would be shown instead.
            let state = spanned_state(route, place);
            let bound = quote_spanned!(place=> __Method: __private::Authenticates<#state>);
            bounds.insert(0, bound);
            let place = located(place);
            let state = spanned_state(route, place);
            quote_spanned!(place=> __private::custom::<__Method, #state>(&mut __parts, &__state).await)
        }
        Auth::None => quote!(__private::none()),
    };
    // What is not kept is not moved into the future.
    let keeps_parts = matches!(route.auth, Auth::Custom(_))
        || route.kind == Kind::JsonRpc
        || route
            .arguments
            .iter()
            .any(|argument| !matches!(argument.source, Source::Guard | Source::State(_)));
    let mark = match route.auth {
        Auth::ApiKey | Auth::Public => quote!(__admission.mark_sensitive(&mut __parts);),
        // Not every argument needs the parts to be mutable.
        Auth::Custom(_) | Auth::None => quote!(let _ = &mut __parts;),
    };
    let into_parts = keeps_parts.then(|| {
        quote! {
            let (mut __parts, __body) = __request.into_parts();
            #mark
        }
    });
    for argument in &route.arguments {
        if let Source::State(part) = &argument.source {
            bounds.push(quote_spanned!(part.span()=> #state_type: __private::Provides<#part>));
        }
    }

    let receiver = function
        .method
        .as_ref()
        .and_then(|method| method.receiver.as_ref());
    let this = receiver.map(|receiver| {
        let place = receiver.self_token.span;
        bounds.push(quote_spanned!(place=> #state_type: __private::Provides<__Self>));
        quote!(let __this: __Self = __private::Provides::provide(&__state);)
    });
    let this_argument = receiver.map(|_| quote!(&__this,));
    let called = called(function);
    let leave = (matches!(route.auth, Auth::ApiKey | Auth::Public)
        && route.arguments.iter().any(Argument::may_look_for_the_key))
    .then(|| quote!(let __guard = __guard.leave(&mut __parts, &__who);));
    let steps = steps(route);
    let values = route
        .arguments
        .iter()
        .enumerate()
        .map(|(at, argument)| match argument.source {
            Source::Guard => quote!(__who),
            _ => value(at).to_token_stream(),
        });
    let response = match &function.signature.output {
        ReturnType::Default => Span::call_site(),
        ReturnType::Type(_, ty) => ty.span(),
    };
    let place = located(response);
    let answer = match route.kind {
        Kind::Http => quote_spanned!(place=> __guard.answer(__response)),
        Kind::JsonRpc => {
            let answer = quote_spanned!(place=> __private::Returned(__response).answer(&__call));
            quote!({
                use __private::ReturnedValue as _;
                __guard.answer(#answer)
            })
        }
    };
    let refusal = match (&route.auth, route.kind) {
        (Auth::ApiKey | Auth::Public, Kind::JsonRpc) => quote!(__private::refused_call(__refused)),
        _ => quote!(__private::IntoResponse::into_response(__refused)),
    };
    let run = quote! {
        let (__guard, __who) = match #admitted {
            __private::Ok(__admitted) => __admitted,
            __private::Err(__refused) => return #refusal,
        };
        #leave
        #(#steps)*
        #this
        let __response = #called(#this_argument __Pass, #(#values),*).await;
        #answer
    };
    let run = quote!(async move { #run });
    // A preflight has no key.
    let preflight = route.cors.as_ref().map(|_| {
        let authenticator = match &route.auth {
            Auth::ApiKey | Auth::Public => quote!(__private::Some(
                __private::ProvidesAuthenticator::authenticator(&__state)
            )),
            Auth::Custom(_) | Auth::None => quote!(__private::None),
        };
        quote! {
            if let __private::Some(__answer) = __private::preflight(
                &__request,
                &<Self as __private::Route>::INFO,
                || #authenticator,
            ) {
                return __private::Ran::new(__Seal(__Pass), __answer);
            }
        }
    });
    let run = match &route.cors {
        None => run,
        Some(_) => quote!(__private::shared(<Self as __private::Route>::INFO.cors, #run)),
    };
    // Here rustc reports a future that is not `Send`.
    let future = quote_spanned!(located(name.span())=> __private::Box::pin(#run));
    let info = info(route, function);
    // Here, too, so that one that does not hold is reported once.
    let predicates = predicates(function);
    quote! {
        #[automatically_derived]
        #allow_deprecated
        impl __private::Route for #marker {
            const INFO: __private::RouteInfo = #info;
            const ROUTE: &'static Self = &Self;
            type Seal = __Seal;
        }

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

/// The function that has the body.
fn called(function: &Function) -> TokenStream {
    match &function.method {
        Some(_) => {
            let marker = &function.marker;
            quote!(__Self::#marker)
        }
        None => function.signature.ident.to_token_stream(),
    }
}

/// Reads the arguments, one after the other; those that read the body come last. Their types
/// are those that the body's function asks for: written again, a mistake in one would be said again.
fn steps(route: &Route) -> Vec<TokenStream> {
    let arguments = &route.arguments;
    let any = |is: fn(&Source) -> bool| arguments.iter().any(|argument| is(&argument.source));
    let mut steps = Vec::new();
    if any(|source| matches!(source, Source::Capture(_) | Source::OptionalCapture(_))) {
        let captures = quote!(
            __private::captures(
                &mut __parts,
                <Self as __private::Route>::INFO.handler,
                __guard.unreadable_capture(),
            )
            .await
        );
        steps.push(or_answer(quote!(__captures), captures));
    }
    let is_call = route.kind == Kind::JsonRpc;
    if !is_call && any(|source| matches!(source, Source::Query(..))) {
        steps.push(quote!(let __query = __private::query(&__parts);));
    }
    // What is read of the body; of a call, by name, and then the rest.
    let (mut last, mut params, mut rest) = (None, Vec::new(), None);
    for (at, argument) in arguments.iter().enumerate() {
        let place = located(argument.ty.span());
        let read = match &argument.source {
            Source::Guard => continue,
            Source::Capture(name) => quote_spanned!(place=> __captures.read(#name)),
            Source::OptionalCapture(name) => quote_spanned!(place=> __captures.optional(#name)),
            Source::Query(name, arity) if is_call => {
                let read = match arity {
                    Arity::Optional => "optional",
                    Arity::One | Arity::Many => "required",
                };
                let read = Ident::new(read, place);
                let read = quote_spanned!(place=> __call.#read(#name));
                params.push(or_answer(value(at), read));
                continue;
            }
            Source::Params => {
                rest = Some(or_answer(value(at), quote_spanned!(place=> __call.rest())));
                continue;
            }
            Source::Query(name, arity) => {
                let read = match arity {
                    Arity::One => "one",
                    Arity::Optional => "optional",
                    Arity::Many => "many",
                };
                let read = Ident::new(read, place);
                quote_spanned!(place=> __query.#read(#name))
            }
            Source::State(_) => {
                let value = value(at);
                let read = quote!(__private::State(__private::Provides::provide(&__state)));
                steps.push(quote!(let #value = #read;));
                continue;
            }
            Source::Extractor if is_call => {
                quote_spanned!(place=> __private::call_argument(&mut __parts, &__state).await)
            }
            Source::Extractor => {
                quote_spanned!(place=> __private::argument(&mut __parts, &__state).await)
            }
            Source::Last => {
                let read = quote_spanned!(place=> __private::last(__parts, __body, &__state).await);
                last = Some(or_answer(value(at), read));
                continue;
            }
        };
        steps.push(or_answer(value(at), read));
    }
    if is_call {
        let pattern = match params.is_empty() && rest.is_none() {
            true => quote!(__call),
            false => quote!(mut __call),
        };
        steps.push(or_answer(
            pattern,
            quote!(__private::call(__parts, __body).await),
        ));
    }
    steps
        .into_iter()
        .chain(params)
        .chain(rest)
        .chain(last)
        .collect()
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

/// The router's state, with every token in one place.
fn spanned_state(route: &Route, place: Span) -> TokenStream {
    match &route.state {
        Some(ty) => respanned(place, ty.to_token_stream()),
        None => quote_spanned!(place=> __S),
    }
}

/// The span of a call's tokens, all of which stand where the user wrote what it is about, so that
/// rustc reports a type that will not do once, and there.
fn located(place: Span) -> Span {
    Span::call_site().located_at(place)
}

fn respanned(span: Span, tokens: TokenStream) -> TokenStream {
    let respan = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), respanned(span, group.stream())).into();
        }
        token.set_span(span);
        token
    };
    tokens.into_iter().map(respan).collect()
}

fn value(at: usize) -> Ident {
    format_ident!("__a{at}")
}

/// What the user wrote after `where`. With the bound before it a type in `auth` that is no
/// `AuthMethod` is reported there, and not again at an argument `Identity<…>`.
fn bounds_of_body(route: &Route, function: &Function) -> TokenStream {
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

fn predicates(function: &Function) -> TokenStream {
    let clause = &function.signature.generics.where_clause;
    let predicates = clause.as_ref().map(|clause| &clause.predicates);
    predicates.to_token_stream()
}

/// For unit tests of the body: `handler::unguarded(…)`, in the user's tests only.
fn unguarded(
    function: &Function,
    bounds: &TokenStream,
    allow_deprecated: &Option<TokenStream>,
) -> TokenStream {
    let (visibility, signature) = (&function.visibility, &function.signature);
    let output = &signature.output;
    let of = match function.method {
        Some(_) => function.marker.to_token_stream(),
        None => {
            let (module, name) = (module_of_tests(function), &signature.ident);
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
    quote! {
        #[cfg(test)]
        #[automatically_derived]
        #allow_deprecated
        impl #of {
            /// Runs the body without its guard, in tests.
            #[allow(dead_code, clippy::too_many_arguments)]
            #visibility async fn unguarded(#receiver #(#names: #types),*) #output #bounds {
                #called(#this __Pass, #(#names),*).await
            }
        }
    }
}

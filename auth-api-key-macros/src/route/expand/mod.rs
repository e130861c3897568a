//! From a route to code in the developer's crate: a handler whose body cannot be reached without passing the
//! guard. Each generated piece has one function here.

mod arguments;
mod body;
mod hints;
mod identity;
mod info;
pub(crate) mod name;
mod openapi;
mod run;
mod spans;
mod warnings;

use proc_macro2::TokenStream;
use quote::quote;

use self::{
    body::{body, bounds_of_body, unguarded},
    info::info,
    name::items,
    openapi::{IS_WANTED, described},
    run::run,
    warnings::warnings,
};
use super::model::{Auth, Function, Route};
use crate::attributes::Attributes;

pub(crate) fn route(route: &Route, function: &Function) -> TokenStream {
    let of_the_method = identity::of_the_method(route, function);
    let (function, check) = match &of_the_method {
        Some((function, check)) => (function, Some(check)),
        None => (function, None),
    };
    let attributes = Attributes::of(&function.attributes);
    let method = match &route.auth {
        Auth::Custom(method) => Some(quote!(type __Method = #method;)),
        Auth::ApiKey | Auth::Public | Auth::None => None,
    };
    let bounds = bounds_of_body(route, function);
    let warnings = warnings(route, function, &attributes.levels);
    let body = body(function, &attributes, &route.krate, &bounds);
    let info = info(route, function);
    let run = run(route, function);
    let described = IS_WANTED.then(|| described(route, function));
    let unguarded = unguarded(function, &bounds);
    let behind_the_name = quote! {
        #warnings

        // Proof that the guard was passed. Nothing that axum can extract gives one.
        struct __Pass;
        // Proof that an answer is this expansion's: nothing else has a pass.
        pub struct __Seal(#[allow(dead_code)] __Pass);
        #method
        #check

        #body
        #info
        #run
        #described
        #unguarded
    };
    items(function, &attributes, &route.krate, &behind_the_name)
}

//! From what was written to a route that can be expanded, or to everything that is wrong.

mod arguments;
mod bodies;
mod callers;
mod cors;
mod lists;
pub(crate) mod options;
mod paths;
mod signature;
mod unreadable;

use proc_macro2::TokenStream;
use quote::quote;

use self::{
    arguments::arguments,
    options::{krate as read_krate, options},
    paths::paths,
    signature::signature,
};
use super::model::{Attribute, Function, Given, Key, Kind, Options, Route};
use crate::errors::{Errors, enumerate};

/// The path by which the expansion names the runtime crate.
pub(crate) fn krate(attribute: &Attribute, errors: &mut Errors) -> TokenStream {
    let krate = attribute.read(Key::Crate, read_krate, errors).value();
    krate.unwrap_or_else(|| quote!(::auth_api_key))
}

/// What the attribute and the function say together, and the options above them.
pub(crate) fn route(
    attribute: &Attribute,
    function: &Function,
    above: &Options,
    krate: &TokenStream,
    errors: &mut Errors,
) -> Option<Route> {
    signature(function, errors);
    let paths = paths(attribute, &above.paths, errors);
    let options = options(attribute, paths, above, errors);
    if options.auth.is_absent() && !attribute.is_blank {
        let choices = enumerate(["\"public\"", "\"none\""], "or");
        let help = format!("add `auth = \"api_key\"`, or {choices}");
        let wrong = "the route does not say who may call it";
        errors.push(&attribute.whole, wrong, help);
    }
    let (paths, auth) = (options.paths.value(), options.auth.value());
    let kind = match options.kind {
        Given::Value(kind) => kind,
        Given::Absent | Given::Mistaken => Kind::Http,
    };
    let arguments = arguments(function, paths.as_deref(), auth.as_ref(), kind, errors);
    Some(Route {
        krate: krate.clone(),
        paths: paths?,
        methods: options.methods.value().unwrap_or_default(),
        auth: auth?,
        groups: options.groups.value().unwrap_or_default(),
        kind,
        cors: options.cors.value().unwrap_or_default(),
        cors_headers: options.cors_headers.value().unwrap_or_default(),
        state: options.state.value(),
        arguments,
    })
}

//! From what was written to a route that can be expanded, or to everything that is wrong.

mod argument_sources;
mod bodies;
mod callers;
mod cors;
mod lists;
mod missing_arguments;
mod names;
pub(crate) mod options;
mod pairs;
pub(crate) mod path;
mod paths;
mod signature;
mod taken_apart;
mod unreadable;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use self::callers::is_secret;
use self::{
    argument_sources::arguments,
    options::{options, read_krate},
    path::common_mistakes::has_auth,
    paths::paths,
    signature::{borrowed_from_self, signature},
};
use super::{
    model::{Attribute, Function, Given, Kind, OptionName, Options, Route},
    options::may_have_a_body,
};
use crate::{
    errors::{Errors, Mistake, enumerate},
    tokens::string,
};

/// The path by which the expansion names the runtime crate.
pub(crate) fn krate(attribute: &Attribute, errors: &mut Errors) -> TokenStream {
    let krate = attribute
        .read(OptionName::Crate, read_krate, errors)
        .value();
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
    let has_no_controller = signature(function, errors);
    let paths = paths(attribute, &above.paths, errors);
    let options = options(attribute, paths, above, errors);
    // A controller may set `auth`, so only the missing controller is reported.
    if options.auth.is_absent() && !has_no_controller {
        without_auth(attribute, errors);
    }
    let (paths, auth) = (options.paths.value(), options.auth.value());
    // The kind decides which arguments are allowed. If the kind is a mistake, the arguments are not checked.
    let kind = match options.kind {
        Given::Value(kind) => kind,
        Given::Absent => Kind::Http,
        Given::Mistaken => return None,
    };
    // `signature` has reported a second `#[route]`: each of the two has a path of its own.
    if function
        .attributes
        .iter()
        .any(|given| given.is_named("route"))
    {
        return None;
    }
    if kind != Kind::JsonRpc {
        borrowed_from_self(function, errors);
    }
    if let (Kind::JsonRpc, Given::Value(methods)) = (kind, &options.methods) {
        called_by_a_body(attribute, methods, errors);
    }
    let has_body = match &options.methods {
        Given::Value(methods) => may_have_a_body(methods),
        Given::Absent | Given::Mistaken => true,
    };
    let (paths_of, auth_of) = (paths.as_deref(), auth.as_ref());
    let arguments = arguments(function, paths_of, auth_of, kind, has_body, errors);
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

/// Reports that the attribute does not say who may call, unless another mistake is the reason.
fn without_auth(attribute: &Attribute, errors: &mut Errors) {
    let auth_is_in_a_path = match &attribute.paths {
        Given::Value(paths) => {
            let mut texts = paths.iter().filter_map(string);
            texts.any(|text| has_auth(&text.value()))
        }
        Given::Absent | Given::Mistaken => false,
    };
    if !attribute.is_blank && !auth_is_in_a_path {
        let choices = enumerate(["\"public\"", "\"none\""], "or");
        let help = format!("add `auth = \"api_key\"`, or {choices}");
        let wrong = "the route does not say who may call it";
        errors.add(&attribute.whole, Mistake::new(wrong, help));
    }
}

/// A call of JSON-RPC is the body of its request.
fn called_by_a_body(attribute: &Attribute, methods: &[String], errors: &mut Errors) {
    if may_have_a_body(methods) {
        return;
    }
    let given = |name| attribute.option(name).value().map(|given| &given.value);
    let post = "`methods = [\"POST\"]`";
    let (place, help) = match given(OptionName::Methods) {
        Some(given) => (Some(given), format!("write {post}")),
        None => (given(OptionName::Kind), format!("add {post}")),
    };
    let wrong = format!(
        "a call of JSON-RPC is the body of a request, and a {} request has none",
        methods.join(" or ")
    );
    errors.add(
        place.or(attribute.whole.as_ref()),
        Mistake::new(wrong, help),
    );
}

//! What a handler's signature cannot have.

use proc_macro2::Group;
use quote::ToTokens;
use syn::{FnArg, GenericParam, Safety, Signature};

use crate::{
    attributes::Conditional,
    errors::{Errors, Mistake},
    route::model::Function,
    tokens::written,
};

pub(crate) fn signature(function: &Function, errors: &mut Errors) {
    for given in &function.attributes {
        if let Some(mistake) = attribute(given) {
            errors.add(given, &mistake);
        }
    }
    // rustc itself reports the others.
    for word in &function.qualifiers {
        if word == "default" || word == "safe" {
            let wrong = format!("a handler cannot be `{word}`");
            errors.push(word, wrong, "write `async fn`");
        }
    }
    words(function, errors);
    if let Some((ty, lasting)) = function.borrowed_output() {
        let wrong = format!(
            "there is nothing here that `{}` could borrow from",
            written(ty)
        );
        let owned = written(ty).replace("&str", "String").replace('&', "");
        let help = match owned == written(ty) {
            true => format!("write `{}`", written(lasting)),
            false => format!("write `{owned}`, or `{}`", written(lasting)),
        };
        errors.push(ty, wrong, help);
    }
    parameters(&function.signature, errors);
}

/// A mistake if the attribute cannot be on a handler.
fn attribute(given: &Conditional) -> Option<Mistake> {
    if given.is_named("route") {
        let help = match &given.condition {
            None => "write all paths in one list: `#[route([\"/a\", \"/b\"], …)]`".to_owned(),
            Some(condition) => format!(
                "write a second function for it, below `#[cfg({})]`",
                written(condition)
            ),
        };
        return Some(Mistake::new("a function is one route", help));
    }
    if let Some(mistake) = given.refusal() {
        return Some(mistake);
    }
    let is_exported = given.is(&["no_mangle", "export_name"]);
    let wrong = "a handler cannot be called from outside of Rust";
    is_exported.then(|| Mistake::new(wrong, "delete it"))
}

/// The words before the name.
fn words(function: &Function, errors: &mut Errors) {
    let signature = &function.signature;
    let is_a_test = function
        .attributes
        .iter()
        .any(|given| given.is_named("test"));
    if signature.asyncness.is_none() && signature.constness.is_none() && !is_a_test {
        let name = &signature.ident;
        let mistake = match is_made_to_block(&function.body) {
            true => Mistake::new(
                format!("`#[tokio::main]` makes the handler `{name}` block"),
                "delete `#[tokio::main]`: the server's runtime runs the handler",
            ),
            false => Mistake::new(
                format!("the handler `{name}` is not async"),
                "write `async fn`",
            ),
        };
        errors.add(signature.fn_token, &mistake);
    }
    if let Some(constness) = &signature.constness {
        errors.push(constness, "a handler cannot be `const`", "write `async fn`");
    }
    if !matches!(signature.safety, Safety::Default) {
        let safety = signature.safety.to_token_stream();
        errors.push(safety, "a handler cannot be `unsafe`", "write `async fn`");
    }
    if let Some(abi) = &signature.abi {
        let help = format!("delete `{}`", written(abi));
        errors.push(abi, "a handler cannot be `extern`", help);
    }
}

/// Whether a body is the output of `#[tokio::main]`.
fn is_made_to_block(body: &Group) -> bool {
    let text = body.to_string();
    text.contains("runtime") && text.contains("block_on")
}

/// Generic parameters, a receiver, and `...`.
fn parameters(signature: &Signature, errors: &mut Errors) {
    if let Some(variadic) = &signature.variadic {
        errors.push(
            variadic,
            "a handler cannot take `...`",
            "write an argument for each value, such as `Json(values): Json<Vec<String>>`",
        );
    }
    for parameter in &signature.generics.params {
        let help = match parameter {
            GenericParam::Lifetime(_) => "use types that own their data, such as `String`",
            GenericParam::Type(_) | GenericParam::Const(_) => {
                "write the type itself: axum must know it to route requests"
            }
        };
        let wrong = format!(
            "a handler cannot have the parameter `{}`",
            written(parameter)
        );
        errors.push(parameter, wrong, help);
    }
    if let Some(FnArg::Receiver(receiver)) = signature.inputs.first() {
        errors.push(
            receiver,
            "a handler has no `self`",
            "put `#[auth_api_key::controller]` above the `impl`, or take what it needs from the router's state: \
             `State(state): State<AppState>`",
        );
    }
}

//! What a handler's signature cannot have.

use proc_macro2::Group;
use quote::ToTokens;
use syn::{GenericParam, ReturnType, Safety, Signature, Type};

use crate::{
    attributes::Conditional,
    errors::{Errors, Mistake},
    place::{Block, enclosing_block},
    route::model::Function,
    tokens::as_text,
    types::{first_type_argument, lasting, named, without_references},
};

/// Reports what is wrong with the signature. Returns whether a controller is missing around the function.
pub(super) fn signature(function: &Function, errors: &mut Errors) -> bool {
    for given in &function.attributes {
        if let Some(mistake) = attribute(given) {
            errors.add(given, mistake);
        }
    }
    // rustc itself reports the others.
    for word in &function.qualifiers {
        if word == "default" || word == "safe" {
            let wrong = format!("a handler cannot be `{word}`");
            errors.add(word, Mistake::new(wrong, "write `async fn`"));
        }
    }
    words(function, errors);
    if let Some((ty, lasting)) = function.borrowed_output() {
        let wrong = format!(
            "there is nothing here that `{}` could borrow from",
            as_text(ty)
        );
        let owned = without_references(ty);
        let help = match owned == as_text(ty) {
            true => format!("write `{}`", as_text(lasting)),
            false => format!("write `{owned}`, or `{}`", as_text(lasting)),
        };
        errors.add(ty, Mistake::new(wrong, help));
    }
    parameters(&function.signature, errors);
    function.method.is_none() && without_a_controller(function, errors)
}

/// Reports a text that is borrowed from a controller: axum sends a borrowed text only if it is `'static`.
pub(super) fn borrowed_from_self(function: &Function, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = &function.signature.output else {
        return;
    };
    let is_a_text = match &**ty {
        Type::Reference(text) => named(&text.elem, &["str"]).is_some(),
        ty => named(ty, &["Cow"])
            .and_then(first_type_argument)
            .is_some_and(|text| named(text, &["str"]).is_some()),
    };
    if is_a_text && function.receiver().is_some() && lasting(ty).is_some() {
        let wrong = format!("an answer cannot borrow from `self`: `{}`", as_text(ty));
        errors.add(ty, Mistake::new(wrong, "write `String`"));
    }
}

/// A mistake if the attribute cannot be on a handler.
fn attribute(given: &Conditional) -> Option<Mistake> {
    if given.is_named("route") {
        let help = match &given.condition {
            None => "write all paths in one list: `#[route([\"/a\", \"/b\"], …)]`".to_owned(),
            Some(condition) => format!(
                "write a second function for it, below `#[cfg({})]`",
                as_text(condition)
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
        errors.add(signature.fn_token, mistake);
    }
    if let Some(constness) = &signature.constness {
        errors.add(
            constness,
            Mistake::new("a handler cannot be `const`", "write `async fn`"),
        );
    }
    if !matches!(signature.safety, Safety::Default) {
        let safety = signature.safety.to_token_stream();
        errors.add(
            safety,
            Mistake::new("a handler cannot be `unsafe`", "write `async fn`"),
        );
    }
    if let Some(abi) = &signature.abi {
        let help = format!("delete `{}`", as_text(abi));
        errors.add(abi, Mistake::new("a handler cannot be `extern`", help));
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
        errors.add(
            variadic,
            Mistake::new(
                "a handler cannot take `...`",
                "write an argument for each value, such as `Json(values): Json<Vec<String>>`",
            ),
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
            as_text(parameter)
        );
        errors.add(parameter, Mistake::new(wrong, help));
    }
}

/// Reports a route in a trait, or in an `impl` that is not a controller.
fn without_a_controller(function: &Function, errors: &mut Errors) -> bool {
    let block = enclosing_block();
    let help = match &block {
        Some(Block { head, is_inherent }) if *is_inherent => {
            format!("put `#[auth_api_key::controller]` above `{head}`")
        }
        Some(Block { head, .. }) => format!("move the function out of `{head}`"),
        None => "put `#[auth_api_key::controller]` above the `impl`".to_owned(),
    };
    if let Some(receiver) = function.signature.receiver() {
        let help = format!(
            "{help}, or take what the handler needs from the router's state: `State(state): State<AppState>`"
        );
        errors.add(
            receiver,
            Mistake::new("only a handler of a controller has `self`", help),
        );
        return true;
    }
    let Some(block) = block else { return false };
    let wrong = match block.is_inherent {
        true => "a route in an `impl` needs a controller",
        false => "a route cannot be in a trait, or in an `impl` of a trait",
    };
    errors.add(&function.signature.ident, Mistake::new(wrong, help));
    true
}

//! Reports calls of a route by another method of its controller. rustc would report them as calls from elsewhere, with
//! more lines; and of `Self::orders(…)` it would say that a constant is not a function.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use super::parse::Controller;
use crate::{
    attributes::Attributes,
    errors::{Errors, Mistake},
    route::model::Function,
    tokens::as_text,
};

/// Reports each call, and replaces the body that has it.
pub(super) fn refuse(controller: &mut Controller, errors: &mut Errors) {
    // If `#[cfg]` can remove a route, a method may have the same name.
    let is_always = |function: &&Function| Attributes::of(&function.attributes).cfgs.is_empty();
    let functions = controller.routes.iter().map(|route| &route.function);
    let names: Vec<String> = functions
        .filter(is_always)
        .map(|function| function.signature.ident.to_string())
        .collect();
    for route in &mut controller.routes {
        let body = &mut route.function.body;
        if refuse_in(body.stream(), &names, errors) {
            *body = unwritten();
        }
    }
    let others = std::mem::take(&mut controller.others);
    let without_calls = |token| match token {
        TokenTree::Group(body)
            if body.delimiter() == Delimiter::Brace && refuse_in(body.stream(), &names, errors) =>
        {
            unwritten().into()
        }
        other => other,
    };
    controller.others = others.into_iter().map(without_calls).collect();
}

/// What stands for a body that calls a route: any type can be its result.
fn unwritten() -> Group {
    let body = quote!(#![allow(unused_variables)] ::core::unimplemented!());
    Group::new(Delimiter::Brace, body)
}

/// Reports calls such as `self.orders(…)` or `Self::orders(…)`. True if there are any. An `impl` or a
/// trait inside the body is skipped: its `self` is another.
fn refuse_in(body: TokenStream, routes: &[String], errors: &mut Errors) -> bool {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let is_word = |token: Option<&TokenTree>, word: &str| matches!(token, Some(TokenTree::Ident(found)) if found == word);
    let is_sign = |token: Option<&TokenTree>, sign| matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == sign);
    let (mut found, mut is_of_another) = (false, false);
    for (at, token) in tokens.iter().enumerate() {
        is_of_another |= is_word(Some(token), "impl") || is_word(Some(token), "trait");
        let TokenTree::Group(group) = token else {
            continue;
        };
        if group.delimiter() == Delimiter::Brace && std::mem::take(&mut is_of_another) {
            continue;
        }
        found |= refuse_in(group.stream(), routes, errors);
        let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
        let is_of_self = is_sign(before(2), '.') && is_word(before(3), "self")
            || is_sign(before(2), ':') && is_word(before(4), "Self");
        let Some(name) = before(1).filter(|_| group.delimiter() == Delimiter::Parenthesis) else {
            continue;
        };
        if is_of_self && routes.contains(&name.to_string()) {
            let call = quote!(#name #group);
            let wrong = format!("only a router calls the route `{}`", as_text(name));
            let help =
                "move the shared code into a method without `#[route]`, and call that from both";
            errors.add(call, Mistake::new(wrong, help));
            found = true;
        }
    }
    found
}

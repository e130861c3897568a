//! `#[controller]`: parses, gives each route what the controller sets, and expands each as `#[route]`
//! does. After a mistake it makes constants of the same names.

mod calls;
mod expand;
mod inherit;
mod parse;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

use self::{inherit::defaults, parse::Decorated};
use crate::{
    errors::{Errors, Mistake},
    route::{
        model::{Attribute, Function, Given, OptionName},
        options::WHOLE as WHOLE_ROUTE,
        parse::attribute::attribute as parse_attribute,
        validate,
    },
    tokens::{SELF, with_inside},
};

/// The whole attribute, ready to paste.
const WHOLE: &str = "#[controller(\"/shop\", auth = \"api_key\")]";

/// Expands `#[controller(attribute)] item`.
pub(crate) fn controller(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = parse::controller(item, &mut errors);
    let written = parse_attribute(
        with_self_named(attribute),
        Span::call_site(),
        WHOLE,
        &mut errors,
    );
    let krate = validate::krate(&written, &mut errors);
    let mut controller = match parsed {
        Ok(controller) => controller,
        Err(other) => {
            let stub = expand::no_controller(&other, &krate);
            return errors.report().into_iter().chain(stub).collect();
        }
    };
    let defaults = defaults(&written, &mut errors);
    let mut routes = Vec::with_capacity(controller.routes.len());
    for Decorated {
        attribute,
        function,
        ..
    } in controller.routes.iter().filter(|route| !route.is_broken)
    {
        let arguments = with_self_named(parse::arguments(attribute));
        let written = Attribute {
            whole: Some(attribute.to_token_stream()),
            ..parse_attribute(
                arguments,
                attribute.bracket_token.span.join(),
                WHOLE_ROUTE,
                &mut errors,
            )
        };
        if let Given::Value(krate) = written.option(OptionName::Crate) {
            let wrong = "all routes of a controller share one `crate`";
            errors.add(
                &krate.name,
                Mistake::new(wrong, "write it in `#[controller(…)]`"),
            );
        }
        let function = Function {
            signature: signature(function),
            ..function.clone()
        };
        let route = validate::route(&written, &function, &defaults, &krate, &mut errors);
        routes.extend(route.map(|route| (route, function)));
    }
    calls::refuse(&mut controller, &mut errors);
    match errors.is_empty() {
        true => expand::controller(&controller, &routes, &krate),
        false => {
            let stub = expand::stub(&controller, &krate);
            errors.report().into_iter().chain(stub).collect()
        }
    }
}

/// The signature as it can be written outside the `impl`.
fn signature(function: &Function) -> syn::Signature {
    let named = with_self_named(function.signature.to_token_stream());
    syn::parse2(named).unwrap_or_else(|_| function.signature.clone())
}

/// Replaces `Self` by the alias that the expansion has.
fn with_self_named(tokens: TokenStream) -> TokenStream {
    let named = |token| match token {
        TokenTree::Ident(name) if name == "Self" => Ident::new(SELF, name.span()).into(),
        TokenTree::Group(group) => with_inside(&group, with_self_named(group.stream())).into(),
        other => other,
    };
    tokens.into_iter().map(named).collect()
}

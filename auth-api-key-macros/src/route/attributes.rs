//! The other attributes of a handler: which are of its name, and which of its body.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Meta};

use super::validate::is_named;

/// The attributes of the function, by where they belong.
pub(crate) struct Attributes<'a> {
    pub(crate) cfgs: Vec<&'a Attribute>,
    /// Lint levels.
    pub(crate) levels: Vec<&'a Attribute>,
    pub(crate) on_struct: Vec<&'a Attribute>,
    pub(crate) on_body: Vec<&'a Attribute>,
}

impl<'a> Attributes<'a> {
    /// A deprecated handler is used by its own expansion.
    pub(crate) fn allow_deprecated(&self) -> Option<TokenStream> {
        let deprecated = |attribute: &&Attribute| attribute.path().is_ident("deprecated");
        self.on_struct
            .iter()
            .any(deprecated)
            .then(|| quote!(#[allow(deprecated)]))
    }

    pub(crate) fn of(attributes: &'a [Attribute]) -> Self {
        let mut sorted = Self {
            cfgs: Vec::new(),
            levels: Vec::new(),
            on_struct: Vec::new(),
            on_body: Vec::new(),
        };
        for attribute in attributes {
            let name = name(attribute);
            let is = |names: &[&str]| {
                let name = name.as_ref();
                name.is_some_and(|name| names.iter().any(|known| name == known))
            };
            if attribute.path().is_ident("cfg") {
                sorted.cfgs.push(attribute);
            } else if is(&["allow", "warn", "deny", "forbid"]) {
                sorted.levels.push(attribute);
                sorted.on_struct.push(attribute);
                sorted.on_body.push(attribute);
            } else if is(&OF_THE_STRUCT) {
                sorted.on_struct.push(attribute);
            } else if is_named(attribute, "route") || is_named(attribute, "debug_handler") {
                // A second `#[route]` is a fault; what `debug_handler` checks is checked here, too.
            } else {
                sorted.on_body.push(attribute);
            }
        }
        sorted
    }
}

/// What says something of the handler, rather than of its body.
const OF_THE_STRUCT: [&str; 3] = ["doc", "deprecated", "must_use"];

/// What an attribute is called; of `#[cfg_attr(docsrs, doc(…))]` what it puts there, `doc`.
fn name(attribute: &Attribute) -> Option<Ident> {
    let comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => {
            let mut tokens = list.tokens.clone().into_iter();
            tokens.find(comma)?;
            match tokens.next()? {
                TokenTree::Ident(name) => Some(name),
                _ => None,
            }
        }
        meta => meta.path().get_ident().cloned(),
    }
}

/// With `allow` for `expect`: a handler becomes several items, of which one alone may fulfil what is
/// expected of it.
pub(crate) fn expecting_nothing(mut attributes: Vec<Attribute>) -> Vec<Attribute> {
    let allow = || Ident::new("allow", Span::call_site());
    let allowed = |token| match token {
        TokenTree::Ident(name) if name == "expect" => allow().into(),
        other => other,
    };
    for attribute in &mut attributes {
        match &mut attribute.meta {
            Meta::List(list) if list.path.is_ident("expect") => list.path = allow().into(),
            Meta::List(list) if list.path.is_ident("cfg_attr") => {
                list.tokens = list.tokens.clone().into_iter().map(allowed).collect();
            }
            _ => {}
        }
    }
    attributes
}

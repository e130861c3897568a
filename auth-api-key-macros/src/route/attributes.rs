//! The other attributes of a handler: which are of its name, and which of its body.

use proc_macro2::{TokenStream, TokenTree};
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
            let path = attribute.path();
            let is = |names: &[&str]| names.iter().any(|name| path.is_ident(name));
            if is(&["cfg"]) {
                sorted.cfgs.push(attribute);
            } else if is(&["allow", "warn", "deny", "forbid"]) {
                sorted.levels.push(attribute);
                sorted.on_struct.push(attribute);
                sorted.on_body.push(attribute);
            } else if is(&OF_THE_STRUCT) || configures_the_struct(attribute) {
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

/// `#[cfg_attr(docsrs, doc(…))]`.
fn configures_the_struct(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else {
        return false;
    };
    let mut tokens = list.tokens.clone().into_iter();
    let comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    attribute.path().is_ident("cfg_attr")
        && tokens.any(|token| comma(&token))
        && matches!(tokens.next(), Some(TokenTree::Ident(name)) if OF_THE_STRUCT.iter().any(|known| name == known))
}

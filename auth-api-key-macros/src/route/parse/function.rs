//! From tokens to a function, or to a mistake that names what was decorated instead.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{
    Attribute, FnArg, Item, Receiver, ReturnType, Signature, Type,
    parse::{ParseStream, Parser},
};

use super::{
    broken::{broken, without_defaults},
    marker::marker,
};
use crate::{
    attributes::{Conditional, with_allow_for_expect},
    errors::{Errors, Mistake},
    place::enclosing_block,
    route::model::Function,
    tokens::{block, inner_attributes, ungrouped},
    types::{ALSO_EXTRACTED, EXTRACTORS, lasting, named},
};

impl Function {
    /// The `&self` of a method.
    pub(crate) fn receiver(&self) -> Option<&Receiver> {
        self.method.as_ref()?.receiver.as_ref()
    }

    /// What it returns if that borrows, and the same for as long as the program runs. Only a method has
    /// something that could be borrowed from.
    pub(crate) fn borrowed_output(&self) -> Option<(&Type, Type)> {
        match &self.signature.output {
            ReturnType::Type(_, ty) if self.receiver().is_none() => Some((ty, lasting(ty)?)),
            _ => None,
        }
    }

    fn parse(item: TokenStream) -> Option<Self> {
        let mut tokens: Vec<TokenTree> = item.into_iter().collect();
        let (inner, body) = inner_attributes(&block(tokens.pop()?)?)?;
        let head = |input: ParseStream<'_>| {
            let mut attributes = input.call(Attribute::parse_outer)?;
            attributes.extend(inner);
            let visibility = input.parse()?;
            let (qualifiers, signature) = qualifiers(input.parse()?);
            let signature: Signature = syn::parse2(signature)?;
            Ok(Self {
                attributes: with_allow_for_expect(Conditional::all(attributes)),
                visibility,
                qualifiers,
                marker: marker(&signature.ident),
                signature,
                body,
                method: None,
            })
        };
        head.parse2(ungrouped(tokens.into_iter().collect())).ok()
    }
}

/// Removes the words before `fn` that rustc knows and syn does not.
fn qualifiers(signature: TokenStream) -> (Vec<Ident>, TokenStream) {
    let (mut qualifiers, mut is_named) = (Vec::new(), false);
    let rest = signature.into_iter().filter(|token| match token {
        TokenTree::Ident(word) if !is_named => {
            is_named = word == "fn";
            let is_one = ["default", "safe", "final", "gen"]
                .iter()
                .any(|known| word == known);
            qualifiers.extend(is_one.then(|| word.clone()));
            !is_one
        }
        _ => true,
    });
    let rest = rest.collect();
    (qualifiers, rest)
}

/// Whether it is probably a helper that stands between `#[route]` and the handler.
fn is_a_helper(signature: &Signature) -> bool {
    let is_of_a_handler = |argument: &FnArg| match argument {
        FnArg::Typed(typed) => {
            named(&typed.ty, &EXTRACTORS).is_some() || named(&typed.ty, &ALSO_EXTRACTED).is_some()
        }
        FnArg::Receiver(_) => false,
    };
    let is_generic = signature.generics.type_params().next().is_some();
    let is_plain = signature.asyncness.is_none() && signature.constness.is_none();
    is_generic && is_plain && !signature.inputs.iter().any(is_of_a_handler)
}

/// Adds a body to a function that ends with a semicolon.
fn with_a_body(item: TokenStream) -> Option<Function> {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let last = tokens.pop()?;
    let is_open = matches!(&last, TokenTree::Punct(end) if end.as_char() == ';');
    let body = quote!({ ::core::unimplemented!() });
    is_open.then(|| Function::parse(quote!(#(#tokens)* #body)))?
}

/// What was decorated.
pub(crate) enum Read {
    Function(Function),
    /// A function that rustc cannot read, perhaps with only its name; its mistake is reported already.
    Broken(Function),
    Other,
}

pub(crate) fn function(item: TokenStream, errors: &mut Errors) -> Read {
    if let Some(function) = Function::parse(item.clone()) {
        if is_a_helper(&function.signature) {
            let name = &function.signature.ident;
            let wrong = format!("`{name}` is generic and not async, so it is not a handler");
            let help = "move `#[route]` to the handler, which is an `async fn`";
            errors.add(name, Mistake::new(wrong, help));
            return Read::Other;
        }
        return Read::Function(function);
    }
    if let Some(function) = with_a_body(item.clone()) {
        let wrong = "`#[route]` cannot be put on a function without a body";
        let help = "write its body, as in `async fn my_service() { … }`";
        errors.add(&function.signature.ident, Mistake::new(wrong, help));
        // In a trait, a function without a body is allowed, so it stays as it was written.
        return match enclosing_block() {
            Some(block) if block.head.starts_with("trait") => Read::Other,
            _ => Read::Broken(function),
        };
    }
    if let Some(function) = broken(item.clone(), errors) {
        return Read::Broken(Function::parse(without_defaults(item)).unwrap_or(function));
    }
    let (found, span) = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Struct(item)) => ("a struct", item.ident.span()),
        Ok(Item::Enum(item)) => ("an enum", item.ident.span()),
        Ok(Item::Mod(item)) => ("a module", item.ident.span()),
        Ok(Item::Const(item)) => ("a constant", item.ident.span()),
        Ok(Item::Static(item)) => ("a static", item.ident.span()),
        Ok(Item::Trait(item)) => ("a trait", item.ident.span()),
        Ok(Item::Impl(item)) => ("an `impl`", item.impl_token.span),
        Ok(Item::Use(item)) => ("a `use`", item.use_token.span),
        Ok(Item::Type(item)) => ("a type alias", item.ident.span()),
        _ => (
            "this",
            item.into_iter()
                .next()
                .map_or_else(Span::call_site, |token| token.span()),
        ),
    };
    let help = match found {
        "an `impl`" => "write `#[controller]`, and put `#[route]` above each handler in it",
        _ => "put it above an `async fn`",
    };
    let wrong = format!("`#[route]` cannot be put on {found}");
    errors.add_at(span, Mistake::new(wrong, help));
    Read::Other
}

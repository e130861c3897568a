//! Reads the attributes of an item: what each is below its `cfg_attr`, and whether it belongs to the
//! name of a handler or to its body.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Attribute, LitBool, Meta, Path, PathSegment, Token, ext::IdentExt, parse::ParseStream,
    punctuated::Punctuated,
};

use crate::{
    errors::{Errors, Mistake},
    tokens::{as_text, string},
};

/// Attribute macros that are for other functions: what is wrong, and what to do.
const REFUSED: [(&str, &str, &str); 5] = [
    (
        "main",
        "a handler does not start a runtime",
        "delete it: the server's runtime runs the handler",
    ),
    (
        "test",
        "a handler is not a test",
        "delete it, and write a test that calls the router",
    ),
    ("async_trait", "a handler is not a trait", "delete it"),
    (
        "debug_middleware",
        "a handler is not a middleware",
        "delete it: `#[route]` checks the handler",
    ),
    (
        "utoipa::path",
        "`#[utoipa::path]` has no effect below `#[route]`",
        "delete it: `routes![…].openapi(…)` describes the routes; or put it above the `#[route]` of a function",
    ),
];

/// One attribute. Each attribute of a `cfg_attr` is a separate value of this type.
#[derive(Clone)]
pub(crate) struct Conditional {
    /// The condition of the `cfg_attr`.
    pub(crate) condition: Option<TokenStream>,
    /// The attribute without its condition.
    pub(crate) attribute: Attribute,
}

impl ToTokens for Conditional {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Some(condition) = &self.condition else {
            return self.attribute.to_tokens(tokens);
        };
        self.attribute.pound_token.to_tokens(tokens);
        let meta = &self.attribute.meta;
        let conditional = quote!(cfg_attr(#condition, #meta));
        let brackets = &self.attribute.bracket_token;
        brackets.surround(tokens, |tokens| tokens.extend(conditional));
    }
}

impl Conditional {
    /// Takes the `cfg_attr`s apart. If one cannot be read, it stays as it is, and rustc reports it.
    pub(crate) fn all(attributes: Vec<Attribute>) -> Vec<Self> {
        let mut all = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            let given = Self {
                condition: None,
                attribute,
            };
            given.apart(&mut all);
        }
        all
    }

    fn apart(self, all: &mut Vec<Self>) {
        let parts = match &self.attribute.meta {
            Meta::List(list) if is(&list.path, "cfg_attr") => {
                list.parse_args_with(conditional).ok()
            }
            _ => None,
        };
        let Some((condition, metas)) = parts.filter(|(_, metas)| !metas.is_empty()) else {
            all.push(self);
            return;
        };
        let condition = match &self.condition {
            Some(outer) => quote!(all(#outer, #condition)),
            None => condition,
        };
        for meta in metas {
            let attribute = Attribute {
                meta,
                ..self.attribute.clone()
            };
            let given = Self {
                condition: Some(condition.clone()),
                attribute,
            };
            given.apart(all);
        }
    }

    /// The path of the attribute. For `#[unsafe(no_mangle)]` it is `no_mangle`.
    fn path(&self) -> Path {
        let path = self.attribute.path();
        match self.unsafely() {
            Some(inside) => inside.path().clone(),
            None => path.clone(),
        }
    }

    /// What is in `unsafe(…)`.
    pub(crate) fn unsafely(&self) -> Option<Meta> {
        match &self.attribute.meta {
            Meta::List(list) if is(&list.path, "unsafe") => syn::parse2(list.tokens.clone()).ok(),
            _ => None,
        }
    }

    /// Whether it is a built-in attribute of one of these names.
    pub(crate) fn is(&self, names: &[&str]) -> bool {
        let path = self.path();
        names.iter().any(|name| is(&path, name))
    }

    /// Whether it is an attribute macro of this name, whatever its path.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let path = self.path();
        let last = path.segments.last();
        last.is_some_and(|last| last.ident.unraw() == name)
    }

    /// What is wrong with an attribute macro that is below `#[route]`, and what to do.
    pub(crate) fn refusal(&self) -> Option<Mistake> {
        let is_one = |name: &str| match name.split_once("::") {
            Some(_) => as_text(self.path()) == name,
            None => self.is_named(name),
        };
        let (_, wrong, help) = REFUSED.iter().find(|(name, ..)| is_one(name))?;
        Some(Mistake::new(*wrong, *help))
    }

    /// Whether it sets the level of a lint.
    pub(crate) fn is_level(&self) -> bool {
        self.is(&["allow", "warn", "deny", "forbid", "expect"])
    }

    /// Whether it can remove its item. A `cfg_attr` that could not be taken apart also counts.
    pub(crate) fn is_cfg(&self) -> bool {
        self.is(&["cfg", "cfg_attr"])
    }

    /// Whether it has the same effect if the expansion divides the `impl` that it is on.
    pub(crate) fn can_be_repeated(&self) -> bool {
        let path = self.path();
        let is_of_a_tool = |first: &PathSegment| {
            let tools = ["rustfmt", "clippy", "diagnostic"];
            path.segments.len() > 1 && tools.iter().any(|tool| first.ident == tool)
        };
        self.is_level()
            || self.is(&["doc", "automatically_derived"])
            || path.segments.first().is_some_and(is_of_a_tool)
    }

    /// The condition under which a `cfg` keeps its item. `None` if rustc cannot read it.
    pub(crate) fn kept_if(&self) -> Option<TokenStream> {
        let Meta::List(list) = &self.attribute.meta else {
            return None;
        };
        let condition = list.parse_args_with(alone).ok()?;
        Some(match &self.condition {
            None => condition,
            Some(outer) => quote!(any(not(#outer), #condition)),
        })
    }

    /// Reports that it has no effect where it is.
    pub(crate) fn refuse(&self, errors: &mut Errors) {
        if self.is(&["doc"]) {
            let help = "write it above the function, or with `//`";
            return errors.add(
                self,
                Mistake::new("rustdoc does not show documentation here", help),
            );
        }
        let help = match self.is_level() {
            true => "put it above the function",
            false => "delete it",
        };
        let wrong = format!("`{}` has no effect here", as_text(self));
        errors.add(self, Mistake::new(wrong, help));
    }
}

/// Whether a path is only this name, also if it is written as `r#cfg`.
fn is(path: &Path, name: &str) -> bool {
    path.get_ident().is_some_and(|ident| ident.unraw() == name)
}

/// Reads what is in the parentheses of a `cfg_attr`.
fn conditional(input: ParseStream<'_>) -> syn::Result<(TokenStream, Punctuated<Meta, Token![,]>)> {
    let condition = predicate(input)?;
    input.parse::<Token![,]>()?;
    Ok((condition, Punctuated::parse_terminated(input)?))
}

/// Reads what is in the parentheses of a `cfg`.
fn alone(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let condition = predicate(input)?;
    input.parse::<Option<Token![,]>>()?;
    Ok(condition)
}

/// Reads a condition as rustc does.
fn predicate(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    if input.peek(LitBool) {
        return Ok(input.parse::<LitBool>()?.into_token_stream());
    }
    let meta = input.parse()?;
    match &meta {
        Meta::NameValue(named) if string(&named.value).is_none() => {
            return Err(input.error("not a string"));
        }
        Meta::List(list) if is(&list.path, "not") => {
            list.parse_args_with(alone)?;
        }
        Meta::List(list) if is(&list.path, "all") || is(&list.path, "any") => {
            list.parse_args_with(|input: ParseStream<'_>| {
                Punctuated::<_, Token![,]>::parse_terminated_with(input, predicate)
            })?;
        }
        Meta::Path(_) | Meta::NameValue(_) | Meta::List(_) => {}
    }
    Ok(meta.into_token_stream())
}

/// The attributes of a function, by where they belong.
pub(crate) struct Attributes<'a> {
    pub(crate) cfgs: Vec<&'a Conditional>,
    /// Lint levels.
    pub(crate) levels: Vec<&'a Conditional>,
    pub(crate) on_name: Vec<&'a Conditional>,
    pub(crate) on_body: Vec<&'a Conditional>,
}

impl<'a> Attributes<'a> {
    /// Whether to name the handler is a warning.
    pub(crate) fn are_deprecated(&self) -> bool {
        self.on_name.iter().any(|given| given.is(&["deprecated"]))
    }

    pub(crate) fn of(attributes: &'a [Conditional]) -> Self {
        let mut sorted = Self {
            cfgs: Vec::new(),
            levels: Vec::new(),
            on_name: Vec::new(),
            on_body: Vec::new(),
        };
        for given in attributes {
            if given.is(&["cfg"]) {
                sorted.cfgs.push(given);
            } else if given.is_level() {
                sorted.levels.push(given);
                sorted.on_name.push(given);
                sorted.on_body.push(given);
            } else if given.is(&["doc", "deprecated", "must_use"]) {
                // These describe the handler, not its body.
                sorted.on_name.push(given);
            } else if given.is_named("route")
                || given.is_named("debug_handler")
                || given.refusal().is_some()
            {
                // These are reported elsewhere, but for `debug_handler`. It is not needed: the expansion
                // checks the same.
            } else {
                sorted.on_body.push(given);
            }
        }
        sorted
    }
}

/// Replaces `expect` by `allow`: a handler becomes several items, and perhaps only one of them has the
/// expected warning.
pub(crate) fn with_allow_for_expect(mut all: Vec<Conditional>) -> Vec<Conditional> {
    for given in &mut all {
        if let Meta::List(list) = &mut given.attribute.meta
            && is(&list.path, "expect")
        {
            list.path = Ident::new("allow", Span::call_site()).into();
        }
    }
    all
}

//! From tokens to options and a function, with nothing decided yet.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{
    Attribute, Expr, ExprLit, ExprParen, ExprReference, Item, Lit, Receiver, Signature,
    TraitItemFn, Type, Visibility,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    spanned::Spanned,
};

use super::expand::may_be_in_an_impl;
use super::options::{AUTHS, FOREIGN, METHODS, OPTIONS, RouteOption, methods_meant};
use super::path::Path;
use crate::{
    attributes::{Given, expecting_nothing},
    errors::{Errors, closest, enumerate, written},
    tokens::{array, cleaned, inner_attributes, list_meant, options, repeated, ungrouped},
};

/// By this name a path that is none is noted as meant.
pub(crate) const PATH: &str = "the path";

/// What an option is called that was not written.
const MEANT: &str = "_meant";

/// What stands in the parentheses of the attribute.
#[derive(Default)]
pub(crate) struct Written {
    /// What has no name: a path, or a list of paths.
    pub(crate) paths: Vec<Expr>,
    pub(crate) options: Vec<(&'static str, Ident, TokenStream)>,
    /// The whole attribute, where it is not the one that is being expanded.
    pub(crate) whole: TokenStream,
    /// The path of its controller.
    pub(crate) prefix: Option<Path>,
    /// Whether its controller has `groups`, which an empty list takes away.
    pub(crate) overrides_groups: bool,
}

impl Written {
    /// The name as written and the value of an option.
    pub(crate) fn option(&self, name: &str) -> Option<(&Ident, &TokenStream)> {
        self.options
            .iter()
            .find(|(option, _, value)| *option == name && !value.is_empty())
            .map(|(_, ident, value)| (ident, value))
    }

    /// Whether an option was meant to be given, be it misspelt or without a value: then there is
    /// an error of it already.
    pub(crate) fn meant(&self, name: &str) -> bool {
        self.options.iter().any(|(option, ..)| *option == name)
    }

    /// Notes that an option, or the path, was meant by something else.
    pub(crate) fn mean(&mut self, name: &'static str, by: impl ToTokens) {
        let name_there = Ident::new(MEANT, by.span());
        self.options.push((name, name_there, TokenStream::new()));
    }

    /// Whether nothing was given at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.options.is_empty()
    }
}

/// The decorated function. Its body is none of this macro's business.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attributes: Vec<Given>,
    pub(crate) visibility: Visibility,
    /// Words before `fn` that have no place in a signature.
    pub(crate) qualifiers: Vec<Ident>,
    pub(crate) signature: Signature,
    pub(crate) body: Group,
    /// The type that stands for the route.
    pub(crate) marker: Ident,
    pub(crate) method: Option<Method>,
}

/// What more there is to a method of a controller.
#[derive(Clone)]
pub(crate) struct Method {
    /// The controller, and its name.
    pub(crate) of: Type,
    pub(crate) controller: String,
    /// Its `&self`, which is not among the inputs of the signature.
    pub(crate) receiver: Option<Receiver>,
    /// Where its `#[route]` is.
    pub(crate) place: Span,
}

impl Function {
    /// What the handler is called in its module.
    pub(crate) fn text(&self) -> String {
        let name = self.signature.ident.unraw();
        match &self.method {
            Some(method) => format!("{}::{name}", method.controller),
            None => name.to_string(),
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
                attributes: expecting_nothing(Given::all(attributes)),
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

/// The type that stands for a route. With its line, so that two functions of one name have one type
/// each: that the name is taken is then all that is wrong.
fn marker(name: &Ident) -> Ident {
    let line = match proc_macro::is_available() {
        true => format!("_{}", name.span().unwrap().line()),
        false => String::new(),
    };
    format_ident!("__route_{}{line}", name.unraw(), span = Span::call_site())
}

/// Takes out the words before `fn` for which syn has no place, which rustc knows nevertheless.
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

/// A block in braces, which a `$body:block` of a `macro_rules!` wraps in invisible delimiters.
pub(crate) fn block(token: TokenTree) -> Option<Group> {
    let TokenTree::Group(group) = token else {
        return None;
    };
    match group.delimiter() {
        Delimiter::Brace => Some(group),
        Delimiter::None => {
            let mut inside = group.stream().into_iter();
            inside
                .next()
                .filter(|_| inside.next().is_none())
                .and_then(block)
        }
        _ => None,
    }
}

pub(crate) fn function(item: TokenStream, errors: &mut Errors) -> Option<Function> {
    if let Some(function) = Function::parse(item.clone()) {
        return Some(function);
    }
    if let Ok(function) = syn::parse2::<TraitItemFn>(item.clone()) {
        // Outside of a trait rustc says that the body is missing.
        if may_be_in_an_impl() {
            let wrong = "`#[route]` cannot be put on a function without a body";
            errors.push(&function.sig.ident, wrong, "put it above an `async fn`");
        }
        return None;
    }
    if let Some(name) = name_of_a_function(item.clone()) {
        let wrong = format!("`{name}` cannot be read as a function");
        let help = "write each argument as `name: Type`; one that may be missing is `name: \
                    Option<Type>`, and `name.unwrap_or(…)` gives a default";
        errors.push(&name, &wrong, help);
        return None;
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
    errors.push_at(span, &wrong, help);
    None
}

/// Reads an attribute; `example` is one of its kind, ready to paste.
pub(crate) fn attribute(tokens: TokenStream, example: &str, errors: &mut Errors) -> Written {
    let mut attribute = Written::default();
    let tokens = cleaned(ungrouped(tokens), errors);
    for piece in options(tokens, errors) {
        match named(&piece) {
            Some((name, value)) => {
                if let Some(option) = attribute.known(&name, &value, errors) {
                    attribute.add(option, name, value, errors);
                }
            }
            None => positional(piece, &mut attribute, example, errors),
        }
    }
    attribute
}

impl Written {
    fn add(&mut self, option: &RouteOption, name: Ident, value: TokenStream, errors: &mut Errors) {
        let RouteOption {
            name: known,
            example,
            ..
        } = option;
        let is_given =
            |(option, name, _): &(&str, Ident, TokenStream)| option == known && name != MEANT;
        if self.options.iter().any(is_given) {
            errors.push(
                &name,
                &format!("`{known}` is given twice"),
                "delete one of the two",
            );
            return;
        }
        if value.is_empty() {
            let help = format!("write `{known} = {example}`");
            errors.push(&name, &format!("`{known}` has no value"), &help);
        }
        self.options.push((known, name, value));
    }
}

/// `name = value`.
fn named(piece: &TokenStream) -> Option<(Ident, TokenStream)> {
    let parser = |input: ParseStream<'_>| {
        let name = input.call(Ident::parse_any)?;
        input.parse::<syn::Token![=]>()?;
        Ok((name, input.parse::<TokenStream>()?))
    };
    parser.parse2(piece.clone()).ok()
}

impl Written {
    /// The option of this name. One that is close to it was meant.
    fn known(
        &mut self,
        name: &Ident,
        value: &TokenStream,
        errors: &mut Errors,
    ) -> Option<&'static RouteOption> {
        let text = written(name.unraw());
        if let Some(option) = OPTIONS.iter().find(|option| option.name == text) {
            return Some(option);
        }
        if let Some(foreign) = FOREIGN.iter().find(|foreign| foreign.name == text) {
            errors.push(name, foreign.wrong, foreign.help);
            return None;
        }
        let names = || OPTIONS.iter().map(|option| option.name);
        let mut wrong = format!("there is no option `{text}`");
        let alone = value.is_empty();
        let verb = text.to_uppercase();
        let (meant, help) = match text.as_str() {
            "path" | "route" | "uri" if !alone => (
                PATH,
                format!("write the path first, without a name: `{value}`"),
            ),
            "prefix" if !alone => (
                PATH,
                "write the whole path first, without a name".to_owned(),
            ),
            "method" | "verb" if !alone => {
                let methods = methods_meant(&written(value));
                let methods = methods.unwrap_or_else(|| list_meant(value));
                ("methods", format!("write `methods = [{methods}]`"))
            }
            "group" | "role" | "roles" | "scope" | "scopes" if !alone => (
                "groups",
                format!("write `groups = [{}]`", list_meant(value)),
            ),
            "role" | "roles" | "scope" | "scopes" => {
                ("groups", "write `groups = [\"shop\"]`".to_owned())
            }
            _ if METHODS.contains(&verb.as_str()) => {
                ("methods", format!("write `methods = [\"{verb}\"]`"))
            }
            _ if alone && AUTHS.contains(&text.as_str()) => {
                ("auth", format!("write `auth = \"{text}\"`"))
            }
            _ => match closest(&text, names()) {
                Some(meant) => (meant, format!("did you mean `{meant}`?")),
                None if alone && self.paths.is_empty() => {
                    wrong = format!("what `{text}` stands for cannot be seen from here");
                    (
                        PATH,
                        "write the path itself, as a string: `\"/my_service\"`".to_owned(),
                    )
                }
                None => ("", format!("the options are {}", enumerate(names(), "and"))),
            },
        };
        errors.push(name, &wrong, &help);
        self.options.push((meant, name.clone(), TokenStream::new()));
        None
    }
}

/// A path, a list of paths, or an option without `=`.
fn positional(piece: TokenStream, attribute: &mut Written, example: &str, errors: &mut Errors) {
    if let Some(path) = repeated(&piece) {
        let help = format!("write `{}`", written(&path));
        errors.push(&piece, "a list of paths has no length", &help);
        return attribute.paths.push(path);
    }
    let list = array(&piece, errors).map(|list| Ok(Expr::Array(list)));
    match list.unwrap_or_else(|| syn::parse2(piece.clone())) {
        Ok(
            expr @ (Expr::Array(_)
            | Expr::Lit(ExprLit {
                lit: Lit::Str(_), ..
            })),
        ) => {
            let text = expr.to_token_stream().to_string();
            if !attribute.paths.is_empty() && AUTHS.contains(&text.trim_matches('"')) {
                let help = format!("write `auth = {text}`");
                errors.push(&expr, &format!("`{text}` is not a path"), &help);
                attribute.mean("auth", piece);
                return;
            }
            attribute.paths.push(expr);
        }
        Ok(Expr::Tuple(paths)) => {
            let help = format!("write `[{}]`", paths.elems.to_token_stream());
            errors.push(&paths, "this is not a list", &help);
            attribute.mean(PATH, piece);
        }
        Ok(Expr::Reference(ExprReference { expr, .. }) | Expr::Paren(ExprParen { expr, .. })) => {
            let help = format!("write `{}`", expr.to_token_stream());
            errors.push(&piece, "paths are written as they are", &help);
            attribute.mean(PATH, piece);
        }
        _ => {
            let first = piece.clone().into_iter().next();
            match first {
                Some(TokenTree::Ident(name)) => {
                    if let Some(option) = attribute.known(&name, &TokenStream::new(), errors) {
                        attribute.add(option, name, TokenStream::new(), errors);
                    }
                }
                _ => {
                    errors.push(
                        &piece,
                        "this is neither a path nor an option",
                        &format!("write `{example}`"),
                    );
                    if attribute.paths.is_empty() {
                        attribute.mean(PATH, piece);
                    } else {
                        attribute.mean("auth", piece);
                    }
                }
            }
        }
    }
}

/// The name after `fn`, of what rustc has found to be no Rust.
fn name_of_a_function(item: TokenStream) -> Option<Ident> {
    let mut tokens = item.into_iter();
    tokens.find(|token| matches!(token, TokenTree::Ident(word) if word == "fn"))?;
    match tokens.next()? {
        TokenTree::Ident(name) => Some(name),
        _ => None,
    }
}

//! The arguments of the function: where each comes from, and which cannot be one.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, GenericArgument, Pat, PathArguments, Type, ext::IdentExt};

use super::{
    parse::Function,
    path::{Path, as_identifier, is_name},
    unreadable,
    validate::{Auth, Kind},
};
use crate::{
    attributes::{Attributes, Given},
    errors::{Errors, closest, written},
};

/// An argument of the function, and where it comes from.
pub(crate) struct Argument {
    pub(crate) ty: Type,
    pub(crate) source: Source,
}

impl Argument {
    /// Whether it may be an extractor that looks for the key that was verified.
    pub(crate) fn may_look_for_the_key(&self) -> bool {
        let known = [
            "Body",
            "Bytes",
            "Form",
            "HeaderMap",
            "Json",
            "MatchedPath",
            "Method",
            "Multipart",
            "OriginalUri",
            "Path",
            "Query",
            "RawPathParams",
            "RawQuery",
            "String",
            "Uri",
            "Version",
        ];
        let extracted = matches!(self.source, Source::Extractor | Source::Last);
        extracted && named(&self.ty, &known).is_none()
    }
}

pub(crate) enum Source {
    /// What the guard found out.
    Guard,
    /// The capture of this name.
    Capture(String),
    /// The capture of this name, which some of the paths have.
    OptionalCapture(String),
    /// The query parameter of this name, or the one among the params of a call.
    Query(String, Arity),
    /// The other params of a call.
    Params,
    /// The `T` of a `State<T>`.
    State(Box<Type>),
    /// Another axum extractor.
    Extractor,
    /// The last extractor, which may read the body.
    Last,
}

/// How many values a query parameter may have.
#[derive(Clone, Copy)]
pub(crate) enum Arity {
    One,
    Optional,
    Many,
}

pub(crate) fn arguments(
    function: &Function,
    paths: Option<&[Path]>,
    auth: Option<&Auth>,
    kind: Kind,
    errors: &mut Errors,
) -> Vec<Argument> {
    let listed = paths.unwrap_or_default();
    // All name the same query parameters.
    let query = listed.first().map_or(&[][..], |path| &path.query);
    let captured = |name: &String| listed.iter().any(|path| path.captures.contains(name));
    let typed: Vec<_> = function
        .signature
        .inputs
        .iter()
        .filter_map(|argument| match argument {
            FnArg::Typed(argument) => Some(argument),
            FnArg::Receiver(_) => None,
        })
        .collect();
    let takes = |names: &[&str]| {
        typed
            .iter()
            .any(|argument| named(&argument.ty, names).is_some())
    };
    let path_taken = takes(&["Path", "RawPathParams"]);
    let query_taken = kind == Kind::Http && takes(&["Query", "RawQuery"]);

    // A pattern that is no plain name has none.
    let names: Vec<String> = typed
        .iter()
        .map(|argument| match &*argument.pat {
            Pat::Ident(pattern) => pattern.ident.unraw().to_string(),
            _ => String::new(),
        })
        .collect();

    attributes(function, errors);
    let mut arguments: Vec<Argument> = Vec::with_capacity(typed.len());
    let (mut guarded, mut params_taken) = (false, false);
    for (argument, name) in typed.iter().zip(&names) {
        let ty = (*argument.ty).clone();
        if function.signature.generics.params.is_empty() {
            owned(&ty, errors);
        }
        if let Some(auth) = auth {
            key_left_by_nobody(&ty, auth, errors);
        }
        let source = if let Some(wanted) = Wanted::of(&ty) {
            if guarded {
                errors.push(
                    &ty,
                    "who is calling is an argument already",
                    "delete one of the two",
                );
            }
            guarded = true;
            if let Some(auth) = auth {
                wanted.check(&ty, auth, errors);
            }
            Source::Guard
        } else if captured(name) && !path_taken {
            unreadable::capture(&ty, name, errors);
            match listed.iter().find(|path| !path.captures.contains(name)) {
                None => Source::Capture(name.clone()),
                Some(without) => {
                    optional(&ty, name, without, errors);
                    Source::OptionalCapture(name.clone())
                }
            }
        } else if query.contains(name) && !query_taken {
            if kind == Kind::Http {
                unreadable::query(&ty, name, errors);
            }
            Source::Query(name.clone(), Arity::of(&ty))
        } else if kind == Kind::JsonRpc && named(&ty, &["Params"]).is_some() {
            if params_taken {
                errors.push(
                    &ty,
                    "the other params are an argument already",
                    "delete one of the two",
                );
            }
            params_taken = true;
            Source::Params
        } else if let Some(part) = named(&ty, &["State"]).and_then(only_type_argument) {
            Source::State(Box::new(part.clone()))
        } else {
            Source::Extractor
        };
        arguments.push(Argument { ty, source });
    }
    let extractor = |argument: &&mut Argument| matches!(argument.source, Source::Extractor);
    // The body of a call is read before.
    if kind == Kind::Http
        && let Some(last) = arguments.iter_mut().rfind(extractor)
    {
        last.source = Source::Last;
        bodies(&arguments, errors);
    }
    let takers = [
        (
            "Path",
            path_taken,
            listed.first().map_or(&[][..], |path| &path.captures),
        ),
        ("Query", query_taken, query),
    ];
    let mut is_twice = false;
    for (extractor, _, taken) in takers.into_iter().filter(|(_, is_there, _)| *is_there) {
        if let Some(extractor) = typed
            .iter()
            .find(|argument| named(&argument.ty, &[extractor]).is_some())
        {
            is_twice |= taken_twice(&arguments, &names, taken, &extractor.ty, errors);
        }
    }
    if let Some([path]) = paths.filter(|_| !is_twice) {
        for argument in &arguments {
            unreadable::captures(&argument.ty, path, errors);
        }
    }
    if let Some(paths) = paths {
        let spare = || {
            let named = names.iter().filter(|name| !name.is_empty());
            named.filter(|name| !captured(name) && !query.contains(name))
        };
        let mut all_there = true;
        for name in paths[0].captures[..paths[0].inherited]
            .iter()
            .filter(|name| !path_taken && !names.contains(name))
        {
            all_there = false;
            let wrong = format!(
                "the controller's path names `{{{name}}}`, and no argument is called `{name}`"
            );
            let help = format!("add the argument `{}: String`", as_identifier(name));
            errors.push(&function.signature.ident, &wrong, &help);
        }
        let mut missing = |name: &String, path: &Path, written: String, ty: &str| {
            all_there = false;
            if !is_name(name) {
                let plain: String = name
                    .chars()
                    .map(|c| if c == '-' { '_' } else { c })
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let plain = if is_name(&plain) { &plain } else { "name" };
                let wrong = format!("`{written}` cannot be the name of an argument");
                let help = format!("write `{}`", written.replace(name, plain));
                errors.push(&path.literal, &wrong, &help);
                return;
            }
            let unnamed = typed
                .iter()
                .find(|argument| matches!(*argument.pat, Pat::Wild(_)) && is_a_value(&argument.ty));
            let help = match (closest(name, spare().map(String::as_str)), unnamed) {
                (Some(meant), _) => format!(
                    "write `{}`, or rename the argument `{meant}`",
                    written.replace(name, meant)
                ),
                (None, Some(unnamed)) => {
                    let (name, ty) = (as_identifier(name), self::written(&unnamed.ty));
                    format!("write `{name}: {ty}` in the place of `_: {ty}`")
                }
                (None, None) => format!("add the argument `{}: {ty}`", as_identifier(name)),
            };
            let wrong = format!("the path names `{written}`, and no argument is called `{name}`");
            errors.push(&path.literal, &wrong, &help);
        };
        for (at, path) in paths.iter().enumerate() {
            let new = |name: &&String| paths[..at].iter().all(|path| !path.captures.contains(name));
            for name in path.captures[path.inherited..]
                .iter()
                .filter(|name| !path_taken && !names.contains(name) && new(name))
            {
                missing(name, path, format!("{{{name}}}"), "String");
            }
        }
        for name in query
            .iter()
            .filter(|name| !query_taken && !names.contains(name))
        {
            missing(name, &paths[0], format!("?{name}"), "Option<String>");
        }
        if all_there {
            for (argument, name) in arguments.iter().zip(&names) {
                from_nowhere(argument, name, &paths[0], kind, errors);
            }
        }
    }
    arguments
}

/// Whether it is a type of a plain value, which no extractor has.
fn is_a_value(ty: &Type) -> bool {
    named(ty, &PLAIN)
        .or_else(|| named(ty, &["String"]))
        .is_some()
}

/// Whether there is an argument whose name an extractor takes out of the path, or out of the query
/// string.
fn taken_twice(
    arguments: &[Argument],
    names: &[String],
    taken: &[String],
    extractor: &Type,
    errors: &mut Errors,
) -> bool {
    let is_taken =
        |(argument, name): &(&Argument, &String)| taken.contains(name) && is_a_value(&argument.ty);
    let Some((_, twice)) = arguments.iter().zip(names).find(is_taken) else {
        return false;
    };
    let others: Vec<&String> = taken.iter().filter(|name| !names.contains(name)).collect();
    let inner = named(extractor, &["Path"]).and_then(only_type_argument);
    let ty = match inner.filter(|ty| others.len() == 1 && is_a_value(ty)) {
        Some(ty) => written(ty),
        None => "String".to_owned(),
    };
    let others: Vec<String> = others
        .iter()
        .map(|name| format!("`{}: {ty}`", as_identifier(name)))
        .collect();
    let wrong = format!(
        "`{}` takes all names of the path, `{twice}` among them",
        written(extractor)
    );
    let help = match others.as_slice() {
        [] => "delete it".to_owned(),
        _ => format!("write {} in its place", others.join(", ")),
    };
    errors.push(extractor, &wrong, &help);
    true
}

/// Extractors that read the body, which is read once, after all else.
fn bodies(arguments: &[Argument], errors: &mut Errors) {
    let reads = |ty: &Type| {
        let inner = named(ty, &["Option", "Result"]).and_then(|outer| {
            let PathArguments::AngleBracketed(inner) = &outer.arguments else {
                return None;
            };
            match inner.args.first()? {
                GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            }
        });
        let ty = inner.unwrap_or_else(|| ty.clone());
        named(&ty, &["Json", "Form", "Bytes", "Multipart", "RawForm"]).is_some()
    };
    let Some(last) = arguments
        .iter()
        .find(|argument| matches!(argument.source, Source::Last))
    else {
        return;
    };
    let is_other =
        |argument: &&Argument| matches!(argument.source, Source::Extractor) && reads(&argument.ty);
    for other in arguments.iter().filter(is_other) {
        let (other, last) = (&other.ty, &last.ty);
        let (wrong, help) =
            match reads(last) || named(last, &["String", "Body", "Request"]).is_some() {
                true => (
                    format!(
                        "`{}` and `{}` both read the body, which can be read once",
                        written(other),
                        written(last)
                    ),
                    "take one of the two; `Bytes` alone gives the whole body",
                ),
                false => (
                    format!(
                        "`{}` reads the body, which is read after all else",
                        written(other)
                    ),
                    "move it to the end of the arguments",
                ),
            };
        errors.push(other, &wrong, help);
    }
}

/// The key of a request, where the guard leaves none.
fn key_left_by_nobody(ty: &Type, auth: &Auth, errors: &mut Errors) {
    let of_a_key = named(ty, &["Extension"])
        .and_then(only_type_argument)
        .is_some_and(|inner| named(inner, &["ApiKey"]).is_some());
    let (wrong, help) = match auth {
        Auth::ApiKey => return,
        Auth::Public => (
            "a `public` route may be called without a key",
            "write `Option<ApiKey>`, or `auth = \"api_key\"`",
        ),
        Auth::None | Auth::Custom(_) => (
            "this route does not look up an API key",
            "write `auth = \"api_key\"`, or drop the argument",
        ),
    };
    if of_a_key {
        errors.push(ty, wrong, help);
    }
}

/// The attributes of the arguments. Levels of lints are theirs, and what is not known here may be
/// meant for an attribute macro on the body.
fn attributes(function: &Function, errors: &mut Errors) {
    let method = function.method.as_ref();
    let receiver = method.and_then(|method| method.receiver.as_ref());
    let receiver = receiver.map(|receiver| &receiver.attrs);
    let others = function
        .signature
        .inputs
        .iter()
        .map(|argument| match argument {
            FnArg::Typed(argument) => &argument.attrs,
            FnArg::Receiver(receiver) => &receiver.attrs,
        });
    let has_macros = !Attributes::of(&function.attributes)
        .on_body
        .iter()
        .all(|given| given.is_level());
    for given in receiver
        .into_iter()
        .chain(others)
        .cloned()
        .flat_map(Given::all)
    {
        if given.is(&["cfg"]) {
            let help = "put it on the function, and write a second function for the other case";
            errors.push(given, "an argument cannot be conditional", help);
        } else if given.is(&["doc"]) || !(has_macros || given.is_level() || given.is_cfg()) {
            given.refuse(errors);
        }
    }
}

/// An argument that this one of the paths does not capture.
fn optional(ty: &Type, name: &str, without: &Path, errors: &mut Errors) {
    if named(ty, &["Option"]).is_none() {
        let wrong = format!("`{}` does not capture `{name}`", without.route);
        let known = named(ty, &PLAIN).or_else(|| named(ty, &["String"]));
        // What another name stands for cannot be seen: it may be an option.
        let help = match known {
            Some(_) => format!("write `Option<{}>`, which is `None` there", written(ty)),
            None => "write it as `Option<…>`, which is `None` there".to_owned(),
        };
        errors.push(ty, &wrong, &help);
    }
}

/// No extractor has such a type.
pub(crate) const PLAIN: [&str; 16] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
    "u64", "u128", "usize",
];

/// A plain value that the path does not name.
fn from_nowhere(argument: &Argument, name: &str, path: &Path, kind: Kind, errors: &mut Errors) {
    let is_named = path
        .captures
        .iter()
        .chain(&path.query)
        .any(|known| known == name);
    let extracted = !is_named && matches!(argument.source, Source::Extractor | Source::Last);
    if name.is_empty() || !extracted || named(&argument.ty, &PLAIN).is_none() {
        return;
    }
    let query = path.query_text();
    let joint = if query.is_empty() { '?' } else { '&' };
    let route = path.own.trim_end_matches('/');
    let help = format!(
        "write `\"{}{query}{joint}{name}\"` for {}, or `\"{route}/{{{name}}}{query}\"`",
        path.own,
        match kind {
            Kind::Http => "a query parameter",
            Kind::JsonRpc => "one of the call's params",
        }
    );
    let wrong = format!("the path does not say where `{name}` comes from");
    errors.push(&argument.ty, &wrong, &help);
}

/// What an argument wants to know of the guard.
enum Wanted {
    ApiKey,
    OptionalApiKey,
    Identity,
}

impl Wanted {
    fn of(ty: &Type) -> Option<Self> {
        let optional = named(ty, &["Option"])
            .and_then(only_type_argument)
            .is_some_and(|inner| named(inner, &["ApiKey"]).is_some());
        if named(ty, &["ApiKey"]).is_some() {
            Some(Self::ApiKey)
        } else if optional {
            Some(Self::OptionalApiKey)
        } else {
            named(ty, &["Identity"]).map(|_| Self::Identity)
        }
    }

    fn check(&self, ty: &Type, auth: &Auth, errors: &mut Errors) {
        let (wrong, help) = match (self, auth) {
            (Self::ApiKey, Auth::ApiKey)
            | (Self::OptionalApiKey, Auth::Public)
            | (Self::Identity, Auth::Custom(_)) => return,
            (Self::ApiKey, Auth::Public) => (
                "a `public` route may be called without a key",
                "write `Option<ApiKey>`, or `auth = \"api_key\"`",
            ),
            (Self::OptionalApiKey, Auth::ApiKey) => (
                "an `api_key` route always has a key",
                "write `ApiKey`, or `auth = \"public\"`",
            ),
            (Self::ApiKey | Self::OptionalApiKey, Auth::None) => (
                "a route with `auth = \"none\"` looks no key up",
                "write `auth = \"api_key\"`, or drop the argument",
            ),
            (Self::ApiKey | Self::OptionalApiKey, Auth::Custom(_)) => (
                "a route with an `auth` of its own has no API key",
                "write `Identity<…>` of the type in `auth`, or `auth = \"api_key\"`",
            ),
            (Self::Identity, Auth::ApiKey | Auth::Public | Auth::None) => {
                let method = named(ty, &["Identity"]).and_then(only_type_argument);
                let method = method.map_or("MyMethod".to_owned(), written);
                let wrong = format!("`{}` needs `auth = {method}`", written(ty));
                let help =
                    format!("write `auth = {method}` in the attribute, or `key: ApiKey` here");
                errors.push(ty, &wrong, &help);
                return;
            }
        };
        errors.push(ty, wrong, help);
    }
}

impl Arity {
    fn of(ty: &Type) -> Self {
        if named(ty, &["Option"]).is_some() {
            Self::Optional
        } else if named(ty, &["Vec"]).is_some() {
            Self::Many
        } else {
            Self::One
        }
    }
}

/// The last segment of a path type, if it has one of these names.
pub(crate) fn named<'a>(ty: &'a Type, names: &[&str]) -> Option<&'a syn::PathSegment> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    names
        .iter()
        .any(|name| segment.ident == name)
        .then_some(segment)
}

/// The `T` of `Name<T>`.
pub(crate) fn only_type_argument(segment: &syn::PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) if arguments.args.len() == 1 => Some(ty),
        _ => None,
    }
}

/// An argument outlives the request that it was read from.
fn owned(ty: &Type, errors: &mut Errors) {
    if let Type::ImplTrait(_) = ty {
        let wrong = format!("an argument cannot be `{}`", written(ty));
        errors.push(ty, &wrong, "name the type");
    } else if let Type::Reference(reference) = ty {
        let wrong = format!("an argument cannot be borrowed: `{}`", written(ty));
        let help = match written(&reference.elem).as_str() {
            "str" => "write `String`".to_owned(),
            inner => format!("write `{inner}`; of the router's state, `State<{inner}>`"),
        };
        errors.push(ty, &wrong, &help);
    } else if !is_plain(ty) && borrows(ty.to_token_stream()) {
        let wrong = format!("an argument cannot borrow: `{}`", written(ty));
        let help = format!(
            "write `{}`",
            written(ty).replace("&str", "String").replace('&', "")
        );
        errors.push(ty, &wrong, &help);
    }
}

/// Whether a type is a path without parameters, as most are.
fn is_plain(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.qself.is_none()
        && path
            .path
            .segments
            .iter()
            .all(|segment| segment.arguments.is_none())
}

/// Whether there is a reference in a type that is not `'static`; a function's own are fine.
fn borrows(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(name) if name == "fn" || name.to_string().starts_with("Fn") => {
                return false;
            }
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                tokens.next_if(|token| token.to_string() == "'");
                if tokens
                    .peek()
                    .is_none_or(|token| token.to_string() != "static")
                {
                    return true;
                }
            }
            TokenTree::Group(group) if borrows(group.stream()) => return true,
            _ => {}
        }
    }
    false
}

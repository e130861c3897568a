//! From options and a function to a route that can be expanded, or to everything that is wrong.

use std::net::Ipv6Addr;

use proc_macro2::{Group, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, FnArg, GenericParam, Lit, LitStr, Safety, Type, parse::Parser};

use super::{
    arguments::{Argument, arguments},
    options::{AUTHS, METHODS, TYPES, WHOLE, methods_meant},
    parse::{Function, PATH, Written},
    path::Path,
};
use crate::{
    errors::{Errors, closest, enumerate, written as as_written},
    tokens::{array, list_meant, string},
};

/// A route that can be expanded.
pub(crate) struct Route {
    pub(crate) krate: TokenStream,
    pub(crate) paths: Vec<Path>,
    pub(crate) methods: Vec<String>,
    pub(crate) auth: Auth,
    /// Expressions of type `&'static str`.
    pub(crate) groups: Vec<Expr>,
    pub(crate) kind: Kind,
    /// `*` or an origin.
    pub(crate) cors: Option<LitStr>,
    pub(crate) state: Option<Type>,
    pub(crate) arguments: Vec<Argument>,
}

/// Who may call.
pub(crate) enum Auth {
    ApiKey,
    Public,
    None,
    Custom(Box<Type>),
}

/// How arguments come and answers go.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Http,
    JsonRpc,
}

/// The path by which the expansion names the runtime crate.
pub(crate) fn krate(written: &Written, errors: &mut Errors) -> TokenStream {
    let default = quote!(::auth_api_key);
    let Some((name, value)) = written.option("crate") else {
        return default;
    };
    match syn::Path::parse_mod_style.parse2(value.clone()) {
        Ok(path) => path.into_token_stream(),
        Err(_) => {
            let help = format!("write `{name} = {}`", in_quotes(value, "my_auth"));
            errors.push(value, "`crate` must be a path", &help);
            default
        }
    }
}

pub(crate) fn route(
    written: Written,
    function: &Function,
    krate: &TokenStream,
    errors: &mut Errors,
) -> Option<Route> {
    signature(function, errors);
    let paths = paths(&written, errors);
    let auth = auth(&written, errors);
    let methods = methods(&written, errors);
    let groups = groups(&written, auth.as_ref(), errors);
    let kind = kind(&written, errors);
    let cors = cors(&written, errors);
    let state = state(&written, errors);
    let arguments = arguments(function, paths.as_deref(), auth.as_ref(), kind, errors);
    Some(Route {
        krate: krate.clone(),
        paths: paths?,
        methods,
        auth: auth?,
        groups,
        kind,
        cors,
        state,
        arguments,
    })
}

pub(crate) fn state(written: &Written, errors: &mut Errors) -> Option<Type> {
    let (_, value) = written.option("state")?;
    let is_named = |ty: &Type| {
        let words = as_written(ty);
        let mut words = words.split(|c: char| !c.is_alphanumeric() && !"_'".contains(c));
        words.all(|word| word != "_")
            && matches!(
                ty,
                Type::Path(_) | Type::Reference(_) | Type::Tuple(_) | Type::Array(_)
            )
    };
    let Some(state) = syn::parse2(value.clone()).ok().filter(is_named) else {
        let help = format!("write `state = {}`", in_quotes(value, "AppState"));
        errors.push(value, "`state` must be the name of a type", &help);
        return None;
    };
    if let Some(lasting) = lasting(&state) {
        let lasting = match &state {
            Type::Reference(reference) => as_written(&reference.elem),
            _ => as_written(lasting),
        };
        let wrong = format!("a router's state cannot borrow: `{}`", as_written(&state));
        errors.push(value, &wrong, &format!("write `state = {lasting}`"));
    }
    Some(state)
}

/// A type that borrows, as one that does not; a function borrows only when it is called.
pub(crate) fn lasting(ty: &Type) -> Option<Type> {
    let text = as_written(ty);
    let lasting = text
        .replace("'_", "'static")
        .replace('&', "&'static ")
        .replace("&'static '", "&'");
    let borrows = lasting != text && !text.contains("fn") && !text.contains("Fn");
    borrows.then(|| syn::parse_str(&lasting).ok()).flatten()
}

/// The path that was written as a string, or an example.
fn in_quotes(value: &TokenStream, example: &str) -> String {
    let text = syn::parse2::<LitStr>(value.clone()).map(|text| text.value());
    match text {
        Ok(text) if syn::parse_str::<syn::Path>(&text).is_ok() => text,
        _ => example.to_owned(),
    }
}

fn signature(function: &Function, errors: &mut Errors) {
    let signature = &function.signature;
    for given in &function.attributes {
        if given.is_named("route") {
            let help = match &given.condition {
                None => "write all paths in one list: `#[route([\"/a\", \"/b\"], …)]`".to_owned(),
                Some(condition) => format!(
                    "write a second function for it, below `#[cfg({})]`",
                    as_written(condition)
                ),
            };
            errors.push(given, "a function is one route", &help);
        } else if given.is_named("main") {
            let wrong = "a handler does not start a runtime";
            errors.push(
                given,
                wrong,
                "delete it: the server's runtime runs the handler",
            );
        } else if given.is(&["no_mangle", "export_name"]) {
            let wrong = "a handler cannot be called from outside of Rust";
            errors.push(given, wrong, "delete it");
        }
    }
    // Of the others rustc says so itself.
    for word in &function.qualifiers {
        if word == "default" || word == "safe" {
            let wrong = format!("a handler cannot be `{word}`");
            errors.push(word, &wrong, "write `async fn`");
        }
    }
    if signature.asyncness.is_none() && signature.constness.is_none() {
        let (wrong, help) = match is_made_to_block(&function.body) {
            true => (
                format!(
                    "`#[tokio::main]` has made the handler `{}` block",
                    signature.ident
                ),
                "delete `#[tokio::main]`: the server's runtime runs the handler",
            ),
            false => (
                format!("the handler `{}` is not async", signature.ident),
                "write `async fn`",
            ),
        };
        errors.push(signature.fn_token, &wrong, help);
    }
    if let Some(constness) = &signature.constness {
        errors.push(constness, "a handler cannot be `const`", "write `async fn`");
    }
    if !matches!(signature.safety, Safety::Default) {
        errors.push(
            &signature.safety,
            "a handler cannot be `unsafe`",
            "write `async fn`",
        );
    }
    if let Some(abi) = &signature.abi {
        let help = format!("delete `{}`", as_written(abi));
        errors.push(abi, "a handler cannot be `extern`", &help);
    }
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
            as_written(parameter)
        );
        errors.push(parameter, &wrong, help);
    }
    if let Some(FnArg::Receiver(receiver)) = signature.inputs.first() {
        errors.push(
            receiver,
            "a handler has no `self`",
            "put `#[controller]` above the `impl`, or take what it needs from the router's state: \
             `State(state): State<AppState>`",
        );
    }
}

/// Whether a body is what `#[tokio::main]` makes of one.
fn is_made_to_block(body: &Group) -> bool {
    let text = body.to_string();
    text.contains("runtime") && text.contains("block_on")
}

fn paths(written: &Written, errors: &mut Errors) -> Option<Vec<Path>> {
    let elements: Vec<&Expr> = match written.paths.as_slice() {
        [] if written.meant(PATH) => return None,
        [] => {
            errors.push(
                &written.whole,
                "the route has no path",
                &format!("write `{WHOLE}`"),
            );
            return None;
        }
        [Expr::Array(array)] if array.elems.is_empty() => {
            errors.push(
                array,
                "the list of paths is empty",
                "write `[\"/a\", \"/b\"]`",
            );
            return None;
        }
        [Expr::Array(array)] => array.elems.iter().collect(),
        [path] => vec![path],
        [first, .., last] => {
            let inside = |path: &Expr| match path {
                Expr::Array(array) => array.elems.to_token_stream(),
                path => path.to_token_stream(),
            };
            let list = format!("write `[{}, {}]`", inside(first), inside(last));
            let wrong = match matches!(first, Expr::Array(_)) {
                true => "this path is outside of the list",
                false => "a second path without a list",
            };
            errors.push(last, wrong, &list);
            return None;
        }
    };
    let mut paths: Vec<Path> = Vec::with_capacity(elements.len());
    for element in &elements {
        let Some(literal) = string(element) else {
            let wrong = format!("`{}` is not a path", as_written(element));
            errors.push(
                element,
                &wrong,
                "write each path as a string literal: `\"/my_service\"`",
            );
            continue;
        };
        let path = Path::parse(literal, errors);
        paths.extend(match &written.prefix {
            Some(prefix) => path.and_then(|path| path.below(prefix, errors)),
            None => path,
        });
    }
    if paths.len() < elements.len() {
        return None;
    }
    let sorted = |path: &Path| {
        let mut names = path.query.clone();
        names.sort();
        names
    };
    for (at, path) in paths.iter().enumerate().skip(1) {
        for (path, other) in [(path, &paths[0]), (&paths[0], path)] {
            if let Some(name) = path.query.iter().find(|name| other.captures.contains(name)) {
                let wrong = format!("`{}` captures what is named after `?` here", other.route);
                let help = format!("delete it: on `{}`, `{name}` is `None`", path.route);
                errors.push(&path.literal, &wrong, &help);
                return None;
            }
        }
        if sorted(path) != sorted(&paths[0]) {
            let wrong = format!(
                "`{}` and `{}` name different query parameters",
                paths[0].route, path.route
            );
            let help = match paths[0].query_text().as_str() {
                "" => format!("write `\"{}\"`", path.own),
                query => format!("write `\"{}{query}\"`", path.own),
            };
            errors.push(&path.literal, &wrong, &help);
            return None;
        }
        if let Some(other) = paths[..at].iter().find(|other| other.shape == path.shape) {
            let (wrong, help) = match other.route == path.route {
                true => (
                    format!("the path `{}` is listed twice", path.route),
                    "delete it",
                ),
                false => (
                    format!(
                        "`{}` and `{}` are the same to axum",
                        other.route, path.route
                    ),
                    "keep one, take its capture as a `String`, and tell the values apart in the body",
                ),
            };
            errors.push(&path.literal, &wrong, help);
            return None;
        }
    }
    Some(paths)
}

pub(crate) fn auth(written: &Written, errors: &mut Errors) -> Option<Auth> {
    let choices = || enumerate(["\"api_key\"", "\"public\"", "\"none\""], "or");
    let Some((name, value)) = written.option("auth") else {
        if written.is_empty() || written.meant("auth") {
            return None;
        }
        errors.push(
            &written.whole,
            "the route does not say who may call it",
            &format!(
                "add `auth = \"api_key\"`, or {}",
                enumerate(["\"public\"", "\"none\""], "or")
            ),
        );
        return None;
    };
    let Ok(literal) = syn::parse2::<Lit>(value.clone()) else {
        let Ok(ty @ Type::Path(_)) = syn::parse2::<Type>(value.clone()) else {
            let wrong = format!("`{name}` cannot be `{}`", as_written(value));
            let help = format!(
                "write {}, or a type of yours implementing `AuthMethod`",
                choices()
            );
            errors.push(value, &wrong, &help);
            return None;
        };
        // A type is written in UpperCamelCase; these three are meant for words.
        let word = value.to_string();
        let is_word = ["ApiKey", "Public", "None"].contains(&word.as_str())
            || word.starts_with(|first: char| first.is_lowercase());
        if let Some(meant) = closest(&word, AUTHS).filter(|_| is_word) {
            errors.push(
                value,
                &match word == *meant {
                    true => format!("`{word}` is written without quotes"),
                    false => format!("`{word}` is no way to authenticate"),
                },
                &format!("write `\"{meant}\"`"),
            );
            return None;
        }
        return Some(Auth::Custom(Box::new(ty)));
    };
    let text = match &literal {
        Lit::Str(text) => text.value(),
        _ => String::new(),
    };
    match text.as_str() {
        "api_key" => return Some(Auth::ApiKey),
        "public" => return Some(Auth::Public),
        "none" => return Some(Auth::None),
        _ => {}
    }
    let help = match (text.as_str(), closest(&text, AUTHS)) {
        ("user", _) => {
            "there are no sessions here: write `\"api_key\"`, or a type of yours implementing \
             `AuthMethod`"
                .to_owned()
        }
        ("bearer", _) => "write `\"api_key\"`, and accept `Authorization: Bearer` by \
             `Authenticator::builder().bearer(true)`"
            .to_owned(),
        (_, Some(meant)) => format!("did you mean `\"{meant}\"`?"),
        (_, None) => format!(
            "write {}, or a type of yours implementing `AuthMethod`",
            choices()
        ),
    };
    errors.push(
        &literal,
        &format!("there is no `auth = {}`", literal.to_token_stream()),
        &help,
    );
    None
}

/// A type that is none is taken for HTTP.
pub(crate) fn kind(written: &Written, errors: &mut Errors) -> Kind {
    let Some((name, value)) = written.option("type") else {
        return Kind::Http;
    };
    let text = match syn::parse2::<LitStr>(value.clone()) {
        Ok(literal) => literal.value(),
        Err(_) => String::new(),
    };
    match text.as_str() {
        "http" => return Kind::Http,
        "jsonrpc" => return Kind::JsonRpc,
        _ => {}
    }
    let word = value.to_string();
    let help = match closest(word.trim_matches('"'), TYPES) {
        // What it was called up to Odoo 18.
        _ if word.trim_matches('"') == "json" => "write `\"jsonrpc\"`".to_owned(),
        Some(meant) if text.is_empty() => format!("write `\"{meant}\"`"),
        Some(meant) => format!("did you mean `\"{meant}\"`?"),
        None => format!("write {}", enumerate(["\"http\"", "\"jsonrpc\""], "or")),
    };
    let wrong = format!("there is no `{name} = {}`", as_written(value));
    errors.push(value, &wrong, &help);
    Kind::Http
}

pub(crate) fn cors(written: &Written, errors: &mut Errors) -> Option<LitStr> {
    let (name, value) = written.option("cors")?;
    let any_or_one = "write `\"*\"` for any origin, or one: `\"https://app.example.com\"`";
    let expr = syn::parse2::<Expr>(value.clone());
    let Some(literal) = expr.as_ref().ok().and_then(string) else {
        let help = match &expr {
            Ok(Expr::Array(_)) => {
                "write one origin, or put `tower_http::cors::CorsLayer` around the router"
            }
            _ if value.to_string() == "false" => "delete `cors`",
            _ => any_or_one,
        };
        let wrong = format!("`{name}` cannot be `{}`", as_written(value));
        errors.push(value, &wrong, help);
        return None;
    };
    let text = literal.value();
    let help = match origin(&text) {
        Some(origin) if origin == text => return Some(literal.clone()),
        Some(origin) => format!("write `\"{origin}\"`"),
        None => any_or_one.to_owned(),
    };
    let wrong = format!("`{}` is not an origin as browsers send it", literal.token());
    errors.push(literal, &wrong, &help);
    None
}

/// The origin that was meant, as browsers write it: a scheme, a host and, unless it is the usual
/// one, a port.
fn origin(text: &str) -> Option<String> {
    if text == "*" {
        return Some(text.to_owned());
    }
    let lower = text.to_ascii_lowercase();
    let (scheme, rest) = match lower.split_once("://") {
        Some(parts) => parts,
        None if lower.starts_with("localhost") => ("http", lower.as_str()),
        None if lower.contains('.') => ("https", lower.as_str()),
        None => return None,
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => (host, Some(port)),
        _ => (authority, None),
    };
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let is_host = match address {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            let in_a_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
            !host.is_empty() && host.chars().all(in_a_name)
        }
    };
    let in_a_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    if !is_host || !is_scheme || !scheme.chars().all(in_a_scheme) {
        return None;
    }
    Some(match (scheme, port) {
        ("http", Some("80")) | ("https", Some("443")) | (_, None) => format!("{scheme}://{host}"),
        (_, Some(port)) => format!("{scheme}://{host}:{port}"),
    })
}

/// The elements of an option whose value is a list.
fn list(written: &Written, option: &str, errors: &mut Errors) -> Option<Vec<Expr>> {
    let (_, value) = written.option(option)?;
    if let Some(list) = array(value, errors) {
        return Some(list.elems.into_iter().collect());
    }
    let methods = (option == "methods").then(|| methods_meant(&as_written(value)));
    let meant = methods.flatten().unwrap_or_else(|| list_meant(value));
    let help = format!("write `{option} = [{meant}]`");
    errors.push(value, &format!("`{option}` must be a list"), &help);
    None
}

pub(crate) fn methods(written: &Written, errors: &mut Errors) -> Vec<String> {
    let Some(elements) = list(written, "methods", errors) else {
        return Vec::new();
    };
    if elements.is_empty() {
        let (name, value) = written.option("methods").expect("it is a list");
        errors.push(
            value,
            &format!("`{name}` is empty, so that nothing could reach the handler"),
            "write `methods = [\"GET\"]`, or leave it out to accept all",
        );
    }
    let mut methods: Vec<String> = Vec::new();
    for element in &elements {
        let Some(literal) = string(element) else {
            let wrong = format!("`{}` is not a string", as_written(element));
            let help = match methods_meant(&as_written(element)) {
                Some(methods) => format!("write `{methods}`"),
                None => format!("the methods are {}", enumerate(METHODS, "and")),
            };
            errors.push(element, &wrong, &help);
            continue;
        };
        let method = literal.value();
        if !METHODS.contains(&method.as_str()) {
            let help = match (methods_meant(&method), closest(&method, METHODS)) {
                (Some(methods), _) => format!("write `{methods}`"),
                (None, Some(meant)) => format!("did you mean `\"{meant}\"`?"),
                (None, None) if ["*", "ANY", "ALL"].contains(&method.as_str()) => {
                    "leave `methods` out to accept all".to_owned()
                }
                (None, None) => format!("the methods are {}", enumerate(METHODS, "and")),
            };
            errors.push(literal, &format!("there is no method `{method}`"), &help);
        } else if methods.contains(&method) {
            errors.push(
                literal,
                &format!("the method `{method}` is listed twice"),
                "delete it",
            );
        } else {
            methods.push(method);
        }
    }
    methods
}

pub(crate) fn groups(written: &Written, auth: Option<&Auth>, errors: &mut Errors) -> Vec<Expr> {
    let Some((name, value)) = written.option("groups") else {
        return Vec::new();
    };
    let refusal = match auth {
        Some(Auth::None) => Some("\"none\""),
        Some(Auth::Public) => Some("\"public\""),
        Some(Auth::Custom(_)) => Some("a type of your own"),
        Some(Auth::ApiKey) | None => None,
    };
    if let Some(auth) = refusal {
        let wrong = format!("`groups` needs `auth = \"api_key\"`, and `auth` is {auth}");
        errors.push(
            name,
            &wrong,
            "write `auth = \"api_key\"`, or delete `groups` to ask for no group",
        );
    }
    let Some(elements) = list(written, "groups", errors) else {
        return Vec::new();
    };
    if elements.is_empty() && !written.overrides_groups {
        errors.push(
            value,
            "`groups` is empty",
            "leave it out to admit any valid key",
        );
    }
    let mut codes: Vec<String> = Vec::new();
    for element in &elements {
        match (string(element).map(LitStr::value), element) {
            (Some(code), _) if code.trim().is_empty() => {
                errors.push(element, "a group's code cannot be empty", "write its code");
            }
            (Some(code), _) if codes.contains(&code) => {
                errors.push(
                    element,
                    &format!("the group `{code}` is listed twice"),
                    "delete it",
                );
            }
            (Some(code), _) if code.contains(',') => {
                let each: Vec<&str> = code.split(',').map(str::trim).collect();
                let wrong = format!("`{code}` is one group, with a comma in its code");
                let help = format!("write `\"{}\"`", each.join("\", \""));
                errors.push(element, &wrong, &help);
            }
            (Some(code), _) => codes.push(code),
            (None, Expr::Path(path)) => {
                // A constant is written in capitals.
                let name = path.path.get_ident().map(ToString::to_string);
                if let Some(name) = name.filter(|name| name.starts_with(char::is_lowercase)) {
                    let wrong = format!("`{name}` is written without quotes");
                    errors.push(path, &wrong, &format!("write `\"{name}\"`"));
                }
            }
            (None, other) => {
                let wrong = format!("`{}` is not a group's code", as_written(other));
                errors.push(other, &wrong, "write a string, or the name of a `const`");
            }
        }
    }
    elements
}

//! What each option says, and what it cannot say.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Expr, ExprArray, ExprCall, ExprPath, ExprStruct, ExprTuple, Lit, LitStr, PathSegment, Type,
    parse::Parser,
};

use super::{
    cors::{cors, cors_headers},
    lists::{each, list},
};
use crate::{
    errors::{Errors, Mistake, closest, enumerate},
    route::{
        model::{Attribute, Auth, Given, Kind, OptionName, Options, Path, Written},
        options::{AUTHS, METHODS, TYPES, methods_meant},
    },
    tokens::{as_text, entries_meant, is_invisible, several, string},
    types::{lasting, named, only_type_argument},
};

impl Options {
    /// No options.
    pub(crate) const fn none() -> Self {
        Self {
            paths: Given::Absent,
            auth: Given::Absent,
            methods: Given::Absent,
            groups: Given::Absent,
            kind: Given::Absent,
            cors: Given::Absent,
            cors_headers: Given::Absent,
            state: Given::Absent,
        }
    }
}

/// Reads the options. What is missing is the controller's.
pub(crate) fn options(
    attribute: &Attribute,
    paths: Given<Vec<Path>>,
    above: &Options,
    errors: &mut Errors,
) -> Options {
    let own_auth = attribute.read(OptionName::Auth, auth, errors);
    let auth = own_auth.clone().or(&above.auth);
    let methods = methods(attribute, errors).or(&above.methods);
    let groups = match (attribute.option(OptionName::Groups), &own_auth) {
        (Given::Absent, Given::Absent | Given::Value(Auth::ApiKey)) => above.groups.clone(),
        (Given::Absent, _) => Given::Absent,
        _ => groups(attribute, &auth, &above.groups, errors),
    };
    let cors = cors(attribute, errors).or(&above.cors);
    let cors_headers = cors_headers(attribute, &cors, errors).or(&above.cors_headers);
    Options {
        paths,
        auth,
        methods,
        groups,
        kind: attribute
            .read(OptionName::Kind, kind, errors)
            .or(&above.kind),
        cors,
        cors_headers,
        state: attribute
            .read(OptionName::State, state, errors)
            .or(&above.state),
    }
}

/// The path by which the expansion names the runtime crate.
pub(crate) fn read_krate(Written { name, value }: &Written) -> Result<TokenStream, Mistake> {
    match syn::Path::parse_mod_style.parse2(value.clone()) {
        Ok(path) => Ok(path.into_token_stream()),
        Err(_) => {
            let help = format!("write `{name} = {}`", in_quotes(value, "my_auth"));
            Err(Mistake::new("`crate` must be a path", help))
        }
    }
}

fn state(Written { value, .. }: &Written) -> Result<Type, Mistake> {
    let is_named = |ty: &Type| {
        let words = as_text(ty);
        let mut words = words.split(|c: char| !c.is_alphanumeric() && !"_'".contains(c));
        words.all(|word| word != "_")
            && matches!(
                ty,
                Type::Path(_) | Type::Reference(_) | Type::Tuple(_) | Type::Array(_)
            )
    };
    let Some(state) = syn::parse2(value.clone()).ok().filter(is_named) else {
        let help = format!("write `state = {}`", in_quotes(value, "AppState"));
        return Err(Mistake::new("`state` must be the name of a type", help));
    };
    if let Some(inner) = named(&state, &["State"]).and_then(only_type_argument) {
        let wrong = format!(
            "`{}` is an argument, and the state is what is in it",
            as_text(&state)
        );
        let help = format!("write `state = {}`", as_text(inner));
        return Err(Mistake::new(wrong, help));
    }
    let Some(lasting) = lasting(&state) else {
        return Ok(state);
    };
    let lasting = match &state {
        Type::Reference(reference) => as_text(&reference.elem),
        _ => as_text(lasting),
    };
    let wrong = format!("a router's state cannot borrow: `{}`", as_text(&state));
    Err(Mistake::new(wrong, format!("write `state = {lasting}`")))
}

/// The path that was written as a string, or an example.
fn in_quotes(value: &TokenStream, example: &str) -> String {
    let text = syn::parse2::<LitStr>(value.clone()).map(|text| text.value());
    match text {
        Ok(text) if syn::parse_str::<syn::Path>(&text).is_ok() => text,
        _ => example.to_owned(),
    }
}

fn auth(Written { name, value }: &Written) -> Result<Auth, Mistake> {
    let own = || {
        let choices = enumerate(["\"api_key\"", "\"public\"", "\"none\""], "or");
        format!("write {choices}, or your type that implements `AuthMethod`")
    };
    let Ok(literal) = syn::parse2::<Lit>(value.clone()) else {
        let Ok(ty @ Type::Path(_)) = syn::parse2::<Type>(value.clone()) else {
            let wrong = format!("`{name}` cannot be `{}`", as_text(value));
            let help = auth_meant(value);
            return Err(Mistake::new(wrong, help.unwrap_or_else(own)));
        };
        // A type is written in UpperCamelCase; these three are meant for words.
        let word = value.to_string();
        let is_word = ["ApiKey", "Public", "None"].contains(&word.as_str())
            || word.starts_with(|first: char| first.is_lowercase());
        return match closest(&word, AUTHS).filter(|_| is_word) {
            None => Ok(Auth::Custom(Box::new(ty))),
            Some(meant) => {
                let wrong = match word == *meant {
                    true => format!("`{word}` is written without quotes"),
                    false => format!("`{word}` is not a way to authenticate"),
                };
                Err(Mistake::new(wrong, format!("write `\"{meant}\"`")))
            }
        };
    };
    let wrong = format!("there is no `auth = {}`", literal.to_token_stream());
    let Lit::Str(text) = &literal else {
        return Err(Mistake::new(wrong, own()));
    };
    let text = text.value();
    let help = match (text.as_str(), closest(&text, AUTHS)) {
        ("api_key", _) => return Ok(Auth::ApiKey),
        ("public", _) => return Ok(Auth::Public),
        ("none", _) => return Ok(Auth::None),
        ("user", _) => {
            "there are no sessions here: write `\"api_key\"`, or your type that implements \
             `AuthMethod`"
                .to_owned()
        }
        ("bearer", _) => "write `\"api_key\"`, and accept `Authorization: Bearer` by \
             `Authenticator::builder().bearer(true)`"
            .to_owned(),
        (_, Some(meant)) => format!("did you mean `\"{meant}\"`?"),
        (text, None) if is_a_type(text) => format!("write `auth = {text}`: a type has no quotes"),
        (_, None) => own(),
    };
    Err(Mistake::new(wrong, help))
}

/// What to write for several ways in one list, and for a value of a type.
fn auth_meant(value: &TokenStream) -> Option<String> {
    let of_a_value = |path: &syn::Path| {
        let segments = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        let ends = |name: &String| name.starts_with(char::is_uppercase);
        let mut names: Vec<String> = segments.collect();
        names.truncate(names.iter().rposition(ends)? + 1);
        let ty = names.join("::");
        Some(format!(
            "write `auth = {ty}`: its `State` says what it needs of the router's state"
        ))
    };
    match syn::parse2(value.clone()).ok()? {
        Expr::Array(ExprArray { elems, .. }) | Expr::Tuple(ExprTuple { elems, .. }) => {
            let word = |way: &Expr| string(way).map(LitStr::value);
            let words: Option<Vec<String>> = elems.iter().map(word).collect();
            match words.as_deref() {
                Some([word]) if AUTHS.contains(&word.as_str()) => {
                    Some(format!("write `auth = \"{word}\"`"))
                }
                Some([a, b])
                    if [a, b]
                        .iter()
                        .all(|word| ["api_key", "public"].contains(&word.as_str())) =>
                {
                    Some("write `auth = \"public\"`, and take `key: Option<ApiKey>`".to_owned())
                }
                _ => Some(
                    "write `auth = MyAuth`, a type of yours whose `authenticate` tries one after \
                     the other"
                        .to_owned(),
                ),
            }
        }
        Expr::Call(ExprCall { func, .. }) => match *func {
            Expr::Path(ExprPath { path, .. }) => of_a_value(&path),
            _ => None,
        },
        Expr::Struct(ExprStruct { path, .. }) => of_a_value(&path),
        _ => None,
    }
}

/// Whether a text is the name of a type.
fn is_a_type(text: &str) -> bool {
    let last = text.rsplit("::").next().unwrap_or(text);
    last.starts_with(char::is_uppercase)
        && last.contains(char::is_lowercase)
        && syn::parse_str::<syn::Path>(text).is_ok()
}

fn kind(Written { name, value }: &Written) -> Result<Kind, Mistake> {
    let text = syn::parse2::<LitStr>(value.clone()).map(|text| text.value());
    let word = match &text {
        Ok(text) => text.clone(),
        Err(_) => value.to_string(),
    };
    let help = match (word.as_str(), closest(&word, TYPES)) {
        ("http", _) if text.is_ok() => return Ok(Kind::Http),
        ("form", _) if text.is_ok() => return Ok(Kind::Form),
        ("jsonrpc", _) if text.is_ok() => return Ok(Kind::JsonRpc),
        // What it was called up to Odoo 18.
        ("json", _) => "write `\"jsonrpc\"`".to_owned(),
        (_, Some(meant)) if text.is_err() => format!("write `\"{meant}\"`"),
        (_, Some(meant)) => format!("did you mean `\"{meant}\"`?"),
        (_, None) => format!(
            "write {}",
            enumerate(["\"http\"", "\"form\"", "\"jsonrpc\""], "or")
        ),
    };
    let wrong = format!("there is no `{name} = {}`", as_text(value));
    Err(Mistake::new(wrong, help))
}

fn methods(attribute: &Attribute, errors: &mut Errors) -> Given<Vec<String>> {
    list(attribute, OptionName::Methods, errors).map(|elements| {
        if let (Given::Value(Written { name, value }), []) =
            (attribute.option(OptionName::Methods), elements.as_slice())
        {
            let wrong = format!("`{name}` is empty: no request can reach the handler");
            let help = "write `methods = [\"GET\"]`, or leave it out to accept all";
            errors.add(value, Mistake::new(wrong, help));
        }
        each(elements, method, errors)
    })
}

/// One method, which is none of those before it.
fn method(element: &Expr, before: &[String]) -> Result<String, Mistake> {
    let all = || format!("the methods are {}", enumerate(METHODS, "and"));
    let Some(literal) = string(element) else {
        let wrong = format!("`{}` is not a string", as_text(element));
        let meant = methods_meant(&as_text(element));
        let help = meant.map_or_else(all, |methods| format!("write `{methods}`"));
        return Err(Mistake::new(wrong, help));
    };
    let method = literal.value();
    if before.contains(&method) {
        let wrong = format!("the method `{method}` is listed twice");
        return Err(Mistake::new(wrong, "delete it"));
    }
    if METHODS.contains(&method.as_str()) {
        return Ok(method);
    }
    let help = match (methods_meant(&method), closest(&method, METHODS)) {
        (Some(methods), _) => format!("write `{methods}`"),
        (None, Some(meant)) => format!("did you mean `\"{meant}\"`?"),
        (None, None) if ["*", "ANY", "ALL"].contains(&method.as_str()) => {
            "leave `methods` out to accept all".to_owned()
        }
        (None, None) => all(),
    };
    Err(Mistake::new(format!("there is no method `{method}`"), help))
}

/// The groups that are given here; an empty list takes away those that are given above.
fn groups(
    attribute: &Attribute,
    auth: &Given<Auth>,
    above: &Given<Vec<Expr>>,
    errors: &mut Errors,
) -> Given<Vec<Expr>> {
    let Given::Value(Written { name, value }) = attribute.option(OptionName::Groups) else {
        return Given::Mistaken;
    };
    let refusal = match auth {
        Given::Value(Auth::None) => Some("\"none\""),
        Given::Value(Auth::Public) => Some("\"public\""),
        Given::Value(Auth::Custom(_)) => Some("a type of your own"),
        Given::Value(Auth::ApiKey) | Given::Absent | Given::Mistaken => None,
    };
    if let Some(auth) = refusal {
        let wrong = format!("`groups` needs `auth = \"api_key\"`, and `auth` is {auth}");
        let help = "write `auth = \"api_key\"`, or delete `groups` to ask for no group";
        errors.add(name, Mistake::new(wrong, help));
    }
    list(attribute, OptionName::Groups, errors).map(|elements| {
        if elements.is_empty() && above.is_absent() {
            let help = "leave it out to admit any valid key";
            errors.add(value, Mistake::new("`groups` is empty", help));
        }
        each(elements, group, errors)
    })
}

/// Whether a path is written as `Group::Shop`.
fn is_a_variant(path: &syn::Path) -> bool {
    let is_camel = |segment: &PathSegment| {
        let name = segment.ident.to_string();
        name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
    };
    path.segments.len() > 1 && path.segments.iter().rev().take(2).all(is_camel)
}

/// The code of a group, which is none of those before it.
fn group(element: &Expr, before: &[Expr]) -> Result<Expr, Mistake> {
    let code = |element: &Expr| string(element).map(LitStr::value);
    match (code(element), element) {
        (Some(text), _) if text.trim().is_empty() => Err(Mistake::new(
            "a group's code cannot be empty",
            "write its code",
        )),
        (Some(text), _)
            if before
                .iter()
                .any(|other| code(other).as_ref() == Some(&text)) =>
        {
            let wrong = format!("the group `{text}` is listed twice");
            Err(Mistake::new(wrong, "delete it"))
        }
        (Some(text), _) if text.trim() != text || text.contains(is_invisible) => {
            let plain = text.replace(is_invisible, "");
            let wrong = format!(
                "the group `{}` has invisible characters",
                text.escape_debug()
            );
            Err(Mistake::new(wrong, format!("write `\"{}\"`", plain.trim())))
        }
        (Some(text), _) => match several(&text, OptionName::Groups.separators()) {
            None => Ok(element.clone()),
            Some(each) => Err(Mistake::new(
                format!("`{text}` is several groups in one text"),
                format!("write `\"{}\"`", each.join("\", \"")),
            )),
        },
        (None, Expr::Path(path)) => a_constant(&path.path).map(|()| element.clone()),
        (None, other) => {
            let wrong = format!("`{}` is not a group's code", as_text(other));
            let help = match other {
                Expr::Binary(_) => {
                    let separators = OptionName::Groups.separators();
                    let each = entries_meant(other.to_token_stream(), separators);
                    let each = as_text(each);
                    format!("write `{each}`: a key in one of them is admitted")
                }
                _ => "write a string, or the name of a `const`".to_owned(),
            };
            Err(Mistake::new(wrong, help))
        }
    }
}

/// A constant is written in capitals.
fn a_constant(path: &syn::Path) -> Result<(), Mistake> {
    let Some(last) = path.segments.last() else {
        return Ok(());
    };
    let name = last.ident.to_string();
    if path.get_ident().is_some() && name.starts_with(char::is_lowercase) {
        let wrong = format!("`{name}` is written without quotes");
        return Err(Mistake::new(wrong, format!("write `\"{name}\"`")));
    }
    if is_a_variant(path) {
        let wrong = format!("`{}` is not a group's code", as_text(path));
        let help = format!(
            "write `\"{}\"`, or the path of a `const` of type `&str`",
            in_snake_case(&name)
        );
        return Err(Mistake::new(wrong, help));
    }
    Ok(())
}

fn in_snake_case(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}

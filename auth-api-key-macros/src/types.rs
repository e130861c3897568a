//! Helpers for types as they are written: a macro sees only their names.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, Ident, Pat, PatTupleStruct, PatType, PathArguments, PathSegment, Type};

use crate::{
    errors::Mistake,
    place::is_defined_here,
    tokens::{as_text, inside},
};

/// Types of plain values, which are never extractors.
pub(crate) const PLAIN: [&str; 16] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
    "u64", "u128", "usize",
];

/// Extractors that look for no key.
pub(crate) const EXTRACTORS: [&str; 16] = [
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

/// Extractors that read the body.
pub(crate) const READERS: [&str; 6] = ["Json", "Form", "Bytes", "Multipart", "RawForm", "Kwargs"];

/// Whether a type reads the body as the last argument.
pub(crate) fn reads_the_body(ty: &Type) -> bool {
    let inner = named(ty, &["Option", "Result"]).and_then(first_type_argument);
    let ty = inner.unwrap_or(ty);
    named(ty, &READERS).is_some() || named(ty, &["String", "Body", "Request"]).is_some()
}

/// Whether an argument is meant as a part of the router's state, by its type or by its name.
pub(crate) fn is_a_part_of_the_state(argument: &PatType) -> bool {
    const TYPES: [&str; 7] = [
        "Arc",
        "Authenticator",
        "Mutex",
        "Pool",
        "RwLock",
        "Sender",
        "UnboundedSender",
    ];
    let Type::Path(path) = &*argument.ty else {
        return false;
    };
    let last = path.path.segments.last().map(|last| last.ident.to_string());
    let is_one =
        |last: String| TYPES.contains(&&*last) || last.ends_with("State") || last.ends_with("Pool");
    let name = as_text(&argument.pat);
    last.is_some_and(is_one) || ["state", "db", "pool", "database"].contains(&&*name)
}

/// Whether it is the type of a plain value, which is never an extractor.
pub(crate) fn is_a_value(ty: &Type) -> bool {
    named(ty, &PLAIN)
        .or_else(|| named(ty, &["String"]))
        .is_some()
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

/// Whether an argument is of one of these names: its type, or its pattern, where the type is an alias.
pub(crate) fn is_extractor(argument: &PatType, names: &[&str]) -> bool {
    let pattern = match inside(&argument.pat) {
        Pat::TupleStruct(pattern) => pattern.path.segments.last(),
        _ => None,
    };
    let is_named = |last: &PathSegment| names.iter().any(|name| last.ident == name);
    named(&argument.ty, names).is_some() || pattern.is_some_and(is_named)
}

/// The pattern in `State(auth): Authenticator` and its extractor, if the type is certainly not another name of that.
pub(crate) fn extractor_left_out(argument: &PatType) -> Option<(&PatTupleStruct, &Ident)> {
    let Pat::TupleStruct(pattern) = inside(&argument.pat) else {
        return None;
    };
    let PathSegment { ident, arguments } = pattern.path.segments.last()?;
    let mut extractors = ["Extension", "Form", "Json", "Path", "Query", "State"].iter();
    let is_one = extractors.any(|known| ident == known) && arguments.is_none();
    let generic = named(&argument.ty, &["Arc", "HashMap", "Mutex", "RwLock", "Vec"]);
    // A type of the developer's is not an extractor, unless the extractor is one of theirs, too.
    let is_own = || match &*argument.ty {
        Type::Path(path) => path.path.get_ident().is_some_and(|name| {
            let is_other = pattern.path.segments.iter().all(|part| part.ident != *name);
            is_other && is_defined_here(&name.to_string()) && !is_defined_here(&ident.to_string())
        }),
        _ => false,
    };
    let is_certain = is_a_value(&argument.ty)
        || named(&argument.ty, &["Authenticator"]).is_some()
        || generic.is_some_and(|last| !last.arguments.is_none());
    let is_left_out = is_one && pattern.elems.len() == 1 && (is_certain || is_own());
    is_left_out.then_some((pattern, ident))
}

/// The `T` of `Name<T>` and of `Name<T, U>`.
pub(crate) fn first_type_argument(segment: &syn::PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
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

/// The type with `'static` for its lifetimes. `None` if it does not borrow; a function type borrows only
/// when it is called.
pub(crate) fn lasting(ty: &Type) -> Option<Type> {
    let text = as_text(ty);
    let lasting = text
        .replace("'_", "'static")
        .replace('&', "&'static ")
        .replace("&'static '", "&'");
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    let is_called = words.any(is_of_a_function);
    match lasting != text && !is_called {
        true => syn::parse_str(&lasting).ok(),
        false => None,
    }
}

/// Whether a word says that a type is one of a function.
fn is_of_a_function(word: &str) -> bool {
    matches!(word, "fn" | "Fn" | "FnMut" | "FnOnce")
}

/// A type as a text, with owned texts and values in the place of references.
pub(crate) fn without_references(ty: &Type) -> String {
    as_text(ty).replace("&str", "String").replace('&', "")
}

/// Other extractors, and what the guard gives.
pub(crate) const ALSO_EXTRACTED: [&str; 13] = [
    "ApiKey",
    "Caller",
    "ConnectInfo",
    "Extension",
    "Extensions",
    "Identity",
    "JsonRequest",
    "Option",
    "Params",
    "Parts",
    "Request",
    "State",
    "WebSocketUpgrade",
];

/// An error if a type borrows: an argument outlives the request that it was read from. `is_named` says that
/// it is read from a text.
pub(crate) fn owned(ty: &Type, is_named: bool) -> Result<(), Mistake> {
    if let Type::ImplTrait(_) = ty {
        let wrong = format!("an argument cannot be `{}`", as_text(ty));
        let bounds = ["Into<String>", "AsRef<str>", "ToString", "Display"];
        let is_a_text = bounds.iter().any(|bound| as_text(ty).contains(bound));
        let help = match is_a_text {
            true => "write `String`",
            false => "name the type",
        };
        return Err(Mistake::new(wrong, help));
    }
    if let Type::Reference(reference) = ty {
        let wrong = format!("an argument cannot be borrowed: `{}`", as_text(ty));
        let help = match lent(&reference.elem, is_named) {
            Some(meant) => format!("write `{meant}`"),
            None => "name the type".to_owned(),
        };
        return Err(Mistake::new(wrong, help));
    }
    if !is_plain(ty) && borrows(ty.to_token_stream()) {
        let wrong = format!("an argument cannot borrow: `{}`", as_text(ty));
        let help = format!("write `{}`", without_references(ty));
        return Err(Mistake::new(wrong, help));
    }
    Ok(())
}

/// Whether the type is a name that is not one of an extractor.
pub(crate) fn may_be_a_text(ty: &Type) -> bool {
    is_plain(ty) && named(ty, &EXTRACTORS).is_none() && named(ty, &ALSO_EXTRACTED).is_none()
}

/// What to take instead of a reference to a type. What is neither named nor an extractor is a part of the
/// router's state, which alone lives longer than a request.
fn lent(inner: &Type, is_named: bool) -> Option<String> {
    let text = as_text(inner);
    let is_extracted =
        named(inner, &EXTRACTORS).is_some() || named(inner, &ALSO_EXTRACTED).is_some();
    Some(match inner {
        Type::ImplTrait(_) => return None,
        Type::Path(_) if text == "str" => "String".to_owned(),
        Type::Slice(slice) if as_text(&slice.elem) == "u8" => "Bytes".to_owned(),
        Type::Slice(slice) if is_named => format!("Vec<{}>", as_text(&slice.elem)),
        Type::Slice(slice) => format!("Json<Vec<{}>>", as_text(&slice.elem)),
        Type::TraitObject(_) => format!("State<Arc<{text} + Send + Sync>>"),
        _ if is_named || is_extracted || is_a_value(inner) => text,
        _ => format!("State<{text}>"),
    })
}

/// Whether a type is a path without parameters. Most are.
fn is_plain(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.qself.is_none()
        && path
            .path
            .segments
            .iter()
            .all(|segment| segment.arguments.is_none())
}

/// Whether a type has a reference that is not `'static`, except inside a function type.
fn borrows(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(name) if is_of_a_function(&name.to_string()) => return false,
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

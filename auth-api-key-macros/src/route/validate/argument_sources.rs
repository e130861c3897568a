//! The sources of the arguments: decides where each comes from.

use syn::{FnArg, Pat, PatType, Type, parse_quote_spanned, spanned::Spanned};

use super::{
    bodies::{beside_a_form, bodies},
    callers::{Wanted, instead_of_a_secret, is_secret, key_as_a_text, shared_key},
    missing_arguments::report_missing,
    names::{Input, Names},
    taken_apart::TakenApart,
    unreadable,
};
use crate::{
    attributes::{Attributes, Conditional},
    errors::{Errors, Mistake},
    route::{
        model::{Argument, Arity, Auth, Function, Kind, Path, Source},
        validate::path::name::as_identifier,
    },
    tokens::{as_text, inside, is_refutable},
    types::{
        PLAIN, extractor_left_out, is_a_value, is_extractor, named, only_type_argument, owned,
    },
};

pub(crate) fn arguments(
    function: &Function,
    paths: Option<&[Path]>,
    auth: Option<&Auth>,
    kind: Kind,
    has_body: bool,
    errors: &mut Errors,
) -> Vec<Argument> {
    attributes(function, errors);
    let names = Names::of(function, paths.unwrap_or_default(), kind, has_body);
    let (mut arguments, apart) = each_argument(&names, function, auth, errors);
    // The body of a call is read earlier.
    let extractor = |argument: &&mut Argument| matches!(argument.source, Source::Extractor);
    if kind == Kind::Http
        && let Some(last) = arguments.iter_mut().rfind(extractor)
    {
        last.source = Source::Last;
        bodies(&names, &arguments, errors);
    }
    if kind == Kind::Form {
        beside_a_form(&arguments, errors);
    }
    let are_taken_twice = are_taken_twice(&names, &arguments, errors);
    if !are_taken_twice
        && apart.is_empty()
        && let Some(path) = names.paths.first()
    {
        errors.value_or_report(&path.literal, named_without_argument(&names, path));
    }
    if let Some([path]) = paths.filter(|_| !are_taken_twice && apart.is_empty()) {
        for argument in &arguments {
            errors.value_or_report(&argument.ty, unreadable::captures(&argument.ty, path));
        }
    }
    // If a name has no argument, an unnamed one may be meant for it.
    if paths.is_some() && !report_missing(&names, &apart, function, errors) && !are_taken_twice {
        for (argument, input) in arguments.iter().zip(&names.inputs) {
            let attributes = &input.typed.attrs;
            let is_conditional = attributes.iter().any(|given| given.path().is_ident("cfg"));
            if let Err(mistake) = named_somewhere(argument, input, &names, auth)
                && !is_conditional
            {
                errors.add(&argument.ty, mistake);
            }
        }
    }
    arguments
}

/// Each argument, and where it comes from; and the names of the path that arguments take apart, which is a mistake by
/// itself.
fn each_argument(
    names: &Names<'_>,
    function: &Function,
    auth: Option<&Auth>,
    errors: &mut Errors,
) -> (Vec<Argument>, Vec<String>) {
    let is_generic = !function.signature.generics.params.is_empty();
    let mut arguments: Vec<Argument> = Vec::with_capacity(names.inputs.len());
    let mut names_apart = Vec::new();
    for input in &names.inputs {
        let (argument, name) = (input.typed, input.name.as_deref());
        let is_named = name.is_some_and(|name| names.is_named(name));
        let ty = (*argument.ty).clone();
        errors.value_or_report(&argument.pat, takes_all(argument));
        if !is_generic {
            errors.value_or_report(&ty, owned(&ty, is_named));
        }
        let key = auth.map_or(Ok(()), |auth| shared_key(&ty, auth));
        if let (Ok(()), Some(name), false) = (&key, name, is_named) {
            errors.value_or_report(argument, of_the_state(argument, name));
        }
        errors.value_or_report(&ty, key);
        match TakenApart::of(argument, names) {
            Some(apart) => {
                errors.add(argument, apart.mistake);
                names_apart.extend(apart.names);
            }
            None => {
                errors.value_or_report(&ty, unreadable::query_string(&ty));
            }
        }
        errors.value_or_report(argument, key_taken_apart(argument));
        errors.value_or_report(&ty, without_its_extractor(argument));
        let (source, mistake) = source(names, argument, name, auth);
        if let Some(twice) = twice(&arguments, &source) {
            errors.add(&ty, twice);
        }
        let unreadable = match &source {
            Source::Capture(name) | Source::OptionalCapture(name) => unreadable::capture(&ty, name),
            Source::Query(..) if names.kind == Kind::Http && unreadable::is_a_file(&ty) => {
                Err((&ty, unreadable::file()))
            }
            Source::Query(name, _) if names.kind != Kind::JsonRpc => unreadable::query(&ty, name),
            _ => Ok(()),
        };
        if let Err((part, mistake)) = unreadable {
            errors.add(part, mistake);
        }
        if let Some(mistake) = mistake {
            errors.add(&ty, mistake);
        }
        arguments.push(Argument { ty, source });
    }
    (arguments, names_apart)
}

/// Where an argument comes from, and what is wrong with its type there.
fn source(
    names: &Names<'_>,
    argument: &PatType,
    name: Option<&str>,
    auth: Option<&Auth>,
) -> (Source, Option<Mistake>) {
    let ty = &argument.ty;
    let captured = name.filter(|name| names.is_captured(name) && names.path_taker.is_none());
    let is_queried = |name: &&str| names.query.iter().any(|known| known == name);
    let queried = name.filter(|name| is_queried(name) && names.query_taker.is_none());
    if let Some(wanted) = Wanted::of(ty) {
        let mistake = auth.and_then(|auth| wanted.check(ty, auth).err());
        let named = captured.or(queried).map(|name| names.in_the_path(name));
        return (
            Source::Guard,
            mistake.or_else(|| named.map(guard_in_the_path)),
        );
    }
    if let Some(name) = captured {
        let mut paths = names.paths.iter();
        let without = paths.find(|path| !path.captures.iter().any(|known| known == name));
        return match without {
            None => (Source::Capture(name.to_owned()), None),
            Some(without) => (
                Source::OptionalCapture(name.to_owned()),
                optional(ty, name, without).err(),
            ),
        };
    }
    let source = if let Some(name) = queried {
        Source::Query(name.to_owned(), arity(ty))
    } else if names.kind == Kind::JsonRpc && named(ty, &["Params"]).is_some() {
        Source::Params
    } else if names.kind == Kind::JsonRpc && named(ty, &["JsonRequest", "Bytes"]).is_some() {
        Source::WholeCall
    } else if let Some(part) = part_of_the_state(argument) {
        Source::State(Box::new(part))
    } else {
        Source::Extractor
    };
    (source, None)
}

/// Who is calling is not read from the path.
fn guard_in_the_path(name: String) -> Mistake {
    Mistake::new(
        format!("the path names `{name}`, and who is calling is not read from the path"),
        format!("rename the argument, or delete `{name}` in the path"),
    )
}

/// Whether an argument has a name that an extractor takes out of the path, or out of the query
/// string, itself.
fn are_taken_twice(names: &Names<'_>, arguments: &[Argument], errors: &mut Errors) -> bool {
    let captures: Vec<String> = names
        .paths
        .iter()
        .flat_map(|path| path.captures.clone())
        .collect();
    let takers = [
        (Taken::Captures, names.path_taker, &captures[..]),
        (Taken::Query, names.query_taker, names.query),
    ];
    let mut is_twice = false;
    for (what, taker, taken) in takers {
        if let Some(taker) = taker
            && let Err(mistake) = not_twice(names, arguments, taken, what, &taker.ty)
        {
            errors.add(&taker.ty, mistake);
            is_twice = true;
        }
    }
    is_twice
}

/// What an extractor takes all of.
#[derive(Clone, Copy)]
enum Taken {
    Captures,
    Query,
}

/// An error for names after `?` that no argument has, since an extractor takes the whole query string.
fn named_without_argument(names: &Names<'_>, path: &Path) -> Result<(), Mistake> {
    let mut query = names.query.iter();
    let without = query.find(|name| !names.has_argument(name));
    match (names.query_taker, without) {
        (Some(taker), Some(name)) => Err(Mistake::new(
            format!(
                "`?{name}` has no effect: no argument is called `{name}`, and `{}` takes the whole query string",
                as_text(&taker.ty)
            ),
            format!("write `\"{}\"`", path.own),
        )),
        _ => Ok(()),
    }
}

fn not_twice(
    names: &Names<'_>,
    arguments: &[Argument],
    taken: &[String],
    what: Taken,
    taker: &Type,
) -> Result<(), Mistake> {
    let mut named_arguments = arguments.iter().zip(&names.inputs);
    let twice = named_arguments.find_map(|(argument, input)| {
        let name = input.name.as_ref()?;
        let many = named(&argument.ty, &["Option", "Vec"]).and_then(only_type_argument);
        let is_a_value = is_a_value(many.unwrap_or(&argument.ty));
        (taken.contains(name) && is_a_value).then_some(name)
    });
    let Some(twice) = twice else {
        return Ok(());
    };
    let others = taken.iter().filter(|name| !names.has_argument(name));
    let others: Vec<&String> = others.collect();
    let inner = named(taker, &["Path"]).and_then(only_type_argument);
    let ty = match inner.filter(|ty| others.len() == 1 && is_a_value(ty)) {
        Some(ty) => as_text(ty),
        None => "String".to_owned(),
    };
    let others: Vec<String> = others
        .iter()
        .map(|name| format!("`{}: {ty}`", as_identifier(name)))
        .collect();
    let wrong = match what {
        Taken::Captures => format!(
            "`{}` takes all names of the path, and `{twice}` is one of them",
            as_text(taker)
        ),
        Taken::Query => format!(
            "`{}` takes the whole query string, and `{twice}` is in it",
            as_text(taker)
        ),
    };
    let help = match others.as_slice() {
        [] => "delete one of the two arguments".to_owned(),
        _ => format!("write {} in its place", others.join(", ")),
    };
    Err(Mistake::new(wrong, help))
}

/// An error for a plain value if neither the path nor the query string has its name, and for a key that is a text.
fn named_somewhere(
    argument: &Argument,
    input: &Input<'_>,
    names: &Names<'_>,
    auth: Option<&Auth>,
) -> Result<(), Mistake> {
    let Some(name) = input.name.as_deref() else {
        return Ok(());
    };
    let in_the_path = names.is_named(name).then(|| names.in_the_path(name));
    let may_be_a_key = names.kind != Kind::JsonRpc || in_the_path.is_none();
    if let Some(auth) = auth.filter(|_| may_be_a_key) {
        key_as_a_text(name, in_the_path.as_deref(), &argument.ty, auth)?;
    }
    from_somewhere(argument, name, &names.paths[0], names.kind, auth)
}

/// An error if a pattern does not take every value of the type: `Some(page)`, or `&id` of what is not a reference.
fn takes_all(argument: &PatType) -> Result<(), Mistake> {
    let (pattern, ty) = (as_text(&argument.pat), as_text(&argument.ty));
    let mut inner = inside(&argument.pat);
    if is_refutable(&argument.pat) {
        while let Pat::TupleStruct(wrapper) = inner
            && let Some(wrapped) = wrapper.elems.first()
        {
            inner = wrapped;
        }
        return Err(Mistake::new(
            format!("`{pattern}` does not take every `{ty}`"),
            format!("write `{}`, and match it in the body", as_text(inner)),
        ));
    }
    match (&*argument.pat, &*argument.ty) {
        (Pat::Reference(_), Type::Reference(_)) => Ok(()),
        (Pat::Reference(_), _) => Err(Mistake::new(
            format!("`{pattern}` takes a reference apart, and the type is `{ty}`"),
            format!("write `{}`", as_text(inner)),
        )),
        _ => Ok(()),
    }
}

/// An error for `ApiKey(key): ApiKey`.
fn key_taken_apart(argument: &PatType) -> Result<(), Mistake> {
    let Pat::TupleStruct(pattern) = &*argument.pat else {
        return Ok(());
    };
    if named(&argument.ty, &["ApiKey"]).is_none() {
        return Ok(());
    }
    let wrong = "an `ApiKey` is not taken apart";
    let help = format!(
        "write `{}: {}`",
        as_text(&pattern.elems),
        as_text(&argument.ty)
    );
    Err(Mistake::new(wrong, help))
}

/// An error for `State(auth): Authenticator`.
fn without_its_extractor(argument: &PatType) -> Result<(), Mistake> {
    let Some((pattern, extractor)) = extractor_left_out(argument) else {
        return Ok(());
    };
    let (path, ty) = (as_text(&pattern.path), as_text(&argument.ty));
    let pattern = as_text(pattern);
    let wrong = format!("`{pattern}` takes a `{extractor}<…>` apart, and `{ty}` is not one");
    Err(Mistake::new(wrong, format!("write `{path}<{ty}>`")))
}

/// An error for an argument of a type that only the router's state gives.
fn of_the_state(argument: &PatType, name: &str) -> Result<(), Mistake> {
    let ty = as_text(&argument.ty);
    let is_one = named(&argument.ty, &["Authenticator", "Arc"]).is_some();
    if !is_one {
        return Ok(());
    }
    let wrong = format!("`{ty}` is not in a request");
    let help = format!("write `State({name}): State<{ty}>`, of the router's state");
    Err(Mistake::new(wrong, help))
}

/// The `T` of a `State<T>`, also behind an alias.
fn part_of_the_state(argument: &PatType) -> Option<Type> {
    let ty = &argument.ty;
    match named(ty, &["State"]) {
        Some(state) => only_type_argument(state).cloned(),
        None => is_extractor(argument, &["State"])
            .then(|| parse_quote_spanned!(ty.span()=> <#ty as __private::OfTheState>::Part)),
    }
}

/// An error for what is taken twice.
fn twice(before: &[Argument], source: &Source) -> Option<Mistake> {
    let mut before = before.iter().map(|argument| &argument.source);
    let wrong = match source {
        Source::Guard if before.any(|source| matches!(source, Source::Guard)) => {
            "another argument already says who is calling"
        }
        Source::Params if before.any(|source| matches!(source, Source::Params)) => {
            "another argument already takes the other params"
        }
        _ => return None,
    };
    Some(Mistake::new(wrong, "delete one of the two"))
}

/// The attributes of the arguments. Levels of lints are theirs, and what is not known here may be
/// meant for an attribute macro on the body.
fn attributes(function: &Function, errors: &mut Errors) {
    let receiver = function.receiver().map(|receiver| &receiver.attrs);
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
        .flat_map(Conditional::all)
    {
        if given.is(&["cfg"]) {
            let help = "put it on the function, and write a second function for the other case";
            errors.add(
                given,
                Mistake::new("an argument cannot be conditional", help),
            );
        } else if given.is(&["doc"]) || !(has_macros || given.is_level() || given.is_cfg()) {
            given.refuse(errors);
        }
    }
}

/// An error for an argument that this path does not capture, unless it may be missing.
fn optional(ty: &Type, name: &str, without: &Path) -> Result<(), Mistake> {
    if named(ty, &["Option"]).is_some() {
        return Ok(());
    }
    let wrong = format!("`{}` does not capture `{name}`", without.route);
    let known = named(ty, &PLAIN).or_else(|| named(ty, &["String"]));
    // What another name stands for cannot be seen: it may be an option.
    let help = match known {
        Some(_) => format!("write `Option<{}>`, which is `None` there", as_text(ty)),
        None => "write it as `Option<…>`, which is `None` there".to_owned(),
    };
    Err(Mistake::new(wrong, help))
}

/// A plain value must be named in the path: nothing else gives one.
fn from_somewhere(
    argument: &Argument,
    name: &str,
    path: &Path,
    kind: Kind,
    auth: Option<&Auth>,
) -> Result<(), Mistake> {
    let extracted = matches!(argument.source, Source::Extractor | Source::Last);
    let many = named(&argument.ty, &["Option", "Vec"]).and_then(only_type_argument);
    let is_a_value = match (many, &argument.source) {
        (Some(inner), _) => is_a_value(inner),
        // A `String` that is not last does not read the body.
        (None, Source::Extractor) => is_a_value(&argument.ty),
        (None, _) => named(&argument.ty, &PLAIN).is_some(),
    };
    if !extracted || !is_a_value {
        return Ok(());
    }
    let doubled = format!("{{{{{name}}}}}");
    if path.own.contains(&doubled) {
        let meant = path
            .literal
            .value()
            .replace(&doubled, &format!("{{{name}}}"));
        let wrong = format!("`{doubled}` in a path is the text `{{{name}}}`, not a capture");
        return Err(Mistake::new(wrong, format!("write `\"{meant}\"`")));
    }
    let wrong = format!("the path does not say where `{name}` comes from");
    if kind == Kind::Http && is_secret(name) {
        return Err(Mistake::new(wrong, instead_of_a_secret(name, auth)));
    }
    let query = path.query_text();
    let route = path.own.trim_end_matches('/');
    let captured = match many {
        Some(_) => String::new(),
        None => format!(", or `\"{route}/{{{name}}}{query}\"`"),
    };
    let help = format!(
        "write `\"{}\"` for {}{captured}",
        path.with_query_name(name),
        match kind {
            Kind::Http => "a query parameter",
            Kind::Form => "a value of the query string or of the form",
            Kind::JsonRpc => "one of the call's params",
        }
    );
    Err(Mistake::new(wrong, help))
}

fn arity(ty: &Type) -> Arity {
    if named(ty, &["Option"]).is_some() {
        Arity::Optional
    } else if named(ty, &["Vec"]).is_some() {
        Arity::Many
    } else {
        Arity::One
    }
}

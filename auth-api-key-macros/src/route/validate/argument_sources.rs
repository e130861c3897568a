//! The sources of the arguments: decides where each comes from.

use syn::{
    FnArg, Pat, PatTuple, PatType, Type, ext::IdentExt, parse_quote_spanned, spanned::Spanned,
};

use super::{
    bodies::{beside_a_form, bodies},
    callers::{Wanted, instead_of_a_secret, is_secret, key_as_a_text, shared_key},
    unreadable,
};
use crate::{
    attributes::{Attributes, Conditional},
    errors::{Errors, Mistake},
    route::{
        model::{Argument, Arity, Auth, Function, Kind, Path, Source},
        parse::path::as_identifier,
    },
    tokens::{inside, is_refutable, written, written as as_written},
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
    let mut arguments = names.arguments(function, auth, errors);
    // The body of a call is read earlier.
    let extractor = |argument: &&mut Argument| matches!(argument.source, Source::Extractor);
    if kind == Kind::Http
        && let Some(last) = arguments.iter_mut().rfind(extractor)
    {
        last.source = Source::Last;
        bodies(&names.typed, &arguments, errors);
    }
    if kind == Kind::Form {
        beside_a_form(&arguments, errors);
    }
    let are_taken_twice = names.are_taken_twice(&arguments, errors);
    if let Some([path]) = paths.filter(|_| !are_taken_twice && names.apart.is_empty()) {
        for argument in &arguments {
            errors.value_or_report(&argument.ty, unreadable::captures(&argument.ty, path));
        }
    }
    // If a name has no argument, an unnamed one may be meant for it.
    if paths.is_some() && names.all_are_arguments(function, errors) && !are_taken_twice {
        let given = names.typed.iter().zip(&names.names);
        for (argument, (given, name)) in arguments.iter().zip(given) {
            let is_conditional = given.attrs.iter().any(|given| given.path().is_ident("cfg"));
            let written = names.is_named(name).then(|| names.in_the_path(name));
            let key = match auth.filter(|_| kind != Kind::JsonRpc || written.is_none()) {
                Some(auth) => key_as_a_text(name, written.as_deref(), &argument.ty, auth),
                None => Ok(()),
            };
            let path = &names.paths[0];
            let from = |()| from_somewhere(argument, name, path, kind, auth);
            if let Err(mistake) = key.and_then(from)
                && !is_conditional
            {
                errors.add(&argument.ty, &mistake);
            }
        }
    }
    arguments
}

/// The arguments by their names, and the names of the path.
pub(super) struct Names<'a> {
    pub(super) typed: Vec<&'a PatType>,
    /// Of each argument; empty unless the pattern is a name.
    pub(super) names: Vec<String>,
    pub(super) paths: &'a [Path],
    /// Of the query parameters, which are the same on all paths.
    pub(super) query: &'a [String],
    kind: Kind,
    /// Whether an argument takes all captures itself, or all of the query string.
    pub(super) path_taken: bool,
    pub(super) query_taken: bool,
    /// Whether requests may have a body that an argument reads.
    pub(super) has_body: bool,
    /// Names that an argument takes apart, which is a mistake by itself.
    pub(super) apart: Vec<String>,
}

impl<'a> Names<'a> {
    fn of(function: &'a Function, paths: &'a [Path], kind: Kind, has_body: bool) -> Self {
        let inputs = &function.signature.inputs;
        let typed: Vec<_> = inputs
            .iter()
            .filter_map(|argument| match argument {
                FnArg::Typed(argument) => Some(argument),
                FnArg::Receiver(_) => None,
            })
            .collect();
        let name = |argument: &&PatType| match inside(&argument.pat) {
            Pat::Ident(pattern) => pattern.ident.unraw().to_string(),
            _ => String::new(),
        };
        let takes = |types: &[&str]| {
            let mut typed = typed.iter();
            typed.any(|argument| is_extractor(argument, types))
        };
        let mut names = Self {
            names: typed.iter().map(name).collect(),
            paths,
            query: paths.first().map_or(&[][..], |path| &path.query),
            kind,
            path_taken: takes(&["Path", "RawPathParams"]),
            query_taken: kind == Kind::Http && takes(&["Query", "RawQuery"]),
            typed,
            has_body,
            apart: Vec::new(),
        };
        let apart = names
            .typed
            .iter()
            .filter_map(|argument| names.taken_apart(argument));
        names.apart = apart.flat_map(|(apart, _)| apart).collect();
        names
    }

    /// The names of the path in `(shop, id): (String, i64)`, or in `Path(page): Path<u32>` of `?page`, and what
    /// is wrong: each is an argument of its own.
    fn taken_apart(&self, argument: &PatType) -> Option<(Vec<String>, Mistake)> {
        let name_of = |pattern: &Pat| match pattern {
            Pat::Ident(pattern) => Some(pattern.ident.unraw().to_string()),
            _ => None,
        };
        let each = |patterns: &PatTuple| {
            patterns
                .elems
                .iter()
                .map(name_of)
                .collect::<Option<Vec<_>>>()
        };
        let pattern = as_written(&argument.pat);
        let (names, types, wrong) = match (&*argument.pat, &*argument.ty) {
            (Pat::Tuple(names), Type::Tuple(types)) if names.elems.len() == types.elems.len() => {
                let names = each(names)?;
                let wrong = format!(
                    "each name of the path is an argument, and `{pattern}` is one argument"
                );
                let captures = &self.paths.first()?.captures;
                let is_other = !names.iter().any(|name| self.is_named(name));
                if is_other && captures.len() == names.len() && types.elems.iter().all(is_a_value) {
                    let help = format!("write `Path({pattern}): Path<{}>`", as_written(types));
                    return Some((captures.clone(), Mistake::new(wrong, help)));
                }
                (names, types.elems.iter().collect(), wrong)
            }
            (Pat::TupleStruct(wrapper), ty)
                if matches!(wrapper.elems.first(), Some(Pat::Tuple(_))) =>
            {
                let Some(Pat::Tuple(names)) = wrapper.elems.first() else {
                    return None;
                };
                let Type::Tuple(types) = named(ty, &["Path"]).and_then(only_type_argument)? else {
                    return None;
                };
                let names = each(names)?;
                let query = names.iter().find(|name| self.query.contains(name))?;
                let wrong = format!("`?{query}` is a query parameter, and `Path` reads captures");
                (names, types.elems.iter().collect(), wrong)
            }
            (Pat::TupleStruct(wrapper), ty) if wrapper.elems.len() == 1 => {
                let name = name_of(&wrapper.elems[0])?;
                let taker = named(ty, &["Path", "Query", "Json", "Form"])?;
                let inner = only_type_argument(taker)?;
                let value = named(inner, &["Option", "Vec"]).and_then(only_type_argument);
                let what = match self.is_captured(&name) {
                    true => format!("`{{{name}}}` is a capture"),
                    false => format!("`?{name}` is a query parameter"),
                };
                let reads = match (taker.ident.to_string().as_str(), self.is_captured(&name)) {
                    ("Path", true) => return None,
                    ("Path", false) => "captures",
                    ("Query", true) => "the query string",
                    ("Query", false) => "all names of the query string",
                    _ => "the body",
                };
                let wrong = format!("{what}, and `{}` reads {reads}", taker.ident);
                if !is_a_value(value.unwrap_or(inner)) {
                    return None;
                }
                (vec![name], vec![inner], wrong)
            }
            _ => return None,
        };
        if names.is_empty() || !names.iter().all(|name| self.is_named(name)) {
            return None;
        }
        let arguments = names.iter().zip(types);
        let arguments: Vec<String> = arguments
            .map(|(name, ty)| format!("{}: {}", as_identifier(name), as_written(ty)))
            .collect();
        let help = format!("write `{}`", arguments.join(", "));
        Some((names, Mistake::new(wrong, help)))
    }

    pub(super) fn is_captured(&self, name: &String) -> bool {
        self.paths.iter().any(|path| path.captures.contains(name))
    }

    /// Whether an argument of this name is read from a text.
    pub(super) fn is_named(&self, name: &String) -> bool {
        self.is_captured(name) || self.query.contains(name)
    }

    /// Each argument, and where it comes from.
    fn arguments(
        &self,
        function: &Function,
        auth: Option<&Auth>,
        errors: &mut Errors,
    ) -> Vec<Argument> {
        let is_generic = !function.signature.generics.params.is_empty();
        let mut arguments: Vec<Argument> = Vec::with_capacity(self.typed.len());
        for (argument, name) in self.typed.iter().zip(&self.names) {
            let ty = (*argument.ty).clone();
            errors.value_or_report(&argument.pat, takes_all(argument));
            if !is_generic {
                errors.value_or_report(&ty, owned(&ty, self.is_named(name)));
            }
            let key = auth.map_or(Ok(()), |auth| shared_key(&ty, auth));
            if key.is_ok() && !self.is_named(name) {
                errors.value_or_report(argument, of_the_state(argument, name));
            }
            errors.value_or_report(&ty, key);
            match self.taken_apart(argument) {
                Some((_, mistake)) => errors.add(argument, &mistake),
                None => {
                    errors.value_or_report(&ty, unreadable::query_string(&ty));
                }
            }
            errors.value_or_report(argument, key_taken_apart(argument));
            errors.value_or_report(&ty, without_its_extractor(argument));
            let (source, mistake) = self.source(argument, name, auth);
            if let Some(twice) = twice(&arguments, &source) {
                errors.add(&ty, &twice);
            }
            let unreadable = match &source {
                Source::Capture(_) | Source::OptionalCapture(_) => unreadable::capture(&ty, name),
                Source::Query(..) if self.kind == Kind::Http && unreadable::is_a_file(&ty) => {
                    Err((&ty, unreadable::file()))
                }
                Source::Query(..) if self.kind != Kind::JsonRpc => unreadable::query(&ty, name),
                _ => Ok(()),
            };
            if let Err((part, mistake)) = unreadable {
                errors.add(part, &mistake);
            }
            if let Some(mistake) = mistake {
                errors.add(&ty, &mistake);
            }
            arguments.push(Argument { ty, source });
        }
        arguments
    }

    /// Where an argument comes from, and what is wrong with its type there.
    fn source(
        &self,
        argument: &PatType,
        name: &String,
        auth: Option<&Auth>,
    ) -> (Source, Option<Mistake>) {
        let ty = &argument.ty;
        if let Some(wanted) = Wanted::of(ty) {
            let mistake = auth.and_then(|auth| wanted.check(ty, auth).err());
            let mistake = mistake.or_else(|| self.also_named(name).err());
            return (Source::Guard, mistake);
        }
        let source = if self.is_captured(name) && !self.path_taken {
            let mut paths = self.paths.iter();
            match paths.find(|path| !path.captures.contains(name)) {
                None => Source::Capture(name.clone()),
                Some(without) => {
                    let mistake = optional(ty, name, without).err();
                    return (Source::OptionalCapture(name.clone()), mistake);
                }
            }
        } else if self.query.contains(name) && !self.query_taken {
            Source::Query(name.clone(), arity(ty))
        } else if self.kind == Kind::JsonRpc && named(ty, &["Params"]).is_some() {
            Source::Params
        } else if self.kind == Kind::JsonRpc && named(ty, &["JsonRequest", "Bytes"]).is_some() {
            Source::WholeCall
        } else if let Some(part) = part_of_the_state(argument) {
            Source::State(Box::new(part))
        } else {
            Source::Extractor
        };
        (source, None)
    }

    /// Who is calling is not read from the path.
    fn also_named(&self, name: &String) -> Result<(), Mistake> {
        let written = match () {
            () if self.is_captured(name) && !self.path_taken => format!("{{{name}}}"),
            () if self.query.contains(name) && !self.query_taken => format!("?{name}"),
            () => return Ok(()),
        };
        let wrong =
            format!("the path names `{written}`, and who is calling is not read from the path");
        let help = format!("rename the argument, or delete `{written}` in the path");
        Err(Mistake::new(wrong, help))
    }

    /// Whether an argument has a name that an extractor takes out of the path, or out of the query
    /// string, itself.
    fn are_taken_twice(&self, arguments: &[Argument], errors: &mut Errors) -> bool {
        let captures = self.paths.first().map_or(&[][..], |path| &path.captures);
        let takers = [
            ("Path", self.path_taken, captures),
            ("Query", self.query_taken, self.query),
        ];
        let mut is_twice = false;
        for (taker, _, taken) in takers.into_iter().filter(|(_, is_there, _)| *is_there) {
            let mut typed = self.typed.iter();
            let taker = typed.find(|argument| named(&argument.ty, &[taker]).is_some());
            if let Some(taker) = taker
                && let Err(mistake) = self.not_twice(arguments, taken, &taker.ty)
            {
                errors.add(&taker.ty, &mistake);
                is_twice = true;
            }
        }
        is_twice
    }

    fn not_twice(
        &self,
        arguments: &[Argument],
        taken: &[String],
        taker: &Type,
    ) -> Result<(), Mistake> {
        let is_taken = |(argument, name): &(&Argument, &String)| {
            taken.contains(name) && is_a_value(&argument.ty)
        };
        let mut named_arguments = arguments.iter().zip(&self.names);
        let Some((_, twice)) = named_arguments.find(is_taken) else {
            return Ok(());
        };
        let others = taken.iter().filter(|name| !self.names.contains(name));
        let others: Vec<&String> = others.collect();
        let inner = named(taker, &["Path"]).and_then(only_type_argument);
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
            written(taker)
        );
        let help = match others.as_slice() {
            [] => "delete it".to_owned(),
            _ => format!("write {} in its place", others.join(", ")),
        };
        Err(Mistake::new(wrong, help))
    }
}

/// An error if a pattern does not take every value of the type: `Some(page)`, or `&id` of what is not a reference.
fn takes_all(argument: &PatType) -> Result<(), Mistake> {
    let (pattern, ty) = (written(&argument.pat), written(&argument.ty));
    let mut inner = inside(&argument.pat);
    if is_refutable(&argument.pat) {
        while let Pat::TupleStruct(wrapper) = inner
            && let Some(wrapped) = wrapper.elems.first()
        {
            inner = wrapped;
        }
        return Err(Mistake::new(
            format!("`{pattern}` does not take every `{ty}`"),
            format!("write `{}`, and match it in the body", written(inner)),
        ));
    }
    match (&*argument.pat, &*argument.ty) {
        (Pat::Reference(_), Type::Reference(_)) => Ok(()),
        (Pat::Reference(_), _) => Err(Mistake::new(
            format!("`{pattern}` takes a reference apart, and the type is `{ty}`"),
            format!("write `{}`", written(inner)),
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
        as_written(&pattern.elems),
        as_written(&argument.ty)
    );
    Err(Mistake::new(wrong, help))
}

/// An error for `State(auth): Authenticator`.
fn without_its_extractor(argument: &PatType) -> Result<(), Mistake> {
    let Some((pattern, extractor)) = extractor_left_out(argument) else {
        return Ok(());
    };
    let (path, ty) = (as_written(&pattern.path), as_written(&argument.ty));
    let pattern = as_written(pattern);
    let wrong = format!("`{pattern}` takes a `{extractor}<…>` apart, and `{ty}` is not one");
    Err(Mistake::new(wrong, format!("write `{path}<{ty}>`")))
}

/// An error for an argument of a type that only the router's state gives.
fn of_the_state(argument: &PatType, name: &str) -> Result<(), Mistake> {
    let ty = as_written(&argument.ty);
    let is_one = named(&argument.ty, &["Authenticator", "Arc"]).is_some();
    if !is_one || name.is_empty() {
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
            errors.push(given, "an argument cannot be conditional", help);
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
        Some(_) => format!("write `Option<{}>`, which is `None` there", written(ty)),
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
    if name.is_empty() || !extracted || !is_a_value {
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

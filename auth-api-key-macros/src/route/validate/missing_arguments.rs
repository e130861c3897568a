//! Names of the path that have no argument: reports each, and which argument was probably meant.

use syn::{Pat, PatType, ext::IdentExt};

use super::{
    names::Names,
    pairs::{Spare, pairs},
};
use crate::{
    errors::{Errors, Mistake, enumerate},
    route::{
        model::Function,
        validate::path::name::{as_identifier, is_name},
    },
    tokens::as_text,
    types::{is_a_part_of_the_state, is_a_value, may_be_a_text, named, only_type_argument},
};

/// Reports each name of the path that has no argument and is not in `apart`. Returns whether there is such a name.
pub(super) fn report_missing(
    names: &Names<'_>,
    apart: &[String],
    function: &Function,
    errors: &mut Errors,
) -> bool {
    let first = &names.paths[0];
    let missing = missing(names, apart);
    let meant = match meant(names, &missing) {
        Ok(meant) => meant,
        Err(mistake) => {
            errors.add(&first.literal, mistake);
            return true;
        }
    };
    for (name, meant) in missing.iter().zip(&meant) {
        let mistake = without_argument(names, name, meant.as_ref());
        let mut paths = names.paths.iter();
        match paths.find(|path| path.captures[path.inherited..].contains(name)) {
            Some(path) => errors.add(&path.literal, mistake),
            None if names.is_captured(name) => errors.add(&function.signature.ident, mistake),
            None => errors.add(&first.literal, mistake),
        }
    }
    !missing.is_empty()
}

/// The names of the path that no argument has: captures, then query parameters.
fn missing<'a>(names: &Names<'a>, apart: &[String]) -> Vec<&'a String> {
    let captures = names.paths.iter().flat_map(|path| &path.captures);
    let captures = captures.filter(|_| names.path_taker.is_none());
    let query = names.query.iter().filter(|_| names.query_taker.is_none());
    let mut missing = Vec::new();
    for name in captures.chain(query) {
        let is_there = names.has_argument(name) || apart.contains(name);
        if !is_there && !missing.contains(&name) {
            missing.push(name);
        }
    }
    missing
}

/// For each missing name, the argument that is probably meant. An error if it is unclear which one is meant.
fn meant<'a>(names: &'a Names<'_>, missing: &[&String]) -> Result<Vec<Option<Spare<'a>>>, Mistake> {
    let spare = spare(names);
    let texts: Vec<&str> = missing.iter().map(|name| name.as_str()).collect();
    let pairs = pairs(&texts, &spare);
    let of_names = missing.iter().zip(&pairs);
    let alone = of_names.filter(|(name, pair)| pair.is_none() && is_name(name));
    let alone: Vec<&str> = alone.map(|(name, _)| name.as_str()).collect();
    let rest = spare.iter().enumerate();
    let rest = rest.filter(|(at, _)| !pairs.contains(&Some(*at)));
    let (values, others): (Vec<_>, Vec<_>) = rest
        .map(|(_, meant)| *meant)
        .partition(|meant| meant.is_value);
    if !alone.is_empty() && !values.is_empty() {
        let values: Vec<&str> = values.iter().map(|value| value.name).collect();
        let written = alone.iter().map(|name| names.in_the_path(name));
        return Err(unclear(&alone, &written.collect::<Vec<_>>(), &values));
    }
    let meant = |pair: &Option<usize>| match (pair, others.as_slice()) {
        (Some(at), _) => Some(spare[*at]),
        (None, [only]) if alone.len() == 1 => Some(*only),
        (None, _) => None,
    };
    Ok(pairs.iter().map(meant).collect())
}

/// The mistake for names and values if it is unclear which value belongs to which name.
fn unclear(names: &[&str], written: &[String], values: &[&str]) -> Mistake {
    let written = enumerate(written.iter().map(String::as_str), "and");
    let are_called = match values {
        [only] => format!("the argument is called `{only}`"),
        several => format!(
            "the arguments are called {}",
            enumerate(several.iter().copied(), "and")
        ),
    };
    let all = names.iter().copied();
    let help = match values {
        [only] => format!(
            "rename `{only}` to {}, and add an argument for each other name",
            enumerate(all, "or")
        ),
        _ if values.len() < names.len() => {
            "rename each to a name of the path, and add an argument for each other name".to_owned()
        }
        _ => format!(
            "rename one of them to {}, and name the others after `?`",
            enumerate(all, "and one to")
        ),
    };
    Mistake::new(format!("the path names {written}, and {are_called}"), help)
}

/// The arguments that the path may be meant to name.
fn spare<'a>(names: &'a Names<'_>) -> Vec<Spare<'a>> {
    let last = names.inputs.len().saturating_sub(1);
    let inputs = names.inputs.iter().enumerate();
    let spare = inputs.filter_map(|(at, input)| {
        let (name, ty) = (input.name.as_deref()?, &*input.typed.ty);
        let is_of_a_body = ["body", "content", "data", "payload", "text"].contains(&name);
        let is_free = !names.is_named(name) && !is_of_a_body;
        let is_one = is_free && may_be_named(input.typed);
        let many = named(ty, &["Option", "Vec"]).and_then(only_type_argument);
        // The last text may be the body.
        let is_body = named(ty, &["String"]).is_some() && names.has_body && at == last;
        let is_value = is_a_value(many.unwrap_or(ty)) && !is_body;
        is_one.then_some(Spare { name, ty, is_value })
    });
    spare.collect()
}

/// What is wrong with a name of the path that is not one of an argument.
fn without_argument(names: &Names<'_>, name: &str, meant: Option<&Spare<'_>>) -> Mistake {
    let written = names.in_the_path(name);
    if !is_name(name) {
        return not_a_name(name, &written);
    }
    let mut types = names.inputs.iter().map(|input| input.typed);
    if let Some(wrapped) = types.find(|argument| wraps(&argument.pat, name)) {
        return wrapped_name(name, wrapped);
    }
    let argument = as_identifier(name);
    let ty = match names.is_captured(name) {
        true => "String",
        false => "Option<String>",
    };
    let first = &names.paths[0];
    let mut inherited = first.captures[..first.inherited].iter();
    let is_inherited = inherited.any(|capture| capture == name);
    let help = match meant {
        Some(meant) if is_inherited => {
            let ty = as_text(meant.ty);
            let (other, path) = (meant.name, written.replace(name, meant.name));
            format!(
                "write `{argument}: {ty}` in the place of `{other}: {ty}`, or `{path}` in the \
                 controller's path"
            )
        }
        Some(meant) => {
            let path = written.replace(name, meant.name);
            match meant.is_value {
                true => format!(
                    "write `{path}`, or rename the argument: `{argument}: {}`",
                    as_text(meant.ty)
                ),
                false => format!(
                    "write `{path}` if it is `{}`, or add the argument `{argument}: {ty}`",
                    meant.name
                ),
            }
        }
        None => match unnamed(names) {
            Some(ty) => format!("write `{argument}: {ty}` in the place of `_: {ty}`"),
            None => format!("add the argument `{argument}: {ty}`"),
        },
    };
    let path = match is_inherited {
        true => "controller's path",
        false => "path",
    };
    let wrong = format!("the {path} names `{written}`, and no argument is called `{name}`");
    Mistake::new(wrong, help)
}

/// What is wrong with a name that no argument can have.
fn not_a_name(name: &str, written: &str) -> Mistake {
    let plain: String = name
        .chars()
        .map(|c| if c == '-' { '_' } else { c })
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    let plain = if is_name(&plain) { &plain } else { "name" };
    let wrong = format!("`{written}` cannot be the name of an argument");
    Mistake::new(wrong, format!("write `{}`", written.replace(name, plain)))
}

/// What is wrong with `Name(name)` for a name of the path.
fn wrapped_name(name: &str, argument: &PatType) -> Mistake {
    let (name, ty) = (as_identifier(name), as_text(&argument.ty));
    let pattern = as_text(&argument.pat);
    let wrong = format!("the argument of a capture is only a name, not `{pattern}`");
    let help = format!("write `{name}: {ty}`, and `{name}.0` in the body");
    Mistake::new(wrong, help)
}

/// The type of an argument `_` that is a value.
fn unnamed(names: &Names<'_>) -> Option<String> {
    let mut arguments = names.inputs.iter().map(|input| input.typed);
    let unnamed = arguments
        .find(|argument| matches!(*argument.pat, Pat::Wild(_)) && is_a_value(&argument.ty))?;
    Some(as_text(&unnamed.ty))
}

/// Whether the path may name an argument: it is a value, or of a type that may be read from a text.
fn may_be_named(argument: &PatType) -> bool {
    let many = named(&argument.ty, &["Option", "Vec"]).and_then(only_type_argument);
    let ty = many.unwrap_or(&argument.ty);
    (is_a_value(ty) || may_be_a_text(ty)) && !is_a_part_of_the_state(argument)
}

/// Whether a pattern is `Name(name)`.
fn wraps(pattern: &Pat, name: &str) -> bool {
    let Pat::TupleStruct(pattern) = pattern else {
        return false;
    };
    matches!(
        pattern.elems.first(),
        Some(Pat::Ident(inner)) if pattern.elems.len() == 1 && inner.ident.unraw() == name
    )
}

//! Names of the path that have no argument: reports each, and which argument was probably meant.

use syn::{Pat, PatType, ext::IdentExt};

use super::{
    argument_sources::Names,
    pairs::{Meant, pairs},
};
use crate::{
    errors::{Errors, Mistake, enumerate},
    route::{
        model::Function,
        parse::path::{as_identifier, is_name},
    },
    tokens::written as as_written,
    types::{is_a_part_of_the_state, is_a_value, may_be_a_text, named, only_type_argument},
};

impl<'a> Names<'a> {
    /// Whether each name of the path has an argument; reports the others.
    pub(super) fn all_are_arguments(&self, function: &Function, errors: &mut Errors) -> bool {
        let first = &self.paths[0];
        let missing = self.missing();
        let meant = self.meant(&missing);
        if let Err(mistake) = &meant {
            errors.add(&first.literal, mistake);
            return false;
        }
        let meant = meant.unwrap_or_default();
        for (name, meant) in missing.iter().zip(&meant) {
            let mistake = self.without_argument(name, meant.as_ref());
            let mut paths = self.paths.iter();
            match paths.find(|path| path.captures[path.inherited..].contains(name)) {
                Some(path) => errors.add(&path.literal, &mistake),
                None if self.is_captured(name) => errors.add(&function.signature.ident, &mistake),
                None => errors.add(&first.literal, &mistake),
            }
        }
        missing.is_empty()
    }

    /// The names of the path that no argument has: captures, then query parameters.
    fn missing(&self) -> Vec<&'a String> {
        let captures = self.paths.iter().flat_map(|path| &path.captures);
        let captures = captures.filter(|_| !self.path_taken);
        let query = self.query.iter().filter(|_| !self.query_taken);
        let mut missing = Vec::new();
        for name in captures.chain(query) {
            let is_there = self.names.contains(name) || self.apart.contains(name);
            if !is_there && !missing.contains(&name) {
                missing.push(name);
            }
        }
        missing
    }

    /// The argument that is meant for each missing name, if one is; or that several may be.
    fn meant(&self, missing: &[&String]) -> Result<Vec<Option<Meant<'_>>>, Mistake> {
        let spare = self.spare();
        let names: Vec<&str> = missing.iter().map(|name| name.as_str()).collect();
        let pairs = pairs(&names, &spare);
        let of_names = missing.iter().zip(&pairs);
        let alone = of_names.filter(|(name, pair)| pair.is_none() && is_name(name));
        let alone: Vec<&String> = alone.map(|(name, _)| *name).collect();
        let rest = spare.iter().enumerate();
        let rest = rest.filter(|(at, _)| !pairs.contains(&Some(*at)));
        let (values, others): (Vec<_>, Vec<_>) = rest
            .map(|(_, meant)| *meant)
            .partition(|meant| meant.is_value);
        if !alone.is_empty() && !values.is_empty() {
            return Err(self.unclear(&alone, &values));
        }
        let meant = |pair: &Option<usize>| match (pair, others.as_slice()) {
            (Some(at), _) => Some(spare[*at]),
            (None, [only]) if alone.len() == 1 => Some(*only),
            (None, _) => None,
        };
        Ok(pairs.iter().map(meant).collect())
    }

    /// Names and values of which it is not clear which belong together.
    fn unclear(&self, names: &[&String], values: &[Meant<'_>]) -> Mistake {
        let listed = |names: &[&str]| enumerate(names.iter().copied(), "and");
        let written: Vec<String> = names.iter().map(|name| self.in_the_path(name)).collect();
        let written: Vec<&str> = written.iter().map(String::as_str).collect();
        let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        let values: Vec<&str> = values.iter().map(|value| value.name).collect();
        let are_called = match values.as_slice() {
            [only] => format!("the argument is called `{only}`"),
            several => format!("the arguments are called {}", listed(several)),
        };
        let help = match values.as_slice() {
            [only] => format!(
                "rename `{only}` to {}, and add an argument for each other name",
                enumerate(names, "or")
            ),
            _ if values.len() < names.len() => {
                "rename each to a name of the path, and add an argument for each other name"
                    .to_owned()
            }
            _ => format!(
                "rename one of them to {}, and name the others after `?`",
                enumerate(names, "and one to")
            ),
        };
        Mistake::new(
            format!("the path names {}, and {are_called}", listed(&written)),
            help,
        )
    }

    /// The arguments that the path may be meant to name.
    fn spare(&self) -> Vec<Meant<'_>> {
        let arguments = self.typed.iter().zip(&self.names).enumerate();
        let spare = arguments.filter_map(|(at, (argument, name))| {
            let is_of_a_body = ["body", "content", "data", "payload", "text"].contains(&&**name);
            let is_free = !name.is_empty() && !self.is_named(name) && !is_of_a_body;
            let is_one = is_free && may_be_named(argument);
            let many = named(&argument.ty, &["Option", "Vec"]).and_then(only_type_argument);
            // The last text may be the body.
            let is_text = named(&argument.ty, &["String"]).is_some();
            let is_body = is_text && self.has_body && at + 1 == self.typed.len();
            let is_value = is_a_value(many.unwrap_or(&argument.ty)) && !is_body;
            let ty = &*argument.ty;
            is_one.then_some(Meant { name, ty, is_value })
        });
        spare.collect()
    }

    /// A name as it is in the path.
    pub(super) fn in_the_path(&self, name: &String) -> String {
        match self.is_captured(name) {
            true => format!("{{{name}}}"),
            false => format!("?{name}"),
        }
    }

    /// What is wrong with a name of the path that is not one of an argument.
    fn without_argument(&self, name: &String, meant: Option<&Meant<'_>>) -> Mistake {
        let written = self.in_the_path(name);
        if !is_name(name) {
            let plain: String = name
                .chars()
                .map(|c| if c == '-' { '_' } else { c })
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let plain = if is_name(&plain) { &plain } else { "name" };
            let wrong = format!("`{written}` cannot be the name of an argument");
            return Mistake::new(wrong, format!("write `{}`", written.replace(name, plain)));
        }
        let is_unnamed = |argument: &&&PatType| {
            matches!(*argument.pat, Pat::Wild(_)) && is_a_value(&argument.ty)
        };
        let unnamed = self.typed.iter().find(is_unnamed);
        if let Some(wrapped) = self
            .typed
            .iter()
            .find(|argument| wraps(&argument.pat, name))
        {
            let (name, ty) = (as_identifier(name), as_written(&wrapped.ty));
            let pattern = as_written(&wrapped.pat);
            let wrong = format!("the argument of a capture is only a name, not `{pattern}`");
            let help = format!("write `{name}: {ty}`, and `{name}.0` in the body");
            return Mistake::new(wrong, help);
        }
        let argument = as_identifier(name);
        let ty = if self.is_captured(name) {
            "String"
        } else {
            "Option<String>"
        };
        let is_inherited = self.paths[0].captures[..self.paths[0].inherited].contains(name);
        let help = match (meant, unnamed) {
            (Some(meant), _) if is_inherited => {
                let ty = as_written(meant.ty);
                let (other, path) = (meant.name, written.replace(name, meant.name));
                format!(
                    "write `{argument}: {ty}` in the place of `{other}: {ty}`, or `{path}` in the \
                     controller's path"
                )
            }
            (Some(meant), _) => {
                let path = written.replace(name, meant.name);
                match meant.is_value {
                    true => format!(
                        "write `{path}`, or rename the argument: `{argument}: {}`",
                        as_written(meant.ty)
                    ),
                    false => format!(
                        "write `{path}` if it is `{}`, or add the argument `{argument}: {ty}`",
                        meant.name
                    ),
                }
            }
            (None, Some(unnamed)) => {
                let ty = as_written(&unnamed.ty);
                format!("write `{argument}: {ty}` in the place of `_: {ty}`")
            }
            (None, None) => format!("add the argument `{argument}: {ty}`"),
        };
        let path = if is_inherited {
            "controller's path"
        } else {
            "path"
        };
        let wrong = format!("the {path} names `{written}`, and no argument is called `{name}`");
        Mistake::new(wrong, help)
    }
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

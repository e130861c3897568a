//! Names of the path that have no argument: reports each, and which argument was probably meant.

use std::collections::BTreeSet;

use syn::{Pat, PatType, ext::IdentExt};

use super::argument_sources::Names;
use crate::{
    errors::{Errors, Mistake, closest},
    route::{
        model::Function,
        parse::path::{as_identifier, is_name},
    },
    tokens::written as as_written,
    types::{is_a_value, may_be_a_text, named, only_type_argument},
};

impl Names<'_> {
    /// Whether each name of the path has an argument; reports the others.
    pub(super) fn all_are_arguments(&self, function: &Function, errors: &mut Errors) -> bool {
        let mut all_there = true;
        let is_missing = |name: &&String| !self.names.contains(name) && !self.apart.contains(name);
        let first = &self.paths[0];
        let inherited = first.captures[..first.inherited].iter();
        for name in inherited.filter(|name| !self.path_taken && is_missing(name)) {
            all_there = false;
            let wrong = format!(
                "the controller's path names `{{{name}}}`, and no argument is called `{name}`"
            );
            let written = as_identifier(name);
            let help = match self.meant_for(name) {
                Some((PatType { ty, .. }, meant)) => {
                    let ty = as_written(ty);
                    format!("write `{written}: {ty}` in the place of `{meant}: {ty}`")
                }
                None => format!("add the argument `{written}: String`"),
            };
            errors.push(&function.signature.ident, wrong, help);
        }
        for (at, path) in self.paths.iter().enumerate() {
            let before = &self.paths[..at];
            let is_new = |name: &String| before.iter().all(|path| !path.captures.contains(name));
            let own = path.captures[path.inherited..].iter();
            for name in own.filter(|name| !self.path_taken && is_missing(name) && is_new(name)) {
                all_there = false;
                let mistake = self.missing(name, format!("{{{name}}}"), "String");
                errors.add(&path.literal, &mistake);
            }
        }
        let query = self.query.iter();
        for name in query.filter(|name| !self.query_taken && is_missing(name)) {
            all_there = false;
            let mistake = self.missing(name, format!("?{name}"), "Option<String>");
            errors.add(&first.literal, &mistake);
        }
        all_there
    }

    /// The argument that is meant for a name of the path: its name is near, or one of the two names is in the other,
    /// or it is the only value that nothing names.
    fn meant_for(&self, name: &str) -> Option<(&PatType, &str)> {
        let is_of_a_body = ["body", "content", "data", "payload", "text"];
        let named_arguments = self.typed.iter().copied().zip(self.names.iter());
        let spare: Vec<(&PatType, &str)> = named_arguments
            .filter(|(_, name)| !name.is_empty() && !self.is_named(name))
            .map(|(argument, name)| (argument, name.as_str()))
            .collect();
        let near = closest(name, spare.iter().map(|(_, name)| *name));
        if let Some(near) = near {
            return spare.into_iter().find(|(_, name)| *name == near);
        }
        let values: Vec<(&PatType, &str)> = spare
            .into_iter()
            .filter(|(argument, name)| {
                let many = named(&argument.ty, &["Option", "Vec"]).and_then(only_type_argument);
                !is_of_a_body.contains(name) && is_a_value(many.unwrap_or(&argument.ty))
            })
            .collect();
        let has_in_it =
            |(_, other): &&(&PatType, &str)| other.contains(name) || name.contains(other);
        let mut similar = values.iter().filter(has_in_it);
        if let (Some(meant), None) = (similar.next(), similar.next()) {
            return Some(*meant);
        }
        let captures = self.paths.iter().flat_map(|path| &path.captures);
        let all: BTreeSet<&String> = captures.chain(self.query).collect();
        let missing = all.into_iter().filter(|name| !self.names.contains(name));
        match values.as_slice() {
            [only] if missing.count() == 1 => Some(*only),
            _ => None,
        }
    }

    /// The only argument whose type may be read from a text or from something else: its name does not say.
    fn perhaps_meant(&self) -> Option<(&PatType, &str)> {
        let mut unknown = self
            .typed
            .iter()
            .zip(&self.names)
            .filter(|(argument, name)| {
                let is_free = !name.is_empty() && !self.is_named(name);
                is_free && may_be_a_text(&argument.ty)
            });
        let (argument, name) = unknown.next()?;
        unknown
            .next()
            .is_none()
            .then_some((*argument, name.as_str()))
    }

    /// What is wrong with a name of the path that is not one of an argument.
    fn missing(&self, name: &str, written: String, ty: &str) -> Mistake {
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
        let help = match (self.meant_for(name), unnamed) {
            (Some((argument, meant)), _) => format!(
                "write `{}`, or rename the argument: `{}: {}`",
                written.replace(name, meant),
                as_identifier(name),
                as_written(&argument.ty)
            ),
            (None, Some(unnamed)) => {
                let (name, ty) = (as_identifier(name), as_written(&unnamed.ty));
                format!("write `{name}: {ty}` in the place of `_: {ty}`")
            }
            (None, None) => {
                let name = as_identifier(name);
                let or = match self.perhaps_meant() {
                    Some((PatType { ty, .. }, other)) => {
                        let ty = as_written(ty);
                        format!(", or write `{name}: {ty}` in the place of `{other}: {ty}`")
                    }
                    None => String::new(),
                };
                format!("add the argument `{name}: {ty}`{or}")
            }
        };
        let wrong = format!("the path names `{written}`, and no argument is called `{name}`");
        Mistake::new(wrong, help)
    }
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

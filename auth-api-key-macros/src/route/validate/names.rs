//! The arguments of a function, and the names of its path.

use syn::{FnArg, Pat, PatType, ext::IdentExt};

use crate::{
    route::model::{Function, Kind, Path},
    tokens::inside,
    types::is_extractor,
};

/// An argument as it was written.
pub(super) struct Input<'a> {
    pub(super) typed: &'a PatType,
    /// `None` if the pattern is more than a name.
    pub(super) name: Option<String>,
}

/// The arguments, and the names of the path.
pub(super) struct Names<'a> {
    pub(super) inputs: Vec<Input<'a>>,
    pub(super) paths: &'a [Path],
    /// The names of the query parameters: all paths have the same.
    pub(super) query: &'a [String],
    pub(super) kind: Kind,
    /// The argument that takes all captures itself, or all of the query string.
    pub(super) path_taker: Option<&'a PatType>,
    pub(super) query_taker: Option<&'a PatType>,
    /// Whether requests may have a body that an argument reads.
    pub(super) has_body: bool,
}

impl<'a> Names<'a> {
    pub(super) fn of(
        function: &'a Function,
        paths: &'a [Path],
        kind: Kind,
        has_body: bool,
    ) -> Self {
        let inputs = function.signature.inputs.iter();
        let inputs: Vec<Input<'_>> = inputs
            .filter_map(|argument| match argument {
                FnArg::Typed(typed) => Some(Input {
                    typed,
                    name: name_of(inside(&typed.pat)),
                }),
                FnArg::Receiver(_) => None,
            })
            .collect();
        let taker = |types: &[&str]| {
            let mut typed = inputs.iter().map(|input| input.typed);
            typed.find(|typed| is_extractor(typed, types))
        };
        Self {
            paths,
            query: paths.first().map_or(&[][..], |path| &path.query),
            kind,
            path_taker: taker(&["Path", "RawPathParams"]),
            query_taker: taker(&["Query", "RawQuery"]).filter(|_| kind == Kind::Http),
            has_body,
            inputs,
        }
    }

    pub(super) fn is_captured(&self, name: &str) -> bool {
        let mut captures = self.paths.iter().flat_map(|path| &path.captures);
        captures.any(|capture| capture == name)
    }

    /// Whether the path has this name, as a capture or after `?`.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.is_captured(name) || self.query.iter().any(|known| known == name)
    }

    /// Whether an argument has this name.
    pub(super) fn has_argument(&self, name: &str) -> bool {
        let mut names = self.inputs.iter().filter_map(|input| input.name.as_deref());
        names.any(|known| known == name)
    }

    /// A name as it is in the path.
    pub(super) fn in_the_path(&self, name: &str) -> String {
        match self.is_captured(name) {
            true => format!("{{{name}}}"),
            false => format!("?{name}"),
        }
    }
}

/// The name, if the pattern is only a name.
pub(super) fn name_of(pattern: &Pat) -> Option<String> {
    match pattern {
        Pat::Ident(pattern) => Some(pattern.ident.unraw().to_string()),
        _ => None,
    }
}

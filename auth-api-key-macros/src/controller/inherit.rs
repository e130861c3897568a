//! What a controller says for all its routes, and how each route overrides it.

use proc_macro2::TokenStream;
use syn::{Expr, LitStr};

use crate::{
    errors::{Errors, written as as_written},
    route::{
        parse::{PATH, Written},
        path::Path,
        validate,
    },
    tokens::string,
};

/// The path and the options of a controller.
pub(crate) struct Defaults {
    written: Written,
    /// Whether they have a fault, of which no route shall complain again.
    are_faulty: bool,
    prefix: Option<Path>,
}

impl Defaults {
    pub(crate) fn of(written: Written, errors: &mut Errors) -> Self {
        let mut own = Errors::default();
        let prefix = prefix(&written, &mut own);
        let auth = written.option("auth");
        let auth = auth.and_then(|_| validate::auth(&written, &mut own));
        validate::methods(&written, &mut own);
        validate::groups(&written, auth.as_ref(), &mut own);
        validate::state(&written, &mut own);
        validate::kind(&written, &mut own);
        validate::cors(&written, &mut own);
        let are_faulty = !own.is_empty();
        errors.append(own);
        Self {
            written,
            are_faulty,
            prefix,
        }
    }

    /// Gives a route what it does not say itself.
    pub(crate) fn give(&self, route: &mut Written, errors: &mut Errors) {
        if let Some((name, _)) = route.option("crate") {
            let help = "write it in `#[controller(…)]`";
            errors.push(name, "`crate` is one for all routes of a controller", help);
        }
        route.overrides_groups = self.written.meant("groups");
        let keyed = match route.option("auth") {
            Some((_, value)) => is_api_key(value),
            None => !route.meant("auth"),
        };
        for (name, ident, value) in &self.written.options {
            let dropped = *name == "groups" && !keyed;
            if dropped || route.meant(name) {
                continue;
            }
            let value = match self.are_faulty {
                true => TokenStream::new(),
                false => value.clone(),
            };
            route.options.push((name, ident.clone(), value));
        }
        route.prefix.clone_from(&self.prefix);
        // What the path captures is not known.
        if self.are_faulty && !self.written.paths.is_empty() && self.prefix.is_none() {
            route.paths.clear();
            route.mean(PATH, &self.written.paths[0]);
        }
    }
}

fn is_api_key(value: &TokenStream) -> bool {
    syn::parse2::<LitStr>(value.clone()).is_ok_and(|text| text.value() == "api_key")
}

/// The path under which the routes are.
fn prefix(written: &Written, errors: &mut Errors) -> Option<Path> {
    let path = match written.paths.as_slice() {
        [] => return None,
        [Expr::Array(list)] => {
            let help = match list.elems.first() {
                Some(first) => format!("write `{}`", as_written(first)),
                None => "write `\"/shop\"`, or leave it out".to_owned(),
            };
            errors.push(list, "a controller has one path, and no list", &help);
            return None;
        }
        [path] => path,
        [_, second, ..] => {
            errors.push(second, "a controller has one path", "delete it");
            return None;
        }
    };
    let Some(literal) = string(path) else {
        let wrong = format!("`{}` is not a path", as_written(path));
        errors.push(path, &wrong, "write a string literal: `\"/shop\"`");
        return None;
    };
    let path = Path::parse(literal, errors)?;
    let own = path.own.trim_end_matches('/');
    let fault = if own.is_empty() {
        Some((
            "`/` adds nothing to the paths of the routes".to_owned(),
            "delete it".to_owned(),
        ))
    } else if !path.query.is_empty() {
        let wrong = "a controller's path names no query parameters".to_owned();
        Some((
            wrong,
            format!("write `\"{own}\"`, and name them in the routes"),
        ))
    } else if path.own.ends_with('/') {
        let wrong = format!("the controller's path `{}` ends with a slash", path.own);
        Some((wrong, format!("write `\"{own}\"`")))
    } else if path.shape.ends_with("{*}") {
        let wrong = "a catch-all takes all that follows, so no route can".to_owned();
        Some((
            wrong,
            "write `{name}` for one segment, or put it into the routes".to_owned(),
        ))
    } else {
        None
    };
    match fault {
        Some((wrong, help)) => {
            errors.push(literal, &wrong, &help);
            None
        }
        None => Some(path),
    }
}

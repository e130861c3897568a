//! What a controller sets for all its routes. It is read once; the routes inherit the values.
//! `route/validate/paths.rs` joins its path to theirs.

use syn::Expr;

use crate::{
    errors::{Errors, Mistake},
    route::{
        model::{Attribute, Given, Options, Path},
        parse::constant::no_path,
        validate::options::options,
    },
    tokens::{as_text, string},
};

/// The path and the options of a controller.
pub(crate) fn defaults(attribute: &Attribute, errors: &mut Errors) -> Options {
    let path = attribute.paths.as_ref().and_then(|written| {
        let [first, others @ ..] = written.as_slice() else {
            return Given::Absent;
        };
        let path = match only(first, others) {
            Ok(path) => errors.value_or_report(path, prefix(path)),
            Err((place, mistake)) => {
                errors.add(place, mistake);
                None
            }
        };
        Given::value_or_mistaken(path)
    });
    let prefix = path.map(|path| vec![path]);
    options(attribute, prefix, &Options::none(), errors)
}

/// The path of a controller, which can have only one, or the mistake and its place.
fn only<'a>(first: &'a Expr, others: &'a [Expr]) -> Result<&'a Expr, (&'a Expr, Mistake)> {
    match (first, others) {
        (_, [second, ..]) => {
            let wrong = "a controller has one path";
            Err((second, Mistake::new(wrong, "delete it")))
        }
        (Expr::Array(list), []) => {
            let help = match list.elems.first() {
                Some(first) => format!("write `{}`", as_text(first)),
                None => "write `\"/shop\"`, or leave it out".to_owned(),
            };
            let wrong = "a controller has one path, not a list";
            Err((first, Mistake::new(wrong, help)))
        }
        (path, []) => Ok(path),
    }
}

/// The path that is put before those of the routes.
fn prefix(path: &Expr) -> Result<Path, Mistake> {
    let Some(literal) = string(path) else {
        return Err(no_path(path));
    };
    let path = Path::parse(literal)?;
    let own = path.own.trim_end_matches('/');
    Err(if own.is_empty() {
        Mistake::new("`/` adds nothing to the paths of the routes", "delete it")
    } else if !path.query.is_empty() {
        Mistake::new(
            "a controller's path names no query parameters",
            format!("write `\"{own}\"`, and name them in the routes"),
        )
    } else if path.own.ends_with('/') {
        let wrong = format!("the controller's path `{}` ends with a slash", path.own);
        Mistake::new(wrong, format!("write `\"{own}\"`"))
    } else if path.shape.ends_with("{*}") {
        Mistake::new(
            "a catch-all takes everything that follows, so no route can",
            "write `{name}` for one segment, or put it into the routes",
        )
    } else {
        return Ok(path);
    })
}

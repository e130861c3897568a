//! The paths of a route: joins each to the path of the controller, and reports paths that clash.

use quote::ToTokens;
use syn::Expr;

use super::lists::each;
use crate::{
    errors::{Errors, Mistake},
    route::{
        model::{Attribute, Given, Path},
        options::WHOLE,
        parse::constant::no_path,
    },
    tokens::string,
};

/// The paths, if there is no mistake in any of them.
pub(crate) fn paths(
    attribute: &Attribute,
    above: &Given<Vec<Path>>,
    errors: &mut Errors,
) -> Given<Vec<Path>> {
    let prefix = match above {
        Given::Absent | Given::Mistaken => None,
        Given::Value(paths) => paths.first(),
    };
    if attribute.paths.is_absent() {
        let help = match above {
            Given::Absent => format!("write `{WHOLE}`"),
            _ => "write it first, such as `\"/\"` for the controller's own".to_owned(),
        };
        let mistake = Mistake::new("the route has no path", help);
        errors.add(&attribute.whole, mistake);
        return Given::Mistaken;
    }
    attribute.paths.as_ref().and_then(|written| {
        let elements = match elements(written) {
            Ok(elements) => elements,
            Err((place, mistake)) => {
                errors.add(place, mistake);
                return Given::Mistaken;
            }
        };
        let paths = each(&elements, |element, _| path(element, prefix), errors);
        // Without the controller's path, its captures are not known.
        let is_faulty = paths.is_empty() || paths.len() < elements.len();
        if is_faulty || matches!(above, Given::Mistaken) {
            return Given::Mistaken;
        }
        for (at, path) in paths.iter().enumerate().skip(1) {
            if let Err((wrong, mistake)) = beside(path, &paths[..at]) {
                errors.add(&wrong.literal, mistake);
                return Given::Mistaken;
            }
        }
        Given::Value(paths)
    })
}

/// The paths of a list, or a single path, or the mistake and its place.
fn elements(written: &[Expr]) -> Result<Vec<&Expr>, (&Expr, Mistake)> {
    match written {
        [list @ Expr::Array(array)] if array.elems.is_empty() => {
            let help = "write `[\"/a\", \"/b\"]`";
            Err((list, Mistake::new("the list of paths is empty", help)))
        }
        [Expr::Array(array)] => Ok(array.elems.iter().collect()),
        [first, .., last] => {
            let inside = |path: &Expr| match path {
                Expr::Array(array) => array.elems.to_token_stream(),
                path => path.to_token_stream(),
            };
            let list = format!("write `[{}, {}]`", inside(first), inside(last));
            let wrong = match matches!(first, Expr::Array(_)) {
                true => "this path is outside of the list",
                false => "a second path without a list",
            };
            Err((last, Mistake::new(wrong, list)))
        }
        [path] => Ok(vec![path]),
        [] => Ok(Vec::new()),
    }
}

fn path(element: &Expr, prefix: Option<&Path>) -> Result<Path, Mistake> {
    let Some(literal) = string(element) else {
        return Err(no_path(element));
    };
    let path = Path::parse(literal)?;
    match prefix {
        Some(prefix) => join(prefix, path),
        None => Ok(path),
    }
}

/// The path of a route after that of its controller; `/` is the controller's own.
fn join(prefix: &Path, mut path: Path) -> Result<Path, Mistake> {
    let twice = |name: &&String| prefix.captures.contains(name);
    if let Some(name) = path.captures.iter().chain(&path.query).find(twice) {
        let wrong = format!("`{name}` is captured by the controller's path already");
        return Err(Mistake::new(wrong, "give each a different name"));
    }
    let joined = |above: &str, below: &str| match below {
        "/" => above.to_owned(),
        below => format!("{above}{below}"),
    };
    path.route = joined(&prefix.route, &path.route);
    path.shape = joined(&prefix.shape, &path.shape);
    path.inherited = prefix.captures.len();
    path.captures.splice(..0, prefix.captures.iter().cloned());
    Ok(path)
}

/// An error if a path clashes with a path before it, with the path that is wrong.
fn beside<'a>(path: &'a Path, before: &'a [Path]) -> Result<(), (&'a Path, Mistake)> {
    let first = &before[0];
    for (path, other) in [(path, first), (first, path)] {
        if let Some(name) = path.query.iter().find(|name| other.captures.contains(name)) {
            let wrong = format!(
                "`{name}` is named after `?` here, and `{}` captures it",
                other.route
            );
            let help = format!("delete it: on `{}`, `{name}` is `None`", path.route);
            return Err((path, Mistake::new(wrong, help)));
        }
    }
    let others = path.query.iter().filter(|name| !first.query.contains(name));
    let all: Vec<&str> = first
        .query
        .iter()
        .chain(others)
        .map(String::as_str)
        .collect();
    let mut both = [path, first].into_iter();
    if let Some(path_without) = both.find(|path| path.query.len() < all.len()) {
        let wrong = format!(
            "`{}` and `{}` name different query parameters",
            first.route, path.route
        );
        let help = format!("write `\"{}?{}\"`", path_without.own, all.join("&"));
        return Err((path_without, Mistake::new(wrong, help)));
    }
    match before.iter().find(|other| other.shape == path.shape) {
        None => Ok(()),
        Some(other) if other.route == path.route => {
            let wrong = format!("the path `{}` is listed twice", path.route);
            Err((path, Mistake::new(wrong, "delete it")))
        }
        Some(other) => {
            let (other, own) = (&other.route, &path.route);
            let wrong = format!("axum cannot distinguish the paths `{other}` and `{own}`");
            let help =
                "keep one, take its capture as a `String`, and tell the values apart in the body";
            Err((path, Mistake::new(wrong, help)))
        }
    }
}

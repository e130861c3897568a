//! The path of a route: axum 0.8's syntax, and the names of query parameters after `?`.

pub(super) mod common_mistakes;
mod converter;
pub(super) mod name;
mod query;

use syn::LitStr;

use self::{common_mistakes::common_mistake, name::is_name, query::query_names};
use crate::{errors::Mistake, route::model::Path};

impl Path {
    /// Takes a literal apart.
    pub(crate) fn parse(literal: &LitStr) -> Result<Self, Mistake> {
        let written = literal.value();
        if let Some(mistake) = common_mistake(&written) {
            return Err(mistake);
        }
        let (route, query) = match written.split_once('?') {
            Some((route, query)) => (route, Some(query)),
            None => (written.as_str(), None),
        };
        let (shape, captures) = captures(route)?;
        routed(route)?;
        let query = query.map_or(Ok(Vec::new()), |query| query_names(route, query, &captures))?;
        Ok(Self {
            literal: literal.clone(),
            own: route.to_owned(),
            route: route.to_owned(),
            shape,
            captures,
            inherited: 0,
            query,
        })
    }

    /// The text of the path with one more name after `?`.
    pub(crate) fn with_query_name(&self, name: &str) -> String {
        let query = self.query_text();
        let joint = if query.is_empty() { '?' } else { '&' };
        format!("{}{query}{joint}{name}", self.own)
    }

    /// What follows the path in the literal: `?` and the names of query parameters.
    pub(crate) fn query_text(&self) -> String {
        self.literal.value().split_off(self.own.len())
    }
}

/// The route without the names of its captures, and these names.
fn captures(route: &str) -> Result<(String, Vec<String>), Mistake> {
    let (mut shape, mut captures) = (String::new(), Vec::new());
    let mut segments = route.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        check_segment(route, segment, is_last)?;
        shape.push('/');
        for piece in pieces(route, segment)? {
            let (name, catch_all) = match piece {
                Piece::Text(text) => {
                    shape.push_str(&text);
                    continue;
                }
                Piece::Capture { name, catch_all } => (name, catch_all),
            };
            if captures.contains(&name) {
                return Err(Mistake::new(
                    format!("the path `{route}` captures `{name}` twice"),
                    "give each capture a different name",
                ));
            }
            if catch_all && !is_last {
                return Err(Mistake::new(
                    format!("`{{*{name}}}` takes all that follows, so nothing can follow"),
                    format!("put it last, or write `{{{name}}}` for one segment"),
                ));
            }
            shape.push_str(if catch_all { "{*}" } else { "{}" });
            captures.push(name);
        }
    }
    Ok((shape, captures))
}

/// An error for a segment that is wrong as a whole.
fn check_segment(route: &str, segment: &str, is_last: bool) -> Result<(), Mistake> {
    if segment.is_empty() && !is_last {
        return Err(Mistake::new(
            format!("the path `{route}` has an empty segment"),
            format!("write `\"{}\"`", route.replace("//", "/")),
        ));
    }
    if matches!(segment, "." | "..") {
        return Err(Mistake::new(
            format!("the path `{route}` has a segment `{segment}`, which clients resolve"),
            "write the path that it leads to",
        ));
    }
    if let Some(name) = segment.strip_prefix([':', '*']) {
        let star = if segment.starts_with('*') { "*" } else { "" };
        let name = if is_name(name) { name } else { "name" };
        return Err(Mistake::new(
            format!("`{segment}` is the syntax of axum 0.7"),
            format!("write `{{{star}{name}}}`"),
        ));
    }
    Ok(())
}

/// A piece of a segment.
enum Piece {
    Text(String),
    Capture { name: String, catch_all: bool },
}

/// Splits a segment at its captures; doubled braces are literal ones.
fn pieces(route: &str, segment: &str) -> Result<Vec<Piece>, Mistake> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = segment;
    while let Some(character) = rest.chars().next() {
        if rest.starts_with("{{") || rest.starts_with("}}") {
            text.push_str(&rest[..2]);
            rest = &rest[2..];
        } else if character == '}' {
            return Err(Mistake::new(
                format!("the path `{route}` closes a brace that was not opened"),
                "open it, or write `}}` for a literal one",
            ));
        } else if character == '{' {
            let Some((name, after)) = rest[1..].split_once('}') else {
                return Err(Mistake::new(
                    format!("the path `{route}` opens a brace and does not close it"),
                    format!("write `{rest}}}`, or `{{{{` for a literal brace"),
                ));
            };
            let catch_all = name.starts_with('*');
            let name = name.trim_start_matches('*');
            if name.is_empty() {
                return Err(Mistake::new(
                    format!("the path `{route}` has a capture without a name"),
                    "write a name between the braces, such as `{id}`, and an argument of that name",
                ));
            }
            pieces.push(Piece::Text(std::mem::take(&mut text)));
            pieces.push(Piece::Capture {
                name: name.to_owned(),
                catch_all,
            });
            rest = after;
        } else {
            text.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    pieces.push(Piece::Text(text));
    Ok(pieces)
}

/// An error if axum refuses the path.
fn routed(route: &str) -> Result<(), Mistake> {
    let Err(error) = matchit::Router::new().insert(route, ()) else {
        return Ok(());
    };
    let segments: Vec<&str> = route.split('/').skip(1).collect();
    let cut = |segment: &&str| match segment.rsplit_once('}') {
        Some((capture, _)) if !segment.contains("}}") => format!("/{capture}}}"),
        _ => format!("/{segment}"),
    };
    let plain: String = segments.iter().map(cut).collect();
    let help = match matchit::Router::new().insert(&plain, ()) {
        Ok(()) if plain != route => {
            format!("write `\"{plain}\"`, and look at the end of the text in the body")
        }
        _ => several_in_one(&segments).unwrap_or_else(|| {
            "a capture is a whole segment, or the end of one: `/partner/{id}`".to_owned()
        }),
    };
    let wrong = format!("axum cannot route the path `{route}`: {error}");
    Err(Mistake::new(wrong, help))
}

/// How several captures of one segment are taken apart.
fn several_in_one(segments: &[&str]) -> Option<String> {
    let at = segments
        .iter()
        .position(|segment| segment.matches('{').count() == 2)?;
    let (_, rest) = segments[at].split_once('{')?;
    let (first, rest) = rest.split_once('}')?;
    let (between, second) = rest.split_once('{')?;
    let second = second.trim_end_matches('}');
    let both = format!("{first}_{second}");
    if between.is_empty() || !is_name(&both) {
        return None;
    }
    Some(format!(
        "write `{{{both}}}` in the place of `{}`, an argument `{both}: String`, and \
         `{both}.split_once({between:?})` in the body",
        segments[at]
    ))
}

//! Captures in angle brackets: `<converter:name>`, as Odoo's routes have it from Werkzeug, and `<name>`, as Rocket's.

use super::name::is_name;
use crate::errors::Mistake;

/// What is wrong with the first capture in angle brackets, if there is one.
pub(super) fn angle_brackets(route: &str) -> Option<Mistake> {
    let (_, rest) = route.split_once('<')?;
    // Half typed, it ends with its segment.
    let (inside, end) = match rest.split_once('>') {
        Some((inside, _)) => (inside, ">"),
        None => (rest.split('/').next().unwrap_or(rest), ""),
    };
    let (converter, name) = inside.rsplit_once(':').unwrap_or(("", inside));
    let kind = converter.split('(').next().unwrap_or_default();
    // Rocket's `<path..>` takes all that follows, too.
    let (kind, name) = match name.strip_suffix("..") {
        Some(name) => ("path", name),
        None => (kind, name),
    };
    if !is_name(name) {
        return None;
    }
    let star = if kind == "path" { "*" } else { "" };
    let allowed = converter.strip_prefix(kind).unwrap_or_default();
    let ArgumentMeant { ty, more } = ArgumentMeant::of(kind, allowed.trim_matches(['(', ')']));
    Some(Mistake::new(
        format!("`<{inside}{end}` is not axum's syntax for a capture"),
        format!("write `{{{star}{name}}}`, and an argument `{name}: {ty}`{more}"),
    ))
}

/// The argument that is meant by a converter: its type, and what else there is to say.
struct ArgumentMeant {
    ty: String,
    more: String,
}

impl ArgumentMeant {
    fn new(ty: impl Into<String>, more: impl Into<String>) -> Self {
        let (ty, more) = (ty.into(), more.into());
        Self { ty, more }
    }

    /// It admits what the converter admits.
    fn of(kind: &str, allowed: &str) -> Self {
        match kind {
            "int" if allowed.is_empty() => Self::new("i64", ""),
            "int" => Self::of_numbers(allowed),
            "float" if allowed.is_empty() => Self::new("f64", ""),
            "float" => Self::compared("auth_api_key::odoo::Float", allowed),
            "model" => Self::new(
                "i64",
                "; `auth_api_key::odoo::Slug` also reads the id at the end of `azure-interior-12`",
            ),
            "models" => Self::new("String", "; split it at the commas in the body"),
            "any" => Self::of_names(allowed),
            "string" | "" | "default" if !allowed.is_empty() => Self::of_lengths(allowed),
            "string" | "" | "default" | "path" => Self::new("String", ""),
            "uuid" => Self::new("String", "; `uuid::Uuid` admits no other text"),
            other => Self::new(
                "String",
                format!(
                    "; in the place of `{other}`, a type with `#[serde(try_from = \"String\")]` says what \
                     it admits"
                ),
            ),
        }
    }

    fn compared(ty: &str, allowed: &str) -> Self {
        Self::new(ty, format!("; compare `{allowed}` in the body"))
    }

    fn of_numbers(allowed: &str) -> Self {
        let int = "auth_api_key::odoo::Int";
        match (number(allowed, "min"), number(allowed, "max")) {
            (Some(min), Some(max)) => Self::new(format!("{int}<{min}, {max}>"), ""),
            (Some(min), None) => Self::new(format!("{int}<{min}>"), ""),
            (None, Some(max)) => Self::new(format!("{int}<{{ i64::MIN }}, {max}>"), ""),
            (None, None) => Self::compared(int, allowed),
        }
    }

    fn of_lengths(allowed: &str) -> Self {
        let length = number(allowed, "length");
        let min = length.or(number(allowed, "minlength"));
        let max = length.or(number(allowed, "maxlength"));
        let text = "auth_api_key::odoo::Text";
        match (min, max) {
            (min, Some(max)) => {
                let min = min.unwrap_or("1");
                Self::new(format!("{text}<{min}, {max}>"), "")
            }
            (Some(min), None) => Self::new(format!("{text}<{min}>"), ""),
            (None, None) => Self::compared("String", allowed),
        }
    }

    fn of_names(allowed: &str) -> Self {
        let plain = |name: &str| name.trim().trim_matches(['"', '\'']).to_owned();
        let names = allowed.split(',').map(plain).collect::<Vec<_>>();
        let names = names.join("\")]`, `#[serde(rename = \"");
        Self::new(
            "Choice",
            format!(
                "; it admits no other text as an `enum Choice` with `#[derive(serde::Deserialize)]` \
                 whose variants have `#[serde(rename = \"{names}\")]`"
            ),
        )
    }
}

/// The number that a converter gives a name: `min=1`.
fn number<'a>(allowed: &'a str, name: &str) -> Option<&'a str> {
    allowed.split(',').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let value = value.trim();
        (key.trim() == name && value.parse::<u32>().is_ok()).then_some(value)
    })
}

//! The names of query parameters, after the `?` of a path.

use super::name::{as_identifier, is_name, is_of_a_name};
use crate::errors::Mistake;

pub(super) fn query_names(
    route: &str,
    query: &str,
    captures: &[String],
) -> Result<Vec<String>, Mistake> {
    if query.is_empty() {
        return Err(Mistake::new(
            format!("`{route}?` names no query parameter"),
            format!("name one, as in `\"{route}?limit\"`, or write `\"{route}\"`"),
        ));
    }
    let mut names: Vec<String> = Vec::new();
    for name in query.split('&') {
        if name.is_empty() {
            let names: Vec<&str> = query.split('&').filter(|name| !name.is_empty()).collect();
            return Err(Mistake::new(
                "there is no name before or after this `&`",
                format!("write `\"{route}?{}\"`", names.join("&")),
            ));
        }
        if !is_name(name) {
            let meant = query
                .split('&')
                .map(names_meant)
                .collect::<Option<Vec<_>>>();
            return Err(Mistake::new(
                format!("`{name}` after `?` cannot be the name of an argument"),
                match meant {
                    Some(names) => {
                        let all = names.join("&");
                        format!("write `\"{route}?{all}\"`{}", with_a_default(name))
                    }
                    None => help_for_a_name(name),
                },
            ));
        }
        if captures.iter().any(|capture| capture == name) {
            return Err(Mistake::new(
                format!("`{name}` is captured from the path and named after `?`"),
                "rename one of the two",
            ));
        }
        if names.iter().any(|known| known == name) {
            return Err(Mistake::new(
                format!("`{name}` is named twice after `?`"),
                "name it once; an argument of type `Vec<_>` takes all its values",
            ));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

/// The name that was meant by `page=1`, `{page}` or `page:`; several names for `page,size`.
pub(super) fn names_meant(written: &str) -> Option<String> {
    let several: Vec<&str> = written.split([',', ';', '?', ' ']).collect();
    if several.iter().all(|name| is_name(name)) {
        return Some(several.join("&"));
    }
    let trimmed = written.trim_matches(|c| !is_of_a_name(c));
    if is_name(trimmed) && !written.starts_with("**") && !written.ends_with(']') {
        return Some(trimmed.to_owned());
    }
    let (name, _) = written.split_once(['=', ':'])?;
    is_name(name).then(|| name.to_owned())
}

/// How `page=1` gives a default.
fn with_a_default(written: &str) -> String {
    match written.split_once('=') {
        Some((name, default)) if is_name(name) && default.chars().all(is_of_a_name) => {
            let is_number = default.starts_with(|first: char| first.is_ascii_digit());
            let is_plain = is_number || default.parse::<bool>().is_ok();
            let name = as_identifier(name);
            let given = match is_plain {
                true => format!("unwrap_or({default})"),
                false => format!("as_deref().unwrap_or(\"{default}\")"),
            };
            format!(
                "; an argument `{name}: Option<…>` may be missing, and `{name}.{given}` gives a default"
            )
        }
        _ => String::new(),
    }
}

/// What to write for a query parameter whose name is not one of an argument, if that is not in it.
fn help_for_a_name(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("**").filter(|rest| is_name(rest)) {
        return format!(
            "delete it, and take `Query({rest}): Query<HashMap<String, String>>` for all parameters"
        );
    }
    match name.contains(is_of_a_name) {
        false => "write names joined by `&`: `?lang&limit`".to_owned(),
        true => format!(
            "delete it, and take `Query(query): Query<…>` of a struct with a field below \
             `#[serde(rename = \"{name}\")]`"
        ),
    }
}

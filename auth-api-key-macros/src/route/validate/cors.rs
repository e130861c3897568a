//! The origins whose web pages may call a route, and the headers that these send and read.

use std::net::Ipv6Addr;

use quote::ToTokens;
use syn::{Expr, LitStr};

use super::lists::{each, list};
use crate::{
    errors::{Errors, Mistake},
    route::model::{Attribute, Given, OptionName, Written},
    tokens::{array, as_text, entries_meant, list_meant, several, string},
};

const ANY_OR_ONE: &str =
    "write `\"*\"` for any origin, one: `\"https://app.example.com\"`, or a list of origins";

/// The origins: one alone, or a list.
pub(super) fn cors(attribute: &Attribute, errors: &mut Errors) -> Given<Vec<LitStr>> {
    attribute.option(OptionName::Cors).and_then(|written| {
        let value = &written.value;
        let Some(list) = array(value, errors) else {
            let alone = alone(written).map(|origin| vec![origin]);
            return Given::value_or_mistaken(errors.value_or_report(value, alone));
        };
        if list.elems.is_empty() {
            let help = "delete `cors`, or name an origin";
            errors.add(value, Mistake::new("`cors` is empty", help));
            return Given::Mistaken;
        }
        let all = list.elems.len();
        let one = |element: &Expr, before: &[LitStr]| one_of_a_list(element, before, all);
        let origins = each(list.elems, one, errors);
        Given::value_or_mistaken(Some(origins).filter(|origins| origins.len() == all))
    })
}

/// An origin that is not in a list.
fn alone(Written { name, value }: &Written) -> Result<LitStr, Mistake> {
    let expr = syn::parse2::<Expr>(value.clone());
    if let Some(literal) = expr.as_ref().ok().and_then(string) {
        return is_origin(literal, false).map(|()| literal.clone());
    }
    let help = match &expr {
        Ok(Expr::Binary(_)) => {
            let meant = list_meant(value, OptionName::Cors.separators());
            format!("write `[{meant}]`")
        }
        _ if value.to_string() == "false" => "delete `cors`".to_owned(),
        _ => ANY_OR_ONE.to_owned(),
    };
    let wrong = format!("`{name}` cannot be `{}`", as_text(value));
    Err(Mistake::new(wrong, help))
}

fn one_of_a_list(element: &Expr, before: &[LitStr], all: usize) -> Result<LitStr, Mistake> {
    let Some(literal) = string(element) else {
        return Err(not_a_string(element, ANY_OR_ONE));
    };
    is_origin(literal, true)?;
    if literal.value() == "*" && all > 1 {
        return Err(Mistake::new(
            "`\"*\"` is any origin, so the others have no effect",
            "write `cors = \"*\"`, or delete `\"*\"`",
        ));
    }
    if before.iter().any(|other| other.value() == literal.value()) {
        let wrong = format!("the origin `{}` is listed twice", literal.value());
        return Err(Mistake::new(wrong, "delete it"));
    }
    Ok(literal.clone())
}

fn is_origin(literal: &LitStr, is_in_a_list: bool) -> Result<(), Mistake> {
    let text = literal.value();
    let each = several(&text, OptionName::Cors.separators());
    let each = each.and_then(|each| each.into_iter().map(origin).collect::<Option<Vec<_>>>());
    if let Some(each) = each {
        let each = format!("\"{}\"", each.join("\", \""));
        let help = match is_in_a_list {
            true => format!("write `{each}`"),
            false => format!("write `[{each}]`"),
        };
        let wrong = format!("`{}` has several origins in one text", literal.token());
        return Err(Mistake::new(wrong, help));
    }
    let help = match origin(&text) {
        Some(origin) if origin == text => return Ok(()),
        Some(origin) => format!("write `\"{origin}\"`"),
        None => ANY_OR_ONE.to_owned(),
    };
    let wrong = format!("`{}` is not an origin as browsers send it", literal.token());
    Err(Mistake::new(wrong, help))
}

/// The names of the headers that web pages may send and read.
pub(super) fn cors_headers(
    attribute: &Attribute,
    cors: &Given<Vec<LitStr>>,
    errors: &mut Errors,
) -> Given<Vec<LitStr>> {
    list(attribute, OptionName::CorsHeaders, errors).map(|elements| {
        if let (Given::Value(Written { name, .. }), true) =
            (attribute.option(OptionName::CorsHeaders), cors.is_absent())
        {
            let wrong = "`cors_headers` is for web pages of other origins, and there is no `cors`";
            let help = "add `cors = \"*\"`, or delete `cors_headers`";
            errors.add(name, Mistake::new(wrong, help));
        }
        each(elements, header, errors)
    })
}

/// What is wrong with an element that is not a string: `"a" | "b"` is two.
fn not_a_string(element: &Expr, example: &str) -> Mistake {
    let help = match element {
        Expr::Binary(_) => {
            let separators = OptionName::Cors.separators();
            let each = entries_meant(element.to_token_stream(), separators);
            format!("write `{}`", as_text(each))
        }
        _ => example.to_owned(),
    };
    Mistake::new(format!("`{}` is not a string", as_text(element)), help)
}

fn header(element: &Expr, before: &[LitStr]) -> Result<LitStr, Mistake> {
    let example = "write the name of a header: `\"traceparent\"`";
    let Some(literal) = string(element) else {
        return Err(not_a_string(element, example));
    };
    let name = literal.value();
    // HTTP also allows `|`, which no header has, and which separates names elsewhere.
    let in_a_name = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`~".contains(c);
    if name.is_empty() || !name.chars().all(in_a_name) {
        let each = several(&name, OptionName::CorsHeaders.separators());
        let each = each.filter(|each| each.iter().all(|name| name.chars().all(in_a_name)));
        let help = match each {
            Some(each) => format!("write `\"{}\"`", each.join("\", \"")),
            None => example.to_owned(),
        };
        let wrong = format!("`{}` is not the name of a header", literal.token());
        return Err(Mistake::new(wrong, help));
    }
    if before
        .iter()
        .any(|other| other.value().eq_ignore_ascii_case(&name))
    {
        let wrong = format!("the header `{name}` is listed twice");
        return Err(Mistake::new(wrong, "delete it"));
    }
    Ok(literal.clone())
}

/// The origin that was meant, as browsers write it: a scheme, a host and, unless it is the usual
/// one, a port.
fn origin(text: &str) -> Option<String> {
    if text == "*" {
        return Some(text.to_owned());
    }
    let lower = text.to_ascii_lowercase();
    let (scheme, rest) = match lower.split_once("://") {
        Some(parts) => parts,
        None if lower.starts_with("localhost") => ("http", lower.as_str()),
        None if lower.contains('.') => ("https", lower.as_str()),
        None => return None,
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => (host, Some(port)),
        _ => (authority, None),
    };
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let is_host = match address {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            let in_a_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
            !host.is_empty() && host.chars().all(in_a_name)
        }
    };
    let in_a_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    if !is_host || !is_scheme || !scheme.chars().all(in_a_scheme) {
        return None;
    }
    Some(match (scheme, port) {
        ("http", Some("80")) | ("https", Some("443")) | (_, None) => format!("{scheme}://{host}"),
        (_, Some(port)) => format!("{scheme}://{host}:{port}"),
    })
}

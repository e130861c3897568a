//! The origin whose web pages may call a route.

use std::net::Ipv6Addr;

use syn::{Expr, LitStr};

use crate::{
    errors::Mistake,
    route::model::Written,
    tokens::{string, written as as_written},
};

pub(crate) fn cors(Written { name, value }: &Written) -> Result<LitStr, Mistake> {
    let any_or_one = "write `\"*\"` for any origin, or one: `\"https://app.example.com\"`";
    let expr = syn::parse2::<Expr>(value.clone());
    let Some(literal) = expr.as_ref().ok().and_then(string) else {
        let help = match &expr {
            Ok(Expr::Array(_)) => {
                "write one origin, or put `tower_http::cors::CorsLayer` around the router"
            }
            _ if value.to_string() == "false" => "delete `cors`",
            _ => any_or_one,
        };
        let wrong = format!("`{name}` cannot be `{}`", as_written(value));
        return Err(Mistake::new(wrong, help));
    };
    let text = literal.value();
    let help = match origin(&text) {
        Some(origin) if origin == text => return Ok(literal.clone()),
        Some(origin) => format!("write `\"{origin}\"`"),
        None => any_or_one.to_owned(),
    };
    let wrong = format!("`{}` is not an origin as browsers send it", literal.token());
    Err(Mistake::new(wrong, help))
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

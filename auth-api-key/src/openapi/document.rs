//! A document: its paths, what they refer to, and what it cannot say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use utoipa::openapi::{Components, Info, OpenApi, Paths, extensions::Extensions};

use super::{
    answers::add_schema,
    operation::{Described, OPERATIONS, Operations},
};
use crate::{
    authenticator::Authenticator,
    route::{RouteInfo, describe::any_value},
};

/// What a document says of what it leaves out.
const NOT_DESCRIBED: &str = "x-not-described";

pub(super) fn document(
    routes: Vec<Described<'_>>,
    auth: &Authenticator,
    title: &str,
    version: &str,
) -> OpenApi {
    let mut components = Components::new();
    for (name, schema) in routes.iter().flat_map(|(_, _, said)| &said.components) {
        add_schema(&mut components, name, schema);
    }
    let ids = ids(&routes);
    let (mut paths, mut left_out) = (Paths::new(), Vec::new());
    for (route, id) in routes.iter().zip(&ids) {
        let (info, at, said) = route;
        let operations = Operations::new(info, said, auth, id);
        for (number, path) in at.iter().enumerate() {
            let methods = info.named_methods();
            if let Err(reason) = template(path) {
                left_out.push(not_described(info, path, methods, reason));
                continue;
            }
            for method in OPERATIONS.iter().filter(|(name, _)| methods.contains(name)) {
                let operation = operations.operation(path, number, method, &mut components);
                paths.add_path_operation(path, vec![method.1.clone()], operation);
            }
            if methods.contains(&"CONNECT") {
                let unnamed: &[_] = match info.methods {
                    [] => &["CONNECT", "any other"],
                    _ => &["CONNECT"],
                };
                let reason = "a document has no name for this method";
                left_out.push(not_described(info, path, unnamed, reason));
            }
        }
    }
    let mut document = OpenApi::new(Info::new(title, version), paths);
    document.components = Some(components);
    for name in missing(&document) {
        left_out.push(json!({
            "schema": name,
            "reason": "a type with `IntoResponses` refers to it, and does not give it: write \
                       `#[schema(inline)]` above the field",
        }));
        let components = document.components.get_or_insert_default();
        components.schemas.insert(name, any_value().into());
    }
    document.extensions = Some(
        Extensions::builder()
            .add(NOT_DESCRIBED, Value::Array(left_out))
            .build(),
    );
    document
}

fn not_described(info: &RouteInfo, path: &str, methods: &[&str], reason: &str) -> Value {
    json!({"path": path, "methods": methods, "handler": info.handler, "reason": reason})
}

/// Whether a path can be written as a template of OpenAPI.
fn template(path: &str) -> Result<(), &'static str> {
    if path.contains("{*") {
        Err("a document cannot say that a parameter has slashes")
    } else if path.contains("{{") || path.contains("}}") {
        Err("a document cannot say that a path has braces")
    } else {
        Ok(())
    }
}

/// The schemas that a document refers to, and does not have.
fn missing(document: &OpenApi) -> BTreeSet<String> {
    let text = json!(document).to_string();
    let names = text.split("\"#/components/schemas/").skip(1);
    let names = names.filter_map(|rest| rest.split('"').next());
    let known = document.components.as_ref();
    let known = |name: &str| known.is_some_and(|known| known.schemas.contains_key(name));
    let missing = names.filter(|name| !known(name));
    missing.map(str::to_owned).collect()
}

/// An id for each route: the name of its handler, with as many of its modules as make it the only one.
fn ids(routes: &[Described<'_>]) -> Vec<String> {
    let segments: Vec<Vec<&str>> = routes
        .iter()
        .map(|(info, _, _)| info.handler.split("::").collect())
        .collect();
    // A controller is part of the name.
    let least = |at: usize| if routes[at].2.tag.is_some() { 2 } else { 1 };
    let name = |at: usize, length: usize| {
        let of = &segments[at];
        of[of.len().saturating_sub(length)..].join("_")
    };
    let longest = segments.iter().map(Vec::len).max().unwrap_or(0);
    let mut ids = Vec::new();
    for at in 0..routes.len() {
        let is_alone = |length: &usize| {
            let own = name(at, *length);
            let mut others = (0..routes.len()).filter(|other| segments[*other] != segments[at]);
            others.all(|other| name(other, (*length).max(least(other))) != own)
        };
        let length = (least(at)..=longest).find(is_alone).unwrap_or(longest);
        ids.push(name(at, length));
    }
    // One route may be there twice, under two prefixes.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for id in &mut ids {
        let count = seen.entry(id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *id = format!("{id}_{count}");
        }
    }
    ids
}

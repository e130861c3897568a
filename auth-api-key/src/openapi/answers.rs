//! What a route can answer, and what all documents name the same.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::json;
use utoipa::openapi::{
    Components, Content, Object, OneOfBuilder, Ref, RefOr, Response, ResponseBuilder, Responses,
    Schema, Type,
    schema::{AllOfBuilder, AnyOfBuilder},
};

use crate::{
    authenticator::Authenticator,
    rejection::Reason,
    route::{
        RouteInfo,
        describe::{Description, DocumentedAnswer, FORM, Read, any_value},
    },
};

const PROBLEM: &str = "Problem";
/// A call by JSON-RPC.
pub(super) const CALL: &str = "JsonRpcCall";
const RESULT: &str = "JsonRpcResult";
const ERROR: &str = "JsonRpcError";

const TEXT: &str = "text/plain";
const JSON: &str = "application/json";

/// What the answers of an operation follow from.
pub(super) struct Answering<'a> {
    pub(super) info: &'a RouteInfo,
    pub(super) said: &'a Description,
    pub(super) auth: &'a Authenticator,
    pub(super) has_captures: bool,
    pub(super) is_form_in_query: bool,
    pub(super) is_head: bool,
}

/// One answer of several that may have one status.
struct Part {
    /// What a document calls it, if it is one that other routes have, too.
    name: Option<String>,
    response: Response,
}

impl Answering<'_> {
    pub(super) fn responses(&self, components: &mut Components) -> Responses {
        let mut parts: BTreeMap<String, Vec<Part>> = BTreeMap::new();
        let mut add = |status: &str, name: Option<&str>, response: Response| {
            let of_status = parts.entry(status.to_owned()).or_default();
            if of_status.iter().all(|part| part.response != response) {
                let name = name.map(str::to_owned);
                of_status.push(Part { name, response });
            }
        };
        for refusal in self.refusals() {
            add(&refusal.status, Some(&refusal.name), refusal.response);
        }
        if let Some(answer) = &self.said.answer {
            let status = match answer.has_any_status {
                true => "default",
                false => "200",
            };
            let schema = answer.schema.clone();
            let response = match (self.info.kind, answer.read) {
                ("jsonrpc", _) => envelope(schema),
                (_, Read::Content(kind)) => content("What the route gives.", kind, schema),
                _ => Response::new("What the route gives."),
            };
            add(status, None, response);
        }
        let said = self.said;
        let of_a_form = match self.info.kind {
            "form" => FORM.to_vec(),
            _ => Vec::new(),
        };
        let all = [&said.refusals, &said.rejections, &of_a_form, &said.answers];
        for answer in all.into_iter().flatten() {
            match answer {
                // The query string has no type and no length.
                DocumentedAnswer::Text("413" | "415" | "422", ..) if self.is_form_in_query => {}
                DocumentedAnswer::Text(status, detail, name) => {
                    let schema = Object::with_type(Type::String);
                    add(status, Some(name), content(detail, TEXT, schema.into()));
                }
                DocumentedAnswer::InvalidArgument => {
                    let refusal = Refusal::invalid_argument(StatusCode::BAD_REQUEST);
                    add(&refusal.status, Some(&refusal.name), refusal.response);
                }
                DocumentedAnswer::Empty(status, detail) => {
                    add(status, None, Response::new(*detail))
                }
                DocumentedAnswer::Own(status, RefOr::T(response)) => {
                    add(status, None, response.clone())
                }
                DocumentedAnswer::Own(status, RefOr::Ref(reference)) => {
                    let detail = format!("See {}.", reference.ref_location);
                    add(status, None, Response::new(detail));
                }
                DocumentedAnswer::Guard => {
                    for refusal in self.by_key(false) {
                        add(&refusal.status, Some(&refusal.name), refusal.response);
                    }
                }
                DocumentedAnswer::Opaque(name) => {
                    let detail = format!("What {name} answers: the status is not known.");
                    add("default", None, Response::new(detail));
                }
            }
        }
        self.written(parts, components)
    }

    fn written(
        &self,
        parts: BTreeMap<String, Vec<Part>>,
        components: &mut Components,
    ) -> Responses {
        let mut responses = Responses::new();
        for (status, parts) in parts {
            let mut name = parts.first().and_then(|part| part.name.clone());
            if parts.len() > 1 {
                name = parts
                    .iter()
                    .map(|part| part.name.clone())
                    .collect::<Option<Vec<_>>>()
                    .map(|names| names.join("Or"));
            }
            let mut response = parts
                .into_iter()
                .map(|part| part.response)
                .reduce(either)
                .unwrap_or_default();
            // An answer to `HEAD` has no content.
            if self.is_head {
                response.content.clear();
                name = None;
            }
            add_components(components, &response);
            let response = match name {
                Some(name) => {
                    let reference = Ref::from_response_name(name.as_str());
                    components.responses.insert(name, response.into());
                    RefOr::Ref(reference)
                }
                None => RefOr::T(response),
            };
            responses.responses.insert(status, response);
        }
        responses
    }

    /// What the crate itself refuses with.
    fn refusals(&self) -> Vec<Refusal> {
        let (info, said) = (self.info, self.said);
        let is_odoo = self.auth.answers().is_odoo();
        let is_call = info.kind == "jsonrpc";
        let mut refusals = match info.auth {
            "api_key" => self.by_key(is_call),
            // Any key is ignored.
            "public" if !is_odoo => self.by_key(is_call),
            _ => Vec::new(),
        };
        // Without a key it is not refused.
        if info.auth == "public" {
            refusals.retain(|refusal| refusal.name != "MissingKey");
        }
        let is_keyed = ["api_key", "public"].contains(&info.auth);
        if self.has_captures {
            let status = match is_odoo && is_keyed {
                true => StatusCode::NOT_FOUND,
                false => StatusCode::BAD_REQUEST,
            };
            refusals.push(Refusal::invalid_argument(status));
        }
        if !said.queries.is_empty() {
            refusals.push(Refusal::invalid_argument(StatusCode::BAD_REQUEST));
        }
        if is_call {
            let text = || Object::with_type(Type::String).into();
            let detail = "The body is not a call.";
            refusals.push(Refusal::new(
                "400",
                "InvalidCall",
                content(detail, TEXT, text()),
            ));
            let detail = "The body is too large.";
            refusals.push(Refusal::new(
                "413",
                "BodyTooLarge",
                content(detail, TEXT, text()),
            ));
        }
        refusals
    }

    /// What a key is refused with.
    fn by_key(&self, is_call: bool) -> Vec<Refusal> {
        let answers = self.auth.answers();
        // Its error is in the envelope, among others.
        if is_call && answers.is_odoo() {
            return Vec::new();
        }
        let mut reasons = vec![
            (Reason::MissingKey, "MissingKey"),
            (Reason::UnknownKey, "WrongKey"),
            (Reason::ForbiddenNetwork, "ForbiddenNetwork"),
            (Reason::Unavailable, "Unavailable"),
        ];
        if !self.info.groups.is_empty() {
            reasons.insert(2, (Reason::ForbiddenGroup, "ForbiddenGroup"));
        }
        let mut refusals = Vec::new();
        for (reason, name) in reasons {
            let (status, code) = (answers.status_of(reason), reason.code());
            let detail = reason.detail();
            refusals.push(match is_call {
                true => {
                    let response = content(detail, JSON, reference(ERROR));
                    Refusal::new(status.as_str(), &format!("{name}OfACall"), response)
                }
                false => Refusal::problem(status, name, detail, code),
            });
        }
        refusals
    }
}

/// An answer of this crate's.
struct Refusal {
    status: String,
    name: String,
    response: Response,
}

impl Refusal {
    fn new(status: &str, name: &str, response: Response) -> Self {
        Self {
            status: status.to_owned(),
            name: name.to_owned(),
            response,
        }
    }

    fn invalid_argument(status: StatusCode) -> Self {
        let detail = "An argument cannot be read.";
        Self::problem(status, "InvalidArgument", detail, "invalid_argument")
    }

    fn problem(status: StatusCode, name: &str, detail: &str, code: &str) -> Self {
        let detail = format!("{detail} (`{code}`)");
        let response = content(&detail, "application/problem+json", reference(PROBLEM));
        Self::new(status.as_str(), name, response)
    }
}

fn reference(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

fn content(detail: &str, kind: &str, schema: RefOr<Schema>) -> Response {
    ResponseBuilder::new()
        .description(detail)
        .content(kind, Content::new(Some(schema)))
        .build()
}

/// The answer to a call.
fn envelope(result: RefOr<Schema>) -> Response {
    let result = Object::builder().property("result", result);
    let success = AllOfBuilder::new()
        .item(Ref::from_schema_name(RESULT))
        .item(result);
    let schema = OneOfBuilder::new()
        .item(success)
        .item(Ref::from_schema_name(ERROR));
    content("The result of the call, or an error.", JSON, schema.into())
}

/// Two answers with one status.
fn either(mut one: Response, other: Response) -> Response {
    if !one.description.contains(&other.description) {
        one.description = format!("{} Or: {}", one.description, other.description);
    }
    for (kind, content) in other.content {
        let content = match one.content.get(&kind) {
            Some(known) if *known != content => {
                let either = AnyOfBuilder::new()
                    .item(schema_of(known))
                    .item(schema_of(&content));
                Content::new(Some(either)).into()
            }
            _ => content,
        };
        one.content.insert(kind, content);
    }
    one.headers.extend(other.headers);
    one
}

fn schema_of(content: &RefOr<Content>) -> RefOr<Schema> {
    match content {
        RefOr::T(content) => content.schema.clone().unwrap_or_else(|| any_value().into()),
        RefOr::Ref(_) => any_value().into(),
    }
}

/// A schema by its name.
pub(super) fn add_schema(components: &mut Components, name: &str, schema: &RefOr<Schema>) {
    let known = components
        .schemas
        .entry(name.to_owned())
        .or_insert_with(|| schema.clone());
    assert!(
        known == schema,
        "two types are called `{name}` in the OpenAPI document, and their schemas differ: \
         write `#[schema(as = other::{name})]` above one of them"
    );
}

/// What a response refers to.
fn add_components(components: &mut Components, response: &Response) {
    let text = json!(response).to_string();
    if text.contains("/Problem\"") {
        add_schema(components, PROBLEM, &problem());
    }
    if text.contains("/JsonRpc") {
        add_calls(components);
    }
}

/// A problem document (RFC 9457).
fn problem() -> RefOr<Schema> {
    let mut problem = Object::builder()
        .schema_type(Type::Object)
        .description(Some("Why a request is refused (RFC 9457)."));
    for name in ["title", "code", "detail"] {
        let text = Object::with_type(Type::String);
        problem = problem.property(name, text).required(name);
    }
    problem
        .property("status", Object::with_type(Type::Integer))
        .required("status")
        .into()
}

/// The envelopes of JSON-RPC.
pub(super) fn add_calls(components: &mut Components) {
    let text = || Object::with_type(Type::String);
    let object = || Object::builder().schema_type(Type::Object);
    let call = object()
        .description(Some("A call by JSON-RPC 2.0."))
        .property("jsonrpc", any_value())
        .property("method", any_value())
        .property("id", any_value());
    let result = object()
        .description(Some("The result of a call."))
        .property("jsonrpc", text())
        .required("jsonrpc")
        .property("id", any_value())
        .required("id")
        .property("result", any_value())
        .required("result");
    let data = object()
        .property("name", text())
        .property("debug", text())
        .property("message", text())
        .property("arguments", utoipa::openapi::Array::new(any_value()))
        .property("context", object());
    let error = object()
        .property("code", Object::with_type(Type::Integer))
        .required("code")
        .property("message", text())
        .required("message")
        .property("data", data)
        .required("data");
    let error = object()
        .description(Some("What went wrong with a call."))
        .property("jsonrpc", text())
        .required("jsonrpc")
        .property("id", any_value())
        .required("id")
        .property("error", error)
        .required("error");
    let schemas = [(CALL, call), (RESULT, result), (ERROR, error)];
    for (name, schema) in schemas {
        add_schema(components, name, &schema.into());
    }
}

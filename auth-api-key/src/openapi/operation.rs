//! What one method of one path is: who may call it, what it takes, what it gives.

use serde_json::json;
use utoipa::openapi::{
    Components, Content, Deprecated, HttpMethod, Object, Ref, RefOr, Schema, SecurityRequirement,
    Type,
    extensions::Extensions,
    path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    schema::{AdditionalProperties, AllOfBuilder},
    security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};

use super::answers::{Answering, CALL, add_calls};
use crate::{
    authenticator::Authenticator,
    route::{
        RouteInfo,
        describe::{Description, Read, TypeInfo, required},
    },
};

/// A route, its paths, and what its expansion says.
pub(super) type Described<'a> = (&'a RouteInfo, Vec<String>, Description);

/// The methods that a document has names for.
pub(super) const OPERATIONS: [(&str, HttpMethod); 8] = [
    ("GET", HttpMethod::Get),
    ("HEAD", HttpMethod::Head),
    ("POST", HttpMethod::Post),
    ("PUT", HttpMethod::Put),
    ("PATCH", HttpMethod::Patch),
    ("DELETE", HttpMethod::Delete),
    ("OPTIONS", HttpMethod::Options),
    ("TRACE", HttpMethod::Trace),
];

/// The operations of one route.
pub(super) struct Operations<'a> {
    info: &'a RouteInfo,
    said: &'a Description,
    auth: &'a Authenticator,
    id: &'a str,
}

impl<'a> Operations<'a> {
    pub(super) fn new(
        info: &'a RouteInfo,
        said: &'a Description,
        auth: &'a Authenticator,
        id: &'a str,
    ) -> Self {
        Self {
            info,
            said,
            auth,
            id,
        }
    }

    /// `number` is that of the path among those of the route.
    pub(super) fn operation(
        &self,
        path: &str,
        number: usize,
        (method, _): &(&str, HttpMethod),
        components: &mut Components,
    ) -> Operation {
        let (info, said) = (self.info, self.said);
        let (summary, description) = documentation(&said.doc);
        let (security, mut undescribed) = self.security(components);
        undescribed.extend(said.undescribed.iter().cloned());
        let is_form = info.kind == "form"
            || matches!(&said.body, Some(body) if [Read::Form, Read::Kwargs].contains(&body.read));
        let is_form_in_query = is_form && ["GET", "HEAD"].contains(method);
        let is_form_in_body = info.kind == "form" && !is_form_in_query;
        let mut parameters = self.parameters(path, is_form_in_body);
        let mut body = None;
        match &said.body {
            Some(form) if is_form_in_query => {
                match form.properties(&said.components) {
                    Some(fields) => parameters.extend(fields),
                    None => undescribed.push(format!(
                        "the names in the query string that `{}<{}>` reads: implement utoipa's `ToSchema` for it",
                        if form.read == Read::Form { "Form" } else { "Kwargs" },
                        form.type_name()
                    )),
                }
            }
            Some(known) if known.read == Read::Kwargs => {
                let fields = known.properties(&said.components).unwrap_or_default();
                let is_required = fields
                    .iter()
                    .any(|field| field.required == required(true));
                body = Some(form(known.schema.clone(), is_required, said));
            }
            Some(known) => body = Some(content_of_body(known)),
            None if is_form_in_body => body = Some(form_of_names(said)),
            None if info.kind == "jsonrpc" => {
                add_calls(components);
                body = Some(call(said));
            }
            None => {}
        }
        let answering = Answering {
            info,
            said,
            auth: self.auth,
            has_captures: path.contains('{') && !said.captures.is_empty(),
            is_form_in_query,
            is_head: *method == "HEAD",
        };
        let operation = OperationBuilder::new()
            .summary(summary)
            .description(description)
            .operation_id(Some(self.id_of(number, method)))
            .tags(said.tag.map(|tag| [tag]))
            .parameters((!parameters.is_empty()).then_some(parameters))
            .request_body(body)
            .responses(answering.responses(components))
            .deprecated(said.is_deprecated.then_some(Deprecated::True))
            .securities(security)
            .extensions(self.extensions(undescribed));
        operation.build()
    }

    fn id_of(&self, number: usize, method: &str) -> String {
        let mut id = self.id.to_owned();
        if self.info.methods.len() != 1 {
            id = format!("{id}_{}", method.to_ascii_lowercase());
        }
        match number {
            0 => id,
            number => format!("{id}_{}", number + 1),
        }
    }

    fn extensions(&self, undescribed: Vec<String>) -> Option<Extensions> {
        let mut extensions = Extensions::builder();
        let (groups, has_undescribed) = (self.info.groups, !undescribed.is_empty());
        if !groups.is_empty() {
            extensions = extensions.add("x-groups", json!(groups));
        }
        if has_undescribed {
            extensions = extensions.add("x-not-described", json!(undescribed));
        }
        (!groups.is_empty() || has_undescribed).then(|| extensions.build())
    }

    /// Who may call, and what cannot be said of it.
    fn security(
        &self,
        components: &mut Components,
    ) -> (Option<Vec<SecurityRequirement>>, Vec<String>) {
        let is_public = match self.info.auth {
            "none" => return (Some(Vec::new()), Vec::new()),
            // Any key is ignored.
            "public" if self.auth.answers().is_odoo() => return (Some(Vec::new()), Vec::new()),
            "api_key" => false,
            "public" => true,
            own => return self.own_security(own, components),
        };
        let header = self.auth.header();
        let name = header.name.as_str().to_ascii_uppercase();
        let scheme = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(name)));
        components.add_security_scheme("ApiKey", scheme);
        if header.bearer {
            let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
            components.add_security_scheme("Bearer", scheme);
        }
        let names = std::iter::once("ApiKey").chain(header.bearer.then_some("Bearer"));
        let mut requirements = Vec::new();
        for name in names {
            match self.info.groups {
                [] => requirements.push(SecurityRequirement::new(name, [""; 0])),
                groups => {
                    let each = groups.iter();
                    requirements.extend(each.map(|group| SecurityRequirement::new(name, [*group])));
                }
            }
        }
        if is_public {
            requirements.push(SecurityRequirement::default());
        }
        (Some(requirements), Vec::new())
    }

    fn own_security(
        &self,
        own: &str,
        components: &mut Components,
    ) -> (Option<Vec<SecurityRequirement>>, Vec<String>) {
        match &self.said.scheme {
            Some((name, scheme)) => {
                components.add_security_scheme(*name, scheme.clone());
                let requirement = SecurityRequirement::new(*name, [""; 0]);
                (Some(vec![requirement]), Vec::new())
            }
            None => {
                let undescribed = format!(
                    "who may call: `{own}` decides, and its `AuthMethod::scheme` names no scheme"
                );
                (None, vec![undescribed])
            }
        }
    }

    fn parameters(&self, path: &str, is_form_in_body: bool) -> Vec<Parameter> {
        let said = self.said;
        let captured = path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'));
        let captured = captured.map(|(name, _)| {
            let known = said.captures.iter().find(|(known, _)| *known == name);
            let schema = match known {
                Some((_, known)) => known.schema.clone(),
                None => Object::with_type(Type::String).into(),
            };
            parameter(name, ParameterIn::Path, true, schema)
        });
        let queries = said.queries.iter().filter(|_| !is_form_in_body);
        let queries = queries.map(|query| {
            let place = ParameterIn::Query;
            parameter(query.name, place, query.is_required, query.schema())
        });
        let mut parameters: Vec<_> = captured.chain(queries).collect();
        for read in &said.parameters {
            let is_same = |known: &&mut Parameter| {
                known.name == read.name && known.parameter_in == read.parameter_in
            };
            match parameters.iter_mut().find(is_same) {
                Some(known) => *known = read.clone(),
                None => parameters.push(read.clone()),
            }
        }
        parameters
    }
}

fn parameter(
    name: &str,
    place: ParameterIn,
    is_required: bool,
    schema: RefOr<Schema>,
) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required(is_required))
        .schema(Some(schema))
        .build()
}

fn content_of_body(known: &TypeInfo) -> RequestBody {
    let kind = match known.read {
        Read::Content(kind) => kind,
        _ => "application/x-www-form-urlencoded",
    };
    RequestBodyBuilder::new()
        .content(kind, Content::new(Some(known.schema.clone())))
        .required(Some(required(!known.is_optional)))
        .build()
}

/// A form whose fields are the names after `?`.
fn form_of_names(said: &Description) -> RequestBody {
    let mut fields = Object::builder().schema_type(Type::Object);
    for query in &said.queries {
        fields = fields.property(query.name, query.schema());
        if query.is_required {
            fields = fields.required(query.name);
        }
    }
    let is_required = said.queries.iter().any(|query| query.is_required);
    form(fields.into(), is_required, said)
}

/// A form: of the content type for files if it has some, and otherwise of the other one.
fn form(schema: RefOr<Schema>, is_required: bool, said: &Description) -> RequestBody {
    let all = json!([schema, said.components]).to_string();
    let kinds: &[_] = match all.contains(r#""format":"binary""#) {
        true => &["multipart/form-data"],
        false => &["application/x-www-form-urlencoded", "multipart/form-data"],
    };
    let mut body = RequestBodyBuilder::new().required(Some(required(is_required)));
    for kind in kinds {
        body = body.content(*kind, Content::new(Some(schema.clone())));
    }
    body.build()
}

/// The envelope of a call, with the params of this one, and what is read of the whole body.
fn call(said: &Description) -> RequestBody {
    let mut params = Object::builder().schema_type(Type::Object);
    for (name, is_required, known) in &said.params {
        params = params.property(*name, known.schema.clone());
        if *is_required {
            params = params.required(*name);
        }
    }
    let params: RefOr<Schema> = match &said.other_params {
        None => params
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into(),
        Some(others) => AllOfBuilder::new()
            .item(params)
            .item(others.schema.clone())
            .into(),
    };
    let has_required = said.params.iter().any(|(_, is_required, _)| *is_required);
    let mut with_params = Object::builder().property("params", params);
    if has_required {
        with_params = with_params.required("params");
    }
    let mut schema = AllOfBuilder::new();
    let has_params = !said.params.is_empty() || said.other_params.is_some();
    if has_params || said.whole_call.is_empty() {
        schema = schema.item(Ref::from_schema_name(CALL)).item(with_params);
    }
    for whole in &said.whole_call {
        schema = schema.item(whole.schema.clone());
    }
    RequestBodyBuilder::new()
        .content("application/json", Content::new(Some(schema)))
        .required(Some(required(true)))
        .build()
}

/// The first paragraph, and the rest.
fn documentation(text: &str) -> (Option<String>, Option<String>) {
    let lines: Vec<_> = text
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let text = lines.join("\n");
    let text = text.trim();
    let (first, rest) = text.split_once("\n\n").unwrap_or((text, ""));
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    (some(&first.replace('\n', " ")), some(rest.trim()))
}

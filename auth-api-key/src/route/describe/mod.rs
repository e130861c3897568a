//! What an expansion says of its route for a document: arguments, bodies, answers.

mod known;
mod probe;
mod schema;

use utoipa::openapi::{Array, RefOr, Schema, path::Parameter, security::SecurityScheme};

pub(crate) use self::{
    known::FORM,
    schema::{any_value, required},
};
pub use self::{
    known::{DocumentedAnswer, DocumentedAnswers},
    probe::{Opaque, Probe},
    schema::{Read, TypeInfo},
};

/// Without names, which could be those of the developer's types.
pub mod traits {
    pub use super::probe::{
        AnyAnswer as _, AnyElement as _, AnyExtractor as _, AnyFailure as _, AnyMethod as _,
        AnyParameters as _, AnyRejection as _, AnyRest as _, AnySchema as _, AnySuccess as _,
        DevelopersAnswer as _, OfTheBody as _,
    };
}

/// A route that can be described.
pub trait Described {
    /// Says what the route takes and answers.
    fn describe(description: &mut Description);
}

/// What an expansion says.
#[derive(Default)]
pub struct Description {
    pub(crate) doc: String,
    pub(crate) tag: Option<&'static str>,
    pub(crate) is_deprecated: bool,
    pub(crate) captures: Vec<(&'static str, TypeInfo)>,
    pub(crate) queries: Vec<Query>,
    /// Names in the query string or path that an argument reads itself.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<TypeInfo>,
    /// The params of a call: the name, and whether it must be there.
    pub(crate) params: Vec<(&'static str, bool, TypeInfo)>,
    pub(crate) other_params: Option<TypeInfo>,
    /// What reads the whole body of a call.
    pub(crate) whole_call: Vec<TypeInfo>,
    pub(crate) scheme: Option<(&'static str, SecurityScheme)>,
    /// How an own method refuses.
    pub(crate) refusals: DocumentedAnswers,
    /// How arguments refuse.
    pub(crate) rejections: DocumentedAnswers,
    pub(crate) answer: Option<TypeInfo>,
    pub(crate) answers: DocumentedAnswers,
    pub(crate) components: Vec<(String, RefOr<Schema>)>,
    /// What a document cannot describe.
    pub(crate) undescribed: Vec<String>,
}

/// A name after `?`.
pub(crate) struct Query {
    pub(crate) name: &'static str,
    pub(crate) is_required: bool,
    pub(crate) is_repeated: bool,
    pub(crate) of: TypeInfo,
}

impl Query {
    /// The schema of all values that are sent under the name.
    pub(crate) fn schema(&self) -> RefOr<Schema> {
        match self.is_repeated {
            true => Array::new(self.of.schema.clone()).into(),
            false => self.of.schema.clone(),
        }
    }
}

impl Description {
    /// A line or several of the function's documentation.
    pub fn doc(&mut self, text: &str) {
        self.doc.push_str(text);
        self.doc.push('\n');
    }

    /// The controller.
    pub fn tag(&mut self, name: &'static str) {
        self.tag = Some(name);
    }

    /// The function has `#[deprecated]`.
    pub fn deprecated(&mut self) {
        self.is_deprecated = true;
    }

    /// An argument that the path captures.
    pub fn capture(&mut self, name: &'static str, of: TypeInfo) {
        let of = self.registered(of);
        self.captures.push((name, of));
    }

    /// An argument named after `?`.
    pub fn query(
        &mut self,
        name: &'static str,
        is_required: bool,
        is_repeated: bool,
        of: TypeInfo,
    ) {
        let of = self.registered(of);
        self.queries.push(Query {
            name,
            is_required,
            is_repeated,
            of,
        });
    }

    /// An argument that the params of a call name.
    pub fn param(&mut self, name: &'static str, is_required: bool, of: TypeInfo) {
        let of = match is_required {
            true => of,
            false => of.or_null(),
        };
        let of = self.registered(of);
        self.params.push((name, is_required, of));
    }

    /// All other params of a call.
    pub fn other_params(&mut self, of: TypeInfo) {
        let of = self.registered(of);
        self.other_params = Some(of);
    }

    /// An argument that is the whole body of a call.
    pub fn whole_call(&mut self, of: TypeInfo) {
        let of = self.registered(of);
        self.whole_call.push(of);
    }

    /// An argument that is an extractor: its parameters, what it reads, and how it refuses.
    pub fn extractor(
        &mut self,
        parameters: Option<Vec<Parameter>>,
        mut of: TypeInfo,
        rejections: DocumentedAnswers,
    ) {
        self.rejections.extend(rejections);
        if let Some(parameters) = parameters {
            self.parameters.extend(parameters);
            // The schemas that they refer to.
            self.components.append(&mut of.components);
            return;
        }
        match of.read {
            Read::Content(_) | Read::Form | Read::Kwargs => {
                let of = self.registered(of);
                self.body = Some(of);
            }
            Read::Query => match of.properties(&of.components) {
                Some(properties) => self.parameters.extend(properties),
                None => self.undescribed.push(format!(
                    "the names in the query string that `Query<{}>` reads: implement utoipa's `IntoParams` for it",
                    of.type_name()
                )),
            },
            Read::Nothing => {}
            Read::Unknown => self.undescribed.push(format!(
                "what `{}` reads of the request: implement utoipa's `IntoParams` for it",
                of.type_name()
            )),
        }
    }

    /// An own method of authentication: its scheme, and how it refuses.
    pub fn method(
        &mut self,
        scheme: Option<(&'static str, SecurityScheme)>,
        refusals: DocumentedAnswers,
    ) {
        self.scheme = scheme;
        self.refusals = refusals;
    }

    /// What the body answers: a content or other answers, and those of an error.
    pub fn answer(&mut self, of: TypeInfo, others: DocumentedAnswers, errors: DocumentedAnswers) {
        match of.read {
            Read::Content(_) => {
                let of = self.registered(of);
                self.answer = Some(of);
            }
            _ => self.answers.extend(others),
        }
        self.answers.extend(errors);
    }

    /// The result of a call.
    pub fn result(&mut self, of: TypeInfo) {
        let of = self.registered(of);
        self.answer = Some(of);
    }

    fn registered(&mut self, mut of: TypeInfo) -> TypeInfo {
        self.components.append(&mut of.components);
        of
    }
}

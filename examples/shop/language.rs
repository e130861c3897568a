//! An extractor of the service's own: the language that a caller reads.

use std::convert::Infallible;

use auth_api_key::openapi::utoipa::{
    IntoParams,
    openapi::{
        Object, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};
use axum::{
    extract::FromRequestParts,
    http::{header::ACCEPT_LANGUAGE, request::Parts},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    French,
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accepted = parts.headers.get(ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        Ok(match accepted {
            Some(accepted) if accepted.starts_with("fr") => Self::French,
            _ => Self::English,
        })
    }
}

/// For documents.
impl IntoParams for Language {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let header = ParameterBuilder::new()
            .name(ACCEPT_LANGUAGE.as_str())
            .parameter_in(ParameterIn::Header)
            .description(Some("The language of titles: `fr`, or English."))
            .schema(Some(Object::with_type(Type::String)));
        vec![header.build()]
    }
}

//! The keyword arguments of a handler of Odoo's: from the query string and from a form.

use std::collections::BTreeMap;

use auth_api_key::openapi::utoipa::{
    IntoResponses,
    openapi::{self, RefOr},
};
use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What a query string and a form have, read by serde. Of a name that is sent more than once the
/// first value counts, and the form's before the query's; another body is the handler's affair.
pub(crate) struct Kwargs<T>(pub(crate) T);

/// What cannot be read.
pub(crate) struct NotKwargs(Response);

impl IntoResponse for NotKwargs {
    fn into_response(self) -> Response {
        self.0
    }
}

impl IntoResponses for NotKwargs {
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        let answers = [
            ("400", "An argument is missing, or the form cannot be read."),
            ("413", "The form is too large."),
        ];
        let answer = |(status, detail): (&str, &str)| {
            (status.to_owned(), openapi::Response::new(detail).into())
        };
        answers.map(answer).into()
    }
}

type Pairs = Vec<(String, String)>;

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Kwargs<T> {
    type Rejection = NotKwargs;

    async fn from_request(request: Request, _: &S) -> Result<Self, NotKwargs> {
        let query = pairs(request.uri().query().unwrap_or_default().as_bytes());
        let form = form(request).await.map_err(NotKwargs)?;
        let mut kwargs = Map::new();
        for (name, text) in form.into_iter().chain(query) {
            kwargs.entry(name).or_insert(text.into());
        }
        match serde_json::from_value(Value::Object(kwargs)) {
            Ok(kwargs) => Ok(Self(kwargs)),
            Err(error) => Err(NotKwargs(
                (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
            )),
        }
    }
}

fn pairs(text: &[u8]) -> Pairs {
    form_urlencoded::parse(text).into_owned().collect()
}

/// A body that does not say what it is, is a form.
async fn form(request: Request) -> Result<Pairs, Response> {
    let kind = request.headers().get(CONTENT_TYPE);
    let kind = kind.map_or("", |kind| kind.to_str().unwrap_or("?"));
    let kind = kind.split(';').next().unwrap_or_default();
    match kind.trim().to_ascii_lowercase().as_str() {
        "" | "application/x-www-form-urlencoded" => {
            let body = Bytes::from_request(request, &()).await;
            Ok(pairs(&body.map_err(IntoResponse::into_response)?))
        }
        "multipart/form-data" => {
            let parts = Multipart::from_request(request, &()).await;
            texts(parts.map_err(IntoResponse::into_response)?)
                .await
                .map_err(IntoResponse::into_response)
        }
        _ => Ok(Pairs::new()),
    }
}

/// Without files: a handler that wants them takes axum's `Multipart` itself.
async fn texts(mut form: Multipart) -> Result<Pairs, MultipartError> {
    let mut pairs = Pairs::new();
    while let Some(field) = form.next_field().await? {
        if let (Some(name), None) = (field.name().map(str::to_owned), field.file_name()) {
            pairs.push((name, field.text().await?));
        }
    }
    Ok(pairs)
}

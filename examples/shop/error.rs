//! What can go wrong with an admitted request.

use std::collections::BTreeMap;

use auth_api_key::openapi::utoipa::{
    self, IntoResponses, ToSchema,
    openapi::{self, RefOr},
};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// What a caller reads of it.
#[derive(Serialize, ToSchema)]
struct Detail {
    detail: String,
}

/// What documents say of it.
#[derive(IntoResponses)]
#[expect(dead_code)]
enum Answers {
    /// There is no such thing.
    #[response(status = 404)]
    Missing(#[to_schema] Detail),
    /// There are fewer pieces of it.
    #[response(status = 409)]
    TooMany(#[to_schema] Detail),
}

impl IntoResponses for ShopError {
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        Answers::responses()
    }
}

#[derive(Debug)]
pub(crate) enum ShopError {
    /// Nobody sells it.
    NoSuchArticle(String),
    /// There are fewer of it.
    OutOfStock { article: String, left: u32 },
    /// There is none with this number, or it is somebody else's: nobody learns which.
    NoSuchOrder(u64),
}

impl IntoResponse for ShopError {
    fn into_response(self) -> Response {
        let (status, detail) = match self {
            Self::NoSuchArticle(article) => (
                StatusCode::NOT_FOUND,
                format!("There is no article {article:?}."),
            ),
            Self::OutOfStock { article, left } => (
                StatusCode::CONFLICT,
                format!("There are only {left} pieces of {article:?}."),
            ),
            Self::NoSuchOrder(id) => (StatusCode::NOT_FOUND, format!("There is no order {id}.")),
        };
        (status, Json(Detail { detail })).into_response()
    }
}

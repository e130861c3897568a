//! What can go wrong with a request that was let in.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

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
        (status, Json(json!({ "detail": detail }))).into_response()
    }
}

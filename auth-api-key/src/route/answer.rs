//! What the body of a route may return.

use axum::response::{IntoResponse, Response};

/// A value that a route can answer with.
#[diagnostic::on_unimplemented(
    message = "a route cannot answer with `{Self}`",
    label = "not a response",
    note = "a text is a `String`, and other values come in `Json<T>`, which needs `T: serde::Serialize`: put `#[derive(serde::Serialize)]` above `T`; in a tuple the status is first: `(StatusCode, Json<..>)`",
    note = "what may be missing is a `Result`: `Result<Json<..>, StatusCode>`, and `.ok_or(StatusCode::NOT_FOUND)?` in the body",
    note = "both sides of a `Result` must be responses: `Result<Json<Order>, StatusCode>`, or your error type with `impl IntoResponse`; `Box<dyn Error>` is not one",
    note = "if branches return different types: `-> Response`, and `.into_response()` at each end"
)]
pub trait RouteAnswer {
    /// The response.
    fn into_answer(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<T: IntoResponse> RouteAnswer for T {
    fn into_answer(self) -> Response {
        self.into_response()
    }
}

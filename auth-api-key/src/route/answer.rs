//! What the body of a route may return.

use axum::response::{IntoResponse, Response};

/// A value that a route can answer with.
#[diagnostic::on_unimplemented(
    message = "a route cannot answer with `{Self}`",
    label = "not a response",
    note = "a text is a `String`, and a value with `#[derive(serde::Serialize)]` a `Json<..>`; in a tuple the status is first: `(StatusCode, Json<..>)`",
    note = "what may be missing is a `Result`: `Result<Json<..>, StatusCode>`, and `.ok_or(StatusCode::NOT_FOUND)?` in the body",
    note = "of a `Result`, each side must be a response: `Result<Json<Order>, StatusCode>`, or an error of yours with `impl IntoResponse`; `Box<dyn Error>` is not one",
    note = "where each branch answers with another type: `-> Response`, and `.into_response()` at each end"
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
